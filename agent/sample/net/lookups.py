"""Names: who answers for them, with what, and whether that can be true."""

import os
from collections.abc import Mapping

from agent.sample.net import names
from agent.sample.net.addresses import inside
from agent.sample.net.names import Found
from agent.sample.net.scene import Scene

NAME_COST = 178
"""IP bytes of a question and its answer."""
SHORT_NAMES: Mapping[names.Outcome, str] = {
    "silent": "no answer from {servers}",
    "no_such_name": "{server} says that there is no such name",
    "no_address": "{server} knows the name, but no address",
    "server_failed": "{server} failed",
    "server_refused": "{server} refused",
    "not_sent": "the question could not be sent: {detail}",
}


def look_up(scene: Scene, host: str) -> None:
    written = names.in_hosts_file(host)
    if written:
        scene.found[host] = Found(host, "address", written, "/etc/hosts")
        scene.note("reach.dns", f"look-up of {host}: {told(scene, scene.found[host])}", "kernel")
        return
    if any(found.outcome in ("silent", "not_sent") for found in scene.found.values()):
        return  # nobody answers; asking for another name changes nothing
    if not scene.in_time():
        return
    found = names.look_up(host, scene.servers(), scene.around.way, scene.soon(), scene.clock, kinds(scene))
    scene.found[host] = found
    scene.cost += found.cost_bytes
    scene.note("reach.dns", f"look-up of {host}: {told(scene, found)}")
    expected = scene.settings.pinned.get(host, ())
    if found.addresses and expected and not set(found.addresses) & set(expected):
        scene.hijacked = f"{host} should be {', '.join(expected)}"


def kinds(scene: Scene) -> tuple[int, ...]:
    """IPv6 first where there is nothing else."""
    return (names.AAAA, names.A) if scene.around.way.versions() == (6,) else (names.A, names.AAAA)


def told(scene: Scene, found: Found) -> str:
    if found.outcome == "address":
        return f"{', '.join(found.addresses[:4])} (by {found.server})"
    words = SHORT_NAMES[found.outcome]
    return words.format(server=found.server, servers=", ".join(scene.servers()), detail=found.detail)


def ask_nonsense(scene: Scene) -> None:
    """A name that cannot exist (.invalid, RFC 6761): whoever gives an address for it gives it for everything."""
    if scene.nonsense or not scene.affords(NAME_COST):
        return
    name = f"{os.urandom(5).hex()}.invalid"
    scene.nonsense = names.look_up(name, scene.servers(), scene.around.way, scene.soon(), scene.clock, (names.A,))
    scene.cost += scene.nonsense.cost_bytes
    scene.note("reach.dns", f"look-up of a name that cannot exist: {told(scene, scene.nonsense)}")


def check_answers(scene: Scene) -> None:
    wrong = set(scene.nonsense.addresses) if scene.nonsense else set()
    for host, found in scene.found.items():
        if wrong & set(found.addresses):
            scene.hijacked = f"{host} has the same address as a name that cannot exist"
        elif led_astray(scene, host, found):
            scene.hijacked = f"{host} should not be {', '.join(found.addresses[:2])}, where nobody answers"


def led_astray(scene: Scene, host: str, found: Found) -> bool:
    """To an address of somebody's own network, where nobody is, while another host has one in the internet.

    On a private APN all hosts are in its own network; they are there, and the centre's address is of its kind.
    """
    tried = [knock for knock in scene.knocks.values() if knock.door.address in found.addresses]
    others = [address for other, one in scene.found.items() if other != host for address in one.addresses]
    nobody = bool(tried) and not any(knock.outcome == "answers" for knock in tried)
    return nobody and all(map(inside, found.addresses)) and bool(others) and not any(map(inside, others))
