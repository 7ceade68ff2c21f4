"""POST /v1/reports over one warm connection: one write a request, few headers, one deadline for the whole of it.

Rules: TLS is always verified; plain http only to this machine (the credential travels in every request). Redirects
are never followed: walled gardens live on them. An answer is bounded in bytes and in time, however it drips. A kept
connection that turns out to be dead is replaced within the same deadline; saying a batch twice is harmless.

What a handshake costs (3.3 KB, 1.3 to 2.4 KB resumed) is why the connection is kept, and probed by the kernel (104 B)
before the carrier's NAT forgets it: 225 s to begin with, halved when a kept connection has died in silence.
"""

import http.client
import ipaddress
import json
import re
import ssl
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from agent.clock import Clock, Deadline
from agent.uplink.base import SendError, Speaker
from agent.uplink.credential import CredentialError, read_credential
from agent.uplink.link import Link, Opener, Tls
from agent.uplink.lookup import Lookup, Resolve, system_resolve
from agent.uplink.meter import Meter
from agent.uplink.retry import retry_after_s
from agent.wire import Answer, WireError, read_answer

MAX_ANSWER_BYTES = 64 * 1024
_MAX_HEAD_BYTES = 16 * 1024
KEEP_ALIVE_FIRST_S = 225.0
KEEP_ALIVE_LEAST_S = 30.0
_DEAD_SHARE = 1 / 3
"""Of the deadline, for a kept connection to answer before it is taken for dead."""
_OP_TLSEXT_PADDING = 0x10
"""SSL_OP_TLSEXT_PADDING, part of OpenSSL's default SSL_OP_ALL: pads the hello by some 200 bytes for the sake of load
balancers of 2013."""


@dataclass(frozen=True, slots=True)
class HttpSettings:
    url: str
    """https://centre.example[:port][/prefix]."""
    credential_file: Path
    ca_file: Path | None = None
    """Trust these authorities; None = the system's."""
    bind_interface: str = ""
    keep_alive_s: float = KEEP_ALIVE_FIRST_S
    """0 = a new connection for each request (dearer below one report in about two hours)."""
    allow_plain_http: bool = False
    """For tests in closed networks: plain http to other hosts than this one."""


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


def tls_context(ca_file: Path | None) -> ssl.SSLContext:
    """Verified, TLS 1.2 or later, with a short hello. Raises OSError when `ca_file` cannot be used."""
    context = ssl.create_default_context(cafile=str(ca_file) if ca_file else None)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE+AESGCM:ECDHE+CHACHA20")
    context.options &= ~_OP_TLSEXT_PADDING
    return context


class HttpTransport:
    """A `Transport`. Owned by one thread; raises ValueError at once for a URL that cannot be used."""

    def __init__(self, settings: HttpSettings, clock: Clock, meter: Meter, resolve: Resolve = system_resolve) -> None:
        self._settings = settings
        self._place = parse_url(settings.url, allow_plain_http=settings.allow_plain_http)
        self._clock = clock
        self._lookup = Lookup(self._place.host, self._place.port, clock, meter, resolve)
        self._opener = Opener(clock, meter, settings.bind_interface)
        self._context: ssl.SSLContext | None = None
        self._session: ssl.SSLSession | None = None
        self._link: Link | None = None
        self.keep_alive_s = settings.keep_alive_s
        """As learned so far."""

    def send(self, batch: bytes, deadline: Deadline) -> Answer:
        request = self._request(batch)
        link = self._kept()
        if link:
            patience = Deadline.after(deadline.left(self._clock) * _DEAD_SHARE, self._clock)
            try:
                return self._exchange(link, request, patience)
            except SendError as error:
                if error.kind not in {"lost", "timeout"} or deadline.passed(self._clock):
                    raise
                if error.kind == "timeout":
                    self.keep_alive_s = max(KEEP_ALIVE_LEAST_S, self.keep_alive_s / 2)
        return self._exchange(self._open(deadline), request, deadline)

    def close(self) -> None:
        link, self._link = self._link, None
        if link:
            link.close("report")

    def _request(self, batch: bytes) -> bytes:
        try:
            credential = read_credential(self._settings.credential_file)
        except CredentialError as error:
            raise SendError("credential", str(error), surely_not_received=True) from error
        head = (
            f"POST {self._place.path} HTTP/1.1\r\nHost: {self._place.host_header}\r\n"
            f"Authorization: Bearer {credential.bearer}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(batch)}\r\n\r\n"
        )
        return head.encode("ascii") + batch

    def _kept(self) -> Link | None:
        link = self._link
        if link is None:
            return None
        link.count("keep_alive")
        if link.is_alive():
            return link
        self._drop(link)
        return None

    def _open(self, deadline: Deadline) -> Link:
        tls = Tls(self._trust(), self._place.host, self._session) if self._place.secure else None
        addresses = self._lookup.addresses(deadline)
        try:
            self._link, address = self._opener.open(addresses, tls, deadline, self.keep_alive_s)
        except SendError:
            self._session = None
            raise
        self._lookup.worked(address)
        return self._link

    def _trust(self) -> ssl.SSLContext:
        if self._context is None:
            try:
                self._context = tls_context(self._settings.ca_file)
            except OSError as error:
                text = f"certificate authorities {self._settings.ca_file}: {error.strerror or error}"
                raise SendError("tls", text, surely_not_received=True) from error
        return self._context

    def _exchange(self, link: Link, request: bytes, deadline: Deadline) -> Answer:
        """One request on an open connection, which afterwards is kept or closed."""
        link.deadline, link.room = deadline, MAX_ANSWER_BYTES + _MAX_HEAD_BYTES
        try:
            response, body = _converse(link, request)
        except SendError:
            self._drop(link)
            raise
        self._session = link.session
        if response.will_close or self._settings.keep_alive_s <= 0:
            self._drop(link)
        else:
            link.count("report")
        return self._read(response, body)

    def _drop(self, link: Link) -> None:
        link.close("report")
        self._link = None

    def _read(self, response: http.client.HTTPResponse, body: bytes) -> Answer:
        if response.status != 200:
            after = retry_after_s(response.getheader("Retry-After"), self._clock.wall())
            detail = f"HTTP {response.status}{_said(body)}"
            speaker = _speaker(response.getheader("Content-Type") or "", body)
            raise SendError("status", detail, status=response.status, retry_after_s=after, speaker=speaker)
        try:
            return read_answer(body)
        except WireError as error:
            raise SendError("answer", f"this is not the centre: {error}") from error


def _converse(link: Link, request: bytes) -> tuple[http.client.HTTPResponse, bytes]:
    response = http.client.HTTPResponse(link.as_socket(), method="POST")
    try:
        link.write(request)
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


def _object(body: bytes) -> dict[str, object] | None:
    try:
        plain = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return plain if isinstance(plain, dict) else None
