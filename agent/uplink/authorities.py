"""Which authorities TLS trusts: those of a file, or the system's."""

import os
import re
import ssl
from pathlib import Path

_HASHED = re.compile(r"[0-9a-f]{8}\.\d+")
"""As c_rehash(1) and Debian's update-ca-certificates(8) name the authorities of a folder."""


def trusting(ca_file: Path | None) -> ssl.SSLContext:
    """A context that verifies certificate and name; None: by the system's authorities. Raises OSError.

    Where the system has each of them under its hash, one is read when a certificate names it: the whole bundle takes
    1.3 MB for good, and 40 ms each time.
    """
    if ca_file:
        return ssl.create_default_context(cafile=str(ca_file))
    return ssl.create_default_context(capath=hashed_folder())


def hashed_folder() -> str | None:
    """The system's authorities by their hashes; None: not all of them are, or somebody has named another file."""
    places = ssl.get_default_verify_paths()
    if not places.capath or places.openssl_cafile_env in os.environ:
        return None
    try:
        hashed = sum(1 for name in os.listdir(places.capath) if _HASHED.fullmatch(name))  # noqa: PTH208 - names only
        bundled = Path(places.cafile).read_bytes().count(b"-----BEGIN CERT") if places.cafile else 0
    except OSError:
        return None
    return places.capath if hashed and hashed >= bundled else None
