"""What nobody looked at is named: also other programs' ways through this machine."""

from argparse import Namespace

import pytest

from agent.cli.context import Lang
from agent.cli.diag_unchecked import MAX_RULES, unchecked
from agent.sample.rules import OthersRule
from agent.settings import Config

REPORT = {"verdict": {"code": "ok"}, "reach": [{"target": "internet", "ok": True}], "via": "daemon", "plan": {}}
OPTIONS = Namespace(no_network=False, quick=False)


@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", "another program's way: ip rule 900: fwmark 0x1 lookup 100."),
     ("zh", "其他程序的走向：策略路由 900: fwmark 0x1 lookup 100。")],
)  # fmt: skip
def test_rules_for_other_programs_are_named(monkeypatch: pytest.MonkeyPatch, lang: Lang, words: str) -> None:
    rule = OthersRule(900, "fwmark 0x1", "lookup 100")
    monkeypatch.setattr("agent.cli.diag_unchecked.rules_for_others", lambda: (rule,))
    assert words in unchecked(REPORT, OPTIONS, Config(), lang)


def test_many_rules_do_not_fill_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    many = tuple(OthersRule(number, f"fwmark {number:#x}", "lookup 1") for number in range(1, 50))
    monkeypatch.setattr("agent.cli.diag_unchecked.rules_for_others", lambda: many)
    assert sum("ip rule" in line for line in unchecked(REPORT, OPTIONS, Config(), "en")) == MAX_RULES


def test_where_no_probe_was_made_they_are_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = OthersRule(900, "fwmark 0x1", "lookup 100")
    monkeypatch.setattr("agent.cli.diag_unchecked.rules_for_others", lambda: (rule,))
    assert not any("ip rule" in line for line in unchecked({**REPORT, "reach": []}, OPTIONS, Config(), "en"))
