"""What becomes of each part of a message (23.040 §9.2.2, 23.038 §4): octet by octet."""

import pytest

from modem.redact_pdu import masked_pdu, masked_text, ucs2_text

CENTRE, HIDDEN_CENTRE = "0891683108200105F0", "0891999999999999F9"
SENDER, HIDDEN_SENDER = "0B913108001005F0", "0B919999999999F9"
TIME = "62112220314523"


def nines(text: str) -> str:
    return "9" * len(text)


def masked(pdu: str) -> str:
    return masked_pdu(pdu, nines, nines)


def packed(septets: list[int], offset: int = 0) -> str:
    """23.038 §6.1.2.1.1, begun `offset` septets into the octets."""
    value = sum(septet << 7 * at for at, septet in enumerate(septets, offset))
    return value.to_bytes((7 * (len(septets) + offset) + 7) // 8, "little").hex().upper()


def test_letters_and_digits_are_masked_by_their_kind_and_signs_stay() -> None:
    assert masked_text("Hello 12!", nines) == "xxxxx 99!"
    assert masked_text("余额12元，€", nines) == "某某99某，€"
    assert masked_text("Жé٣٤", nines) == "éé00"


def test_who_sent_it_and_by_which_centre_become_others_and_the_time_stays() -> None:
    pdu = f"{CENTRE}04{SENDER}0000{TIME}04{packed([0x48, 0x69, 0x37, 0x36])}"
    done = f"{HIDDEN_CENTRE}04{HIDDEN_SENDER}0000{TIME}04{packed([0x78, 0x78, 0x39, 0x39])}"
    assert masked(pdu) == done
    assert masked(pdu.lower()) == done.lower()


def test_what_is_no_hexadecimal_is_left_to_others() -> None:
    assert masked("no PDU") == "no PDU"


def test_each_septet_of_a_text_is_masked_by_its_place_in_the_alphabet() -> None:
    """23.038 §6.2.1: letters stand below 0x20 and around the capitals too; LF, CR, ESC and the signs stay."""
    said = [0x48, 0x69, 0x20, 0x35, 0x21, 0x00, 0x0A, 0x0D, 0x1B, 0x65, 0x5B, 0x5F, 0x7B, 0x7F, 0x60, 0x40, 0x10]
    left = [0x78, 0x78, 0x20, 0x39, 0x21, 0x78, 0x0A, 0x0D, 0x1B, 0x78, 0x78, 0x78, 0x78, 0x78, 0x60, 0x40, 0x78]
    head, hidden = f"0004{SENDER}0000{TIME}11", f"0004{HIDDEN_SENDER}0000{TIME}11"
    assert masked(head + packed(said)) == hidden + packed(left)


def test_the_header_of_a_part_stays_and_the_text_behind_it_is_masked() -> None:
    header = "050003A50201"
    said, left = packed([0x48, 0x69], 7), packed([0x78, 0x78], 7)
    done = masked(f"0044{SENDER}0000{TIME}09{header}{said[12:]}")
    assert done == f"0044{HIDDEN_SENDER}0000{TIME}09{header}{left[12:]}"


@pytest.mark.parametrize(
    ("first", "validity"), [("01", ""), ("09", "01020304050607"), ("11", "A7"), ("19", "62112220314523")]
)
def test_a_message_to_send_has_a_validity_of_each_form(first: str, validity: str) -> None:
    """23.040 §9.2.3.3: none, enhanced, relative, absolute."""
    pdu = f"00{first}05{SENDER}0008{validity}0400480069"
    assert masked(pdu) == f"00{first}05{HIDDEN_SENDER}0008{validity}0400780078"


_SEPTETS = (packed([0x48, 0x69, 0x37, 0x36]), packed([0x78, 0x78, 0x39, 0x39]))
_OCTETS = ("00480069", "00000000")
_WIDE = ("00480069", "00780078")


@pytest.mark.parametrize(
    ("coding", "texts"),
    [
        ("00", _SEPTETS), ("04", _OCTETS), ("08", _WIDE), ("0C", _OCTETS), ("10", _SEPTETS), ("18", _WIDE),
        ("20", _OCTETS), ("28", _OCTETS), ("80", _OCTETS), ("B0", _OCTETS), ("C0", _SEPTETS), ("D0", _SEPTETS),
        ("E0", _WIDE), ("F0", _SEPTETS), ("F4", _OCTETS),
    ],
)  # fmt: skip
def test_a_text_is_masked_by_its_coding(coding: str, texts: tuple[str, str]) -> None:
    said, left = texts
    done = masked(f"0004{SENDER}00{coding}{TIME}04{said}")
    assert done == f"0004{HIDDEN_SENDER}00{coding}{TIME}04{left}"


@pytest.mark.parametrize(
    "pdu",
    [
        pytest.param(f"0006{SENDER}0000{TIME}0400480069", id="neither to nor from a terminal"),
        pytest.param(f"0D91{'21' * 12}04{SENDER}0008{TIME}0400480069", id="a centre of too many digits"),
        pytest.param(f"00041591{'21' * 11}0008{TIME}0400480069", id="a sender of too many digits"),
        pytest.param("00040ED0C2703B", id="a sender that is cut off"),
        pytest.param(f"0044{SENDER}0008{TIME}04FF4F60", id="a header longer than the text"),
    ],
)
def test_what_cannot_be_taken_apart_becomes_zeros(pdu: str) -> None:
    assert masked(pdu) == "0" * len(pdu)


@pytest.mark.parametrize(
    ("spelled", "text"),
    [
        ("4F60597D", "你好"),
        ("00480069000D000A", "Hi\r\n"),
        ("FF01FF10", "！０"),
        ("4F60", None),
        ("no hexa!", None),
        ("D800D800", None),
        ("00850085", None),
        ("04160417", None),
        ("AC00AC01", None),
    ],
)
def test_hexadecimal_is_a_text_if_it_reads_as_one(spelled: str, text: str | None) -> None:
    """Letters, digits and signs of Europe's west and of China; other characters are what octets look like by chance."""
    assert ucs2_text(spelled) == text


def test_a_pair_of_surrogates_keeps_its_place_among_other_characters() -> None:
    done = masked(f"0004{SENDER}0008{TIME}0AD83DDE004F60FF0C0041")
    assert done == f"0004{HIDDEN_SENDER}0008{TIME}0A0078007867D0FF0C0078"
