"""Lines of modem answers read in a second of processor time, beside python-gsmmodem-new on the same bytes.

    python bench/parse_rate.py [--rounds 5]

The bytes are the captures' answers. python-gsmmodem-new 0.13.0 comes from PyPI into a virtual environment that is
thrown away. Its reader takes one byte at a time and only collects lines until a final result: "lines only" is the same
work in ours. The engine tells echo, news and answers apart as well, and the last row turns answers into readings.
Answers on which its thread ends with an exception (bytes that are no UTF-8) are counted and read by nobody.
"""

# ruff: noqa: SLF001 - their reader has no public way in

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
OTHER = "python-gsmmodem-new==0.13.0"
REPEATS = 20
CHUNK = 64

Dialogue = list[tuple[str, bytes]]


def dialogue() -> Dialogue:
    from bench.fuzz import seeds

    found = []
    for seed in seeds():
        command, _, reply = seed.partition(b"\n")
        if reply and command[:2].upper() == b"AT":
            found.append((command.decode("utf-8", "replace"), reply))
    return found


def count(said: Dialogue) -> int:
    return sum(len([line for line in reply.splitlines() if line]) for _, reply in said)


def rate(run: Callable[[Dialogue], object], said: Dialogue, rounds: int) -> list[float]:
    """Lines a second in each round; the first one warms up."""
    found = []
    for _ in range(rounds + 1):
        began = time.process_time()
        for _ in range(REPEATS):
            run(said)
        found.append(count(said) * REPEATS / (time.process_time() - began))
    return found[1:]


def ours(said: Dialogue, *, chunk: int = CHUNK, parse: bool = False) -> int:
    from modem.decode import parts_of
    from modem.dialects import choose
    from modem.engine import Engine
    from modem.events import Command, Reply
    from modem.moves import State

    dialect = choose("Quectel", "EC20F", "")
    machine, readings = Engine(dialect), 0
    for command, reply in said:
        if machine.state is not State.IDLE:
            machine = Engine(dialect)
        machine.send(Command(command), 0.0)
        for at in range(0, len(reply), chunk):
            for event in machine.receive(reply[at : at + chunk], 0.0):
                if parse and isinstance(event, Reply):
                    for name, _ in parts_of(command):
                        parser = dialect.parsers.get(name)
                        readings += len(parser(event)) if parser else 0
    return readings


def lines_only(said: Dialogue, *, chunk: int = CHUNK) -> int:
    """What the other library does with these bytes: cut lines, collect them until a final result."""
    from modem.final import read_final
    from modem.lines import Line, Lines

    collected = 0
    for _, reply in said:
        lines, answer = Lines(), []
        for at in range(0, len(reply), chunk):
            lines.feed(reply[at : at + chunk])
            while (token := lines.take()) is not None:
                if isinstance(token, Line):
                    answer.append(token.text)
                    if read_final(token.text):
                        collected += len(answer)
                        answer = []
    return collected


def theirs(said: Dialogue) -> int:
    """Its read loop on a port that hands out these bytes; returns the answers that ended it."""
    import threading

    from gsmmodem.serial_comms import SerialComms  # type: ignore[import-not-found]

    class Port:
        def __init__(self, data: bytes) -> None:
            self.data, self.at = data, 0

        def read(self, _count: int) -> bytes:
            self.at += 1
            if self.at > len(self.data):
                comms.alive = False
            return self.data[self.at - 1 : self.at]

        def inWaiting(self) -> int:  # noqa: N802 - pyserial's name
            return len(self.data) - self.at

    failed = 0
    for _, reply in said:
        comms = SerialComms("none")
        comms.serial, comms.alive = Port(reply), True
        comms._response, comms._responseEvent = [], threading.Event()
        try:
            comms._readLoop()
        except UnicodeDecodeError:
            failed += 1
    return failed


def beside(said: Dialogue, rounds: int) -> dict[str, object]:
    """Ourselves again, under an interpreter that has the other library."""
    with tempfile.TemporaryDirectory() as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder) / "bin" / "python")
        subprocess.run([python, "-m", "pip", "-q", "install", OTHER], check=True)
        words = json.dumps([(command, reply.decode("latin-1")) for command, reply in said])
        command = [python, __file__, "--theirs", "--rounds", str(rounds)]
        done = subprocess.run(command, input=words, capture_output=True, text=True, check=True)
    result = json.loads(done.stdout)
    assert isinstance(result, dict)
    return result


def shown(name: str, rates: list[float]) -> str:
    middle = statistics.median(rates)
    return f"{name:44} {middle:9,.0f} lines/s  ({min(rates):,.0f} to {max(rates):,.0f})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--theirs", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.theirs:
        said = [(command, reply.encode("latin-1")) for command, reply in json.load(sys.stdin)]
        print(json.dumps({"rates": rate(theirs, said, options.rounds), "failed": theirs(said)}))
        return
    sys.path.insert(0, str(ROOT))
    said = dialogue()
    other = beside(said, options.rounds)
    print(f"{len(said)} answers, {count(said)} lines, Python {sys.version.split()[0]}")
    print(shown(f"{OTHER}: lines to answers", list(other["rates"])))  # type: ignore[call-overload]
    print(shown("posagent lines only: the same work", rate(lines_only, said, options.rounds)))
    print(shown("  the same, byte by byte", rate(lambda one: lines_only(one, chunk=1), said, options.rounds)))
    print(shown("posagent engine: echo, news and answers apart", rate(ours, said, options.rounds)))
    print(shown("posagent with readings", rate(lambda one: ours(one, parse=True), said, options.rounds)))
    print(f"answers on which its thread ends: {other['failed']}")


if __name__ == "__main__":
    main()
