"""A diagnosis as a QR code: a phone carries it away from a terminal that has no network. docs/diag.md has the format.

The text keeps to the QR standard's alphanumeric set (ISO/IEC 18004 §7.3.4: digits, capitals, space, $%*+-./:), which
costs 5.5 bits a character instead of 8, so that the whole fits a screen of 80 × 24. What fits less is left out from
the end; verdict, terminal, time and card stay.
"""

import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal
from urllib.parse import unquote

HEAD = "POSAGENT1"
MAX_CHARACTERS = 300
MAX_VALUE = 40
Form = Literal["blocks", "ascii"]
Report = Mapping[str, Any]
Matrix = Sequence[Sequence[int]]
_PLAIN = re.compile(r"[^0-9A-Z$*+./:-]")
_ALWAYS = "VCTZIK"
"""Fields that are never left out for want of room."""
_BORDERS = (4, 2)
"""The standard's quiet zone (§9.1), and what phones put up with."""
_BLOCKS = {(0, 0): " ", (1, 0): "▀", (0, 1): "▄", (1, 1): "█"}


class BadCode(ValueError):
    """A text that is no report, or one that was cut or mistyped."""


def payload(report: Report, terminal: str, room: int = MAX_CHARACTERS) -> str:
    """The text of the code: at most `room` characters if verdict, terminal, time and card leave any choice."""
    fields = [(tag, value) for tag, value in _fields(report, terminal) if value]
    while len(text := _sealed(fields)) > room and any(tag not in _ALWAYS for tag, _ in fields):
        last = max(at for at, (tag, _) in enumerate(fields) if tag not in _ALWAYS)
        del fields[last]
    return text


def read(text: str) -> dict[str, str]:
    """Tag → value of a scanned text, however its letters' case was changed. BadCode when it is none of ours."""
    words = text.strip().upper().split(" ")
    body, _, check = " ".join(words).rpartition(" K:")
    if words[0] != HEAD or not body or check != _checksum(body):
        raise BadCode("no report of posagent, or not whole")
    pairs = (word.partition(":") for word in body.split(" ")[1:])
    return {tag: unquote(value) for tag, _, value in pairs}


def drawn(report: Report, terminal: str, columns: int, rows: int, form: Form, *, light_ink: bool = False) -> list[str]:
    """The code's lines for a screen of `columns` × `rows`. `light_ink`: the terminal writes light on dark.

    Where even the shortest does not fit, that one is drawn all the same: a person can enlarge a window.
    """
    for room in range(MAX_CHARACTERS, 0, -12):
        matrix = _matrix(payload(report, terminal, room))
        for border in _BORDERS:
            lines = lines_of(matrix, border, form, light_ink=light_ink)
            if len(lines) <= rows and len(lines[0]) <= columns:
                return lines
    return lines_of(_matrix(payload(report, terminal, 0)), _BORDERS[-1], form, light_ink=light_ink)


def lines_of(matrix: Matrix, border: int, form: Form, *, light_ink: bool) -> list[str]:
    """Two rows a line as half blocks, or two characters a module in ASCII; all lines are equally long."""
    side = len(matrix) + 2 * border
    empty = [0] * side
    edge = [0] * border
    rows = [*[empty] * border, *([*edge, *row, *edge] for row in matrix), *[empty] * border]
    inked = [[bool(cell) != light_ink for cell in row] for row in rows]
    if form == "ascii":
        return ["".join("##" if cell else "  " for cell in row) for row in inked]
    if len(inked) % 2:
        inked.append([light_ink] * side)
    pairs = zip(inked[::2], inked[1::2], strict=True)
    return ["".join(_BLOCKS[over, under] for over, under in zip(*pair, strict=True)) for pair in pairs]


def _matrix(text: str) -> Matrix:
    import segno  # noqa: PLC0415 - only who wants a code pays for it

    return [list(row) for row in segno.make_qr(text, error="l").matrix]


def _fields(report: Report, terminal: str) -> Iterator[tuple[str, str]]:
    """In the order of their importance, the checksum apart."""
    verdict, sim, network = _part(report, "verdict"), _part(report, "sim"), _part(report, "network")
    modem, plan = _part(report, "modem"), _part(report, "plan")
    yield "V", _value(str(verdict.get("code") or "unsure").replace("_", "-"))
    yield "C", _value(verdict.get("confidence"))[:1]
    yield "T", _value(terminal)
    yield "Z", re.sub(r"[-:]", "", _value(report.get("taken_at")))
    yield "I", _value(sim.get("iccid"))
    yield "N", _cause(network.get("reject_cause")) or _cause(_part(report, "data").get("last_error"))
    yield "S", _value(str(sim.get("state") or "").replace("_", "-")) if sim.get("state") != "ready" else ""
    yield "R", _value(str(network.get("registration") or "").replace("_", "-"))
    yield "G", _signal(report)
    yield "D", _session(report)
    yield "P", re.sub("-", "", _value(plan.get("expires_on")))
    yield "L", _megabytes(plan.get("remaining_bytes"))
    yield "E", _value(modem.get("imei"))
    yield "M", _value(modem.get("model"))


def _cause(cause: object) -> str:
    if not isinstance(cause, Mapping) or cause.get("number") is None:
        return ""
    return f"{_value(cause.get('layer'))}/{_value(cause.get('number'))}"


def _signal(report: Report) -> str:
    """Technology and the level that belongs to it: RSRP, else RSCP, else RSSI, in dBm."""
    signal, technology = _part(report, "signal"), _part(report, "network").get("technology")
    names = ("rsrp_dbm", "rscp_dbm", "rssi_dbm")
    name = next((name for name in names if isinstance(signal.get(name), int | float)), None)
    if name is None:
        return ""
    return f"{_value(str(technology or '').replace('_', '-'))}/{name[:4]}{signal[name]:.0f}".upper()


def _session(report: Report) -> str:
    contexts = _part(report, "data").get("contexts")
    known = [item.get("active") for item in contexts if isinstance(item, Mapping)] if isinstance(contexts, list) else []
    return "Y" if True in known else "N" if False in known else ""


def _megabytes(count: object) -> str:
    return f"{count / 2**20:.1f}" if isinstance(count, int | float) else ""


def _value(value: object) -> str:
    """As the code can carry it: capitals, everything outside the set as %XX of UTF-8."""
    text = "" if value is None else str(value)[:MAX_VALUE].upper()
    return _PLAIN.sub(lambda match: "".join(f"%{octet:02X}" for octet in match[0].encode("utf-8", "replace")), text)


def _sealed(fields: Sequence[tuple[str, str]]) -> str:
    body = " ".join([HEAD, *(f"{tag}:{value}" for tag, value in fields)])
    return f"{body} K:{_checksum(body)}"


def _checksum(body: str) -> str:
    """The low 16 bits of the CRC-32 (IEEE 802.3) of what stands before " K:"."""
    return f"{zlib.crc32(body.encode()) & 0xFFFF:04X}"


def _part(report: Report, key: str) -> Report:
    part = report.get(key)
    return part if isinstance(part, Mapping) else {}
