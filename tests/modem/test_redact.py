"""Recordings hold no identities: whatever the identity, wherever it stands, however it is spelled."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modem import iccid
from modem.decode import decode
from modem.pseudonyms import Pseudonyms, luhn
from modem.redact import Exchange, redacted
from modem.redact_pdu import masked_pdu, masked_text
from modem.simulator.capture import load_capture
from modem.simulator.messages import delivered, swapped
from modem.values import as_json

KEY = b"a key for tests, 32 bytes long.."
CAPTURES = [
    path
    for path in sorted((Path(__file__).parent / "captures").glob("*.toml"))
    if 'kind = "device"' in path.read_text()
]


# A second opinion, written without a look at modem/redact.py: where do the digits of an identity appear?


def packed_septets(text: str, offset: int) -> str:
    """The hexadecimal of `text` in 7-bit packing, begun `offset` septets into an octet; whole octets only."""
    value = sum(ord(char) << 7 * (at + offset) for at, char in enumerate(text))
    octets = value.to_bytes((7 * (len(text) + offset) + 7) // 8, "little")
    return octets[(7 * offset + 7) // 8 : 7 * (len(text) + offset) // 8].hex().upper()


def spellings(run: str) -> set[str]:
    pairs = swapped(run) if len(run) % 2 == 0 else ""
    inner = swapped(run[1:-1]) if len(run) % 2 == 0 else ""
    wide = "".join(f"00{ord(char):02X}" for char in run)
    packed = {packed_septets(run, offset) for offset in range(8)}
    return {text for text in {run, pairs, inner, wide, run.encode().hex().upper(), *packed} if len(text) >= 6}


def leaks(identity: str, text: str, kept: int) -> set[str]:
    """Runs of eight characters of `identity`, not all of them among its first `kept`, that `text` shows somehow."""
    shown = text.upper()
    runs = {identity[at : at + 8] for at in range(max(0, kept - 7), len(identity) - 7)}
    return {run for run in runs for spelled in spellings(run) if spelled in shown}


def shown(exchanges: list[Exchange], urcs: list[str] | None = None) -> str:
    done, lines = redacted(exchanges, urcs or [], KEY)
    return "\n".join([f"{command}\n{reply or ''}" for command, reply in done] + lines)


def digits(length: int) -> st.SearchStrategy[str]:
    """Such as tell one identity from another: a row of zeros is found in any hexadecimal text."""
    repetitive = re.compile(r"0|.*(\d)\1\1")
    return st.text("0123456789", min_size=length, max_size=length).filter(
        lambda text: len(set(text)) > 4 and not repetitive.match(text)
    )


IMEI = digits(6).map(lambda serial: "86799804" + serial).map(lambda body: body + luhn(body))
ICCID = digits(13).map(lambda rest: "898600" + rest).map(lambda body: body + luhn(body))
IMSI = digits(10).map(lambda rest: "46000" + rest)
PHONE = digits(8).map(lambda rest: "139" + rest)


@given(IMEI, ICCID, IMSI, PHONE)
@settings(max_examples=60, deadline=None)
def test_no_run_of_an_identity_survives_in_any_spelling(imei: str, card: str, imsi: str, phone: str) -> None:
    pdu = delivered("+86" + phone, f"机主{phone}，卡号{card}", datetime(2026, 11, 22, tzinfo=UTC), 32, 1)[0].pdu
    wide = "".join(f"{ord(char):04X}" for char in f"your number is {phone}, imei {imei}")
    text = shown(
        [
            ("AT+CGSN", f"\r\n{imei}\r\n\r\nOK\r\n"),
            ("AT+EGMR=0,7", f'\r\n+EGMR: "{imei}"\r\n\r\nOK\r\n'),
            ("AT+GSN", f"\r\n{imei[:14]}01\r\n\r\nOK\r\n"),
            ("ATI", f"\r\nQuectel\r\nIMEI: {imei}\r\n\r\nOK\r\n"),
            ("AT+QCCID", f"\r\n+QCCID: {card}\r\n\r\nOK\r\n"),
            ("AT+CCID", f'\r\n+CCID: "{card[:19]}"\r\n\r\nOK\r\n'),
            ("AT^ICCID?", f"\r\n^ICCID: {swapped(card)}\r\n\r\nOK\r\n"),
            ("AT+CRSM=176,12258,0,0,10", f'\r\n+CRSM: 144,0,"{swapped(card)}"\r\n\r\nOK\r\n'),
            ("AT+CRSM=176,28423,0,0,9", f'\r\n+CRSM: 144,0,"08{swapped("9" + imsi)}"\r\n\r\nOK\r\n'),
            (
                "AT+CRSM=178,28480,1,4,28",
                f'\r\n+CRSM: 144,0,"FFFFFFFF0791{swapped("86" + phone + "F")}FFFF"\r\n\r\nOK\r\n',
            ),
            (
                "AT+CRSM=178,28482,1,4,28",
                f'\r\n+CRSM: 144,0,"FD{"FF" * 12}0891{swapped("86" + phone + "F").ljust(20, "F")}0000A7"\r\n\r\nOK\r\n',
            ),
            (f"ATD{phone};", f"ATD{phone};\r\r\nOK\r\n"),
            ('AT+CSIM=14,"00B2010428"', f'\r\n+CSIM: 28,"0891{swapped("86" + phone + "F")}9000"\r\n\r\nOK\r\n'),
            ("AT+CIMI", f"\r\n{imsi}\r\n\r\nOK\r\n"),
            ("AT+CNUM", f'\r\n+CNUM: "Zhang San","+86{phone}",145\r\n\r\nOK\r\n'),
            ("AT+CNUM", f'\r\n+CNUM: "","{wide}",129\r\n\r\nOK\r\n'),
            ("AT+CMGL=4", f"\r\n+CMGL: 1,1,,{len(pdu) // 2 - 9}\r\n{pdu}\r\n\r\nOK\r\n"),
            ("AT+CMGR=1", f'\r\n+CMGR: "REC READ","+86{phone}",,"26/11/22,08:00:00+32"\r\ncall {phone}\r\n\r\nOK\r\n'),
            ("AT+CMGR=2", f'\r\n+CMGR: "REC READ","{phone}",,"26/11/22,08:00:00+32"\r\n{wide}\r\n\r\nOK\r\n'),
            ('AT+CUSD=1,"*100#",15', f'\r\nOK\r\n\r\n+CUSD: 0,"{wide}",72\r\n'),
            ('AT+CUSD=1,"*100#",15', f'\r\nOK\r\n\r\n+CUSD: 0,"{packed_septets("number " + phone + " ok", 0)}",15\r\n'),
            (f'AT+CMGS="{phone}"', "\r\n> "),
            ("AT+WEIRD?", f"\r\n+WEIRD: x{imsi}y,{card}z,id={imei}\r\n\r\nOK\r\n"),
        ],
        [f'+CMT: "+86{phone}",,"26/11/22,08:00:00+32"', f'+CLIP: "{phone}",129'],
    )
    assert not leaks(imei, text, 8)
    assert not leaks(card, text, 6)
    assert not leaks(imsi, text, 5)
    assert not leaks(phone, text, 3)
    assert "Zhang" not in text


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.stem)
def test_real_dialogues_lose_their_identities_and_nothing_else(path: Path) -> None:
    capture = load_capture(path)
    before = [(one.command, None if one.reply is None else one.reply.decode("latin-1")) for one in capture.exchanges]
    after, _ = redacted(before, (), KEY)
    text = "\n".join(f"{command} {reply}" for command, reply in after)
    for _, reply in before:
        for run in re.findall(r"(?<![0-9A-Za-z])(?:[0-9]{15}|89[0-9A-F]{17,18})(?![0-9A-Za-z])", reply or ""):
            assert run not in text
    assert [_shape(command) for command, _ in after] == [_shape(command) for command, _ in before]
    assert [_shape(reply) for _, reply in after] == [_shape(reply) for _, reply in before]


TOLD_OF_SOMEBODY = {
    "iccid": {"iccid"}, "imsi": {"imsi"}, "identity": {"imei", "serial"}, "own_number": {"msisdn", "name"},
    "address": {"addresses"}, "context_params": {"addresses", "gateway", "dns"}, "contexts": {"contexts"},
    "sms": {"sender", "recipient", "text", "pdu", "data"}, "ussd": {"text", "hex"}, "network_info": {"values"},
}  # fmt: skip
"""Kind of reading → what of it may be another in a recording."""


def _told(exchanges: list[Exchange]) -> list[tuple[str | None, object, list[dict[str, object]], int]]:
    """What a recording says: command's name, outcome, readings without whom they are about, lines not read."""
    text = "".join(f"{command}\r{reply or ''}\r\n" for command, reply in exchanges)
    return [
        (
            (one.command or "")[:8],
            (one.final, one.error),
            [
                {name: value for name, value in as_json(reading).items()
                 if name not in TOLD_OF_SOMEBODY.get(reading.kind, set())}
                for reading in one.readings
            ],
            len(one.unknown),
        )
        for one in decode(text)
    ]  # fmt: skip


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.stem)
def test_a_recording_is_read_like_the_dialogue_itself(path: Path) -> None:
    """So its verdict is the same: what decides it is in the readings. Recorded once more it still says the same."""
    capture = load_capture(path)
    before = [(one.command, None if one.reply is None else one.reply.decode("latin-1")) for one in capture.exchanges]
    after, _ = redacted(before, (), KEY)
    again, _ = redacted(after, (), b"another key for the next recorder")
    assert _told(after) == _told(before)
    assert _told(again) == _told(before)


def _shape(reply: str | None) -> list[str] | None:
    """Lines, with everything that may be exchanged blotted out."""
    if reply is None:
        return None
    plain = re.sub(r"[0-9A-Fa-f.:x]+|\"[^\"]*\"", "#", reply)
    return [line.partition("#")[0] for line in plain.splitlines()]


def test_one_number_has_one_stand_in_in_all_its_spellings() -> None:
    done, _ = redacted(
        [
            ("AT+QCCID", "\r\n+QCCID: 89860012345678901234\r\n"),
            ("AT^ICCID?", f"\r\n^ICCID: {swapped('89860012345678901234')}\r\n"),
            ("AT+CCID", "\r\n+CCID: 8986001234567890123\r\n"),
            ("AT+CNUM", '\r\n+CNUM: "","+8613912345678",145\r\n'),
            ("AT+CNUM", '\r\n+CNUM: "","13912345678",129\r\n'),
        ],
        (),
        KEY,
    )
    replies = [(reply or "").strip() for _, reply in done]
    card = replies[0].removeprefix("+QCCID: ")
    assert replies[1] == f"^ICCID: {swapped(card)}"
    assert replies[2] == f"+CCID: {card[:19]}"
    assert replies[3].split('"')[3].removeprefix("+86") == replies[4].split('"')[3]


def test_shapes_stay_valid() -> None:
    names = Pseudonyms(KEY)
    imei = names.imei("867998041234565")
    assert imei.startswith("86799804")
    assert luhn(imei[:14]) == imei[14]
    card = names.iccid("8986001234567890123" + luhn("8986001234567890123"))
    assert iccid.issuer(card) == "China Mobile"
    assert luhn(card[:-1]) == card[-1]
    assert names.imsi("460001234567890").startswith("46000")
    assert names.imsi("310260123456789").startswith("310260")
    assert names.phone("10086") == "10086"


def test_two_recordings_of_one_modem_cannot_be_told_to_be_of_one() -> None:
    assert Pseudonyms().imei("867998041234565") != Pseudonyms().imei("867998041234565")


@pytest.mark.parametrize(
    ("address", "like"),
    [
        ("10.1.2.3", r"10\.\d+\.\d+\.\d+"),
        ("192.168.8.100", r"192\.168\.\d+\.\d+"),
        ("172.20.1.9", r"172\.20\.\d+\.\d+"),
        ("100.77.4.5", r"100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.\d+\.\d+"),
        ("211.136.112.50", r"203\.0\.113\.\d+"),
        ("0.0.0.0", r"0\.0\.0\.0"),
        ("255.255.255.0", r"255\.255\.255\.0"),
    ],
)
def test_addresses_stay_of_their_kind(address: str, like: str) -> None:
    assert re.fullmatch(like, Pseudonyms(KEY).address(address))


def test_secrets_of_the_apn_and_of_the_card_are_masked() -> None:
    text = shown(
        [
            ("AT+CGAUTH?", '\r\n+CGAUTH: 1,1,"shop0815","s3cret!"\r\n\r\nOK\r\n'),
            ("AT+QICSGP=1", '\r\n+QICSGP: 1,"cmiot","shop0815","s3cret!",1\r\n\r\nOK\r\n'),
            ('AT+QICSGP=1,1,"cmiot","shop0815","s3cret!",1', "\r\nOK\r\n"),
            ("AT+CPIN=4711", "\r\nOK\r\n"),
            ('AT+CPIN="4711"', "\r\nOK\r\n"),
        ]
    )
    assert "shop0815" not in text
    assert "s3cret" not in text
    assert "4711" not in text
    assert '"cmiot"' in text


def test_a_position_is_not_told() -> None:
    text = shown(
        [("AT+CGPSINFO", "\r\n+CGPSINFO: 3113.343286,N,12121.234064,E,250311,072809.3,44.1,0.0,0\r\n\r\nOK\r\n")]
    )
    assert "3113" not in text
    assert "12121" not in text


def test_what_decides_a_verdict_stays() -> None:
    lines = (
        '+CEREG: 3,3,,,,0,15',
        '+QENG: "servingcell","NOCONN","LTE","FDD",460,00,8C2D11B,123,1300,3,5,5,5A1B,-95,-10,-67,16,33',
        "+QGDCNT: 109169083,826632567890", "+CSQ: 20,99", "+CME ERROR: 13", '+CGDCONT: 1,"IP","cmiot","0.0.0.0",0,0',
        "Revision: EC20CEFAGR06A05M4G", '+CCLK: "26/11/22,02:31:44+32"', "+XCELLINFO: 0,310,410,00000000,00000000",
    )  # fmt: skip
    for line in lines:
        assert shown([("AT+X", f"\r\n{line}\r\n")]) == f"AT+X\n\r\n{line}\r\n"


def test_a_version_of_four_numbers_is_no_address() -> None:
    assert "11.617.13.0" in shown([("AT+CGMR", "\r\n11.617.13.0\r\n")])
    assert "9.1.2.3" in shown([("AT+CGMR", "\r\n9.1.2.3\r\n")])


PDUS = {
    "7 bit": "07913110101010F0040B913110325476F80000112222803000230CC8329BFD065DDF72363904",
    "alphanumeric sender": "07911326040000F0040ED0C2703BFD76BF00001170602143800006C8329BFD0E01",
}


@pytest.mark.parametrize("pdu", PDUS.values(), ids=PDUS)
def test_a_pdu_keeps_its_length_and_loses_its_text(pdu: str) -> None:
    names = Pseudonyms(KEY)
    done = masked_pdu(pdu, names.phone, names.digits)
    assert len(done) == len(pdu)
    assert done != pdu
    assert done.strip("0")


@given(st.text("0123456789ABCDEF", max_size=400))
@settings(deadline=None)
def test_no_pdu_is_too_broken(pdu: str) -> None:
    names = Pseudonyms(KEY)
    assert len(masked_pdu(pdu, names.phone, names.digits)) == len(pdu)


@given(st.text(max_size=200))
@settings(deadline=None)
def test_masked_text_is_as_long(text: str) -> None:
    assert len(masked_text(text, Pseudonyms(KEY).digits)) == len(text)


@given(
    st.lists(
        st.tuples(st.text(max_size=40), st.none() | st.binary(max_size=300).map(lambda data: data.decode("latin-1"))),
        max_size=5,
    )
)
@settings(deadline=None)
def test_nothing_that_a_modem_can_say_makes_it_fail(exchanges: list[Exchange]) -> None:
    redacted(exchanges, (), KEY)
