"""Conditions over time: no flip before its delay, none from not knowing, masking all the way, restarts survived."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.assess.board import UNSURE_AFTER_S, Board, Change
from agent.assess.conditions import CATALOGUE, upstream
from agent.sample.base import NetworkView, Snapshot
from modem.values import Signal
from tests.fakes.snapshots import (
    TAKEN_AT,
    but,
    healthy,
    nothing_gets_through,
    off_network,
    silent,
    unknown,
    without_modem,
)

STEP = 60.0
NO_CARD = but(off_network(), sim__state="absent")
UNTOLD = but(off_network(), network=NetworkView())
WEAK = but(healthy(), signal__rsrp_dbm=-120.0)
UNHEARD = but(healthy(), signal=Signal())


class Watch:
    """A board and its clock: a look every minute."""

    def __init__(self, board: Board | None = None) -> None:
        self.board = board or Board()
        self.now = 0.0

    def look(self, *snapshots: Snapshot, step: float = STEP) -> list[Change]:
        changes: list[Change] = []
        for snapshot in snapshots:
            changes += self.board.observe(snapshot, 5_000.0 + self.now, TAKEN_AT + self.now)
            self.now += step
        return changes

    @property
    def verdict(self) -> str:
        return self.board.assessment().verdict.code


def test_board_without_any_look_is_unsure() -> None:
    assert Watch().verdict == "unsure"


def test_board_is_ok_after_one_good_look() -> None:
    watch = Watch()
    assert watch.look(healthy()) == []
    assert watch.verdict == "ok"


def test_one_strange_look_changes_nothing() -> None:
    watch = Watch()
    assert watch.look(healthy(), NO_CARD, healthy(), healthy()) == []
    assert watch.verdict == "ok"


def test_ok_is_not_said_while_an_error_waits_unless_it_was_earned() -> None:
    watch = Watch()
    watch.look(NO_CARD)
    assert watch.verdict == "unsure"
    watch.look(healthy())
    assert watch.verdict == "ok"
    watch.look(NO_CARD)
    assert watch.verdict == "ok"
    after = Board()
    after.restore(json.loads(json.dumps(watch.board.dump())))
    restarted = Watch(after)
    restarted.look(NO_CARD)
    assert restarted.verdict == "ok"


def test_what_lasts_is_raised_and_dated_when_it_began() -> None:
    watch = Watch()
    watch.look(healthy())
    raised = watch.look(NO_CARD, NO_CARD)
    assert [(c.code, c.holds, c.at) for c in raised] == [("sim.absent", True, TAKEN_AT + STEP)]
    assert watch.verdict == "sim.absent"
    assert watch.board.assessment().findings[0].since == TAKEN_AT + STEP


def test_clearing_is_delayed_too_and_dated_when_it_began() -> None:
    watch = Watch()
    watch.look(*[WEAK] * 17)
    assert watch.verdict == "signal.weak"
    begun = watch.now
    cleared = watch.look(*[healthy()] * 16)
    assert [(c.code, c.holds, c.at) for c in cleared] == [("signal.weak", False, TAKEN_AT + begun)]
    assert watch.verdict == "ok"


def test_flapping_is_never_raised() -> None:
    watch = Watch()
    assert watch.look(*[healthy(), WEAK] * 40) == []


def test_a_look_that_cannot_tell_keeps_the_verdict_and_lowers_the_confidence() -> None:
    watch = Watch()
    watch.look(*[WEAK] * 17)
    assert watch.look(*[UNHEARD] * 50) == []
    assert watch.verdict == "signal.weak"
    assert watch.board.assessment().verdict.confidence == "low"


def test_consequences_stay_hidden_all_the_way_down() -> None:
    watch = Watch()
    watch.look(healthy(), *[nothing_gets_through()] * 10)
    assert watch.verdict == "internet.unreachable"
    watch.look(*[silent()] * 3)
    assert watch.verdict == "modem.silent"
    hidden = {finding.code for finding in watch.board.assessment().findings if not finding.root}
    assert "internet.unreachable" in hidden


def test_an_unknown_registration_is_no_reason_to_be_unsure_at_once() -> None:
    watch = Watch()
    watch.look(healthy(), UNTOLD)
    assert watch.verdict == "ok"
    watch.look(*[UNTOLD] * int(UNSURE_AFTER_S / STEP + 1))
    assert watch.verdict == "unsure"


def test_ruled_out_forgets_what_was_not_looked_at_lately() -> None:
    watch = Watch()
    watch.look(healthy())
    assert "data.no_session" in watch.board.assessment().verdict.ruled_out
    watch.look(unknown())
    assert watch.board.assessment().verdict.ruled_out == ()


def test_state_survives_a_restart() -> None:
    before = Watch()
    before.look(healthy(), NO_CARD, NO_CARD)
    state = json.loads(json.dumps(before.board.dump()))
    after = Watch(Board())
    after.board.restore(state)
    assert after.verdict == "sim.absent"
    assert after.board.assessment().findings[0].since == TAKEN_AT + STEP


def test_a_wish_goes_on_where_the_restart_cut_it() -> None:
    before = Watch()
    before.look(*[WEAK] * 10)
    after = Watch(Board())
    after.board.restore(json.loads(json.dumps(before.board.dump())))
    raised = after.look(*[WEAK] * 7)
    assert [(c.code, c.at) for c in raised] == [("signal.weak", TAKEN_AT)]


@pytest.mark.parametrize(
    "damage",
    [
        None,
        [],
        "x",
        {"version": 2, "conditions": {}},
        {"version": 1},
        {
            "version": 1,
            "conditions": {"sim.absent": None, "no.such": {"bad": True}, "radio.off": {"bad": 1, "wish": 0}},
        },
        {
            "version": 1,
            "conditions": {"sim.absent": {"bad": True, "wish": True, "lasted_s": float("nan"), "wish_wall": 1}},
        },
    ],
)
def test_damaged_state_costs_memory_and_nothing_else(damage: object) -> None:
    board = Board()
    board.restore(damage)
    watch = Watch(board)
    watch.look(healthy())
    assert watch.verdict == "ok"


def test_damaged_evidence_is_left_out() -> None:
    watch = Watch()
    watch.look(NO_CARD, NO_CARD)
    state = watch.board.dump()
    state["conditions"]["sim.absent"]["evidence"] = [["sim.state", "rumour", "text", 1.0], ["sim.state"], 5]
    board = Board()
    board.restore(state)
    assert board.assessment().findings[0].evidence == ()


LOOKS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                healthy(),
                unknown(),
                NO_CARD,
                WEAK,
                UNHEARD,
                silent(),
                nothing_gets_through(),
                UNTOLD,
                off_network("denied"),
                without_modem("busy"),
                replace(healthy(), reach=()),
            ]
        ),
        st.floats(1.0, 400.0),
    ),
    max_size=25,
)


@given(LOOKS)
def test_no_condition_flips_before_its_delay(looks: list[tuple[Snapshot, float]]) -> None:
    watch = Watch()
    for snapshot, step in looks:
        for change in watch.look(snapshot, step=0.0):
            condition = CATALOGUE[change.code]
            delay = condition.raise_after_s if change.holds else condition.clear_after_s
            assert TAKEN_AT + watch.now - change.at >= delay - 0.001
        watch.now += step


@given(LOOKS)
def test_no_root_has_a_holding_condition_upstream(looks: list[tuple[Snapshot, float]]) -> None:
    watch = Watch()
    for snapshot, step in looks:
        watch.look(snapshot, step=step)
        findings = watch.board.assessment().findings
        holding = {finding.code for finding in findings}
        assert all(finding.root == upstream(finding.code).isdisjoint(holding) for finding in findings)


@given(LOOKS)
def test_looks_that_cannot_tell_raise_nothing_and_clear_nothing(looks: list[tuple[Snapshot, float]]) -> None:
    watch = Watch()
    for snapshot, step in looks:
        watch.look(snapshot, step=step)
    before = {finding.code for finding in watch.board.assessment().findings}
    assert watch.look(*[unknown()] * 30, step=500.0) == []
    assert {finding.code for finding in watch.board.assessment().findings} == before


@given(LOOKS)
def test_a_restart_in_the_middle_changes_no_verdict(looks: list[tuple[Snapshot, float]]) -> None:
    watch = Watch()
    for snapshot, step in looks:
        watch.look(snapshot, step=step)
    restored = Board()
    restored.restore(json.loads(json.dumps(watch.board.dump())))
    held = {finding.code: finding.root for finding in watch.board.assessment().findings}
    assert {finding.code: finding.root for finding in restored.assessment().findings} == held
