"""Two dozen of the scenarios of bench/scenarios, of each family one: real namespaces, the installed command.

`make scenarios` plays all of them. Namespaces are made by root or, where the machine allows it, by anybody.
"""

import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "bench" / "scenarios"))

from run import Played, namespaces, play  # noqa: E402
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
)
BUDGET_BYTES = 8000


@pytest.fixture(scope="module")
def played() -> dict[str, Played]:
    way = namespaces()
    assert way is not None, "no network namespaces can be made: run as root, or allow user namespaces"
    known = scenarios()
    with ThreadPoolExecutor(4) as pool:
        return dict(zip(CHOSEN, pool.map(lambda name: play(known[name], way), CHOSEN), strict=True))


@pytest.mark.parametrize("name", CHOSEN)
def test_the_one_cause_is_named(played: dict[str, Played], name: str) -> None:
    one = played[name]
    assert one.said in one.expected, one.trouble or one.report


@pytest.mark.parametrize("name", CHOSEN)
def test_what_it_cost_is_bounded_and_told(played: dict[str, Played], name: str) -> None:
    one = played[name]
    assert one.cost_bytes <= BUDGET_BYTES
    # ARP, and on IPv6 the longer header and neighbour discovery, are not in our own sum.
    assert abs(one.wire_bytes - one.cost_bytes) <= 0.15 * one.cost_bytes + (1200 if "ipv6" in name else 500)


@pytest.mark.parametrize("name", CHOSEN)
def test_no_secret_is_in_the_report(played: dict[str, Played], name: str) -> None:
    assert "A" * 20 not in str(played[name].report)


def test_every_scenario_is_declared_whole() -> None:
    for name, scenario in scenarios().items():
        assert {"name", "kind", "expect"} <= scenario.keys(), name
        assert scenario["kind"] in ("single", "double", "healthy"), name
    kinds = [scenario["kind"] for scenario in scenarios().values()]
    assert kinds.count("single") >= 60
    assert kinds.count("double") >= 15
