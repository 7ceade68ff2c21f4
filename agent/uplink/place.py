"""Where the centre is, as its address says."""

import ipaddress
import re
from urllib.parse import urlsplit

from modem.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where the centre is."""

    secure: bool
    host: str
    port: int
    path: str
    """Ends in /v1/reports."""

    @property
    def host_header(self) -> str:
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == (443 if self.secure else 80) else f"{name}:{self.port}"

    def session_path(self, session: str) -> str:
        return f"{self.path.removesuffix('/v1/reports')}/~{session}"


def parse_url(url: str, *, allow_plain_http: bool = False) -> Place:
    """Raises ValueError with a reason for people."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"} or not host:
        raise ValueError(f"{url!r} is no https:// address")
    if parts.username is not None or parts.query or parts.fragment or not re.fullmatch(r"[!-~]+", url):
        raise ValueError(f"{url!r}: no user, query, fragment, blank or non-ASCII character may be in it")
    if parts.scheme == "http" and not allow_plain_http and not _is_this_machine(host):
        raise ValueError(f"{url!r}: plain http is for this machine only, the credential would be readable")
    secure = parts.scheme == "https"
    try:
        port = parts.port or (443 if secure else 80)
    except ValueError as error:
        raise ValueError(f"{url!r}: its port is no number from 1 to 65535") from error
    return Place(secure, host, port, parts.path.rstrip("/") + "/v1/reports")


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
