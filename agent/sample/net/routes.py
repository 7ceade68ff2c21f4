"""Where do the routes and policy rules of this machine lead the payment, if not over the card?"""

from agent.sample.base import Reach
from agent.sample.net import names
from agent.sample.net.addresses import here
from agent.sample.net.knock import Door, knock_all
from agent.sample.net.lookups import kinds, told
from agent.sample.net.scene import Scene
from agent.sample.net.way import Way, leaving_from
from agent.sample.rules import rules_for_others

MAX_RULES = 4


def ask_routes(scene: Scene) -> None:
    """Costs the card nothing."""
    if not scene.around.way.device:
        return
    for rule in rules_for_others()[:MAX_RULES]:
        scene.note("data.interface", f"policy rule for other programs: {rule.words}", "kernel")
    if scene.around.first is False and not any(scene.addresses(host) for host in scene.hosts()):
        _look_up_by_routes(scene)
    away = _led_away(scene)
    if away is None:
        return
    own, key, address, port = away
    if isinstance(own, OSError):
        why = f"no way to {address} ({own.strerror})"
        scene.routes_say = Reach("internet", ok=False, detail=why, way="routes")
    else:
        (knock,) = knock_all([Door(key, address, port)], Way(), scene.soon(), scene.clock)
        text = f"over {scene.around.elsewhere or own}, as the routes say: {knock.words}"
        scene.routes_say = Reach("internet", knock.outcome == "answers", text, knock.ms, way="routes")
    scene.note("reach.internet", f"{scene.named(key)}: {scene.routes_say.detail}")


def _led_away(scene: Scene) -> tuple[str | OSError, str, str, int] | None:
    """The first payment host (without any, the first target) that the routes do not lead to over the card."""
    targets = scene.targets()
    chosen = {key: place for key, place in targets.items() if key.startswith("payment")} or targets
    for key, (host, port) in chosen.items():
        addresses = scene.addresses(host) or scene.elsewhere.get(host, ())
        tried = [each for each in addresses if not here(each) and scene.around.way.speaks(each)]
        led = [(leaving_from(each), key, each, port) for each in tried]
        if led and not any(_by_card(scene, own, each) for own, _, each, _ in led):
            return led[0]
    return None


def _by_card(scene: Scene, own: str | OSError, address: str) -> bool:
    """Is it the address that we would have over the card?"""
    over_card = leaving_from(address, scene.around.way)
    return isinstance(own, str) and (own in scene.around.way.addresses or own == over_card)


def _look_up_by_routes(scene: Scene) -> None:
    """The card brought no address; the other way may, and that is not the card's data."""
    for host in scene.hosts()[:1]:
        found = names.look_up(host, scene.around.configured, Way(), scene.soon(), scene.clock, kinds(scene))
        scene.note("reach.dns", f"look-up of {host} as the routes say: {told(scene, found)}")
        scene.elsewhere[host] = found.addresses
