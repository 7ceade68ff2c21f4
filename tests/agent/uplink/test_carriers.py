"""What every carrier promises the sender, against a real `posagent-central serve`, and a real broker in between."""

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from agent.cli.demo import free_port
from agent.clock import Deadline, SystemClock
from agent.outbox.base import Record, RecordClass
from agent.outbox.sqlite import SqliteOutbox
from agent.uplink.base import SendError, Transport
from agent.uplink.coap import CoapSettings, CoapTransport
from agent.uplink.credential import read_credential, write_credential
from agent.uplink.http import HttpSettings, HttpTransport
from agent.uplink.meter import Meter
from agent.uplink.mqtt import MqttSettings, MqttTransport
from agent.uplink.retry import Pace
from agent.uplink.sender import Sender, SenderSettings
from agent.uplink.tls import TlsSettings
from agent.wire import Answer, stored
from tests.fakes.broker import CENTRE, Broker
from tests.fakes.centre_process import CentreProcess
from tests.fakes.eventually import eventually
from tests.fakes.http_server import AUTHORITY

CLOCK = SystemClock()
EPOCH = "00000000000000aa"


@dataclass
class World:
    centre: CentreProcess
    credential: Path
    make: Callable[[Path], Transport]
    meter: Meter

    def transport(self) -> Transport:
        return self.make(self.credential)

    def held(self) -> list[int]:
        return [int(record["seq"]) for record in self.centre.records("T1")]


def http(stack: ExitStack, folder: Path, meter: Meter) -> World:
    centre = CentreProcess(folder)
    stack.callback(centre.stop)
    credential = centre.register("T1")
    centre.start()
    return World(centre, credential, lambda path: HttpTransport(HttpSettings(centre.url, path), CLOCK, meter), meter)


def mqtt(stack: ExitStack, folder: Path, meter: Meter) -> World:
    centre = CentreProcess(folder)
    stack.callback(centre.stop)
    credential = centre.register("T1")
    broker = stack.enter_context(Broker(folder, {"T1": read_credential(credential).secret}))
    (folder / "password").write_text(CENTRE[1])
    url = broker.url.replace("//", f"//{CENTRE[0]}@")
    centre.flags = (
        "--mqtt-url",
        url,
        "--mqtt-ca-file",
        str(AUTHORITY),
        "--mqtt-password-file",
        str(folder / "password"),
    )
    centre.start()
    eventually(lambda: "SUBSCRIBE" in broker.log(), f"the centre listens at the broker\n{broker.log()}")
    tls = TlsSettings(AUTHORITY)
    return World(
        centre, credential, lambda path: MqttTransport(MqttSettings(broker.url, path, tls), CLOCK, meter), meter
    )


def coap(stack: ExitStack, folder: Path, meter: Meter) -> World:
    centre = CentreProcess(folder)
    stack.callback(centre.stop)
    credential = centre.register("T1")
    port = free_port(socket.SOCK_DGRAM)
    centre.flags = ("--coap-listen", f"127.0.0.1:{port}")
    centre.start()
    url = f"coap+oscore://127.0.0.1:{port}"
    eventually(lambda: "udp port" in (folder / "centre.log").read_text(), "the centre listens for datagrams")

    def make(path: Path) -> Transport:
        return CoapTransport(CoapSettings(url, path, folder / f"{path.name}.coap.json"), CLOCK, meter)

    return World(centre, credential, make, meter)


WORLDS = {"http": http, "mqtt": mqtt, "coap": coap}


@pytest.fixture(params=WORLDS)
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    with ExitStack() as stack:
        yield WORLDS[request.param](stack, tmp_path, Meter())


def batch(*seqs: int, kind: str = "heartbeat", at: float | None = None) -> bytes:
    now = int(CLOCK.wall() if at is None else at)
    body = {"next_due_s": 900, "agent": "0.1.0", "verdict": "ok", "rsrp_dbm": -90.0}
    records = [{"seq": seq, "type": kind, "at": now, "body": body} for seq in seqs]
    return json.dumps({"v": 1, "epoch": EPOCH, "sent_at": now, "records": records}).encode()


def soon() -> Deadline:
    return Deadline.after(60.0, CLOCK)


def test_what_is_answered_is_stored(world: World) -> None:
    transport = world.transport()
    assert transport.send(batch(1, 2), soon()).acked == 2
    assert world.held() == [1, 2]
    transport.close()


def test_many_one_after_the_other_and_repeats_change_nothing(world: World) -> None:
    transport = world.transport()
    for seq in (1, 2, 3, 3, 4):
        assert transport.send(batch(seq), soon()).acked == 1
    assert world.held() == [1, 2, 3, 4]
    transport.close()


def test_a_centre_that_was_restarted_is_found_again(world: World) -> None:
    transport = world.transport()
    transport.send(batch(1), soon())
    transport.send(batch(2), soon())
    world.centre.stop()
    world.centre.start()
    for seq in (3, 4):
        eventually(lambda seq=seq: sent(transport, batch(seq)), "it is taken again")  # type: ignore[misc]
    assert world.held() == [1, 2, 3, 4]
    transport.close()


def sent(transport: Transport, data: bytes) -> bool:
    try:
        return transport.send(data, Deadline.after(10.0, CLOCK)).acked == 1
    except SendError:
        return False


def test_a_record_that_is_rejected_is_named(world: World) -> None:
    transport = world.transport()
    bad = json.loads(batch(1, 2))
    bad["records"][1]["body"] = {"next_due_s": 0}
    answer = transport.send(json.dumps(bad).encode(), soon())
    assert ([one.seq for one in answer.rejected], answer.acked) == ([2], 1)
    transport.close()


def test_a_wrong_credential_is_said_to_be_one(world: World, tmp_path: Path) -> None:
    held = read_credential(world.credential)
    other = tmp_path / "other"
    write_credential(other, type(held)(held.terminal_id, "x" * 43))
    transport = world.make(other)
    with pytest.raises(SendError) as refusal:
        transport.send(batch(1), soon())
    assert refusal.value.status == 401
    assert world.held() == []
    transport.close()


def test_a_clock_that_is_wrong_is_told_the_time(world: World) -> None:
    transport = world.transport()
    transport.send(batch(1), soon())
    transport.send(batch(2), soon())
    told = transport.send(batch(3, at=1_000_000_000), soon()).server_time
    assert told is not None
    assert abs(told - CLOCK.wall()) < 60
    transport.close()


def test_no_credential_is_no_connection(world: World, tmp_path: Path) -> None:
    transport = world.make(tmp_path / "none")
    with pytest.raises(SendError) as refusal:
        transport.send(batch(1), soon())
    assert refusal.value.kind == "credential"
    assert world.meter.snapshot() == {}
    transport.close()


def test_bytes_are_counted(world: World) -> None:
    transport = world.transport()
    transport.send(batch(1), soon())
    transport.send(batch(2), soon())
    transport.close()
    counted = world.meter.snapshot()
    assert counted["report"].total > 100


class Spy:
    """Notes the batches on their way through a transport; the first ones get lost on the way back."""

    def __init__(self, transport: Transport, lose: int) -> None:
        self.batches: list[list[int]] = []
        self._transport = transport
        self._lose = lose

    def send(self, data: bytes, deadline: Deadline) -> Answer:
        self.batches.append([record["seq"] for record in json.loads(data)["records"]])
        answer = self._transport.send(data, deadline)
        if len(self.batches) <= self._lose:
            raise SendError("lost", "the answer got lost")
        return answer

    def close(self) -> None:
        self._transport.close()


def test_the_important_goes_first_and_everything_arrives_once(world: World, tmp_path: Path) -> None:
    spy, box = Spy(world.transport(), lose=2), SqliteOutbox(tmp_path / "outbox.db")
    sender = Sender(box, spy, SenderSettings(batch_records=2, pace=Pace(0.0, 0.0)), CLOCK, Random(0))
    at = CLOCK.wall()
    for value in range(4):
        box.put(Record(RecordClass.HISTORY, at, stored("heartbeat", at, beat(value))))
    change = box.put(Record(RecordClass.CHANGE, at, stored("card", at, {"iccid": "8986"})))

    def drained() -> bool:
        sender.poke(CLOCK.monotonic(), force=True)
        sender.step(CLOCK.monotonic())
        return not sum(box.stats().waiting.values())

    eventually(drained, "nothing waits any more")
    assert spy.batches[0][0] == change.seq
    assert sorted(world.held()) == [1, 2, 3, 4, 5]
    assert box.quarantine(10) == []
    box.close()
    spy.close()


def beat(used: int) -> dict[str, object]:
    return {"next_due_s": 900, "agent": "0.1.0", "verdict": "ok", "used_bytes": used}
