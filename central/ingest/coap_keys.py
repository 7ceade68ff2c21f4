"""Who speaks over CoAP: who holds the keys. Contexts (RFC 8613) are made of credentials when they are needed, and held.

Rules: a datagram that cannot be read costs a few lookups and nothing else. A number is accepted once, by one process:
the numbers that follow it are reserved in the database before the first of them counts (central/store/windows.py).
"""

import asyncio
import logging
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any, TypeVar

from aiocoap import oscore
from aiocoap.message import Message

from agent.wire.oscore import CONTEXT_BYTES, KID_BYTES, NO_CONTEXT, REPLAYED, Context, kid_of, named
from central.intake import Intake, Refused, unavailable
from central.store.base import MAX_PAGE, Credential, StoreError
from central.store.windows import Windows

STEP = 64
"""Numbers reserved at once."""
_CONTEXTS = 50_000
_REFRESH_S = 10.0
_CLOCKS_DIFFER_S = 86_400
"""Of machines on which terminals are registered."""
log = logging.getLogger("central.coap")
V = TypeVar("V")


@dataclass(slots=True)
class Peer:
    """A terminal's context as it is held here."""

    terminal: str
    secret_sha256: bytes
    context: Context
    upto: int
    """Numbers below it are reserved for this process, or were another's."""

    @property
    def id(self) -> bytes:
        return bytes(self.context.id_context or b"")


@dataclass(frozen=True, slots=True)
class Opened:
    peer: Peer
    inner: Message
    request_id: Any
    """What the answer must be protected with."""


@dataclass(slots=True)
class Keys:
    intake: Intake
    windows: Windows
    _names: dict[bytes, tuple[str, ...]] = field(default_factory=dict)
    _names_until: float = float("-inf")
    _named_since: int = 0
    """Terminals registered before are in `_names`: none is ever taken out of the database."""
    _peers: "OrderedDict[tuple[str, bytes], Peer]" = field(default_factory=OrderedDict)
    _last: "OrderedDict[str, bytes]" = field(default_factory=OrderedDict)
    """The context a terminal last spoke in."""

    async def opened(self, request: Message) -> Opened:
        """Who speaks, and what they say. Raises Refused, which is said in the clear."""
        kid, context = _named(request)
        try:
            for terminal in await self._terminals(kid):
                # what is remembered of a credential may be a moment old: ask the database before one is refused
                for afresh in (False, True):
                    known = await self.intake.known(terminal, afresh=afresh)
                    opened = await self._tried(terminal, known, context, request)
                    if opened is not None:
                        return opened
        except StoreError:
            raise unavailable() from None
        raise Refused(401, "unauthorized", NO_CONTEXT.decode())

    async def _tried(
        self, terminal: str, known: Credential | None, context: bytes | None, request: Message
    ) -> Opened | None:
        """None: not with this credential. Raises Refused for what was said before, StoreError."""
        if known is None or known.revoked:
            return None
        peer = await self._peer(terminal, known.secret_sha256, context)
        if peer is None:
            return None
        try:
            inner, request_id = peer.context.unprotect(request)
        except oscore.ReplayError:
            raise _replayed() from None
        except Exception as error:  # wrong keys, or bytes made to hurt
            log.debug("not readable: %(why)s", {"why": type(error).__name__})
            return None
        await self._accept(peer, int.from_bytes(request_id.partial_iv))
        return Opened(peer, inner, request_id)

    async def _peer(self, terminal: str, secret_sha256: bytes, context: bytes | None) -> Peer | None:
        context = context or self._last.get(terminal) or await self._newest(terminal)
        if context is None:
            return None
        held = self._peers.get((terminal, context))
        if held is not None and held.secret_sha256 == secret_sha256:
            return held
        upto = await self.windows.upto(terminal, context.hex())
        made = Context(terminal, secret_sha256, context, "centre", window_from=upto)
        return Peer(terminal, secret_sha256, made, upto)

    async def _newest(self, terminal: str) -> bytes | None:
        context = await self.windows.newest(terminal)
        return bytes.fromhex(context) if context else None

    async def _accept(self, peer: Peer, number: int) -> None:
        """It was really the terminal: reserve what follows, and remember the context, before the number counts."""
        if number >= peer.upto:
            upto, now = number + STEP, int(self.intake.wall())
            if not await self.windows.take(peer.terminal, peer.id.hex(), number, upto, now):
                self._peers.pop((peer.terminal, peer.id), None)  # another process has come further
                raise _replayed()
            peer.upto = upto
        put(self._peers, (peer.terminal, peer.id), peer, _CONTEXTS)
        put(self._last, peer.terminal, peer.id, _CONTEXTS)

    async def _terminals(self, kid: bytes) -> tuple[str, ...]:
        """Who may have this key id: usually one, or nobody. Raises StoreError."""
        now = asyncio.get_running_loop().time()
        if kid not in self._names and now >= self._names_until:
            self._names_until = now + _REFRESH_S
            await self._learn_names()
        return self._names.get(kid, ())

    async def _learn_names(self) -> None:
        """Of those who are new: strangers who knock do not make us read the whole fleet again."""
        begun, after = int(self.intake.wall()), ""
        while names := await self.intake.store.ids(after=after, since=self._named_since, limit=MAX_PAGE):
            after = names[-1]
            for name in names:
                known = self._names.get(kid_of(name), ())
                if name not in known:
                    self._names[kid_of(name)] = (*known, name)
        self._named_since = begun - _CLOCKS_DIFFER_S


def put(held: "OrderedDict[Any, V]", key: Any, value: V, most: int) -> None:
    """The newest `most` are held."""
    held[key] = value
    held.move_to_end(key)
    if len(held) > most:
        held.popitem(last=False)


def _named(request: Message) -> tuple[bytes, bytes | None]:
    """Key id and ID context in the clear. Raises Refused."""
    if request.opt.oscore is None:
        raise Refused(400, "not_protected", "OSCORE is needed")
    try:
        kid, context = named(request)
    except Exception:  # foreign bytes: whatever the library stumbles over is a counted refusal
        raise Refused(400, "bad_oscore", "its OSCORE option cannot be read") from None
    if len(kid) != KID_BYTES or len(context or bytes(CONTEXT_BYTES)) != CONTEXT_BYTES:
        raise Refused(401, "unauthorized", NO_CONTEXT.decode())
    return kid, context


def _replayed() -> Refused:
    return Refused(401, "replayed", REPLAYED.decode())
