"""A second way in: the fleet's own MQTT 5 broker. Any number of centres share one subscription (docs/mqtt.md).

Who speaks is said by the topic, and that only the terminal itself may write there is the broker's rule (its access
list); whether such a terminal exists and is not revoked is ours. A message is acknowledged to the broker after the
commit: a centre that dies in between leaves it to the next one, and the key drops what comes twice. One over which we
fail is answered and acknowledged too: it must not come again for ever. The answer goes to the terminal's own
topic.
"""

import asyncio
import hashlib
import logging
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from agent.wire import MAX_BODY_BYTES
from central import auth
from central.ingest.words import Words
from central.intake import Intake, Refused
from central.text import printable

PREFIX = "posagent/1"
TAG_BYTES = 4
WAITING = 200
"""Messages that the broker may have given us without our acknowledgement: what it keeps is not our memory."""
MAX_AT_ONCE = 1000
"""Routine (QoS 0) is not held back by the broker: beyond this it is dropped, and the terminal says it again."""
_KEEPALIVE_S = 60
log = logging.getLogger("central.mqtt")


@dataclass(frozen=True, slots=True)
class MqttSettings:
    url: str
    """mqtts://user@host[:port]; mqtt:// only to this machine."""
    password: str = field(default="", repr=False)
    ca_file: str = ""
    group: str = "posagent"


class MqttWay:
    """Started and stopped on the server's loop; paho's own thread only carries bytes."""

    def __init__(self, settings: MqttSettings, intake: Intake) -> None:
        self._settings = settings
        self._intake = intake
        self._words = Words(intake, "mqtt")
        self._tasks: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.connected = asyncio.Event()
        self._client = paho.Client(CallbackAPIVersion.VERSION2, "", protocol=paho.MQTTv5, manual_ack=True)
        self._client.on_connect, self._client.on_message = self._on_connect, self._on_message
        self._client.on_disconnect = self._on_disconnect

    async def start(self) -> None:
        """Returns at once; a broker that is not there is tried again until it is."""
        parts = urlsplit(self._settings.url)
        if parts.username:
            self._client.username_pw_set(parts.username, self._settings.password)
        if parts.scheme == "mqtts":
            self._client.tls_set_context(ssl.create_default_context(cafile=self._settings.ca_file or None))
        wishes = Properties(PacketTypes.CONNECT)
        wishes.ReceiveMaximum, wishes.MaximumPacketSize = WAITING, MAX_BODY_BYTES + 1024
        self._loop = asyncio.get_running_loop()
        port = parts.port or (8883 if parts.scheme == "mqtts" else 1883)
        self._client.connect_async(parts.hostname or "", port, _KEEPALIVE_S, clean_start=True, properties=wishes)
        self._client.reconnect_delay_set(1, 30)
        self._client.loop_start()

    async def run(self) -> None:
        """Until cancelled."""
        await self.start()
        try:
            await asyncio.Event().wait()
        finally:
            await self.stop()

    async def stop(self) -> None:
        """What was taken in is answered; what was not is another centre's."""
        self._client.unsubscribe([self._shared("up"), self._shared("gone")])
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=1.0)
        self._client.disconnect()
        await asyncio.to_thread(self._client.loop_stop)

    def _shared(self, leaf: str) -> str:
        return f"$share/{self._settings.group}/{PREFIX}/+/{leaf}"

    # -- on paho's thread ---------------------------------------------------------------------------------------------

    def _on_connect(self, client: paho.Client, _u: object, _flags: object, reason: Any, _p: object) -> None:
        if reason.is_failure:
            log.error("the broker refuses: %(why)s", {"why": printable(str(reason))})
            return
        client.subscribe([(self._shared("up"), 1), (self._shared("gone"), 1)])
        log.info(
            "listening at the broker %(broker)s",
            {"broker": printable(urlsplit(self._settings.url).hostname or "")},
        )
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self.connected.set)

    def _on_disconnect(self, _c: object, _u: object, _flags: object, reason: Any, _p: object) -> None:
        if reason.is_failure:
            log.warning("the broker is gone: %(why)s", {"why": printable(str(reason))})

    def _on_message(self, _client: object, _u: object, message: paho.MQTTMessage) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._begin, message)

    # -- on the loop --------------------------------------------------------------------------------------------------

    def _begin(self, message: paho.MQTTMessage) -> None:
        if message.qos == 0 and len(self._tasks) >= MAX_AT_ONCE:
            self._intake.metrics.requests[429, "dropped"] += 1
            return
        task = asyncio.get_running_loop().create_task(self._take(message))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _take(self, message: paho.MQTTMessage) -> None:
        terminal, _, leaf = message.topic.removeprefix(f"{PREFIX}/").partition("/")
        try:
            if leaf == "up" and auth.TERMINAL_ID.match(terminal):
                said = await self._answer(terminal, bytes(message.payload))
                self._client.publish(f"{PREFIX}/{terminal}/down", _tag(bytes(message.payload)) + said, qos=0)
            elif leaf == "gone":
                self._intake.metrics.requests[0, "gone"] += 1
                log.info("%(terminal)s was lost by the broker", {"terminal": printable(terminal)})
                await self._intake.store.lost(terminal, int(self._intake.wall()))
        except Exception:
            log.exception("a message could not be handled")
            self._intake.metrics.requests[500, "internal"] += 1
        # whatever became of it: the terminal keeps its records until it is told better, and a message that is never
        # acknowledged would come again with each connection, and hold one of the places for those under way
        self._client.ack(message.mid, message.qos)

    async def _answer(self, terminal: str, payload: bytes) -> bytes:
        """Empty: all is stored and there is nothing to say."""
        try:
            if len(payload) > MAX_BODY_BYTES:
                raise Refused(413, "too_large", f"a body has at most {MAX_BODY_BYTES} bytes")
            known = await self._intake.known(terminal)
            if known is None or known.revoked:
                known = await self._intake.known(terminal, afresh=True)
            if known is None or known.revoked:
                raise Refused(401, "unauthorized", "no such terminal, or its credential is revoked")
            return await self._words.answer(terminal, payload)
        except Refused as refused:
            return self._words.refusal(terminal, refused)


def _tag(payload: bytes) -> bytes:
    return hashlib.sha256(payload).digest()[:TAG_BYTES]


def read_settings(url: str, password_file: str, ca_file: str, group: str) -> MqttSettings:
    """Raises ValueError, OSError."""
    parts = urlsplit(url)
    local = parts.hostname in ("localhost", "127.0.0.1", "::1")
    if parts.scheme not in ("mqtts", "mqtt") or not parts.hostname or (parts.scheme == "mqtt" and not local):
        raise ValueError("mqtt_url: mqtts://user@host[:port], or mqtt:// to this machine")
    password = Path(password_file).read_text(encoding="utf-8").strip() if password_file else ""
    return MqttSettings(url, password, ca_file, group)
