"""Reports over one warm HTTPS connection: one write a report, few headers, one deadline for the whole of it.

Rules: TLS is always verified; plain http only to this machine (the credential travels in the first request). Redirects
are never followed: walled gardens live on them. An answer is bounded in bytes and in time, however it drips. A kept
connection that turns out to be dead is replaced within the same deadline; saying a batch twice is harmless.

Who speaks is said with the first report; the centre answers with a session, and later reports go to `/~<session>` as
frames (docs/wire.md). Whatever of this the centre does not know any more is said again in full, in the same send.

What a handshake costs (3.3 KB, 1.2 to 2.4 KB resumed) is why the connection is kept, and probed by the kernel (104 B)
before the carrier's NAT forgets it; `patience` learns when that is.
"""

import http.client
import ipaddress
import json
import re
from dataclasses import field
from pathlib import Path
from urllib.parse import urlsplit

from agent.clock import Clock, Deadline
from agent.uplink.base import SendError, Speaker
from agent.uplink.credential import CredentialError, read_credential
from agent.uplink.framing import Framing, count_of
from agent.uplink.link import Link
from agent.uplink.lookup import Lookup, Resolve, system_resolve
from agent.uplink.meter import Meter
from agent.uplink.opener import Opener
from agent.uplink.pace import worth_keeping
from agent.uplink.patience import FIRST_S, Patience
from agent.uplink.proxy import parse_proxy
from agent.uplink.retry import retry_after_s
from agent.uplink.tls import TlsSettings, Trust
from agent.wire import Answer, WireError, read_answer
from modem.frozen import dataclass

MAX_ANSWER_BYTES = 64 * 1024
_MAX_HEAD_BYTES = 16 * 1024
_DEAD_SHARE = 1 / 3
"""Of the deadline, for a kept connection to answer before it is taken for dead."""


@dataclass(frozen=True, slots=True)
class HttpSettings:
    url: str
    """https://centre.example[:port][/prefix]."""
    credential_file: Path
    tls: TlsSettings = field(default_factory=TlsSettings)
    bind_interface: str = ""
    keep_alive_s: float = FIRST_S
    """To begin with; 0 = a new connection for each request (dearer below one report in about two hours)."""
    allow_plain_http: bool = False
    """For tests in closed networks: plain http to other hosts than this one."""
    proxy: str = ""
    """http://host:port."""
    proxy_auth_file: Path | None = None


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


class HttpTransport:
    """A `Transport`. Owned by one thread; raises ValueError at once for an address that cannot be used."""

    def __init__(self, settings: HttpSettings, clock: Clock, meter: Meter, resolve: Resolve = system_resolve) -> None:
        self._settings = settings
        self._place = place = parse_url(settings.url, allow_plain_http=settings.allow_plain_http)
        self._clock = clock
        proxy = parse_proxy(settings.proxy, settings.proxy_auth_file)
        host, port = (proxy.host, proxy.port) if proxy else (place.host, place.port)
        lookup = Lookup(host, port, clock, meter, resolve)
        self._trust = Trust(settings.tls) if place.secure else None
        self._opener = Opener(place.host, place.port, lookup, self._trust, clock, meter, settings.bind_interface, proxy)
        self._link: Link | None = None
        self._used_at = 0.0
        self._framing = Framing()
        self._session: str | None = None
        self._may_be_brief = True
        self.patience = Patience(settings.keep_alive_s)
        """As learned so far."""

    def send(self, batch: bytes, deadline: Deadline) -> Answer:
        while True:  # at most four times: each refusal that is tried again takes away what was refused
            session = self._session
            body = self._framing.packed(batch)
            try:
                answer = self._read(*self._deliver(self._request(body, session), deadline), batch, session)
            except SendError as error:
                if not self._try_otherwise(error, session) or deadline.passed(self._clock):
                    raise
            else:
                if self._may_be_brief:
                    self._session = answer.session or self._session
                self._framing.acknowledged(batch, answer)
                if self._link:
                    self._link.probe_after(self._probe_s)
                return answer

    def close(self) -> None:
        if self._link:
            self._drop(self._link, politely=True)

    def _try_otherwise(self, error: SendError, session: str | None) -> bool:
        if error.kind != "status" or error.status is None:
            return False
        if session and error.status in (401, 403, 404):  # no session any more, or none through this proxy ever
            self._session = None
            self._may_be_brief = error.status == 401
            return True
        return self._framing.try_otherwise(error.status, error.code)

    def _request(self, body: bytes, session: str | None) -> bytes:
        if session:
            head = f"POST {self._place.session_path(session)} HTTP/1.1\r\nHost:{self._place.host_header}\r\n"
            return f"{head}Content-Length:{len(body)}\r\n\r\n".encode("ascii") + body
        try:
            credential = read_credential(self._settings.credential_file)
        except CredentialError as error:
            raise SendError("credential", str(error), surely_not_received=True) from error
        head = (
            f"POST {self._place.path} HTTP/1.1\r\nHost: {self._place.host_header}\r\n"
            f"Authorization: Bearer {credential.bearer}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        return head.encode("ascii") + body

    def _deliver(self, request: bytes, deadline: Deadline) -> tuple[http.client.HTTPResponse, bytes]:
        link = self._kept()
        if link:
            patience = Deadline.after(deadline.left(self._clock) * _DEAD_SHARE, self._clock)
            try:
                return self._exchange(link, request, patience)
            except SendError as error:
                if error.kind not in {"lost", "timeout"} or deadline.passed(self._clock):
                    raise
                if error.kind == "timeout":
                    self.patience = self.patience.lost()
        return self._exchange(self._open(deadline), request, deadline)

    def _kept(self) -> Link | None:
        link = self._link
        if link is None:
            return None
        link.count("keep_alive")
        state = link.state()
        if state == "alive":
            forgotten = self._probe_s == 0.0 and self._clock.monotonic() - self._used_at > self.patience.idle_s
            if not forgotten:
                return link
            self._drop(link, politely=True)
            return None
        if state == "silent":
            self.patience = self.patience.lost()
        self._drop(link)
        return None

    def _open(self, deadline: Deadline) -> Link:
        self._link = self._opener.open(deadline)
        self._used_at = self._clock.monotonic()
        self._link.probe_after(self._probe_s)
        return self._link

    @property
    def _probe_s(self) -> float:
        """0 = never: a connection that stays silent for long is cheaper made anew."""
        interval = self._framing.interval_s
        keep = self._settings.keep_alive_s > 0 and (interval is None or worth_keeping(interval, self.patience.idle_s))
        return self.patience.idle_s if keep else 0.0

    def _exchange(self, link: Link, request: bytes, deadline: Deadline) -> tuple[http.client.HTTPResponse, bytes]:
        """One request on an open connection, which afterwards is kept or closed."""
        link.deadline, link.room = deadline, MAX_ANSWER_BYTES + _MAX_HEAD_BYTES
        try:
            response, body = _converse(link, request)
        except SendError:
            self._drop(link)
            raise
        if self._trust:
            link.keep_session(self._trust)
        self._worked()
        if response.will_close or self._settings.keep_alive_s <= 0:
            self._drop(link, politely=True)
        else:
            link.count("report")
        return response, body

    def _worked(self) -> None:
        now = self._clock.monotonic()
        self.patience, self._used_at = self.patience.survived(now - self._used_at), now

    def _drop(self, link: Link, *, politely: bool = False) -> None:
        link.close("report", politely=politely)
        self._link = None

    def _read(self, response: http.client.HTTPResponse, body: bytes, batch: bytes, session: str | None) -> Answer:
        if response.status == 204 and session:
            # all is stored, and the clocks agree; no centre answers a stranger so
            return Answer(acked=count_of(batch), server_time=max(0, round(self._clock.wall())))
        if response.status != 200:
            after = retry_after_s(response.getheader("Retry-After"), self._clock.wall())
            raise SendError(
                "status",
                f"HTTP {response.status}{_said(body)}",
                status=response.status,
                retry_after_s=after,
                speaker=_speaker(response.getheader("Content-Type") or "", body),
                code=_code(body),
            )
        try:
            return read_answer(body)
        except WireError as error:
            raise SendError("answer", f"this is not the centre: {error}") from error


def _converse(link: Link, request: bytes) -> tuple[http.client.HTTPResponse, bytes]:
    response = http.client.HTTPResponse(link.as_socket(), method="POST")
    try:
        link.write(request)
        link.acknowledge_at_once()
        response.begin()
        body = response.read(MAX_ANSWER_BYTES + 1)
        whole = not response.length
    except TimeoutError as error:
        raise SendError("timeout", "no whole answer in time") from error
    except (http.client.IncompleteRead, http.client.RemoteDisconnected) as error:
        raise SendError("lost", "the connection ended before the answer did") from error
    except (http.client.HTTPException, ValueError) as error:
        raise SendError("answer", f"this is not HTTP: {type(error).__name__}") from error
    except OSError as error:
        raise SendError("lost", f"the connection broke: {error.strerror or error}") from error
    if len(body) > MAX_ANSWER_BYTES:
        raise SendError("answer", "the answer is too long")
    if not whole:
        raise SendError("lost", "the connection ended before the answer did")
    return response, body


def _speaker(content_type: str, body: bytes) -> Speaker:
    if "html" in content_type.lower() or body.lstrip()[:1] == b"<":
        return "stranger"
    return "centre" if _object(body) is not None else "unknown"


def _said(body: bytes) -> str:
    """The centre's own words about a refusal, made safe and short; "" if it gave none."""
    plain = _object(body) or {}
    error = plain.get("error", plain)
    words = error.get("message") if isinstance(error, dict) else error
    if not isinstance(words, str):
        return ""
    return ": " + "".join(char if char.isprintable() else "?" for char in words[:200])


def _code(body: bytes) -> str:
    error = (_object(body) or {}).get("error")
    code = error.get("code") if isinstance(error, dict) else None
    return code[:40] if isinstance(code, str) else ""


def _object(body: bytes) -> dict[str, object] | None:
    try:
        plain = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return plain if isinstance(plain, dict) else None
