"""A real nginx in front, configured as docs/central-behind-nginx.md says."""

import base64
import http.client
import json
import re
import shutil
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from agent.cli.demo import free_port
from agent.clock import Deadline, SystemClock
from agent.uplink.http import HttpSettings, HttpTransport
from agent.uplink.meter import Meter
from agent.uplink.tls import TlsSettings
from agent.wire import MAX_BODY_BYTES
from agent.wire.frame import base_of, pack
from agent.wire.websocket import frame
from tests.central.helpers import Process, batch, beat, record, registered
from tests.fakes.eventually import eventually

DOCUMENT = Path(__file__).parents[3] / "docs" / "central-behind-nginx.md"
NGINX = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin") or "nginx"
AROUND = """pid {folder}/nginx.pid;
error_log {folder}/error.log;
daemon off;
events {{ worker_connections 64; }}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{ours}
}}
"""


def documented(folder: Path, port: int, centre: int, **changes: str) -> str:
    """The configuration of the document; only names of this place are put in, and `changes` of its values."""
    block = re.search(r"```nginx\n(.+?)```", DOCUMENT.read_text(encoding="utf-8"), re.S)
    assert block is not None
    text = block[1]
    places = {
        "listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
        "    listen [::]:443 ssl;\n": "",
        "server 127.0.0.1:8480;": f"server 127.0.0.1:{centre};",
        "/etc/ssl/centre.pem": str(folder / "cert.pem"),
        "/etc/ssl/centre.key": str(folder / "key.pem"),
    }
    for there, here in (places | changes).items():
        assert there in text, there
        text = text.replace(there, here)
    return AROUND.format(folder=folder, ours=text)


@dataclass
class Proxy:
    port: int
    folder: Path

    def trust(self, version: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3) -> ssl.SSLContext:
        context = ssl.create_default_context(cafile=str(self.folder / "cert.pem"))
        context.minimum_version = context.maximum_version = version
        return context

    def connect(self, context: ssl.SSLContext, session: ssl.SSLSession | None = None) -> ssl.SSLSocket:
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        return context.wrap_socket(plain, server_hostname="localhost", session=session)


@contextmanager
def proxied(folder: Path, centre: int, **changes: str) -> Iterator[Proxy]:
    folder.mkdir(mode=0o755, exist_ok=True)
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
         "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")],
        check=True, capture_output=True,
    )  # fmt: skip
    port = free_port()
    (folder / "nginx.conf").write_text(documented(folder, port, centre, **changes), encoding="utf-8")
    command = [NGINX, "-c", str(folder / "nginx.conf"), "-p", str(folder), "-e", str(folder / "error.log")]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stderr
    process = subprocess.Popen(command)
    try:
        wait_for(port, process)
        yield Proxy(port, folder)
    finally:
        process.terminate()
        process.wait(60)


def wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    while process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
    raise AssertionError("nginx ended")


@dataclass
class Fleet:
    proxy: Proxy
    credential: str
    centre: int


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    folder = tmp_path_factory.mktemp("nginx")
    (credential,) = registered(folder / "central.db", "t-1")
    with (
        Process(folder / "central.db", ("--rate-per-minute", "0")) as centre,
        proxied(folder / "proxy", centre.port) as proxy,
    ):
        yield Fleet(proxy, credential, centre.port)


def post(line: socket.socket, path: str, body: bytes, *headers: str) -> tuple[int, bytes]:
    head = [f"POST {path} HTTP/1.1", "Host: localhost", *headers, f"Content-Length: {len(body)}", "", ""]
    line.sendall("\r\n".join(head).encode() + body)
    answer = http.client.HTTPResponse(line)
    answer.begin()
    return answer.status, answer.read()


def signed_in(line: socket.socket, credential: str) -> str:
    status, body = post(line, "/v1/reports", batch(record(1)), f"Authorization: Bearer {credential}")
    assert status == 200
    return str(json.loads(body)["session"])


def test_a_kept_connection_takes_credential_then_session_then_frames(fleet: Fleet) -> None:
    with fleet.proxy.connect(fleet.proxy.trust()) as line:
        session = signed_in(line, fleet.credential)
        base = base_of(json.loads(batch(record(1))))
        for seq in range(2, 5):
            news = json.loads(batch(record(seq, **beat(used_bytes=seq))))
            status, _ = post(line, f"/~{session}", pack(news, base))
            assert status == 200  # not 204: this test's clock differs from the centre's
            base = base_of(news)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_a_tls_session_is_resumed(fleet: Fleet, version: ssl.TLSVersion) -> None:
    context = fleet.proxy.trust(version)
    with fleet.proxy.connect(context) as line:
        signed_in(line, fleet.credential)
        session = line.session
        assert not line.session_reused
    with fleet.proxy.connect(context, session) as line:
        signed_in(line, fleet.credential)
        assert line.session_reused


def test_the_terminals_choice_of_cipher_counts(fleet: Fleet) -> None:
    context = fleet.proxy.trust(ssl.TLSVersion.TLSv1_2)
    found = []
    for wish in ("ECDHE+CHACHA20:ECDHE+AESGCM", "ECDHE+AESGCM:ECDHE+CHACHA20"):
        context.set_ciphers(wish)
        with fleet.proxy.connect(context) as line:
            chosen = line.cipher()
            assert chosen is not None
            found.append("CHACHA20" in chosen[0])
    assert found == [True, False]


def test_sessions_and_credentials_are_in_no_log(fleet: Fleet) -> None:
    with fleet.proxy.connect(fleet.proxy.trust()) as line:
        session = signed_in(line, fleet.credential)
        post(line, f"/~{session}", batch(record(9)))
        line.sendall(b"GET /healthz?seen HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        while line.recv(4096):
            pass
    log = fleet.proxy.folder / "access.log"
    eventually(lambda: "/healthz?seen" in log.read_text(encoding="utf-8"), "it is logged")
    logged = log.read_text(encoding="utf-8")
    assert session not in logged
    assert "/v1/reports" not in logged


def test_a_body_of_the_most_that_is_taken_passes_and_one_byte_more_does_not(fleet: Fleet) -> None:
    found = []
    for size in (MAX_BODY_BYTES, MAX_BODY_BYTES + 1):
        with fleet.proxy.connect(fleet.proxy.trust()) as line:
            whole = batch(record(20))
            body = whole + b" " * (size - len(whole))
            found.append(post(line, "/v1/reports", body, f"Authorization: Bearer {fleet.credential}")[0])
    assert found == [200, 413]


def test_connections_live_as_long_as_is_written_and_no_longer(fleet: Fleet, tmp_path: Path) -> None:
    short = {"keepalive_timeout 2h;": "keepalive_timeout 1s;"}
    with proxied(tmp_path / "short", fleet.centre, **short) as other, fleet.proxy.connect(fleet.proxy.trust()) as kept:
        signed_in(kept, fleet.credential)
        with other.connect(other.trust()) as line:
            signed_in(line, fleet.credential)
            assert line.recv(1) == b""  # closed when its second is over
        assert signed_in(kept, fleet.credential)


def test_what_nginx_opened_to_the_centre_is_used_again(fleet: Fleet) -> None:
    def connections() -> int:
        lines = Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]
        mine = [line.split() for line in lines]
        return sum(row[1].endswith(f":{fleet.centre:04X}") and row[3] == "01" for row in mine)

    with fleet.proxy.connect(fleet.proxy.trust()) as line:
        signed_in(line, fleet.credential)
        before = connections()
        for _ in range(20):
            signed_in(line, fleet.credential)
        assert connections() <= max(before, 1)


@contextmanager
def terminal(proxy: Proxy, credential: str, folder: Path, **more: object) -> Iterator["Terminal"]:
    file = folder / "credential"
    file.touch(0o600)
    file.write_text(credential)
    settings = HttpSettings(
        f"https://localhost:{proxy.port}",
        file,
        TlsSettings(proxy.folder / "cert.pem"),
        **({"stream_after": 1} | more),  # type: ignore[arg-type]
    )
    made = Terminal(HttpTransport(settings, SystemClock(), Meter()))
    yield made
    made.line.close()


@dataclass
class Terminal:
    line: HttpTransport
    seq: int = 100

    def send(self) -> dict[str, int]:
        """Bytes by purpose."""
        self.seq += 1
        self.line._opener.meter.take()
        news = batch(record(self.seq, at=int(time.time())), sent_at=int(time.time()))
        assert self.line.send(news, Deadline.after(60.0, SystemClock())).acked == 1
        return {purpose: cost.total for purpose, cost in self.line._opener.meter.take().items()}


def test_a_terminals_connection_becomes_a_stream_through_nginx(fleet: Fleet, tmp_path: Path) -> None:
    with terminal(fleet.proxy, fleet.credential, tmp_path) as streamed:
        costs = [streamed.send() for _ in range(7)]
    with terminal(fleet.proxy, fleet.credential, tmp_path, stream_after=0) as posted:
        by_post = [posted.send() for _ in range(6)]
    assert [cost.keys() for cost in costs[2:]] == [{"report"}] * 5
    streams, posts = (min(cost["report"] for cost in some[2:]) for some in (costs, by_post))  # late: one ACK more
    assert streams < posts - 140  # nginx adds its own headers to answers


def test_a_stream_carries_the_longest_batch_that_a_post_does(fleet: Fleet) -> None:
    with fleet.proxy.connect(fleet.proxy.trust()) as line:
        session = signed_in(line, fleet.credential)
        key = base64.b64encode(bytes(16))
        line.sendall(
            f"GET /~{session} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: {key.decode()}\r\n\r\n".encode()
        )
        assert b" 101 " in line.recv(4096)
        whole = batch(record(20))
        line.sendall(frame(whole + b" " * (MAX_BODY_BYTES - len(whole)), mask=b"mask"))
        assert b'"acked":1' in line.recv(4096)


@pytest.mark.parametrize(
    "changes",
    [
        {"        proxy_set_header Upgrade $http_upgrade;\n": ""},
        {"proxy_set_header Connection $posagent_connection;": 'proxy_set_header Connection "";'},
    ],
    ids=["no upgrade", "no connection"],
)
def test_an_nginx_that_passes_no_upgrade_on_costs_no_report(
    fleet: Fleet, tmp_path: Path, changes: dict[str, str]
) -> None:
    with (
        proxied(tmp_path / "old", fleet.centre, **changes) as old,
        terminal(old, fleet.credential, tmp_path) as made,
    ):
        costs = [made.send() for _ in range(4)]
    assert "handshake" in costs[0]
    assert [cost.keys() for cost in costs[1:]] == [{"report"}] * 3  # asked once, and the connection is kept


def test_an_nginx_that_ends_silent_streams_is_found_out(fleet: Fleet, tmp_path: Path) -> None:
    """Two of them, each replaced within its report; then it is POST."""
    short = {"proxy_read_timeout 2h; ": "proxy_read_timeout 3s; "}
    with (
        proxied(tmp_path / "short", fleet.centre, **short) as hasty,
        terminal(hasty, fleet.credential, tmp_path) as made,
    ):
        for _ in range(5):
            made.send()
            eventually(lambda: made.line._link is None or made.line._stream is None or ended(made.line), "it ends")
        assert made.line._stream is None
        assert made.line._leaning.avoided == 1


def ended(line: HttpTransport) -> bool:
    assert line._link is not None
    return line._link.state() == "closed"
