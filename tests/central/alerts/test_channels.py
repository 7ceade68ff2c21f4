"""Out of the house: real HTTP on 127.0.0.1, and apprise with its own JSON channel."""

import hashlib
import hmac
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from central.alerts.channels import NotSent, send
from central.alerts.letters import Letter
from central.alerts.plan import Channel

ZONE = ZoneInfo("UTC")
SECRET = "0123456789abcdef"
APPRISE = pytest.mark.filterwarnings("ignore:.*imghdr.*:DeprecationWarning")  # its own affair
ONE = ("id-1", Letter("raised", "r", "silent", "error", "t-1", 5, 5, {"name": "店"}))


@dataclass
class Desk:
    """A web server that keeps what it gets and answers `status`."""

    status: int = 200
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    port: int = 0

    def __enter__(self) -> "Desk":
        desk = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                desk.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(desk.status)
                if desk.status == 302:
                    self.send_header("location", f"http://127.0.0.1:{desk.port}/elsewhere")
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                return

        self._server = HTTPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join(60)
        self._server.server_close()


@pytest.fixture
def desk() -> Iterator[Desk]:
    with Desk() as made:
        yield made


def hook(desk: Desk) -> Channel:
    return Channel(name="desk", url=f"http://127.0.0.1:{desk.port}/hook", secret=SECRET)


def test_a_webhook_is_signed_over_time_and_body(desk: Desk) -> None:
    send(hook(desk), "d-1", [ONE], 1234, ZONE)
    ((headers, body),) = desk.got
    expected = hmac.new(SECRET.encode(), b"1234." + body, hashlib.sha256).hexdigest()
    assert headers["x-posagent-timestamp"] == "1234"
    assert headers["x-posagent-signature"] == f"sha256={expected}"


def test_the_receiver_in_the_document_knows_ours_from_others(desk: Desk) -> None:
    text = Path("docs/central.md").read_text(encoding="utf-8")
    sample: dict[str, Any] = {}
    exec(re.findall(r"```python\n(.*?)```", text, re.DOTALL)[0], sample)  # noqa: S102 - our own document
    send(hook(desk), "d-1", [ONE], 1234, ZONE)
    ((headers, body),) = desk.got
    given = {name.title(): value for name, value in headers.items()}
    is_ours = sample["is_ours"]
    assert is_ours(given, body, SECRET, now=1300.0)
    others = [
        (given, body, SECRET, 9999.0), (given, body + b" ", SECRET, 1300.0), (given, body, "another", 1300.0),
        (given | {"X-Posagent-Timestamp": "1235"}, body, SECRET, 1300.0), ({}, body, SECRET, 1300.0),
        (given | {"X-Posagent-Signature": "é"}, body, SECRET, 1300.0),
    ]  # fmt: skip
    assert not any(is_ours(*one[:3], now=one[3]) for one in others)


def test_a_webhook_tells_programs_and_people(desk: Desk) -> None:
    send(hook(desk), "d-1", [ONE], 1234, ZONE)
    document = json.loads(desk.got[0][1])
    assert document["schema"] == "posagent.alerts/1"
    assert (document["alerts"][0]["id"], document["alerts"][0]["code"]) == ("id-1", "silent")
    assert "t-1 店" in document["text"]


@pytest.mark.parametrize("status", [302, 400, 500])
def test_an_answer_that_is_not_yes_is_not_sent(desk: Desk, status: int) -> None:
    desk.status = status
    with pytest.raises(NotSent, match=str(status)):
        send(hook(desk), "d-1", [ONE], 1234, ZONE)
    assert len(desk.got) == 1


def test_nobody_there_is_not_sent() -> None:
    channel = Channel(name="desk", url="http://127.0.0.1:9/hook?token=hunter2", secret=SECRET)
    with pytest.raises(NotSent) as said:
        send(channel, "d-1", [ONE], 1234, ZONE)
    assert "hunter2" not in str(said.value)


@APPRISE
def test_apprise_carries_the_rest(desk: Desk) -> None:
    send(Channel(name="ops", url=f"json://127.0.0.1:{desk.port}/in", lang="en"), "d-1", [ONE], 1234, ZONE)
    message = json.loads(desk.got[0][1])
    assert message["message"].startswith("[Alert] t-1 店: the terminal is silent")
    assert message["type"] == "failure"


@APPRISE
def test_apprise_says_no(desk: Desk) -> None:
    desk.status = 500
    with pytest.raises(NotSent):
        send(Channel(name="ops", url=f"json://127.0.0.1:{desk.port}/in"), "d-1", [ONE], 1234, ZONE)
    with pytest.raises(NotSent, match="does not know"):
        send(Channel(name="ops", url="carrierpigeon://coop"), "d-1", [ONE], 1234, ZONE)
