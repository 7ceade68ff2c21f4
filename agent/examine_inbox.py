"""What the carrier's messages on the card say of the plan, for a look without the daemon.

Reading marks a message as read, as on a telephone; nothing is deleted, nothing is sent. Only what time is left for.
"""

from agent.clock import Clock, Deadline
from agent.plan.apart import read
from agent.plan.ask_run import Message
from agent.plan.talk import received
from agent.sample.base import PlanFact
from agent.sample.modem.patient import PatientModem
from modem.errors import ModemError
from modem.sms.box import SmsBox

LEAST_S = 3.0
"""With less left of the whole look nobody begins to read."""
MAX_S = 5.0
NEWEST = 30
"""A card has room for 20 to 50 messages; what is older than these says nothing about today."""


def plan_facts_on_card(modem: PatientModem, deadline: Deadline, clock: Clock) -> tuple[PlanFact, ...]:
    """Never raises: a modem that cannot list messages has none."""
    if deadline.left(clock) < LEAST_S:
        return ()
    modem.deadline = Deadline(min(deadline.at, clock.monotonic() + MAX_S))
    try:
        found = received(SmsBox(modem, monotonic=clock.monotonic).list())
    except ModemError:
        return ()
    finally:
        modem.deadline = deadline
    newest = sorted(found, key=_age)[-NEWEST:]
    return tuple(fact for one in newest for fact in read(one.text, one.sender, one.at, "carrier_sms"))


def _age(message: Message) -> float:
    return message.at or 0.0
