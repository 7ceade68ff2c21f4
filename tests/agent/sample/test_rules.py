"""Policy rules that lead other programs: read from the kernel's own messages, and from this machine's."""

import struct
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.sample.rules import parse_rules, rules_for_others

ROOT = Path(__file__).parents[3]
RULES = (
    ("fwmark 0x1 lookup 100 priority 900", "900: fwmark 0x1 lookup 100"),
    ("fwmark 0x10/0xf0 lookup main priority 903", "903: fwmark 0x10/0xf0 lookup main"),
    ("ipproto tcp dport 443 prohibit priority 902", "902: ipproto 6 dport 443 prohibit"),
    ("uidrange 0-0 lookup 101 priority 901", "901: uidrange 0-0 lookup 101"),
)


def test_rules_for_other_programs_are_read_without_root_s_rights() -> None:
    script = [f"ip rule add {rule}" for rule, _ in RULES]
    script += ["ip rule add to 10.0.0.0/8 lookup 100 priority 904", "ip -6 rule add fwmark 0x2 lookup 66 priority 905"]
    look = "from agent.sample.rules import rules_for_others; print(*(r.words for r in rules_for_others()), sep='|')"
    script += [f'setpriv --bounding-set=-all --inh-caps=-all {sys.executable} -c "{look}"']
    enter = ["unshare", "--user", "--map-root-user", "--net", "sh", "-ec", "\n".join(script)]
    done = subprocess.run(enter, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said = done.stdout.strip().split("|")
    assert sorted(said) == sorted([*(words for _, words in RULES), "905: fwmark 0x2 lookup 66"])


def test_this_machine_is_asked_without_harm() -> None:
    assert isinstance(rules_for_others(), tuple)


def test_a_rule_without_a_selector_of_others_is_none_of_our_business() -> None:
    header = bytes((2, 0, 0, 0, 254, 0, 0, 1)) + bytes(4)
    assert parse_rules(struct.pack("=IHHII", 16 + len(header), 32, 0, 1, 0) + header) == ()


@given(st.binary(max_size=400))
def test_any_bytes_are_some_rules_or_none(data: bytes) -> None:
    parse_rules(data)


@pytest.mark.parametrize("cut", range(0, 60, 3))
def test_an_answer_that_is_cut_short_is_passed_over(cut: int) -> None:
    mark = struct.pack("=HHI", 8, 10, 7)
    body = bytes((2, 0, 0, 0, 100, 0, 0, 1)) + bytes(4) + mark
    whole = struct.pack("=IHHII", 16 + len(body), 32, 0, 1, 0) + body
    told = [rule.words for rule in parse_rules(whole[:cut])]
    assert told == (["0: fwmark 0x7 lookup 100"] if cut >= len(whole) else [])
