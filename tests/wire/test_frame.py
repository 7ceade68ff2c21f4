"""Frames: what changed since the last acknowledged report, deflated. Old ones stay readable for ever."""

import hashlib
import json
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.wire import MAX_BODY_BYTES, Batch, UnknownVersion, WireError
from agent.wire.dictionary import DICTIONARIES
from agent.wire.frame import Base, TooLarge, UnknownBase, base_of, is_frame, pack, unpack

GOLDEN = Path(__file__).parent / "golden"
EPOCH = "00112233445566aa"
BODY = {
    "next_due_s": 900, "agent": "0.1.0", "verdict": "ok", "severity": "ok", "iccid": "89860112345678901234",
    "imei": "861234567890123", "operator": "CMCC", "plmn": "46000", "technology": "lte", "registration": "home",
    "rssi_dbm": -67.0, "rsrp_dbm": -97.0, "quality": "good", "used_bytes": 7_340_032, "own_bytes": 123_456,
    "quota_bytes": 31_457_280, "expires_on": "2026-12-31", "uptime_s": 86_400, "boot_id": "a1b2c3d4",
}  # fmt: skip


def beat(seq: int, at: int, **news: object) -> dict[str, Any]:
    body = {key: value for key, value in (BODY | news).items() if value is not None}
    return {"seq": seq, "type": "heartbeat", "at": at, "body": body}


def batch(*records: dict[str, Any], sent_at: int = 1_795_300_901) -> dict[str, Any]:
    return {"v": 1, "epoch": EPOCH, "sent_at": sent_at, "records": list(records)}


FIRST = batch(beat(12_345, 1_795_300_000))
ROUTINE = batch(beat(12_346, 1_795_300_900, rsrp_dbm=-94.0, used_bytes=7_388_243, own_bytes=123_773, uptime_s=87_300))
BASE = base_of(FIRST)


def told_again(given_: dict[str, Any], base: Base | None) -> dict[str, Any]:
    return unpack(pack(given_, base), [base] if base else [])


@pytest.mark.parametrize("name", ["frame1-whole", "frame1-based", "frame1-mixed"])
def test_a_frame_of_the_past_is_read_as_it_was_meant(name: str) -> None:
    data = bytes.fromhex((GOLDEN / f"{name}.hex").read_text())
    base = Base(**json.loads((GOLDEN / "frame1-base.json").read_text()))
    assert unpack(data, [base]) == json.loads((GOLDEN / f"{name}.json").read_text())


def test_a_released_dictionary_never_changes() -> None:
    sums = {number: hashlib.sha256(words).hexdigest() for number, words in DICTIONARIES.items()}
    assert sums == json.loads((GOLDEN / "dictionaries.json").read_text(), object_hook=_numbered)


def _numbered(plain: dict[str, str]) -> dict[int, str]:
    return {int(number): value for number, value in plain.items()}


def test_a_routine_heartbeat_takes_less_than_forty_bytes() -> None:
    assert len(pack(ROUTINE, BASE)) < 40
    assert told_again(ROUTINE, BASE) == ROUTINE


def test_json_and_frames_are_told_apart_by_their_first_byte() -> None:
    assert is_frame(pack(FIRST, None))
    assert not is_frame(json.dumps(FIRST).encode())
    assert not is_frame(b"")


def test_another_epochs_base_is_not_used() -> None:
    stranger = Base("ffffffffffffffff", 1, 1, {})
    assert unpack(pack(FIRST, stranger), []) == FIRST


def test_a_base_that_is_not_held_is_asked_for() -> None:
    with pytest.raises(UnknownBase):
        unpack(pack(ROUTINE, BASE), [Base(EPOCH, 12_344, 1, BODY)])


def test_a_later_dictionary_or_kind_of_frame_is_refused_by_name() -> None:
    for first in (0xAF, 0xBF, 0x80, 0xC1):
        with pytest.raises(UnknownVersion, match=f"{first:#x}"):
            unpack(bytes([first]) + pack(FIRST, None)[1:], [])


def test_a_bomb_is_refused_before_it_goes_off() -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = packer.compress(b" " * (64 * 1024 * 1024)) + packer.flush()
    with pytest.raises(TooLarge):
        unpack(b"\xa1" + bomb, [])


def test_a_thousand_heartbeats_out_of_one_frame_are_too_many() -> None:
    many = batch(*(beat(seq, 1_795_300_000 + seq) for seq in range(1, 1001)))
    with pytest.raises(WireError):
        unpack(pack(many, None), [])


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.sampled_from(["~", "=", "a"]), inner, max_size=2),
    max_leaves=6,
)  # fmt: skip
BODIES = st.dictionaries(st.sampled_from([*"abcd~=", "uptime_s"]), VALUES, max_size=6)


@given(st.lists(st.tuples(st.sampled_from(["heartbeat", "history", "verdict", "later"]), BODIES), min_size=1), BODIES)
def test_whatever_is_packed_comes_out_exactly(told: list[tuple[str, dict[str, Any]]], before: dict[str, Any]) -> None:
    records = [{"seq": 7 + seq, "type": kind, "at": 100 * seq, "body": body} for seq, (kind, body) in enumerate(told)][
        :500
    ]
    given_ = batch(*records)
    for base in (None, Base(EPOCH, 3, 50, before)):
        assert json.dumps(told_again(given_, base)) == json.dumps(given_) or _same_values(
            told_again(given_, base), given_
        )


def _same_values(one: object, other: object) -> bool:
    """The order of names in an object means nothing."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


@given(st.binary(max_size=200), st.sampled_from([b"\xa1", b"\xb1", b"\xb1" + base.name if (base := BASE) else b""]))
def test_garbage_is_a_wire_error_and_nothing_else(noise: bytes, head: bytes) -> None:
    _read_or_refuse(head + noise)


JSON_ITEMS = st.lists(st.integers(-5, 5) | st.just(EPOCH) | BODIES | VALUES, max_size=10)


@given(JSON_ITEMS)
def test_any_json_in_a_frame_is_a_batch_or_a_wire_error(items: list[Any]) -> None:
    packer = zlib.compressobj(9, zlib.DEFLATED, -15, 9, zlib.Z_DEFAULT_STRATEGY, DICTIONARIES[1])
    deflated = packer.compress(json.dumps(items).encode()) + packer.flush()
    assert BASE is not None
    for head in (b"\xa1", b"\xb1" + BASE.name):
        _read_or_refuse(head + deflated)


def _read_or_refuse(data: bytes) -> None:
    try:
        found = unpack(data, [BASE] if BASE else [])
    except WireError:
        return
    assert len(json.dumps(found)) < 8 * MAX_BODY_BYTES


def test_a_frame_holds_what_the_models_read() -> None:
    assert Batch.model_validate(told_again(ROUTINE, BASE)).records[0].body["used_bytes"] == 7_388_243
