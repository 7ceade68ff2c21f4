"""What goes over a port, kept as a capture: a file that `posagent simulate` plays and that holds no identities.

The form is that of modem/simulator/capture.py. Bytes are as they came; times and cuts are not kept.
"""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from modem.port import Port

if TYPE_CHECKING:
    from modem.redact import Exchange

MAX_BYTES = 512 * 1024
"""Of one recording; a modem that floods its port fills no disk, and `simulate` reads files up to twice this."""


LOOK_BYTES = 64 * 1024
"""Of one look: an ordinary one has 5 KB."""


class Recording:
    """The dialogue so far. Belongs to the port's thread."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self.truncated = False
        self._max_bytes = max_bytes
        self._exchanges: list[tuple[str, bytearray]] = []
        self._unasked = bytearray()
        self._listening = True
        self._sent = bytearray()
        self._bytes = 0

    def sent(self, data: bytes) -> None:
        """Each command line begins an exchange; a payload (PDU, Ctrl-Z) belongs to its command and is not kept."""
        self._sent += data
        while b"\r" in self._sent:
            line, _, rest = self._sent.partition(b"\r")
            self._sent = bytearray(rest)
            text = line.decode("latin-1").lstrip("\x1b\x1a\n ")
            if text[:2].upper() == "AT" and self._has_room(len(text)):
                self._exchanges.append((text, bytearray()))
                self._listening = False
        del self._sent[:-4096]

    def received(self, data: bytes) -> None:
        if self._has_room(len(data)):
            (self._unasked if self._listening else self._exchanges[-1][1]).extend(data)

    def listen(self) -> None:
        """From now on nobody asks: what comes is unsolicited, until the next command."""
        self._listening = True

    def continued(self, max_bytes: int) -> "Recording":
        """A copy that goes on by itself, with room for so many bytes in all."""
        copy = Recording(max_bytes)
        copy._exchanges = [(command, bytearray(reply)) for command, reply in self._exchanges]
        copy._unasked = bytearray(self._unasked)
        copy._bytes = min(self._bytes, max_bytes)
        copy._listening = True
        return copy

    @property
    def exchanges(self) -> "list[Exchange]":
        return [(command, reply.decode("latin-1") if reply else None) for command, reply in self._exchanges]

    @property
    def urcs(self) -> list[str]:
        return [line for line in self._unasked.decode("latin-1").replace("\n", "\r").split("\r") if line.strip()]

    def _has_room(self, count: int) -> bool:
        self._bytes += count
        self.truncated = self._bytes > self._max_bytes
        return not self.truncated

    def heard(self, direction: Literal["rx", "tx"], data: bytes) -> None:
        """What `modem.client.Modem(on_bytes=…)` passes."""
        if direction == "tx":
            self.sent(data)
        else:
            self.received(data)


class Tape:
    """Listens to one `Modem` for years: keeps how talking to it began, and a look when somebody wants one.

    A capture needs the beginning too: only there it is said who the modem is. Belongs to the port's thread.
    """

    def __init__(self, beginning_bytes: int = 16 * 1024, look_bytes: int = LOOK_BYTES) -> None:
        self._look_bytes = look_bytes
        self._beginning = Recording(beginning_bytes)
        self._now: Recording | None = self._beginning

    def heard(self, direction: Literal["rx", "tx"], data: bytes) -> None:
        if self._now is not None:
            self._now.heard(direction, data)

    def pause(self) -> None:
        """What follows is not kept: the beginning is over, or the look."""
        self._now = None

    def record(self) -> Recording:
        """From now on what is said goes into the recording that is returned, behind the beginning."""
        self._now = self._beginning.continued(self._look_bytes)
        return self._now


class RecordedPort:
    """A port that notes what passes. Whatever happens on it happens on `port`."""

    def __init__(self, port: Port, recording: Recording) -> None:
        self._port = port
        self._recording = recording

    def read(self, max_bytes: int, timeout_s: float) -> bytes:
        data = self._port.read(max_bytes, timeout_s)
        self._recording.received(data)
        return data

    def write(self, data: bytes, timeout_s: float) -> None:
        self._recording.sent(data)
        self._port.write(data, timeout_s)

    def close(self) -> None:
        self._port.close()


def document(recording: Recording, about: Mapping[str, str], key: bytes | None = None) -> str:
    """The capture as TOML, redacted. `about`: model, vendor, firmware, source, notes … as far as they are known."""
    from modem.redact import redacted  # noqa: PLC0415 - a daemon records, and seldom shows what it recorded

    known = {name: text for name, text in about.items() if text}
    said = [*recording.exchanges, *(("", text) for text in known.values())]
    shown, urcs = redacted(said, recording.urcs, key)
    exchanges, heads = shown[: len(said) - len(known)], shown[len(said) - len(known) :]
    lines = [f"{name} = {_quoted(text or '')}" for name, (_, text) in zip(known, heads, strict=True)]
    lines += ['kind = "device"', f"urcs = {_list(urcs)}", 'framing = "exact"']
    for command, reply in exchanges:
        lines += ["", "[[exchange]]", *_exchange(command, reply)]
    return "\n".join(lines) + "\n"


def save(path: Path, text: str, *, overwrite: bool = False) -> None:
    """For this user's eyes: whoever shares it does so on purpose. Raises OSError (FileExistsError)."""
    how = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | (os.O_TRUNC if overwrite else os.O_EXCL)
    with os.fdopen(os.open(path, how, 0o600), "w", encoding="utf-8") as file:
        file.write(text)


def _exchange(command: str, reply: str | None) -> Iterable[str]:
    yield f"cmd = {_quoted(_text(command))}"
    if reply is not None:
        yield f"reply = {_quoted(_text(reply))}"
        if reply.startswith(command + "\r"):
            yield "echo_in_reply = true"


def _text(characters: str) -> str:
    """Bytes as characters → text that stands for the same bytes in a capture, readable where it is UTF-8."""
    from modem.simulator.tables import octets  # noqa: PLC0415 - the same

    data = characters.encode("latin-1")
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return characters
    return text if octets(text) == data else characters


def _list(texts: Iterable[str]) -> str:
    return "[" + ", ".join(_quoted(_text(text)) for text in texts) + "]"


_SHORT = {"\r": "\\r", "\n": "\\n", "\t": "\\t", '"': '\\"', "\\": "\\\\"}


def _quoted(text: str) -> str:
    """A basic string of TOML 1.0; everything invisible is spelled."""
    return (
        '"'
        + "".join(_SHORT.get(char) or (char if char.isprintable() else f"\\U{ord(char):08X}") for char in text)
        + '"'
    )
