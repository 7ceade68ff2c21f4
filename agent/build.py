"""The daemon's parts, each built from the configuration: which transport, which way to the modem, what to do when the
disk refuses. What brings large libraries is imported only where the configuration asks for it.
"""

import os
from collections.abc import Callable
from contextlib import suppress
from dataclasses import field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from agent import state
from agent.clock import Clock
from agent.log import logger
from agent.outbox.batch import BatchingOutbox
from agent.outbox.fallback import FallbackOutbox
from agent.outbox.sqlite import SqliteOutbox
from agent.plan.desk import Desk
from agent.plan.ledger import Ledger, LedgerError
from agent.plan.store import PlanStore, PlanStoreError
from agent.recover.hold import Line, Speaker
from agent.sdnotify import Notifier
from agent.settings import Config
from agent.sparing import without
from agent.unlock import Unlock
from agent.uplink.meter import Meter
from agent.uplink.sender import Sender, SenderStatus
from agent.watch import Watch, WatchSettings
from agent.wire import Answer
from agent.worker import Body, Worker
from agent.workers.card_gate import CardGate
from agent.workers.modem import ModemBody
from agent.workers.opening import ModemSettings, Opener
from agent.workers.orders import Look
from agent.workers.uplink import UplinkBody
from modem.frozen import dataclass
from modem.port import SerialPort

if TYPE_CHECKING:
    from agent.uplink.base import Sure, Transport
    from agent.uplink.enrol import EnrolSettings
    from agent.workers.modemmanager import ManagerBody

MODEM_ALLOWED_S = 240.0
"""The longest raw command (180 s: a network scan by a person), and a look."""
SENDING_ALLOWED_S = 60.0
CONTROL_ALLOWED_S = 30.0


@dataclass(slots=True)
class Parts:
    """What a daemon is made of; a test may bring its own clock, notifier and ports."""

    clock: Clock
    notifier: Notifier = field(default_factory=Notifier.taken)
    opener: Opener | None = None
    hurry: float = 1.0
    exit: Callable[[int], object] = os._exit


def folders(config: Config) -> None:
    with suppress(OSError):  # a disk that is read-only or full: the outbox says so, and we go on in memory
        config.state_dir.mkdir(parents=True, exist_ok=True)
    config.run_dir.mkdir(parents=True, exist_ok=True)


def outbox(config: Config, clock: Clock) -> BatchingOutbox:
    return BatchingOutbox(
        FallbackOutbox(lambda: SqliteOutbox(config.outbox_file), clock.monotonic),
        config.outbox.routine_write_records,
        config.outbox.routine_write_s,
    )


# -- watching ---------------------------------------------------------------------------------------------------------


def watch(
    config: Config, parts: Parts, waiting: BatchingOutbox, meter: Meter, sending: Callable[[], SenderStatus | None]
) -> Watch:
    kept = state.load(config.state_dir / "state.json") or state.Kept()
    settings = WatchSettings.of(config, parts.hurry)
    desk = Desk(config.desk_settings(), plan_store(config))
    return Watch(config, settings, parts.clock, waiting, ledger(config), meter, sending, kept, at_desk=desk)


def ledger(config: Config) -> Ledger:
    """In memory where the disk refuses: what is counted then is forgotten with the process."""
    try:
        return Ledger(config.ledger_file, config.terminal.timezone)
    except LedgerError as error:
        logger("daemon").error("ledger", why=str(error))
        return Ledger(None, config.terminal.timezone)


def plan_store(config: Config) -> PlanStore:
    """In memory where the disk refuses: the card is watched all the same."""
    try:
        store = PlanStore(config.plan_file)
    except PlanStoreError as error:
        logger("daemon").error("plan", why=str(error))
        return PlanStore(None)
    if store.problem:
        logger("daemon").error("plan", why=store.problem)
    return store


# -- sending ----------------------------------------------------------------------------------------------------------


def uplink(
    config: Config,
    clock: Clock,
    waiting: BatchingOutbox,
    meter: Meter,
    hear: Callable[[Answer], None],
    line: Line,
    card: CardGate,
) -> UplinkBody | None:
    """None without a centre. Raises ValueError for an address that nothing here can speak to."""
    if not config.uplink.url:
        return None
    try:
        way = transport(config, clock, meter, card.settled)
    except ImportError as error:
        raise ValueError(f"uplink.url {config.uplink.url}: {error.name} is not installed here") from None
    random = Random()  # noqa: S311 - spreads a fleet, keeps no secret
    sender = Sender(waiting, way, config.sender_settings(), clock, random, meter, hear, card.sure)
    return UplinkBody(sender, way, clock, Speaker(line, "uplink"), card)


def transport(config: Config, clock: Clock, meter: Meter, sure: "Sure") -> "Transport":
    """As the address says. Raises ValueError, ImportError."""
    if config.uplink.url.startswith("mqtts:"):
        from agent.uplink.mqtt import MqttTransport  # noqa: PLC0415 - brings paho, only with a broker

        return MqttTransport(config.mqtt_settings(), clock, meter, sure=sure)
    if config.uplink.url.startswith("coap+oscore:"):
        return _lean(config, clock, meter, sure)
    return _https(config, clock, meter, sure)


def _https(config: Config, clock: Clock, meter: Meter, sure: "Sure") -> "Transport":
    with without("_hashlib"):  # OpenSSL's digests beside Python's own: 0.7 MB
        from agent.uplink.http import HttpTransport  # noqa: PLC0415 - brings ssl, only with a centre

    return HttpTransport(config.http_settings(), clock, meter, sure=sure)


def _lean(config: Config, clock: Clock, meter: Meter, sure: "Sure") -> "Transport":
    """CoAP; by HTTPS where UDP does not get through, if there is such a way."""
    with without("_hashlib", "ssl"):  # asyncio's TLS, which CoAP has no use for, and OpenSSL's digests: 5 MB
        from agent.uplink.coap import CoapTransport  # noqa: PLC0415 - brings aiocoap and cryptography

    lean = CoapTransport(config.coap_settings(), clock, meter, sure=sure)
    if not config.uplink.https_url:
        return lean
    from agent.uplink.fallback import FallbackTransport  # noqa: PLC0415

    return FallbackTransport(lean, _https(config, clock, meter, sure), clock)


def enrol_settings(config: Config) -> "EnrolSettings | None":
    """None where there is no HTTPS way to the centre."""
    settings = config.enrol_settings()
    return settings if settings.url.startswith("http") else None


# -- the modem --------------------------------------------------------------------------------------------------------


def modem(
    config: Config,
    parts: Parts,
    publish: Callable[[Look], None],
    line: Line,
    doubt: Callable[[], object],
    seen: Callable[[float, str | None], bool],
) -> "ModemBody | ManagerBody":
    speaker = Speaker(line, "modem")
    if config.modem.backend == "modemmanager":
        from agent.workers.modemmanager import ManagerBody, ManagerSettings  # noqa: PLC0415 - only where it is used

        through = ManagerSettings(
            config.modem.port, config.sample.light_s, config.sample.deep_s, config.modem.measure_signal_s
        )
        return ManagerBody(through, parts.clock, publish, line=speaker, seen=seen)
    settings = ModemSettings(
        config.modem.port, config.modem.baud, config.sample.light_s, config.sample.deep_s,
        config.modem.command_timeout_s, config.modem.restore_settings, config.modem.announce_messages,
        config.state_dir,
    )  # fmt: skip
    unlock = Unlock(Path(config.modem.pin_file), config.state_dir) if config.modem.pin_file else None
    return ModemBody(
        settings, parts.clock, publish, parts.opener or opener(config), unlock=unlock, line=speaker, doubt=doubt,
        seen=seen,
    )  # fmt: skip


def opener(config: Config) -> Opener | None:
    """None: as the worker opens ports by itself."""
    if not config.modem.inhibit_modemmanager:
        return None
    from agent.workers.truce import Truce  # noqa: PLC0415 - only where it is wanted

    return Truce(lambda device: SerialPort(device, config.modem.baud)).open


def workers(config: Config, clock: Clock, at_modem: Body, at_socket: Body, sender: UplinkBody | None) -> list[Worker]:
    made = [
        Worker("modem", at_modem, clock, MODEM_ALLOWED_S),
        Worker("control", at_socket, clock, CONTROL_ALLOWED_S),
    ]
    if sender:
        made.append(Worker("uplink", sender, clock, config.uplink.timeout_s + SENDING_ALLOWED_S))
    return made
