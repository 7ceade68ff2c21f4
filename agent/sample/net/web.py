"""One plain HTTP question to a fixed page of our own: does a walled garden answer in its place? Never followed."""

from urllib.parse import urlsplit

from agent.sample.net.centre import looks_like_page
from agent.sample.net.meanings import Web, is_carrier
from agent.sample.net.talk import Talk, TalkEnded, converse
from agent.uplink.http_answer import HttpAnswer
from modem.text import printable

_LOGIN_REQUIRED = 511
"""RFC 6585, 6: network authentication required."""


def ask_web(talk: Talk, host: str, path: str) -> tuple[Web, str]:
    """What answered, and how to quote it: the host it leads to, never a whole address that could be opened."""
    name = f"[{host}]" if ":" in host else host
    request = f"GET {path or '/'} HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n"
    try:
        answer = converse(talk, request.encode("ascii", "replace"))
    except TalkEnded as ended:
        return "nothing", str(ended)
    return read_web(answer, host)


def read_web(answer: HttpAnswer, host: str) -> tuple[Web, str]:
    status = f"HTTP {answer.status}"
    if 300 <= answer.status < 400:
        target = _host_of(answer.header("location"))
        if target in ("", host.lower()):
            return "own_redirect", status
        kind: Web = "carrier_portal" if is_carrier(target) else "portal"
        return kind, f"{status}, towards the host {printable(target)[:80]}"
    if answer.status == _LOGIN_REQUIRED:
        return "portal", f"{status}, the network wants a login"
    if answer.status == 200 and looks_like_page(answer):
        return "portal", f"{status} with a page that is not the centre's"
    return "as_meant", status


def _host_of(location: str) -> str:
    try:
        return (urlsplit(location).hostname or "").rstrip(".")
    except ValueError:
        return "a host without a name"
