"""The modem's two ways to the carrier, as `ask_run.Talk` wants them."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import datetime

from agent.plan.ask_run import Message, Said
from modem.client import Modem
from modem.errors import CommandExpired, CommandRefused
from modem.events import Command, Event, Outcome
from modem.sms.box import SmsBox
from modem.ussd import Ussd
from modem.values import Sms

SEND_S = 90.0
USSD_S = 60.0
RADIO_S = 20.0


class ModemTalk:
    """For one piece of work on the modem's thread."""

    def __init__(self, modem: Modem, heed: Callable[[Iterable[Event]], None]) -> None:
        self._modem, self._heed = modem, heed

    def ussd(self, code: str) -> Said:
        try:
            answer = Ussd(self._modem, heed=self._heed).ask(code, USSD_S)
        except CommandRefused:
            return Said(None, refused=True)
        return Said(answer.text if answer.is_result else None, answer.by_sms, answer.state == "not_supported")

    def send(self, number: str, text: str) -> bool:
        return SmsBox(self._modem).send(number, text, SEND_S).is_sent

    def messages(self) -> Sequence[Message]:
        """All received messages; those without text for people are none."""
        return received(SmsBox(self._modem).list())


class KeptTalk:
    """Where ModemManager has the modem: its messages can be read, and nothing be asked."""

    def __init__(self, kept: Sequence[Sms]) -> None:
        self._kept = kept

    def ussd(self, code: str) -> Said:  # noqa: ARG002 - as `Talk` has it
        return Said(None, refused=True)

    def send(self, number: str, text: str) -> bool:  # noqa: ARG002 - the same
        return False

    def messages(self) -> Sequence[Message]:
        return received(self._kept)


def received(found: Iterable[Sms]) -> Sequence[Message]:
    came = (sms for sms in found if sms.status in (None, "read", "unread"))
    return [
        Message(sms.sender or "", sms.text, _stamp(sms.time), sms.storage != "ME")
        for sms in came
        if sms.text and not sms.data
    ]


def cycle_radio(modem: Modem) -> bool:
    """Everything of the modem off, card too, and on again, so that it forgets the network's refusal; True when done.

    27.007 clause 8.2: <fun> 0 also powers the card down; where that is refused, 4 switches the radio off alone. On
    again in any case: a modem that says nothing to it may have switched off all the same. Raises CommandExpired.
    """
    is_off = False
    with suppress(CommandExpired):
        is_off = _function(modem, 0) or _function(modem, 4)
    return _function(modem, 1) and is_off


def _function(modem: Modem, number: int) -> bool:
    return modem.exchange(Command(f"AT+CFUN={number}", timeout_s=RADIO_S)).final.outcome is Outcome.OK


def _stamp(text: str | None) -> float | None:
    """Wall seconds of an ISO 8601 time; one without an offset, or beyond all calendars, is not known."""
    try:
        parsed = datetime.fromisoformat(text or "")
        return parsed.timestamp() if parsed.tzinfo is not None else None
    except (ValueError, OverflowError):
        return None
