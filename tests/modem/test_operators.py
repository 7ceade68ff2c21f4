"""+COPS? and scans, as real modems write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modem import operators
from modem.commands import operator
from modem.values import Operator
from tests.fakes.replies import capture, lines_of, reply


@pytest.mark.parametrize(
    ("line", "name", "plmn", "act"),
    [
        ('+COPS: 0,2,"46011",7', None, "46011", 7),
        ('+COPS:0,2,"25001",7', None, "25001", 7),
        ('+COPS: 0,0,"CHINA MOBILE CMCC",11', "CHINA MOBILE CMCC", None, 11),
        ('+COPS: 0,0,"242 01 Telenor",9', "242 01 Telenor", None, 9),
        ("+COPS: 0", None, None, None),
        ('+COPS: 0,0,"4E2D56FD79FB52A8",7', "中国移动", None, 7),
        ('+COPS: 0,0,"515 66",7', None, None, 7),
    ],
)
def test_current_operator(line: str, name: str | None, plmn: str | None, act: int | None) -> None:
    found = operators.cops(line)
    assert found is not None
    assert (found.mode, found.name, found.plmn, found.act) == (0, name, plmn, act)


def test_name_and_number_of_a_compound_command_are_one_reading() -> None:
    (found,) = operator(reply('+COPS: 0,0,"VinaPhone",7', '+COPS: 0,2,"45202",7'))
    assert found == Operator(mode=0, name="VinaPhone", plmn="45202", act=7, technology="lte")


def scans() -> list[tuple[str, ...]]:
    return [tuple(lines_of(one["reply"])[:-1]) for one in capture("corpus-cops-scan-01")["exchange"]]


@pytest.mark.parametrize(
    ("which", "plmns"),
    [
        (0, ["31026", "310260", "310410"]),
        (1, ["31026", "310410"]),
        (2, ["310410", "31026"]),
        (5, ["310410", None, "310260"]),
        (6, ["310410", "310410", "31026"]),
        (7, ["31026", "310410"]),
        (8, ["26203", "26201", "26202", "26207"]),
        (9, ["310260", "310410"]),
    ],
)
def test_scans_of_real_modems(which: int, plmns: list[str | None]) -> None:
    assert [one.plmn for one in operators.scan(scans()[which])] == plmns


def test_scan_keeps_commas_in_names_and_stray_technologies() -> None:
    assert operators.scan(scans()[9])[0].name == "T-Mobile USA, In"
    assert operators.scan(scans()[0])[1].act == 2


@pytest.mark.parametrize(
    ("mcc", "mnc", "expected"), [("262", "2", "26202"), ("310", "260", "310260"), ("x", "1", None), ("0", "0", None)]
)
def test_plmn_from_its_parts(mcc: str, mnc: str, expected: str | None) -> None:
    assert operators.plmn(mcc, mnc) == expected


@given(st.text(max_size=200) | st.text(alphabet='(),"0123456789AT& ', max_size=200))
def test_no_text_makes_it_fail(text: str) -> None:
    operators.cops(f"+COPS: {text}")
    operators.scan((f"+COPS: {text}", text))
    operators.name_of(text)
