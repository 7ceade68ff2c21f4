"""How this terminal gets its credential, or a new one: POST /v1/enroll (agent/wire/enrol.py has the messages).

The new secret is made here and written beside the credential (`credential.pending`) before the centre hears its digest.
So an answer that is lost on the way, or a power cut after it, costs nothing: the same question is asked again, with the
same secret, and answered alike. Only then the credential is replaced, in one step.
"""

import hashlib
import os
import secrets
from dataclasses import field
from pathlib import Path

from agent.clock import Clock, Deadline
from agent.uplink.base import SendError, Sure, always
from agent.uplink.credential import Credential, CredentialError, parse_credential, read_credential, write_credential
from agent.uplink.http_answer import HttpAnswer
from agent.uplink.lookup import Lookup
from agent.uplink.meter import Meter
from agent.uplink.opener import Opener
from agent.uplink.place import Place, parse_url
from agent.uplink.proxy import parse_proxy
from agent.uplink.refusal import code_and_words, object_in
from agent.uplink.talk import converse
from agent.uplink.tls import TlsSettings, Trust
from agent.wire import WireError
from agent.wire.enrol import EnrolAnswer, EnrolRequest, read_answer
from modem.frozen import dataclass

_ROOM = 32 * 1024
_SETTLED = (400, 401, 403, 409)
_NOBODY = "-"


@dataclass(frozen=True, slots=True)
class EnrolSettings:
    url: str
    """https://centre.example[:port][/prefix]."""
    credential_file: Path
    tls: TlsSettings = field(default_factory=TlsSettings)
    bind_interface: str = ""
    proxy: str = ""
    proxy_auth_file: Path | None = None


def enrol(
    settings: EnrolSettings, code: str, clock: Clock, deadline: Deadline, *, wish: str = "", meter: Meter | None = None
) -> str:
    """Use up a tidy `code`; the terminal's id. Its credential is in the file then, owned as the directory is.

    `wish` is the id to have where the code is for a new terminal. Raises SendError, OSError, ValueError (the address).
    """
    secret = _pending(settings.credential_file, code)
    request = EnrolRequest(code=code, secret_sha256=_digest(secret), terminal=wish or None)
    asked = _ask(settings, request, None, clock, deadline, meter or Meter())
    return _adopt(settings.credential_file, secret, asked)


def renew(
    settings: EnrolSettings, clock: Clock, deadline: Deadline, meter: Meter | None = None, sure: Sure = always
) -> str:
    """A new secret in place of the present one, asked for by the centre. As `enrol`; also CredentialError.

    Nothing is said on a connection before `sure` says which card pays for it.
    """
    present = read_credential(settings.credential_file)
    secret = _pending(settings.credential_file, _NOBODY)
    request = EnrolRequest(secret_sha256=_digest(secret))
    meter = meter or Meter()
    asked = _ask(settings, request, present, clock, deadline, meter, sure)
    if asked.status == 401:  # it may have the new one already, and we did not hear it
        fresh = Credential(present.terminal_id, secret)
        asked = _ask(settings, request, fresh, clock, deadline, meter, sure)
    if asked.status in _SETTLED:  # refused for good: what we have stays, or nothing of ours is any good
        _pending_file(settings.credential_file).unlink(missing_ok=True)
    return _adopt(settings.credential_file, secret, asked)


def renewal_is_pending(credential_file: Path) -> bool:
    """A renewal was begun and its end not heard: `renew` goes on with it."""
    return _read_pending(_pending_file(credential_file), _NOBODY) is not None


def _adopt(path: Path, secret: str, asked: HttpAnswer) -> str:
    answer = _understood(asked)
    write_credential(path, Credential(answer.terminal, secret))
    _give_to_owner_of_directory(path)
    _pending_file(path).unlink(missing_ok=True)
    return answer.terminal


def _understood(asked: HttpAnswer) -> EnrolAnswer:
    if asked.status != 200:
        code, message = code_and_words(object_in(asked.body) or {})
        raise SendError("status", message or f"HTTP {asked.status}", status=asked.status, code=code)
    try:
        return read_answer(asked.body)
    except WireError as error:
        raise SendError("answer", f"this is not the centre: {error}") from None


# -- the secret that waits --------------------------------------------------------------------------------------------


def _pending_file(path: Path) -> Path:
    return path.with_name(path.name + ".pending")


def _pending(path: Path, code: str) -> str:
    """The secret to become ours by `code`: the one begun with, if there is one. Raises OSError."""
    file = _pending_file(path)
    held = _read_pending(file, code)
    if held is not None:
        return held
    secret = secrets.token_urlsafe(32)
    # in the shape of a credential, so that it is read with the same care; the name is what it was begun with
    write_credential(file, Credential(_mark(code), secret))
    return secret


def _read_pending(file: Path, code: str) -> str | None:
    try:
        held = read_credential(file)
    except CredentialError:
        return None
    return held.secret if held.terminal_id == _mark(code) else None


def _mark(code: str) -> str:
    """Says which code, without telling it."""
    return "renewal" if code == _NOBODY else "code-" + hashlib.sha256(code.encode()).hexdigest()[:16]


def _digest(secret: str) -> str:
    parse_credential(f"x:{secret}")
    return hashlib.sha256(secret.encode("ascii")).hexdigest()


def _give_to_owner_of_directory(path: Path) -> None:
    """Enrolling is done by root, reading by the service's user."""
    if os.geteuid() == 0:
        directory = path.parent.stat()
        os.chown(path, directory.st_uid, directory.st_gid)


# -- the exchange -----------------------------------------------------------------------------------------------------


def _ask(
    settings: EnrolSettings,
    request: EnrolRequest,
    shown: Credential | None,
    clock: Clock,
    deadline: Deadline,
    meter: Meter,
    sure: Sure = always,
) -> HttpAnswer:
    place = parse_url(settings.url)
    link = _opener(settings, place, clock, meter, sure).open(deadline)
    try:
        link.deadline, link.room = deadline, _ROOM
        return converse(link, _request(place, request, shown))
    finally:
        link.close("handshake", politely=True)


def _opener(settings: EnrolSettings, place: Place, clock: Clock, meter: Meter, sure: Sure) -> Opener:
    proxy = parse_proxy(settings.proxy, settings.proxy_auth_file)
    host, port = (proxy.host, proxy.port) if proxy else (place.host, place.port)
    trust = Trust(settings.tls) if place.secure else None
    return Opener(
        place.host, place.port, Lookup(host, port, clock, meter), trust, clock, meter, settings.bind_interface, proxy,
        sure,
    )  # fmt: skip


def _request(place: Place, request: EnrolRequest, shown: Credential | None) -> bytes:
    body = request.model_dump_json(exclude_none=True).encode()
    path = place.path.removesuffix("/v1/reports") + "/v1/enroll"
    who = f"Authorization: Bearer {shown.bearer}\r\n" if shown else ""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {place.host_header}\r\n{who}"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode("ascii") + body
