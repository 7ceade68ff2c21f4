"""Directives are carried out at most once, and told until they are heard."""

from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.directives import DAY_S, KEPT, MOST_A_DAY, TELL_AGAIN_S, Dispatcher, Do, Done
from agent.wire import Directive
from agent.wire.directives import BODIES, Body
from agent.wire.kinds import KINDS, MAX_OPEN, Kind
from tests.fakes.clock import FakeClock

NOW = 1_790_000_000.0
LATER = int(NOW) + 3600


@dataclass
class Room:
    """Counts what it is asked for, and what the outbox gets."""

    path: Path
    clock: FakeClock = field(default_factory=FakeClock)
    asked: list[tuple[str, Body]] = field(default_factory=list)
    told: list[tuple[str, str, str, str]] = field(default_factory=list)
    answer: Done | None = field(default_factory=lambda: Done("done"))
    disk_is_full: bool = False
    resumable: bool = False

    def start(self, *kinds: Kind) -> Dispatcher:
        def do(kind: Kind) -> Do:
            def act(body: Body, _id: str) -> Done | None:
                self.asked.append((kind, body))
                return self.answer

            return act

        def tell(directive: str, kind: str, done: Done) -> bool:
            self.told.append((directive, kind, done.outcome, done.detail))
            return not self.disk_is_full

        resumable = {"rotate-credential": lambda: self.resumable}
        return Dispatcher(
            self.path / "directives.json", self.clock, {kind: do(kind) for kind in kinds}, tell, resumable
        )  # type: ignore[arg-type]


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path)


def ask(kind: str = "ask-balance", name: str = "d1", expires_at: int = LATER, **body: object) -> Directive:
    return Directive(id=name, kind=kind, expires_at=expires_at, body=body)


def test_it_is_done_once_and_told(room: Room) -> None:
    dispatcher = room.start("ask-balance")
    for _ in range(3):
        dispatcher.take([ask()], NOW)
    assert len(room.asked) == 1
    assert room.told == [("d1", "ask-balance", "done", "")]


def test_it_is_not_done_again_after_a_restart_but_told_again(room: Room) -> None:
    room.start("ask-balance").take([ask()], NOW)
    room.start("ask-balance").take([ask()], NOW)
    assert len(room.asked) == 1
    assert room.told == [("d1", "ask-balance", "done", "")] * 2


def test_what_was_told_is_told_again_only_after_a_while(room: Room) -> None:
    dispatcher = room.start("ask-balance")
    dispatcher.take([ask()], NOW)
    room.clock.advance(TELL_AGAIN_S + 1)
    dispatcher.take([ask()], NOW)
    assert len(room.told) == 2


def test_what_the_outbox_did_not_take_is_told_with_the_next_answer(room: Room) -> None:
    dispatcher = room.start("ask-balance")
    room.disk_is_full = True
    dispatcher.take([ask()], NOW)
    room.disk_is_full = False
    dispatcher.take([ask()], NOW)
    dispatcher.take([ask()], NOW)
    assert len(room.told) == 2
    assert len(room.asked) == 1


def test_a_power_cut_in_the_middle_is_told_as_one(room: Room) -> None:
    room.answer = None
    room.start("run-diag").take([ask("run-diag")], NOW)
    room.start("run-diag").take([ask("run-diag")], NOW)
    assert len(room.asked) == 1
    assert room.told == [("d1", "run-diag", "interrupted", "")]


def test_a_renewal_of_the_credential_goes_on_after_a_power_cut(room: Room) -> None:
    room.answer = None
    room.start("rotate-credential").take([ask("rotate-credential")], NOW)
    room.resumable, room.answer = True, Done("done")
    room.start("rotate-credential").take([ask("rotate-credential")], NOW)
    assert room.told == [("d1", "rotate-credential", "done", "")]


def test_what_takes_its_time_is_told_when_it_is_over(room: Room) -> None:
    room.answer = None
    dispatcher = room.start("run-diag")
    dispatcher.take([ask("run-diag")], NOW)
    dispatcher.take([ask("run-diag")], NOW)
    assert room.told == []
    dispatcher.finish("d1", Done("done", "all well", {"x": 1}))
    assert room.told == [("d1", "run-diag", "done", "all well")]


@pytest.mark.parametrize(
    ("directive", "outcome"),
    [
        (ask("run-command", command="rm"), "unknown"),
        (ask(expires_at=int(NOW)), "expired"),
        (ask("send-bundle"), "not_offered"),
        (ask("plan-facts", facts=[{"fact": "colour", "value": "red"}]), "failed"),
    ],
)
def test_what_cannot_be_done_is_told_and_nothing_is_done(room: Room, directive: Directive, outcome: str) -> None:
    room.start("ask-balance", "plan-facts").take([directive], NOW)
    assert room.asked == []
    assert [told[2] for told in room.told] == [outcome]


def test_a_room_that_breaks_costs_nothing_else(room: Room) -> None:
    def broken(_body: Body, _id: str) -> Done:
        raise KeyError("secret")

    dispatcher = room.start("ask-balance")
    dispatcher.do = {"run-diag": broken, **dispatcher.do}
    dispatcher.take([ask("run-diag"), ask(name="d2")], NOW)
    assert [told[2:] for told in room.told] == [("failed", "KeyError"), ("done", "")]


def test_nothing_is_done_that_the_disk_cannot_remember(room: Room) -> None:
    dispatcher = room.start("ask-balance")
    dispatcher.path = room.path / "gone" / "directives.json"
    dispatcher.take([ask()], NOW)
    assert (room.asked, room.told) == ([], [])


def test_only_so_many_are_remembered(room: Room) -> None:
    dispatcher = room.start()
    for number in range(KEPT + 5):
        dispatcher.take([ask(name=f"d{number}")], NOW)
        room.clock.advance(DAY_S / MOST_A_DAY + 1)
    assert len(room.start()._known) == KEPT


def test_a_flood_is_taken_as_far_as_a_day_bears_it_and_the_rest_later(room: Room) -> None:
    dispatcher = room.start("ask-balance")
    asked = [ask(name=f"d{number}") for number in range(3 * MOST_A_DAY)]
    dispatcher.take(asked, NOW)
    assert len(room.asked) == MAX_OPEN
    for start in range(0, len(asked), MAX_OPEN):
        dispatcher.take(asked[start : start + MAX_OPEN], NOW)
    assert len(room.asked) == len(room.told) == MOST_A_DAY
    room.clock.advance(DAY_S + 1)
    dispatcher.take(asked[-MAX_OPEN:], NOW)
    assert len(room.asked) == MOST_A_DAY + MAX_OPEN


def test_a_centre_that_never_heeds_is_told_less_and_less_often(room: Room) -> None:
    dispatcher = room.start("ask-balance")
    for _ in range(1000):
        dispatcher.take([ask()], NOW)
        room.clock.advance(900.0)
    assert 10 < len(room.told) < 25


@pytest.mark.parametrize("damage", [b"", b"\xff", b"[]", b'{"known": [1]}', b'{"known": [[]]}', b"{" * 9999])
def test_a_damaged_file_is_said_and_gotten_over(room: Room, damage: bytes) -> None:
    (room.path / "directives.json").write_bytes(damage)
    room.start("ask-balance").take([ask()], NOW)
    assert len(room.asked) == 1


@given(st.sampled_from(KINDS), st.dictionaries(st.text(max_size=9), st.integers() | st.text(max_size=9), max_size=4))
def test_any_body_is_understood_or_refused(kind: Kind, body: dict[str, object]) -> None:
    from agent.wire import WireError
    from agent.wire.directives import read_body

    try:
        assert isinstance(read_body(kind, body), BODIES[kind])
    except WireError:
        assert kind in ("plan-facts", "cadence", "verify-renewal", "accept-card", "run-diag")
