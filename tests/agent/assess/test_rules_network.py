"""What the probes showed → which one cause: hijackers, walls, TLS, refusals, routes, limited cards."""

from dataclasses import replace

import pytest

from agent.assess.answer import Limits
from agent.assess.diagnosis import diagnose
from agent.assess.rules import RULES
from agent.sample.base import ClockView, PlanView, Reach, ReachProblem, Snapshot
from tests.fakes.snapshots import INTERFACE, but, healthy

LIMITS = Limits()
DNS = Reach("dns", ok=True, way="card")
INTERNET = Reach("internet", ok=True, way="card")
CENTRE = Reach("centre", ok=True, way="card")


def seen(*reach: Reach) -> Snapshot:
    return but(healthy(), reach=reach)


def verdict(*reach: Reach) -> str:
    return diagnose(seen(*reach)).verdict.code


def centre(problem: ReachProblem) -> Reach:
    return Reach("centre", ok=False, problem=problem, way="card")


def internet(problem: ReachProblem | None = None) -> Reach:
    return Reach("internet", ok=False, problem=problem, way="card")


@pytest.mark.parametrize(
    ("problem", "code"),
    [
        ("tls", "centre.tls"),
        ("certificate_expired", "centre.tls"),
        ("certificate_name", "centre.tls"),
        ("certificate_chain", "centre.tls"),
        ("clock", "clock.wrong"),
        ("refused", "centre.refused"),
        ("credential", "centre.credential"),
        ("unwell", "centre.unreachable"),
    ],
)
def test_the_centre_is_connected_to_and_this_is_wrong_with_it(problem: ReachProblem, code: str) -> None:
    assert verdict(DNS, INTERNET, centre(problem)) == code


def test_names_that_lead_astray_explain_everything_after_them() -> None:
    hijacked = Reach("dns", ok=False, problem="hijacked", way="card")
    found = diagnose(seen(hijacked, internet("portal"), centre("certificate_chain")))
    assert found.verdict.code == "dns.hijacked"
    assert [finding.code for finding in found.findings if finding.root] == ["dns.hijacked"]


@pytest.mark.parametrize("problem", ["portal", "carrier_portal"])
def test_a_wall_is_named_and_is_no_proof_of_arrears(problem: ReachProblem) -> None:
    found = diagnose(seen(DNS, internet(problem), centre("tls")))
    assert found.verdict.code == "internet.walled"
    assert "plan.suspended" not in [finding.code for finding in found.findings]


def test_a_wall_and_a_debt_together_are_a_suspension() -> None:
    owing = replace(seen(DNS, internet("carrier_portal"), centre("tls")), plan=PlanView(balance_amount="-1.00"))
    assert diagnose(owing).verdict.code == "plan.suspended"


def test_a_limited_card_that_reaches_its_payment_host_is_well() -> None:
    assert verdict(DNS, INTERNET) == "ok"


def test_a_limited_card_that_does_not_reach_the_centre_is_told_so() -> None:
    assert verdict(DNS, INTERNET, Reach("centre", ok=False, way="card")) == "centre.unreachable"


def test_payment_hosts_that_do_not_answer_count_although_the_centre_does() -> None:
    assert verdict(DNS, internet("payment"), CENTRE) == "internet.unreachable"


def test_an_anchor_that_does_not_answer_counts_for_nothing_while_the_centre_does() -> None:
    assert verdict(DNS, internet(), CENTRE) == "ok"


def test_a_card_without_the_default_route_while_none_leads_anywhere() -> None:
    spare = but(
        healthy(),
        data=replace(healthy().data, interface=replace(INTERFACE, default_route=False)),
        reach=(DNS, INTERNET, CENTRE, Reach("internet", ok=False, way="routes")),
    )
    assert diagnose(spare).verdict.code == "link.no_route"


def test_a_spare_card_beside_a_good_cable_is_information() -> None:
    spare = but(
        healthy(),
        data=replace(healthy().data, interface=replace(INTERFACE, default_route=False)),
        reach=(DNS, INTERNET, CENTRE, Reach("internet", ok=True, way="routes")),
    )
    found = diagnose(spare)
    assert found.verdict.code == "ok"
    assert [finding.code for finding in found.findings] == ["link.elsewhere"]


def test_a_dead_spare_card_is_told_although_the_cable_works() -> None:
    spare = but(
        healthy(),
        data=replace(healthy().data, interface=replace(INTERFACE, default_route=False)),
        reach=(internet("payment"), Reach("centre", ok=False, way="card"), Reach("internet", ok=True, way="routes")),
    )
    assert diagnose(spare).verdict.code == "internet.unreachable"


def test_a_clock_that_only_the_certificate_complains_of_is_named_with_its_evidence() -> None:
    found = diagnose(replace(seen(DNS, centre("clock")), clock=ClockView()))
    assert found.verdict.code == "clock.wrong"
    (tls,) = [finding for finding in found.findings if finding.code == "centre.tls"]
    assert not tls.root


@pytest.mark.parametrize(
    "code", ["dns.hijacked", "internet.walled", "centre.tls", "centre.refused", "centre.credential"]
)
def test_without_a_probe_nothing_is_known(code: str) -> None:
    assert RULES[code](but(healthy(), reach=()), LIMITS).holds is None
