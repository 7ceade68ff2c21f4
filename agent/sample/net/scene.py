"""What one look at the network knows and has seen so far: who is to be asked, what it may cost, what came of it.

Nothing here asks anybody; look.py, lookups.py and routes.py do, and answers.py says what it amounts to.
"""

from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Literal
from urllib.parse import urlsplit

from agent.clock import Clock, Deadline
from agent.sample.base import Evidence, Reach
from agent.sample.kernel import Roots
from agent.sample.net.addresses import literal
from agent.sample.net.centre import Centre, Heard
from agent.sample.net.knock import Knock
from agent.sample.net.meanings import CENTRE, Web
from agent.sample.net.names import Found
from agent.sample.net.way import Way
from modem.frozen import dataclass
from modem.text import printable

BUDGET_BYTES = 8000
"""A public certificate chain has 2.5 to 4 KB, and comes with every full handshake."""
MAX_PAYMENT_HOSTS = 3
FLOWING_BYTES = 4096
"""So much coming in while we look is payment traffic at work; retries against a wall bring less."""
SPOKEN_BY_THE_CENTRE = (None, "credential", "refused", "unwell", "certificate_expired")
"""OpenSSL looks at signatures and names before it looks at dates: an old certificate is still the centre's own."""
LEAST_S = 1.5
"""A question with less time than this left for its answer is not asked: its silence would say nothing."""


@dataclass(frozen=True, slots=True)
class NetSettings:
    centre: Centre | None = None
    credential_trouble: str = ""
    """Why there is no credential to show, when it is known that there is none."""
    payment_hosts: tuple[str, ...] = ()
    """ "host:port" each."""
    anchor: str = ""
    """ "host:port" somewhere in the internet; "": none."""
    pinned: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Name → the addresses it must have."""
    sentinel_url: str = ""
    """A page of our own in plain HTTP; "": the centre's /healthz."""
    timeout_s: float = 5.0
    budget_bytes: int = BUDGET_BYTES


@dataclass(frozen=True, slots=True)
class Around:
    """What is known before anything is sent."""

    way: Way = field(default_factory=Way)
    routed: bool | None = None
    """A default route leads through the card's interface, the preferred one or not."""
    first: bool | None = None
    """It is the one in force."""
    elsewhere: str | None = None
    """The interface that has it instead."""
    gateway: str | None = None
    servers: tuple[str, ...] = ()
    """The name servers that the card was given."""
    configured: tuple[str, ...] = ()
    """Those of this machine (resolv.conf)."""
    network_time: float | None = None
    flowed_bytes: int = 0
    """What came in through the interface while the modem was asked."""


def host_and_port(text: str) -> tuple[str, int] | None:
    try:
        parts = urlsplit(f"//{text}")
        port = parts.port
    except ValueError:
        return None
    return (parts.hostname, port) if parts.hostname and port else None


def pins(texts: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Of "name=address": name → its addresses."""
    found: dict[str, tuple[str, ...]] = {}
    for text in texts:
        name, _, address = text.partition("=")
        found[name.lower()] = (*found.get(name.lower(), ()), address)
    return found


@dataclass(slots=True)
class Scene:
    settings: NetSettings
    around: Around
    deadline: Deadline
    clock: Clock
    roots: Roots
    cost: int = 0
    evidence: list[Evidence] = field(default_factory=list)
    found: dict[str, Found] = field(default_factory=dict)
    knocks: dict[str, Knock] = field(default_factory=dict)
    """The last knock by key: "centre", "payment HOST:PORT", "anchor", "server ADDRESS"."""
    routes_say: Reach | None = None
    elsewhere: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Addresses that only the other way brought."""
    nonsense: Found | None = None
    hijacked: str = ""
    web: tuple[Web, str] | None = None
    heard: Heard | None = None
    answers_everything: bool = False
    out_of_time: bool = False
    """Something was not asked because the time was over."""

    # -- who is to be asked -------------------------------------------------------------------------------------------

    def targets(self) -> dict[str, tuple[str, int]]:
        """Key → host and port."""
        wanted: dict[str, tuple[str, int]] = {}
        for text in self.settings.payment_hosts[:MAX_PAYMENT_HOSTS] if not self.flowing() else ():
            if place := host_and_port(text):
                wanted[f"payment {text}"] = place
        if self.settings.centre is not None:
            wanted["centre"] = (self.settings.centre.host, self.settings.centre.port)
        if place := host_and_port(self.settings.anchor):
            wanted["anchor"] = place
        return wanted

    def flowing(self) -> bool:
        return self.around.flowed_bytes >= FLOWING_BYTES

    def hosts(self) -> list[str]:
        """Names to be looked up."""
        return list(dict.fromkeys(host for host, _ in self.targets().values() if literal(host) is None))

    def addresses(self, host: str) -> tuple[str, ...]:
        written = literal(host)
        if written is not None:
            return (written,)
        return self.found[host].addresses if host in self.found else ()

    def servers(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.around.configured[:2], *self.around.servers[:2])))

    def named(self, key: str) -> str:
        words = {"centre": "the centre", "anchor": f"the anchor {self.settings.anchor}"}
        return words.get(key) or key.replace("payment", "payment host").replace("server", "name server")

    # -- what came of it -----------------------------------------------------------------------------------------------

    def proved(self) -> bool:
        """The centre itself spoke, over TLS that we verified: everything up to there is as it should be."""
        secure = self.settings.centre is not None and self.settings.centre.secure
        payment = [knock for key, knock in self.knocks.items() if key.startswith("payment")]
        return secure and self.spoken() and (not payment or any(knock.outcome == "answers" for knock in payment))

    def centre_fails(self) -> bool:
        return bool(self.settings.sentinel_url) if self.settings.centre is None else not self.spoken()

    def spoken(self) -> bool:
        """Who has the centre's certificate, and we looked at it, has spoken with us."""
        if self.heard is None or self.heard.outcome == "not_finished":
            return False
        return CENTRE[self.heard.outcome].problem in SPOKEN_BY_THE_CENTRE

    # -- what it may cost, and what is noted --------------------------------------------------------------------------

    def soon(self) -> Deadline:
        return Deadline(min(self.deadline.at, self.clock.monotonic() + self.settings.timeout_s))

    def affords(self, cost: int) -> bool:
        return self.in_time() and self.cost + cost <= self.settings.budget_bytes

    def in_time(self) -> bool:
        """Is there time for a question and its answer?"""
        enough = self.deadline.left(self.clock) >= min(LEAST_S, self.settings.timeout_s)
        self.out_of_time = self.out_of_time or not enough
        return enough

    @property
    def room(self) -> int:
        """Bytes that may still be spent."""
        return self.settings.budget_bytes - self.cost

    def judged(self, *, ok: bool) -> bool | None:
        """A failure counts only where packets had a way: without a route of its own the card was not tried."""
        return None if self.around.way.device and self.around.routed is False else ok

    def note(self, about: str, text: str, source: Literal["probe", "kernel"] = "probe") -> None:
        self.evidence.append(Evidence(about, source, printable(text)[:300], self.clock.wall()))
