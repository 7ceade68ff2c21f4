"""Reports through the fleet's own MQTT 5 broker (docs/mqtt.md): up on one topic, the centre's answer down on another.

Rules: the broker's acknowledgement (PUBACK) means nothing to us: an entry leaves the outbox when the centre says, on
this terminal's own topic, that it is committed. So a broker may lose what it likes, and routine on a connection that
has proved itself travels at QoS 0, without the 73 bytes of a PUBACK. Whatever must not be late, and what is said again,
goes at QoS 1, which a centre that dies leaves to the next one. Nothing is left to the library's memory either: after
any trouble the connection is made anew and the batch is said again, from the outbox.

The connection is ours (names, interface, TLS, byte counts as with HTTPS); paho speaks the protocol on it, and is run
only while something is being said, on this thread. There are no pings: each report is a sign of life, and the keepalive
told to the broker is so long that only a terminal which misses reports is given up, and its will ("gone") published.
"""

import hashlib
import json
import math
from collections.abc import Callable
from dataclasses import field
from pathlib import Path
from typing import Any

from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from agent.clock import Clock, Deadline
from agent.uplink.base import SendError, Sure, always
from agent.uplink.credential import Credential
from agent.uplink.framing import Framing
from agent.uplink.link import Link
from agent.uplink.lookup import Lookup, Resolve, system_resolve
from agent.uplink.meter import Meter
from agent.uplink.opener import Opener
from agent.uplink.tls import TlsSettings, Trust
from agent.uplink.told import host_of, is_routine, told, who_we_are
from agent.wire import Answer
from modem.frozen import dataclass

PREFIX = "posagent/1"
TAG_BYTES = 4
"""Of the SHA-256 of a payload: begins its answer, so that a late answer to another one is not taken for this one's."""
SESSION_S = 7 * 86_400
MAX_PACKET_BYTES = 64 * 1024
_ROOM_BYTES = MAX_PACKET_BYTES + 16 * 1024
_ALIAS = 1
_KEEPALIVE_MAX_S = 65_535
_NOT_ALLOWED = (0x86, 0x87, 0x8A, 0x8C)
"""MQTT 5, 3.2.2.2: bad user name or password, not authorized, banned, bad authentication method."""
_SLICE_S = 1.0


@dataclass(frozen=True, slots=True)
class MqttSettings:
    url: str
    """mqtts://broker.example[:port]."""
    credential_file: Path
    """User name and password at the broker: the terminal's id and its secret."""
    tls: TlsSettings = field(default_factory=TlsSettings)
    bind_interface: str = ""
    heartbeat_s: float = 900.0
    probe_s: float = 225.0
    """The kernel's probes keep the NAT's memory of us warm; 0 = none."""
    retain_state: bool = False
    """Keep the newest verdict at the broker, on `…/state`."""


def parse_broker(url: str) -> tuple[str, int]:
    """Host and port. Raises ValueError with a reason for people."""
    return host_of(url, "mqtts", 8883)


def tag_of(payload: bytes) -> bytes:
    return hashlib.sha256(payload).digest()[:TAG_BYTES]


def state_in(batch: bytes) -> tuple[str, int] | None:
    """The newest verdict that a batch tells, and its wall second; None where it tells none."""
    found = None
    for record in json.loads(batch)["records"]:
        code = record["body"].get({"verdict": "code", "heartbeat": "verdict"}.get(record["type"]))
        if isinstance(code, str):
            found = code, int(record["at"])
    return found


class MqttTransport:
    """A `Transport`. Owned by one thread; raises ValueError at once for an address that cannot be used."""

    def __init__(
        self, settings: MqttSettings, clock: Clock, meter: Meter, resolve: Resolve = system_resolve, sure: Sure = always
    ) -> None:
        self._settings = settings
        self._clock = clock
        host, port = parse_broker(settings.url)
        lookup = Lookup(host, port, clock, meter, resolve)
        self._opener = Opener(host, port, lookup, Trust(settings.tls), clock, meter, settings.bind_interface, sure=sure)
        self._framing = Framing()
        self._line: _Line | None = None

    def send(self, batch: bytes, deadline: Deadline) -> Answer:
        routine = is_routine(batch)
        answer = told(
            self._framing, batch, lambda payload: self._ask(payload, deadline, routine=routine), deadline, self._clock
        )
        if self._settings.retain_state:
            self._retain(batch)
        return answer

    def close(self) -> None:
        if self._line:
            self._line.leave()
            self._line = None

    def _ask(self, payload: bytes, deadline: Deadline, *, routine: bool) -> bytes:
        kept = self._line
        if kept:
            half = Deadline.after(deadline.left(self._clock) / 2, self._clock)
            try:
                return kept.ask(payload, half, qos=0 if routine else 1)
            except SendError as error:
                self._drop()
                if error.kind not in {"lost", "timeout"} or deadline.passed(self._clock):
                    raise
        self._line = line = self._open(deadline)
        try:
            return line.ask(payload, deadline, qos=1)
        except SendError:
            self._drop()
            raise

    def _retain(self, batch: bytes) -> None:
        """For those who watch the broker. The batch is stored by now: what goes wrong here does not repeat it."""
        state = state_in(batch)
        if state is None or self._line is None:
            return
        try:
            self._line.retain(*state)
        except SendError:
            self._drop()

    def _drop(self) -> None:
        if self._line:
            self._line.cut()
            self._line = None

    def _open(self, deadline: Deadline) -> "_Line":
        credential = who_we_are(self._settings.credential_file)
        link = self._opener.open(deadline)
        link.probe_after(self._settings.probe_s)
        line = _Line(link, credential, self._settings, self._clock)
        try:
            line.join(deadline)
        except SendError:
            line.cut()
            raise
        return line


class _Paho(paho.Client):
    """Speaks on a connection that is there already; never makes one of its own."""

    ready: Any = None
    room = 0
    """Bytes that the broker may say until we speak again: it was told how long a packet may be, and may not heed it."""

    def _create_socket(self) -> Any:
        return self.ready

    def _sock_recv(self, bufsize: int) -> bytes:
        data = super()._sock_recv(bufsize)
        self.room -= len(data)
        if self.room < 0:
            raise ConnectionError("more than was asked for")
        return data


class _Line:
    """One connection to the broker."""

    def __init__(self, link: Link, credential: Credential, settings: MqttSettings, clock: Clock) -> None:
        self._link = link
        self._clock = clock
        self._me = f"{PREFIX}/{credential.terminal_id}"
        self._joined: ReasonCode | None = None
        self._aliases = 0
        self._alias_told = False
        self._subscribed = False
        self._retained = ""
        self._answers: dict[bytes, bytes] = {}
        self._keepalive_s = min(_KEEPALIVE_MAX_S, math.ceil(1.5 * settings.heartbeat_s))
        self._client = client = _Paho(
            CallbackAPIVersion.VERSION2, f"posagent-{credential.terminal_id}", protocol=paho.MQTTv5
        )
        client.ready = link.stream()
        client.username_pw_set(credential.terminal_id, credential.secret)
        client.will_set(f"{self._me}/gone", b"", qos=1)
        client.on_connect, client.on_message, client.on_subscribe = (
            self._on_connect,
            self._on_message,
            self._on_subscribe,
        )

    def join(self, deadline: Deadline) -> None:
        """Raises SendError."""
        self._client.room = _ROOM_BYTES
        wishes = Properties(PacketTypes.CONNECT)
        wishes.SessionExpiryInterval, wishes.MaximumPacketSize = SESSION_S, MAX_PACKET_BYTES
        self._do(
            lambda: self._client.connect(
                "broker", 1, self._keepalive_s, clean_start=False, properties=wishes
            )  # name and port are not used
        )
        self._until(lambda: self._joined is not None, deadline)
        reason = self._joined
        if reason is not None and reason.is_failure:
            status = 401 if reason.value in _NOT_ALLOWED else 503
            raise SendError("status", f"the broker says: {reason}", status=status, surely_not_received=True)
        # a session that the broker kept may lack it: the power went before it got there, and no answer would ever come
        self._do(lambda: self._client.subscribe(f"{self._me}/down", qos=0)[0])
        self._until(lambda: self._subscribed, deadline)
        self._link.count("handshake")

    def ask(self, payload: bytes, deadline: Deadline, *, qos: int) -> bytes:
        """The centre's answer to `payload`. Raises SendError."""
        tag = tag_of(payload)
        self._answers.clear()
        self._client.room = _ROOM_BYTES
        topic, properties = self._topic()
        self._do(lambda: self._client.publish(topic, payload, qos=qos, properties=properties).rc)
        self._until(lambda: tag in self._answers, deadline)
        self._link.count("report")
        return self._answers.pop(tag)

    def retain(self, verdict: str, at: int) -> None:
        """Say it to whoever asks the broker, now or later; once for each verdict and connection. Raises SendError."""
        if verdict == self._retained:
            return
        state = json.dumps({"verdict": verdict, "at": at}, separators=(",", ":"))
        self._do(lambda: self._client.publish(f"{self._me}/state", state, qos=0, retain=True).rc)
        self._link.count("report")
        self._retained = verdict

    def leave(self) -> None:
        """In order: the broker does not publish the will."""
        try:
            self._client.disconnect()
            self._client.loop(0.0)
        except (OSError, ValueError):
            pass
        self.cut()

    def cut(self) -> None:
        self._client.ready = None
        self._link.close("report")

    def _topic(self) -> tuple[str, Properties | None]:
        """The topic in full once, then by its number."""
        if not self._aliases:
            return f"{self._me}/up", None
        properties = Properties(PacketTypes.PUBLISH)
        properties.TopicAlias = _ALIAS
        known, self._alias_told = self._alias_told, True
        return "" if known else f"{self._me}/up", properties

    def _do(self, call: Callable[[], MQTTErrorCode]) -> None:
        try:
            done = call()
        except OSError as error:
            raise SendError("lost", f"the connection broke: {error}") from error
        except Exception as error:  # whatever the bytes made the library do
            raise SendError("lost", f"this is no MQTT: {type(error).__name__}") from error
        if done != MQTTErrorCode.MQTT_ERR_SUCCESS:
            raise SendError("lost", f"the connection broke: {paho.error_string(done)}")

    def _until(self, happened: Callable[[], bool], deadline: Deadline) -> None:
        while not happened():
            left = deadline.left(self._clock)
            if left <= 0:
                raise SendError("timeout", "no answer from the centre in time")
            try:
                self._do(lambda left=left: self._client.loop(min(left, _SLICE_S)))  # type: ignore[misc]
            except SendError:
                if not happened():  # a refusal to connect is an event and an error at once
                    raise

    def _on_connect(
        self, _c: object, _u: object, _flags: object, reason: ReasonCode, properties: Properties | None
    ) -> None:
        self._joined = reason
        self._aliases = int(getattr(properties, "TopicAliasMaximum", 0) or 0)

    def _on_subscribe(self, _c: object, _u: object, _mid: int, reasons: list[ReasonCode], _p: object) -> None:
        self._subscribed = all(not reason.is_failure for reason in reasons)

    def _on_message(self, _c: object, _u: object, message: paho.MQTTMessage) -> None:
        said = bytes(message.payload)
        self._answers[said[:TAG_BYTES]] = said[TAG_BYTES:]
