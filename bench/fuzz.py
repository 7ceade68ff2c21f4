"""Hostile bytes into everything that reads a modem's bytes. What must hold: no exception, bounded memory, no hang.

    make fuzz                                    a minute for each target, with atheris (installed on demand)
    python bench/fuzz.py pdu --seconds 600       one target, longer
    python bench/fuzz.py pdu --replay FILE       one input again

tests/modem/test_fuzz_short.py runs the same targets briefly and without atheris, with hypothesis.
"""

import argparse
import gc
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import FunctionType

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from modem.dialects import THREE_GPP, all_dialects, choose  # noqa: E402
from modem.engine import Engine  # noqa: E402
from modem.errors import LocalProtocolError  # noqa: E402
from modem.events import Command, Final, Outcome, Reply  # noqa: E402
from modem.lines import Lines, decoded, raw  # noqa: E402
from modem.moves import State  # noqa: E402

ALL = all_dialects()
CAPTURES = ROOT / "tests" / "modem" / "captures"
MAX_HELD = 600 * 1024
"""More than the engine's bounds together (modem/flight.py, modem/lines.py)."""


def lines(data: bytes) -> None:
    """Bytes kept byte for byte, whatever they are."""
    assert raw(decoded(data)) == data
    reader = Lines()
    for at in range(0, len(data), 7):
        reader.feed(data[at : at + 7])
        while reader.take(prompt=bool(at & 1)) is not None:
            pass
    assert reader.held <= len(data)


def engine(data: bytes) -> None:
    """Commands and answers in any order; a byte says how the next piece is cut and how much time passes."""
    machine, now, at = Engine(ALL[data[0] % len(ALL)] if data else THREE_GPP), 0.0, 1
    commands = ("AT", "AT+CREG?", "AT+CMGL=4", "ATI", "AT+CUSD=1")
    while at < len(data):
        step, size = data[at], data[at] % 31 + 1
        if machine.state is State.IDLE and step & 0x80:
            machine.send(Command(commands[step % len(commands)], timeout_s=1.0), now)
        machine.receive(data[at + 1 : at + 1 + size], now)
        now += (step % 16) / 10
        machine.tick(now)
        machine.outgoing()
        if machine.state is State.DATA:
            machine.leave_data(now)
        assert machine.held <= MAX_HELD
        at += size + 1


def parsers(data: bytes) -> None:
    """Every reader of one of the dialects, on an answer of these lines."""
    from modem.transcript_forms import is_command

    text = decoded(data[:4096])
    head, _, rest = text.partition("\n")
    found = tuple(line for line in rest.splitlines() if line)[:40]
    dialect = ALL[sum(data[:64]) % len(ALL)]
    for outcome in (Outcome.OK, Outcome.REFUSED):
        reply = Reply(Command(head if is_command(head) else "AT"), Final("OK", outcome), found, 0.0)
        for parser in {id(one): one for one in dialect.parsers.values()}.values():
            parser(reply)
    for reader in {id(one): one for one in dialect.urcs.values()}.values():
        reader(found or ("",))
    choose(head, text, text)


def dialogue(data: bytes) -> None:
    """`posagent decode` of anything."""
    from modem.decode import decode

    for one in decode(data[:8192].decode("utf-8", "replace")):
        one.json()


def pdu(data: bytes) -> None:
    """Messages, as bytes and as the text that should be hexadecimal."""
    from modem.pseudonyms import Pseudonyms
    from modem.redact_pdu import masked_pdu
    from modem.sms.octets import PduError
    from modem.sms.pdu import decode

    names = Pseudonyms(b"a key for the fuzzer, 32 bytes..")
    for text in (data[:400].hex().upper(), decoded(data[:800])):
        with suppress(PduError):  # what it raises for everything that is no message
            decode(text, data[0] if data else None)
        assert len(masked_pdu(text, names.phone, names.digits)) == len(text)


def ussd(data: bytes) -> None:
    """What a network says to a dialled code, in whatever spelling."""
    from modem.sms.guess import read

    for text in (data[:600].hex().upper(), decoded(data[:600])):
        read(text, data[0] if data else None)
        read(text)


def redaction(data: bytes) -> None:
    """A dialogue of anything, without its identities."""
    from modem.redact import redacted

    head, _, rest = data[:4096].partition(b"\n")
    redacted([(head.decode("latin-1"), rest.decode("latin-1"))], (), b"a key for the fuzzer, 32 bytes..")


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    one.__name__: one for one in (lines, engine, parsers, dialogue, pdu, ussd, redaction)
}


def seeds() -> list[bytes]:
    """Answers of real modems: what a fuzzer should begin with."""
    from modem.simulator.capture import capture_from
    from modem.simulator.tables import ScriptError, read_document

    found = []
    for path in sorted(CAPTURES.glob("*.toml")):
        try:
            capture = capture_from(read_document(path), path.name)
        except ScriptError:
            continue
        found += [one.command.encode() + b"\n" + (one.reply or b"") for one in capture.exchanges]
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"of {', '.join(TARGETS)}; none: all, in turn")
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--replay", type=Path, metavar="FILE", help="one input that failed before")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    chosen = options.targets or list(TARGETS)
    if unknown := [name for name in chosen if name not in TARGETS]:
        parser.error(f"no target {unknown[0]!r}")
    if options.replay:
        for name in chosen:
            TARGETS[name](options.replay.read_bytes())
        return 0
    if options.inside:
        return fuzz(chosen[0], options.seconds)
    return max([_apart(name, options.seconds) for name in chosen], default=0)


def _apart(name: str, seconds: int) -> int:
    """Atheris takes its process over, so each target gets one."""
    print(f"== {name}: {seconds} s", flush=True)
    command = [sys.executable, __file__, name, "--inside", "--seconds", str(seconds)]
    return abs(subprocess.run(command, check=False).returncode)


def fuzz(name: str, seconds: int) -> int:
    try:
        import atheris
    except ImportError:
        print("atheris is not installed: pip install atheris (Linux, CPython 3.11 to 3.13)", file=sys.stderr)
        return 2
    target = TARGETS[name]
    for one in gc.get_objects():
        if isinstance(one, FunctionType) and one.__module__ and one.__module__.startswith("modem."):
            atheris.instrument_func(one)  # ours alone: all of Python takes longer than a short run
    with tempfile.TemporaryDirectory() as corpus:
        for number, seed in enumerate(seeds()):
            (Path(corpus) / str(number)).write_bytes(seed)
        limits = [f"-max_total_time={seconds}", "-timeout=10", "-rss_limit_mb=1024", "-max_len=4096", "-verbosity=0"]
        atheris.Setup([sys.argv[0], *limits, "-print_final_stats=1", corpus], lambda data: _survive(target, data))
        atheris.Fuzz()
    return 0


def _survive(target: Callable[[bytes], None], data: bytes) -> None:
    try:
        target(data)
    except LocalProtocolError:  # the target's own misuse of the engine is no finding
        return


if __name__ == "__main__":
    sys.exit(main())
