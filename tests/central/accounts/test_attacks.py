"""What was tried on the centre by somebody who wants in, or wants it down, and once worked."""

import asyncio
import io
import socket
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import quote

import pytest

from central import sheets
from central.accounts.knocks import MOST
from central.accounts.oidc import is_safe
from central.config import Settings, SignIn
from tests.central.browser import Browser, add_user, signed_in, store_of
from tests.central.helpers import Centre, Process, ask, batch, record, registered
from tests.fakes.eventually import eventually


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Process, str]]:
    """A centre, and the credential of its terminal."""
    database = tmp_path_factory.mktemp("served") / "central.db"
    (credential,) = registered(database, "t-1")
    with Process(database) as process:
        yield process, credential


def said(port: int, *parts: bytes) -> bytes:
    """What is answered to these, until the other end closes."""
    heard = b""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as link:
        try:
            for part in parts:
                link.sendall(part)
            while piece := link.recv(65536):
                heard += piece
        except ConnectionError:
            pass
    return heard


def was_cut(port: int, head: bytes, piece: bytes) -> bool:
    """Whether somebody who goes on and on is hung up on."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as link:
        link.sendall(head)
        try:
            for _ in range(200):
                link.sendall(piece)
            while link.recv(65536):  # on a loaded machine all of it is sent before the other end has looked
                pass
        except ConnectionError:
            return True
        except TimeoutError:
            return False
    return True


SHEET = {"content-type": "text/csv"}
CHUNKED = b"POST /signin HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("begin", "piece"),
    [
        (b"0\r\n", b"T: " + b"a" * 60_000 + b"\r\n"),
        (b"0\r\nT: ", b"a" * 60_000),
        (b"1;", b"a" * 60_000),
    ],
    ids=["many trailers", "one endless trailer", "an endless extension of a chunk"],
)  # fmt: skip
def test_what_frames_a_body_is_bounded(served: tuple[Process, str], begin: bytes, piece: bytes) -> None:
    assert was_cut(served[0].port, CHUNKED + begin, piece)


def test_a_body_in_small_chunks_still_arrives(served: tuple[Process, str]) -> None:
    process, credential = served
    head = (
        f"POST /v1/reports HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
        f"Authorization: Bearer {credential}\r\nTransfer-Encoding: chunked\r\n"
    )
    body = batch(*(record(seq) for seq in range(1, 60)))
    chunks = [b"5\r\n%b\r\n" % body[at : at + 5].ljust(5) for at in range(0, len(body), 5)]
    assert b'"acked":59' in said(process.port, head.encode() + b"\r\n", *chunks, b"0\r\n\r\n")


def test_a_trailer_is_no_header(served: tuple[Process, str]) -> None:
    process, credential = served
    head = b"POST /v1/reports HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    answer = said(process.port, head + b"0\r\nAuthorization: Bearer " + credential.encode() + b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 401")


@pytest.mark.parametrize("path", ["/v1/reports", "/signin"])
def test_a_body_that_comes_with_upgrade_is_not_read_as_the_next_request(served: tuple[Process, str], path: str) -> None:
    process, credential = served
    inner = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {credential}\r\n"
        f"Connection: upgrade\r\nUpgrade: h2c\r\nContent-Length: {len(inner)}\r\n\r\n"
    )
    answer = said(process.port, head.encode(), inner)
    assert answer.count(b"HTTP/1.1 ") == 1
    assert answer.startswith(b"HTTP/1.1 400")


def test_upgrade_without_a_body_is_ignored(served: tuple[Process, str]) -> None:
    answer = said(
        served[0].port, b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: upgrade, close\r\nUpgrade: h2c\r\n\r\n"
    )  # fmt: skip
    assert answer.startswith(b"HTTP/1.1 200")


def test_nonsense_after_many_requests_leaves_no_traceback(tmp_path: Path) -> None:
    with Process(tmp_path / "central.db") as process:
        said(process.port, b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n" * 500 + b"nonsense\r\n\r\n")
        process.stop()
        assert "Traceback" not in process.errors.read()


def test_who_comes_to_no_request_is_counted(tmp_path: Path) -> None:
    with Process(tmp_path / "central.db", flags=("--max-connections", "2")) as process:
        said(process.port, b"nonsense\r\n\r\n")
        assert was_cut(process.port, b"GET / HTTP/1.1\r\n", b"X-A: " + b"a" * 6000 + b"\r\n")
        held = [socket.create_connection(("127.0.0.1", process.port), timeout=60) for _ in range(2)]
        assert said(process.port, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").startswith(b"HTTP/1.1 503")
        for one in held:
            one.close()
        eventually(lambda: said(process.port, METRICS).startswith(b"HTTP/1.1 200"), "room again")
        told = said(process.port, METRICS).decode()
    for reason in ("not_http", "too_large", "too_many"):
        assert f'posagent_central_connections_cut_total{{reason="{reason}"}}' in told


METRICS = b"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


def multipart(charset: str, **fields: bytes) -> tuple[dict[str, str], bytes]:
    parts = (
        b'--b\r\nContent-Disposition: form-data; name="%b"\r\n\r\n%b\r\n' % (name.encode(), value)
        for name, value in fields.items()
    )
    return {"content-type": f"multipart/form-data; boundary=b; charset={charset}"}, b"".join(parts) + b"--b--\r\n"


@pytest.mark.parametrize("field", ["name", "password", "next"])
@pytest.mark.parametrize("value", [b"+2AA-", b"a\0b"], ids=["half a character", "nul"])
def test_a_stranger_who_signs_in_with_what_is_no_text_is_refused(centre: Centre, field: str, value: bytes) -> None:
    add_user(centre, "ada")
    fields = {"name": b"ada", "password": b"wrong password"} | {field: value}
    headers, body = multipart("utf-7", **fields)
    assert centre.ask("POST", "/signin", headers, (body,)).status == 400
    assert store_of(centre).stats().failures == 0


def test_the_word_of_a_form_may_be_anything(centre: Centre) -> None:
    browser = signed_in(centre, "ada", "admin")
    headers, body = multipart("utf-7", csrf=b"+2AA-")
    cookie = "; ".join(f"{name}={value}" for name, value in browser.jar.items())
    assert centre.ask("POST", "/alerts/ack", headers | {"cookie": cookie}, (body,)).status == 400


@pytest.mark.parametrize("path", ["/terminals/\0", "/api/v1/terminals/\0", "/signin/\0", "/admin/users/\0"])
def test_a_path_with_a_nul_is_refused_before_the_database_is_asked(centre: Centre, path: str) -> None:
    browser = signed_in(centre, "ada", "admin")
    assert browser.get(path).status == 400


def test_one_address_cannot_fill_the_table_of_attempts(centre: Centre) -> None:
    add_user(centre, "ada")
    for number in range(MOST["address"] + 30):
        Browser(centre).post("/signin", {"name": f"nobody-{number}", "password": "wrong"}, csrf="")
    assert len(attempts(centre)) <= 2 * MOST["address"] + 1


def test_old_attempts_go_though_nobody_comes_in(centre: Centre) -> None:
    add_user(centre, "ada")
    Browser(centre).post("/signin", {"name": "nobody-1", "password": "wrong"}, csrf="")
    centre.clock.advance(3600)
    Browser(centre).post("/signin", {"name": "nobody-2", "password": "wrong"}, csrf="")
    assert not [name for name in attempts(centre) if "nobody-1" in name]


def test_the_centre_answers_while_a_sheet_is_read(centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
    """A workbook of 50 KB held up every report for half a minute."""
    answered = threading.Event()
    monkeypatch.setattr(sheets, "read", lambda _: [] if answered.wait(60) else None)

    async def both() -> int:
        importing = asyncio.create_task(ask(centre.app, "POST", "/api/v1/import/terminals?check=1", SHEET, (b"x",)))
        await asyncio.sleep(0)
        assert (await ask(centre.app, "GET", "/readyz")).status == 200
        answered.set()
        return (await importing).status

    assert asyncio.run(both()) == 200


@pytest.mark.parametrize("part", ["xl/styles.xml", "xl/theme/theme1.xml"])
def test_what_is_no_table_in_a_workbook_is_bounded(part: str) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr(part, b"<a>" * 5_000_000)
    with pytest.raises(sheets.BadSheet, match="unpacks to too much"):
        sheets.read(packed.getvalue())


def attempts(centre: Centre) -> list[str]:
    return [str(row[0]) for row in asyncio.run(store_of(centre).read("SELECT name FROM knocks"))]


def try_to_enrol(centre: Centre, **headers: str) -> int:
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    return centre.ask("POST", "/v1/enroll", given, (b"{}",)).status


def test_who_tries_codes_too_often_does_not_shut_out_the_others(centre: Centre) -> None:
    """Behind a proxy that is named, each is counted by his own address, an IPv6 line as one."""
    behind = Centre(centre.store, Settings(signin=SignIn(trusted_proxies="127.0.0.1")), centre.clock)
    attacker = [try_to_enrol(behind, x_forwarded_for=f"2001:db8::{number:x}") for number in range(200)]
    assert attacker[-1] == 429
    assert try_to_enrol(behind, x_forwarded_for="192.0.2.7") == 400


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://login.example/x", True),
        ("http://127.0.0.1:8080/x", True),
        ("http://[::1]:8080/x", True),
        ("http://127.0.0.1:80@evil.example/x", False),
        ("http://localhost.evil.example/x", False),
        ("http://[", False),
    ],
)
def test_a_provider_is_asked_in_the_clear_on_this_machine_only(url: str, *, safe: bool) -> None:
    assert is_safe(url) is safe


def test_a_provider_that_talks_nonsense_is_no_fault_of_ours(centre: Centre, tmp_path: Path) -> None:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.wfile.write(b"nonsense\r\n\r\n")

        def log_message(self, *_: object) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        (tmp_path / "secret").write_text("secret", encoding="utf-8")
        rules = SignIn(
            public_url="http://localhost", oidc_issuer=f"http://127.0.0.1:{server.server_port}", oidc_client_id="x",
            oidc_client_secret_file=str(tmp_path / "secret"), oidc_name="Acme",
        )  # fmt: skip
        add_user(centre, "ada")
        answer = Browser(Centre(centre.store, Settings(signin=rules), centre.clock)).get("/signin/elsewhere")
        assert answer.status == 403
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(
    "wanted",
    ["//evil.example", "/\\evil.example", "https://evil.example", "/\tx", "/a\r\nSet-Cookie: x=1", "javascript:x"],
)
def test_after_signing_in_one_stays_here(centre: Centre, wanted: str) -> None:
    add_user(centre, "ada")
    browser = Browser(centre)
    browser.get(f"/signin?next={quote(wanted)}")
    assert browser.sign_in("ada", next=wanted).headers["location"] == "/"
