"""A real daemon reports by CoAP; where UDP does not get through, by HTTPS; enrolled with a code, from nothing."""

import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from agent.cli import main
from agent.cli.demo import free_port
from agent.uplink.credential import read_credential
from modem.simulator import VirtualModem
from tests.fakes.agent_process import AgentProcess
from tests.fakes.broker import CENTRE, Broker
from tests.fakes.centre_process import ROOT, CentreProcess
from tests.fakes.eventually import eventually
from tests.fakes.http_server import AUTHORITY


class Shop:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.udp = free_port(socket.SOCK_DGRAM)
        self.centre = CentreProcess(folder)
        self.centre.flags = ("--coap-listen", f"127.0.0.1:{self.udp}")
        self.centre.start()
        self.agent = AgentProcess(folder, str(folder / "modem"))

    def enrol(self) -> Path:
        words = ["enroll-code", "--terminal", "T1", "--database", str(self.folder / "central.db")]
        made = subprocess.run(
            [sys.executable, "-m", "central.cli", *words], cwd=ROOT, check=True, capture_output=True, text=True
        )
        (self.folder / "code").write_text(made.stdout)
        credential = self.folder / "credential"
        files = ["--code-file", str(self.folder / "code"), "--credential-file", str(credential)]
        self.agent.write_config()
        assert main(["enroll", self.centre.url, *files, "--config", str(self.agent.config)]) == 0
        return credential

    def report_by(self, *lines: str) -> None:
        self.agent.uplink = "\n".join([f'credential_file = "{self.enrol()}"', "timeout_s = 6", *lines])
        self.agent.start()


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    try:
        with VirtualModem("healthy-lte", link=tmp_path / "modem"):
            yield made
    finally:
        made.agent.end()
        made.centre.stop()


def test_reports_go_by_coap_and_outlive_a_restart_of_the_centre(shop: Shop) -> None:
    shop.report_by(f'url = "coap+oscore://127.0.0.1:{shop.udp}"')
    eventually(lambda: shop.centre.verdict("T1") == "ok", f"the centre knows\n{shop.agent.log()}")
    shop.centre.stop()
    shop.centre.start()
    before = len(shop.centre.records("T1"))
    eventually(lambda: len(shop.centre.records("T1")) > before, f"reports go on\n{shop.agent.log()}")


def test_where_udp_is_blocked_reports_go_by_https(shop: Shop) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as deaf:
        deaf.bind(("127.0.0.1", 0))
        port = deaf.getsockname()[1]
        shop.report_by(f'url = "coap+oscore://127.0.0.1:{port}"', f'https_url = "{shop.centre.url}"')
        eventually(lambda: shop.centre.verdict("T1") == "ok", f"the centre knows\n{shop.agent.log()}")


def test_a_terminal_that_dies_is_known_at_the_centre_by_its_will(tmp_path: Path) -> None:
    centre, agent = CentreProcess(tmp_path), AgentProcess(tmp_path, str(tmp_path / "modem"))
    credential = centre.register("T1")
    (tmp_path / "password").write_text(CENTRE[1])
    users = {"T1": read_credential(credential).secret}
    with ExitStack() as held:
        broker = held.enter_context(Broker(tmp_path, users))
        held.enter_context(VirtualModem("healthy-lte", link=tmp_path / "modem"))
        centre.flags = (
            "--mqtt-url", broker.url.replace("//", f"//{CENTRE[0]}@"), "--mqtt-ca-file", str(AUTHORITY),
            "--mqtt-password-file", str(tmp_path / "password"),
        )  # fmt: skip
        held.callback(centre.stop)
        centre.start()
        held.callback(agent.end)
        lines = (f'url = "{broker.url}"', f'ca_file = "{AUTHORITY}"', f'credential_file = "{credential}"')
        agent.uplink = "\n".join(lines)
        agent.start()
        eventually(lambda: centre.verdict("T1") == "ok", f"the centre knows\n{agent.log()}")
        assert lost_at(tmp_path, "T1") is None
        agent.end()  # SIGKILL: no word of its own
        eventually(lambda: lost_at(tmp_path, "T1"), "the broker has said it, and the centre keeps it")


def lost_at(folder: Path, terminal: str) -> int | None:
    with closing(sqlite3.connect(folder / "central.db")) as database:
        row = database.execute("SELECT lost_at FROM watch WHERE terminal = ?", (terminal,)).fetchone()
    return row[0] if row else None


def test_metrics_are_written_beside(shop: Shop, tmp_path: Path) -> None:
    shop.agent.write_config()
    extra = tmp_path / "conf.d"
    extra.mkdir()
    (extra / "metrics.toml").write_text(f'[paths]\nmetrics_file = "{tmp_path}/posagent.prom"\n')
    shop.agent.start()
    eventually(
        lambda: (tmp_path / "posagent.prom").exists() and 'code="ok"' in (tmp_path / "posagent.prom").read_text(),
        "the verdict is there",
        30.0,
    )
