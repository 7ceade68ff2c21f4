"""Quectel's own commands, on lines from captures and manuals."""

import pytest

from modem import signal
from modem.dialect import Question
from modem.dialects import choose, quectel
from modem.values import (
    Address,
    Cell,
    ContextActive,
    ContextParams,
    Counters,
    Identity,
    NetworkInfo,
    Operator,
    Reading,
    Registration,
    Signal,
    Sim,
    SimSlot,
    SimSlots,
    Temperature,
)
from tests.fakes.replies import capture, lines_of, reply


def asked(question: Question, *lines: str, model: str = "EC25") -> tuple[Reading, ...]:
    return choose("Quectel", model, "").asks[question][0].parse(reply(*lines))


def captured(name: str, command: str) -> tuple[str, ...]:
    (found,) = [one["reply"] for one in capture(name)["exchange"] if one["cmd"] == command]
    return tuple(lines_of(found)[:-1])


def test_serving_cell_of_lte_on_qualcomm_scales_sinr() -> None:
    line = '+QENG: "servingcell","NOCONN","LTE","FDD",460,00,43300C,348,1802,3,5,5,5443,-87,-16,-69,16,34'
    cell, level = asked(Question.CELL, line)
    assert cell == Cell("lte", plmn="46000", tac="5443", cell_id="43300C", pci=348, channel=1802, band="B3")
    assert isinstance(level, Signal)
    assert (level.rsrp_dbm, level.rsrq_db, level.rssi_dbm, level.sinr_db) == (-87, -16, -69, 12)


def test_serving_cell_on_asr_has_sinr_in_db() -> None:
    lines = captured("quectel-ec200t-01-healthy", 'AT+qeng="servingcell"')
    _, level = asked(Question.CELL, *lines, model="EC200T")
    assert isinstance(level, Signal)
    assert level.sinr_db == 5


def test_sinr_is_not_guessed_where_the_platform_is_not_known() -> None:
    lines = captured("quectel-ec200t-01-healthy", 'AT+qeng="servingcell"')
    _, level = asked(Question.CELL, *lines, model="XX999")
    assert isinstance(level, Signal)
    assert level.sinr_db is None


_MODELS_BY_SINR: dict[float | None, str] = {  # of an index 16: dB = 2 * x - 20, or dB already
    12: "EC20F EC21 EC25 EG21-G EG25-G EG91 EP06-E EG06 EM05 EM06 EM12-G EM20 EG12 EG18 AG35 RG500Q RG520N RM500Q "
    "RM510Q RM520N BG95-M3 BG77 BG600L-M3",
    16: "EC200U EG912Y EG915U EC600M EC800M EG800K EC100Y RM500U-CN RG500U RG200U",
    None: "BG770A-GL BG773A-GL M95 BC66 UC20",
}


@pytest.mark.parametrize(("sinr", "model"), [(db, one) for db, all_ in _MODELS_BY_SINR.items() for one in all_.split()])
def test_the_platform_says_what_the_sinr_counts(sinr: float | None, model: str) -> None:
    read = choose("Quectel", model, "").parsers["+QENG"]
    line = '+QENG: "servingcell","NOCONN","LTE","FDD",460,00,43300C,348,1802,3,5,5,5443,-87,-16,-69,16,34'
    _, level = read(reply(line))
    assert isinstance(level, Signal)
    assert level.sinr_db == sinr


def test_dual_connectivity_comes_in_three_lines() -> None:
    lines = captured("quectel-rm50xq-01-healthy", 'at+qnwinfo;+qcainfo;+qeng="servingcell";+qspn')
    found = asked(Question.CELL, *(line for line in lines if line.startswith("+QENG")), model="RG500Q-EA")
    state, lte, lte_level, nr, nr_level = found
    assert state == NetworkInfo(service="valid")
    assert isinstance(lte, Cell)
    assert isinstance(nr, Cell)
    assert isinstance(lte_level, Signal)
    assert isinstance(nr_level, Signal)
    assert (lte.band, nr.band, nr.channel) == ("B1", "n41", 528030)
    assert (lte_level.rsrp_dbm, nr_level.rsrp_dbm, nr_level.sinr_db, nr_level.rsrq_db) == (-89, -76, 21, -11)


@pytest.mark.parametrize(
    ("name", "cell_id", "tac", "rsrp", "sinr"),
    [
        ("quectel-rm5xx-02-healthy", "100072000", "114000", -109, 14),
        ("quectel-rm5xx-03-healthy", "939204254", "60AA00", -104, 11),
    ],
)
def test_5g_alone(name: str, cell_id: str, tac: str, rsrp: int, sinr: int) -> None:
    lines = captured(name, 'at+qnwinfo;+qcainfo;+qeng="servingcell";+qspn')
    cell, level = asked(Question.CELL, *(line for line in lines if line.startswith("+QENG")))
    assert isinstance(cell, Cell)
    assert isinstance(level, Signal)
    assert (cell.technology, cell.cell_id, cell.tac) == ("nr", cell_id, tac)
    assert (level.rsrp_dbm, level.sinr_db) == (rsrp, sinr)


def test_searching_is_said_as_no_service() -> None:
    assert asked(Question.CELL, '+QENG: "servingcell","SEARCH"') == (NetworkInfo(service="none"),)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('+QCSQ: "LTE",-52,-81,195,-10', Signal("lte", -52, -81, -10, 19, quality="excellent")),
        ('+QCSQ: "CAT-M1",-52,-81,195,-10', Signal("lte_m", -52, -81, -10, 19, quality="excellent")),
        ('+QCSQ: "eMTC",-52,-81,195,-10', Signal("lte_m", -52, -81, -10, 19, quality="excellent")),
        ('+QCSQ: "NOSERVICE"', Signal()),
        ('+QCSQ: "GSM",-67', Signal("gsm", -67, quality="excellent")),
        ('+QCSQ: "WCDMA",-67,-75,-5', Signal("umts", -67, rscp_dbm=-75, ecio_db=-5, quality="excellent")),
    ],
)
def test_qcsq(line: str, expected: Signal) -> None:
    assert asked(Question.SIGNAL, line) == (expected,)


def test_qnwinfo_in_all_spellings() -> None:
    two = asked(
        Question.NETWORK_INFO,
        '+QNWINFO: "FDD LTE","51503","LTE BAND 1",150',
        '+QNWINFO: "TDD NR5G","51503","NR5G BAND 41",528030',
    )
    assert two == (NetworkInfo("lte", "51503", None, "B1", 150), NetworkInfo("nr_nsa", "51503", None, "n41", 528030))
    alone = asked(Question.NETWORK_INFO, '+QNWINFO: "NR5G-SA",46011,"NR N78",633984')
    assert alone == (NetworkInfo("nr", "46011", None, "n78", 633984),)
    assert asked(Question.NETWORK_INFO, "+QNWINFO: No Service") == (NetworkInfo(service="none"),)


def test_counters_name_sent_before_received() -> None:
    assert asked(Question.COUNTERS, "+QGDCNT: 109169083,82663256") == (Counters(82663256, 109169083, scope="lifetime"),)


@pytest.mark.parametrize(
    ("lines", "hottest", "count"),
    [
        (("+QTEMP: 38,255,255",), 38, 1),
        (('+QTEMP:"pa3","-273"', '+QTEMP:"cpu","50"', '+QTEMP:"xo","49"'), 50, 2),
        (("+QTEMP: 1,1123,36 ",), 36, 1),
        (("+QTEMP: 41",), 41, 1),
        (("+QTEMP: 30,-,31",), 31, 2),
    ],
)
def test_temperature_in_three_forms(lines: tuple[str, ...], hottest: float, count: int) -> None:
    (found,) = asked(Question.TEMPERATURE, *lines)
    assert isinstance(found, Temperature)
    assert (found.temperature_c, len(found.sensors)) == (hottest, count)


@pytest.mark.parametrize("line", ['+QTEMP: "cpu","-"', "+QTEMP: 34,12", "+QTEMP: 1,3700,-", "+QTEMP: 31,32,33,34"])
def test_figures_of_no_known_sensor_are_no_temperature(line: str) -> None:
    assert asked(Question.TEMPERATURE, line) == ()


def test_card_states() -> None:
    parsers = quectel.QUECTEL.parsers
    assert parsers["+QSIMSTAT"](reply("+QSIMSTAT: 1,1")) == parsers["+QSIMSTAT"](reply("+QSIMSTAT: 1,2")) == (Sim(),)
    assert parsers["+QSIMSTAT"](reply("+QSIMSTAT: 1,7")) == ()
    assert parsers["+QPINC"](reply('+QPINC: "P2",3,10')) == ()
    assert parsers["+QINISTAT"](reply("+QINISTAT: 3")) == (Sim("ready"),)
    assert parsers["+QINISTAT"](reply("+QINISTAT: 0")) == (Sim("busy"),)
    assert parsers["+QSIMSTAT"](reply("+QSIMSTAT: 1,0")) == (Sim("absent"),)
    assert parsers["+QPINC"](reply('+QPINC: "SC",3,10')) == (Sim(pin_retries=3, puk_retries=10),)


def test_operator_names() -> None:
    read = quectel.QUECTEL.parsers["+QSPN"]
    assert read(reply('+QSPN: "SUN","SUN","SUN",0,"51503"')) == (Operator(name="SUN", plmn="51503"),)
    assert read(reply('+QSPN: "515 66","515 66","DITO",0,"51566"')) == (Operator(plmn="51566"),)


def test_act_8_is_cat_m() -> None:
    """Also on SARA-R4 and ME910: nobody ever ran the EC-GSM-IoT of 27.007."""
    (read,) = asked(Question.REGISTRATION_EPS, '+CEREG: 2,1,"5A1B","0A1B",8', model="BG96")
    assert isinstance(read, Registration)
    assert read.technology == "lte_m"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('+QIURC: "pdpdeact",1', (ContextActive(1, active=False),)),
        ('+QIURC: "pdpdeact"', ()),
        ('+QIURC: "recv",0,12', ()),
        ('+QIND: "csq",20,99', (signal.signal(None, rssi=-73),)),
        ('+QIND: "csq",20', ()),
        ('+QIND: "ota",20,99', ()),
        ('+QIND: "act","LTE"', (NetworkInfo("lte"),)),
        ('+QIND: "act","WHAT"', ()),
        ('+QIND: "act"', ()),
        ("+QIND: SMS DONE", ()),
        ("+QIND:", ()),
    ],
)
def test_news_of_quectel(line: str, expected: tuple[Reading, ...]) -> None:
    read = quectel.QUECTEL.urcs[f"{line.partition(':')[0]}:"]
    assert read((line,)) == expected
    assert read(()) == ()


_BOTH = (
    "+QNETDEVSTATUS: 10.0.0.2,0.0.0.0,0.0.0.0,10.0.0.1,8.8.8.8,8.8.4.4,240e::2,ffff::,fe80::1,fe80::1,240e::8,240e::9"
)
"""RM500U, the placeholders of a mask and a gateway that it has not."""


@pytest.mark.parametrize(
    ("command", "line", "expected"),
    [
        ("AT+QNETDEVSTATUS?", "+QNETDEVSTATUS: 1,2,4,1", (ContextActive(1, active=True),)),
        ("AT+QNETDEVSTATUS?", "+QNETDEVSTATUS: 0,1,6,1", (ContextActive(1, active=True),)),
        ("AT+QNETDEVSTATUS?", "+QNETDEVSTATUS: 3,0,4,1", (ContextActive(1, active=False),)),
        ("AT+QNETDEVSTATUS?", "+QNETDEVSTATUS: 0,1,5,1", ()),
        ("AT+QNETDEVSTATUS?", "+QNETDEVSTATUS: 1,3,4,1", ()),
        ("AT+QNETDEVSTATUS?", "+QNETDEVSTATUS: x,1,4,1", ()),
        ("AT+QNETDEVSTATUS?", "+QNETDEVSTATUS: 1", ()),
        ("AT", '+QNETDEVSTATUS: 3,1,"IPV6",0', (ContextActive(3, active=True),)),
        ("AT+QNETDEVSTATUS=1", "+QNETDEVSTATUS: 0.0.0.0,0.0.0.0,0.0.0.0,0.0.0.0,0.0.0.0,0.0.0.0", ()),
        (
            "AT+QNETDEVSTATUS=2",
            _BOTH,
            (
                ContextActive(2, active=True),
                ContextParams(
                    2,
                    addresses=("10.0.0.2", "240e::2"),
                    dns=("8.8.8.8", "8.8.4.4", "240e::8", "240e::9"),
                ),
            ),
        ),
        (
            "AT+QNETDEVSTATUS",
            "+QNETDEVSTATUS: 10.0.0.2,255.255.255.0,10.0.0.1,10.0.0.1,8.8.8.8,0.0.0.0",
            (
                ContextActive(1, active=True),
                ContextParams(1, addresses=("10.0.0.2",), mask="255.255.255.0", gateway="10.0.0.1", dns=("8.8.8.8",)),
            ),
        ),
        ("AT", '+QMAP: "WWAN",1,1', ()),
        ("AT", '+QMAP: "LAN",1,1,"IPV4","10.0.0.2"', ()),
        ("AT", '+QMAP: "WWAN",1,1,"IPV4","10.0.0.2"', (Address(1, ("10.0.0.2",)),)),
        ("AT+QICSGP=1", "+QICSGP: 1", ()),
        ("AT+QICSGP=1", '+QICSGP: x,"a"', ()),
        ("AT", '+QLWWANSTATUS: x,"10.0.0.2"', ()),
        ("AT", "+QLWWANSTATUS: 1", ()),
        ("AT", '+QLWWANSTATUS: 1,"10.0.0.2",""', (Address(1, ("10.0.0.2",)),)),
        ("AT", "+QGDCNT: x,20", ()),
        ("AT", "+QGDCNT: 20,x", ()),
        ("AT", "+QGDCNT: 20,-1", ()),
        ("AT", "+QGDNRCNT: 20,10", (Counters(10, 20, scope="lifetime"),)),
        ("AT", "+QIACT: 1,1,1", (ContextActive(1, active=True),)),
        ("AT", "+QIACT: 1,0,1", (ContextActive(1, active=False),)),
        ("AT", "+QIACT: 1,2,1", ()),
        ("AT", "+QIACT: x,1,1", ()),
        ("AT+QLTS=2", '+QLTS: "x"', ()),
        ("AT", "+QUIMSLOT: 2", (SimSlots((SimSlot(2, active=True),)),)),
        ("AT", "+QDSIM: 1", (SimSlots((SimSlot(2, active=True),)),)),
    ],
)
def test_data_and_slots_in_quectels_words(command: str, line: str, expected: tuple[Reading, ...]) -> None:
    assert quectel.QUECTEL.parsers[line.partition(":")[0]](reply(line, command=command)) == expected


def test_the_long_name_of_a_firmware() -> None:
    read = quectel.QUECTEL.parsers["+QGMR"]
    assert read(reply("EC25EFAR06A01M4G_01.001.01.001")) == (Identity(firmware="EC25EFAR06A01M4G_01.001.01.001"),)
