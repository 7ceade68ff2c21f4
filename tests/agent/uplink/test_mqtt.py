"""MQTT's own: who may write where, the will, topics by number, a broker that goes."""

import asyncio
import json
import socket
import ssl
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TypeVar

import pytest
from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from agent.clock import Deadline, SystemClock
from agent.uplink.base import SendError
from agent.uplink.credential import Credential, write_credential
from agent.uplink.meter import Meter
from agent.uplink.mqtt import MqttSettings, MqttTransport, parse_broker, tag_of
from agent.uplink.tls import TlsSettings
from central import auth
from central.app import make_intake
from central.config import Settings
from central.ingest.mqtt import MqttSettings as CentreMqtt
from central.ingest.mqtt import MqttWay
from central.intake import Intake
from central.store.base import Delivery, Receipt
from central.store.sqlite import SqliteStore
from tests.central.helpers import a_store
from tests.fakes.broker import CENTRE, Broker
from tests.fakes.eventually import eventually
from tests.fakes.http_server import AUTHORITY, TLS

CLOCK = SystemClock()
T = TypeVar("T")
SECRET = "s" * 43
BATCH = json.dumps(
    {"v": 1, "epoch": "0" * 16, "sent_at": 1, "records": [{"seq": 1, "type": "gap", "at": 1, "body": {}}]}
).encode()


class Watcher:
    """A centre that keeps what it hears and answers each message with nothing, which says: stored; or with `says`."""

    def __init__(self, broker: Broker, *, answers: bool = True) -> None:
        self.says: Callable[[bytes], bytes] = tag_of
        self.heard: list[tuple[str, bytes]] = []
        self.qualities: list[int] = []
        self._answers = answers
        self._subscribed = threading.Event()
        self._client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
        self._client.tls_set(str(AUTHORITY))
        self._client.username_pw_set(*CENTRE)
        self._client.on_message = self._on_message
        self._client.on_subscribe = lambda *_: self._subscribed.set()
        self._client.connect("localhost", broker.port)
        self._client.subscribe([("posagent/1/+/up", 1), ("posagent/1/+/gone", 1)])
        self._client.loop_start()
        assert self._subscribed.wait(60)

    def _on_message(self, _c: object, _u: object, message: paho.MQTTMessage) -> None:
        self.heard.append((message.topic, bytes(message.payload)))
        self.qualities.append(message.qos)
        if self._answers and message.topic.endswith("/up"):
            self._client.publish(message.topic.replace("/up", "/down"), self.says(bytes(message.payload)))

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@contextmanager
def way_in(broker: Broker, folder: Path) -> Iterator[Intake]:
    """The real one, on a loop of its own."""
    with a_store(folder / "central.db") as store, LoopThread() as loop:
        if loop.run(store.credential("T1")) is None:
            loop.run(store.add_terminal("T1", "", auth.digest(SECRET), 1))
        intake = make_intake(Settings(), store)
        settings = CentreMqtt(broker.url.replace("//", f"//{CENTRE[0]}@"), CENTRE[1], str(AUTHORITY))
        way = MqttWay(settings, intake)
        loop.run(way.start())
        loop.run(asyncio.wait_for(way.connected.wait(), 10))
        try:
            yield intake
        finally:
            loop.run(way.stop())


class LoopThread:
    def __enter__(self) -> "LoopThread":
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(60)
        self._loop.close()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)


class Impostor:
    """Speaks TLS with our certificate, and then says `said` and nothing more."""

    def __init__(self, said: bytes) -> None:
        self._said = said

    def __enter__(self) -> "Impostor":
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(60)

    def _serve(self) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(TLS / "server.pem")
        with suppress(OSError):
            while True:
                sock, _ = self._listener.accept()
                with suppress(OSError), sock, context.wrap_socket(sock, server_side=True) as line:
                    line.recv(2000)
                    line.sendall(self._said)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    with Broker(tmp_path, {"T1": SECRET, "T2": SECRET, "watcher": SECRET}) as running:
        yield running


@pytest.fixture
def centre(broker: Broker) -> Iterator[Watcher]:
    made = Watcher(broker)
    yield made
    made.close()


def transport(broker: Broker, folder: Path, terminal: str = "T1", *, retain: bool = False) -> MqttTransport:
    credential = folder / f"{terminal}.credential"
    write_credential(credential, Credential(terminal, SECRET))
    settings = MqttSettings(broker.url, credential, TlsSettings(AUTHORITY), retain_state=retain)
    return MqttTransport(settings, CLOCK, Meter())


@contextmanager
def watching(broker: Broker, topic: str, heard: list[tuple[str, object, bool]]) -> Iterator[None]:
    """Somebody else who may read: topic, what it says, and whether it was kept for him."""
    subscribed = threading.Event()
    client = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
    client.tls_set(str(AUTHORITY))
    client.username_pw_set("watcher", SECRET)
    client.on_message = lambda _c, _u, message: heard.append(
        (message.topic, json.loads(message.payload), message.retain)
    )
    client.on_subscribe = lambda *_: subscribed.set()
    client.connect("localhost", broker.port)
    client.subscribe(topic, 0)
    client.loop_start()
    try:
        assert subscribed.wait(60)
        yield
    finally:
        client.disconnect()
        client.loop_stop()


def told_of(kind: str, body: dict[str, object]) -> bytes:
    record = {"seq": 1, "type": kind, "at": 7, "body": body}
    return json.dumps({"v": 1, "epoch": "0" * 16, "sent_at": 1, "records": [record]}).encode()


def soon(seconds: float = 15.0) -> Deadline:
    return Deadline.after(seconds, CLOCK)


def test_the_topic_is_said_once_a_connection(broker: Broker, centre: Watcher, tmp_path: Path) -> None:
    line = transport(broker, tmp_path)
    for _ in range(3):
        assert line.send(BATCH, soon()).acked == 1
    line.close()
    assert [topic for topic, _ in centre.heard] == ["posagent/1/T1/up"] * 3


def test_routine_needs_no_word_of_the_broker_and_a_change_does(broker: Broker, centre: Watcher, tmp_path: Path) -> None:
    line = transport(broker, tmp_path)
    for type_ in ("heartbeat", "heartbeat", "verdict", "heartbeat"):
        assert line.send(BATCH.replace(b'"gap"', f'"{type_}"'.encode()), soon()).acked == 1
    line.close()
    assert centre.qualities == [1, 0, 1, 0]  # the first on a connection that has yet to prove itself


def test_a_terminal_that_is_cut_off_is_announced_and_one_that_leaves_is_not(
    broker: Broker, centre: Watcher, tmp_path: Path
) -> None:
    leaving, cut = transport(broker, tmp_path), transport(broker, tmp_path, "T2")
    leaving.send(BATCH, soon())
    cut.send(BATCH, soon())
    leaving.close()
    cut._drop()
    eventually(lambda: ("posagent/1/T2/gone", b"") in centre.heard, f"the will is published\n{broker.log()}")
    assert ("posagent/1/T1/gone", b"") not in centre.heard


def test_the_newest_verdict_is_kept_at_the_broker_for_who_comes_later(
    broker: Broker, centre: Watcher, tmp_path: Path
) -> None:
    line = transport(broker, tmp_path, retain=True)
    for kind, body in (
        ("heartbeat", {"verdict": "ok"}),
        ("verdict", {"code": "signal.weak"}),
        ("heartbeat", {"verdict": "signal.weak"}),
    ):
        line.send(told_of(kind, body), soon())
    late: list[tuple[str, object, bool]] = []
    with watching(broker, "posagent/1/T1/state", late):
        eventually(lambda: late, "the broker tells who comes later")
    line.close()
    assert late == [("posagent/1/T1/state", {"verdict": "signal.weak", "at": 7}, True)]


def test_nothing_is_kept_there_unasked(broker: Broker, centre: Watcher, tmp_path: Path) -> None:
    heard: list[tuple[str, object, bool]] = []
    with watching(broker, "posagent/1/+/state", heard):
        asked, line = transport(broker, tmp_path, "T2", retain=True), transport(broker, tmp_path)
        line.send(told_of("heartbeat", {"verdict": "ok"}), soon())
        asked.send(told_of("heartbeat", {"verdict": "ok"}), soon())
        eventually(lambda: heard, "the one that was asked is heard")
        line.close()
        asked.close()
    assert [topic for topic, _, _ in heard] == ["posagent/1/T2/state"]


def test_without_the_centres_answer_nothing_is_acknowledged(broker: Broker, tmp_path: Path) -> None:
    silent = Watcher(broker, answers=False)
    line = transport(broker, tmp_path)
    with pytest.raises(SendError) as failure:
        line.send(BATCH, soon(6.0))
    assert failure.value.kind == "timeout"
    assert silent.heard
    silent.close()
    line.close()


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (b"", "timeout"),
        (b"\x00\x01", "timeout"),
        (b"xxxx", "timeout"),  # the answer to something else
        (b"xxxx" + b"{" * 70_000, "timeout"),  # more than we told the broker to bring
        (b"TAG<html>Please log in</html>", "answer"),
        (b"TAG\xff\x00garbage", "answer"),
        (b"TAG" + b"[" * 50_000, "answer"),
        (b"TAG[]", "answer"),
        (b'TAG{"v":99}', "answer"),
        (b'TAG{"v":1,"acked":-1,"server_time":1}', "answer"),
        (b'TAG{"error":{"code":"unavailable","message":"later"},"status":503,"retry_after_s":9}', "status"),
        (b'TAG{"error":{},"status":"what"}', "status"),
    ],
)
def test_bad_answers_acknowledge_nothing_and_the_next_good_one_counts(
    said: bytes, kind: str, broker: Broker, centre: Watcher, tmp_path: Path
) -> None:
    line = transport(broker, tmp_path)
    centre.says = lambda heard: said.replace(b"TAG", tag_of(heard), 1)
    with pytest.raises(SendError) as failure:
        line.send(BATCH, soon(1.0 if kind == "timeout" else 15.0))
    assert failure.value.kind == kind
    centre.says = tag_of
    assert line.send(BATCH, soon()).acked == 1
    line.close()


@pytest.mark.parametrize(
    "said", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x20\xff\xff\xff\xff", b"\x20\x02\x00\x00"]
)
def test_who_is_no_broker_costs_no_more_than_the_send(said: bytes, tmp_path: Path) -> None:
    write_credential(tmp_path / "c", Credential("T1", SECRET))
    with Impostor(said) as impostor:
        url = f"mqtts://localhost:{impostor.port}"
        line = MqttTransport(MqttSettings(url, tmp_path / "c", TlsSettings(AUTHORITY)), CLOCK, Meter())
        with pytest.raises(SendError) as failure:
            line.send(BATCH, soon(5.0))
        assert failure.value.kind in {"lost", "timeout", "status"}
        line.close()


def test_a_report_over_which_the_centre_fails_comes_no_more_and_others_arrive(
    broker: Broker, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tries = 0
    real = SqliteStore.commit

    async def failing(store: SqliteStore, heard: Delivery) -> Receipt:
        nonlocal tries
        if any(report.seq == 2 for report in heard.reports):
            tries += 1
            raise RuntimeError("a bug")
        return await real(store, heard)

    monkeypatch.setattr(SqliteStore, "commit", failing)
    line, met = transport(broker, tmp_path), []
    with way_in(broker, tmp_path) as intake:
        for seq in (2, 2, 2, 3):
            try:
                line.send(BATCH.replace(b'"seq": 1', b'"seq": %d' % seq), soon())
            except SendError as refusal:
                met.append((refusal.status, refusal.code))
        counted = dict(intake.metrics.requests)
    with way_in(broker, tmp_path):  # the broker would give out again what was not acknowledged
        line.send(BATCH.replace(b'"seq": 1', b'"seq": 4'), soon())
    line.close()
    assert met == [(500, "internal"), (500, "internal"), (422, "not_handled")]
    assert (counted[500, "internal"], counted[422, "not_handled"], counted[200, ""]) == (2, 1, 1)
    assert tries == 3


def test_a_session_that_lacks_the_subscription_gets_it(broker: Broker, centre: Watcher, tmp_path: Path) -> None:
    """The power went between CONNECT and SUBSCRIBE, and the broker kept the session."""
    client = paho.Client(CallbackAPIVersion.VERSION2, "posagent-T1", protocol=paho.MQTTv5)
    client.tls_set(str(AUTHORITY))
    client.username_pw_set("T1", SECRET)
    wishes = Properties(PacketTypes.CONNECT)
    wishes.SessionExpiryInterval = 3600
    client.connect("localhost", broker.port, clean_start=False, properties=wishes)
    eventually(lambda: client.loop(0.1) == 0 and client.is_connected(), "the session is there")
    client.disconnect()
    client.loop(0.1)
    line = transport(broker, tmp_path)
    assert line.send(BATCH, soon()).acked == 1
    line.close()


def test_a_broker_that_was_restarted_is_found_again_in_the_same_send(broker: Broker, tmp_path: Path) -> None:
    line = transport(broker, tmp_path)
    first = Watcher(broker)
    line.send(BATCH, soon())
    first.close()
    broker.stop()
    broker.start()
    second = Watcher(broker)
    assert line.send(BATCH, soon()).acked == 1
    second.close()
    line.close()


def test_a_stolen_password_writes_and_reads_under_its_own_name_only(
    broker: Broker, centre: Watcher, tmp_path: Path
) -> None:
    thief = paho.Client(CallbackAPIVersion.VERSION2, protocol=paho.MQTTv5)
    granted: list[bool] = []
    thief.on_subscribe = lambda _c, _u, _m, reasons, _p: granted.extend(not reason.is_failure for reason in reasons)
    thief.tls_set(str(AUTHORITY))
    thief.username_pw_set("T2", SECRET)
    thief.connect("localhost", broker.port)
    thief.loop_start()
    thief.publish("posagent/1/T1/up", BATCH, qos=1).wait_for_publish(10)
    thief.publish("posagent/1/T2/up", b"mine", qos=1).wait_for_publish(10)
    eventually(lambda: centre.heard, "its own name is heard")
    assert centre.heard == [("posagent/1/T2/up", b"mine")]
    thief.disconnect()
    thief.loop_stop()


def test_a_broker_of_another_name_is_not_trusted(broker: Broker, tmp_path: Path) -> None:
    credential = tmp_path / "c"
    write_credential(credential, Credential("T1", SECRET))
    line = MqttTransport(MqttSettings(broker.url, credential, TlsSettings()), CLOCK, Meter())
    with pytest.raises(SendError) as failure:
        line.send(BATCH, soon())
    assert failure.value.kind == "tls"
    line.close()


@pytest.mark.parametrize("url", ["mqtt://b", "mqtts://", "mqtts://u@b", "mqtts://b/x", "mqtts://b:99999", "https://b"])
def test_what_is_no_broker_is_refused_at_once(url: str) -> None:
    with pytest.raises(ValueError, match=r"mqtts://|port"):
        parse_broker(url)
