"""A sight as fields of a form: everything, or names with commas between."""

import re

from starlette.datastructures import FormData

from central.console.signin import text_of
from central.registry import BadValue
from central.sight import EVERYTHING, Sight
from central.words import Lang, word

FIELDS = ("merchants", "regions", "tags")
_MOST = 200


def sight_of(form: FormData) -> Sight:
    """Raises BadValue: neither everything nor anything."""
    if text_of(form, "sees") != "some":
        return EVERYTHING
    merchants, regions, tags = (_names(text_of(form, name)) for name in FIELDS)
    if not merchants | regions | tags:
        raise BadValue("name a merchant, a region or a tag, or choose everything")
    return Sight(merchants=merchants, regions=regions, tags=tags)


def shown(sight: Sight, lang: Lang) -> str:
    if sight.everything:
        return word("sees_everything", lang)
    groups = (("merchant", sight.merchants), ("region", sight.regions), ("tag", sight.tags))
    parts = [f"{word(kind, lang)} {', '.join(sorted(names))}" for kind, names in groups if names]
    return "; ".join(parts) or "–"


def values(sight: Sight) -> dict[str, str]:
    """What stands in the fields."""
    return {name: ", ".join(sorted(getattr(sight, name))) for name in FIELDS}


def _names(text: str) -> frozenset[str]:
    names = frozenset(part.strip() for part in re.split(r"[,，;；\n]", text) if part.strip())
    if len(names) > _MOST or any(len(name) > _MOST or "\0" in name for name in names):
        raise BadValue(f"at most {_MOST} names of {_MOST} characters")
    return names
