"""What a recording keeps of each kind of line and what it hides: by the command's name, line after line."""

import re

import pytest

from modem.redact import Exchange, redacted

KEY = b"a key for tests, 32 bytes long.."


def shown(*exchanges: Exchange) -> list[Exchange]:
    return redacted(exchanges, (), KEY)[0]


def line_shown(line: str, command: str = "AT+X") -> str:
    """What one line of an answer becomes."""
    reply = shown((command, f"\r\n{line}\r\n\r\nOK\r\n"))[0][1]
    assert reply is not None
    assert reply.startswith("\r\n")
    assert reply.endswith("\r\n\r\nOK\r\n")
    return reply[2:-8]


@pytest.mark.parametrize(
    "header",
    [
        '+CMGR: "REC UNREAD","10086",,"26/11/22,02:31:44+32"',
        '+CMGL: 3,"REC READ","10086",,"26/11/22,02:31:44+32"',
        '+CMT: "10086",,"26/11/22,02:31:44+32"',
        "+CBM: 1,2,3,4,1",
        '+CDS: 6,5,"10086",129',
    ],
)
def test_the_text_behind_a_messages_header_is_masked_and_the_header_stays(header: str) -> None:
    """27.005 §3.4 and §4: text mode."""
    assert line_shown(f"{header}\r\nDear Li Lei") == f"{header}\r\nxxxx xx xxx"


@pytest.mark.parametrize("name", ["+CNUM", "+CPBR", "+CPBF", "+CNAP", "+CLIP"])
def test_a_name_beside_a_number_is_masked(name: str) -> None:
    """27.007 §7.1, §8.12, §8.13, §7.30, §7.11."""
    assert line_shown(f'{name}: "Li Lei",129') == f'{name}: "xx xxx",129'


@pytest.mark.parametrize(
    "line",
    [
        "+CGPSINFO: 3113.343286,N",
        "+QGPSLOC: 3113.3432,N",
        "+CGNSINF: 1,1,31.222388",
        "+CGNSSINFO: 2,09,31.222388",
        "$GPGGA,3113.3432,N",
        "$GNRMC,3113.3432,N",
        "^LOCINFO: 31.222388",
        "+CIPGSMLOC: 0,31.222388",
        "+CLBS: 0,31.222388",
    ],
)
def test_a_position_is_hidden_whoever_tells_it(line: str) -> None:
    done = line_shown(line)
    assert done[:4] == line[:4]
    assert re.sub("[0-9A-F]", "0", done) == re.sub("[0-9A-F]", "0", line)
    assert not set(re.findall(r"\d{4,}", line)) & set(re.findall(r"\d{4,}", done))


@pytest.mark.parametrize(
    "name",
    ["+CGSN", "+GSN", "^SN", "^MEID", "+MEID", "^PHYNUM", "+EGMR", "+SIMEI", "+QCCID", "+EID", "+SN"],
)
def test_a_serial_number_is_hidden_where_one_is_asked_for(name: str) -> None:
    done = line_shown("D1X20471A", f"AT{name}")
    assert (len(done), done == "D1X20471A") == (9, False)
    assert line_shown("D1X20471A") == "D1X20471A"


@pytest.mark.parametrize(
    "name",
    ["I", "+CGMR", "+GMR", "+CGMM", "+GMM", "+CGMI", "+GMI", "+CSUB", "+CVERSION", "^VERSION", "+QGMR"],
)
def test_four_numbers_are_a_version_where_one_is_asked_for(name: str) -> None:
    assert line_shown("Revision: 11.61.7.13", f"AT{name}") == "Revision: 11.61.7.13"
    assert line_shown("+X: 11.61.7.13") != "+X: 11.61.7.13"


@pytest.mark.parametrize("name", ["+QGDCNT", "+QGDNRCNT", "^DSFLOWQRY", "^DSFLOWRPT"])
def test_the_octets_that_were_sent_are_no_identity(name: str) -> None:
    line = f"{name}: 109169083123456,82663256789012345"
    assert line_shown(line) == line
    assert line_shown("+X: 109169083123456") != "+X: 109169083123456"


@pytest.mark.parametrize(
    "name", ["+CGAUTH", "+XGAUTH", "+MGAUTH", "^AUTHDATA", "$QCPDPP", "+UAUTHREQ", "*AUTHREQ", "+UPSD"]
)
def test_user_and_password_are_hidden(name: str) -> None:
    assert shown((f'AT{name}=1,1,"shop","s3cret"', None)) == [(f'AT{name}=1,1,"xxxx","xxxxxx"', None)]
    assert line_shown(f'{name}: 1,1,"shop","s3cret"', f"AT{name}?") == f'{name}: 1,1,"xxxx","xxxxxx"'


@pytest.mark.parametrize("name", ["+QICSGP", "+CSTT", "+CNCFG"])
def test_user_and_password_behind_an_apn_are_hidden_and_the_apn_stays(name: str) -> None:
    assert shown((f'AT{name}=1,"cmiot","shop","s3cret"', None)) == [(f'AT{name}=1,"cmiot","xxxx","xxxxxx"', None)]


@pytest.mark.parametrize("line", ["AT+CGAUTH=?", "AT+CGAUTH= ?", "AT+CGAUTH="])
def test_a_question_about_passwords_stays(line: str) -> None:
    assert shown((line, None)) == [(line, None)]


def test_the_range_of_a_password_is_none() -> None:
    assert line_shown("+CGAUTH: (1-16),(0-3),(64),(64)", "AT+CGAUTH=?") == "+CGAUTH: (1-16),(0-3),(64),(64)"


@pytest.mark.parametrize("name", ["+CPIN", "+CPIN2", "+CLCK", "+CPWD", "^CPIN", "^CARDLOCK"])
def test_a_pin_is_hidden_in_every_command_that_takes_one(name: str) -> None:
    assert shown((f'AT{name}="SC",1,"4711"', None)) == [(f'AT{name}="SC",1,"0000"', None)]


def test_numbers_of_other_commands_are_no_pins() -> None:
    assert shown(("AT+CSCS=4711", None)) == [("AT+CSCS=4711", None)]


@pytest.mark.parametrize("file", [28589, 28539, 28486, 28512, 28513, 28514, 28531])
def test_a_file_about_networks_stays(file: int) -> None:
    """31.102 §4.2: EF_AD, EF_FPLMN, EF_SPN, the lists of networks, EF_HPPLMN."""
    line = '+CRSM: 144,0,"64F01064F020FFFFFF"'
    assert line_shown(line, f"AT+CRSM=176,{file},0,0,9") == line


def test_any_other_file_is_hidden_but_for_its_filling() -> None:
    done = line_shown('+CRSM: 144,0,"64F01064F020FFFFFF"', "AT+CRSM=176,28542,0,0,9")
    assert re.fullmatch('\\+CRSM: 144,0,"[0-9A-F]{12}FFFFFF"', done)
    assert "64F01064F020" not in done


@pytest.mark.parametrize("name", ["+CSIM", "+CGLA"])
def test_what_a_card_answers_is_hidden_but_for_its_status(name: str) -> None:
    """27.007 §8.17 and §8.45: the last two octets are SW1 and SW2."""
    done = line_shown(f'{name}: 16,"640102036040509000"', f"AT{name}=14")
    assert re.fullmatch(re.escape(name) + ': 16,"[0-9A-F]{14}9000"', done)
    assert "64010203604050" not in done


@pytest.mark.parametrize("final", ["ERROR", "+CME ERROR: 321", "+CMS ERROR: 321", "NO CARRIER", "CONNECT"])
def test_what_ends_an_answer_is_no_text_of_a_message(final: str) -> None:
    said = f'\r\n+CMT: "10086"\r\n{final}\r\n'
    assert shown(("AT+CMGR=1", said)) == [("AT+CMGR=1", said)]


def test_a_message_of_several_lines_is_masked_to_its_end() -> None:
    said = (
        '\r\n+CMGL: 1,"REC READ","10086"\r\nDear\r\nLi Lei\r\n+CMGL: 2,"REC READ","10086"\r\nBye\r\n+X: Li\r\nLei\r\n'
    )
    done = (
        '\r\n+CMGL: 1,"REC READ","10086"\r\nxxxx\r\nxx xxx\r\n+CMGL: 2,"REC READ","10086"\r\nxxx\r\nxx: xx\r\nLei\r\n'
    )
    assert shown(("AT+CMGL", said))[0][1] == done.replace("xx: xx", "+x: xx")


def test_what_the_carrier_says_to_a_code_is_masked() -> None:
    assert line_shown('+CUSD: 0,"Dear Li Lei",15') == '+CUSD: 0,"xxxx xx xxx",15'


@pytest.mark.parametrize(
    ("said", "like"),
    [
        ("11.61.7.13", r"203\.0\.113\.\d+"),
        ("11.61.7.13.255.255.255.0", r"203\.0\.113\.\d+\.255\.255\.255\.0"),
        ("300.61.7.13", r"300\.61\.7\.13"),
        ("11.61.7.13.5", r"11\.61\.7\.13\.5"),
        (".".join(["0"] * 16), r"0(\.0){15}"),
        ("36.9.136.98.1.2.3.4.5.6.7.8.9.10.11.12", r"36\.9\.136\.98(\.\d+){12}"),
        ("36.9.136.98.1.2.3.4.5.6.7.8.9.10.11.12" + ".255" * 16, r"36\.9\.136\.98(\.\d+){12}(\.255){16}"),
    ],
)
def test_an_address_keeps_its_shape(said: str, like: str) -> None:
    """27.007 §10.1.23: IPv4 and IPv6 as numbers, with or without a mask; anything else is none."""
    done = line_shown(f"+X: {said}")
    assert re.fullmatch(rf"\+X: {like}", done)
    assert "5.6.7.8.9" not in done


def test_an_address_of_huaweis_is_another_and_its_mask_stays() -> None:
    done = line_shown("^DHCP: 0D073D0B,00FFFFFF")
    assert re.fullmatch(r"\^DHCP: [0-9A-F]{2}7100CB,00FFFFFF", done)


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("4F60597D4F60597D4F60597D", "67D067D067D067D067D067D0"),  # UCS2 without a PDU around it
        ("4F60597D4F60597D", "4F60597D4F60597D"),  # as short as a code
        ("4F60597D4F60597D4F60597D4F60", "67D067D067D067D067D067D067D0"),
    ],
)
def test_a_text_in_hexadecimal_is_masked_character_by_character(said: str, left: str) -> None:
    assert line_shown(f'+CUSD: 0,"{said}",72') == f'+CUSD: 0,"{left}",72'


def test_a_name_in_hexadecimal_is_masked_and_a_code_is_not() -> None:
    assert line_shown('+CPBR: 1,"10086",129,"4F60597D4F60"') == '+CPBR: 1,"10086",129,"67D067D067D0"'
    assert line_shown('+CPBR: 1,"002A0031003000300023",129') == '+CPBR: 1,"002A0031003000300023",129'


def test_a_mask_of_huaweis_stays_as_it_is_spelled() -> None:
    assert line_shown("^DHCP: 00ffffff") == "^DHCP: 00ffffff"


@pytest.mark.parametrize(
    ("line", "like"),
    [
        ("+CGPSINFO: 3113.343286,N,12121.234064,E,250311,072809.3,44.1,0.0,0",
         r"\+CGPSINFO: \d{4}\.\d{6},N,\d{5}\.\d{6},E,\d{6},\d{6}\.\d,\d\d\.\d,0\.0,0"),
        ("$GPGGA,072809.3,3113.3432,N,12121.2340,E,1,08,1.1,44.1,M*4E",
         r"\$GPGGA,\d{6}\.\d,\d{4}\.\d{4},N,\d{5}\.\d{4},E,1,\d\d,\d\.\d,\d\d\.\d,M\*4E"),
        ("+QGPSGNMEA: $GNRMC,072809.3,A,3113.3432,N", r"\+QGPSGNMEA: \$GNRMC,\d{6}\.\d,A,\d{4}\.\d{4},N"),
        ("+CGNSINF: 1,1,20261122031509.000,31.222388,121.353957",
         r"\+CGNSINF: 1,1,\d{14}\.\d{3},\d\d\.\d{6},\d{3}\.\d{6}"),
        ("+CGNSINF: 1,0,,0.000000,0.000000", r"\+CGNSINF: 1,0,,0\.000000,0\.000000"),
        ("+CGPSINFO: ,,,,,,,,", r"\+CGPSINFO: ,,,,,,,,"),
        ("+QCELLLOC: 121.353957,31.222388", r"\+QCELLLOC: \d{3}\.\d{6},\d\d\.\d{6}"),
        ("+UULOC: 22/11/2026,03:15:09.000,31.222388,121.353957,0,10,0,0,0,1,0,0,0", r"\+UULOC: .*"),
        ("$GPSACP: 080220.479,3113.3432N,12121.2340E", r"\$GPSACP: \d{6}\.\d{3},\d{4}\.\d{4}N,\d{5}\.\d{4}E"),
    ],
)  # fmt: skip
def test_a_position_keeps_its_lines_name_and_its_shape(line: str, like: str) -> None:
    """SIM7600 AT manual §23.1.6, NMEA 0183, EC2x GNSS manual, SIM7080 AT manual §20; nobody was found at nought."""
    done = line_shown(line)
    assert re.fullmatch(like, done)
    told = re.compile(r"(?:31|121)\.\d{6}|\d{4,5}\.\d{4,6}|072809")
    assert not set(told.findall(line)) & set(told.findall(done))


def test_a_position_without_a_name_is_hidden_where_one_was_asked_for() -> None:
    assert "22 Deg 14" not in line_shown("Lat: 22 Deg 14 Min 12.48 Sec N", "AT!GPSLOC?")
    assert line_shown("Lat: 22 Deg 14 Min 12.48 Sec N") == "Lat: 22 Deg 14 Min 12.48 Sec N"


@pytest.mark.parametrize(
    ("command", "left"),
    [
        ("AT+CPIN=4711", "AT+CPIN=0000"),
        ('AT+CGAUTH=1,1,"shop","s3cret"', 'AT+CGAUTH=1,1,"xxxx","xxxxxx"'),
        ('AT+QICSGP=1,1,"cmiot","shop","s3cret",1', 'AT+QICSGP=1,1,"cmiot","xxxx","xxxxxx",1'),
        ("ATD**04*4711*0815*0815#;", "ATD**04*0000*0000*0000#;"),
    ],
)
def test_the_echo_of_a_secret_is_hidden_like_the_command(command: str, left: str) -> None:
    assert shown((command, f"{command}\r\r\nOK\r\n")) == [(left, f"{left}\r\r\nOK\r\n")]


def test_user_and_password_are_hidden_in_an_answer_without_its_name() -> None:
    assert line_shown('1,1,"shop","s3cret"', "AT+CGAUTH?") == '1,1,"xxxx","xxxxxx"'


@pytest.mark.parametrize("text", ["10086", "1001", "*100#", "10655"])
def test_a_carriers_own_number_stays_in_ucs2_too(text: str) -> None:
    wide = "".join(f"{ord(char):04X}" for char in text)
    for line in (f'+CMGR: "REC READ","{wide}",,"x"', f"+X: {wide}", f'+CLIP: "{wide}",129'):
        assert line_shown(line) == line
        assert line_shown(line.replace(wide, text)) == line.replace(wide, text)


def test_a_number_in_ucs2_has_the_stand_in_of_the_plain_one() -> None:
    def wide(text: str) -> str:
        return "".join(f"{ord(char):04X}" for char in text)

    header = '+CMGR: "REC READ","{}",,"26/11/22,02:31:44+32"'
    plain = line_shown(header.format("1065812")).split('"')[3]
    assert plain != "1065812"
    assert line_shown(header.format(wide("1065812"))) == header.format(wide(plain))
