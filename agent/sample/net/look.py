"""One look at the network behind the card: names, doors, the centre; then, where something fails, why.

Rules:
- Everything goes through the card's interface (agent/sample/net/way.py), and we say so where that cannot be had.
- Cheap questions first; what is known is not asked again. Nothing costs more than the budget, all of it is summed up.
- Payment hosts are knocked at, never spoken to. Nothing is followed, opened or shown as a link.
- A healthy terminal is asked four short questions. What explains a fault is asked only when there is one.
- What there was no time or money left to ask is not known. Silence counts only after a whole question's patience.
"""

from agent.clock import Clock, Deadline
from agent.sample.kernel import REAL, Roots
from agent.sample.net.answers import part_of
from agent.sample.net.doors import ask_nobody, knock_everywhere
from agent.sample.net.lookups import ask_nonsense, check_answers, look_up
from agent.sample.net.part import NetPart
from agent.sample.net.routes import ask_routes
from agent.sample.net.scene import Around, NetSettings, Scene
from agent.sample.net.speaking import ask_web, explain_certificate, speak_to_centre
from agent.sample.net.way import leaving_from


def look_at_network(
    settings: NetSettings, around: Around, deadline: Deadline, clock: Clock, roots: Roots = REAL
) -> NetPart:
    """Never raises for anything the network does; over when the deadline is."""
    scene = Scene(settings, around, deadline, clock, roots)
    _note_way(scene)
    for host in scene.hosts():
        look_up(scene, host)
    if scene.around.way.device and not (scene.found or scene.targets() or scene.flowing()):
        ask_nonsense(scene)  # any answer shows that data comes through
    knock_everywhere(scene)
    speak_to_centre(scene)
    if not scene.proved():
        _doubt(scene)
    explain_certificate(scene)
    ask_routes(scene)
    return part_of(scene)


def _doubt(scene: Scene) -> None:
    """Something fails, or nothing has proved who answers: is it really they?"""
    if any(found.addresses for found in scene.found.values()):
        ask_nonsense(scene)
    check_answers(scene)
    if scene.centre_fails():
        ask_web(scene)
    if any(knock.outcome == "answers" for knock in scene.knocks.values()):
        ask_nobody(scene)


def _note_way(scene: Scene) -> None:
    way = scene.around.way
    if not way.device:
        scene.note("data.interface", "probes go as the routes say: which interface is the card's is not known")
        return
    target = next((a for host, _ in scene.targets().values() for a in scene.addresses(host)), None)
    if target and isinstance(error := leaving_from(target), OSError):
        scene.note("data.interface", f"way to {target}: {error.strerror}", "kernel")
    scene.note("data.interface", f"probes are bound to {way.device}")
