"""`posagent plan verify` and `plan accept` where no daemon runs: one look of our own at card, plan and data.

The proof is kept in the daemon's own store: called again it goes on, and so does a daemon that starts meanwhile. What a
carrier answers by SMS is read from the card with the next call. A payment that holds the line comes first: nothing is
asked of the modem then.
"""

from collections.abc import Mapping
from typing import Any

from agent.cli.context import EXIT_PORT, CliError, Context
from agent.cli.own_line import own_line
from agent.clock import Clock, Deadline, SystemClock
from agent.errands import modem_talk, seen_of
from agent.examine import WHOLE_S, examine
from agent.plan.apart import read
from agent.plan.ask_run import Put, put
from agent.plan.asking import Query
from agent.plan.desk import Desk
from agent.plan.renewal import Seen
from agent.plan.renewal_words import TRUSTED
from agent.plan.talk import cycle_radio
from agent.plan.told import told_proof
from agent.plan_orders import Order, carry_out
from agent.recover.hold import Speaker
from agent.sample.base import Snapshot
from agent.settings import Config
from modem.client import Modem
from modem.errors import ModemError
from modem.port import SerialPort

START_S = 8.0


def looked_at(request: dict[str, Any], desk: Desk, config: Config, context: Context) -> Mapping[str, Any]:
    """Raises Refused, CliError, PlanStoreError."""
    with own_line(config, "plan") as line:
        return _looked_at(request, desk, config, context, line)


def _looked_at(
    request: dict[str, Any], desk: Desk, config: Config, context: Context, line: Speaker
) -> Mapping[str, Any]:
    clock, verify = SystemClock(), request["op"] == "plan_verify"
    deadline = Deadline.after(WHOLE_S, clock)
    snapshot = examine(config.examine_settings(), clock, deadline, network=verify, progress=context.out.note, gate=line)
    if snapshot.port.problem or snapshot.port.answers is False:
        raise CliError(f"{snapshot.port.device}: {snapshot.port.problem or 'the modem does not answer'}", EXIT_PORT)
    apn = next((one.apn for one in snapshot.data.contexts if one.apn), None)
    desk.see(snapshot.sim, snapshot.modem.imei, apn, clock.wall())
    if not verify:
        return carry_out(request, Order(desk, snapshot, clock.wall()))
    desk.hear([fact for fact in snapshot.plan.facts if fact.source in TRUSTED], clock.monotonic())
    carry_out(request, Order(desk, snapshot, clock.wall()))
    step = desk.prove(seen_of(snapshot, clock.wall(), held=False), at_once=True)
    if step is not None and step[1] in ("ask", "cycle_radio"):
        _act(step[1], desk, snapshot, config, line)
    return told_proof(desk.last_proof(), clock.wall()) or {}


def _act(action: str, desk: Desk, snapshot: Snapshot, config: Config, line: Speaker) -> None:
    """What the proof wants of the modem; a modem that will not, or a payment, leaves it pending."""
    clock = SystemClock()
    wanted = desk.next_query(clock.wall(), snapshot.clock).query if action == "ask" else None
    if action == "ask" and (wanted is None or snapshot.sim.state != "ready" or desk.waiting() is not None):
        return
    modem = Modem(SerialPort(snapshot.port.device or config.modem.port, config.modem.baud), gate=line)
    try:
        modem.start(START_S)
        if wanted is None:
            with line.whole():  # a payment that comes between the two would find the radio off, and leave it so
                cycle_radio(modem)
        else:
            _ask(wanted, desk, modem, snapshot, clock)
    except ModemError:
        pass
    finally:
        modem.close()


def _ask(query: Query, desk: Desk, modem: Modem, snapshot: Snapshot, clock: Clock) -> None:
    wall = clock.wall()
    card = desk.asking(query, wall)
    try:
        done = put(query, card, modem_talk(modem, lambda _events: None), read, wall)
    except ModemError:
        done = Put("no_answer")
    if desk.asked(query.key, card, done, clock.monotonic()):
        seen: Seen = seen_of(snapshot, clock.wall(), held=False)
        desk.prove(seen, at_once=True)
