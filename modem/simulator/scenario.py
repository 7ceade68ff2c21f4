"""Reading scenarios and personas: TOML into a `Script`. Misspelt keys and unknown words are errors."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from modem.frozen import dataclass
from modem.simulator.capture import is_capture
from modem.simulator.faults import FOREVER, KINDS, PLACES, Fault
from modem.simulator.figures import unknown_words
from modem.simulator.lte import CONDITIONS, Canned, Lte
from modem.simulator.messages import MessageStore
from modem.simulator.persona import Change, Persona, Sms
from modem.simulator.script import (
    DEFAULT_ANSWER_S,
    PERSONAS,
    URC_MODES,
    Script,
    capture_script,
    persona_names,
)
from modem.simulator.state import State, overlay
from modem.simulator.tables import ScriptError, Table, octets, read_document
from modem.simulator.unit import Unit, Ussd

MAX_SECONDS = 1e7
"""Longest time in a script: about four months."""


@dataclass(frozen=True, slots=True)
class Module:
    """A persona file: a module's identity and its own commands."""

    state: State
    answers: tuple[Canned, ...]
    boot: tuple[str, ...]
    unknown: str


def scenario_from(document: dict[str, Any], path: Path) -> Script:
    top = Table(document, str(path))
    modem = top.table("modem")
    title = top.text("title", path.stem)
    changes = tuple(sorted((_change(item) for item in top.tables("change")), key=lambda change: change.at_s))
    faults = tuple(_fault(item) for item in top.tables("fault"))
    build = _persona(modem, top, path)
    script = Script(
        path.stem,
        title,
        build,
        modem.number("answer_ms", DEFAULT_ANSWER_S * 1000, 0, 600_000) / 1000,
        modem.integer("seed", 1),
        top.number("lasts_s", _end(changes, faults), 0, MAX_SECONDS),
        changes,
        faults,
    )
    modem.done()
    top.done()
    _rehearse(script, top)
    return script


def _end(changes: tuple[Change, ...], faults: tuple[Fault, ...]) -> float:
    moments = [change.at_s for change in changes]
    moments += [fault.from_s + fault.seconds for fault in faults]
    moments += [fault.to_s for fault in faults if fault.to_s < FOREVER]
    return max(moments, default=0.0)


def _rehearse(script: Script, top: Table) -> None:
    """Play the changes once without a line: a wrong state is an error of the file, not of a later hour."""
    persona = script.build(0.0)
    for change in script.changes:
        if isinstance(persona, Lte):
            persona.apply(change)
        elif change.settings is not None or change.sms:
            raise top.error("change", "a capture has no state to set and receives no SMS; only urc is possible")


def _persona(modem: Table, top: Table, path: Path) -> Callable[[float], Persona]:
    name = modem.text("persona")
    if name.lower().endswith((".toml", ".json")):
        return _captured_persona(modem, top, path.parent / name)
    if name not in persona_names():
        raise modem.error(
            "persona", f"found {name[:60]!r}, known are {', '.join(persona_names())}, or a capture's path"
        )
    module = load_module(PERSONAS / f"{name}.toml")
    state = overlay(module.state, top.table("state"))
    canned = tuple(_canned(item) for item in top.tables("answer")) + module.answers
    ussd = tuple(_ussd(item) for item in top.tables("ussd"))
    stored = tuple(_sms(item) for item in top.tables("sms"))

    def build(wall: float) -> Persona:
        unit = Unit(
            state.started(wall),
            store=MessageStore(state.sms_capacity),
            ussd=ussd,
            unknown=octets(f"\r\n{module.unknown}\r\n"),
        )
        lte = Lte(unit, canned, module.boot)
        lte.apply(Change(0.0, sms=stored))
        return lte

    return build


def _captured_persona(modem: Table, top: Table, path: Path) -> Callable[[float], Persona]:
    document = read_document(path)
    if not is_capture(document):
        raise ScriptError(str(path), "a scenario's persona must be a capture or a known name")
    for key in ("state", "answer", "ussd", "sms"):
        if top.has(key):
            raise top.error(key, "has no meaning with a capture as persona: it says only what the device said")
    return capture_script(document, path, modem.choice("urcs", URC_MODES, "none")).build


def load_module(path: Path) -> Module:
    top = Table(read_document(path), str(path))
    top.text("title", "")
    module = Module(
        overlay(State(), top.table("state")),
        tuple(_canned(item) for item in top.tables("answer")),
        top.texts("boot"),
        top.text("unknown", "ERROR"),
    )
    top.done()
    return module


def _canned(item: Table) -> Canned:
    command = item.text("cmd")
    lines = item.texts("lines")
    final = item.text("final", "OK")
    if any(end in text for text in (command, final, *lines) for end in "\r\n"):
        raise item.error("lines", "texts must not hold line ends: each line is an item of its own")
    for text in lines:
        if unknown := unknown_words(text):
            raise item.error("lines", f"there is no {{{unknown[0]}}} in the state")
    if final.startswith("cme ") and not (final[4:].isascii() and final[4:].isdigit() and len(final) < 10):
        raise item.error("final", 'wants a number, such as "cme 30"')
    canned = Canned(
        command, lines, item.choice("when", CONDITIONS, "always"), final, item.number("delay_s", 0, 0, MAX_SECONDS)
    )
    item.done()
    return canned


def _ussd(item: Table) -> Ussd:
    ussd = Ussd(
        item.text("code"),
        item.text("text"),
        item.integer("dcs", 72, 0, 255),
        item.integer("result", 0, 0, 5),
        item.number("after_s", 1.0, 0, MAX_SECONDS),
    )
    item.done()
    return ussd


def _sms(item: Table) -> Sms:
    sms = Sms(item.text("from", "10086"), item.text("text", ""), item.text("pdu", ""))
    if bool(sms.text) == bool(sms.pdu):
        raise item.error("text", "give either text or pdu")
    if sms.pdu and not _is_pdu(sms.pdu):
        raise item.error("pdu", "must be hexadecimal octets with the service centre in front, at most 400 digits")
    item.done()
    return sms


def _is_pdu(text: str) -> bool:
    try:
        return 4 <= len(text) <= 400 and len(bytes.fromhex(text)) * 2 == len(text)
    except ValueError:
        return False


def _change(item: Table) -> Change:
    settings = item.table("set") if item.has("set") else None
    change = Change(
        item.number("at_s", None, 0, MAX_SECONDS),
        settings,
        _lines(item, "urc"),
        tuple(_sms(one) for one in item.tables("sms")),
        item.text("phase", ""),
    )
    item.done()
    return change


def _lines(item: Table, key: str) -> tuple[str, ...]:
    lines = item.texts(key)
    if any(end in text for text in lines for end in "\r\n"):
        raise item.error(key, "texts must not hold line ends")
    return lines


def _fault(item: Table) -> Fault:
    kind = item.choice("kind", KINDS)
    start = item.number("from_s", 0, 0, MAX_SECONDS)
    fault = Fault(
        kind,
        start,
        item.number("to_s", FOREVER, start, FOREVER),
        item.integer("every", 1, 1, 1_000_000),
        item.text("command", "").upper(),
        item.number("seconds", 0, 0, MAX_SECONDS),
        item.number("jitter_s", 0, 0, MAX_SECONDS),
        _bytes(item),
        item.integer("size", 8 if kind == "garbage" else 1, 0 if kind == "truncate" else 1, 4096),
        item.number("gap_s", 0.1 if kind == "flood" else 0.01, 0.001, MAX_SECONDS),
        item.choice("where", PLACES, "after" if kind == "urc" else "inside"),
        _port_name(item),
    )
    item.done()
    return fault


def _bytes(item: Table) -> bytes:
    """`urc` is a line and gets its CR LF; `hex` and `text` are sent as they stand."""
    given = [key for key in ("urc", "hex", "text") if item.has(key)]
    if len(given) > 1:
        raise item.error(given[1], f"give only one of {', '.join(given)}")
    if item.has("urc"):
        return b"".join(b"\r\n" + octets(text) + b"\r\n" for text in _lines(item, "urc"))
    try:
        return bytes.fromhex(item.text("hex", "")) or octets(item.text("text", ""))
    except ValueError as error:
        raise item.error("hex", "must be hexadecimal octets") from error


def _port_name(item: Table) -> str:
    name = item.text("name", "")
    if name and (not name.isprintable() or "/" in name or name.startswith(".") or len(name) > 64):
        raise item.error("name", "must be a plain file name")
    return name
