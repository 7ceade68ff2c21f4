"""A terminal's time line, made from its flips and changes, in words; pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from central import view, words
from central.store.base import ChangeRow
from central.watch import Flip
from central.words import Lang, verdicts


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the time line."""

    at: int
    kind: str
    """`flip`, or the type of a change."""
    code: str
    previous: str
    evidence: tuple[str, ...] = ()
    """In words, as far as there are any."""
    name: str = ""
    """What `code` is called, where it says more than `evidence`."""
    told: object = None
    """What the terminal calls it, by language, if it said so: for a code we may not know."""


_NAMES: Mapping[str, str] = {"plan_fact": "fact_{}", "recovery": "rung_{}"}
_NAMELESS = ("proof", "stopped")
"""Filed under what is said beside it anyway."""
_VERDICT, _DAYS = "verdict", "days"
_TOLD: Mapping[str, tuple[tuple[str, str], ...]] = {
    "verdict": (),
    "card": (("iccid", ""), ("issuer", "")),
    "recovery": (("cause", _VERDICT), ("outcome", "cure_{}"), ("detail", "")),
    "gap": (("count", ""),),
    "started": (("agent", ""),),
    "stopped": (("reason", "ended_{}"),),
    "reminder": (("about", "about_{}"), ("on", ""), ("days_left", _DAYS)),
    "proof": (("state", "proof_{}"), ("reason", "proof_{}"), ("expected", "")),
}
"""Of each kind: what it says, and the key of the word for it."""


def timeline(flips: Iterable[Flip], changes: Iterable[ChangeRow], most: int, lang: Lang) -> list[Event]:
    """Newest first. What became of directives is told beside them."""
    happened = [
        Event(one.at, "flip", one.state, one.previous, tuple(reason.code for reason in one.reasons)) for one in flips
    ]
    happened += [_event(row, lang) for row in changes if row.type != "directive"]
    return sorted(happened, key=lambda one: -one.at)[:most]


def fact_value(fact: str, value: str, lang: Lang) -> str:
    """As people read it: sizes, yes and no."""
    if fact.endswith("_bytes") and value.isascii() and value.isdigit() and len(value) < 16:
        return words.size(int(value))
    if value in ("true", "false"):
        return words.word("yes" if value == "true" else "no", lang)
    return value


def _event(row: ChangeRow, lang: Lang) -> Event:
    body = view.read_object(row.body)
    previous = body.get("previous", body.get("previous_iccid"))
    before = "" if previous is None else str(previous)
    said, quoted = _said(row.type, body, lang), tuple(view.evidence(body))
    return Event(
        row.happened_at, row.type, row.code, fact_value(row.code, before, lang) if row.type == "plan_fact" else before,
        (*said, *(_proves(line, lang) for line in quoted)) if row.type == "proof" else quoted or said,
        "" if row.type in _NAMELESS else _worded(_NAMES.get(row.type, ""), row.code, lang), body.get("titles"),
    )  # fmt: skip


def _proves(line: str, lang: Lang) -> str:
    """A proof's evidence, `expires_on 2027-11-22: what was said`, with the fact in words."""
    fact, _, rest = line.partition(" ")
    value, colon, text = rest.partition(": ")
    key = f"fact_{fact}"
    return f"{words.word(key, lang)} {fact_value(fact, value, lang)}{colon}{text}" if words.known(key) else line


def _said(kind: str, body: Mapping[str, Any], lang: Lang) -> tuple[str, ...]:
    """What a change says beside its code, short; of a kind nobody knows, all of it."""
    if kind == "plan_fact":
        return (fact_value(str(body.get("fact", "")), str(body.get("value", ""))[:200], lang),)
    if kind in _TOLD:
        known = [(key, str(body[name])[:200]) for name, key in _TOLD[kind] if body.get(name) is not None]
        return tuple(_worded(key, text, lang) for key, text in known)
    return tuple(f"{name}: {body[name]}"[:200] for name in body)[:6]


def _worded(key: str, text: str, lang: Lang) -> str:
    """By the word that `key` names, with `text` in its place; as it is where there is none."""
    if key == _VERDICT:
        return verdicts.title(text, lang)
    if key == _DAYS:
        days = int(text) if text.lstrip("-").isdecimal() and len(text) < 7 else None
        return text if days is None else words.word("left_days" if days >= 0 else "overdue_days", lang, days=abs(days))
    named = key.format(text)
    return words.word(named, lang) if words.known(named) else text
