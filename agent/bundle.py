"""The file that a technician sends home: everything that led to a verdict, about somebody else. docs/diag.md.

Rules: no identity of card, modem or subscriber and no secret is in it, in any spelling (`modem.redact` says how);
one number has one stand-in in all of its files; it is never larger than MAX_BYTES; whoever opens it later sees what is
not in it, and why. The dialogue in it plays with `posagent simulate` to the same verdict, but where that
rests on a message, whose words are blanked. Nothing is read here: what goes in is given.
"""

import gzip
import io
import json
import os
import re
import tarfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from modem import hidden
from modem.frozen import dataclass
from modem.pseudonyms import Pseudonyms
from modem.recording import Recording, document
from modem.redact import Exchange, redacted
from modem.redact_pdu import masked_text
from modem.text import printable

MAX_BYTES = 200_000
MAX_LOG_CHARACTERS = 120_000
SHORT_TEXT = 4
"""A message of fewer characters names nobody, and stands in many other texts."""
FOLDER = "posagent-bundle"
Report = Mapping[str, Any]
_ASKED: Mapping[str, str] = {
    "imei": "AT+CGSN", "iccid": "AT+CCID", "imsi": "AT+CIMI", "msisdn": "AT+CNUM",
    "firmware": "ATI", "model": "ATI", "manufacturer": "ATI",
}  # fmt: skip
"""Keys of a report → the command that would have told it: that is how `redact` knows what kind of number it is."""
_SECRETS = (
    (re.compile(r"(?<=://)[^/\s@\"]+@"), "***@"),
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w+/=.:~-]{6,}"), r"\1 ***"),
    (
        re.compile(r"(?i)((?:secret|passw(?:or)?d|token|credential|psk|authorization)\"?\s*[=:]\s*\"?)(?!/)[^\s,;\"]+"),
        r"\1***",
    ),
)


@dataclass(frozen=True, slots=True)
class Material:
    """What a bundle is made of, as it was found."""

    report: Report
    facts: Mapping[str, Any]
    """Versions, and what this machine says of itself."""
    config: str
    key: bytes
    """Of the stand-ins. Nobody keeps it."""
    dialogue: Recording | None = None
    capture: str | None = None
    """The dialogue as a capture already, with stand-ins of the same key: from the daemon."""
    log: str = ""
    missing: tuple[str, ...] = ()
    """What is not in it, and why: a sentence each."""


def packed(material: Material, rendered: Callable[[Report], str]) -> bytes:
    """The .tar.gz. `rendered`: a report as text for people. Where room is short the oldest log goes first."""
    fitting = replace(material, log=material.log[-MAX_LOG_CHARACTERS:])
    while len(data := _archive(_members(fitting, rendered), _moment(material.report))) > MAX_BYTES:
        smaller = _smaller(fitting)
        if smaller is None:
            return _archive({"README.txt": _readme(fitting, {})}, 0)
        fitting = smaller
    return data


def save(path: Path, data: bytes, *, overwrite: bool = False) -> None:
    """`path` holds all of it, for this user's eyes, or is what it was before. Raises OSError (FileExistsError)."""
    if not overwrite and (path.exists() or path.is_symlink()):
        raise FileExistsError(17, "File exists", str(path))
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except BaseException:
        fresh.unlink(missing_ok=True)
        raise


def _smaller(material: Material) -> Material | None:
    """Less of what is worth least; None when nothing is left to leave out."""
    if material.log:
        return replace(material, log=material.log[len(material.log) // 2 + 1 :])
    if material.capture is not None or material.dialogue is not None:
        why = "dialogue with the modem: it would not fit into the bundle"
        return replace(material, capture=None, dialogue=None, missing=(*material.missing, why))
    return None


def _members(material: Material, rendered: Callable[[Report], str]) -> dict[str, str]:
    exchanges = material.dialogue.exchanges if material.dialogue else []
    others = _Others(exchanges, material.key)
    report = others.of_report(material.report)
    facts = others.of_json(material.facts)
    members = {"report.json": _json(report), "report.txt": rendered(report), "facts.json": _json(facts)}
    capture = material.capture if material.dialogue is None else _capture(material, material.dialogue)
    if capture is not None:
        members["capture.toml"] = capture
    members |= dict(zip(("config.toml", "journal.txt"), others.of_texts([material.config, material.log]), strict=True))
    members = {name: text for name, text in members.items() if text.strip()}
    return {"README.txt": _readme(material, members), **members}


def _capture(material: Material, dialogue: Recording) -> str | None:
    return document(dialogue, about_of(material.report), material.key) if dialogue.exchanges else None


def about_of(report: Report) -> dict[str, str]:
    """The head of a capture: who the modem was, and what was found."""
    modem, verdict = _part(report, "modem"), _part(report, "verdict")
    known = {
        "model": modem.get("model"),
        "vendor": modem.get("manufacturer"),
        "firmware": modem.get("firmware"),
        "source": "posagent diag --bundle",
        "notes": f"verdict: {verdict.get('code')}",
    }
    return {name: str(value) for name, value in known.items() if value}


class _Others:
    """The same texts about somebody else. What the dialogue told of identities is known everywhere."""

    def __init__(self, exchanges: Sequence[Exchange], key: bytes) -> None:
        self._exchanges = list(exchanges)
        self._key = key
        self._learned: list[Exchange] = []

    def of_report(self, report: Report) -> Report:
        """Call it first: what it says of identities is known to the other texts from then on."""
        self._learned = [(command, text) for command, text in _leaves(report) if command]
        return self.of_json(report, self._masker(report))

    def of_json(self, value: Report, masked: Callable[[str], str] = str) -> Report:
        leaves = [(command, masked(text)) for command, text in _leaves(value)]
        done = iter(self._shown(leaves))
        rebuilt = _rebuilt(value, lambda: next(done))
        assert isinstance(rebuilt, dict)  # noqa: S101 - an object stays one
        return rebuilt

    def of_texts(self, texts: Sequence[str]) -> list[str]:
        return self._shown([("", text) for text in texts])

    def _shown(self, texts: Sequence[Exchange]) -> list[str]:
        given = [*self._exchanges, *self._learned, *((command, _bare(text or "")) for command, text in texts)]
        done, _ = redacted(given, (), self._key)
        return [reply or "" for _, reply in done[len(done) - len(texts) :]]

    def _masker(self, report: Report) -> Callable[[str], str]:
        """Carriers' messages say names: their words are masked wherever they are quoted. The facts in them stay."""
        facts = _part(report, "plan").get("facts")
        listed = facts if isinstance(facts, list) else []
        texts = [str(fact.get("text") or "") for fact in listed if isinstance(fact, Mapping)]
        names = Pseudonyms(self._key)
        shown = {
            text: masked_text(text, lambda digits: names.digits(digits, "text"))
            for text in texts
            if len(text) >= SHORT_TEXT
        }

        def masked(text: str) -> str:
            for said, instead in shown.items():
                text = text.replace(said, instead)
            return text

        return masked


def _json(value: Report) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"


def _bare(text: str) -> str:
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return hidden.masked(text)


def _leaves(value: object, key: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a JSON value, in order, with the command that tells its kind."""
    if isinstance(value, Mapping):
        for name, item in value.items():
            yield from _leaves(item, str(name))
    elif isinstance(value, list):
        for item in value:
            yield from _leaves(item, key)
    elif isinstance(value, str):
        yield _ASKED.get(key, ""), value


def _rebuilt(value: object, following: Callable[[], str]) -> object:
    if isinstance(value, Mapping):
        return {name: _rebuilt(item, following) for name, item in value.items()}
    if isinstance(value, list):
        return [_rebuilt(item, following) for item in value]
    return following() if isinstance(value, str) else value


def _readme(material: Material, members: Mapping[str, str]) -> str:
    verdict = _part(material.report, "verdict")
    kept = "".join(f"  {name:14}{_WORDS[name]}\n" for name in members)
    gone = "".join(f"  {printable(line)}\n" for line in material.missing) or "  nothing\n"
    plays = "posagent simulate capture.toml plays the modem again.\n" if "capture.toml" in members else ""
    return (
        f"posagent diag --bundle · 诊断资料包\n\nverdict 结论: {verdict.get('code')} ({verdict.get('confidence')})\n"
        f"taken at 时间: {material.report.get('taken_at')}\n\nIn it 内容\n{kept}\nNot in it 缺少\n{gone}\n"
        "Numbers of card, modem and subscriber are replaced by others; credentials are left out.\n"
        f"卡号、设备号、电话号码均已替换，不含凭证。\n{plays}"
    )


_WORDS: Mapping[str, str] = {
    "report.json": "the diagnosis, as posagent diag --json 诊断结果",
    "report.txt": "the same for people 文字版",
    "capture.toml": "the dialogue with the modem 与模块的对话",
    "config.toml": "settings in force; files only by their path 配置",
    "journal.txt": "the end of the service's log 日志",
    "facts.json": "versions, and this machine 版本和系统",
}


def _archive(members: Mapping[str, str], moment: int) -> bytes:
    """Owners, modes and times say nothing about who packed it, and where."""
    plain = io.BytesIO()
    with tarfile.open(fileobj=plain, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, text in members.items():
            data = text.encode("utf-8", "backslashreplace")
            info = tarfile.TarInfo(f"{FOLDER}/{name}")
            info.size, info.mtime, info.mode = len(data), moment, 0o600
            tar.addfile(info, io.BytesIO(data))
    return gzip.compress(plain.getvalue(), 9, mtime=moment)


def _moment(report: Report) -> int:
    from datetime import datetime  # noqa: PLC0415 - here alone

    try:
        return max(0, int(datetime.fromisoformat(str(report.get("taken_at"))).timestamp()))
    except (ValueError, OverflowError):
        return 0


def _part(report: Report, key: str) -> Report:
    part = report.get(key)
    return part if isinstance(part, Mapping) else {}
