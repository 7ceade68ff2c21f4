"""Long messages from their parts: in any order, repeated, missing, of a reference that came round again."""

from datetime import UTC, datetime, timedelta
from random import Random

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


def test_a_surrogate_pair_split_between_parts_is_mended() -> None:
    assert texts(piece(1, text="a\ud83d"), piece(2, text="\ude00b")) == ["a😀b"]
    assert texts(piece(1, text="a\ud83d")) == [f"a\ufffd{GAP}"]


def test_one_part_of_one_and_whole_messages_stay_as_they_are() -> None:
    whole = Piece(sms_of(Message("deliver", sender="1", text="x"), index=3))
    assert joined([whole, piece(1, 1)]) == [whole.sms, piece(1, 1).sms]


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
