"""kill -9 at any instant under load: whatever was acknowledged is there after the next start."""

import http.client
import json
import threading
from pathlib import Path

from tests.central.helpers import Process, batch, record, registered

ROUNDS = 20
CLIENTS = 4
PER_ROUND = 25
"""Acknowledgements seen before the kill; the clients go on while it falls."""


class Client(threading.Thread):
    def __init__(self, port: int, credential: str, first: int, seen: threading.Semaphore) -> None:
        super().__init__()
        self._port, self._credential, self._first, self._seen = port, credential, first, seen
        self.acked: list[int] = []

    def run(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        seq = self._first
        try:
            while True:
                connection.request("POST", "/v1/reports", batch(record(seq)), self._headers)
                answer = connection.getresponse()
                if json.loads(answer.read())["acked"] == 1:
                    self.acked.append(seq)
                    self._seen.release()
                seq += 1
        except (OSError, http.client.HTTPException):
            connection.close()

    @property
    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._credential}"}


def held(port: int, terminal: str) -> set[int]:
    found: set[int] = set()
    target: str | None = f"/api/v1/terminals/{terminal}/reports?limit=1000"
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    while target:
        connection.request("GET", target)
        page = json.loads(connection.getresponse().read())
        found |= {row["seq"] for row in page["reports"]}
        target = f"/api/v1/terminals/{terminal}/reports?limit=1000&cursor={page['next']}" if page["next"] else None
    connection.close()
    return found


def test_everything_acknowledged_survives_kill_9(tmp_path: Path) -> None:
    database = tmp_path / "central.db"
    names = [f"t-{number}" for number in range(CLIENTS)]
    credentials = registered(database, *names)
    acked: dict[str, set[int]] = {name: set() for name in names}
    for number in range(ROUNDS + 1):
        with Process(database, ("--rate-per-minute", "0")) as process:
            for name in names:
                assert acked[name] <= held(process.port, name)
            if number < ROUNDS:
                kill_under_load(process, dict(zip(names, credentials, strict=True)), number, acked)
    assert sum(map(len, acked.values())) >= ROUNDS * PER_ROUND


def kill_under_load(process: Process, credentials: dict[str, str], number: int, acked: dict[str, set[int]]) -> None:
    seen = threading.Semaphore(0)
    clients = {
        name: Client(process.port, credential, 1 + number * 100_000, seen) for name, credential in credentials.items()
    }
    for client in clients.values():
        client.start()
    for _ in range(PER_ROUND):
        assert seen.acquire(timeout=60)
    process.kill()
    for name, client in clients.items():
        client.join(60)
        acked[name].update(client.acked)
