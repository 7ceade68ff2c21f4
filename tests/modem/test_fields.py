"""Splitting answers, however they are quoted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modem import fields

ANY_TEXT = st.text(max_size=300) | st.text(alphabet='+^:,"() \t0123456789ABCDEFx-.', max_size=120)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('+CREG: 2,1,"0B","0100701",7', ("2", "1", "0B", "0100701", "7")),
        ('+CREG: 2,1,"0B,"0100701",7', ("2", "1", "0B", "0100701", "7")),
        ('+CREG: 2,1,"5E25', ("2", "1")),  # cut within its quotes
        ("+CREG:002,001", ("002", "001")),
        ("+CREG: 2,,", ("2", "", "")),
        ('+COPS: 0,0,"T-Mobile USA, In",0', ("0", "0", "T-Mobile USA, In", "0")),
        ('+CMGR: "REC READ", "+4123", "2009/8/18,19:11:45"', ("REC READ", "+4123", "2009/8/18,19:11:45")),
        ('+CNUM: "","+8600000000077",145', ("", "+8600000000077", "145")),
        ("+CGCONTRDP: 2,6,,", ("2", "6", "", "")),
        ("OK", ("OK",)),
        ("+CPMS: ", ()),
    ],
)
def test_fields_of_real_lines(line: str, expected: tuple[str, ...]) -> None:
    assert fields.texts(line) == expected


def test_quoted_and_bare_fields_can_be_told_apart() -> None:
    assert fields.split('1,"1"') == (fields.Field("1"), fields.Field("1", quoted=True))


@pytest.mark.parametrize(
    ("line", "prefix"),
    [
        ("+CREG: 1", "+CREG:"),
        ("^NDISSTATqry:1", "^NDISSTATQRY:"),
        ("!GSTATUS: ", "!GSTATUS:"),
        ("%IPDPADDR: 2, 1.2.3.4", "%IPDPADDR:"),
        ("*E2IPCFG: (1)", "*E2IPCFG:"),
        ("Revision: 1", None),
        ("+CGSM", None),
        ("2009:1", None),
    ],
)
def test_prefix_is_what_stands_before_the_colon(line: str, prefix: str | None) -> None:
    assert fields.prefix_of(line) == prefix


@pytest.mark.parametrize("text", ["", "FFFF", "ffffffff", "0", "0000", "FFFE", "0x0", "xyz", None])
def test_placeholder_ids_are_not_known(text: str | None) -> None:
    assert fields.hex_id(text) is None


@pytest.mark.parametrize(("text", "expected"), [(" 0 5", "05"), ("0x5a1b", "5A1B"), ('"18d8"', "18D8")])
def test_ids_are_capitals_without_0x_and_blanks(text: str, expected: str) -> None:
    assert fields.hex_id(text) == expected


@pytest.mark.parametrize(("text", "expected"), [("007", 7), ("-5", -5), ('"3"', 3), ("٣", None), ("1" * 30, None)])
def test_only_short_ascii_digits_are_numbers(text: str, expected: int | None) -> None:
    assert fields.integer(text) == expected


@given(ANY_TEXT)
def test_no_text_makes_splitting_fail(text: str) -> None:
    found = fields.split(text)
    assert all(isinstance(field.text, str) for field in found)
    fields.groups(text)
    fields.prefix_of(text)
    fields.body_of(text)
    for read in (fields.integer, fields.number, fields.hex_id, fields.hexadecimal):
        read(text)


@given(st.lists(st.text(alphabet="abcXYZ019 .-", max_size=8), min_size=1, max_size=6))
def test_properly_quoted_fields_come_back_as_they_were(values: list[str]) -> None:
    quoted = ",".join(f'"{value}"' for value in values)
    assert [field.text for field in fields.split(quoted)] == values


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"T-"Mobile",7', ('T-"Mobile', "7")),
        ('"abc,5', ("abc", "5")),
        ('"a,"', ("a,",)),
        ('"AT&T,"",1', ('AT&T,"', "1")),
        ('  "a" ,\t5', ("a", "5")),
        ("1,", ("1", "")),
        ("", ()),
        ('"', ()),
        ('1,"6301D","0654', ("1", "6301D")),
        ('1,"0B,"0100', ("1", "0B")),
    ],
)
def test_a_quote_closes_before_a_comma_or_the_end(text: str, expected: tuple[str, ...]) -> None:
    assert tuple(field.text for field in fields.split(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('("a)b"),(c)', ('"a)b"', "c")),
        ('("a(b"),(c)', ('"a(b"', "c")),
        ("((1),2)", ("(1),2",)),
        (")(1)", ("1",)),
        ("(1", ()),
    ],
)
def test_groups_are_the_outermost_brackets_outside_of_quotes(text: str, expected: tuple[str, ...]) -> None:
    assert fields.groups(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("00FF", "00FF"),
        ("0FFF", "0FFF"),
        ("F", None),
        ("FFF", None),
        ("0FFFF", None),
        ("00FFFFFFF", None),
        ("F0", "F0"),
    ],
)
def test_only_long_runs_of_f_behind_zeros_are_filler(text: str, expected: str | None) -> None:
    assert fields.hex_id(text) == expected


@pytest.mark.parametrize(("text", "expected"), [("31", "001F"), ("0", None), ("-5", None), ("x", None), (None, None)])
def test_an_id_in_decimal_is_said_in_hexadecimal(text: str | None, expected: str | None) -> None:
    assert fields.decimal_id(text, 4) == expected


@pytest.mark.parametrize(("text", "expected"), [("3", "n3"), ("0", None), ("-1", None), ("x", None), (None, None)])
def test_a_band_by_its_number(text: str | None, expected: str | None) -> None:
    assert fields.band_of(text, "n") == expected


def test_numbers_are_whole_where_they_can_be() -> None:
    said = {"-89": -89, "1.5": 1.5, "x": None, "": None}
    found = {text: fields.number(text) for text in said}
    assert found == said
    assert [type(found[text]) for text in ("-89", "1.5")] == [int, float]
    assert [str(fields.tidy(value)) for value in (16.0, 16.199999, 16.25)] == ["16", "16.2", "16.25"]
    assert str(fields.scaled("-890", 0.1)) == "-89"
    assert fields.scaled("x", 0.1) is None


@pytest.mark.parametrize("text", ["", " ", "-", "NA", "N/A"])
def test_an_empty_field_or_a_dash_is_none(text: str) -> None:
    assert fields.at(("1", text), 1) is None
    assert (fields.at(("1", "2"), 1), fields.at(("1",), 1)) == ("2", None)


def test_blanks_around_a_prefix_its_body_and_its_fields_mean_nothing() -> None:
    assert fields.prefix_of(" +CREG : 1") == "+CREG:"
    assert fields.body_of("+CSQ:  20,99 ") == "20,99"
    assert fields.body_of("  EC25 ") == "EC25"
    assert [field.text for field in fields.split(" 1,2 ")] == ["1", "2"]
    assert fields.split("  ") == ()


def test_blanks_within_quotes_and_around_numbers_mean_nothing() -> None:
    for given_as in (" 20", "20 ", '"20"', ' "20" ', '" 20 "'):
        assert fields.integer(given_as) == 20
        assert fields.number(given_as) == 20
    assert fields.number(' "3.5" ') == 3.5


def test_a_quote_that_lost_its_partner_is_none_of_the_field() -> None:
    assert [field.text for field in fields.split('1,0B" ,7')] == ["1", "0B", "7"]
    assert [field.text for field in fields.split('"0B, "0100701",7')] == ["0B", "0100701", "7"]
