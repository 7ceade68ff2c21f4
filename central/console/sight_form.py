"""A sight as fields of a form: everything, or names chosen from those there are, or written with commas between."""

import json
import re
from collections.abc import Mapping, Sequence

from starlette.datastructures import FormData

from central.accounts.sight import EVERYTHING, Sight
from central.console.signin import text_of
from central.registry import BadValue
from central.store.core import SqlStore
from central.words import Lang, word

FIELDS = ("merchants", "regions", "tags")
MOST_KNOWN = 100
_MOST = 200
_MOST_TAGS = 1000
_KNOWN = "SELECT DISTINCT {column} FROM assets WHERE {column} <> '' ORDER BY {column} LIMIT ?"
_TAGS = "SELECT DISTINCT tags FROM assets WHERE tags <> '[]' LIMIT ?"


def sight_of(form: FormData) -> Sight:
    """Raises BadValue: neither everything nor anything."""
    if text_of(form, "sees") != "some":
        return EVERYTHING
    merchants, regions, tags = (_names(text_of(form, name)) | _chosen(form, name) for name in FIELDS)
    if not merchants | regions | tags:
        raise BadValue("name a merchant, a region or a tag, or choose everything")
    return Sight(merchants=merchants, regions=regions, tags=tags)


def shown(sight: Sight, lang: Lang) -> str:
    if sight.everything:
        return word("sees_everything", lang)
    groups = (("merchant", sight.merchants), ("region", sight.regions), ("tag", sight.tags))
    parts = [f"{word(kind, lang)} {', '.join(sorted(names))}" for kind, names in groups if names]
    return "; ".join(parts) or "–"


async def known(store: SqlStore) -> dict[str, list[str]]:
    """The names there are to choose from, of each kind the first MOST_KNOWN."""
    columns = {"merchants": "merchant", "regions": "region"}
    found = {name: [str(row[0]) for row in await store.read(_KNOWN.format(column=column), (MOST_KNOWN,))]
             for name, column in columns.items()}  # fmt: skip
    tags = {str(tag) for row in await store.read(_TAGS, (_MOST_TAGS,)) for tag in json.loads(row[0])}
    return found | {"tags": sorted(tags)[:MOST_KNOWN]}


def values(sight: Sight, names: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """What stands in the fields: what is not among `names`, which are ticked."""
    return {name: ", ".join(sorted(getattr(sight, name) - set(names[name]))) for name in FIELDS}


def ticked(form: FormData) -> dict[str, list[str]]:
    """What was ticked in a form that is shown once more."""
    return {name: [one for one in form.getlist(f"{name}_known") if isinstance(one, str)] for name in FIELDS}


def _chosen(form: FormData, name: str) -> frozenset[str]:
    """What was ticked, as it is: a merchant's name may hold a comma."""
    ticked = frozenset(one for one in form.getlist(f"{name}_known") if isinstance(one, str) and one)
    if len(ticked) > _MOST or any(len(one) > _MOST or "\0" in one for one in ticked):
        raise BadValue(f"at most {_MOST} names of {_MOST} characters")
    return ticked


def _names(text: str) -> frozenset[str]:
    names = frozenset(part.strip() for part in re.split(r"[,，;；\n]", text) if part.strip())
    if len(names) > _MOST or any(len(name) > _MOST or "\0" in name for name in names):
        raise BadValue(f"at most {_MOST} names of {_MOST} characters")
    return names
