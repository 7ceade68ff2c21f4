"""A terminal's bundle, put together from the records it came in (`directive send ID send-bundle`)."""

import base64
import binascii
import hashlib
import json
from typing import Any

from central.store.base import MAX_PAGE, Store, StoreRefused

MAX_PARTS = 64


async def bundle(store: Store, terminal: str, directive: str) -> bytes:
    """The .tar.gz. Raises StoreRefused when not all of it has come, or it is not what was promised; StoreError."""
    pieces: dict[int, str] = {}
    promised: dict[str, Any] = {}
    before = None
    while rows := await store.changes(terminal, before=before, limit=min(MAX_PAGE, 100)):
        before = rows[-1].position
        for row in rows:
            said = json.loads(row.body) if row.type == "directive" else {}
            if said.get("id") == directive and isinstance(said.get("result"), dict):
                _take(said["result"], pieces, promised)
        if promised and len(pieces) == promised.get("of"):
            break
    return _whole(pieces, promised)


def _take(result: dict[str, Any], pieces: dict[int, str], promised: dict[str, Any]) -> None:
    part, of, data = result.get("part"), result.get("of"), result.get("data")
    if isinstance(part, int) and isinstance(of, int) and isinstance(data, str) and 1 <= part <= of <= MAX_PARTS:
        pieces[part] = data
        promised["of"] = of
    elif isinstance(result.get("sha256"), str):
        promised["sha256"] = result["sha256"]


def _whole(pieces: dict[int, str], promised: dict[str, Any]) -> bytes:
    of = promised.get("of")
    if "sha256" not in promised or of is None or len(pieces) != of:
        raise StoreRefused(f"not all of it has come: {len(pieces)} of {of or '?'} parts")
    try:
        data = base64.b64decode("".join(pieces[number] for number in range(1, of + 1)), validate=True)
    except (binascii.Error, ValueError, KeyError):
        raise StoreRefused("the parts do not fit together") from None
    if hashlib.sha256(data).hexdigest() != promised["sha256"]:
        raise StoreRefused("the parts do not fit together")
    return data
