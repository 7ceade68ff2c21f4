"""How the right dialect is found. A vendor's module is imported when a modem (or a user) names it, not before."""

import logging
from collections.abc import Iterator
from importlib import import_module

from modem.dialect import Dialect
from modem.dialects.makers import WORDS, home_of, homes_of
from modem.dialects.threegpp import THREE_GPP

__all__ = ["THREE_GPP", "all_dialects", "choose", "named", "names"]

log = logging.getLogger(__name__)


def choose(manufacturer: str, model: str, ati_text: str) -> Dialect:
    """The dialect of the modem that said this of itself; the plain one for everybody unknown. Never raises."""
    for dialect in _of_modules(homes_of(manufacturer, model, ati_text)):
        try:
            if dialect.found_by(manufacturer, model, ati_text):
                return dialect
        except Exception:
            log.exception("dialect %s cannot say whether %r is its own", dialect.name, model)
    return THREE_GPP


def named(name: str) -> Dialect | None:
    """The dialect of that name, the most general one where a vendor has several; None if there is none."""
    wanted = name.lower()
    if wanted == THREE_GPP.name:
        return THREE_GPP
    if wanted not in WORDS:
        return None
    return next(dialect for dialect in reversed(list(_of_modules([home_of(wanted)]))) if dialect.name == wanted)


def names() -> list[str]:
    """Every dialect's name, the plain one last."""
    return [*WORDS, THREE_GPP.name]


def all_dialects() -> tuple[Dialect, ...]:
    """All of them, the special before the general, the plain one last. Imports every vendor's module."""
    return (*_of_modules(dict.fromkeys(map(home_of, WORDS))), THREE_GPP)


def _of_modules(homes: "Iterator[str] | list[str] | dict[str, None]") -> Iterator[Dialect]:
    for home in homes:
        yield from import_module(f"modem.dialects.{home}").ALL
