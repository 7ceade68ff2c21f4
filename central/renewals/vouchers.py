"""Vouchers of a batch: invoices and receipts as files, taken for what their first bytes say they are."""

import re
from collections.abc import Mapping

from central.registry import Who, audit
from central.renewals.records import Voucher
from central.store.base import StoreRefused
from central.store.database import Session

MAX_VOUCHER = 10 * 1024 * 1024
MAX_VOUCHERS = 20
VOUCHER_KINDS: Mapping[str, tuple[bytes, ...]] = {
    "application/pdf": (b"%PDF-",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/webp": (b"RIFF",),
    "application/ofd": (b"PK\x03\x04",),
    "text/xml": (b"<?xml", b"\xef\xbb\xbf<?xml"),
}
"""What is taken for a voucher, by its first bytes, never by its name. Chinese e-invoices come as PDF, OFD or XML."""
VOUCHERS = "SELECT id, batch, name, kind, size, sha256, at, who FROM vouchers WHERE batch = ? ORDER BY at, id"
_ADD_VOUCHER = """INSERT INTO vouchers (id, batch, name, kind, size, sha256, at, who, content)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"""


def kind_of(content: bytes) -> str | None:
    """The kind of a voucher by its first bytes; None: not taken."""
    found = next((kind for kind, starts in VOUCHER_KINDS.items() if content.startswith(starts)), None)
    return None if found == "image/webp" and content[8:12] != b"WEBP" else found


def file_name(name: str) -> str:
    """A name for a file as people gave it: without a path, without what a file system or a header may mistake."""
    last = re.split(r"[/\\]", name)[-1]
    cleaned = "".join(char if char.isprintable() and char not in '<>:"|?*;%\\' else "_" for char in last).strip(" .")
    return cleaned[-100:] or "voucher"


def add(session: Session, made: Voucher, content: bytes, who: Who) -> Voucher:
    """The same file again: the one that is kept."""
    known = [Voucher(*row) for row in session.rows(VOUCHERS, (made.batch,))]
    same = next((one for one in known if one.sha256 == made.sha256), None)
    if same is not None:
        return same
    if len(known) >= MAX_VOUCHERS:
        raise StoreRefused(f"{MAX_VOUCHERS} vouchers are kept for a batch")
    values = (getattr(made, name) for name in Voucher.__slots__)
    session.run(_ADD_VOUCHER, (*values, content))
    told = {"voucher": made.id, "name": made.name, "size": made.size, "sha256": made.sha256}
    audit(session, who, "voucher", "renewal", made.batch, told)
    return made
