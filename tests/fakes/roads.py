"""The ways from a terminal to its centre, each with somebody rude on it: HTTP, HTTPS, CoAP under OSCORE, MQTT."""

import socket
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Protocol
from unittest import mock

from agent.cli.demo import free_port
from agent.clock import Clock
from agent.uplink import coap
from agent.uplink.base import Transport
from agent.uplink.coap import CoapSettings, CoapTransport
from agent.uplink.credential import read_credential
from agent.uplink.http import HttpSettings, HttpTransport
from agent.uplink.meter import Meter
from agent.uplink.mqtt import MqttSettings, MqttTransport
from agent.uplink.tls import TlsSettings
from tests.fakes.broker import CENTRE, Broker
from tests.fakes.http_server import AUTHORITY, TLS
from tests.fakes.rude_datagrams import RudeDatagrams
from tests.fakes.rude_proxy import RudeProxy
from tests.fakes.rude_relay import RudeRelay


class Rude(Protocol):
    """`centre` is the port that it leads to, `done` what it did and how often."""

    centre: int
    chance: float
    done: Counter[str]
    port: int


@dataclass
class Road:
    url: str
    """For the terminal."""
    rude: Rude
    flags: tuple[str, ...] = ()
    """Of `posagent-central serve`."""
    broker: Broker | None = None

    def lead_to(self, port: int) -> None:
        """Where the centre listens for HTTP now; the other ways have fixed places."""
        if self.url.startswith("http"):
            self.rude.centre = port

    @property
    def reused(self) -> int | None:
        """Numbers of OSCORE that were used twice; None where there are none."""
        return self.rude.reused() if isinstance(self.rude, RudeDatagrams) else None


def transport(url: str, folder: Path, clock: Clock, random: Random) -> Transport:
    """As the address says, with the credential in `folder`; by HTTP half of them ask for a stream."""
    credential, tls = folder / "credential", TlsSettings(AUTHORITY)
    if url.startswith("coap"):
        return CoapTransport(CoapSettings(url, credential, folder / "coap.json"), clock, Meter(), random=random)
    if url.startswith("mqtt"):
        return MqttTransport(MqttSettings(url, credential, tls), clock, Meter())
    return HttpTransport(HttpSettings(url, credential, tls, stream_after=random.choice((0, 1))), clock, Meter())


@contextmanager
def http(_folder: Path, random: Random, chance: float) -> Iterator[Road]:
    with RudeProxy(0, random, chance) as rude:
        yield Road(f"http://localhost:{rude.port}", rude)


@contextmanager
def https(_folder: Path, random: Random, chance: float) -> Iterator[Road]:
    pem = str(TLS / "server.pem")
    with RudeRelay(0, random, chance) as rude:
        yield Road(f"https://localhost:{rude.port}", rude, ("--tls-cert", pem, "--tls-key", pem))


@contextmanager
def datagrams(_folder: Path, random: Random, chance: float) -> Iterator[Road]:
    """Repeated sooner than in the field: no radio has to wake here, and a report has a second."""
    port = free_port(socket.SOCK_DGRAM)
    with RudeDatagrams(port, random, chance) as rude, mock.patch.object(coap, "ACK_TIMEOUT_S", 0.2):
        yield Road(f"coap+oscore://127.0.0.1:{rude.port}", rude, ("--coap-listen", f"127.0.0.1:{port}"))


@contextmanager
def mqtt(folder: Path, random: Random, chance: float) -> Iterator[Road]:
    """The rude one is between terminal and broker; broker and centre are neighbours."""
    known = read_credential(folder / "credential")
    (folder / "password").write_text(CENTRE[1])
    with Broker(folder, {known.terminal_id: known.secret}) as broker, RudeRelay(broker.port, random, chance) as rude:
        flags = (
            "--mqtt-url", broker.url.replace("//", f"//{CENTRE[0]}@"), "--mqtt-ca-file", str(AUTHORITY),
            "--mqtt-password-file", str(folder / "password"),
        )  # fmt: skip
        yield Road(f"mqtts://localhost:{rude.port}", rude, flags, broker)


ROADS = {"http": http, "https": https, "coap": datagrams, "mqtt": mqtt}
