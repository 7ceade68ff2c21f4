"""PDUs of 23.040: real ones, damaged ones, and any octets at all."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from modem.sms import gsm7
from modem.sms.coding import Coding, Part, coding
from modem.sms.encode import MAX_PARTS, TooLong, parts_needed, submits
from modem.sms.pdu import Message, PduError, decode
from modem.sms.reading import read_pdu, whole

HOW = "07911326040000F0040B911346610089F60000208062917314080CC8F71D14969741F977FD07"
TEST = "0791534850020200040C9153486507935600006090608164138004D4F29C0E"
HEAD = "07912143658709F1{first}0B918100551512F2{pid}{dcs}11101021436500"


def deliver(dcs: str, length: int, body: str, first: str = "04", pid: str = "00") -> Message:
    return decode(HEAD.format(first=first, dcs=dcs, pid=pid) + f"{length:02X}" + body)


@pytest.mark.parametrize(
    ("pdu", "sender", "time", "text"),
    [
        (HOW, "+31641600986", "2002-08-26T19:37:41+00:00", "How are you?"),
        (TEST, "+358456703965", "2006-09-06T18:46:31+02:00", "Test"),
        (
            "07914306073011F0040B914316709807F2000880604290224080084E2D5174901A8BAF",
            "+34610789702",
            "2008-06-24T09:22:04+02:00",
            "中兴通讯",
        ),
        (
            "07919333852804000412D0F7FBDD454FB75D693A0000903002801153402BCD301E9F0605D9E971191483C140412A35690D52832063D2F9040599A058EE05A3BD6430580E",
            "www.tim.it",
            "2009-03-20T08:11:35+01:00",
            "Maxxi Alice 100 ATTIVATA FINO AL 19/04/2009",
        ),
        (
            "0891683108501955F1040D91683118140276F8000841011251018123044F60597D",
            "+8613814120678",
            "2014-10-21T15:10:18+08:00",
            "你好",
        ),
        (
            "00040B912120550521F300004210203040502305E8329BFD06",
            "+12025550123",
            "2024-01-02T03:04:05+08:00",
            "hello",
        ),
        (
            "07919730071111F10414D04937BD2C7797E9D3E614000811309291024061080442043504410442",
            "InternetSMS",
            "2011-03-29T19:20:04+04:00",
            "тест",
        ),
        (
            "07917283010010F5040BC87238880900F10000993092516195800AE8329BFD4697D9EC37",
            "27838890001",
            "1999-03-29T15:16:59+02:00",
            "hellohello",
        ),
        (
            (
                "07912104442961F4040B916171957291F800001120821105050A6AC8B2BC7C9A83C220F6DB7D2ECB41EDF27C1E3E97411BDE06754FD3D1"
                "A0F9BB5D0695F1F4B29B5C2683C6E8B03C3CA697E5F34D6AE303D1D1F2F7DD0D4ABB59A0797D8C0685E7A00028EC26832A960B28EC2683"
                "BE6050780EBA97D96C17"
            ),
            "+16175927198",
            "2011-02-28T11:50:50-05:00",
            "Here's a longer message [{with some extended characters}] thrown in, such as £ and ΩΠΨ and §¿ as well.",
        ),
    ],
)
def test_real_messages(pdu: str, sender: str, time: str, text: str) -> None:
    message = decode(pdu)
    assert (message.kind, message.sender, message.text) == ("deliver", sender, text)
    assert message.time is not None
    assert message.time.isoformat() == time
    assert message.problems == ()


def test_a_part_of_a_real_message_with_its_header() -> None:
    message = decode(
        "07911356131313F64004850120390011609232239180A006080400100201D7327BFD6EB340E2321BF46E83EA7790F59D1E97DBE1341B44"
        "2F83C465763D3DA797E56537C81D0ECB41AB59CC1693C16031D96C064241E5656838AF03A96230982A269BCD462917C8FA4E8FCBED709A"
        "0D7ABBE9F6B0FB5C7683D27350984D4FABC9A0B33C4C4FCF5D20EBFB2D079DCB62793DBD06D9C36E50FB2D4E97D9A0B49B5E96BBCB"
    )
    assert message.part == Part(reference=16, parts=2, number=1, wide=True)
    assert message.sender == "1002"
    assert (message.text or "").startswith("Welkom, bel om uw Voicemail te beluisteren naar +31612001233 (PrePay:")
    assert (message.text or "").endswith("mobiel interne")


def test_a_status_report_says_what_became_of_which_message() -> None:
    message = decode("07914356060013F1065A098136397339F7219011700463802190117004638030")
    assert (message.kind, message.recipient, message.reference) == ("status_report", "639337937", 0x5A)
    assert (message.delivery, message.status, message.text) == ("pending", 0x30, None)


@pytest.mark.parametrize(
    ("status", "word"),
    [("00", "delivered"), ("01", "delivered"), ("20", "pending"), ("41", "failed"), ("62", "failed")],
)
def test_status_words(status: str, word: str) -> None:
    assert decode(f"07914356060013F1065A098136397339F72190117004638021901170046380{status}").delivery == word


def test_a_message_of_our_own() -> None:
    text = "May salary na ba?"
    message = decode("0791361907001003B17A0C913619397748660000AD11CD701E340FB3C3F23CC81D0689C3BF", outgoing=True)
    assert (message.kind, message.recipient, message.text) == ("submit", "+639193778466", text)


@pytest.mark.parametrize(
    ("dcs", "expected"),
    [
        (0x00, Coding()),
        (0x04, Coding("8bit")),
        (0x08, Coding("ucs2")),
        (0x0C, Coding()),
        (0x10, Coding(message_class=0)),
        (0x18, Coding("ucs2", message_class=0)),
        (0x20, Coding(compressed=True)),
        (0x48, Coding("ucs2")),
        (0x80, Coding(reserved=True)),
        (0xB8, Coding(reserved=True)),
        (0xC8, Coding()),
        (0xD0, Coding()),
        (0xE0, Coding("ucs2")),
        (0xF1, Coding(message_class=1)),
        (0xF5, Coding("8bit", message_class=1)),
        (0xF8, Coding(message_class=0)),
    ],
)
def test_coding_schemes_reserved_ones_being_the_default_alphabet(dcs: int, expected: Coding) -> None:
    assert coding(dcs) == expected


def test_national_tables_are_chosen_by_the_header() -> None:
    header = bytes.fromhex("06240101250101")  # Turkish, single and locking: 56 bits, so no fill bits
    body = header + gsm7.pack(b"\x07\x1bg\x04")
    assert deliver("00", 8 + 4, body.hex(), first="44").text == "ığ€"


def test_surrogate_pairs_and_a_split_one() -> None:
    assert deliver("08", 4, "D83DDE00").text == "😀"
    half = deliver("08", 2, "D83D")
    assert half.text == "\ud83d"
    assert read_pdu(HEAD.format(first="04", dcs="08", pid="00") + "02D83D").text == "\ufffd"


def test_octets_are_data_and_text_only_if_plainly_ascii() -> None:
    assert (deliver("04", 3, "E8329B").text, deliver("04", 3, "E8329B").data) == (None, b"\xe8\x32\x9b")
    assert (deliver("04", 2, "4869").text, deliver("04", 2, "4869").data) == ("Hi", b"Hi")
    assert deliver("04", 4, "480A0D69").text == "H\n\ri"
    assert [deliver("04", 2, octets).text for octets in ("481B", "487F", "4880")] == [None] * 3
    assert (deliver("04", 0, "").text, deliver("04", 0, "").data) == (None, b"")


def test_a_wap_push_is_data() -> None:
    message = deliver("04", 9, "0605040B8423F0" + "4869", first="44")
    assert (message.ports, message.text, message.data) == ((2948, 9200), None, b"Hi")


def test_data_for_the_card_are_no_text() -> None:
    assert deliver("F2", 2, "C834", pid="7F").text is None
    assert deliver("00", 2, "C834", pid="3F").text == "Hi"
    assert deliver("F2", 2, "C834").text == "Hi"
    assert deliver("00", 2, "C834", pid="7F").text == "Hi"


def test_a_compressed_text_is_said_to_be_one() -> None:
    message = deliver("20", 2, "C834")
    assert (message.text, message.data, message.problems) == (None, b"\xc8\x34", ("compressed",))
    assert deliver("20", 8, "0102030405060708").data == bytes(range(1, 9))


def test_a_cut_text_is_read_as_far_as_it_goes() -> None:
    message = deliver("00", 11, "E8329BFD4697D9EC37")
    assert message.text == "hellohello"
    assert message.problems == ("truncated",)
    assert deliver("08", 4, "4F6059").problems == ("truncated",)
    assert deliver("08", 3, "4F6059").problems == ("truncated",)
    assert decode(HEAD.format(first="04", dcs="00", pid="00")).problems == ("truncated",)


@pytest.mark.parametrize(("dcs", "most"), [("00", 160), ("04", 140), ("08", 140)])
def test_what_is_longer_than_a_message_can_be_is_cut(dcs: str, most: int) -> None:
    """23.040 §9.2.3.16: 160 septets or 140 octets."""
    assert deliver(dcs, most, "41" * most).problems == ()
    assert deliver(dcs, most + 2, "41" * (most + 2)).problems == ("truncated",)


def test_what_a_cut_header_leaves_is_no_text() -> None:
    message = deliver("00", 4, "0500037E", first="44")
    assert (message.text, message.data, message.problems) == (None, bytes.fromhex("0500037E"), ("header_overruns",))


def test_octets_under_a_reserved_scheme_are_no_septets() -> None:
    """Korea: KS X 1001 under 0x84, counted in octets; counted in septets it is the default alphabet (23.038 §4)."""
    octets, septets = deliver("84", 4, "A4B2A4B2"), deliver("84", 10, "E8329BFD4697D9EC37")
    assert (octets.text, octets.data) == (None, bytes.fromhex("A4B2A4B2"))
    assert (septets.text, septets.data) == ("hellohello", None)


def test_a_header_longer_than_the_message_is_no_header() -> None:
    message = deliver("08", 4, "4F60597D", first="44")
    assert (message.text, message.problems) == ("你好", ("header_overruns",))


@pytest.mark.parametrize("element", ["000300", "00030A0300", "00030A0304", "000200", "0003", "05040B84"])
def test_elements_of_a_header_that_are_wrong_are_ignored(element: str) -> None:
    header = f"{len(element) // 2:02X}{element}"
    message = deliver("08", len(header) // 2 + 2, header + "4F60", first="44")
    assert (message.part, message.ports, message.text) == (None, None, "你")


@pytest.mark.parametrize(
    ("stamp", "time"),
    [
        ("00000000000000", None),
        ("11101021436597", "2011-01-01T12:34:56"),
        ("11101021436508", "2011-01-01T12:34:56+00:00"),
        ("1110102143652B", "2011-01-01T12:34:56-08:00"),
        ("111010214365FF", "2011-01-01T12:34:56"),
        ("F1101021436500", None),
        ("11202921436500", None),
    ],
)
def test_time_stamps_that_cannot_be(stamp: str, time: str | None) -> None:
    message = decode(f"07912143658709F1040B918100551512F20000{stamp}02C834")
    assert (message.time.isoformat() if message.time else None) == time
    assert message.text == "Hi"
    assert ("time_invalid" in message.problems) == (time is None)


@pytest.mark.parametrize(
    ("address", "sender"),
    [
        ("00A1", None),
        ("0DD0C834888E2ECB01", "Hi ther"),
        ("0ED0C834888E2ECB01", "Hi ther"),
        ("06D061F118", "abc"),
        ("14D0E10D6FE3DBA036A94D19", "a[]{}€"),
        ("04852143", "1234"),
        ("0381A1F0", "1*0"),
        ("0681BADC21", "*#ab12"),
    ],
)
def test_senders_of_every_kind(address: str, sender: str | None) -> None:
    message = decode(f"07912143658709F104{address}00001110102143650002C834")
    assert message.sender == sender


def test_a_service_centre_that_is_left_out_or_miscounted_is_worked_around() -> None:
    bare = HOW[16:]
    message = decode(bare, length=len(bare) // 2)
    assert (message.text, message.sender, message.problems) == ("How are you?", "+31641600986", ("no_centre",))
    miscounted = decode("08" + HOW[2:], length=len(bare) // 2)
    assert (miscounted.text, miscounted.sender) == ("How are you?", "+31641600986")


@pytest.mark.parametrize(
    ("pdu", "sender"),
    [
        ("04088182439548000852111231024023084F60597D4F60597D", "28345984"),  # else a message of our own that is cut,
        ("0C0B812830146748F8000862901231024023084F60597D4F60597D", "82034176848"),  # or a report without a time,
        ("040B819235400100F7000852201031024023084F60597D4F60597D", "29530410007"),  # or one whose header is too long
    ],
)
def test_of_two_readings_the_one_without_fault_is_believed(pdu: str, sender: str) -> None:
    message = decode(pdu)
    assert (message.sender, message.text, message.problems) == (sender, "你好你好", ("no_centre",))


def test_a_message_without_a_centre_is_believed_only_if_all_else_fits() -> None:
    with pytest.raises(PduError, match="announced"):
        decode(HOW[16:-4])
    compressed = f"{HEAD[16:].format(first='04', dcs='20', pid='00')}02C834"
    assert decode(compressed).problems == ("compressed", "no_centre")


def test_a_message_without_a_centre_is_believed_if_its_length_says_so_and_it_reads_no_other_way() -> None:
    bare = HOW[16:]
    odd_time = bare.replace("20806291731408", "FF806291731408")
    message = decode(odd_time, length=len(odd_time) // 2)
    assert (message.text, message.time, message.problems) == ("How are you?", None, ("time_invalid", "no_centre"))
    for length in (None, len(odd_time) // 2 - 1, len(odd_time) // 2 + 1):
        with pytest.raises(PduError):
            decode(odd_time, length=length)


@pytest.mark.parametrize("length", [0, 1, 29, 31, 38, 39, 255])
def test_a_whole_message_is_read_whatever_its_length_is_said_to_be(length: int) -> None:
    message = decode(HOW, length=length)
    assert (message.text, message.sender, message.problems) == ("How are you?", "+31641600986", ())


def test_a_length_beyond_the_message_says_nothing_of_where_it_begins() -> None:
    junk = "07FF" * 3
    with pytest.raises(PduError):
        decode(junk + HOW[16:], len(junk + HOW[16:]) // 2 + 30)


def test_the_first_trouble_is_told() -> None:
    with pytest.raises(PduError, match="empty"):
        decode("")
    with pytest.raises(PduError, match="ends after 4 octets"):
        decode("07911326040000F0040B9113")
    with pytest.raises(PduError, match="longer than any"):
        decode("20" + "00" * 32 + HOW[16:])


@pytest.mark.parametrize(
    ("centre", "said"), [("07911326040000F0", "+31624000000"), ("038101F0", "100"), ("0191", None), ("00", None)]
)
def test_the_service_centre_is_told(centre: str, said: str | None) -> None:
    message = decode(centre + HOW[16:])
    assert (message.centre, message.text, message.problems) == (said, "How are you?", ())


def test_an_odd_digit_is_left_over() -> None:
    assert decode(HOW + "0").problems == ("odd_digits",)
    assert decode(HOW[:-2] + "0").problems == ("truncated", "odd_digits")


@pytest.mark.parametrize(
    ("first", "validity"), [("01", ""), ("11", "AD"), ("09", "01020304050607"), ("19", "62111281000023")]
)
def test_a_validity_of_each_form_is_passed_over(first: str, validity: str) -> None:
    """23.040 §9.2.3.3: none, relative, enhanced, absolute."""
    message = decode(f"00{first}000B914316565811F90000{validity}04E8373B0C")
    assert (message.text, message.problems) == ("hola", ())


REPORT = "07914356060013F1065A098136397339F7219011700463802190117004638000"


@pytest.mark.parametrize(
    ("end", "text"),
    [
        ("", None),
        ("00", None),
        ("00" + "004F60", None),
        ("01" + "00", None),
        ("03" + "00" + "08" + "024F60", None),
        ("04" + "02E834", "hi"),
        ("05" + "00" + "02E834", "hi"),
        ("06" + "08" + "044F60597D", "你好"),
        ("07" + "00" + "08" + "044F60597D", "你好"),
        ("07", None),
        ("0700", None),
        ("070008", None),
    ],
)
def test_a_reports_optional_end_is_read_as_its_parameter_indicator_says(end: str, text: str | None) -> None:
    """23.040 §9.2.3.27: protocol identifier, coding scheme, user data; whatever of it is there."""
    message = decode(REPORT + end)
    assert (message.text, message.delivery, message.problems) == (text, "delivered", ())


def test_a_report_without_a_time_says_so() -> None:
    timeless = REPORT.replace("21901170046380", "00000000000000", 1)
    assert decode(timeless).problems == ("time_invalid",)
    assert decode(f"{timeless}06080A4F60").problems == ("truncated", "time_invalid")


def test_two_faults_are_both_told() -> None:
    message = decode(HEAD.format(first="04", dcs="08", pid="00").replace("11101021436500", "0" * 14) + "044F60")
    assert (message.text, message.problems) == ("你", ("truncated", "time_invalid"))


@pytest.mark.parametrize(
    "text",
    ["", "0", "00", "hello", "0791", "FF" * 30, "0" * 60, "07911326040000F0040B9113", "49B41C74ACD3D16171D90D66"],
)
def test_what_is_no_message_is_a_documented_error(text: str) -> None:
    with pytest.raises(PduError):
        decode(text)
    assert read_pdu(text).text is None


@given(st.binary(max_size=250), st.none() | st.integers(-5, 300), st.booleans())
@example(b"\x00\x04", None, False)
def test_any_octets_are_a_message_or_the_documented_error(data: bytes, length: int | None, outgoing: bool) -> None:
    try:
        message = decode(data.hex(), length, outgoing=outgoing)
    except PduError:
        return
    assert whole(message.text or "").encode("utf-8")
    assert message.part is None or 1 <= message.part.number <= message.part.parts


@given(st.text(max_size=30))
def test_any_text_is_read_without_an_exception(text: str) -> None:
    read_pdu(text)


@pytest.mark.parametrize("cut", range(len(HOW) + 1))
def test_a_message_cut_anywhere_is_never_another_text(cut: int) -> None:
    reading = read_pdu(HOW[:cut])
    assert "How are you?".startswith(reading.text or "")


@given(st.text(min_size=1, max_size=400).filter(lambda text: whole(text) == text))
def test_what_is_sent_reads_the_same(text: str) -> None:
    if parts_needed(text) > MAX_PARTS:
        with pytest.raises(TooLong):
            submits("+8613800138000", text, 7)
        return
    messages = [decode(part.pdu, part.length, outgoing=True) for part in submits("+8613800138000", text, 7)]
    assert whole("".join(message.text or "" for message in messages)) == text.removeprefix("\ufeff")
    assert {message.recipient for message in messages} == {"+8613800138000"}
    assert all(message.problems == () for message in messages)


@pytest.mark.parametrize(
    ("text", "parts"),
    [("x" * 160, 1), ("x" * 161, 2), ("x" * 306, 2), ("x" * 307, 3), ("€" * 80, 1), ("€" * 153, 3), ("ő" * 70, 1),
     ("ő" * 71, 2),
     ("ő" * 134, 2), ("ő" * 135, 3), ("😀" * 35, 1), ("😀" * 67, 3), ("，" * 134, 2)],
)  # fmt: skip
def test_parts_are_counted_as_networks_count_them(text: str, parts: int) -> None:
    assert parts_needed(text) == parts


def test_a_known_pdu_is_written() -> None:
    (part,) = submits("+34616585119", "hola", 0)
    assert (part.pdu, part.length) == ("0001000B914316565811F9000004E8373B0C", 17)
    (wide,) = submits("10086", "余额", 0)
    assert (wide.pdu, wide.length) == ("00010005810180F60008044F59989D", 14)


def test_parts_of_septets_begin_at_a_septet_behind_their_header() -> None:
    """23.040 §9.2.3.24: six octets and a fill bit take seven septets; the first letter's lowest bit is at bit 49."""
    first, second = submits("10086", "a" * 161, 0x1F)
    assert first.pdu.startswith("00410005810180F60000A00500031F0201C2E170381C0E87C3")
    assert second.pdu == "00410005810180F600000F0500031F0202C2E170381C0E8701"


def test_nothing_and_too_much_are_not_sent() -> None:
    with pytest.raises(ValueError, match="empty"):
        submits("10086", "", 0)
    assert len(submits("10086", "x" * 153 * MAX_PARTS, 0)) == MAX_PARTS
    with pytest.raises(TooLong, match="11"):
        submits("10086", "x" * (153 * MAX_PARTS + 1), 0)


@pytest.mark.parametrize("number", ["", "+", "Mum", "0" * 21, "12 34", "１２"])
def test_a_number_that_is_none_is_refused(number: str) -> None:
    with pytest.raises(PduError):
        submits(number, "hello", 0)
