"""MQTT's own: who may write where, the will, topics by number, a broker that goes."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion

from agent.clock import Deadline, SystemClock
from agent.uplink.base import SendError
from agent.uplink.credential import Credential, write_credential
from agent.uplink.meter import Meter
from agent.uplink.mqtt import MqttSettings, MqttTransport, parse_broker, tag_of
from agent.uplink.tls import TlsSettings
from tests.fakes.broker import CENTRE, Broker
from tests.fakes.eventually import eventually
from tests.fakes.http_server import AUTHORITY

CLOCK = SystemClock()
SECRET = "s" * 43
BATCH = json.dumps(
    {"v": 1, "epoch": "0" * 16, "sent_at": 1, "records": [{"seq": 1, "type": "gap", "at": 1, "body": {}}]}
).encode()


class Watcher:
    """A centre that keeps what it hears and answers each message with nothing, which says: stored."""

    def __init__(self, broker: Broker, *, answers: bool = True) -> None:
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
        assert self._subscribed.wait(10)

    def _on_message(self, _c: object, _u: object, message: paho.MQTTMessage) -> None:
        self.heard.append((message.topic, bytes(message.payload)))
        self.qualities.append(message.qos)
        if self._answers and message.topic.endswith("/up"):
            self._client.publish(message.topic.replace("/up", "/down"), tag_of(bytes(message.payload)))

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    with Broker(tmp_path, {"T1": SECRET, "T2": SECRET}) as running:
        yield running


@pytest.fixture
def centre(broker: Broker) -> Iterator[Watcher]:
    made = Watcher(broker)
    yield made
    made.close()


def transport(broker: Broker, folder: Path, terminal: str = "T1") -> MqttTransport:
    credential = folder / f"{terminal}.credential"
    write_credential(credential, Credential(terminal, SECRET))
    return MqttTransport(MqttSettings(broker.url, credential, TlsSettings(AUTHORITY)), CLOCK, Meter())


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


def test_without_the_centres_answer_nothing_is_acknowledged(broker: Broker, tmp_path: Path) -> None:
    silent = Watcher(broker, answers=False)
    line = transport(broker, tmp_path)
    with pytest.raises(SendError) as failure:
        line.send(BATCH, soon(2.0))
    assert failure.value.kind == "timeout"
    assert silent.heard
    silent.close()
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
