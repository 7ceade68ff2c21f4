"""Each rule: where it says yes, where no, and where it must not say anything."""

from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.assess.answer import Answer, Limits, quote, signs
from agent.assess.rules import RULES, judge
from agent.sample.base import (
    ClockView,
    ContextView,
    DataView,
    Evidence,
    InterfaceView,
    NetworkView,
    PlanFact,
    PlanView,
    PortView,
    Reach,
    Snapshot,
)
from modem.values import Cause, Signal
from tests.fakes.snapshots import (
    INTERFACE,
    NO_SESSION,
    SESSION,
    TAKEN_AT,
    but,
    healthy,
    nothing_gets_through,
    off_network,
    session_rejected,
    silent,
    unknown,
    without_modem,
)

LIMITS = Limits(apn_expected="cmiot")
DENIED_8 = off_network("denied", Cause("emm", 8))
DAY = 86_400.0


def reach(**targets: bool | None) -> tuple[Reach, ...]:
    return tuple(Reach(target, ok=ok) for target, ok in targets.items())  # type: ignore[arg-type] # keys are targets


def plan(**values: Any) -> Snapshot:
    return but(healthy(), plan=PlanView(**values))


def no_data(snapshot: Snapshot) -> Snapshot:
    return but(snapshot, data=DataView(attached=True, contexts=(NO_SESSION,)), reach=())


def undecided(snapshot: Snapshot) -> Snapshot:
    """A session is there, and nobody tried whether it carries anything."""
    return but(snapshot, reach=())


CASES: list[tuple[str, Snapshot, bool | None]] = [
    ("port.missing", without_modem("missing"), True),
    ("port.missing", without_modem("lost"), True),
    ("port.missing", without_modem("busy"), False),
    ("port.missing", unknown(), None),
    ("port.busy", without_modem("busy"), True),
    ("port.busy", healthy(), False),
    ("port.busy", unknown(), None),
    ("port.forbidden", without_modem("forbidden"), True),
    ("port.forbidden", silent(), False),
    ("port.forbidden", unknown(), None),
    ("modem.silent", silent(), True),
    ("modem.silent", healthy(), False),
    ("modem.silent", without_modem("busy"), None),
    ("modem.silent", but(healthy(), port__answers=False), None),  # it answered other questions
    ("modem.garbled", but(unknown(), port=PortView("/dev/ttyS0", answers=True, garbled=True)), True),
    ("modem.garbled", healthy(), False),
    ("modem.garbled", without_modem("missing"), None),
    ("modem.hot", but(healthy(), modem__temperature_c=91.0), True),
    ("modem.hot", healthy(), False),
    ("modem.hot", but(healthy(), modem__temperature_c=None), None),
    ("modem.hot", but(healthy(), modem__temperature_c=255.0), None),  # "not measured" of some modules
    ("sim.absent", but(off_network(), sim__state="absent"), True),
    ("sim.absent", healthy(), False),
    ("sim.absent", unknown(), None),
    ("sim.absent", but(healthy(), sim__state="absent"), None),  # registered all the same: a contradiction
    ("sim.absent", but(off_network("idle"), sim__state="absent", modem__functionality=0), None),
    ("sim.pin_required", but(off_network(), sim__state="pin_required", sim__pin_retries=2), True),
    ("sim.pin_required", but(off_network(), sim__state="absent"), False),
    ("sim.pin_required", unknown(), None),
    ("sim.puk_required", but(off_network(), sim__state="puk_required"), True),
    ("sim.puk_required", healthy(), False),
    ("sim.puk_required", but(off_network(), sim__state="busy"), None),
    ("sim.network_locked", but(off_network(), sim__state="network_locked"), True),
    ("sim.network_locked", healthy(), False),
    ("sim.network_locked", unknown(), None),
    ("sim.failure", but(off_network(), sim__state="failure"), True),
    ("sim.failure", healthy(), False),
    ("sim.failure", but(off_network(), sim__state="busy"), None),  # busy is not broken
    ("radio.off", but(off_network("idle"), modem__functionality=4), True),
    ("radio.off", but(off_network("idle"), modem__functionality=0), True),
    ("radio.off", healthy(), False),
    ("radio.off", but(off_network(), modem__functionality=None), None),
    ("radio.off", but(healthy(), modem__functionality=4), None),  # and registered: one of the two is old
    ("signal.none", but(off_network(), signal=Signal(quality="none")), True),
    ("signal.none", but(off_network(), signal=Signal(rssi_dbm=-113.0)), True),
    ("signal.none", off_network(), False),
    ("signal.none", but(healthy(), signal=Signal(quality="none")), False),  # CSQ 99 while registered
    ("signal.none", but(off_network("denied"), signal=Signal(quality="none")), False),  # somebody denied it
    ("signal.none", but(off_network(), signal=Signal("nr", quality="none")), None),  # CSQ does not measure 5G
    ("signal.none", but(off_network(), signal=Signal()), None),
    ("signal.none", but(off_network(), signal=Signal("lte", rsrp_dbm=-101.0, quality="none")), False),
    ("signal.weak", but(healthy(), signal__rsrp_dbm=-118.0), True),
    ("signal.weak", but(healthy(), signal=Signal("gsm", rssi_dbm=-107.0)), True),
    ("signal.weak", but(healthy(), signal=Signal(quality="poor")), True),
    ("signal.weak", healthy(), False),
    ("signal.weak", but(healthy(), signal=Signal()), None),
    ("signal.noisy", but(healthy(), signal__sinr_db=-6.0), True),
    ("signal.noisy", but(healthy(), signal__sinr_db=-1.0, signal__rsrq_db=-18.0), True),
    ("signal.noisy", but(healthy(), signal__sinr_db=-1.0), False),  # RSRQ -11 does not agree
    ("signal.noisy", healthy(), False),
    ("signal.noisy", but(healthy(), signal__sinr_db=None), None),
    ("signal.noisy", but(healthy(), signal__sinr_db=-6.0, signal__rsrp_dbm=-120.0), None),  # weak, then
    ("registration.searching", off_network("searching"), True),
    ("registration.searching", off_network("idle"), True),
    ("registration.searching", but(healthy(), network__registration="searching"), False),  # data flows: a QENG lie
    ("registration.searching", but(off_network(), network=NetworkView()), None),
    ("registration.searching", off_network("unknown"), True),  # <stat> 4 and not attached: out of coverage
    ("registration.searching", but(off_network("unknown"), data__attached=True), None),
    ("registration.denied", DENIED_8, True),
    ("registration.denied", healthy(), False),  # CS alone is denied: a data-only card
    ("registration.denied", off_network("unknown"), None),
    ("registration.emergency_only", off_network("emergency_only"), True),
    ("registration.emergency_only", healthy(), False),
    ("registration.emergency_only", unknown(), None),
    ("registration.roaming", but(healthy(), network__registration="roaming"), True),
    ("registration.roaming", healthy(), False),
    ("registration.roaming", unknown(), None),
    ("data.detached", no_data(but(healthy(), data=DataView(attached=False))), False),
    ("data.detached", but(healthy(), data=DataView(attached=False, contexts=(NO_SESSION,)), reach=()), True),
    ("data.detached", healthy(), False),
    ("data.detached", unknown(), None),
    ("data.detached", off_network(), None),  # not registered: nothing to attach to
    ("data.apn_rejected", session_rejected(27), True),
    ("data.apn_rejected", session_rejected(28), True),
    ("data.apn_rejected", session_rejected(33), False),
    ("data.apn_rejected", healthy(), False),
    ("data.apn_rejected", unknown(), None),
    ("data.apn_rejected", but(session_rejected(27), network=off_network("denied", Cause("emm", 19)).network), True),
    ("data.apn_rejected", but(session_rejected(27), network=DENIED_8.network), None),
    ("data.auth_rejected", session_rejected(29), True),
    ("data.auth_rejected", session_rejected(29, "sm"), True),
    ("data.auth_rejected", session_rejected(8), False),
    ("data.auth_rejected", session_rejected(29, "vendor"), None),
    ("data.barred", session_rejected(8), True),
    ("data.barred", session_rejected(8, past=True), True),  # and data fails now
    ("data.barred", session_rejected(8, "emm"), None),  # EMM 8 is another thing
    ("data.barred", but(healthy(), data__last_error=Cause("esm", 8, possibly_past=True)), False),
    ("data.barred", undecided(but(healthy(), data__last_error=Cause("esm", 8, possibly_past=True))), None),
    ("data.not_subscribed", session_rejected(33), True),
    ("data.not_subscribed", session_rejected(33, "5gsm"), True),
    ("data.not_subscribed", session_rejected(8), False),
    ("data.not_subscribed", unknown(), None),
    ("data.no_session", no_data(healthy()), True),
    ("data.no_session", healthy(), False),
    ("data.no_session", but(undecided(healthy()), data__contexts=()), None),
    ("data.no_session", but(undecided(healthy()), data__contexts=(NO_SESSION,)), None),  # the interface has an address
    ("link.down", but(healthy(), data__interface=replace(INTERFACE, up=False), reach=()), True),
    ("link.down", healthy(), False),
    ("link.down", but(healthy(), data__interface=None), None),
    ("link.no_address", but(healthy(), data__interface=replace(INTERFACE, addresses=("fe80::1",))), True),
    ("link.no_address", healthy(), False),
    ("link.no_address", but(healthy(), data__interface=replace(INTERFACE, up=None)), None),
    ("link.no_route", but(nothing_gets_through(), data__interface=replace(INTERFACE, default_route=False)), True),
    ("link.no_route", healthy(), False),
    ("link.no_route", undecided(but(healthy(), data__interface=replace(INTERFACE, default_route=False))), None),
    ("link.elsewhere", but(healthy(), data__interface=replace(INTERFACE, default_route=False)), True),
    ("link.elsewhere", healthy(), False),
    ("link.elsewhere", unknown(), None),
    ("dns.failed", but(healthy(), reach=reach(dns=False, internet=True)), True),
    ("dns.failed", healthy(), False),
    ("dns.failed", but(healthy(), reach=reach(dns=None)), None),
    ("internet.unreachable", nothing_gets_through(), True),
    ("internet.unreachable", healthy(), False),
    ("internet.unreachable", but(healthy(), reach=reach(internet=False, centre=True)), False),  # targeted-flow card
    ("internet.unreachable", undecided(healthy()), None),
    ("centre.unreachable", but(healthy(), reach=reach(internet=True, centre=False)), True),
    ("centre.unreachable", healthy(), False),
    ("centre.unreachable", undecided(healthy()), None),
    ("clock.wrong", but(healthy(), clock=ClockView(trusted=False, why="1970")), True),
    ("clock.wrong", healthy(), False),
    ("clock.wrong", unknown(), None),
    ("plan.expired", no_data(plan(days_left=-1)), True),
    ("plan.expired", undecided(plan(days_left=-1)), True),
    ("plan.expired", plan(days_left=-1), False),  # traffic that flows is stronger than the books
    ("plan.expired", no_data(plan(days_left=0)), False),  # its last day
    ("plan.expired", no_data(plan(expires_on="2020-01-01", days_left=None)), None),
    ("plan.expired", but(no_data(plan(days_left=-9)), clock=ClockView(trusted=False)), None),
    ("plan.expiring", plan(days_left=15), True),
    ("plan.expiring", plan(days_left=-1), True),
    ("plan.expiring", plan(days_left=16), False),
    ("plan.expiring", no_data(plan(days_left=-1)), False),
    ("plan.expiring", plan(), None),
    ("plan.exhausted", no_data(plan(remaining_bytes=0)), True),
    ("plan.exhausted", plan(remaining_bytes=0), False),
    ("plan.exhausted", plan(remaining_bytes=1), False),
    ("plan.exhausted", plan(), None),
    ("plan.running_out", plan(remaining_bytes=10, quota_bytes=100), True),
    ("plan.running_out", plan(remaining_bytes=0, quota_bytes=100), True),
    ("plan.running_out", plan(remaining_bytes=90, quota_bytes=100, runs_out_on="2026-11-25"), True),
    ("plan.running_out", plan(remaining_bytes=11, quota_bytes=100), False),
    ("plan.running_out", plan(remaining_bytes=11), None),
    ("plan.balance_low", plan(balance_amount="4.99"), True),
    ("plan.balance_low", plan(balance_amount="5.00"), False),
    ("plan.balance_low", plan(balance_amount="many"), None),
    ("plan.suspended", no_data(plan(state="suspended")), True),
    ("plan.suspended", no_data(plan(balance_amount="-3.20")), True),
    ("plan.suspended", plan(state="suspended"), False),
    ("plan.suspended", undecided(plan(state="suspended")), None),  # one kind of evidence is none
    ("plan.suspended", no_data(plan(state="active")), None),  # data fails, nobody says why
    ("plan.suspended", no_data(plan(facts=(PlanFact("arrears", "true", "carrier_sms"),))), True),
    ("plan.stale", plan(facts=(PlanFact("balance", "1", "manual", TAKEN_AT - 50 * DAY),)), True),
    (
        "plan.stale",
        plan(
            facts=(
                PlanFact("balance", "1", "manual", TAKEN_AT - 50 * DAY),
                PlanFact("used_bytes", "1", "carrier_sms", TAKEN_AT),
            )
        ),
        True,
    ),  # fresh use does not renew an old balance
    ("plan.stale", plan(days_left=90, facts=(PlanFact("expires_on", "x", "manual", TAKEN_AT - 50 * DAY),)), False),
    ("plan.stale", plan(days_left=-8), True),
    ("plan.stale", healthy(), False),
    ("plan.stale", plan(), None),
]


@pytest.mark.parametrize(
    ("code", "snapshot", "expected"), CASES, ids=[f"{c}-{e}-{n}" for n, (c, _, e) in enumerate(CASES)]
)
def test_rule(code: str, snapshot: Snapshot, expected: bool | None) -> None:
    assert RULES[code](snapshot, LIMITS).holds is expected


def test_every_rule_that_can_tell_has_a_case_for_yes_no_and_not_known() -> None:
    seen = {(code, expected) for code, _, expected in CASES}
    able = {code for code, _, _ in CASES}
    assert {(code, answer) for code in able for answer in (True, False, None)} - seen == set()


def test_nothing_known_raises_nothing_and_rules_out_nothing() -> None:
    assert {answer.holds for answer in judge(unknown(), Limits()).values()} == {None}


def test_healthy_terminal_with_a_data_only_card_raises_nothing() -> None:
    assert [code for code, answer in judge(healthy(), LIMITS).items() if answer.holds] == []


def test_unexpected_apn_is_named_when_data_fails() -> None:
    other = but(no_data(healthy()), data__contexts=(replace(NO_SESSION, apn="internet"),))
    assert RULES["data.apn_rejected"](other, LIMITS) == Answer(True, ("data.contexts",))


@pytest.mark.parametrize("apn", ["cmiot", "CMIOT", "cmiot.MNC000.MCC460.GPRS"])
def test_expected_apn_in_other_spellings_is_no_fault(apn: str) -> None:
    same = but(no_data(healthy()), data__contexts=(replace(NO_SESSION, apn=apn),))
    assert RULES["data.apn_rejected"](same, LIMITS).holds is None


def test_bearer_of_voice_is_no_data_session() -> None:
    ims = ContextView(2, "IPV6", "ims", active=True, addresses=("2409::1",))
    assert RULES["data.no_session"](but(no_data(healthy()), data__contexts=(NO_SESSION, ims)), LIMITS).holds


def test_traffic_another_way_out_does_not_prove_the_card() -> None:
    elsewhere = but(off_network("denied"), reach=reach(internet=True, centre=True))
    assert RULES["registration.denied"](elsewhere, LIMITS).holds
    ethernet = but(elsewhere, data__interface=replace(INTERFACE, default_route=False))
    assert RULES["registration.denied"](ethernet, LIMITS).holds


def test_no_plan_date_is_judged_by_a_clock_known_to_be_wrong() -> None:
    late = but(no_data(plan(days_left=-400, expires_on="2025-01-01")), clock=ClockView(trusted=False, why="1970"))
    answers = judge(late, LIMITS)
    assert [code for code, answer in answers.items() if answer.holds and code.startswith("plan.")] == []
    assert answers["clock.wrong"].holds


def test_evidence_is_quoted_and_a_plain_error_is_not() -> None:
    seen = but(
        off_network(),
        evidence=(
            Evidence("network.registration", "at", "AT+CEREG? → +CEREG: 0,2"),
            Evidence("network.registration", "at", "AT+C5GREG? → ERROR"),
        ),
    )
    assert [item.text for item in quote(seen, ("network.registration",))] == ["AT+CEREG? → +CEREG: 0,2"]
    assert signs(seen, ("network.registration",)) == 1


def test_what_nobody_quoted_speaks_for_itself() -> None:
    seen = but(DENIED_8, evidence=(), reach=(Reach("centre", ok=False, detail="timed out"),))
    texts = [item.text for item in quote(seen, ("sim.state", "network.reject_cause", "reach.centre", "data.contexts"))]
    assert texts[:3] == ["sim.state = ready", "EMM 8: EPS and non-EPS services not allowed", "reach.centre = timed out"]


def test_a_field_seen_twice_is_more_evidence_than_one_seen_once() -> None:
    assert signs(off_network(), ("network.registration",)) == 2


# Random snapshots: every part from a few telling values, so that all rules meet contradictions.
_PARTS: dict[str, list[Any]] = {
    "port": [PortView(), healthy().port, silent().port, *(without_modem(p).port for p in ("missing", "busy", "lost"))],
    "modem": [unknown().modem, healthy().modem, replace(healthy().modem, functionality=4, temperature_c=99.0)],
    "sim": [replace(healthy().sim, state=s) for s in ("ready", "absent", "busy", "failure", "unknown", "pin_required")],
    "network": [
        *(NetworkView(s) for s in ("home", "roaming", "searching", "denied", "idle", "emergency_only", "unknown")),
        DENIED_8.network,
        NetworkView("denied", reject_cause=Cause("emm", 19)),
    ],
    "signal": [Signal(), Signal(quality="none"), healthy().signal, Signal(rsrp_dbm=-125.0, sinr_db=-9.0)],
    "data": [
        DataView(),
        DataView(attached=False),
        healthy().data,
        DataView(True, (NO_SESSION,), Cause("esm", 8), InterfaceView("wwan0", up=False)),
        DataView(True, (NO_SESSION,), Cause("esm", 33, possibly_past=True)),
        DataView(True, (SESSION,), Cause("vendor", 29), replace(INTERFACE, default_route=False)),
    ],
    "plan": [
        PlanView(),
        healthy().plan,
        PlanView("suspended", balance_amount="-1"),
        PlanView("expired", days_left=-30),
        PlanView("exhausted", quota_bytes=100, remaining_bytes=0, balance_amount="nan"),
    ],
    "reach": [(), healthy().reach, nothing_gets_through().reach, reach(dns=None, internet=None, centre=False)],
    "clock": [ClockView(), ClockView(trusted=True), ClockView(trusted=False)],
}
SNAPSHOTS = st.fixed_dictionaries({name: st.sampled_from(values) for name, values in _PARTS.items()}).map(
    lambda parts: replace(unknown(), **parts)
)


@given(SNAPSHOTS)
def test_no_snapshot_makes_a_rule_fail_and_every_yes_names_its_support(snapshot: Snapshot) -> None:
    for answer in judge(snapshot, LIMITS).values():
        assert bool(answer.support) == (answer.holds is True)
        assert all(item.text for item in quote(snapshot, answer.support))


@given(SNAPSHOTS, st.sampled_from(sorted(field.name for field in fields(Snapshot) if field.name in _PARTS)))
def test_forgetting_a_part_of_what_was_seen_never_raises_a_fault_about_that_part(snapshot: Snapshot, part: str) -> None:
    forgotten = replace(snapshot, **{part: getattr(unknown(), part)})
    prefixes = {"sim": "sim.", "signal": "signal.", "plan": "plan.", "clock": "clock.", "modem": "modem.hot"}
    raised = [code for code, answer in judge(forgotten, LIMITS).items() if answer.holds]
    assert not [code for code in raised if part in prefixes and code.startswith(prefixes[part])]


@given(SNAPSHOTS, st.permutations(range(4)))
def test_the_order_of_what_was_seen_changes_no_answer(snapshot: Snapshot, order: list[int]) -> None:
    shuffled = replace(snapshot, reach=tuple(snapshot.reach[i] for i in order if i < len(snapshot.reach)))
    assert {c: a.holds for c, a in judge(shuffled, LIMITS).items()} == {
        c: a.holds for c, a in judge(snapshot, LIMITS).items()
    }


def with_received(snapshot: Snapshot, received: int) -> Snapshot:
    return replace(snapshot, usage=replace(snapshot.usage, received_bytes=received))


@pytest.mark.parametrize(("received", "holds"), [(40_000, False), (3_000, True)])
def test_payments_that_come_through_unprobed_say_that_an_ended_plan_still_works(received: int, holds: bool) -> None:
    ended = but(undecided(healthy()), plan=PlanView(expires_on="2026-11-01", days_left=-3))
    assert judge(with_received(ended, received), LIMITS)["plan.expired"].holds is holds


def test_bytes_received_do_not_outweigh_a_probe_that_failed() -> None:
    ended = but(undecided(healthy()), plan=PlanView(expires_on="2026-11-01", days_left=-3), reach=reach(internet=False))
    assert judge(with_received(ended, 40_000), LIMITS)["plan.expired"].holds is True
