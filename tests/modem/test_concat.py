"""Long messages from their parts: in any order, repeated, missing, of a reference that came round again."""

from datetime import UTC, datetime, timedelta, timezone
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modem.sms.coding import Part
from modem.sms.concat import GAP, LIMIT_S, MAX_OPEN, Assembler, Piece, joined
from modem.sms.pdu import Message, decode
from modem.sms.reading import sms_of

START = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
FIRST = (
    "07919471227210244405852122F039F101506271217180A005000319020198E9B2B82C0759DFE4B0F9ED2EB7967537B9CC02B5D37450122D2FC"
    "B41EE303DFD7687D96537881A96A7CD6F383DFD7683F46134BBEC064DD36550DA0D22A7CBF3721BE42CD3F5A0198B56036DCA20B8FC0D6A0A41"
    "70767D0EAAE540433A082E7F83A6E5F93CFD76BB40D7B2DB0D9AA6CB2072BA3C2F83926EF31BE44E8FD17450BB8C9683CA"
)
SECOND = (
    "07919471227210244405852122F039F1015062712181804F050003190202E4E8309B5E7683DAFC319A5E76B340F73D9A5D7683A6E93268FD9ED"
    "3CB6EF67B0E5AD172B19B2C2693C9602E90355D6683A6F0B007946E8382F5393BEC26BB00"
)


def piece(
    number: int, parts: int = 2, text: str | None = None, reference: int = 7, after_s: float = 0.0, wide: bool = False
) -> Piece:
    part = Part(reference, parts, number, wide)
    time = START + timedelta(seconds=after_s)
    shown = f"<{number}>" if text is None else text
    message = Message("deliver", sender="10086", time=time, text=shown, part=part)
    return Piece(sms_of(message, index=number, storage="SM", status="read"), message)


def texts(*pieces: Piece) -> list[str | None]:
    return [sms.text for sms in joined(pieces)]


def test_a_real_message_of_two_parts() -> None:
    messages = [decode(SECOND), decode(FIRST)]
    (sms,) = joined(Piece(sms_of(message, index=place), message) for place, message in enumerate(messages, 1))
    assert (sms.sender, sms.time, sms.parts, sms.part) == ("12220", "2010-05-26T17:12:17+02:00", 2, None)
    assert (sms.missing, sms.indexes, sms.pdu) == ((), (1, 2), None)
    assert (sms.text or "").startswith("Lieber Vodafone-Kunde, mit Ihrer nationalen Tarifoption")
    assert "nicht mehr erhalten möchten" in (sms.text or "")


def test_missing_parts_are_named_and_marked() -> None:
    (sms,) = joined([piece(2, 5), piece(5, 5)])
    assert (sms.text, sms.missing) == (f"{GAP}<2>{GAP}<5>", (1, 3, 4))


def test_a_repeated_part_counts_once_but_is_deleted_too() -> None:
    again = Piece(sms_of(piece(1).message or Message("deliver"), index=9), piece(1).message)
    (sms,) = joined([piece(1), again, piece(2)])
    assert (sms.text, sms.indexes) == ("<1><2>", (1, 2, 9))


def test_a_reference_that_came_round_again_is_another_message() -> None:
    day = LIMIT_S + 60
    parts = [
        piece(1, text="old "),
        piece(2, text="one"),
        piece(1, text="new ", after_s=day),
        piece(2, text="1", after_s=day),
    ]
    assert texts(*parts) == ["old one", "new 1"]
    assert texts(piece(1, text="old "), piece(2, text="late", after_s=day)) == [f"old {GAP}", f"{GAP}late"]


def test_of_two_messages_with_one_reference_a_part_goes_to_the_nearer() -> None:
    parts = [
        piece(1, text="a"),
        piece(1, text="b", after_s=3600),
        piece(2, text="B", after_s=3605),
        piece(2, text="A", after_s=9),
    ]
    assert texts(*parts) == ["aA", "bB"]


def test_widths_of_references_are_never_mixed() -> None:
    assert len(joined([piece(1), piece(2, wide=True)])) == 2


def at(number: int, time: datetime | None, index: int | None = 1, status: str = "read", text: str = "x") -> Piece:
    """One of two parts, as the modem has it."""
    message = Message("deliver", sender="10086", time=time, text=text, part=Part(7, 2, number))
    return Piece(sms_of(message, index=index, status=status), message)


def test_times_are_compared_as_moments_where_both_have_a_zone() -> None:
    east, west = timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))
    first, second = datetime(2026, 1, 2, 13, tzinfo=east), datetime(2026, 1, 1, 12, tzinfo=west)  # an hour apart
    assert len(joined([at(1, first), at(2, second)])) == 1


@pytest.mark.parametrize(("later", "messages"), [(23, 1), (25, 2)])
def test_times_without_a_zone_are_compared_as_they_stand(later: int, messages: int) -> None:
    start = datetime(2026, 1, 1, 12)  # noqa: DTZ001
    end = start + timedelta(hours=later)
    assert len(joined([at(1, start), at(2, end)])) == messages
    assert len(joined([at(1, start.replace(tzinfo=UTC)), at(2, end)])) == messages
    assert len(joined([at(1, start), at(2, end.replace(tzinfo=UTC))])) == messages


def test_a_part_without_a_time_belongs_to_what_there_is() -> None:
    assert len(joined([at(1, START), at(2, None)])) == len(joined([at(1, None), at(2, START)])) == 1


def test_the_same_text_a_day_later_is_no_repetition() -> None:
    assert texts(piece(1), piece(1, after_s=LIMIT_S + 60)) == [f"<1>{GAP}", f"<1>{GAP}"]


def test_parts_that_lie_nowhere_are_joined_too() -> None:
    (sms,) = joined([at(1, START, None), at(2, START, None)])
    assert (sms.text, sms.indexes) == ("xx", ())
    (sms,) = joined([at(1, START, None), at(2, START, 0)])
    assert sms.indexes == (0,)


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [("read", "read", "read"), ("read", "unread", "unread"), ("unread", "read", "unread"), ("sent", "sent", "sent")],
)
def test_a_message_is_unread_while_a_part_of_it_is(first: str, second: str, whole: str) -> None:
    (sms,) = joined([at(1, START, 1, first), at(2, START, 2, second)])
    assert sms.status == whole


def data(number: int, octets: bytes | None, text: str | None = None) -> Piece:
    message = Message("deliver", sender="10086", time=START, text=text, data=octets, part=Part(7, 2, number))
    return Piece(sms_of(message, index=number), message)


def test_data_in_parts_are_put_together_and_are_no_text() -> None:
    (sms,) = joined([data(1, b"\x01"), data(2, b"\x02")])
    assert (sms.data, sms.text) == ("0102", None)
    (sms,) = joined([data(1, b""), data(2, b"\x02")])
    assert (sms.data, sms.text) == ("02", None)
    (sms,) = joined([data(1, b"\x01"), data(2, None, "x")])
    assert (sms.data, sms.text) == (None, None)


def test_a_surrogate_pair_split_between_parts_is_mended() -> None:
    assert texts(piece(1, text="a\ud83d"), piece(2, text="\ude00b")) == ["a😀b"]
    assert texts(piece(1, text="a\ud83d")) == [f"a\ufffd{GAP}"]


def test_one_part_of_one_and_whole_messages_stay_as_they_are() -> None:
    whole = Piece(sms_of(Message("deliver", sender="1", text="x"), index=3))
    assert joined([whole, piece(1, 1)]) == [whole.sms, piece(1, 1).sms]
    assert Assembler().add(whole, 0.0) == whole.sms
    assert Assembler().add(piece(1, 1), 0.0) == piece(1, 1).sms
    text_mode = Piece(whole.sms)
    assert joined([text_mode]) == [text_mode.sms]


@given(st.integers(2, 54), st.randoms(use_true_random=False))
def test_parts_in_any_order_make_the_same_message(parts: int, random: Random) -> None:
    pieces = [piece(number, parts) for number in range(1, parts + 1)]
    random.shuffle(pieces)
    assert texts(*pieces) == ["".join(f"<{number}>" for number in range(1, parts + 1))]


def test_as_they_come_in_the_last_part_completes_the_message() -> None:
    assembler = Assembler()
    assert assembler.add(piece(2), 0.0) is None
    done = assembler.add(piece(1), 5.0)
    assert done is not None
    assert (done.text, assembler.waiting) == ("<1><2>", 0)


def test_what_waits_for_a_day_is_given_out_as_it_is() -> None:
    assembler = Assembler()
    assembler.add(piece(2), 0.0)
    assert assembler.overdue(LIMIT_S - 1) == []
    (sms,) = assembler.overdue(LIMIT_S)
    assert (sms.text, sms.missing) == (f"{GAP}<2>", (1,))
    assert assembler.overdue(LIMIT_S) == []


def test_only_so_many_messages_wait() -> None:
    assembler = Assembler()
    for reference in range(MAX_OPEN + 3):
        assembler.add(piece(1, reference=reference), float(reference))
    given_out = assembler.overdue(100.0)
    assert [sms.reference for sms in given_out] == [0, 1, 2]
    assert assembler.waiting == MAX_OPEN


def test_those_that_are_late_leave_room_for_the_others() -> None:
    assembler = Assembler(limit_s=100.0)
    for reference in range(MAX_OPEN + 3):
        assembler.add(piece(1, reference=reference), 0.0 if reference < 5 else 50.0)
    assert [sms.reference for sms in assembler.overdue(100.0)] == [0, 1, 2, 3, 4]
    assert assembler.waiting == MAX_OPEN - 2
