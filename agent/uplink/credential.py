"""The terminal's own credential: one line, `<terminal id>:<secret>`, in a file that nobody else can read."""

import os
import re
import stat
from dataclasses import field
from pathlib import Path

from modem.frozen import dataclass

_LINE = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]{0,63}):([A-Za-z0-9_-]{43})")
"""The secret: 32 random bytes in base64url without padding."""
_MAX_BYTES = 256


class CredentialError(Exception):
    """There is no usable credential; the message says why, and never holds the secret."""


@dataclass(frozen=True, slots=True)
class Credential:
    terminal_id: str
    secret: str = field(repr=False)

    @property
    def bearer(self) -> str:
        return f"{self.terminal_id}:{self.secret}"


def parse_credential(line: str) -> Credential:
    """Raises CredentialError."""
    found = _LINE.fullmatch(line.strip())
    if not found:
        raise CredentialError("it is not one line of <terminal id>:<43 characters of base64url>")
    return Credential(found[1], found[2])


def read_credential(path: Path) -> Credential:
    """Read and check; raises CredentialError, also when group or others may read or write the file."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)  # a pipe in its place must not hang us
    except OSError as error:
        raise CredentialError(f"credential {path}: {error.strerror}") from error
    with os.fdopen(descriptor, "rb") as file:
        facts = os.fstat(descriptor)
        if not stat.S_ISREG(facts.st_mode):
            raise CredentialError(f"credential {path}: it is no regular file")
        # systemd gives its user in by an access list, whose mask shows as the group's bits (systemd.exec, Credentials)
        if facts.st_mode & (0o037 if is_systemds(path) else 0o077):
            mode = stat.S_IMODE(facts.st_mode)
            raise CredentialError(f"credential {path}: mode {mode:04o} lets others at it; make it 0600")
        data = file.read(_MAX_BYTES + 1)
    try:
        return parse_credential(data.decode("ascii"))
    except (UnicodeDecodeError, CredentialError) as error:
        reason = str(error) if isinstance(error, CredentialError) else "it is not plain ASCII"
        raise CredentialError(f"credential {path}: {reason}") from None


def is_systemds(path: Path) -> bool:
    """Provided by LoadCredential= and the like: it can be read and never written."""
    return path.is_relative_to(os.environ.get("CREDENTIALS_DIRECTORY") or "/run/credentials")


def write_credential(path: Path, credential: Credential) -> None:
    """Replace the file in one step, mode 0600 from its first byte. Raises OSError."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(credential.bearer + "\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
