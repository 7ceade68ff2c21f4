"""What every dialect keeps."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modem.dialect import Dialect, Effect, Question
from modem.dialects import THREE_GPP, all_dialects, choose, named, names, quectel
from modem.events import Command
from modem.values import Reading
from tests.fakes.replies import reply

ALL = all_dialects()
every_dialect = pytest.mark.parametrize("dialect", ALL, ids=lambda dialect: dialect.name)


@every_dialect
def test_every_question_is_asked_or_said_to_be_lacking(dialect: Dialect) -> None:
    assert set(dialect.asks) | dialect.lacks == set(Question)
    assert not set(dialect.asks) & dialect.lacks
    assert all(dialect.asks.values())


@every_dialect
def test_commands_are_whole_lines(dialect: Dialect) -> None:
    for asks in dialect.asks.values():
        for ask in asks:
            assert ask.text.startswith("AT")
            assert ask.text.isascii()
            assert ask.text.isprintable()
            assert 0 < ask.timeout_s <= 200
            assert all(prefix.endswith(":") and prefix == prefix.upper() for prefix in ask.expects)


@every_dialect
def test_what_is_asked_unasked_only_reads(dialect: Dialect) -> None:
    changing = {question for question, asks in dialect.asks.items() for ask in asks if ask.effect is not Effect.READS}
    assert changing == {Question.OPERATOR_SCAN}


@every_dialect
def test_plain_ways_remain_behind_the_own_ones(dialect: Dialect) -> None:
    for question, plain in THREE_GPP.asks.items():
        texts = [ask.text for ask in dialect.asks[question]]
        assert texts[-len(plain) :] == [ask.text for ask in plain]


@every_dialect
def test_names_of_parsers_and_urcs(dialect: Dialect) -> None:
    assert not [name for name in dialect.parsers if name.endswith(":") or name != name.upper()]
    assert set(dialect.urcs) >= set(THREE_GPP.urcs)


@every_dialect
def test_setup_switches_no_radio_and_no_baud_rate(dialect: Dialect) -> None:
    forbidden = ("+CFUN", "+IPR", "&F", "&W", "+CGACT", "+CGATT", "+COPS=0", "+COPS=1", "+COPS=2", "+CLCK", "+CPIN")
    for command in dialect.setup:
        assert not any(word in command.text for word in forbidden)


@every_dialect
def test_unsolicited_keeps_the_answers_of_its_own_questions(dialect: Dialect) -> None:
    answers = {"+CREG:": "+CREG: 2,1", "+CGREG:": "+CGREG: 2,1", "+CEREG:": "+CEREG: 2,1", "+C5GREG:": "+C5GREG: 2,1"}
    for asks in dialect.asks.values():
        for ask in asks:
            for prefix in ask.expects:
                assert not dialect.unsolicited(answers.get(prefix, f"{prefix} 1"), ask.command())


@every_dialect
def test_unsolicited_sees_news_under_any_question(dialect: Dialect) -> None:
    for line in ("+CREG: 2", '+CMTI: "SM",3', "+CGEV: NW DETACH", "RING", "+CTZV: 32"):
        assert dialect.unsolicited(line, Command("AT+CSQ", ("+CSQ:",)))


TEXT = st.text(max_size=80) | st.text(alphabet='0123456789,"ABCDEFLTENR5G-. :', max_size=80)


@settings(max_examples=40, deadline=None)
@given(st.lists(TEXT, max_size=3))
def test_no_text_makes_any_reader_fail(lines: list[str]) -> None:
    for dialect in ALL:
        for name, parse in dialect.parsers.items():
            found = parse(reply(*(f"{name}: {line}" for line in lines), *lines))
            assert all(isinstance(reading, Reading) for reading in found)
        for name, read in dialect.urcs.items():
            assert all(isinstance(reading, Reading) for reading in read(tuple(f"{name} {line}" for line in lines)))
        for line in lines:
            dialect.unsolicited(line, None)
            dialect.unsolicited(line, Command(line))


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=200))
def test_choosing_never_fails(manufacturer: str, model: str, ati: str) -> None:
    assert choose(manufacturer, model, ati) in ALL


def test_a_dialect_that_breaks_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_manufacturer: str, _model: str, _ati: str) -> bool:
        raise RuntimeError("no")

    bad = Dialect("bad", broken, THREE_GPP.asks, THREE_GPP.urcs)
    monkeypatch.setattr(quectel, "ALL", (bad, *quectel.ALL))
    assert choose("Quectel", "EC25", "").name == "quectel"


def test_only_the_dialect_that_is_needed_is_loaded() -> None:
    code = "import sys; from modem.dialects import choose; print(choose('Huawei', 'E3372', '').name, *sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("huawei ")
    assert "modem.dialects.quectel" not in done.stdout


def test_every_name_has_a_dialect_and_every_dialect_a_name() -> None:
    assert {dialect.name for dialect in ALL} == set(names())


@pytest.mark.parametrize(
    ("manufacturer", "model", "ati", "name"),
    [
        ("Quectel", "EC25", "", "quectel"),
        ("", "", "Quectel\nBG96\nRevision: 1", "quectel"),
        ("SIMCOM INCORPORATED", "SIM7600", "", "simcom"),
        ("INCORPORATED", "A7670E-FASE", "", "simcom"),
        ("huawei", "E1752", "", "huawei"),
        ("u-blox", "SARA-R500S", "", "ublox"),
        ("Fibocom Wireless Inc.", "FM350-GL", "", "fibocom"),
        ("ZTE CORPORATION", "MF180", "", "zte"),
        ("Sierra Wireless, Incorporated", "EM7455", "", "sierra"),
        ("", "Air724UG", "LuatOS-Air_V4032_RDA8910", "luat"),
        ("Qualcomm", "T99W175", "", "foxconn"),
        ("QUALCOMM INCORPORATED", "M6280", "", "qualcomm"),
        ("Telit", "LE910C1-EU", "", "telit"),
        ("Nordic Semiconductor ASA", "nRF9160-SICA", "", "nordic"),
        ("Acme", "X1", "who knows", "3gpp"),
        ("", "", "", "3gpp"),
    ],
)
def test_choice(manufacturer: str, model: str, ati: str, name: str) -> None:
    assert choose(manufacturer, model, ati).name == name


def test_every_name_can_be_asked_for() -> None:
    for dialect in ALL:
        found = named(dialect.name.upper())
        assert found is not None
        assert found.name == dialect.name
    assert named("nobody") is None
