"""+CREG and its like in all their shapes, and the one word for all domains."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modem import registration
from modem.commands import registered
from modem.dialects import THREE_GPP
from modem.events import Command
from modem.values import Domain, Registration, RegistrationStatus
from tests.fakes.replies import reply


def parsed(line: str, *, answer: bool | None = None) -> Registration:
    found = registration.parse(line, answer=answer)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("line", "stat", "area", "cell", "act"),
    [
        ("+CREG: 1,1,84CD,00D30173", 1, "84CD", "00D30173", None),
        ('+CREG:002,001,"18d8","ffff"', 1, "18D8", None, None),
        ("+CREG: 2,1,  0 5, 2715", 1, "05", "2715", None),
        ('+CREG: 2,1,"0B,"0100701",7', 1, "0B", "0100701", 7),
        ('+CREG: 2,1,"5E25', 1, None, None, None),
        ("+CREG: 2,0,00,0", 0, None, None, None),
        ('+CGREG:002,0011,"0f0d","14c3"', 11, "0F0D", "14C3", None),
        ("+CEREG: 2,1, 1F00, 20 ,79D903 ,7", 1, "1F00", "79D903", 7),
        ("+CEREG: 2,1,1F00,20,123,7", 1, "1F00", "123", 7),
        ("+CREG: 3,", 3, None, None, None),
        ('+CREG: 1,"5E25"', 1, "5E25", None, None),
        ("+CEREG: 1, 2, 0001, 00000100, 7", 2, "0001", "00000100", 7),
        ("+CEREG: 2, 0001, 00000100, 7", 2, "0001", "00000100", 7),
        ("+C5GREG: 2,1,1F00,79D903,11,6,ABCDEF", 1, "1F00", "79D903", 11),
        ("+C5GREG: 1,1F00,79D903,11,6,ABCDEF", 1, "1F00", "79D903", 11),
        ("+CREG: 1,8BE3,2BAF", 1, "8BE3", "2BAF", None),
        ('+CREG: 001,"0001","0010",000', 1, "0001", "0010", 0),
        ('+CREG: 2,5,"0502","0404736D"', 5, "0502", "0404736D", None),
        ("+CREG: 2,,", 2, None, None, None),
        ("+CEREG: 0,,,,,,,,", 0, None, None, None),
        ('+CREG: 2,1,"FFFE","1B8B30C",7', 1, None, "1B8B30C", 7),
        ("+CREG: 3", 3, None, None, None),
        ('+CREG: 2,1,"1206","19E4A03",13', 1, "1206", "19E4A03", 13),
    ],
)
def test_real_lines(line: str, stat: int, area: str | None, cell: str | None, act: int | None) -> None:
    found = parsed(line)
    assert (found.stat, found.lac or found.tac, found.cell_id, found.act) == (stat, area, cell, act)


def test_area_is_a_lac_in_2g_and_3g_and_a_tac_in_lte_and_5g() -> None:
    assert parsed('+CGREG: 2,1,"8BE3","2B5D",3').lac == "8BE3"
    assert parsed('+CEREG: 2,1,"8BE3","2B5D",7').tac == "8BE3"


def test_rac_of_packets_and_of_novatel() -> None:
    assert parsed('+CGREG: 1,"1422","00000142",3,"87"').rac == "87"
    assert parsed('+CGREG: 1,"1422","00000142",3,"00"').rac is None
    assert parsed("+CEREG: 2,1, 1F00, 20 ,79D903 ,7").rac == "20"


@pytest.mark.parametrize(
    ("line", "layer", "number"),
    [
        ('+CEREG: 3,3,"5A1B","0A1B2C3D",7,0,15', "emm", 15),
        ("+CEREG: 3,3,,,,0,7", "emm", 7),
        ("+CEREG: 3,,,,0,7", "emm", 7),
        ("+CREG: 3,3,,,,0,11", "mm", 11),
        ('+CGREG: 3,3,"1422","0142",2,"01",0,8', "gmm", 8),
        ("+C5GREG: 3,3,,,,,,0,7", "5gmm", 7),
        ("+CEREG: 3,3,,,,1,1234", "vendor", 1234),
        ('+CEREG: 5,3,"0426","F00F",7,"00",0,14', "emm", 14),
    ],
)
def test_reject_cause_names_its_layer(line: str, layer: str, number: int) -> None:
    cause = parsed(line).reject_cause
    assert cause is not None
    assert (cause.layer, cause.number) == (layer, number)


@pytest.mark.parametrize("line", ['+CEREG: 3,1,"5A1B","0A",7,0,0', '+CEREG: 4,1,"5A1B","0A",7,,,"00000010","00010011"'])
def test_no_cause_is_no_cause(line: str) -> None:
    assert parsed(line).reject_cause is None


@pytest.mark.parametrize("stat", range(12))
def test_every_status_has_its_word(stat: int) -> None:
    found = parsed(f"+CEREG: 0,{stat}")
    assert found.stat == stat
    assert found.status == registration.STATUS[stat]
    assert found.sms_only is (stat in (6, 7))


@pytest.mark.parametrize("act", range(17))
def test_every_access_technology_is_named(act: int) -> None:
    assert parsed(f'+CEREG: 2,1,"5A1B","0A1B",{act}').technology is not None


@pytest.mark.parametrize("line", ["+CREG: 2,12", "+CREG: 2,x", "+CREG:", "+CREG: ", "+CEREG: (0-5)", "+CSQ: 1,1"])
def test_nonsense_yields_nothing(line: str) -> None:
    assert registration.parse(line) is None


def test_fm350_answers_with_the_mode_alone() -> None:
    assert parsed("+C5GREG: 0", answer=True).stat is None


ASKING = Command("AT+CREG?", ("+CREG:",))


@pytest.mark.parametrize("line", ["+CREG: 1", '+CREG: 1,"0BBB","000042BC",3', "+CREG: 2,,", "+CEREG: 2", "+CGREG: 2,1"])
def test_lines_that_cannot_answer_creg(line: str) -> None:
    assert THREE_GPP.unsolicited(line, ASKING)


@pytest.mark.parametrize("line", ["+CREG: 2,1", '+CREG: 2,1,"0BBB","42BC",3', "+CREG: (0-2)", "+CREG:002,001"])
def test_lines_that_may_answer_creg(line: str) -> None:
    assert not THREE_GPP.unsolicited(line, ASKING)


def test_everything_is_news_while_nothing_is_asked() -> None:
    assert THREE_GPP.unsolicited("+CREG: 2,1", None)


def test_answer_wins_over_a_urc_in_its_midst() -> None:
    found = registered(reply("+CREG: 2", '+CREG: 2,1,"0BBB","42BC",3', "+CREG: 5"))
    assert [one.stat for one in found if isinstance(one, Registration)] == [1]


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ({"cs": "denied", "eps": "home"}, "home"),
        ({"cs": "denied", "ps": "roaming", "eps": "roaming"}, "roaming"),
        ({"cs": "idle", "ps": "home", "eps": "home"}, "home"),
        ({"cs": "home", "ps": "home", "eps": "idle"}, "home"),
        ({"5gs": "roaming", "eps": "home"}, "roaming"),
        ({"5gs": "denied", "eps": "home"}, "home"),
        ({"cs": "home", "eps": "denied"}, "denied"),
        ({"cs": "home", "ps": "searching", "eps": "unknown"}, "home"),
        ({"cs": "denied", "ps": "idle", "eps": "searching"}, "searching"),
        ({"cs": "denied"}, "denied"),
        ({"cs": "denied", "eps": "unknown", "ps": "unknown"}, "denied"),
        ({"cs": "idle", "ps": "idle", "eps": "idle"}, "idle"),
        ({"eps": "unknown"}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_overall_registration(statuses: dict[Domain, RegistrationStatus], expected: str) -> None:
    assert registration.overall_registration(statuses) == expected


def test_registered_for_data_is_never_overruled() -> None:
    words: tuple[RegistrationStatus, ...] = ("home", "denied", "searching", "idle", "unknown")
    for cs, ps, gs in itertools.product(words, repeat=3):
        assert registration.overall_registration({"cs": cs, "ps": ps, "eps": "home", "5gs": gs}) == "home"


@given(
    st.sampled_from(["+CREG:", "+CGREG:", "+CEREG:", "+C5GREG:"]), st.text(alphabet='0123456789ABCDEF", -', max_size=60)
)
def test_no_text_makes_it_fail(prefix: str, text: str) -> None:
    for answer in (True, False, None):
        found = registration.parse(f"{prefix}{text}", answer=answer)
        assert found is None or found.status in registration.STATUS.values()
    registration.is_unsolicited(f"{prefix}{text}")


@pytest.mark.parametrize(
    ("line", "is_news"),
    [
        ("+CREG: 2,1", False),
        ("+CREG: 5,1", False),
        ("+CREG: 6,1", True),
        ("+CREG: -1,1", True),
        ('+CREG: "2",1', True),
        ("+CREG: x,1", True),
        ("+CREG: 2,0001", True),
        ('+CREG: 002,0011,"0f0d"', False),
        ("+CREG: 1", True),
        ("+C5GREG: 2", False),
        ('+C5GREG: 1,"1A2B"', True),
        ("+CSQ: 6,1", False),
    ],
)
def test_the_shape_of_a_line_tells_an_answer_from_news(line: str, is_news: bool) -> None:
    assert registration.is_unsolicited(line) is is_news


@pytest.mark.parametrize(
    "line", ["+CREG:", "+CSQ: 1", "+CREG: 12", "+CREG: 1,12", "+CEREG: x", "CREG: 1", '+CREG: "1"', "+CGREG: 2,99"]
)
def test_a_line_that_is_no_registration(line: str) -> None:
    assert registration.parse(line, answer=True) is None


def test_an_answer_of_5g_may_be_its_mode_alone() -> None:
    """Fibocom FM350."""
    said = registration.parse("+C5GREG: 9", answer=True)
    assert said is not None
    assert (said.stat, said.status) == (None, "unknown")
    whole = registration.parse('+C5GREG: 1,"1A2B","1F",11', answer=True)
    assert whole is not None
    assert (whole.stat, whole.tac) == (1, "1A2B")
    news = registration.parse("+C5GREG: 1", answer=False)
    assert news is not None
    assert news.stat == 1
    other = registration.parse("+CEREG: 1", answer=True)
    assert other is not None
    assert other.stat == 1


@pytest.mark.parametrize(
    ("line", "act", "rac", "cause"),
    [
        ('+CREG: 2,3,"1A2B","1F",7,0,15', 7, None, 15),
        ('+CGREG: 2,3,"1A2B","1F",2,"00AB",0,7', 2, "00AB", 7),
        ('+CGREG: 2,3,"1A2B","1F",2,00AB,0,7', 2, "00AB", 7),
        ('+CEREG: 2,3,"1A2B","1F",7,"00AB",0,15', 7, "00AB", 15),
        ('+CEREG: 2,3,"1A2B","1F",7,00AB,0,15', 7, "00AB", 15),
        ('+CEREG: 2,3,"1A2B","1F",7,0,15', 7, None, 15),
        ('+CEREG: 2,3,"1A2B","1F",7,1', 7, None, None),  # cut behind the type of the cause
        ('+CEREG: 2,3,"1A2B","1F",7,"01"', 7, "01", None),
        ("+CEREG: 2,3,1A2B,1F,7,01", 7, "01", None),
        ('+CEREG: 2,3,"1A2B","1F",7,0,x', 7, None, None),
        ('+CREG: 2,3,"1A2B","1F",99', None, None, None),
        ('+CREG: 2,3,"1A2B","1F","7"', None, None, None),
        ('+CREG: 2,3,"1A2B","1F",0007', None, None, None),
        ('+CGREG: 2,1,"1A2B","1F",2,"000AB"', 2, None, None),
        ('+CEREG: 4,3,"1A2B","1F",7,"00AB",0,15,"00000010"', 7, "00AB", 15),
        ('+CREG: 2,3,"1A2B","1F",7,0,15,1', 7, None, 15),
        ('+C5GREG: 2,3,"1A2B","1F",11,4,"01",0,27,1', 11, None, 27),
        ("+CGREG: 4,3,1A2B,1F,0,2F,0,7,00100011,00101000,00010001", 0, "2F", 7),
        ('+C5GREG: 2,3,"1A2B","1F",11,4,"01",0,27', 11, None, 27),
    ],
)
def test_what_stands_behind_the_cell(line: str, act: int | None, rac: str | None, cause: int | None) -> None:
    found = registration.parse(line, answer=True)
    assert found is not None
    assert (found.act, found.rac, found.cell_id) == (act, rac, "1F")
    assert (found.reject_cause.number if found.reject_cause else None) == cause


@pytest.mark.parametrize(("line", "lac", "tac"), [
    ('+CREG: 2,1,"1A2B","1F"', "1A2B", None),
    ('+CGREG: 2,1,"1A2B","1F"', "1A2B", None),
    ('+CEREG: 2,1,"1A2B","1F"', None, "1A2B"),
    ('+C5GREG: 2,1,"1A2B","1F"', None, "1A2B"),
])  # fmt: skip
def test_the_area_is_of_location_or_tracking_by_the_domain(line: str, lac: str | None, tac: str | None) -> None:
    found = registration.parse(line)
    assert found is not None
    assert (found.lac, found.tac, found.act) == (lac, tac, None)


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        ({"ps": "denied", "cs": "home"}, "denied"),
        ({"eps": "denied", "cs": "home"}, "denied"),
        ({"eps": "searching", "cs": "roaming"}, "roaming"),
        ({"5gs": "idle", "eps": "searching"}, "searching"),
        ({"5gs": "unknown", "eps": "idle"}, "idle"),
        ({"5gs": "unknown"}, "unknown"),
        ({"5gs": "denied", "ps": "home"}, "home"),
    ],
)
def test_one_word_for_all_domains(statuses: dict[Domain, RegistrationStatus], expected: str) -> None:
    assert registration.overall_registration(statuses) == expected
