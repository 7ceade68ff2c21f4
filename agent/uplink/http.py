"""Reports over one warm HTTPS connection: one write a report, few headers, one deadline for the whole of it.

Rules: TLS is always verified; plain http only to this machine (the credential travels in the first request). Redirects
are never followed: walled gardens live on them. An answer is bounded in bytes and in time, however it drips. A kept
connection that turns out to be dead is replaced within the same deadline; saying a batch twice is harmless.

Who speaks is said with the first report; the centre answers with a session, and later reports go to `/~<session>` as
frames (docs/wire.md). A connection that has proven itself goes on without HTTP (`stream`), where the way there lets it.
Whatever of this the centre does not know any more is said again in full, in the same send.

What a handshake costs (3.3 KB, 1.2 to 2.4 KB resumed) is why the connection is kept, and probed by the kernel (104 B)
before the carrier's NAT forgets it; `patience` learns when that is, `tend` sees that it happens then and not later.
"""

from dataclasses import field
from math import inf
from pathlib import Path

from agent.clock import Clock, Deadline
from agent.uplink.base import SendError, Sure, always
from agent.uplink.credential import CredentialError, read_credential
from agent.uplink.framing import Framing, count_of
from agent.uplink.http_answer import MAX_ANSWER_BYTES, MAX_HEAD_BYTES, HttpAnswer
from agent.uplink.link import Link
from agent.uplink.lookup import Lookup, Resolve, system_resolve
from agent.uplink.meter import Meter
from agent.uplink.opener import Opener
from agent.uplink.pace import worth_keeping
from agent.uplink.patience import FIRST_S, Patience
from agent.uplink.place import parse_url
from agent.uplink.proxy import parse_proxy
from agent.uplink.stream import PROVEN, Leaning, Stream, asked_for
from agent.uplink.talk import converse, refusal
from agent.uplink.tls import TlsSettings, Trust
from agent.uplink.told import answer_in
from agent.wire import Answer, WireError, read_answer
from modem.frozen import dataclass

_SPARE_S = 60.0
"""So much later the kernel probes by itself, should nobody tend the line: while a payment holds it, say."""
_SOON = 0.02
"""Of the silence that is borne: a report that is due within that makes a probe needless."""
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
    stream_after: int = PROVEN
    """Reports over a connection before it is asked to go on without HTTP; 0 = it never is."""


class HttpTransport:
    """A `Transport`. Owned by one thread; raises ValueError at once for an address that cannot be used."""

    def __init__(
        self, settings: HttpSettings, clock: Clock, meter: Meter, resolve: Resolve = system_resolve, sure: Sure = always
    ) -> None:
        self._settings = settings
        self._place = place = parse_url(settings.url, allow_plain_http=settings.allow_plain_http)
        self._clock = clock
        proxy = parse_proxy(settings.proxy, settings.proxy_auth_file)
        host, port = (proxy.host, proxy.port) if proxy else (place.host, place.port)
        lookup = Lookup(host, port, clock, meter, resolve)
        self._trust = Trust(settings.tls) if place.secure else None
        self._opener = Opener(
            place.host, place.port, lookup, self._trust, clock, meter, settings.bind_interface, proxy, sure
        )
        self._link: Link | None = None
        self._stream: Stream | None = None
        """What the link has become."""
        self._carried = 0
        """Reports over this link, as POST."""
        self._used_at = self._probed_at = 0.0
        self._tended = False
        self._framing = Framing()
        self._session: str | None = None
        self._may_be_brief = True
        self._leaning = Leaning()
        self.patience = Patience(settings.keep_alive_s)
        """As learned so far."""

    def send(self, batch: bytes, deadline: Deadline) -> Answer:
        while True:  # at most four times: each refusal that is tried again takes away what was refused
            try:
                answer = self._delivered(batch, deadline)
            except SendError as error:
                if not self._try_otherwise(error) or deadline.passed(self._clock):
                    raise
            else:
                if self._may_be_brief:
                    self._session = answer.session or self._session
                self._framing.acknowledged(batch, answer)
                self._ask_for_stream(deadline)
                if self._link:
                    self._link.probe_after(self._kernel_probe_s)
                return answer

    def tend(self) -> float:
        idle_s, now = self._probe_s, self._clock.monotonic()
        if self._link is None or idle_s == 0.0:
            return inf
        if not self._tended:
            self._tended = True
            self._link.probe_after(self._kernel_probe_s)
        left = self._probe_due(idle_s) - now
        if left > 0:
            return left
        link = self._kept()
        if link is None:
            return inf
        link.probe_now(self._kernel_probe_s)
        self._probed_at = now
        return idle_s

    def close(self) -> None:
        if self._link:
            self._drop(self._link, politely=True)

    # -- a report ------------------------------------------------------------------------------------------------------

    def _delivered(self, batch: bytes, deadline: Deadline) -> Answer:
        body = self._framing.packed(batch)
        link = self._kept()
        if link:
            share = Deadline.after(deadline.left(self._clock) * _DEAD_SHARE, self._clock)
            try:
                if self._stream:
                    return self._told(self._stream, link, body, batch, share)
                return self._posted(link, self._request(body), batch, share)
            except SendError as error:
                if error.kind not in {"lost", "timeout"} or deadline.passed(self._clock):
                    raise
                if error.kind == "timeout":
                    self.patience = self.patience.lost()
        request = self._request(body)  # before anything is spent on a connection
        return self._posted(self._open(deadline), request, batch, deadline)

    def _told(self, stream: Stream, link: Link, body: bytes, batch: bytes, deadline: Deadline) -> Answer:
        """A report over the stream. Raises SendError; of its kinds only "status" leaves the stream as it was."""
        link.deadline, link.room = deadline, MAX_ANSWER_BYTES + MAX_HEAD_BYTES
        try:
            said = stream.ask(body)
            self._worked()
            link.count("report")
            return answer_in(said, batch, self._clock)
        except SendError as error:
            if error.kind != "status":
                self._drop(link)
            raise

    def _posted(self, link: Link, request: bytes, batch: bytes, deadline: Deadline) -> Answer:
        """A report by POST; the connection is kept or closed afterwards. Raises SendError."""
        link.deadline, link.room = deadline, MAX_ANSWER_BYTES + MAX_HEAD_BYTES
        try:
            answer = converse(link, request)
        except SendError:
            self._drop(link)
            raise
        if self._trust:
            link.keep_session(self._trust)
        self._worked()
        self._carried += 1
        if answer.ends or self._settings.keep_alive_s <= 0:
            self._drop(link, politely=True)
        else:
            link.count("report")
        return self._read(answer, batch)

    def _read(self, answer: HttpAnswer, batch: bytes) -> Answer:
        if answer.status == 204 and self._session:
            # all is stored, and the clocks agree; no centre answers a stranger so
            return Answer(acked=count_of(batch), server_time=max(0, round(self._clock.wall())))
        if answer.status != 200:
            raise refusal(answer, self._clock.wall())
        try:
            return read_answer(answer.body)
        except WireError as error:
            raise SendError("answer", f"this is not the centre: {error}") from error

    def _request(self, body: bytes) -> bytes:
        if self._session:
            head = f"POST {self._place.session_path(self._session)} HTTP/1.1\r\nHost:{self._place.host_header}\r\n"
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

    def _try_otherwise(self, error: SendError) -> bool:
        if error.kind != "status" or error.status is None:
            return False
        if self._session and error.status in (401, 403, 404):  # none any more, or none through this proxy ever
            if self._stream and self._link:
                self._drop(self._link, politely=True)
            self._session = None
            self._may_be_brief = error.status == 401
            return True
        return self._framing.try_otherwise(error.status, error.code)

    # -- the connection ------------------------------------------------------------------------------------------------

    def _kept(self) -> Link | None:
        link = self._link
        if link is None:
            return None
        link.count("keep_alive")
        state = link.state()
        if state == "alive" and not (self._stream and self._stream.spoilt):
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
        self._stream, self._carried = None, 0
        self._used_at = self._clock.monotonic()
        self._link.probe_after(self._kernel_probe_s)
        return self._link

    def _worked(self) -> None:
        now = self._clock.monotonic()
        self.patience, self._used_at = self.patience.survived(now - self._used_at), now

    def _drop(self, link: Link, *, politely: bool = False) -> None:
        if self._stream:
            self._leaning = self._leaning.ended(self._stream.carried, self._clock.monotonic())
        link.close("report", politely=politely)
        self._link = self._stream = None

    def _ask_for_stream(self, deadline: Deadline) -> None:
        """After a report that is safe at the centre; whatever becomes of this costs none."""
        link, session, now = self._link, self._session, self._clock.monotonic()
        if link is None or session is None or self._stream or self._carried < self._settings.stream_after:
            return
        if not self._settings.stream_after or self._probe_s == 0.0 or now < self._leaning.avoid_until:
            return
        try:
            self._stream = asked_for(link, self._place, session, deadline, self._clock)
        except SendError:
            self._drop(link, politely=True)
        if self._stream is None:
            self._leaning = self._leaning.refused(now)
        if self._link:
            link.count("handshake")

    # -- its silence ---------------------------------------------------------------------------------------------------

    @property
    def _probe_s(self) -> float:
        """0 = never: a connection that stays silent for long is cheaper made anew."""
        interval = self._framing.interval_s
        keep = self._settings.keep_alive_s > 0 and (interval is None or worth_keeping(interval, self.patience.idle_s))
        return self.patience.idle_s if keep else 0.0

    @property
    def _kernel_probe_s(self) -> float:
        return self._probe_s + _SPARE_S if self._tended and self._probe_s else self._probe_s

    def _probe_due(self, idle_s: float) -> float:
        due = max(self._used_at, self._probed_at) + idle_s
        interval = self._framing.interval_s
        report = inf if interval is None else self._used_at + interval
        return report + _SOON * idle_s if abs(report - due) <= _SOON * idle_s else due
