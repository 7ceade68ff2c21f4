"""The network side of a diagnosis that the daemon is asked for: probes in a thread of their own, then the answer.

The main thread never waits for a network. One probing at a time; whoever asks meanwhile gets what is known without.
What probes cost is counted like every other byte of ours.
"""

import threading
from collections.abc import Callable
from dataclasses import replace

from agent.assess.answer import Limits
from agent.beside import beside
from agent.clock import Clock, Deadline
from agent.examine_network import look_behind_card
from agent.recover.hold import Speaker, speaker
from agent.sample.assemble import addresses_of
from agent.sample.base import Snapshot
from agent.sample.link import read_link
from agent.sample.modem import ModemPart
from agent.sample.net.part import NetPart
from agent.sample.system import against_centre
from agent.settings import Config
from agent.uplink.meter import Meter, Traffic
from modem.frozen import dataclass

ANSWER_S = 13.0
"""After a request the answer must be out: who asked waits 14 s (agent/cli/diag.py)."""


@dataclass(frozen=True, slots=True)
class Probed:
    snapshot: Snapshot
    limits: Limits
    cost_bytes: int


class Probing:
    def __init__(self, config: Config, meter: Meter, clock: Clock, line: Speaker | None = None) -> None:
        self._config, self._meter, self._clock = config, meter, clock
        self._line = line or speaker(clock, "probing")
        self._busy = threading.Lock()

    def begin(
        self, snapshot: Snapshot, limits: Limits, part: ModemPart, asked_at: float, done: Callable[[Probed], None]
    ) -> bool:
        """`done` hears it, on another thread; False: not now, for a payment or because a probing is under way."""
        if not self._busy.acquire(blocking=False):
            return False
        if not self._line.begin():
            self._line.progress()  # it is not made up for
            self._busy.release()
            return False

        def work() -> None:
            try:
                net = self._look(snapshot, part, Deadline(asked_at + ANSWER_S))
            finally:
                self._over()
            done(Probed(with_network(snapshot, net, self._clock.wall()), limits, net.cost_bytes))

        begun = beside(work, "probing")
        if not begun:
            self._over()
        return begun

    def _over(self) -> None:
        self._line.end()
        self._busy.release()

    def _look(self, snapshot: Snapshot, part: ModemPart, deadline: Deadline) -> NetPart:
        link = read_link(self._config.modem.interface, snapshot.port.device, addresses_of(part))
        servers = tuple(server for context in snapshot.data.contexts if context.active for server in context.dns)
        settings = self._config.probe_settings()
        net = look_behind_card(settings, link, servers, part.network_time, 0, self._clock, deadline)
        self._meter.count("probe", Traffic(net.cost_bytes // 2, net.cost_bytes - net.cost_bytes // 2))
        return net


def with_network(snapshot: Snapshot, net: NetPart, wall: float) -> Snapshot:
    """The snapshot with what the probes saw; of the same target it is newer than what sending showed."""
    fresh = {reach.target for reach in net.reach}
    kept = tuple(reach for reach in snapshot.reach if reach.target not in fresh)
    old = {f"reach.{target}" for target in fresh}
    evidence = tuple(item for item in snapshot.evidence if item.about not in old)
    return replace(
        snapshot,
        reach=(*kept, *net.reach),
        clock=against_centre(snapshot.clock, wall, net.server_time),
        evidence=(*evidence, *net.evidence),
    )
