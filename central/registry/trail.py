"""The audit trail: a line for each change, written in the same transaction."""

import json
import secrets
from collections.abc import Mapping
from typing import Any

from central.registry.values import MAX_TEXT, Kind, Who
from central.store.database import Session

_AUDIT = "INSERT INTO audit (id, at, who, action, kind, object, detail) VALUES (?, ?, ?, ?, ?, ?, ?)"
TRAIL = """SELECT id, at, who, action, kind, object, detail FROM audit
WHERE (at < :before OR (at = :before AND id > :after)) AND at >= :since AND (:kind = '' OR kind = :kind)
AND (:name = '' OR object = :name) AND (:who = '' OR who = :who) ORDER BY at DESC, id LIMIT :limit"""
LAST = "~"
"""After every id."""


def audit(session: Session, who: Who, action: str, kind: Kind, name: str, detail: Mapping[str, Any]) -> None:
    """One line of the trail, in the transaction of the change."""
    text = json.dumps(dict(detail), ensure_ascii=False, default=str)
    session.run(_AUDIT, (secrets.token_hex(12), who.now, who.name[:MAX_TEXT], action, kind, name, text))
