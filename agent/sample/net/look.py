"""One look at the network behind the card: names, doors, the centre; then, where something fails, why.

Rules:
- Everything goes through the card's interface (agent/sample/net/way.py), and we say so where that cannot be had.
- Cheap questions first; what is known is not asked again. Nothing costs more than the budget, all of it is summed up.
- Payment hosts are knocked at, never spoken to. Nothing is followed, opened or shown as a link.
- A healthy terminal is asked four short questions. What explains a fault is asked only when there is one.
"""

import ipaddress
import os
from collections.abc import Iterable, Mapping
from dataclasses import field, replace
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import urlsplit

from agent.clock import Clock, Deadline
from agent.sample.base import Evidence, Reach
from agent.sample.kernel import REAL, Roots, text_of
from agent.sample.net import names
from agent.sample.net.centre import Centre, Explained, Heard, ask_centre, explain
from agent.sample.net.certificate import Facts
from agent.sample.net.knock import CONNECT_COST, TIMEOUT_COST, Door, Knock, knock_all, reset
from agent.sample.net.meanings import CENTRE, WEB, Meaning, Outcome, Web
from agent.sample.net.names import Found
from agent.sample.net.part import NetPart
from agent.sample.net.talk import Talk
from agent.sample.net.way import Way, leaving_from
from agent.sample.net.web import ask_web
from modem.frozen import dataclass
from modem.text import printable

BUDGET_BYTES = 5000
MAX_PAYMENT_HOSTS = 3
FLOWING_BYTES = 4096
"""So much coming in while we look is payment traffic at work; retries against a wall bring less."""
NAME_COST, WEB_COST = 2 * 178, 900
NOBODY = "192.0.2.1"
"""TEST-NET-1 (RFC 5737): nobody lives there. Who is answered from there is behind something that answers everything."""
DOUBT_S = 1.5
"""Patience with an answer that should not come."""
_ARP_COMPLETE = 0x2
_OWN_NETWORKS = tuple(
    ipaddress.ip_network(text)
    for text in (
        *("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12"),
        *("192.168.0.0/16", "::1/128", "fc00::/7", "fe80::/10"),
    )
)
_SPOKEN_BY_THE_CENTRE = (None, "credential", "refused", "unwell", "certificate_expired")
"""OpenSSL looks at signatures and names before it looks at dates: an old certificate is still the centre's own."""
_SHORT_NAMES: Mapping[names.Outcome, str] = {
    "silent": "no answer from {servers}",
    "no_such_name": "{server} says that there is no such name",
    "no_address": "{server} knows the name, but no address",
    "server_failed": "{server} failed",
    "server_refused": "{server} refused",
    "not_sent": "the question could not be sent: {detail}",
}


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


def look_at_network(
    settings: NetSettings, around: Around, deadline: Deadline, clock: Clock, roots: Roots = REAL
) -> NetPart:
    """Never raises for anything the network does; over when the deadline is."""
    look = _Look(settings, around, deadline, clock, roots)
    look.run()
    return look.part()


def host_and_port(text: str) -> tuple[str, int] | None:
    try:
        parts = urlsplit(f"//{text}")
        port = parts.port
    except ValueError:
        return None
    return (parts.hostname, port) if parts.hostname and port else None


@dataclass(slots=True)
class _Look:
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

    # -- the order of things ------------------------------------------------------------------------------------------

    def run(self) -> None:
        self.note_way()
        for host in self.hosts():
            self.look_up(host)
        if self.around.way.device and not (self.found or self.has_targets() or self.flowing()):
            self.ask_nonsense()  # any answer shows that data comes through
        self.knock()
        self.ask_centre()
        if not self.proved():
            self.doubt()
        self.explain()
        self.ask_routes()

    def doubt(self) -> None:
        """Something fails, or nothing has proved who answers: is it really they?"""
        if self.found and any(found.addresses for found in self.found.values()):
            self.ask_nonsense()
        self.check_answers()
        if self.centre_fails():
            self.ask_web()
        if any(knock.outcome == "answers" for knock in self.knocks.values()):
            self.ask_nobody()

    def proved(self) -> bool:
        """The centre itself spoke, over TLS that we verified: everything up to there is as it should be."""
        secure = self.settings.centre is not None and self.settings.centre.secure
        verified = self.heard is not None and CENTRE[self.heard.outcome].problem in _SPOKEN_BY_THE_CENTRE
        payment = [knock for key, knock in self.knocks.items() if key.startswith("payment")]
        return secure and verified and (not payment or any(knock.outcome == "answers" for knock in payment))

    # -- targets ------------------------------------------------------------------------------------------------------

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

    def has_targets(self) -> bool:
        return bool(self.targets())

    def flowing(self) -> bool:
        return self.around.flowed_bytes >= FLOWING_BYTES

    def hosts(self) -> list[str]:
        """Names to be looked up."""
        return list(dict.fromkeys(host for host, _ in self.targets().values() if _literal(host) is None))

    def addresses(self, host: str) -> tuple[str, ...]:
        literal = _literal(host)
        if literal is not None:
            return (literal,)
        return self.found[host].addresses if host in self.found else ()

    # -- names --------------------------------------------------------------------------------------------------------

    def servers(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.around.configured[:2], *self.around.servers[:2])))

    def look_up(self, host: str) -> None:
        written = names.in_hosts_file(host)
        if written:
            self.found[host] = Found(host, "address", written, "/etc/hosts")
            self.note("reach.dns", f"look-up of {host}: {self.told(self.found[host])}", "kernel")
            return
        if any(found.outcome in ("silent", "not_sent") for found in self.found.values()):
            return  # nobody answers; asking for another name changes nothing
        found = names.look_up(host, self.servers(), self.around.way, self.soon(), self.clock, self.kinds())
        self.found[host] = found
        self.cost += found.cost_bytes
        self.note("reach.dns", f"look-up of {host}: {self.told(found)}")
        expected = self.settings.pinned.get(host, ())
        if found.addresses and expected and not set(found.addresses) & set(expected):
            self.hijacked = f"{host} should be {', '.join(expected)}"

    def kinds(self) -> tuple[int, ...]:
        """IPv6 first where there is nothing else."""
        return (names.AAAA, names.A) if self.around.way.versions() == (6,) else (names.A, names.AAAA)

    def told(self, found: Found) -> str:
        if found.outcome == "address":
            return f"{', '.join(found.addresses[:4])} (by {found.server})"
        words = _SHORT_NAMES[found.outcome]
        return words.format(server=found.server, servers=", ".join(self.servers()), detail=found.detail)

    def ask_nonsense(self) -> None:
        """A name that cannot exist (.invalid, RFC 6761): whoever gives an address for it gives it for everything."""
        if self.nonsense or not self.affords(NAME_COST // 2):
            return
        name = f"{os.urandom(5).hex()}.invalid"
        self.nonsense = names.look_up(name, self.servers(), self.around.way, self.soon(), self.clock, (names.A,))
        self.cost += self.nonsense.cost_bytes
        self.note("reach.dns", f"look-up of a name that cannot exist: {self.told(self.nonsense)}")

    def check_answers(self) -> None:
        wrong = set(self.nonsense.addresses) if self.nonsense else set()
        for host, found in self.found.items():
            if wrong & set(found.addresses):
                self.hijacked = f"{host} has the same address as a name that cannot exist"
            elif self.led_astray(host, found):
                self.hijacked = f"{host} should not be {', '.join(found.addresses[:2])}, where nobody answers"

    def led_astray(self, host: str, found: Found) -> bool:
        """To an address of somebody's own network, where nobody is, while another host has one in the internet.

        On a private APN all hosts are in its own network; they are there, and the centre's address is of its kind.
        """
        tried = [knock for knock in self.knocks.values() if knock.door.address in found.addresses]
        others = [address for other, one in self.found.items() if other != host for address in one.addresses]
        nobody = bool(tried) and not any(knock.outcome == "answers" for knock in tried)
        return nobody and all(map(_inside, found.addresses)) and bool(others) and not any(map(_inside, others))

    # -- doors --------------------------------------------------------------------------------------------------------

    def knock(self) -> None:
        doors = {key: self.doors(key, host, port) for key, (host, port) in self.targets().items()}
        doors |= self.server_doors()
        for number in range(2):
            now = [choice[number] for choice in doors.values() if len(choice) > number]
            open_ = {key for key, knock in self.knocks.items() if knock.outcome == "answers"}
            self.knock_at([door for door in now if door.key not in open_])

    def doors(self, key: str, host: str, port: int) -> list[Door]:
        return [Door(key, address, port, keep=key == "centre") for address in self.addresses(host)]

    def server_doors(self) -> dict[str, list[Door]]:
        """Name servers that are silent: is anybody there at all? They take TCP too (RFC 7766)."""
        asked = [*self.found.values(), *([self.nonsense] if self.nonsense else [])]
        if not any(found.outcome == "silent" for found in asked):
            return {}
        outside = [address for address in self.servers() if not _loopback(address)][:2]
        return {f"server {address}": [Door(f"server {address}", address, names.PORT)] for address in outside}

    def knock_at(self, doors: list[Door]) -> None:
        affordable = [door for number, door in enumerate(doors) if self.affords((number + 1) * CONNECT_COST)]
        for knock in knock_all(affordable, self.around.way, self.soon(), self.clock):
            self.knocks[knock.door.key] = knock
            self.cost += knock.cost_bytes
            about = "reach.centre" if knock.door.key == "centre" else "reach.internet"
            self.note(about, f"connection to {self.named(knock.door.key)}: {knock.words}")

    def named(self, key: str) -> str:
        words = {"centre": "the centre", "anchor": f"the anchor {self.settings.anchor}"}
        return words.get(key) or key.replace("payment", "payment host").replace("server", "name server")

    def ask_nobody(self) -> None:
        if not self.affords(TIMEOUT_COST) or self.around.way.versions() == (6,):
            return
        until = Deadline(min(self.deadline.at, self.clock.monotonic() + DOUBT_S))
        (knock,) = knock_all([Door("nobody", NOBODY, 443)], self.around.way, until, self.clock)
        self.cost += knock.cost_bytes
        self.answers_everything = knock.outcome == "answers"
        if self.answers_everything:
            self.note("reach.internet", f"even {NOBODY} answers, where nobody lives: something answers for everybody")

    def ask_routes(self) -> None:
        """Where do the routes and policy rules lead the payment, if not over the card? Costs the card nothing."""
        if not self.around.way.device:
            return
        if self.around.first is False and not any(self.addresses(host) for host in self.hosts()):
            self.look_up_by_routes()
        away = self.led_away()
        if away is None:
            return
        own, key, address, port = away
        if isinstance(own, OSError):
            why = f"no way to {address} ({own.strerror})"
            self.routes_say = Reach("internet", ok=False, detail=why, way="routes")
        else:
            (knock,) = knock_all([Door(key, address, port)], Way(), self.soon(), self.clock)
            text = f"over {self.around.elsewhere or own}, as the routes say: {knock.words}"
            self.routes_say = Reach("internet", knock.outcome == "answers", text, knock.ms, way="routes")
        self.note("reach.internet", f"{self.named(key)}: {self.routes_say.detail}")

    def led_away(self) -> tuple[str | OSError, str, str, int] | None:
        """The first payment host (without any, the first target) that the routes do not lead to over the card."""
        targets = self.targets()
        chosen = {key: place for key, place in targets.items() if key.startswith("payment")} or targets
        for key, (host, port) in chosen.items():
            addresses = self.addresses(host) or self.elsewhere.get(host, ())
            led = [(leaving_from(each), key, each, port) for each in addresses if not _loopback(each)]
            if led and not any(self.by_card(own, each) for own, _, each, _ in led):
                return led[0]
        return None

    def by_card(self, own: str | OSError, address: str) -> bool:
        """Is it the address that we would have over the card?"""
        over_card = leaving_from(address, self.around.way)
        return isinstance(own, str) and (own in self.around.way.addresses or own == over_card)

    def look_up_by_routes(self) -> None:
        """The card brought no address; the other way may, and that is not the card's data."""
        for host in self.hosts()[:1]:
            found = names.look_up(host, self.around.configured, Way(), self.soon(), self.clock, self.kinds())
            self.note("reach.dns", f"look-up of {host} as the routes say: {self.told(found)}")
            self.elsewhere[host] = found.addresses

    # -- the centre ---------------------------------------------------------------------------------------------------

    def ask_centre(self) -> None:
        knock, centre = self.knocks.get("centre"), self.settings.centre
        if knock is None or knock.kept is None or centre is None:
            return
        talk = Talk(knock.kept, self.soon(), self.clock, self.settings.budget_bytes - self.cost)
        self.heard = ask_centre(talk, centre)
        reset(knock.kept)
        self.cost += self.heard.cost_bytes
        if self.settings.credential_trouble and self.heard.outcome == "well":
            self.heard = replace(self.heard, outcome="credential_missing", detail=self.settings.credential_trouble)
        self.note("reach.centre", f"the centre {self.centre_words(self.heard)}")

    def explain(self) -> None:
        """What a certificate that was not accepted says of itself, if it can be afforded."""
        heard, centre = self.heard, self.settings.centre
        if heard is None or centre is None or not heard.outcome.startswith("certificate_"):
            return
        if not self.affords(heard.cost_bytes + CONNECT_COST):
            return
        address, room = self.knocks["centre"].door.address, self.settings.budget_bytes - self.cost
        dates = heard.outcome in ("certificate_expired", "certificate_early") and self.around.network_time is None
        seen = explain(centre, address, self.around.way, self.soon(), self.clock, room=room, time=dates)
        self.cost += seen.cost_bytes
        if seen.facts is not None:
            self.heard = self.explained(heard, seen, seen.facts)
            self.note("reach.centre", f"the centre {self.centre_words(self.heard)}")

    def explained(self, heard: Heard, seen: Explained, facts: Facts) -> Heard:
        """The same with what the certificate says; our clock is tried against other people's."""
        others = next((time for time in (self.around.network_time, seen.server_time) if time is not None), None)
        outcome: Outcome = heard.outcome
        dates = outcome in ("certificate_expired", "certificate_early")
        if dates and others is not None and facts.valid_at(others):
            outcome = "certificate_clock"
        of = f"issued by {facts.issuer!r} for {facts.subject!r}, {_day(facts.not_before)} to {_day(facts.not_after)}"
        return replace(heard, outcome=outcome, detail=f"{heard.detail}; {of}")

    def centre_words(self, heard: Heard) -> str:
        return CENTRE[heard.outcome].words.format(detail=printable(heard.detail))

    def centre_fails(self) -> bool:
        if self.settings.centre is None:
            return bool(self.settings.sentinel_url)
        if self.heard is None:
            return True
        return CENTRE[self.heard.outcome].problem not in _SPOKEN_BY_THE_CENTRE

    def ask_web(self) -> None:
        """A walled garden lives on plain HTTP: what does our own page look like from here?"""
        place = self.web_place()
        addresses = self.addresses(place[0]) if place else ()
        if place is None or not addresses or not self.affords(WEB_COST):
            return
        host, port, path = place
        (knock,) = knock_all([Door("web", addresses[0], port, keep=True)], self.around.way, self.soon(), self.clock)
        self.cost += knock.cost_bytes
        if knock.kept is None:
            self.note("reach.internet", f"plain HTTP to {host}: {knock.words}")
            return
        talk = Talk(knock.kept, self.soon(), self.clock, self.settings.budget_bytes - self.cost)
        self.web = ask_web(talk, host, path)
        reset(knock.kept)
        self.cost += talk.cost_bytes
        self.note("reach.internet", WEB[self.web[0]].words.format(detail=self.web[1]))

    def web_place(self) -> tuple[str, int, str] | None:
        if self.settings.sentinel_url:
            try:
                parts = urlsplit(self.settings.sentinel_url)
                return (parts.hostname, parts.port or 80, parts.path or "/") if parts.hostname else None
            except ValueError:
                return None
        centre = self.settings.centre
        return (centre.host, 80, f"{centre.path}/healthz") if centre else None

    # -- what is to be said -------------------------------------------------------------------------------------------

    def part(self) -> NetPart:
        reach = (self.dns(), self.gateway(), self.internet(), self.centre(), self.routes_say)
        time = self.heard.server_time if self.heard and self.settings.centre and self.settings.centre.secure else None
        return NetPart(tuple(one for one in reach if one), self.cost, tuple(self.evidence), time)

    def dns(self) -> Reach | None:
        asked = [*self.found.values(), *([self.nonsense] if self.nonsense and not self.found else [])]
        if not asked:
            return None
        if self.hijacked:
            return Reach("dns", ok=False, detail=self.hijacked, problem="hijacked", way="card")
        best = next((found for found in asked if found.addresses), asked[0])
        answered = bool(best.addresses) or (best is self.nonsense and best.outcome == "no_such_name")
        if not answered:
            return Reach("dns", self.judged(ok=False), self.told(best), way="card")
        if best.server in self.around.servers and self.around.configured and best.server not in self.around.configured:
            silent = ", ".join(self.around.configured[:2])
            return Reach(
                "dns", ok=False, detail=f"{silent}: no answer; the card's own {best.server} answers", way="card"
            )
        return Reach("dns", ok=True, detail=self.told(best), ms=best.ms, way="card")

    def gateway(self) -> Reach | None:
        """What the kernel learnt from our own packets: has the gateway said where it is?"""
        flags = arp_flags(text_of(self.roots.proc / "net/arp"), self.around.gateway or "", self.around.way.device)
        if flags is None:
            return None
        ok = bool(flags & _ARP_COMPLETE)
        words = "is there" if ok else "does not answer ARP"
        self.note("reach.gateway", f"gateway {self.around.gateway} {words}", "kernel")
        return Reach("gateway", ok, f"{self.around.gateway} {words}", way="card")

    def internet(self) -> Reach | None:
        portal = self.portal()
        if portal is not None:
            return portal
        if self.flowing():
            text = f"traffic flows: {self.around.flowed_bytes} bytes came in while we looked"
            self.note("reach.internet", text, "kernel")
            return Reach("internet", ok=True, detail=text, way="card")
        payment = [knock for key, knock in self.knocks.items() if key.startswith("payment")]
        if not payment and (unknown := self.payment_unknown()):
            return Reach("internet", self.judged(ok=False), unknown, problem="payment", way="card")
        wanted = payment or [knock for key, knock in self.knocks.items() if key == "anchor"]
        best = next((knock for knock in wanted if knock.outcome == "answers"), None)
        if best is not None:
            ok = None if self.hijacked else True
            return Reach("internet", ok, f"{self.named(best.door.key)} answers", best.ms, way="card")
        if wanted:
            detail = "; ".join(f"{self.named(knock.door.key)}: {knock.words}" for knock in wanted)
            return Reach("internet", self.judged(ok=False), detail, problem="payment" if payment else None, way="card")
        return self.nothing_answers()

    def payment_unknown(self) -> str | None:
        """No payment host has an address, while another name has: not all names fail, theirs do."""
        hosts = [host for key, (host, _) in self.targets().items() if key.startswith("payment")]
        others = any(found.addresses for host, found in self.found.items() if host not in hosts)
        named = [self.found[host] for host in hosts if host in self.found and not self.found[host].addresses]
        if not others or not named or len(named) < len(set(hosts)):
            return None
        return "; ".join(f"{found.name}: {self.told(found)}" for found in named)

    def portal(self) -> Reach | None:
        meaning: Meaning | None = WEB[self.web[0]] if self.web else None
        problem = meaning.problem if meaning else None
        genuine = any(k.startswith("payment") and v.outcome == "answers" for k, v in self.knocks.items())
        if genuine and not self.answers_everything and not self.hijacked:
            return None
        if meaning and problem and self.web:
            return Reach(
                "internet", ok=False, detail=meaning.words.format(detail=self.web[1]), problem=problem, way="card"
            )
        if self.answers_everything:
            text = "something answers in everybody's place"
            return Reach("internet", ok=False, detail=text, problem="portal", way="card")
        return None

    def nothing_answers(self) -> Reach | None:
        """No name, so no door. But name servers are addresses: when UDP and TCP bring nothing, nothing gets through."""
        servers = [knock for key, knock in self.knocks.items() if key.startswith("server")]
        if not servers or any(knock.outcome in ("answers", "refused") for knock in servers):
            return None
        text = "the name servers answer neither UDP nor TCP"
        return Reach("internet", self.judged(ok=False), text, way="card")

    def centre(self) -> Reach | None:
        if self.settings.centre is None:
            return None
        if self.heard is not None and self.heard.outcome:
            meaning = CENTRE[self.heard.outcome]
            knock = self.knocks["centre"]
            return Reach(
                "centre", meaning.problem is None, self.centre_words(self.heard), knock.ms, meaning.problem, "card"
            )
        if "centre" in self.knocks:
            knock = self.knocks["centre"]
            ok = True if knock.outcome == "answers" else self.judged(ok=False)
            return Reach("centre", ok, knock.words, knock.ms, way="card")
        named = self.found.get(self.settings.centre.host)
        known = named is not None and named.outcome in ("no_such_name", "no_address")
        others = any(found.addresses for found in self.found.values())
        ok = False if known and others else None
        return Reach("centre", ok, self.told(named) if named else "not tried: no name could be looked up", way="card")

    def judged(self, *, ok: bool) -> bool | None:
        """A failure counts only where packets had a way: without a route of its own the card was not tried."""
        return None if self.around.way.device and self.around.routed is False else ok

    # -- helpers ------------------------------------------------------------------------------------------------------

    def note_way(self) -> None:
        way = self.around.way
        if not way.device:
            self.note("data.interface", "probes go as the routes say: which interface is the card's is not known")
            return
        target = next((a for host, _ in self.targets().values() for a in self.addresses(host)), None)
        if target and isinstance(error := leaving_from(target), OSError):
            self.note("data.interface", f"way to {target}: {error.strerror}", "kernel")
        self.note("data.interface", f"probes are bound to {way.device}")

    def soon(self) -> Deadline:
        return Deadline(min(self.deadline.at, self.clock.monotonic() + self.settings.timeout_s))

    def affords(self, cost: int) -> bool:
        return not self.deadline.passed(self.clock) and self.cost + cost <= self.settings.budget_bytes

    def note(self, about: str, text: str, source: Literal["probe", "kernel"] = "probe") -> None:
        self.evidence.append(Evidence(about, source, printable(text)[:300], self.clock.wall()))


def arp_flags(table: str, gateway: str, device: str) -> int | None:
    """Flags of the gateway's line in /proc/net/arp; None without one."""
    for fields in (line.split() for line in table.splitlines()[1:500]):
        if len(fields) >= 6 and fields[0] == gateway and fields[5] == device:
            try:
                return int(fields[2], 16)
            except ValueError:
                return None
    return None


def pins(texts: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Of "name=address": name → its addresses."""
    found: dict[str, tuple[str, ...]] = {}
    for text in texts:
        name, _, address = text.partition("=")
        found[name.lower()] = (*found.get(name.lower(), ()), address)
    return found


def _literal(host: str) -> str | None:
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return None


def _inside(address: str) -> bool:
    """Not an address of the internet (RFC 1918, loopback, link-local). Documentation addresses are taken for such."""
    literal = _literal(address.partition("%")[0])
    parsed = ipaddress.ip_address(literal) if literal is not None else None
    return parsed is not None and any(
        parsed in network for network in _OWN_NETWORKS if network.version == parsed.version
    )


def _loopback(address: str) -> bool:
    literal = _literal(address.partition("%")[0])
    return literal is not None and ipaddress.ip_address(literal).is_loopback


def _day(wall: float) -> str:
    try:
        return datetime.fromtimestamp(wall, UTC).strftime("%Y-%m-%d")
    except (OverflowError, ValueError, OSError):
        return "?"
