"""What a look may spend: time and bytes, and what it says of what it could not afford."""

import contextlib
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.clock import Deadline, SystemClock
from agent.sample.base import Reach
from agent.sample.kernel import Roots
from agent.sample.net.addresses import here, inside
from agent.sample.net.answers import NO_TIME
from agent.sample.net.centre import Centre, Heard
from agent.sample.net.knock import hold_back
from agent.sample.net.look import look_at_network
from agent.sample.net.scene import Around, NetSettings, Scene
from agent.sample.net.talk import LEAST_WINDOW, Talk, TalkEnded, TooDear
from agent.sample.net.way import Way

CLOCK = SystemClock()


def scene(left_s: float, roots: Path, **settings: object) -> Scene:
    made = NetSettings(**settings)  # type: ignore[arg-type]  # each test names what it means
    return Scene(made, Around(), Deadline.after(left_s, CLOCK), CLOCK, Roots(roots, roots))


def test_a_question_without_time_for_its_answer_is_not_asked_and_not_failed(tmp_path: Path) -> None:
    settings = NetSettings(Centre("centre.example", 443), payment_hosts=("pay.example:443",))
    around = Around(configured=("127.0.0.1",))
    seen = look_at_network(settings, around, Deadline.after(0.5, CLOCK), CLOCK, Roots(tmp_path, tmp_path))
    assert {reach.target: reach.ok for reach in seen.reach} == {"dns": None, "internet": None, "centre": None}
    assert {reach.detail for reach in seen.reach} == {NO_TIME}
    assert seen.cost_bytes == 0


def test_short_patience_of_the_settings_is_patience_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.sample.net.scene.LEAST_S", 1000.0)
    assert not scene(500.0, tmp_path, timeout_s=2000.0).in_time()
    assert scene(500.0, tmp_path, timeout_s=100.0).in_time()


def test_a_talk_that_was_broken_off_for_its_price_proves_nothing(tmp_path: Path) -> None:
    made = scene(10, tmp_path, centre=Centre("centre.example", 443))
    made.heard = Heard("not_finished", "the budget for probes is spent", 4000)
    assert not made.spoken()
    assert not made.proved()
    assert made.centre_fails()


def _all_of(talk: Talk) -> Iterator[bytes]:
    with contextlib.suppress(TalkEnded):
        while True:
            yield talk.receive()


def test_without_room_for_an_answer_none_is_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as held:
        talk = Talk(held, Deadline.after(5, CLOCK), CLOCK, room=LEAST_WINDOW - 1)
        with pytest.raises(TooDear):
            talk.receive()


def test_the_other_side_cannot_send_much_more_than_there_is_room_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.socket() as held:
        hold_back(held, 2000)
        held.connect(server.getsockname())
        other, _ = server.accept()
        with other:
            other.setblocking(False)
            other.send(b"x" * 100_000)
            talk = Talk(held, Deadline.after(2, CLOCK), CLOCK, room=3000)
            assert b"".join(_all_of(talk))
            assert talk.cost_bytes < 3000 + 2400


def test_the_kernel_s_own_count_is_the_price() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as held:
        other, _ = server.accept()
        with other:
            talk = Talk(held, Deadline.after(5, CLOCK), CLOCK)
            talk.send(b"y" * 100)
            other.recv(100, socket.MSG_WAITALL)
            other.sendall(b"x" * 50)
            talk.receive()
            assert 150 + 2 * 52 <= talk.cost_bytes <= 150 + 4 * 52


def test_where_nobody_counts_the_price_is_reckoned() -> None:
    left, right = socket.socketpair()
    with left, right:
        talk = Talk(left, Deadline.after(5, CLOCK), CLOCK)
        talk.send(b"y" * 100)
        right.sendall(b"x" * 50)
        talk.receive()
        assert talk.cost_bytes == 150 + 4 * 52


@pytest.mark.parametrize("address", ["0.0.0.0", "127.0.0.53", "::1", "::"])
def test_answers_that_mean_this_machine_are_no_way_to_anywhere(address: str) -> None:
    assert here(address)


def test_an_address_of_the_internet_is_not_inside() -> None:
    assert inside("10.1.2.3")
    assert inside("fe80::1%wwan0")
    assert not inside("211.136.112.50")
    assert not here("10.1.2.3")


def test_a_card_without_ipv4_has_no_way_there_whatever_the_routes_say() -> None:
    six = Way("wwan0", ("2001:db8::1",))
    assert not six.speaks("203.0.113.1")
    assert six.speaks("2001:db8::9")
    assert Way("wwan0").speaks("203.0.113.1")


def test_reach_lines_keep_their_order(tmp_path: Path) -> None:
    seen = look_at_network(
        NetSettings(Centre("127.0.0.1", 1, secure=False)),
        Around(),
        Deadline.after(5, CLOCK),
        CLOCK,
        Roots(tmp_path, tmp_path),
    )
    assert [reach.target for reach in seen.reach] == ["centre"]
    assert isinstance(seen.reach[0], Reach)
