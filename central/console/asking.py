"""What is asked of a terminal: from the fields of a form to a directive's body, and from that back to words; pure."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from starlette.datastructures import FormData

from central import words
from central.console.terminals import cadence_of
from central.store.base import StoreRefused
from central.words import Lang


def body_of(kind: str, form: FormData) -> dict[str, Any]:
    """What a directive says, from the fields of the form that belong to its kind; checked by new_directive."""

    def text(name: str) -> str:
        return str(form.get(name, "")).strip()

    if kind == "cadence":
        return {"heartbeat_s": cadence_of(text("heartbeat_s"))}
    if kind == "verify-renewal":
        return ({"expected": _day(text("expected"))} if text("expected") else {}) | (
            {"cycle_radio": True} if text("cycle_radio") else {}
        )
    if kind == "run-diag":
        return {"lang": text("diag_lang")} if text("diag_lang") else {}
    if kind == "plan-facts":
        return {"facts": [{"fact": text("fact"), "value": text("value")}]}
    return {}


def asked_words(asked: Mapping[str, Any], lang: Lang) -> str:
    """What body_of made of the form, read back."""
    said = []
    for name, value in asked.items():
        if name == "facts" and isinstance(value, list):
            facts = [one for one in value if isinstance(one, dict)]
            said += [f"{_word_of('fact', one.get('fact'), lang)} {one.get('value')}" for one in facts]
        elif value is True:
            said.append(_word_of("asked", name, lang))
        else:
            said.append(f"{_word_of('asked', name, lang)} {value}")
    return words.word("comma", lang).join(said)


def _word_of(kind: str, name: object, lang: Lang) -> str:
    key = f"{kind}_{name}"
    return words.word(key, lang) if words.known(key) else str(name)


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise StoreRefused("expected: a date such as 2026-12-31") from None
