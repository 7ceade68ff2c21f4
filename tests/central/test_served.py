"""The real server in a process of its own, on 127.0.0.1."""

import http.client
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from central.config import Server as ServerSection
from central.config import Settings
from central.ingest import protocol as serving
from central.server import listen_on, make_server
from tests.central.helpers import Process, a_store, batch, record, registered
from tests.fakes.eventually import eventually


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "central.db"


SOON_S = 12.0
"""What takes two seconds on a machine with nothing else to do; who waited for the half request would need longer."""


def send(port: int, body: bytes, credential: str) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("POST", "/v1/reports", body, {"Authorization": f"Bearer {credential}"})
    status = connection.getresponse().status
    connection.close()
    return status


def get(port: int, target: str) -> bytes:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", target)
    body = connection.getresponse().read()
    connection.close()
    return body


def test_many_clients_share_few_commits_and_everything_is_held(database: Path) -> None:
    credentials = registered(database, *(f"t-{number}" for number in range(16)))
    statuses: list[int] = []

    def work(credential: str) -> None:
        statuses.extend(send(process.port, batch(record(seq)), credential) for seq in range(1, 11))

    with Process(database) as process:
        threads = [threading.Thread(target=work, args=(credential,)) for credential in credentials]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        metrics = get(process.port, "/metrics").decode()
    assert statuses == [200] * 160
    assert 'posagent_central_reports_total{result="new"} 160' in metrics
    commits = re.search(r"commits_total (\d+)", metrics)
    assert commits is not None
    assert int(commits[1]) <= 160


def test_sigterm_stops_it_within_two_seconds_with_exit_0(database: Path) -> None:
    (credential,) = registered(database, "t-1")
    with Process(database) as process:
        idle = socket.create_connection(("127.0.0.1", process.port))
        half = socket.create_connection(("127.0.0.1", process.port))
        half.sendall(b"POST /v1/reports HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nAuthorization: Bearer "
                     + credential.encode() + b"\r\n\r\n{")  # fmt: skip
        assert send(process.port, batch(record(1)), credential) == 200
        assert process.stop(SOON_S) == 0
        idle.close()
        half.close()


def test_systemd_is_told(database: Path, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        manager.settimeout(60)
        environment = {"NOTIFY_SOCKET": manager.getsockname(), "WATCHDOG_USEC": "300000"}
        with Process(database, environment=environment) as process:
            first = {manager.recv(100) for _ in range(4)}
            os.kill(process.pid, signal.SIGTERM)
            while manager.recv(100) != b"STOPPING=1":
                continue
    assert first == {b"READY=1", b"WATCHDOG=1"}


def test_a_taken_address_is_said_without_a_traceback(database: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(AssertionError, match="in use"), Process(database, ("--listen", f"127.0.0.1:{port}")):
            pass


@pytest.fixture
def served(database: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """In this process, on a thread, with short patience for what comes before a request."""
    monkeypatch.setattr(serving, "HEAD_TIMEOUT_S", 0.2)
    monkeypatch.setattr(serving, "BODY_TIMEOUT_S", 0.2)
    with a_store(database) as store:
        settings = Settings(server=ServerSection(listen="127.0.0.1:0"))
        server = make_server(settings, store)
        listening = listen_on(settings)
        port = listening.getsockname()[1]
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        yield port
        server.stop()
        thread.join(60)


def closed_by_server(client: socket.socket) -> bool:
    client.settimeout(60)
    try:
        while client.recv(65536):
            pass
    except ConnectionError:
        return True
    return True


@pytest.mark.parametrize("first", [b"", b"POST /v1/rep", b"POST / HTTP/1.1\r\nHost: x\r\nX-A: b"])
def test_a_head_that_does_not_come_is_not_waited_for(served: int, first: bytes) -> None:
    with socket.create_connection(("127.0.0.1", served)) as client:
        client.sendall(first)
        assert closed_by_server(client)


def test_a_body_that_does_not_come_is_not_waited_for(served: int) -> None:
    with socket.create_connection(("127.0.0.1", served)) as client:
        client.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{")
        assert closed_by_server(client)


def test_a_head_without_end_is_cut_off(served: int) -> None:
    with socket.create_connection(("127.0.0.1", served)) as client:
        client.sendall(b"GET / HTTP/1.1\r\nX-Long: ")
        with pytest.raises((ConnectionResetError, BrokenPipeError)):
            client.sendall(b"a" * 4096 * 10_000)


@pytest.mark.parametrize(
    "noise", [b"\x16\x03\x01\x02\x00\x01", b"\r\n\r\n\r\n", b"GET\r\n\r\n", b"{}\n", b"\x00" * 100]
)
def test_what_is_not_http_is_turned_away(served: int, noise: bytes) -> None:
    with socket.create_connection(("127.0.0.1", served)) as client:
        client.sendall(noise)
        assert closed_by_server(client)
    assert json.loads(eventually(lambda: got(served, "/healthz"), "others are served")) == {"status": "ok"}


def got(port: int, target: str) -> bytes | None:
    """None for who was too slow: patience is short here."""
    try:
        return get(port, target)
    except (OSError, http.client.HTTPException):
        return None


def test_a_kept_connection_takes_one_report_after_another(database: Path) -> None:
    (credential,) = registered(database, "t-1")
    with Process(database) as process:
        connection = http.client.HTTPConnection("127.0.0.1", process.port, timeout=60)
        for seq in range(1, 6):
            connection.request("POST", "/v1/reports", batch(record(seq)), {"Authorization": f"Bearer {credential}"})
            assert json.loads(connection.getresponse().read())["acked"] == 1
        connection.close()


def test_https_is_spoken_with_a_certificate(database: Path, tmp_path: Path) -> None:
    cert, key = tmp_path / "c.pem", tmp_path / "k.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(cert)],
        check=True, capture_output=True,
    )  # fmt: skip
    with Process(database, ("--tls-cert", str(cert), "--tls-key", str(key))) as process:
        trust = ssl.create_default_context(cafile=str(cert))
        connection = http.client.HTTPSConnection("localhost", process.port, timeout=60, context=trust)
        connection.request("GET", "/healthz")
        assert connection.getresponse().status == 200
        connection.close()
