"""What the questions amounted to: a line each for names, gateway, internet, centre and routes. Asks nobody."""

from typing import Literal

from agent.sample.base import Reach
from agent.sample.kernel import text_of
from agent.sample.net.centre import Heard
from agent.sample.net.lookups import told
from agent.sample.net.meanings import CENTRE, WEB, Meaning
from agent.sample.net.part import NetPart
from agent.sample.net.scene import Scene
from modem.text import printable

_ARP_COMPLETE = 0x2
NO_TIME = "not tried: no time was left for it"
Target = Literal["dns", "internet", "centre"]


def part_of(scene: Scene) -> NetPart:
    reach = (_dns(scene), _gateway(scene), _internet(scene), _centre(scene), scene.routes_say)
    time = scene.heard.server_time if scene.heard and scene.settings.centre and scene.settings.centre.secure else None
    return NetPart(tuple(one for one in reach if one), scene.cost, tuple(scene.evidence), time)


def _dns(scene: Scene) -> Reach | None:
    asked = [*scene.found.values(), *([scene.nonsense] if scene.nonsense and not scene.found else [])]
    if not asked:
        return _untimely("dns") if scene.out_of_time and scene.hosts() else None
    if scene.hijacked:
        return Reach("dns", ok=False, detail=scene.hijacked, problem="hijacked", way="card")
    best = next((found for found in asked if found.addresses), asked[0])
    answered = bool(best.addresses) or (best is scene.nonsense and best.outcome == "no_such_name")
    if not answered:
        return Reach("dns", scene.judged(ok=False), told(scene, best), way="card")
    if best.server in scene.around.servers and scene.around.configured and best.server not in scene.around.configured:
        silent = ", ".join(scene.around.configured[:2])
        return Reach("dns", ok=False, detail=f"{silent}: no answer; the card's own {best.server} answers", way="card")
    return Reach("dns", ok=True, detail=told(scene, best), ms=best.ms, way="card")


def _gateway(scene: Scene) -> Reach | None:
    """What the kernel learnt from our own packets: has the gateway said where it is?"""
    flags = arp_flags(text_of(scene.roots.proc / "net/arp"), scene.around.gateway or "", scene.around.way.device)
    if flags is None:
        return None
    ok = bool(flags & _ARP_COMPLETE)
    words = "is there" if ok else "does not answer ARP"
    scene.note("reach.gateway", f"gateway {scene.around.gateway} {words}", "kernel")
    return Reach("gateway", ok, f"{scene.around.gateway} {words}", way="card")


def _internet(scene: Scene) -> Reach | None:
    portal = _portal(scene)
    if portal is not None:
        return portal
    if scene.flowing():
        text = f"traffic flows: {scene.around.flowed_bytes} bytes came in while we looked"
        scene.note("reach.internet", text, "kernel")
        return Reach("internet", ok=True, detail=text, way="card")
    payment = [knock for key, knock in scene.knocks.items() if key.startswith("payment")]
    if not payment and (unknown := _payment_unknown(scene)):
        return Reach("internet", scene.judged(ok=False), unknown, problem="payment", way="card")
    wanted = payment or [knock for key, knock in scene.knocks.items() if key == "anchor"]
    best = next((knock for knock in wanted if knock.outcome == "answers"), None)
    if best is not None:
        ok = None if scene.hijacked else True
        return Reach("internet", ok, f"{scene.named(best.door.key)} answers", best.ms, way="card")
    if wanted:
        detail = "; ".join(f"{scene.named(knock.door.key)}: {knock.words}" for knock in wanted)
        return Reach("internet", scene.judged(ok=False), detail, problem="payment" if payment else None, way="card")
    return _nothing_answers(scene)


def _payment_unknown(scene: Scene) -> str | None:
    """No payment host has an address, while another name has: not all names fail, theirs do."""
    hosts = [host for key, (host, _) in scene.targets().items() if key.startswith("payment")]
    others = any(found.addresses for host, found in scene.found.items() if host not in hosts)
    named = [scene.found[host] for host in hosts if host in scene.found and not scene.found[host].addresses]
    if not others or not named or len(named) < len(set(hosts)):
        return None
    return "; ".join(f"{found.name}: {told(scene, found)}" for found in named)


def _portal(scene: Scene) -> Reach | None:
    meaning: Meaning | None = WEB[scene.web[0]] if scene.web else None
    problem = meaning.problem if meaning else None
    genuine = any(k.startswith("payment") and v.outcome == "answers" for k, v in scene.knocks.items())
    if genuine and not scene.answers_everything and not scene.hijacked:
        return None
    if meaning and problem and scene.web:
        return Reach(
            "internet", ok=False, detail=meaning.words.format(detail=scene.web[1]), problem=problem, way="card"
        )
    if scene.answers_everything:
        text = "something answers in everybody's place"
        return Reach("internet", ok=False, detail=text, problem="portal", way="card")
    return None


def _nothing_answers(scene: Scene) -> Reach | None:
    """No name, so no door. But name servers are addresses: when UDP and TCP bring nothing, nothing gets through."""
    servers = [knock for key, knock in scene.knocks.items() if key.startswith("server")]
    if not servers or any(knock.outcome in ("answers", "refused") for knock in servers):
        return _untimely("internet") if scene.out_of_time and scene.targets().keys() - {"centre"} else None
    text = "the name servers answer neither UDP nor TCP"
    return Reach("internet", scene.judged(ok=False), text, way="card")


def _centre(scene: Scene) -> Reach | None:
    if scene.settings.centre is None:
        return None
    if scene.heard is not None:
        problem = CENTRE[scene.heard.outcome].problem
        ok = None if scene.heard.outcome == "not_finished" else problem is None
        return Reach("centre", ok, centre_words(scene.heard), scene.knocks["centre"].ms, problem, "card")
    if "centre" in scene.knocks:
        knock = scene.knocks["centre"]
        ok = True if knock.outcome == "answers" else scene.judged(ok=False)
        return Reach("centre", ok, knock.words, knock.ms, way="card")
    if scene.out_of_time and scene.settings.centre.host not in scene.found:
        return _untimely("centre")
    named = scene.found.get(scene.settings.centre.host)
    known = named is not None and named.outcome in ("no_such_name", "no_address")
    others = any(found.addresses for found in scene.found.values())
    ok = False if known and others else None
    return Reach("centre", ok, told(scene, named) if named else "not tried: no name could be looked up", way="card")


def _untimely(target: Target) -> Reach:
    return Reach(target, ok=None, detail=NO_TIME, way="card")


def centre_words(heard: Heard) -> str:
    return CENTRE[heard.outcome].words.format(detail=printable(heard.detail))


def arp_flags(table: str, gateway: str, device: str) -> int | None:
    """Flags of the gateway's line in /proc/net/arp; None without one."""
    for fields in (line.split() for line in table.splitlines()[1:500]):
        if len(fields) >= 6 and fields[0] == gateway and fields[5] == device:
            try:
                return int(fields[2], 16)
            except ValueError:
                return None
    return None
