"""CoAP's own: numbers that are never used twice, silence, restarts, long batches, datagrams from anybody."""

import asyncio
import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.cli.demo import free_port
from agent.clock import Deadline, SystemClock
from agent.uplink.base import SendError
from agent.uplink.coap import CoapSettings, CoapTransport, parse_coap
from agent.uplink.coap_state import STEP, Numbers
from agent.uplink.credential import Credential, write_credential
from agent.uplink.fallback import AVOID_S, PATIENCE, FallbackTransport
from agent.uplink.http import HttpSettings, HttpTransport
from agent.uplink.meter import Meter
from agent.uplink.retry import Verdict, decide
from agent.wire import Answer
from central import auth
from central.app import make_intake
from central.config import Settings
from central.ingest.coap import CoapWay
from central.ingest.coap_blocks import Blocks
from central.store.base import Delivery, Receipt
from central.store.sqlite import SqliteStore
from tests.fakes.centre import real_centre
from tests.fakes.clock import FakeClock
from tests.fakes.eventually import eventually
from tests.fakes.transport import FakeCentre, FlakyTransport

CLOCK = SystemClock()
SECRET = "s" * 43


class Centre:
    """The way in on a loop of its own; can be stopped and started on the same files and port."""

    def __init__(self, folder: Path, *, add: bool = True) -> None:
        self.folder = folder
        self.port = 0
        self.port = free_port(socket.SOCK_DGRAM)
        self.start()
        if add:
            added = self.store.add_terminal("T1", "", auth.digest(SECRET), 1)
            asyncio.run_coroutine_threadsafe(added, self.loop).result(60)

    def start(self) -> None:
        self.store = SqliteStore(self.folder / "central.db")
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()
        self.intake = make_intake(Settings(), self.store)
        self.way = CoapWay(f"127.0.0.1:{self.port}", self.intake, self.store)
        asyncio.run_coroutine_threadsafe(self.way.start(), self.loop).result(60)

    def stop(self) -> None:
        asyncio.run_coroutine_threadsafe(self.way.stop(), self.loop).result(60)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(60)
        self.loop.close()
        self.store.close()

    def held(self) -> list[int]:
        rows = asyncio.run_coroutine_threadsafe(self.store.reports("T1", limit=1000), self.loop).result(60)
        return sorted(row.position.seq for row in rows)

    def refused(self) -> dict[str, int]:
        return {code: count for (status, code), count in self.intake.metrics.requests.items() if status != 200}


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    made = Centre(tmp_path)
    yield made
    made.stop()


def transport(centre: Centre, meter: Meter | None = None, port: int = 0, name: str = "coap.json") -> CoapTransport:
    credential = centre.folder / "credential"
    write_credential(credential, Credential("T1", SECRET))
    url = f"coap+oscore://127.0.0.1:{port or centre.port}"
    return CoapTransport(CoapSettings(url, credential, centre.folder / name), CLOCK, meter or Meter(), random=Random(0))


def batch(*seqs: int, **body: object) -> bytes:
    now = int(CLOCK.wall())
    told = {"next_due_s": 900, "agent": "0.1.0", "verdict": "ok"} | body
    records = [{"seq": seq, "type": "heartbeat", "at": now, "body": told} for seq in seqs]
    return json.dumps({"v": 1, "epoch": "0" * 16, "sent_at": now, "records": records}).encode()


def soon(seconds: float = 15.0) -> Deadline:
    return Deadline.after(seconds, CLOCK)


def test_a_routine_report_is_one_datagram_each_way(centre: Centre) -> None:
    meter = Meter()
    line = transport(centre, meter)
    for seq in (1, 2):
        line.send(batch(seq), soon())
    meter.take()
    line.send(batch(3), soon())
    assert meter.take()["report"].total < 125


def test_after_a_restart_of_the_terminal_no_number_comes_again(centre: Centre) -> None:
    for seq in range(1, 6):
        transport(centre).send(batch(seq), soon())  # each starts from the file, as after a power cut
    assert centre.held() == [1, 2, 3, 4, 5]
    held = json.loads((centre.folder / "coap.json").read_text())
    assert held["next"] == 5 * STEP


def test_a_lost_file_of_numbers_begins_new_keys(centre: Centre) -> None:
    transport(centre).send(batch(1), soon())
    (centre.folder / "coap.json").unlink()
    transport(centre).send(batch(2), soon())
    assert centre.held() == [1, 2]


def test_after_a_restart_of_the_centre_nothing_old_is_accepted_and_reports_go_on(centre: Centre) -> None:
    line = transport(centre)
    with Tap(centre.port) as tap:
        tapped = transport(centre, port=tap.port)
        tapped.send(batch(1), soon())
        old = tap.sent[0]
        centre.stop()
        centre.start()
        assert asked(centre.port, old)[1] == 0x81  # 4.01 in the clear: replayed
        assert tapped.send(batch(2), soon()).acked == 1
    assert line.send(batch(3), soon()).acked == 1
    assert centre.held() == [1, 2, 3]


def test_a_datagram_that_is_repeated_gets_the_answer_it_had(centre: Centre) -> None:
    with Tap(centre.port) as tap, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        transport(centre, port=tap.port).send(batch(1), soon())
        assert asked(centre.port, tap.sent[0])[1] == 0x81  # from another address it is a replay
        sock.settimeout(60)
        for _ in range(2):
            sock.sendto(tap.sent[0], ("127.0.0.1", centre.port))
            sock.recv(2000)
    assert centre.held() == [1]


def test_a_long_batch_goes_in_blocks(centre: Centre) -> None:
    assert transport(centre).send(batch(*range(1, 60)), soon()).acked == 59
    assert centre.held() == list(range(1, 60))


def test_a_long_answer_comes_in_blocks(centre: Centre) -> None:
    said = transport(centre).send(batch(*range(1, 60), next_due_s=0), soon())  # each is rejected, with a reason
    assert [bad.seq for bad in said.rejected] == list(range(1, 60))


def test_an_answer_that_the_centre_forgot_halfway_condemns_nothing(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = Blocks.next
    monkeypatch.setattr(Blocks, "next", lambda blocks, _terminal, inner: known(blocks, "somebody else", inner))
    with pytest.raises(SendError) as failure:
        transport(centre).send(batch(*range(1, 60), next_due_s=0), soon())
    assert failure.value.code == "cut_off"
    assert decide(failure.value).verdict is Verdict.DEFER


def test_what_one_process_accepted_no_other_accepts(centre: Centre) -> None:
    beside = Centre(centre.folder, add=False)
    try:
        with Tap(centre.port) as tap:
            transport(centre, port=tap.port).send(batch(1), soon())
            assert asked(beside.port, tap.sent[0])[1] == 0x81  # 4.01 in the clear: replayed
        for number, other in enumerate((beside, centre, beside), 2):
            transport(centre, port=other.port).send(batch(number), soon())  # a balancer that changes its mind
    finally:
        beside.stop()
    assert centre.held() == [1, 2, 3, 4]
    assert beside.refused()["replayed"] >= 1


def test_what_cannot_be_read_is_counted_with_its_reason(centre: Centre) -> None:
    unprotected, unreadable, unknown = b"\x40\x02\x00\x01", b"\x40\x02\x00\x02\x91\xff", kid_in_the_clear()
    answers = [asked(centre.port, data)[1] for data in (unprotected, unreadable, unknown)]
    assert answers == [0x80, 0x80, 0x81]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        for data in (b"\xff" * 9, b"\x40" * 1501):
            sock.sendto(data, ("127.0.0.1", centre.port))
    expected = {"not_protected": 1, "bad_oscore": 1, "unauthorized": 1, "bad_datagram": 1, "too_large": 1}
    eventually(lambda: centre.refused() == expected, f"each has its reason: {centre.refused()}")


def test_a_report_over_which_the_centre_fails_is_refused_in_the_end_and_others_arrive(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    commit = centre.store.commit

    async def failing(heard: Delivery) -> Receipt:
        if any(report.seq == 2 for report in heard.reports):
            raise RuntimeError("a bug")
        return await commit(heard)

    monkeypatch.setattr(centre.store, "commit", failing)
    line, met = transport(centre), []
    for seq in (2, 2, 2, 3):
        try:
            line.send(batch(seq), soon())
        except SendError as refusal:
            met.append((refusal.status, refusal.code))
    assert met == [(500, "internal"), (500, "internal"), (422, "not_handled")]
    assert centre.held() == [3]


def test_what_is_lost_on_the_way_is_repeated(centre: Centre) -> None:
    with Tap(centre.port, lose=1) as tap:
        assert transport(centre, port=tap.port).send(batch(1), soon(20)).acked == 1
        assert len(tap.sent) == 2
        assert tap.sent[0] == tap.sent[1]


def test_a_revoked_terminal_is_refused(centre: Centre) -> None:
    asyncio.run_coroutine_threadsafe(centre.store.revoke("T1", 2), centre.loop).result(60)
    with pytest.raises(SendError) as refusal:
        transport(centre).send(batch(1), soon())
    assert refusal.value.status == 401


def test_a_credential_that_was_just_renewed_is_read_once_more_before_it_is_refused(centre: Centre) -> None:
    line = transport(centre)
    line.send(batch(1), soon())
    other = SqliteStore(centre.folder / "central.db")  # another process of the centre: this one still remembers
    asyncio.run(other.rotate("T1", auth.digest("n" * 43), 2))
    other.close()
    write_credential(centre.folder / "credential", Credential("T1", "n" * 43))
    line.send(batch(2), soon())
    assert centre.held() == [1, 2]


def test_nobody_there_is_said_and_costs_no_more_than_its_time(tmp_path: Path) -> None:
    write_credential(tmp_path / "c", Credential("T1", SECRET))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as deaf:
        deaf.bind(("127.0.0.1", 0))
        url = f"coap+oscore://127.0.0.1:{deaf.getsockname()[1]}"
        line = CoapTransport(CoapSettings(url, tmp_path / "c", tmp_path / "n"), CLOCK, Meter())
        with pytest.raises(SendError) as failure:
            line.send(batch(1), soon(0.3))
    assert failure.value.kind == "timeout"


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (b"", "timeout"),
        (b"\xff\xff\xff", "timeout"),
        (b"\x60\x44", "timeout"),  # a header that is cut off
        (b"\x60\x44ID" + bytes(8), "answer"),
        (b'\x60\x44ID\xff{"v":1,"acked":1,"server_time":1}', "answer"),  # not protected: never believed
        (b"\x60\x44ID\xff<html>Please log in</html>", "answer"),
        (b"\x60\xa3ID\xffbusy", "answer"),
        (b"\x70\x00ID", "timeout"),
        (b"\x60\x81ID\xffSecurity context not found", "status"),
        (b"\x60\x81ID\xffReplay detected", "status"),
        (b"\x60\x44ID\x90\xff" + bytes(30), "answer"),  # an OSCORE option, and what nobody protected
        (b"\x60\x44ID\x93\x09\x01\x02\xff" + bytes(30), "answer"),
    ],
)
def test_bad_answers_acknowledge_nothing_and_cost_few_datagrams(
    said: bytes, kind: str, centre: Centre, tmp_path: Path
) -> None:
    with Tap(centre.port, instead=said) as tap:
        with pytest.raises(SendError) as failure:
            transport(centre, port=tap.port).send(batch(1), soon(0.5 if kind == "timeout" else 15.0))
        assert failure.value.kind == kind
        assert len(tap.sent) <= 3
        assert centre.held() == []
        tap.instead = None
        assert transport(centre, port=tap.port).send(batch(1), soon()).acked == 1


def test_a_disk_that_does_not_take_the_number_sends_nothing(centre: Centre) -> None:
    meter = Meter()
    line = transport(centre, meter, name="missing/coap.json")
    with pytest.raises(SendError):
        line.send(batch(1), soon())
    assert meter.snapshot() == {}


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=60, deadline=None
)
@given(st.binary(max_size=80) | st.binary(max_size=40).map(lambda rest: b"\x40\x02\x00\x01\x99" + rest))
def test_any_bytes_leave_the_way_in_working(centre: Centre, data: bytes) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.sendto(data, ("127.0.0.1", centre.port))
    assert asked(centre.port, b"\x40\x00\x12\x34") == b"\x70\x00\x12\x34"  # a CoAP ping


@pytest.mark.parametrize("damage", [b"", b"{}", b"[]", b"\xff", b'{"version":1,"mark":"m","context":"00","next":1}'])
def test_a_damaged_file_of_numbers_begins_anew(damage: bytes, tmp_path: Path) -> None:
    first = Numbers(tmp_path / "n", "m")
    first.reserve(0)
    assert Numbers(tmp_path / "n", "m").id_context == first.id_context
    (tmp_path / "n").write_bytes(damage)
    assert Numbers(tmp_path / "n", "m").id_context != first.id_context


def test_numbers_of_another_credential_are_not_ours(tmp_path: Path) -> None:
    first = Numbers(tmp_path / "n", "m")
    first.reserve(0)
    assert Numbers(tmp_path / "n", "other").id_context != first.id_context


@pytest.mark.parametrize("url", ["coap://c", "coap+oscore://", "coap+oscore://c/x", "coap+oscore://c:99999"])
def test_what_is_no_address_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError, match=r"coap|port"):
        parse_coap(url)


# -- falling back ------------------------------------------------------------------------------------------------------


class Silent:
    def __init__(self) -> None:
        self.tries = 0
        self.works = False

    def send(self, data: bytes, deadline: Deadline) -> Answer:
        self.tries += 1
        if self.works:
            return Answer(acked=1)
        raise SendError("timeout", "silence")

    def close(self) -> None:
        pass


def test_where_udp_is_blocked_the_sure_way_is_taken_and_the_lean_one_tried_again_later() -> None:
    clock, lean, centre = FakeClock(), Silent(), FakeCentre()
    both = FallbackTransport(lean, FlakyTransport(centre), clock)
    for seq in range(1, 6):
        assert both.send(batch(seq), Deadline.after(30, clock)).acked == 1
    assert lean.tries == 2
    clock.advance(AVOID_S[0] + 1)
    both.send(batch(6), Deadline.after(30, clock))
    clock.advance(AVOID_S[0] + 1)
    both.send(batch(7), Deadline.after(30, clock))
    assert lean.tries == 3
    clock.advance(AVOID_S[1])
    lean.works = True
    for seq in (8, 9):
        both.send(batch(seq), Deadline.after(30, clock))
    assert lean.tries == 5
    assert len(centre.records) == 7


def test_silence_on_both_ways_is_no_word_about_udp() -> None:
    clock, lean, sure = FakeClock(), Silent(), Silent()
    both = FallbackTransport(lean, sure, clock)
    for seq in range(1, 6):
        with pytest.raises(SendError):
            both.send(batch(seq), Deadline.after(30, clock))
    assert (lean.tries, sure.tries) == (5, 5)
    lean.works = True
    assert both.send(batch(6), Deadline.after(30, clock)).acked == 1
    assert sure.tries == 5


def test_a_refusal_by_the_sure_way_is_a_word_about_udp() -> None:
    class Refusing(Silent):
        def send(self, data: bytes, deadline: Deadline) -> Answer:
            raise SendError("status", "later", status=503, speaker="centre")

    clock, lean = FakeClock(), Silent()
    both = FallbackTransport(lean, Refusing(), clock)
    for seq in range(1, 6):
        with pytest.raises(SendError):
            both.send(batch(seq), Deadline.after(30, clock))
    assert lean.tries == PATIENCE


class LaterClock(SystemClock):
    later = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self.later


def alert(seq: int) -> bytes:
    record = {"seq": seq, "type": "card", "at": int(CLOCK.wall()), "body": {"iccid": "8986"}}
    return json.dumps({"v": 1, "epoch": "0" * 16, "sent_at": int(CLOCK.wall()), "records": [record]}).encode()


def test_what_must_not_be_late_goes_both_ways_and_udp_is_used_again_once_it_gets_through(
    centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.uplink.fallback.ALERT_S", 0.3)
    clock, meter = LaterClock(), Meter()
    credential = centre.folder / "credential"
    write_credential(credential, Credential("T1", SECRET))
    with Tap(centre.port, lose=1_000_000) as tap, real_centre(centre.folder) as beside:
        url = f"coap+oscore://127.0.0.1:{tap.port}"
        lean = CoapTransport(CoapSettings(url, credential, centre.folder / "n"), clock, Meter())
        both = FallbackTransport(lean, HttpTransport(HttpSettings(beside.url, credential), clock, meter), clock)
        for seq in (1, 2, 3):
            assert both.send(alert(seq), Deadline.after(30.0, clock)).acked == 1
        assert len(tap.sent) == PATIENCE  # and then no more for an hour
        assert centre.held() == [1, 2, 3]
        tap.lose, clock.later = 0, AVOID_S[0] + 1
        meter.take()
        assert both.send(alert(4), Deadline.after(30.0, clock)).acked == 1
        assert meter.take() == {}
        both.close()
    assert centre.held() == [1, 2, 3, 4]


def test_a_refusal_is_not_asked_for_again_elsewhere() -> None:
    class Refusing(Silent):
        def send(self, data: bytes, deadline: Deadline) -> Answer:
            raise SendError("status", "no", status=401, speaker="centre")

    centre = FakeCentre()
    with pytest.raises(SendError):
        FallbackTransport(Refusing(), FlakyTransport(centre), FakeClock()).send(batch(1), Deadline(1e9))
    assert centre.records == {}


def kid_in_the_clear() -> bytes:
    """A request under a context that nobody has: OSCORE option with a number, a context and a key id."""
    value = bytes([0x19, 1, 8]) + bytes(8) + bytes(6)
    return b"\x40\x02\x00\x03" + bytes([0x9D, len(value) - 13]) + value + b"\xff" + bytes(24)


def asked(port: int, data: bytes) -> bytes:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.settimeout(60)
        sock.sendto(data, ("127.0.0.1", port))
        return sock.recv(2000)


class Tap:
    """Between terminal and centre: remembers what was sent, and may lose the first ones."""

    def __init__(self, centre: int, lose: int = 0, instead: bytes | None = None) -> None:
        self.sent: list[bytes] = []
        self.instead = instead
        """What the terminal hears in the centre's stead; ID stands for the number of its message."""
        self._centre = centre
        self.lose = lose

    def __enter__(self) -> "Tap":
        self._sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._sock.bind(("127.0.0.1", 0))
        self.port = int(self._sock.getsockname()[1])
        self._thread = threading.Thread(target=self._carry)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.sendto(b"stop", ("127.0.0.1", self.port))
        self._thread.join(60)
        self._sock.close()

    def _carry(self) -> None:
        terminal = ("127.0.0.1", 0)
        while True:
            data, who = self._sock.recvfrom(4000)
            if data == b"stop":
                return
            if who[1] == self._centre:
                self._sock.sendto(data, terminal)
                continue
            terminal = who
            self.sent.append(data)
            if self.instead is not None:
                self._sock.sendto(self.instead.replace(b"ID", data[2:4], 1), who)
            elif len(self.sent) > self.lose:
                self._sock.sendto(data, ("127.0.0.1", self._centre))
