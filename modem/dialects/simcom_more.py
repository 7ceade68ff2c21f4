"""SIMCom: contexts of the modem's own stack (+CNACT, +CIFSR), PIN tries (+SPIC).

Sources: SIM800 Series AT Command Manual (+CIFSR), SIM7080 Series AT Command Manual (+CNACT), SIM7500 and SIM7600 Series
AT Command Manual (+SPIC).
"""

from modem import contexts
from modem.fields import at, body_of, integer, texts
from modem.values import Address, ContextActive, Reading, Sim


def cnact(line: str) -> tuple[Reading, ...] | None:
    """+CNACT: <pdp>,<state>,"<address>" (SIM7080), <state>,"<address>" (SIM7000): the URC has words."""
    fields = texts(line)
    if len(fields) == 2 and contexts.addresses(fields[1]):
        fields = ("1", *fields)
    cid, state = integer(at(fields, 0)), integer(at(fields, 1))
    if cid is None or state not in (0, 1, 2) or len(fields) < 3:
        return None
    found = contexts.addresses(fields[2])
    return (ContextActive(cid, active=state == 1), *((Address(cid, found),) if found else ()))


def cifsr(line: str) -> Address | None:
    """AT+CIFSR answers with the bare address of the one context of a SIM800, and with nothing else."""
    found = contexts.addresses(body_of(line))
    return Address(1, found) if found else None


def spic(line: str) -> Sim | None:
    """+SPIC: <PIN>,<PUK>,<PIN2>,<PUK2> tries left."""
    values = [integer(text) for text in texts(line)]
    return Sim(pin_retries=values[0], puk_retries=values[1]) if len(values) == 4 and None not in values else None
