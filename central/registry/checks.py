"""Values that come from people, checked one by one. Raise BadValue, which names the field and what is allowed."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from central.registry.values import MAX_TEXT, BadValue

ID = re.compile(r"[A-Za-z0-9._-]{1,64}\Z")
ICCID = re.compile(r"\d{18,20}[0-9A-Fa-f]?\Z")
_IMEI = re.compile(r"\d{14,16}\Z")


def difference(was: object, now: object) -> dict[str, list[Any]]:
    """Field → [before, after]."""
    names: Sequence[str] = getattr(now, "__slots__", ())
    return {n: [getattr(was, n), getattr(now, n)] for n in names if getattr(was, n) != getattr(now, n)}


def only(fields: Mapping[str, Any], known: Sequence[str]) -> None:
    for name in fields:
        if name not in known:
            raise BadValue(f"{name[:40]}: unknown; known here: {', '.join(known)}")


def text(name: str, value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > MAX_TEXT or "\0" in value:
        raise BadValue(f"{name}: a text of at most {MAX_TEXT} characters")
    return value.strip()


def tags(value: object) -> tuple[str, ...]:
    parts = re.split(r"[,，;；]", value) if isinstance(value, str) else value
    if not isinstance(parts, list | tuple) or len(parts) > 50:
        raise BadValue("tags: a list of at most 50 texts")
    texts = (text("tags", part) for part in parts)
    return tuple(sorted({text for text in texts if text}))


def imei(value: object) -> str | None:
    if value in (None, ""):
        return None
    if not isinstance(value, str) or not _IMEI.match(value):
        raise BadValue("imei: 14 to 16 digits")
    return value


def count(name: str, value: object, most: int) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= most:
        raise BadValue(f"{name}: a whole number up to {most}, or null")
    return value


def day(name: str, value: object) -> str | None:
    if value in (None, ""):
        return None
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise BadValue(f"{name}: a date such as 2026-12-31") from None
