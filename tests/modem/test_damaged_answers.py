"""A damaged answer says what the whole one says, or less: a fixed sample of all answers that the tests know, and the
lines by which it was found out. `python -m bench.damaged_answers` tries them all."""

from collections import Counter

import pytest

from modem.decode import decode
from modem.dialects import choose
from tests.modem.damaged import answers, hit, tries, truth, untrue

EVERY = 30
MOST_UNTRUE = 0.05
"""Of all that are tried: 0.02 to 0.03 by the sample, and 0.08 before lines had shapes."""


def test_damage_seldom_makes_an_answer_say_another_thing() -> None:
    count: Counter[bool] = Counter()
    for answer in answers()[::EVERY]:
        for damage, lines in (one for at in hit(answer) for one in tries(answer, at, 1)):
            count[bool(untrue(truth(answer, damage), answer.readings(lines)))] += 1
    assert count[True] <= MOST_UNTRUE * count.total(), count


QENG = '+QENG: "servingcell","NOCONN","LTE","FDD",460,01,1A2B3C4,123,1650,3,5,5,5A1B,-95,-11,-67,16,33'
CPSI = "+CPSI: LTE,Online,460-11,0x775C,117004595,399,EUTRAN-BAND3,1650,5,5,-98,-892,-591,12"
UMTS = "+CPSI: WCDMA,Online,460-01,0xA809,11122855,WCDMA IMT 2000,279,10663,0,1.5,62,33,52,500"
SERVINFO = '#SERVINFO: 10612,-84,"vodafone NL","20404",176,00DE,64,1,-88,"II",00'
CARRIERS = '+QCAINFO: "PCC",1350,75,"LTE BAND 3",1,295,-94,-8,-66,25'
NEIGHBOUR = '+QENG: "neighbourcell","GSM",460,00,24A5,1241,33,44,-83,22,146,0,0'
MEASURED = '%NCELLMEAS: 0,"014A0305","24201","8169",80,6400,105,53,20,4791,6400,247,52,18,0'
SCAN = '+COPS: (2,"CHN-UNICOM","UNICOM","46001",7),(1,"CHINA MOBILE","CMCC","46000",7)'


def _read(maker: str, line: str) -> list[dict[str, object]]:
    return [reading for one in decode(line, choose(maker, "", "")) for reading in one.json()["readings"]]


@pytest.mark.parametrize(
    ("maker", "line"),
    [
        ("Quectel", QENG),
        ("SIMCOM", CPSI),
        ("SIMCOM", UMTS),
        ("Quectel", CARRIERS),
        ("Quectel", NEIGHBOUR),
        ("Quectel", SCAN),
        ("Nordic Semiconductor", MEASURED),
        ("Huawei", "^MONSC: LTE,460,00,38400,D975244,8,24C8,-85,-10,-54"),
        ("Fibocom", "+XCESQ: 0,99,99,255,255,12,40,25"),
        ("", "+CESQ: 99,99,255,255,19,51"),
    ],
)
def test_a_cut_line_tells_nothing_of_the_field_where_it_ends(maker: str, line: str) -> None:
    whole = [*_read(maker, line), *_read(maker, line[: line.find(',"LTE","FDD"')])]
    wrong = {line[:end]: untrue(whole, _read(maker, line[:end])) for end in range(1, line.rindex(",") + 1)}
    assert {text: found for text, found in wrong.items() if found} == {}


@pytest.mark.parametrize(
    ("maker", "line", "field", "value"),
    [
        ("Quectel", QENG.replace("460,01", "46001"), "pci", None),
        ("Quectel", QENG.replace("5A1B,-95", "5A1B-95"), "rsrq_db", None),
        ("Quectel", QENG.replace("123,1650", "12X,1650"), "pci", None),
        ("Quectel", QENG.replace("123,1650", "12X,1650"), "channel", 1650),
        ("Quectel", QENG.replace("5A1B", "5A**"), "tac", None),
        ("Quectel", QENG.replace("5A1B", "5A**"), "cell_id", "1A2B3C4"),
        ("Quectel", f"{QENG[:-16]}+CREG: 1", "rsrq_db", None),
        ("SIMCOM", CPSI.replace("EUTRAN", "\ufffdUTRAN"), "plmn", "46011"),
        ("SIMCOM", CPSI.replace("-98,", ""), "rsrp_dbm", None),
        ("Telit", SERVINFO.replace("-88", "-8z"), "technology", None),
        ("", '+CREG: 2,1,"1A2B",7', "cell_id", None),
        ("", '+CEREG: 2,1,"1A2B""00C3D4E5",7', "act", None),
        ("", '+COPS: 0,2,"4600XX",7', "plmn", None),
        ("", '+COPS: 0,2,"4600XX",7', "name", None),
        ("", '+CNUM: ,"+86139****1234",145', "msisdn", None),
        ("", '+CUSD: 0,"4F60597D0020003100XX",72', "text", None),
    ],
)
def test_what_damage_took_is_not_known_and_the_rest_is(maker: str, line: str, field: str, value: object) -> None:
    assert {reading[field] for reading in _read(maker, line) if field in reading} <= {value, None}


@pytest.mark.parametrize(
    "line", ["+CPIN: RE", "+CPIN: SIM PU", "AT+CIMI\n4600XX000000001\nOK", "AT+CCID\n8986XXXXXXXXXXXXXXXX\nOK"]
)
def test_a_cut_word_and_a_masked_id_are_no_reading(line: str) -> None:
    assert _read("", line) == []
