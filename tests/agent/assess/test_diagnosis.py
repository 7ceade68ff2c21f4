"""One root cause: which finding becomes the verdict, how sure it is, what it rules out, when nobody can tell."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.assess.answer import Limits
from agent.assess.base import Assessment
from agent.assess.conditions import CATALOGUE, upstream, urgency
from agent.assess.diagnosis import MAX_RULED_OUT, Active, Well, conclude, diagnose, essential_gap
from agent.assess.rules import RULES
from agent.sample.base import ClockView, DataView, NetworkView, PlanView, Reach, Snapshot
from modem.values import Cause, Signal
from tests.fakes.snapshots import (
    INTERFACE,
    NO_SESSION,
    but,
    domains,
    healthy,
    nothing_gets_through,
    off_network,
    session_rejected,
    silent,
    unknown,
    without_modem,
)

DENIED_8 = off_network("denied", Cause("emm", 8))
EXPIRED = PlanView("expired", "2026-11-11", -10)

VERDICTS: list[tuple[str, Snapshot, str]] = [
    ("a healthy terminal", healthy(), "ok"),
    ("no port", without_modem("missing"), "port.missing"),
    ("a port that was lost while asking", without_modem("lost"), "port.missing"),
    ("a busy port", without_modem("busy"), "port.busy"),
    ("no permission", without_modem("forbidden"), "port.forbidden"),
    ("silence", silent(), "modem.silent"),
    ("no card, and what follows", but(off_network(), sim__state="absent"), "sim.absent"),
    ("PIN", but(off_network("idle"), sim__state="pin_required"), "sim.pin_required"),
    ("PUK", but(off_network("idle"), sim__state="puk_required"), "sim.puk_required"),
    ("flight mode, and what follows", but(off_network("idle"), modem__functionality=4), "radio.off"),
    (
        "CFUN 0, which takes the card's power too",
        but(off_network("idle"), modem__functionality=0, sim__state="absent"),
        "radio.off",
    ),
    ("no signal, and no registration", but(off_network(), signal=Signal(quality="none")), "signal.none"),
    ("searching with a good signal", off_network("searching"), "registration.searching"),
    ("denied", DENIED_8, "registration.denied"),
    ("denied, and the plan's date has passed", but(DENIED_8, plan=EXPIRED), "plan.expired"),
    ("denied, and a notice of suspension", but(DENIED_8, plan=PlanView("suspended")), "plan.suspended"),
    ("no card, and the plan's date has passed", but(off_network(), sim__state="absent", plan=EXPIRED), "sim.absent"),
    (
        "no signal, and the plan's date has passed",
        but(off_network(), signal=Signal(quality="none"), plan=EXPIRED),
        "signal.none",
    ),
    (
        "a wrong APN that fails the attach",
        but(session_rejected(27), network=NetworkView("denied", domains("denied"), Cause("emm", 19))),
        "data.apn_rejected",
    ),
    ("ESM 8", session_rejected(8), "data.barred"),
    (
        "ESM 8, and nothing left",
        but(session_rejected(8), plan=PlanView("exhausted", remaining_bytes=0)),
        "plan.exhausted",
    ),
    ("ESM 33", session_rejected(33), "data.not_subscribed"),
    ("ESM 29", session_rejected(29), "data.auth_rejected"),
    ("attached, no session, no cause", but(healthy(), data=DataView(True, (NO_SESSION,)), reach=()), "data.no_session"),
    ("silence after the address", nothing_gets_through(), "internet.unreachable"),
    ("silence after the address, date passed", but(nothing_gets_through(), plan=EXPIRED), "plan.expired"),
    (
        "silence after the address, nothing left",
        but(nothing_gets_through(), plan=PlanView(remaining_bytes=0)),
        "plan.exhausted",
    ),
    (
        "only the centre is gone",
        but(healthy(), reach=(Reach("internet", ok=True), Reach("centre", ok=False))),
        "centre.unreachable",
    ),
    ("data on a card that ends in ten days", but(healthy(), plan=PlanView("expiring", days_left=10)), "plan.expiring"),
    ("data on a card whose date has passed", but(healthy(), plan=EXPIRED), "plan.expiring"),
    ("weak", but(healthy(), signal__rsrp_dbm=-119.0), "signal.weak"),
    ("weak and searching", but(off_network(), signal=Signal(rsrp_dbm=-119.0)), "registration.searching"),
    ("a wrong clock", but(healthy(), clock=ClockView(trusted=False)), "clock.wrong"),
    ("roaming", but(healthy(), network__registration="roaming"), "ok"),
    ("nobody looked", unknown(), "unsure"),
    ("a busy card", but(off_network("unknown"), sim__state="busy"), "unsure"),
    ("a modem that is just starting", but(off_network("idle"), sim__state="busy"), "unsure"),
    ("cut off, as the carrier says, and not tried", but(healthy(), reach=(), plan=PlanView("suspended")), "unsure"),
    ("cut off, as the carrier says, and data flows", but(healthy(), plan=PlanView("suspended")), "ok"),
    ("registration not told, signal good", but(off_network(), network=NetworkView()), "unsure"),
    ("registration 4 everywhere, not attached", off_network("unknown"), "registration.searching"),
    ("a card fault, and registered", but(healthy(), sim__state="failure", reach=()), "unsure"),
]


@pytest.mark.parametrize(
    ("snapshot", "verdict"), [(s, v) for _, s, v in VERDICTS], ids=[name for name, _, _ in VERDICTS]
)
def test_verdict(snapshot: Snapshot, verdict: str) -> None:
    assert diagnose(snapshot).verdict.code == verdict


def test_consequences_are_recorded_but_are_no_roots() -> None:
    found = diagnose(but(off_network(), sim__state="absent"))
    assert [(finding.code, finding.root) for finding in found.findings] == [
        ("sim.absent", True),
        ("registration.searching", False),
        ("data.no_session", False),
    ]


def test_two_independent_pieces_make_a_direct_observation_certain() -> None:
    once = but(DENIED_8, evidence=(), network__reject_cause=None, data=DataView(), reach=())
    assert diagnose(once).verdict.confidence == "medium"
    assert diagnose(but(once, network__reject_cause=Cause("emm", 8))).verdict.confidence == "high"


def test_a_conclusion_from_one_observation_is_a_suspicion() -> None:
    assert diagnose(but(healthy(), reach=(Reach("internet", ok=False),))).verdict.confidence == "low"
    assert diagnose(nothing_gets_through()).verdict.confidence == "high"  # and nothing else resolved either


def test_the_kernel_is_believed_at_once() -> None:
    assert diagnose(without_modem("missing")).verdict.confidence == "high"


def test_ok_is_as_sure_as_what_was_proved() -> None:
    assert diagnose(healthy()).verdict.confidence == "high"
    assert diagnose(but(healthy(), reach=())).verdict.confidence == "medium"
    assert diagnose(but(healthy(), reach=(), data=DataView())).verdict.confidence == "low"


def test_ruled_out_names_what_is_near_the_verdict_and_is_bounded() -> None:
    out = diagnose(nothing_gets_through()).verdict.ruled_out
    assert len(out) <= MAX_RULED_OUT
    assert {"link.no_route", "data.no_session", "registration.denied"} <= set(out)


def test_ruled_out_never_names_what_is_not_known() -> None:
    assert diagnose(unknown()).verdict.ruled_out == ()


@pytest.mark.parametrize(
    ("snapshot", "gap"),
    [
        (unknown(), "modem"),
        (but(off_network("unknown"), sim__state="busy"), "sim_busy"),
        (but(off_network("unknown"), sim__state="unknown"), "sim"),
        (off_network("unknown"), "registration"),
        (but(off_network("idle"), sim__state="busy"), "sim_busy"),
        (but(healthy(), reach=(), plan=PlanView("suspended")), "suspended"),
        (but(healthy(), sim__state="absent", reach=()), "contradiction"),
        (but(healthy(), network__registration="unknown"), None),  # data flows: it is registered
        (but(healthy(), sim__state="unknown"), None),  # registered: the card is there
        (but(healthy(), network__registration="unknown", reach=()), None),  # an operator and a session say it
        (but(healthy(), network=NetworkView(), reach=()), "registration"),
    ],
)
def test_what_is_missing_is_named(snapshot: Snapshot, gap: str | None) -> None:
    assert essential_gap(snapshot) == gap


def test_card_that_is_a_spare_way_out_is_no_trouble() -> None:
    spare = but(healthy(), data__interface=but_route())
    assert diagnose(spare).verdict.code == "ok"
    assert [finding.code for finding in diagnose(spare).findings] == ["link.elsewhere"]


def but_route() -> object:
    from dataclasses import replace

    return replace(INTERFACE, default_route=False)


CODES = st.sets(st.sampled_from(sorted(RULES)), max_size=12)
FINE = Well(None, "high")


@given(CODES)
def test_no_finding_is_a_root_while_anything_upstream_of_it_holds(codes: set[str]) -> None:
    found = conclude({code: Active() for code in codes}, [], FINE)
    assert {finding.code for finding in found.findings} == codes
    for finding in found.findings:
        assert finding.root == upstream(finding.code).isdisjoint(codes)


@given(CODES)
def test_the_verdict_is_the_most_urgent_root_or_ok(codes: set[str]) -> None:
    found = conclude({code: Active() for code in codes}, [], FINE)
    troubles = [f.code for f in found.findings if f.root and CATALOGUE[f.code].severity != "info"]
    assert found.verdict.code == (min(troubles, key=urgency) if troubles else "ok")


@given(CODES)
def test_an_error_anywhere_is_never_reported_as_ok(codes: set[str]) -> None:
    found = conclude({code: Active() for code in codes}, [], FINE)
    if any(CATALOGUE[code].severity == "error" for code in codes):
        assert CATALOGUE[found.verdict.code].severity in ("error", "warning")
        assert found.verdict.code not in ("ok", "unsure")


@given(CODES, st.integers())
def test_the_order_of_observation_does_not_change_the_assessment(codes: set[str], seed: int) -> None:
    def assessed(order: list[str]) -> Assessment:
        return conclude({code: Active() for code in order}, order, FINE)

    order = sorted(codes)
    shuffled = order.copy()
    random.Random(seed).shuffle(shuffled)
    assert assessed(shuffled) == assessed(order)


def test_limits_of_the_configuration_are_honoured() -> None:
    assert diagnose(healthy(), Limits(weak_rsrp_dbm=-90.0)).verdict.code == "signal.weak"
