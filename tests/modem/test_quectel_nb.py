"""Quectel's NB-IoT modules: two manuals, two units, and a 2G module's +QENG of nearly the same form."""

from typing import Any

import pytest

from modem.dialect import Question
from modem.dialects import choose, named
from modem.values import as_json
from tests.fakes.replies import reply
from tests.modem.test_dialects_small import read

BC66 = '+QENG: 0,3686,2,11,"0AB0D8E5",-73,-5,-68,12,8,"5A28",0,-1,2'
NUESTATS = ["Signal power:-666", "Total power:-570", "Cell ID:200636114", "SNR:154", "EARFCN:2506", "PCI:174"]


@pytest.mark.parametrize(
    ("model", "command"),
    [("BC66", "AT+QENG=0"), ("BC95-G", "AT+NUESTATS"), ("BC660K-GL", "AT+QENG=0"), ("BC26", "AT+QENG=0")],
)
def test_an_nb_module_is_asked_for_its_cell_in_its_own_words(model: str, command: str) -> None:
    asks = choose("Quectel", model, "").asks[Question.CELL]
    assert command in [ask.text for ask in asks]
    assert 'AT+QENG="servingcell"' not in [ask.text for ask in asks]


def test_levels_of_the_later_modules_are_in_db_and_ids_in_hex() -> None:
    cell, level = read("quectel", "+QENG", BC66)
    assert cell == {
        "kind": "cell",
        "technology": "nb_iot",
        "serving": True,
        "tac": "5A28",
        "cell_id": "0AB0D8E5",
        "pci": 11,
        "channel": 3686,
        "band": "B8",
    }
    assert {name: level[name] for name in ("rsrp_dbm", "rsrq_db", "rssi_dbm", "sinr_db")} == {
        "rsrp_dbm": -73,
        "rsrq_db": -5,
        "rssi_dbm": -68,
        "sinr_db": 12,
    }


@pytest.mark.parametrize(
    "line",
    [
        '+QENG: 0,3686,2,11,"0AB0D8E5",73,-5,-68,12,8,"5A28",0,-1,2',  # a 2G module's channel stands there
        '+QENG: 1,3686,2,11,"0AB0D8E5",-73,-5,-68,12,8,"5A28",0,-1,2',
        "+QENG: 0,3686,2,11,0AB0D8E5,-73,-5,-68,12,8",
    ],
)
def test_other_rows_are_no_nb_cell(line: str) -> None:
    assert not [one for one in read("quectel", "+QENG", line) if one.get("technology") == "nb_iot"]


def test_an_nb_module_that_searches_has_a_cell_without_level() -> None:
    cell, *_ = read("quectel", "+QENG", "+QENG: 0,3686,2,11,0AB0D8E5,,,,,8,5A28,0,-1,2")
    assert cell["technology"] == "nb_iot"
    assert cell["pci"] == 11


@pytest.mark.parametrize("shape", ["{}", "NUESTATS: {}", "+NUESTATS:RADIO,{}", '+NUESTATS: "RADIO",{}'])
def test_levels_of_the_earlier_modules_are_in_tenths_and_ids_decimal(shape: str) -> None:
    lines = [shape.format(line) for line in NUESTATS]
    cell, level = read("quectel", "+NUESTATS", *lines, command="AT+NUESTATS")
    assert (cell["cell_id"], cell["pci"], cell["channel"]) == (f"{200636114:X}", 174, 2506)
    assert (level["rsrp_dbm"], level["rssi_dbm"], level["sinr_db"]) == (-66.6, -57, 15.4)
    assert "band" not in cell
    assert "rsrq_db" not in level


@pytest.mark.parametrize("lacking", ["Signal power", "Cell ID"])
def test_half_a_table_is_no_cell(lacking: str) -> None:
    assert read("quectel", "+NUESTATS", *(line for line in NUESTATS if not line.startswith(lacking))) == []


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (['+QCAINFO: "PCC",1300,100,"LTE BAND 3"'], []),
        (
            ['+QCAINFO: "PCC",1300,100,"LTE BAND 3",42'],
            [{"kind": "cell", "technology": "lte", "serving": True, "pci": 42, "channel": 1300, "band": "B3"}],
        ),
        (['+QCAINFO: "XCC",1300,100,"LTE BAND 3",42'], []),
        (["+QCAINFO: "], []),
    ],
)
def test_a_carrier_without_its_pci_is_none(lines: list[str], expected: list[dict[str, Any]]) -> None:
    assert read("quectel", "+QCAINFO", *lines) == expected


def test_a_hostile_table_is_read_in_no_time() -> None:
    dialect = named("quectel")
    assert dialect is not None
    for line in ("A" * 9000, "NUESTATS:" * 900, " " * 9000 + ":1", '"' * 9000):
        assert [as_json(one) for one in dialect.parsers["+NUESTATS"](reply(*[line] * 200))] == []
