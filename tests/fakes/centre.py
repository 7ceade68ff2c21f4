"""The real centre, on a thread of this process: uvicorn, SQLite, optionally TLS. For tests that need its very words."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from central import auth
from central.config import Server, Settings
from central.server import listen_on, make_server
from central.store.sqlite import SqliteStore
from tests.fakes.http_server import TLS


@dataclass
class RealCentre:
    store: SqliteStore
    port: int
    secure: bool
    credential: Path
    """Of terminal shop-1."""

    @property
    def url(self) -> str:
        return f"{'https' if self.secure else 'http'}://localhost:{self.port}"

    def stored(self, terminal: str = "shop-1") -> list[dict[str, Any]]:
        """Oldest first: seq, type, at, body (as text)."""
        rows = asyncio.run(self.store.reports(terminal, limit=1000))
        return [{"seq": row.position.seq, "type": row.type, "at": row.at, "body": row.body} for row in reversed(rows)]

    def revoke(self) -> None:
        asyncio.run(self.store.revoke("shop-1", 1))


@contextmanager
def real_centre(folder: Path, *, secure: bool = False, port: int = 0) -> Iterator[RealCentre]:
    """On 127.0.0.1. The database in `folder` is kept, so that a second one goes on where the first was stopped."""
    pem = str(TLS / "server.pem") if secure else ""
    settings = Settings(server=Server(listen=f"127.0.0.1:{port}", tls_cert=pem, tls_key=pem, rate_per_minute=0))
    store = SqliteStore(folder / "central.db")
    credential = folder / "credential"
    if not credential.exists():
        secret = auth.new_secret()
        asyncio.run(store.add_terminal("shop-1", "", auth.digest(secret), 0))
        credential.touch(0o600)
        credential.write_text(f"shop-1:{secret}\n")
    server = make_server(settings, store)
    listening = listen_on(settings)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])), daemon=True)
    thread.start()
    try:
        yield RealCentre(store, int(listening.getsockname()[1]), secure, credential)
    finally:
        server.stop()
        thread.join(60)
        listening.close()
        store.close()
