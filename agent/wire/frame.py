"""A batch as it travels when both sides know each other: what changed since the last acknowledged report, deflated.

At rest a record is readable JSON. On the wire the same batch is (in this order)
- one byte 0xA0 + dictionary number (a whole batch) or 0xB0 + dictionary number (told against a base);
- for the latter three bytes that name the base: the heartbeat of this terminal that the centre acknowledged last;
- raw deflate (RFC 1951), against the dictionary of that number, of a JSON array: `[epoch, sent, RECORD…]`, without the
  epoch when there is a base. `sent` is counted from the last record's time. RECORD is four items: seq and time as
  differences to the record before (first: to the base, or to 0), the number of the type, the body.

A heartbeat's body holds only what differs from the heartbeat before it: a number as a difference, null for what is
gone; `uptime_s` is expected to have grown by the time between them. Lists of whole numbers travel as differences. What
could be mistaken for one of these is wrapped: {"=": value}.

A centre that does not hold the base says so (409 `unknown_base`) and gets the whole batch. JSON never begins with a
byte over 0x7F, so both are told apart by their first byte.
"""

import hashlib
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NoReturn, cast

from agent.wire.base import MAX_BATCH_RECORDS, MAX_BODY_BYTES, UnknownVersion, WireError
from agent.wire.dictionary import DICTIONARIES, NEWEST

WHOLE, BASED = 0xA0, 0xB0
NAME_BYTES = 3
TYPES_1 = (
    *("heartbeat", "verdict", "plan_fact", "card", "recovery", "gap", "started", "stopped", "history", "daily"),
    *("reminder", "proof"),
)
"""Their numbers in a frame, as fixed as the dictionary; a type that came later travels by its name."""
_ITEMS = 4
_SHORT_BYTES = 4096
"""With the dictionary before it this fits a window of 8 KB."""
_DIFFERENCES, _EXACTLY = "~", "="

Json = dict[str, Any]


class UnknownBase(WireError):
    """The frame is told against a heartbeat that is not held here: the whole batch is wanted."""


class TooLarge(WireError):
    """It would unpack to more than a batch may have."""


@dataclass(frozen=True)
class Base:
    """An acknowledged heartbeat."""

    epoch: str
    seq: int
    at: int
    body: Mapping[str, Any]

    @cached_property
    def name(self) -> bytes:
        """Three bytes of a hash over all of it: an equal name from another heartbeat is a matter of 1 in 16 million,
        and then only where the right one is missing.
        """
        text = json.dumps([self.epoch, self.seq, self.at, self.body], sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).digest()[:NAME_BYTES]


def is_frame(data: bytes) -> bool:
    return data[:1] >= b"\x80"


def base_name(data: bytes) -> bytes | None:
    """The name of the base that a frame is told against; None for a whole one."""
    return data[1 : 1 + NAME_BYTES] if data[:1] and data[0] & 0xF0 == BASED else None


def base_of(batch: Json) -> Base | None:
    """The heartbeat of a batch that the next one can be told against: the newest."""
    beats = [record for record in batch["records"] if record["type"] == "heartbeat"]
    if not beats:
        return None
    newest = max(beats, key=lambda record: int(record["seq"]))
    return Base(batch["epoch"], newest["seq"], newest["at"], newest["body"])


def pack(batch: Json, base: Base | None, dictionary: int = NEWEST) -> bytes:
    """The frame of `batch` (as `agent.wire.Batch` has it), against `base` if it is of the same epoch."""
    if base is not None and base.epoch != batch["epoch"]:
        base = None
    records = batch["records"]
    items: list[Any] = [] if base else [batch["epoch"]]
    items.append(batch["sent_at"] - records[-1]["at"])
    seq, at, beat = (base.seq, base.at, base) if base else (0, 0, None)
    for record in records:
        items += [record["seq"] - seq, _number(record["type"]), record["at"] - at, _told(record, beat)]
        seq, at = record["seq"], record["at"]
        if record["type"] == "heartbeat":
            beat = Base(batch["epoch"], seq, at, record["body"])
    text = json.dumps(items, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
    head = bytes([BASED + dictionary]) + base.name if base else bytes([WHOLE + dictionary])
    return head + _deflated(text, DICTIONARIES[dictionary])


def unpack(data: bytes, bases: Iterable[Base], limit: int = MAX_BODY_BYTES) -> Json:
    """The batch in a frame. `bases` are the heartbeats held of this terminal, gone through only when one is named.

    Raises UnknownVersion, UnknownBase, TooLarge, WireError; never takes more memory than a few times `limit`.
    """
    kind, dictionary = data[0] & 0xF0, data[0] & 0x0F
    if kind not in (WHOLE, BASED) or dictionary not in DICTIONARIES:
        raise UnknownVersion(f"frame {data[0]:#04x} is not known here (dictionaries known: {list(DICTIONARIES)})")
    at = 1 + (NAME_BYTES if kind == BASED else 0)
    base = _named(data[1:at], bases) if kind == BASED else None
    items = _items(_inflated(data[at:], DICTIONARIES[dictionary], limit))
    try:
        return _batch(items, base)
    except (TypeError, ValueError, KeyError, IndexError, OverflowError, RecursionError) as error:
        raise WireError(f"the frame holds no batch: {type(error).__name__}") from error


def _named(name: bytes, bases: Iterable[Base]) -> Base:
    for base in bases:
        if base.name == name:
            return base
    raise UnknownBase("the heartbeat this is told against is not held here")


def _deflated(text: bytes, dictionary: bytes) -> bytes:
    """The shorter of both: zlib's own choice of codes, or the fixed ones, which suit few bytes."""
    found = []
    # what is short needs no more memory to be told as briefly, and half a megabyte takes ten times as long to prepare
    window, memory = (-13, 5) if len(text) < _SHORT_BYTES else (-15, 9)
    for strategy in (zlib.Z_DEFAULT_STRATEGY, zlib.Z_FIXED):
        packer = zlib.compressobj(9, zlib.DEFLATED, window, memory, strategy, dictionary)
        found.append(packer.compress(text) + packer.flush())
    return min(found, key=len)


def _inflated(data: bytes, dictionary: bytes, limit: int) -> bytes:
    unpacker = zlib.decompressobj(-15, zdict=dictionary)
    try:
        text = unpacker.decompress(data, limit + 1)
    except zlib.error as error:
        raise WireError(f"not deflated: {error}") from error
    if len(text) > limit:
        raise TooLarge(f"it unpacks to more than {limit} bytes")
    if not unpacker.eof or unpacker.unused_data:
        raise WireError("not deflated: it ends too soon, or too late")
    return text


def _items(text: bytes) -> list[Any]:
    try:
        items = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise WireError(f"not JSON in the frame: {type(error).__name__}") from error
    if not isinstance(items, list) or len(items) > 2 + _ITEMS * MAX_BATCH_RECORDS:
        raise WireError("the frame holds no batch")
    return items


def _batch(items: list[Any], base: Base | None) -> Json:
    epoch = base.epoch if base else items[0]
    sent, *rest = items if base else items[1:]
    if len(rest) % _ITEMS or not rest:
        raise ValueError("no whole records")
    seq, at, beat = (base.seq, base.at, base) if base else (0, 0, None)
    records: list[Json] = []
    for place in range(0, len(rest), _ITEMS):
        more, number, later, told = rest[place : place + _ITEMS]
        seq, at, type_ = seq + _whole(more), at + _whole(later), _type(number)
        body = _untold(told, beat if type_ == "heartbeat" else None, at)
        records.append({"seq": seq, "type": type_, "at": at, "body": body})
        if type_ == "heartbeat":
            beat = Base(epoch, seq, at, body)
    return {"v": 1, "epoch": epoch, "sent_at": at + _whole(sent), "records": records}


def _number(type_: str) -> int | str:
    return TYPES_1.index(type_) if type_ in TYPES_1 else type_


def _type(number: object) -> str:
    return number if isinstance(number, str) else TYPES_1[_at_least_zero(number)]


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError("a whole number is needed")
    return value


def _at_least_zero(value: object) -> int:
    number = _whole(value)
    if number < 0:
        raise ValueError("below zero")
    return number


# -- bodies ------------------------------------------------------------------------------------------------------------


def _told(record: Json, beat: Base | None) -> Json:
    body = cast("Json", record["body"])
    if record["type"] != "heartbeat" or beat is None:
        return {key: _coded(value) for key, value in body.items()}
    before = _expected(beat, record["at"])
    gone: Json = {key: None for key in before if key not in body}
    changed = {key: _change(before.get(key), value) for key, value in body.items() if _differs(key, value, before)}
    return gone | changed


def _untold(told: object, beat: Base | None, at: int) -> Json:
    if not isinstance(told, dict):
        raise TypeError("a body is an object")
    if beat is None:
        return {key: _decoded(value) for key, value in told.items()}
    body = _expected(beat, at)
    for key, value in told.items():
        if value is None:
            body.pop(key, None)
        else:
            body[key] = _changed(body.get(key), value)
    return body


def _expected(beat: Base, at: int) -> Json:
    """The heartbeat before, had nothing happened but time."""
    body = dict(beat.body)
    if _is_int(uptime := body.get("uptime_s")):
        body["uptime_s"] = cast("int", uptime) + at - beat.at
    return body


def _differs(key: str, value: object, before: Json) -> bool:
    return key not in before or not _same(value, before[key])


def _same(one: object, other: object) -> bool:
    """Equal and of one type all the way down: 1, 1.0 and true are three things in JSON."""
    return json.dumps(one) == json.dumps(other)


def _change(before: object, value: object) -> object:
    if _is_number(before) and _is_number(value):
        if type(before) is type(value) and _is_round(before) and _is_round(value):
            return int(cast("float", value)) - int(cast("float", before))
        return {_EXACTLY: value}
    return _coded(value)


def _changed(before: object, told: object) -> object:
    if _is_number(before) and _is_int(told):
        if not _is_round(before):
            raise ValueError("no difference to a fraction")
        return type(before)(int(cast("float", before)) + cast("int", told))  # type: ignore[call-arg]
    return _decoded(told)


def _coded(value: object) -> object:
    if isinstance(value, list) and _suits_differences(value):
        return {_DIFFERENCES: _differences(value)}
    if value is None or (isinstance(value, dict) and len(value) == 1 and value.keys() <= {_DIFFERENCES, _EXACTLY}):
        return {_EXACTLY: value}
    return value


def _decoded(told: object) -> object:
    if isinstance(told, dict) and len(told) == 1:
        if _EXACTLY in told:
            return told[_EXACTLY]
        if _DIFFERENCES in told:
            return _sums(told[_DIFFERENCES])
    return told


def _suits_differences(values: Sequence[object]) -> bool:
    return len(values) > 2 and all(value is None or _is_int(value) for value in values)


def _differences(values: Sequence[int | None]) -> list[int | None]:
    """What is not known stays null, and the next one is counted from the last known."""
    held, found = 0, list[int | None]()
    for value in values:
        found.append(None if value is None else value - held)
        held = held if value is None else value
    return found


def _sums(differences: object) -> list[int | None]:
    if not isinstance(differences, list):
        raise TypeError("a list is needed")
    held, found = 0, list[int | None]()
    for difference in differences:
        held += 0 if difference is None else _whole(difference)
        found.append(None if difference is None else held)
    return found


def _is_int(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_round(value: object) -> bool:
    """Nothing is lost when it is counted in whole numbers. (-0.0 would lose its sign.)"""
    if isinstance(value, int):
        return True
    return isinstance(value, float) and abs(value) < 2**53 and str(value).endswith(".0") and str(value) != "-0.0"


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not JSON")
