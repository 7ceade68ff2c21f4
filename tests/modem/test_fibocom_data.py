"""Fibocom's own words for the data connection, its neighbours, and what an XMM module is asked for its level."""

from typing import Any

import pytest

from modem.dialect import Question
from modem.dialects import choose
from modem.values import as_json
from tests.fakes.replies import reply
from tests.modem.test_dialects_small import read

ON = {"kind": "context_active", "cid": 1, "active": True}
OFF = ON | {"active": False}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("+GTRNDIS: 0", [OFF]),
        ("+GTRNDIS: 0,3", [OFF | {"cid": 3}]),
        ('+GTRNDIS: 0,1,"10.64.1.2","8.8.8.8"', [OFF]),
        ("+GTRNDIS: 1,1", [ON]),
        (
            '+GTRNDIS: 1,1,"10.64.1.2","8.8.8.8","8.8.4.4"',
            [
                ON,
                {"kind": "context_params", "cid": 1, "addresses": ["10.64.1.2"], "dns": ["8.8.8.8", "8.8.4.4"]},
            ],
        ),
        ('+GTRNDIS: 1,1,"0.0.0.0","0.0.0.0"', [ON]),
        ("+GTRNDIS: (0,1),(1-7)", []),
        ("+GTRNDIS: 2,1", []),
        ("+GTRNDIS: ", []),
    ],
)
def test_gtrndis(line: str, expected: list[dict[str, Any]]) -> None:
    assert read("fibocom", "+GTRNDIS", line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("+MIPCALL: 0", [OFF]),
        ("+MIPCALL: 1,10.64.1.2", [ON, {"kind": "address", "cid": 1, "addresses": ["10.64.1.2"]}]),
        ("+MIPCALL: 2,1,10.64.1.2", [ON | {"cid": 2}, {"kind": "address", "cid": 2, "addresses": ["10.64.1.2"]}]),
        ("+MIPCALL: 2,0", [OFF | {"cid": 2}]),
        ("+MIPCALL: 2,0,10.64.1.2", [OFF | {"cid": 2}]),
        ("+MIPCALL: 1,0.0.0.0", [ON]),
        ("+MIPCALL: 1,5", []),
        ("+MIPCALL: x,1,10.64.1.2", []),
        ("+MIPCALL: 10.64.1.2", []),
        ("+MIPCALL: ", []),
    ],
)
def test_mipcall(line: str, expected: list[dict[str, Any]]) -> None:
    assert read("fibocom", "+MIPCALL", line) == expected


def test_an_address_that_comes_unasked_is_heard() -> None:
    dialect = choose("Fibocom Wireless Inc.", "L610-CN", "")
    found = [as_json(one) for one in dialect.urcs["+MIPCALL:"](("+MIPCALL: 1,10.64.1.2",))]
    assert [one["kind"] for one in found] == ["context_active", "address"]


def test_a_neighbour_is_shown_with_the_area_it_names() -> None:
    """A neighbour that names one is shown with it, as with its PLMN; all F, as most are, is none."""
    rows = ["2,4,262,1,05D5,0019BF802,1300,359,100,50,52,18", "2,4,262,1,FFFFFFF,00FFFFFFF,1300,360,100,50,52,18"]
    named, nameless = read("fibocom", "+GTCCINFO", *rows)
    assert (named["serving"], named["tac"], named["cell_id"]) == (False, "05D5", "0019BF802")
    assert nameless["plmn"] == "26201"
    assert not {"tac", "cell_id"} & set(nameless)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("+XCESQ: 0,99,99,255,255,24,62,34", ("lte", -79, -8, 17)),
        ("+XCESQ: 0,99,99,255,255,24,62,34,255,255,255,255", ("lte", -79, -8, 17)),
        ("+XCESQ: 0,99,99,255,255,255,255,255", (None, None, None, None)),
    ],
)
def test_levels_are_asked_of_the_xmm_modules_own_command(line: str, expected: tuple[object, ...]) -> None:
    ask, *_ = choose("Fibocom Wireless Inc.", "L860-GL", "").asks[Question.SIGNAL]
    assert (ask.text, ask.expects) == ("AT+XCESQ?", ("+XCESQ:",))
    (level,) = (as_json(one) for one in ask.parse(reply(line)))
    assert tuple(level[name] for name in ("technology", "rsrp_dbm", "rsrq_db", "sinr_db")) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        # 27.007 §8.69: RSRQ before RSRP, of LTE and of 5G alike; public answers of the FM350 alone in 5G bear it out
        ("+CESQ: 99,99,255,255,255,255,65,75,75", [("nr", -82, -11, 14)]),
        ("+CESQ: 99,99,255,255,22,64,255,255,255", [("lte", -77, -9, None)]),
        ("+CESQ: 99,99,255,255,22,64,65,75,75", [("lte", -77, -9, None), ("nr_nsa", -82, -11, 14)]),
        ("+CESQ: 99,99,255,255,22", []),
        ("+CESQ: ,99,255,255,22,64", []),
    ],
)
def test_the_order_of_cesq(line: str, expected: list[tuple[object, ...]]) -> None:
    found = [as_json(one) for one in choose("Fibocom Wireless Inc.", "FM350-GL", "").parsers["+CESQ"](reply(line))]
    names = ("technology", "rsrp_dbm", "rsrq_db", "sinr_db")
    assert [tuple(one[name] for name in names) for one in found] == expected
