"""`posagent-central simulate`."""

import argparse
import asyncio
import ssl
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from central.cli import EXIT_FAILURE, EXIT_USAGE, CliError, common, emit, say
from central.cli.settings import settings

if TYPE_CHECKING:
    from central.simulation import Simulated

HELP = """A fleet of simulated terminals that report to a centre, in the real wire code: most are well, some cards
expire, run out or are lost, some signals fade. Registers the terminals sim-00001 … in the database first. For trying
things out: not for the database of a real fleet."""
EXITS = {
    0: "the time is over",
    1: "reports were refused, or the database is not new",
    2: "wrong usage",
    10: "configuration not valid",
}
EXAMPLES = [
    "posagent-central simulate --terminals 200 --interval 10 --for 120 --database ./central.db",
    "posagent-central simulate --terminals 500 --interval 10 --carrier-down 46000 --database ./central.db",
    "posagent-central simulate --terminals 500 --fast 24 --down apn:cmmtm --database ./new.db",
    "posagent-central simulate --past --database ./new.db",
]
TIMEOUT_S = 15.0
AT_ONCE = 200
"""Reports under way at the same time."""


@dataclass
class Told:
    sent: int = 0
    refused: int = 0
    silent: int = 0
    errors: list[str] = field(default_factory=list)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--terminals", type=int, default=100, metavar="N", help="1 to 100000 (default 100)")
    parser.add_argument("--url", default="http://127.0.0.1:8480", help="of the centre (default %(default)s)")
    parser.add_argument("--interval", type=float, default=15.0, metavar="S", help="between reports (default 15)")
    parser.add_argument("--for", type=float, default=60.0, metavar="S", dest="duration", help="how long (default 60)")
    parser.add_argument(
        "--past", action="store_true",
        help="instead: 48 terminals with two weeks behind them, told to a new database that nobody serves yet",
    )  # fmt: skip
    parser.add_argument(
        "--fast", type=int, metavar="HOURS",
        help="instead: so many hours that end now, on a fast clock, told to a new database that nobody serves yet",
    )  # fmt: skip
    parser.add_argument("--seed", type=int, default=1, help="another seed, another story")
    parser.add_argument("--carrier-down", metavar="PLMN", help="halfway through, nobody of this carrier gets through")
    parser.add_argument(
        "--down", action="append", default=[], metavar="KIND:VALUE",
        help="likewise: carrier:46000, apn:cmmtm, cell:5A1B-00C7, agent_version:0.0.9 (as often as needed)",
    )  # fmt: skip
    common(parser)


def run(options: argparse.Namespace) -> int:
    url = urlsplit(options.url)
    if not 1 <= options.terminals <= 100_000 or options.interval < 1 or options.duration < 0:
        raise CliError("--terminals 1 to 100000, --interval 1 or more, --for 0 or more", EXIT_USAGE)
    if url.scheme not in ("http", "https") or not url.hostname:
        raise CliError(f"--url {options.url!r}: http:// or https:// and a host", EXIT_USAGE)
    if options.fast is not None and not 1 <= options.fast <= 24 * 366:
        raise CliError("--fast 1 to 8784 hours", EXIT_USAGE)
    if options.past:
        return _tell_the_past(options)
    if options.fast is not None:
        return _live_fast(options)
    told = asyncio.run(_simulate(options))
    if options.json:
        emit({"sent": told.sent, "refused": told.refused, "silent": told.silent, "errors": told.errors[:5]})
    else:
        say(f"sent {told.sent}, refused {told.refused}, kept silent {told.silent}")
        for error in told.errors[:5]:
            say(f"  {error}")
    return EXIT_FAILURE if told.refused else 0


def _tell_the_past(options: argparse.Namespace) -> int:
    from central.past import fleet
    from central.past.terminals import TERMINALS
    from central.store.base import StoreRefused
    from central.store.opening import open_store

    chosen = settings(options)
    store = open_store(chosen.storage.database)
    try:
        asyncio.run(fleet.tell(store, chosen, int(time.time())))
    except StoreRefused as refusal:
        raise CliError(str(refusal)) from None
    finally:
        store.close()
    if options.json:
        emit({"terminals": TERMINALS})
    else:
        say(f"{TERMINALS} terminals with two weeks behind them")
    return 0


def _live_fast(options: argparse.Namespace) -> int:
    from central import fast
    from central.simulation import fleet
    from central.store.base import StoreRefused
    from central.store.opening import open_store

    chosen, now = settings(options), int(time.time())
    terminals = fleet(options.terminals, options.seed, born=now << 20)
    store = open_store(chosen.storage.database)
    try:
        made = asyncio.run(fast.live(store, terminals, chosen, now, options.fast, _down(options)))
    except StoreRefused as refusal:
        raise CliError(str(refusal)) from None
    finally:
        store.close()
    causes = sorted(f"{one.kind}:{one.value}" for one in made.found.values())
    if options.json:
        emit({"sent": made.sent, "silent": made.silent, "incidents": causes})
    else:
        say(f"{options.fast} hours: sent {made.sent}, kept silent {made.silent}, incidents {len(causes)}")
        for cause in causes:
            say(f"  {cause}")
    return 0


def _down(options: argparse.Namespace) -> frozenset[str]:
    return frozenset([*options.down, *([f"carrier:{options.carrier_down}"] if options.carrier_down else [])])


async def _simulate(options: argparse.Namespace) -> Told:
    from central.simulation import fleet

    terminals = fleet(options.terminals, options.seed, born=int(time.time()) << 20)
    credentials = await _register(options, terminals)
    told, gate = Told(), asyncio.Semaphore(AT_ONCE)
    begun = time.monotonic()
    ends = begun + options.duration
    broken = _down(options)

    async def live(place: int, one: "Simulated") -> None:
        due = begun + options.interval * place / len(terminals)
        while due <= ends:
            await asyncio.sleep(max(0.0, due - time.monotonic()))
            late = time.monotonic() - begun > options.duration / 2
            down = broken if late else frozenset[str]()
            async with gate:
                await _report(options, one, credentials[one.name], told, down)
            due += options.interval

    await asyncio.gather(*(live(place, one) for place, one in enumerate(terminals)))
    return told


async def _register(options: argparse.Namespace, terminals: "list[Simulated]") -> dict[str, str]:
    from central import auth
    from central.store.base import StoreRefused
    from central.store.opening import open_store

    store = open_store(settings(options).storage.database)

    async def one(name: str) -> tuple[str, str]:
        secret, now = auth.new_secret(), int(time.time())
        try:
            await store.add_terminal(name, "", auth.digest(secret), now)
        except StoreRefused:
            await store.rotate(name, auth.digest(secret), now)
        return name, f"{name}:{secret}"

    try:
        return dict(await asyncio.gather(*(one(terminal.name) for terminal in terminals)))
    finally:
        store.close()


async def _report(
    options: argparse.Namespace, one: "Simulated", credential: str, told: Told, down: frozenset[str]
) -> None:
    from agent.wire.frame import base_of, pack

    if not one.can_speak(down):
        told.silent += 1
        return
    batch = one.batch(int(time.time()), max(1, round(options.interval)))
    try:
        async with asyncio.timeout(TIMEOUT_S):
            status = await _post(options.url, credential, pack(batch, one.base))
            if status != 200 and one.base is not None:  # it does not know our base any more: all of it
                status = await _post(options.url, credential, pack(batch, None))
    except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ValueError) as error:
        told.refused += 1
        told.errors.append(f"{one.name}: {type(error).__name__}: {error}")
        return
    if status == 200:
        one.base = base_of(batch)
        told.sent += 1
    else:
        told.refused += 1
        told.errors.append(f"{one.name}: answered {status}")


async def _post(url: str, credential: str, body: bytes) -> int:
    """One request on a connection of its own; the status of the answer."""
    parts = urlsplit(url)
    tls = ssl.create_default_context() if parts.scheme == "https" else None
    port = parts.port or (443 if tls else 80)
    reader, writer = await asyncio.open_connection(parts.hostname, port, ssl=tls)
    try:
        head = [f"POST {parts.path.rstrip('/')}/v1/reports HTTP/1.1", f"Host: {parts.netloc}", "Connection: close"]
        head += [
            f"Authorization: Bearer {credential}",
            "Content-Type: application/json",
            f"Content-Length: {len(body)}",
        ]
        writer.write("\r\n".join([*head, "", ""]).encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        return int(answer.split(b" ", 2)[1])
    finally:
        writer.close()
