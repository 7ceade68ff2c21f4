"""Two `posagent-central serve` on one PostgreSQL, killed at random under load, while terminals send again to either
what was not acknowledged: nothing that was acknowledged is lost, nothing is doubled.
"""

import asyncio
import http.client
import json
import random
import threading
from contextlib import ExitStack

import psycopg

from central import auth
from tests.central.helpers import Process, a_postgres_store, batch, record
from tests.fakes import postgres

KILLS = 6
TERMINALS = 4
PER_KILL = 25
"""Acknowledgements between two of them."""
HELD = "SELECT terminal, epoch_number, seq, count(*) FROM reports GROUP BY 1, 2, 3"


class Terminal(threading.Thread):
    """Sends one report after the other, each until it is acknowledged, to whichever process it comes upon."""

    def __init__(self, credential: str, ports: list[int], seen: threading.Semaphore, seed: int) -> None:
        super().__init__()
        self._headers, self._ports, self._seen = {"Authorization": f"Bearer {credential}"}, ports, seen
        self._chance = random.Random(seed)
        self.acked: list[int] = []
        self.again = 0
        self.ended = threading.Event()

    def run(self) -> None:
        connections: dict[int, http.client.HTTPConnection] = {}
        while not self.ended.is_set():
            port = self._chance.choice(self._ports)
            connection = connections.setdefault(port, http.client.HTTPConnection("127.0.0.1", port, timeout=60))
            try:
                connection.request("POST", "/v1/reports", batch(record(len(self.acked) + 1)), self._headers)
                answer = connection.getresponse()
                took = json.loads(answer.read()).get("acked") == 1 and answer.status == 200
            except (OSError, http.client.HTTPException):
                connections.pop(port).close()
                took = False
            if took:
                self.acked.append(len(self.acked) + 1)
                self._seen.release()
            else:
                self.again += 1
                self.ended.wait(0.01)
        for connection in connections.values():
            connection.close()


def test_two_processes_killed_at_random_lose_nothing_and_double_nothing() -> None:
    chance, seen = random.Random(7), threading.Semaphore(0)
    with postgres.shared().database() as url, ExitStack() as stack:
        credentials = registered(url)
        centres = [stack.enter_context(a_centre(url)) for _ in range(2)]
        ports = [centre.port for centre in centres]
        terminals = [Terminal(one, ports, seen, seed) for seed, one in enumerate(credentials)]
        for terminal in terminals:
            terminal.start()
        for _ in range(KILLS):
            for _ in range(chance.randrange(1, PER_KILL)):
                assert seen.acquire(timeout=60)
            struck = chance.randrange(2)
            centres[struck].kill()
            centres[struck] = stack.enter_context(a_centre(url))
            ports[struck] = centres[struck].port
        for terminal in terminals:
            terminal.ended.set()
        for terminal in terminals:
            terminal.join(60)
        with psycopg.connect(url) as raw:
            rows = raw.execute(HELD).fetchall()
    held = {(row[0], row[2]) for row in rows}
    assert [row for row in rows if row[3] != 1] == []
    assert {(f"t-{n}", seq) for n, one in enumerate(terminals) for seq in one.acked} <= held
    assert max(seq for _, seq in held) <= max(len(one.acked) for one in terminals) + 1
    assert sum(one.again for one in terminals) > 0


def a_centre(url: str) -> Process:
    return Process(url, ("--rate-per-minute", "0"))  # type: ignore[arg-type]


def registered(url: str) -> list[str]:
    secrets = {f"t-{number}": auth.new_secret() for number in range(TERMINALS)}
    with a_postgres_store(url) as store:
        for name, secret in secrets.items():
            asyncio.run(store.add_terminal(name, "", auth.digest(secret), 0))
    return [f"{name}:{secret}" for name, secret in secrets.items()]
