"""Which line is news and which belongs to the answer: the plain rule, and what a maker's dialect adds to it."""

import pytest

from modem.dialect import Dialect
from modem.dialects import named
from modem.dialects.threegpp import THREE_GPP
from modem.events import Command

SIGNAL = Command("AT+CSQ")


def dialect(name: str) -> Dialect:
    found = named(name)
    assert found is not None
    return found


@pytest.mark.parametrize("line", [" +CREG: 5", "+CREG: 5 ", "  RING"])
def test_blanks_around_news_hide_nothing(line: str) -> None:
    assert THREE_GPP.unsolicited(line, SIGNAL)


def test_a_makers_news_in_words_are_known_behind_a_blank() -> None:
    assert dialect("simcom").unsolicited(" SMS DONE", SIGNAL)


def test_an_answer_is_known_whatever_the_case_of_the_question() -> None:
    """People type `posagent at at+cscon?`."""
    assert not THREE_GPP.unsolicited("+CSCON: 0,1", Command("at+cscon?"))


def test_an_answer_to_another_question_is_no_part_of_this_one() -> None:
    """+CREG: <n>,<stat> of 27.007 §7.2, late, while the level is asked for."""
    assert THREE_GPP.unsolicited("+CREG: 2,1", SIGNAL)


def test_a_line_that_no_table_knows_belongs_to_the_answer() -> None:
    """Else an answer that is spelled in a way of its own would be taken for news, and the question for unanswered."""
    assert not dialect("quectel").unsolicited("+QSPECIAL: 1", SIGNAL)
    assert not THREE_GPP.unsolicited("+QSPECIAL: 1", SIGNAL)


def test_the_values_that_a_setting_may_have_are_no_news() -> None:
    """27.007 §7.2: AT+CREG=? answers with a list in brackets."""
    assert not THREE_GPP.unsolicited("+CREG: (0-2)", Command("AT+CREG=?"))


@pytest.mark.parametrize("name", ["quectel", "simcom", "huawei"])
def test_free_text_that_was_asked_for_is_no_news_of_the_maker(name: str) -> None:
    assert not dialect(name).unsolicited("EC25EFAR06A06M4G", Command("AT+CGMR"))
