"""Doors: is anybody there at all? Payment hosts, the centre, the anchor; name servers that say nothing; and nobody."""

from agent.clock import Deadline
from agent.sample.net import names
from agent.sample.net.addresses import here
from agent.sample.net.knock import CONNECT_COST, TIMEOUT_COST, Door, knock_all
from agent.sample.net.scene import Scene

NOBODY = "192.0.2.1"
"""TEST-NET-1 (RFC 5737): nobody lives there. Who is answered from there is behind something that answers everything."""
OURS = 1500
"""Of what may be spent on the centre: doors, our hello, our question, headers. The rest its certificate may take."""
DOUBT_S = 1.5
"""Patience with an answer that should not come."""


def knock_everywhere(scene: Scene) -> None:
    """At the first address of everybody, then at the second of those who did not answer."""
    choices = {key: _doors(scene, key, host, port) for key, (host, port) in scene.targets().items()}
    choices |= _server_doors(scene)
    for number in range(2):
        now = [choice[number] for choice in choices.values() if len(choice) > number]
        answered = {key for key, knock in scene.knocks.items() if knock.outcome == "answers"}
        _knock_at(scene, [door for door in now if door.key not in answered])


def ask_nobody(scene: Scene) -> None:
    if scene.around.way.versions() == (6,) or not scene.affords(TIMEOUT_COST):
        return
    until = Deadline(min(scene.deadline.at, scene.clock.monotonic() + DOUBT_S))
    (knock,) = knock_all([Door("nobody", NOBODY, 443)], scene.around.way, until, scene.clock)
    scene.cost += knock.cost_bytes
    scene.answers_everything = knock.outcome == "answers"
    if scene.answers_everything:
        scene.note("reach.internet", f"even {NOBODY} answers, where nobody lives: something answers for everybody")


def _doors(scene: Scene, key: str, host: str, port: int) -> list[Door]:
    keep = key == "centre"
    room = max(1, scene.room - OURS) if keep else 0
    return [Door(key, address, port, keep, room) for address in scene.addresses(host)]


def _server_doors(scene: Scene) -> dict[str, list[Door]]:
    """Name servers that are silent: is anybody there at all? They take TCP too (RFC 7766)."""
    asked = [*scene.found.values(), *([scene.nonsense] if scene.nonsense else [])]
    if not any(found.outcome == "silent" for found in asked):
        return {}
    outside = [address for address in scene.servers() if not here(address)][:2]
    return {f"server {address}": [Door(f"server {address}", address, names.PORT)] for address in outside}


def _knock_at(scene: Scene, doors: list[Door]) -> None:
    affordable = [door for number, door in enumerate(doors) if scene.affords((number + 1) * CONNECT_COST)]
    for knock in knock_all(affordable, scene.around.way, scene.soon(), scene.clock):
        scene.knocks[knock.door.key] = knock
        scene.cost += knock.cost_bytes
        about = "reach.centre" if knock.door.key == "centre" else "reach.internet"
        scene.note(about, f"connection to {scene.named(knock.door.key)}: {knock.words}")
