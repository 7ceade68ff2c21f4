"""Messages and USSD as operations: a request that is checked, then work with the modem, then plain values.

The same for the daemon (its modem thread does the work) and for a command that has the port itself. Whatever is in
a request is foreign; a wrong one is `Refused("bad_request")` before the modem hears of it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Final, TypeVar

from agent.control import Json, Refused
from modem.client import Modem
from modem.events import Event
from modem.sms.box import SmsBox, nearly_full
from modem.sms.encode import submits
from modem.ussd import ANSWER_S, Ussd, checked
from modem.values import Sms, as_json

Heed = Callable[[Iterable[Event]], None]
"""Takes the events that came meanwhile and that the work had no use for."""
Work = Callable[[Modem, Heed], Json]
Mail = Callable[[Sequence[Sms]], Json]
T = TypeVar("T")

LONGEST_S: Final = 200.0
"""For one operation: less than what the modem's thread is allowed before it counts as stuck."""
MAX_REPLIES = 8
MAX_TEXT = 4096
_STORES = ("SM", "ME", "MT", "SR")


def sms_list(request: Json) -> Work:
    """All messages, and how full the stores are."""
    storage = _storage(request)

    def work(modem: Modem, _heed: Heed) -> Json:
        box = SmsBox(modem)
        found = [as_json(sms) for sms in _tried(lambda: box.list(storage))]
        known = box.storage()
        full = nearly_full(known) if known else ()
        return {"messages": found, "storage": as_json(known), "nearly_full": as_json(full)}

    return work


def sms_read(request: Json) -> Work:
    index, storage = _index(request), _storage(request)
    return lambda modem, _heed: {"message": as_json(_message(SmsBox(modem), index, storage))}


def sms_delete(request: Json) -> Work:
    """All parts of the message at this place."""
    index, storage = _index(request), _storage(request)

    def work(modem: Modem, _heed: Heed) -> Json:
        box = SmsBox(modem)
        return {"deleted": box.delete(_message(box, index, storage))}

    return work


def sms_send(request: Json) -> Work:
    """In as many parts as it takes; half sent is an answer, not an exception: it has cost."""
    number, text = _text(request, "number"), _text(request, "text")
    parts = len(_tried(lambda: submits(number, text, 0)))

    def work(modem: Modem, _heed: Heed) -> Json:
        sent = _tried(lambda: SmsBox(modem).send(number, text, LONGEST_S - 30))
        error = str(sent.error) if sent.error else None
        return {"sent": sent.is_sent, "parts": parts, "references": list(sent.references), "error": error}

    return work


def ussd(request: Json) -> Work:
    """The code, then a reply for each menu."""
    code, replies = _tried(lambda: checked(_text(request, "code"))), _replies(request.get("replies", []))
    seconds = request.get("timeout_s", ANSWER_S)
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not seconds > 0:
        raise Refused("bad_request", "timeout_s: seconds, more than 0")
    if seconds * (1 + len(replies)) > LONGEST_S:
        raise Refused("bad_request", f"timeout_s: all answers together within {LONGEST_S:g} s")

    def work(modem: Modem, heed: Heed) -> Json:
        steps = Ussd(modem, heed=heed).steps(code, float(seconds), replies)
        return {"answers": [{**asdict(answer), "is_result": answer.is_result} for answer in steps]}

    return work


def kept_list(_request: Json) -> Mail:
    """`sms_list` of the messages that ModemManager keeps; it tells of no store."""
    return lambda found: {"messages": [as_json(sms) for sms in found], "storage": None, "nearly_full": []}


def kept_read(request: Json) -> Mail:
    index = _index(request)

    def told(found: Sequence[Sms]) -> Json:
        one = next((sms for sms in found if sms.index == index), None)
        if one is None:
            raise Refused("not_found", f"there is no message {index}")
        return {"message": as_json(one)}

    return told


KEPT: Mapping[str, Callable[[Json], Mail]] = {"sms_list": kept_list, "sms_read": kept_read}
"""What can be had of ModemManager's own messages, where it has the modem."""
OPERATIONS: Mapping[str, Callable[[Json], Work]] = {
    "sms_list": sms_list,
    "sms_read": sms_read,
    "sms_send": sms_send,
    "sms_delete": sms_delete,
    "ussd": ussd,
}


def _message(box: SmsBox, index: int, storage: str | None) -> Sms:
    found = _tried(lambda: box.read(index, storage))
    if found is None:
        raise Refused("not_found", f"there is no message {index}")
    return found


def _tried(action: Callable[[], T]) -> T:
    """What a request holds may still turn out wrong (a number with letters, a store that is not there)."""
    try:
        return action()
    except ValueError as error:
        raise Refused("bad_request", str(error)) from None


def _text(request: Json, name: str) -> str:
    value = request.get(name)
    if not isinstance(value, str) or not 0 < len(value) <= MAX_TEXT:
        raise Refused("bad_request", f"{name}: a text of 1 to {MAX_TEXT} characters")
    return value


def _index(request: Json) -> int:
    value = request.get("index")
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 100_000:
        raise Refused("bad_request", "index: the number of a message as the list shows it")
    return value


def _storage(request: Json) -> str | None:
    value = request.get("storage")
    if value is not None and value not in _STORES:
        raise Refused("bad_request", f"storage: one of {', '.join(_STORES)}")
    return str(value) if value is not None else None


def _replies(value: object) -> list[str]:
    if not isinstance(value, list) or len(value) > MAX_REPLIES or not all(isinstance(one, str) for one in value):
        raise Refused("bad_request", f"replies: a list of at most {MAX_REPLIES} texts")
    return _tried(lambda: [checked(one) for one in value])
