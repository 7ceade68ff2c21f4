"""A way to the centre that took its time to open is used only where it is still certain which card pays."""

import socket
from pathlib import Path
from unittest import mock

import pytest

from agent.clock import Deadline, SystemClock
from agent.uplink import coap
from agent.uplink.base import SendError
from agent.uplink.coap import CoapSettings, CoapTransport
from agent.uplink.credential import Credential, write_credential
from agent.uplink.enrol import EnrolSettings, renew, renewal_is_pending
from agent.uplink.http import HttpSettings, HttpTransport
from agent.uplink.meter import Meter
from agent.uplink.mqtt import MqttSettings, MqttTransport
from agent.uplink.tls import TlsSettings
from tests.fakes.http_server import AUTHORITY, RudeServer

CLOCK = SystemClock()
BATCH = (
    b'{"v":1,"epoch":"00000000000000aa","sent_at":1790000000,"records":'
    b'[{"seq":1,"type":"heartbeat","at":1790000000,"body":{"next_due_s":900,"agent":"0.1.0","verdict":"ok"}}]}'
)


@pytest.fixture
def credential(tmp_path: Path) -> Path:
    write_credential(tmp_path / "credential", Credential("T1", "A" * 43))
    return tmp_path / "credential"


class Doubts:
    """Says yes so many times, and how long it might have waited."""

    def __init__(self, yes: int) -> None:
        self.yes = yes
        self.asked: list[float] = []

    def __call__(self, seconds: float) -> bool:
        self.asked.append(seconds)
        return len(self.asked) <= self.yes


def refusal(transport: HttpTransport | MqttTransport | CoapTransport) -> SendError:
    with pytest.raises(SendError, match="which card is in") as raised:
        transport.send(BATCH, Deadline.after(120.0, CLOCK))
    transport.close()
    return raised.value


def test_by_https_nothing_is_said(credential: Path) -> None:
    sure = Doubts(0)
    with RudeServer(certificate="server") as server:
        settings = HttpSettings(f"https://localhost:{server.port}", credential, TlsSettings(AUTHORITY))
        error = refusal(HttpTransport(settings, CLOCK, Meter(), sure=sure))
    assert error.surely_not_received
    assert server.requests == []
    assert 0.0 < sure.asked[0] <= 120.0


def test_by_https_a_connection_that_is_open_is_not_asked_about_again(credential: Path) -> None:
    sure = Doubts(1)
    with RudeServer(certificate="server") as server:
        settings = HttpSettings(f"https://localhost:{server.port}", credential, TlsSettings(AUTHORITY))
        transport = HttpTransport(settings, CLOCK, Meter(), sure=sure)
        for _ in range(2):
            assert transport.send(BATCH, Deadline.after(120.0, CLOCK)).acked == 1
        transport.close()
    assert len(sure.asked) == 1


def test_a_renewed_credential_does_not_travel_either(credential: Path) -> None:
    with RudeServer(certificate="server") as server:
        settings = EnrolSettings(f"https://localhost:{server.port}", credential, TlsSettings(AUTHORITY))
        with pytest.raises(SendError, match="which card is in"):
            renew(settings, CLOCK, Deadline.after(120.0, CLOCK), sure=Doubts(0))
        assert renewal_is_pending(credential)
    assert server.requests == []


def test_by_mqtt_nothing_is_said(credential: Path) -> None:
    with RudeServer(certificate="server") as server:
        settings = MqttSettings(f"mqtts://localhost:{server.port}", credential, TlsSettings(AUTHORITY))
        assert refusal(MqttTransport(settings, CLOCK, Meter(), sure=Doubts(0))).surely_not_received
    assert server.requests == []


@pytest.mark.parametrize("yes", [0, 1, 3])
def test_by_coap_each_repetition_is_asked_about(credential: Path, tmp_path: Path, yes: int) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as centre, mock.patch.object(coap, "ACK_TIMEOUT_S", 0.01):
        centre.bind(("127.0.0.1", 0))
        url = f"coap+oscore://127.0.0.1:{centre.getsockname()[1]}"
        refusal(CoapTransport(CoapSettings(url, credential, tmp_path / "n"), CLOCK, Meter(), sure=Doubts(yes)))
        centre.settimeout(60.0)
        heard = [centre.recv(2000) for _ in range(yes)]
        centre.setblocking(False)
        with pytest.raises(BlockingIOError):
            centre.recv(2000)
    assert len(set(heard)) == min(yes, 1)
