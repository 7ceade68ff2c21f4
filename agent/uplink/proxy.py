"""Through an HTTP proxy by CONNECT (RFC 9110, 9.3.6): the proxy sees the centre's name, and nothing of what is said."""

import base64
import stat
from pathlib import Path
from urllib.parse import urlsplit

from agent.uplink.base import SendError
from agent.uplink.http_answer import NotHttp, read_head
from agent.uplink.link import Link
from modem.frozen import dataclass

_MAX_HEAD_BYTES = 8 * 1024


@dataclass(frozen=True, slots=True)
class Proxy:
    host: str
    port: int
    auth_file: Path | None = None
    """One line, `user:password`."""

    @property
    def name(self) -> str:
        return f"proxy {self.host}:{self.port}"


def parse_proxy(url: str, auth_file: Path | None) -> Proxy | None:
    """None for "". Raises ValueError with a reason for people."""
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme != "http" or not parts.hostname or parts.username is not None or parts.path not in ("", "/"):
        raise ValueError(f"{url!r} is no http://host:port of a proxy")
    return Proxy(parts.hostname, parts.port or 3128, auth_file)


def go_through(link: Link, proxy: Proxy, host: str, port: int) -> None:
    """Have the proxy connect us to the centre. Raises SendError."""
    target = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}", *_authorization(proxy)]
    try:
        link.write("\r\n".join([*lines, "", ""]).encode("ascii"))
        status = _status(_head(link))
    except TimeoutError as error:
        raise SendError("timeout", f"{proxy.name}: no answer in time", surely_not_received=True) from error
    except OSError as error:
        raise SendError("connect", f"{proxy.name}: {error.strerror or error}", surely_not_received=True) from error
    if status is None or not 200 <= status < 300:
        said = "this is no HTTP proxy" if status is None else f"it says HTTP {status}"
        raise SendError("connect", f"{proxy.name}: {said}", surely_not_received=True)


def _head(link: Link) -> bytes:
    """Up to the blank line, and nothing after it: what follows belongs to TLS."""
    head = bytearray()
    link.room = _MAX_HEAD_BYTES
    one = memoryview(bytearray(1))
    while not head.endswith(b"\r\n\r\n"):
        if not link.read_into(one):
            return b""
        head += one
    return bytes(head)


def _status(head: bytes) -> int | None:
    try:
        return read_head(head).status
    except NotHttp:
        return None


def _authorization(proxy: Proxy) -> list[str]:
    if proxy.auth_file is None:
        return []
    try:
        facts = proxy.auth_file.stat()
        line = proxy.auth_file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SendError("credential", f"{proxy.auth_file}: it cannot be read", surely_not_received=True) from error
    if facts.st_mode & 0o077:
        mode = stat.S_IMODE(facts.st_mode)
        text = f"{proxy.auth_file}: mode {mode:04o} lets others at it; make it 0600"
        raise SendError("credential", text, surely_not_received=True)
    return [f"Proxy-Authorization: Basic {base64.b64encode(line.encode()).decode()}"]
