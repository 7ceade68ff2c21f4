"""Which of the modem's own lines, and which of a light look's findings, a deep look should explain."""

from agent.sample.modem import ModemPart
from modem.events import Event, Restarted, Urc

CARD = (
    "+CPIN:", "+QSIMSTAT:", "+QUSIM:", "^SIMST:", "+SIM", "+USIM:", "+GTUSIM:", "#QSS:", "$QCSIMSTAT:", "%XSIM:",
    "+CGEV: NW DETACH", "+CGEV: ME DETACH",
)  # fmt: skip
"""First words of unsolicited lines after which another card may be in: no modem takes one without detaching."""
NEWS = (
    *CARD, "+CREG:", "+CGREG:", "+CEREG:", "+C5GREG:", "+CGEV:", "+PDP", "+CSIM", "NO CARRIER", "^NDISSTAT:",
    "+QIND: \"SMS DONE\"", "+CTZV:",
)  # fmt: skip
"""First words of unsolicited lines that may change the verdict. Signal chatter (^RSSI, +CSQ) is not among them."""
MAIL = ("+CMTI:", "+CMT:")
"""A message came (27.005 clause 3.4.1): the carrier may have written about the plan."""


def is_news(event: Event) -> bool:
    if isinstance(event, Restarted):
        return True
    return begins(event, NEWS)


def doubts_card(event: Event) -> bool:
    return isinstance(event, Restarted) or begins(event, CARD)


def begins(event: Event, words: tuple[str, ...]) -> bool:
    return isinstance(event, Urc) and any(line.upper().startswith(words) for line in event.lines)


def differs(before: ModemPart, now: ModemPart) -> bool:
    """Did a light look see something that a deep one should explain?"""
    return (
        before.network.registration != now.network.registration
        or before.sim.state != now.sim.state
        or before.port.answers != now.port.answers
        or [(c.cid, c.active) for c in before.data.contexts] != [(c.cid, c.active) for c in now.data.contexts]
    )
