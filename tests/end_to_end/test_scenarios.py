"""Two dozen of the scenarios of bench/scenarios, of each family one: real namespaces, the installed command.

`make scenarios` plays all of them. Namespaces are made by root or, where the machine allows it, by anybody.
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from agent.assess.conditions import CATALOGUE

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "bench" / "scenarios"))

from run import namespaces, settle  # noqa: E402
from told import Played  # noqa: E402
from world import scenarios  # noqa: E402

CHOSEN = (
    "healthy",
    "healthy-data-only-card",
    "healthy-ipv6-only",
    "healthy-targeted-flow-card",
    "healthy-cable-has-the-route",
    "sim-absent-quectel",
    "registration-denied-emm-8",
    "data-not-subscribed",
    "link-no-route",
    "dns-hijacked",
    "internet-black-hole",
    "walled-carrier-portal",
    "centre-certificate-other-name",
    "centre-wrong-credential",
    "clock-makes-the-certificate-early",
    "plan-expired",
    "sms-suspended-and-dead",
    "link-rule-prohibits",
    "dns-payment-name-unknown",
    "port-forbidden",
    "sim-changed",
    "unsure-card-busy-for-ever",
    "agent-backlog",
    "healthy-quick-spends-nothing",
    "healthy-small-budget-long-certificate",
    "healthy-modem-answers-slowly",
)
BUDGET_BYTES = 8000


@pytest.fixture(scope="module")
def played() -> dict[str, Played]:
    way = namespaces()
    assert way is not None, "no network namespaces can be made: run as root, or allow user namespaces"
    known = scenarios()
    with ThreadPoolExecutor(4) as pool:
        return dict(zip(CHOSEN, pool.map(lambda name: settle(known[name], way), CHOSEN), strict=True))


@pytest.mark.parametrize("name", CHOSEN)
def test_the_one_cause_is_named_with_the_exit_code_that_goes_with_it(played: dict[str, Played], name: str) -> None:
    one = played[name]
    assert not one.wrong, one.trouble or one.report


def test_who_cannot_tell_says_so_to_scripts(played: dict[str, Played]) -> None:
    assert played["unsure-card-busy-for-ever"].exit_code == 4


@pytest.mark.parametrize("name", CHOSEN)
def test_what_it_cost_is_bounded_and_told(played: dict[str, Played], name: str) -> None:
    one = played[name]
    assert one.cost_bytes <= BUDGET_BYTES
    # ARP, and on IPv6 the longer header and neighbour discovery, are not in our own sum.
    assert abs(one.wire_bytes - one.cost_bytes) <= 0.15 * one.cost_bytes + (1200 if "ipv6" in name else 500)


@pytest.mark.parametrize("name", CHOSEN)
def test_no_secret_is_in_the_report(played: dict[str, Played], name: str) -> None:
    assert "A" * 20 not in str(played[name].report)


def test_every_code_is_expected_somewhere() -> None:
    known = scenarios().values()
    seen = {code for one in known for code in (one["expect"], *one.get("finds", ()))}
    assert set(CATALOGUE) <= seen


def test_every_scenario_is_declared_whole() -> None:
    for name, scenario in scenarios().items():
        assert {"name", "kind", "expect"} <= scenario.keys(), name
        assert scenario["kind"] in ("single", "double", "healthy"), name
    kinds = [scenario["kind"] for scenario in scenarios().values()]
    assert kinds.count("single") >= 60
    assert kinds.count("double") >= 15
