"""SIMCom's own commands, on lines from captures and manuals."""

import pytest

from modem.dialect import Question
from modem.dialects.simcom import SIMCOM
from modem.values import Address, Cell, NetworkInfo, Reading, Signal, Sim, Temperature
from tests.fakes.replies import reply


def cpsi(line: str) -> tuple[Reading, ...]:
    return SIMCOM.asks[Question.CELL][0].parse(reply(line))


@pytest.mark.parametrize(
    ("line", "figures"),
    [
        (
            "+CPSI: LTE,Online,460-11,0x775C,117004595,399,EUTRAN-BAND3,1650,5,5,-98,-892,-591,12",
            (-89.2, -9.8, -59.1, 12),
        ),
        (
            "+CPSI: LTE,Online,310-260,0x3F29,89815063,125,EUTRAN-BAND12,5035,2,2,-196,-1167,-832,7",
            (-116.7, -19.6, -83.2, 7),
        ),
        (
            "+CPSI: LTE NB-IOT,Online,242-01,0xA411,18460008,457,EUTRAN-BAND20,6352,0,0,-7,-77,-70,14",
            (-77, -7, -70, 14),
        ),
        ("+CPSI: LTE,Online,460-11,0x7764,117148181,127,EUTRAN-BAND1,100,5,5,8,53,60,-4", (-88, -16, -51, -4)),
    ],
    ids=["tenths", "tenths, weak", "whole", "indexes"],
)
def test_three_scales_of_lte_levels(line: str, figures: tuple[float, ...]) -> None:
    _, level = cpsi(line)
    assert isinstance(level, Signal)
    assert (level.rsrp_dbm, level.rsrq_db, level.rssi_dbm, level.sinr_db) == figures


def test_cell_ids_come_in_decimal() -> None:
    cell, _ = cpsi("+CPSI: LTE,Online,460-11,0x775C,117004595,399,EUTRAN-BAND3,1650,5,5,-98,-892,-591,12")
    assert cell == Cell("lte", plmn="46011", tac="775C", cell_id="6F95933", pci=399, channel=1650, band="B3")


def test_narrow_band_has_a_blank_in_its_name() -> None:
    cell, _ = cpsi("+CPSI: LTE NB-IOT,Online,242-01,0xA411,18460008,457,EUTRAN-BAND20,6352,0,0,-7,-77,-70,14")
    assert isinstance(cell, Cell)
    assert (cell.technology, cell.band) == ("nb_iot", "B20")


def test_2g_and_3g() -> None:
    gsm, gsm_level = cpsi("+CPSI: GSM,Online,460-00,0x182d,12401,27 EGSM 900,-64,2110,42-42")
    umts, umts_level = cpsi("+CPSI: WCDMA,Online,460-01,0xA809,11122855,WCDMA IMT 2000,279,10663,0,1.5,62,33,52,500")
    assert isinstance(gsm, Cell)
    assert isinstance(umts, Cell)
    assert (gsm.lac, gsm.cell_id, gsm.channel) == ("182D", "3071", 27)
    assert (umts.pci, umts.channel) == (279, 10663)
    assert isinstance(gsm_level, Signal)
    assert isinstance(umts_level, Signal)
    assert (gsm_level.rssi_dbm, umts_level.rscp_dbm, umts_level.ecio_db) == (-64, -62, -1.5)


def test_5g() -> None:
    cell, level = cpsi("+CPSI: NR5G_SA,Online,460-00,0x175002,4327047169,0,NR5G_BAND41,504990,-750,-110,170")
    assert isinstance(cell, Cell)
    assert isinstance(level, Signal)
    assert (cell.technology, cell.band, level.rsrp_dbm, level.sinr_db) == ("nr", "n41", -75, 17)


@pytest.mark.parametrize("line", ["+CPSI: NO SERVICE,Online", "+CPSI: NO SERVICE,Powering Off"])
def test_no_service(line: str) -> None:
    assert cpsi(line) == (NetworkInfo(service="none"),)


def test_small_commands() -> None:
    assert SIMCOM.asks[Question.TEMPERATURE][0].parse(reply("+CPMUTEMP: 28")) == (Temperature(28),)
    assert SIMCOM.parsers["+CNSMOD"](reply("+CNSMOD: 0,8")) == (NetworkInfo("lte"),)
    assert SIMCOM.parsers["+CNSMOD"](reply("+CNSMOD: 0,7")) == (NetworkInfo(),)
    assert SIMCOM.parsers["+SAPBR"](reply('+SAPBR: 1,1,"10.44.68.152"')) == (Address(1, ("10.44.68.152",)),)
    assert SIMCOM.parsers["+IPADDR"](reply("+IPADDR: 10.4.112.219")) == (Address(1, ("10.4.112.219",)),)


def test_news() -> None:
    assert SIMCOM.urcs["+SIMCARD:"](("+SIMCARD: NOT AVAILABLE",)) == (Sim("busy"),)
    assert SIMCOM.urcs["PB DONE"](("PB DONE",)) == ()
