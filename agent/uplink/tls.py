"""TLS that is short on the wire: what each choice saves stands beside it (bytes of IP, both ways, measured).

The lean way is tried first. A server that will not have it (only TLS 1.3, no P-256) is met with everything the library
offers from TLS 1.2 on: never less safe, only longer. Both verify certificate and name.
"""

import ssl
from pathlib import Path
from typing import Literal

from agent.uplink.authorities import trusting
from agent.uplink.base import SendError
from modem.frozen import dataclass

Version = Literal["1.2", "1.3"]

_OP_TLSEXT_PADDING = 0x10
"""SSL_OP_TLSEXT_PADDING, part of OpenSSL's default SSL_OP_ALL: pads the hello by some 200 bytes for the sake of load
balancers of 2013."""
_SESSION_S = 7200
"""OpenSSL's own time for a session, and with it the centre's; nginx is told a day (docs/central-behind-nginx.md)."""
_LEAN_CIPHERS = ":".join(
    f"ECDHE-{key}-{cipher}"
    for cipher in ("CHACHA20-POLY1305", "AES128-GCM-SHA256")  # 21 bytes a record under TLS 1.2, where GCM takes 29
    for key in ("ECDSA", "RSA")
)


@dataclass(frozen=True, slots=True)
class TlsSettings:
    ca_file: Path | None = None
    """Trust these authorities; None = the system's."""
    version: Version = "1.2"
    """The newest that the lean way speaks. Resuming takes 360 bytes less under 1.2, with ciphers that are as good."""
    client_cert: Path | None = None
    client_key: Path | None = None


@dataclass(slots=True)
class Trust:
    """Contexts and the session to resume, of one centre. Owned by one thread."""

    settings: TlsSettings
    wide: bool = False
    """The lean way was refused."""
    tickets: bool = False
    """Sessions by ticket: 300 bytes dearer than by id, for servers that keep no sessions themselves."""
    session: ssl.SSLSession | None = None
    _context: ssl.SSLContext | None = None

    def context(self) -> ssl.SSLContext:
        """Raises SendError when the files cannot be used."""
        if self._context is None:
            try:
                self._context = self._made()
            except OSError as error:  # ssl.SSLError is one
                named = [str(path) for path in (self.settings.ca_file, self.settings.client_cert) if path]
                text = f"certificates {', '.join(named)}: {error.strerror or error}"
                raise SendError("tls", text, surely_not_received=True) from error
        return self._context

    def agreed(self, secured: ssl.SSLSocket) -> None:
        """A handshake is over: was the session we offered taken?"""
        if self.session is not None and not secured.session_reused:
            made = secured.session
            age_s = made.time - self.session.time if made else 0
            self.session = None
            if not self.tickets and age_s < _SESSION_S:  # an old one says nothing of how the server keeps them
                self.tickets, self._context = True, None

    def keep(self, secured: ssl.SSLSocket) -> None:
        """The session of this connection is the one to resume, if the server lets us, and our way is still the same."""
        held = secured.session
        if secured.context is self._context:
            self.session = held if held is not None and (held.id or held.has_ticket) else None

    def widen(self) -> bool:
        """The handshake was refused; True if there is another way to try."""
        if self.wide:
            return False
        self.wide, self._context, self.session = True, None, None
        return True

    def _made(self) -> ssl.SSLContext:
        settings = self.settings
        context = trusting(settings.ca_file)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers("ECDHE+CHACHA20:ECDHE+AESGCM")
        context.options &= ~_OP_TLSEXT_PADDING
        if settings.client_cert:
            context.load_cert_chain(settings.client_cert, settings.client_key, password=_no_password)
        if not self.wide:
            self._make_lean(context)
        return context

    def _make_lean(self, context: ssl.SSLContext) -> None:
        context.set_ciphers(_LEAN_CIPHERS)
        # one group; under 1.2 a certificate's curve must be in the list, and nearly all EC certificates are of this one
        context.set_ecdh_curve("prime256v1")
        if self.settings.version == "1.2":
            context.maximum_version = ssl.TLSVersion.TLSv1_2
            if not self.tickets:
                context.options |= ssl.OP_NO_TICKET


def _no_password() -> bytes:
    """A key that asks for a password must not have us wait at a terminal nobody sits at."""
    return b""
