"""A centre in this process (real SQLite, fake clock) and one in a process of its own."""

import asyncio
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message

from central import auth
from central.app import make_app
from central.config import Settings
from central.store.base import Delivery, NewChange, NewHeartbeat, NewReport, NewVerdict, Store
from central.store.postgres import PostgresStore
from central.store.sqlite import SqliteStore
from tests.fakes.clock import FakeClock

EPOCH = "00000000000000aa"
OTHER_EPOCH = "00000000000000bb"


def beat(**fields: object) -> dict[str, object]:
    return {"next_due_s": 900, "agent": "0.1.0", "verdict": "ok"} | fields


def record(seq: int, kind: str = "heartbeat", at: int = 1_790_000_000, **body: object) -> dict[str, object]:
    return {"seq": seq, "type": kind, "at": at, "body": body or beat()}


def verdict(seq: int, code: str = "sim.absent", **fields: object) -> dict[str, object]:
    finding = {"code": code, "severity": "error", "root": True, "evidence": ["+CME ERROR: 10"]}
    titles = {"zh": "没有插卡", "en": "No card in the slot"}
    body = {"code": code, "previous": "ok", "confidence": "high", "findings": [finding], "titles": titles}
    return record(seq, "verdict", **(body | fields))


def batch(*records: object, epoch: str = EPOCH, sent_at: int = 1_790_000_000, **more: object) -> bytes:
    return json.dumps({"v": 1, "epoch": epoch, "sent_at": sent_at, "records": list(records)} | more).encode()


def a_delivery(terminal: str = "t-1", *, seqs: tuple[int, ...] = (1,), epoch: str = EPOCH, at: int = 1000) -> Delivery:
    """Heartbeats with these numbers, due again 900 s later."""
    reports = tuple(NewReport(seq, "heartbeat", at, at, f'{{"seq":{seq}}}') for seq in seqs)
    newest = NewHeartbeat(max(seqs), 900, at + 900, "ok", "ok", "8986", f'{{"seq":{max(seqs)}}}')
    return Delivery(terminal, epoch, at, 0, reports, heartbeat=newest)


def a_change(terminal: str = "t-1", *, seq: int = 1, code: str = "sim.absent", at: int = 1000) -> Delivery:
    return Delivery(
        terminal, EPOCH, at, 0, (NewReport(seq, "verdict", at, at, "{}"),),
        changes=(NewChange(seq, "verdict", code, at, "{}"),), verdict=NewVerdict(seq, code, "error", at, "{}"),
    )  # fmt: skip


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


async def ask(
    app: ASGIApp, method: str, target: str, headers: Mapping[str, str] | None = None, parts: tuple[bytes, ...] = (b"",)
) -> Answer:
    """One request without a network; the body comes in `parts`."""
    url = urlsplit(target)
    raw = [
        (name.lower().encode(), value.encode("utf-8"))
        for name, value in ({"host": "localhost"} | dict(headers or {})).items()
    ]
    scope = {
        "type": "http", "method": method, "path": url.path, "raw_path": url.path.encode(), "root_path": "",
        "query_string": url.query.encode(), "headers": raw, "scheme": "http", "server": ("localhost", 80),
        "client": ("127.0.0.1", 1), "http_version": "1.1", "state": {},
        "asgi": {"version": "3.0", "spec_version": "2.4"},
    }  # fmt: skip
    waiting = [{"type": "http.request", "body": part, "more_body": part is not parts[-1]} for part in parts]
    sent: list[Message] = []

    async def receive() -> Message:
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    answered: dict[str, str] = {}
    for name, value in sent[0]["headers"]:  # a name that is there twice (set-cookie): a line each
        answered[name.decode()] = "\n".join(filter(None, (answered.get(name.decode()), value.decode())))
    return Answer(sent[0]["status"], answered, b"".join(message.get("body", b"") for message in sent[1:]))


@dataclass
class Centre:
    """The application on a database of its own. Terminals are registered with `register`."""

    store: Store
    settings: Settings = field(default_factory=Settings)
    clock: FakeClock = field(default_factory=FakeClock)
    operator_token: str | None = None
    secrets: dict[str, str] = field(default_factory=dict)
    app: ASGIApp = field(init=False)

    def __post_init__(self) -> None:
        self.app = make_app(
            self.settings, self.store, operator_token=self.operator_token,
            wall=self.clock.wall, monotonic=self.clock.monotonic,
        )  # fmt: skip

    def register(self, terminal: str = "t-1", name: str = "") -> str:
        secret = self.secrets[terminal] = auth.new_secret()
        asyncio.run(self.store.add_terminal(terminal, name, auth.digest(secret), int(self.clock.wall())))
        return f"{terminal}:{secret}"

    def adopt(self, terminal: str) -> None:
        """A new secret of a terminal that is there already."""
        secret = self.secrets[terminal] = auth.new_secret()
        asyncio.run(self.store.rotate(terminal, auth.digest(secret), int(self.clock.wall())))

    def post(self, body: bytes, terminal: str = "t-1", **headers: str) -> Answer:
        given = {"authorization": f"Bearer {terminal}:{self.secrets[terminal]}"}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask("POST", "/v1/reports", given, (body,))

    def get(self, target: str, **headers: str) -> Answer:
        return self.ask("GET", target, {name.replace("_", "-"): value for name, value in headers.items()})

    def ask(
        self, method: str, target: str, headers: Mapping[str, str] | None = None, parts: tuple[bytes, ...] = (b"",)
    ) -> Answer:
        return asyncio.run(ask(self.app, method, target, headers, parts))


@contextmanager
def a_store(path: Path) -> Iterator[SqliteStore]:
    store = SqliteStore(path)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def a_postgres_store(url: str) -> Iterator[PostgresStore]:
    store = PostgresStore(url)
    try:
        yield store
    finally:
        store.close()


def registered(path: Path, *terminals: str) -> list[str]:
    """Credentials of new terminals."""
    made = {terminal: auth.new_secret() for terminal in terminals}
    with a_store(path) as store:
        for terminal, secret in made.items():
            asyncio.run(store.add_terminal(terminal, "", auth.digest(secret), 0))
    return [f"{terminal}:{secret}" for terminal, secret in made.items()]


@dataclass
class Process:
    """`posagent-central serve` in a process of its own, on a free port of 127.0.0.1."""

    database: Path
    flags: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)

    def __enter__(self) -> "Process":
        command = [sys.executable, "-m", "central.cli", "serve", "--listen", "127.0.0.1:0", *self.flags]
        self._process = subprocess.Popen(
            [*command, "--database", str(self.database)],
            stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, env=os.environ | dict(self.environment),
        )  # fmt: skip
        self.port = self._read_port()
        return self

    def __exit__(self, *_: object) -> None:
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait(60)
        self.errors.close()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def errors(self) -> Any:
        assert self._process.stderr is not None
        return self._process.stderr

    def kill(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait(60)

    def stop(self, within_s: float = 60) -> int:
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(within_s)

    def _read_port(self) -> int:
        for line in self.errors:
            self.lines.append(line)
            if found := re.search(r"listening on https?://127\.0\.0\.1:(\d+)", line):
                return int(found[1])
        self._process.wait(60)
        self.errors.close()
        raise AssertionError(f"the server did not start: {self.lines}")
