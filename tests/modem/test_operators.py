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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("00101", "00101"),
        (" 46000 ", "46000"),
        ("10010", None),
        ("80010", None),
        ("4600", None),
        ("00201", None),
        (None, None),
    ],
)
def test_a_network_number_begins_with_a_country(text: str | None, expected: str | None) -> None:
    assert operators.plmn_of(text) == expected


@pytest.mark.parametrize(
    ("mcc", "mnc", "expected"),
    [
        ("262", "2", "26202"),
        ("262", " 02 ", "26202"),
        ("334", "020", "334020"),
        ("x", "2", None),
        ("262", "x", None),
        (None, "2", None),
        (None, "46000", None),
        ("262", None, None),
    ],
)  # fmt: skip
def test_a_network_number_in_two_fields(mcc: str | None, mnc: str | None, expected: str | None) -> None:
    assert operators.plmn(mcc, mnc) == expected


@pytest.mark.parametrize(
    ("line", "act", "technology"),
    [
        ('+COPS: 0,2,"46011",0', 0, "gsm"),
        ('+COPS: 0,2,"46011",99', None, None),
        ('+COPS: 0,2,"46011"', None, None),
        ('+COPS:0,255,"",0', None, None),
        ('+COPS: 0,2,"",7', 7, "lte"),
    ],
)
def test_technology_of_the_current_operator(line: str, act: int | None, technology: str | None) -> None:
    found = operators.cops(line)
    assert found is not None
    assert (found.act, found.technology) == (act, technology)


@pytest.mark.parametrize("line", ["+COPS:", "+COPS: x", '+COPS: "0",2'])
def test_a_line_without_a_mode_is_no_operator(line: str) -> None:
    assert operators.cops(line) is None


def test_two_answers_about_one_network_may_both_lack_its_name() -> None:
    number, nothing = operators.cops('+COPS: 0,2,"46011",7'), operators.cops("+COPS: 0")
    assert number is not None
    assert nothing is not None
    assert operators.merged([number, nothing]) == Operator(mode=0, plmn="46011")
    assert operators.merged([nothing]) == Operator(mode=0)


def test_a_scan_is_bounded_and_says_each_network_once() -> None:
    networks = [f'(1,"","","{46000 + at}",7)' for at in range(100)]
    assert len(operators.scan((f"+COPS: {','.join(networks)}",))) == operators.MAX_OPERATORS
    assert len(operators.scan((f"+COPS: {networks[0]},{networks[0]}",))) == 1


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        ('(4,"A","A","46000",7)', ()),
        ('(2,"A","A")', ()),
        ('(2,"A","A","460",7)', ()),
        ("()", ()),
        ('(3,"","B","46000",99)', (Operator(name="B", plmn="46000", available=3),)),
        ('(0,"A","B","46000")', (Operator(name="A", plmn="46000", available=0),)),
        ('(1,"A","B","46000",7)', (Operator(name="A", plmn="46000", act=7, technology="lte", available=1),)),
    ],
)
def test_a_network_of_a_scan(group: str, expected: tuple[Operator, ...]) -> None:
    assert operators.scan((f"+COPS: {group}",)) == expected


@pytest.mark.parametrize("lines", [['+COPS: 0,0,"A1 (BG)",0'], ['+COPS: 0,0,"A1 (BG)",0', "E (12:34) can: failed"]])
def test_a_bracket_in_a_name_or_in_a_line_between_makes_no_list(lines: list[str]) -> None:
    assert operator(reply(*lines)) == (Operator(mode=0, name="A1 (BG)", act=0, technology="gsm"),)


def test_a_number_spelled_in_ucs2_like_the_names_is_read() -> None:
    spelled = '"00340036003000300030"'
    assert operators.cops(f"+COPS: 0,2,{spelled},7") == Operator(mode=0, plmn="46000", act=7, technology="lte")
    assert operators.scan((f'+COPS: (2,"0043004D00430043","",{spelled},7)',)) == (
        Operator(name="CMCC", plmn="46000", act=7, technology="lte", available=2),
    )
    assert operators.plmn_of("0034003600300030") is None
    assert operators.plmn_of("003400360030003000300031") == "460001"
    assert operators.plmn_of("0034003600300030003000310032") is None


def test_blanks_around_a_number_or_name_mean_nothing() -> None:
    assert operators.plmn(" 262 ", " 2 ") == "26202"
    assert operators.name_of("00410020") == "A"  # in UCS2 too
    assert operators.name_of("  A ") == "A"
