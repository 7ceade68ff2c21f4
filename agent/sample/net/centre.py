"""The centre on an open connection: TLS with the true reason, then one short question with our credential.

The question is an empty report. The centre looks at the credential first, so what it says about the report tells
whether the credential holds; it stores nothing. Without a credential its health page is asked.
"""

import json
import re
import ssl
from dataclasses import field
from email.utils import parsedate_to_datetime
from pathlib import Path

from agent.clock import Clock, Deadline
from agent.sample.net.certificate import Facts, facts_of
from agent.sample.net.knock import Door, knock_all, reset
from agent.sample.net.meanings import Outcome
from agent.sample.net.talk import Secure, Talk, TalkEnded, TooDear, converse
from agent.sample.net.way import Way
from agent.uplink.authorities import trusting
from agent.uplink.http_answer import HttpAnswer
from modem.frozen import dataclass

_EXPIRED, _EARLY = 10, 9
_NAME = (62, 64)
"""X509_V_ERR of OpenSSL: 9 not yet valid, 10 expired, 62 host name, 64 address; every other is about the chain."""
_OP_TLSEXT_PADDING = 0x10
"""SSL_OP_TLSEXT_PADDING, part of OpenSSL's default SSL_OP_ALL: pads the hello by some 200 bytes."""


@dataclass(frozen=True, slots=True)
class Centre:
    """Where it is and how it is spoken to."""

    host: str
    port: int
    path: str = ""
    """Prefix of its routes."""
    secure: bool = True
    ca_file: Path | None = None
    client_cert: Path | None = None
    client_key: Path | None = None
    """Our own certificate, where the centre's proxy asks for one."""
    bearer: str | None = field(default=None, repr=False)
    """The credential as it travels; never shown."""
    speaks_http: bool = True
    """False: the handshake is all that can be tried (MQTT)."""


@dataclass(frozen=True, slots=True)
class Heard:
    outcome: Outcome
    detail: str
    cost_bytes: int
    server_time: float | None = None
    """Wall seconds by the centre's Date header, from a connection that was verified."""


def context_of(ca_file: Path | None, *, verify: bool = True) -> ssl.SSLContext:
    """OSError when `ca_file` cannot be used."""
    context = trusting(ca_file)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("ECDHE+AESGCM:ECDHE+CHACHA20")  # as the uplink speaks, and a short hello
    context.options &= ~_OP_TLSEXT_PADDING
    if not verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def ask_centre(talk: Talk, centre: Centre) -> Heard:
    """Never raises; the connection is left for the caller to close."""
    if not centre.secure:
        return _ask(talk, talk, centre)
    try:
        context = context_of(centre.ca_file)
        if centre.client_cert is not None:
            context.load_cert_chain(centre.client_cert, centre.client_key, password="")  # never ask a person for one
    except (OSError, ValueError) as error:
        named = ", ".join(str(path) for path in (centre.ca_file, centre.client_cert) if path)
        return Heard("ca_unusable", f"certificates {named}: {getattr(error, 'strerror', None) or error}", 0)
    line = Secure(talk, context, centre.host)
    try:
        line.open()
    except ssl.SSLCertVerificationError as error:
        return Heard(_verdict_of(error.verify_code), error.verify_message or "not accepted", talk.cost_bytes)
    except ssl.SSLError as error:
        return Heard("tls_broken", (error.reason or "no TLS").replace("_", " ").lower(), talk.cost_bytes)
    except TooDear as dear:
        return Heard("not_finished", f"{dear}, within the handshake", talk.cost_bytes)
    except TalkEnded as ended:
        return Heard("tls_broken", f"{ended} during the handshake", talk.cost_bytes)
    return _ask(line, talk, centre) if centre.speaks_http else Heard("well", "TLS", talk.cost_bytes)


def _verdict_of(code: int) -> Outcome:
    if code == _EXPIRED:
        return "certificate_expired"
    if code == _EARLY:
        return "certificate_early"
    return "certificate_name" if code in _NAME else "certificate_chain"


def _ask(line: Talk | Secure, talk: Talk, centre: Centre) -> Heard:
    try:
        answer = converse(line, _request(centre))
    except TooDear as dear:
        return Heard("not_finished", str(dear), talk.cost_bytes)
    except TalkEnded as ended:
        return Heard("no_http", str(ended), talk.cost_bytes)
    outcome = outcome_of(answer, asked_with_credential=centre.bearer is not None)
    return Heard(outcome, f"HTTP {answer.status}{_said(answer.body)}", talk.cost_bytes, date_of(answer))


def _request(centre: Centre) -> bytes:
    host = f"[{centre.host}]" if ":" in centre.host else centre.host
    if centre.port not in (443 if centre.secure else 80,):
        host += f":{centre.port}"
    if centre.bearer is None:
        head = f"GET {centre.path}/healthz HTTP/1.1\r\nHost: {host}\r\n"
    else:
        head = (
            f"POST {centre.path}/v1/reports HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {centre.bearer}\r\n"
            "Content-Type: application/json\r\nContent-Length: 0\r\n"
        )
    return f"{head}Connection: close\r\n\r\n".encode("ascii", "replace")


def outcome_of(answer: HttpAnswer, *, asked_with_credential: bool) -> Outcome:
    """What the status means; a page in HTML is not from the centre."""
    if answer.status in (401, 403) and not looks_like_page(answer):
        return "credential_refused" if asked_with_credential else "well"
    if answer.status >= 500 or answer.status == 429:
        return "centre_unwell"
    if looks_like_page(answer) or 300 <= answer.status < 400:
        return "stranger"
    if answer.status < 300 or (asked_with_credential and answer.status in (400, 413, 422)):
        return "well"
    return "report_refused"


def looks_like_page(answer: HttpAnswer) -> bool:
    return "html" in answer.header("content-type").lower() or answer.body.lstrip()[:1] == b"<"


def date_of(answer: HttpAnswer) -> float | None:
    try:
        return parsedate_to_datetime(answer.header("date")).timestamp()
    except (TypeError, ValueError, OverflowError):
        return None


def _said(body: bytes) -> str:
    """The centre's own words about a refusal, short."""
    try:
        plain = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    error = plain.get("error") if isinstance(plain, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    return f" ({code})" if isinstance(code, str) and re.fullmatch(r"[a-z_]{1,40}", code) else ""


@dataclass(frozen=True, slots=True)
class Explained:
    facts: Facts | None
    server_time: float | None
    """Of a server that was not verified: a hint, no witness."""
    cost_bytes: int


def explain(
    centre: Centre, address: str, way: Way, deadline: Deadline, clock: Clock, *, room: int, time: bool
) -> Explained:
    """Look at the certificate that was not accepted, trusting nothing: no credential travels here.

    `room`: bytes that it may cost; `time`: the server's time is wanted too.
    """
    (knock,) = knock_all([Door("centre", address, centre.port, keep=True, room=room)], way, deadline, clock)
    if knock.kept is None:
        return Explained(None, None, knock.cost_bytes)
    talk = Talk(knock.kept, deadline, clock, room - knock.cost_bytes)
    try:
        facts, said = _looked_at(talk, centre, time=time)
        return Explained(facts, said, knock.cost_bytes + talk.cost_bytes)
    finally:
        reset(knock.kept)


def _looked_at(talk: Talk, centre: Centre, *, time: bool) -> tuple[Facts | None, float | None]:
    line = Secure(talk, context_of(None, verify=False), centre.host)
    try:
        facts = facts_of(line.open().getpeercert(binary_form=True) or b"")
    except (ssl.SSLError, TalkEnded):
        return None, None
    if not time:
        return facts, None
    try:
        answer = converse(line, f"HEAD / HTTP/1.1\r\nHost: {centre.host}\r\nConnection: close\r\n\r\n".encode())
    except TalkEnded:
        return facts, None
    return facts, date_of(answer)
