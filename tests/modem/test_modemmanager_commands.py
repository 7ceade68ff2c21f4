"""What ModemManager asks of a modem beside the rest, answered by the virtual one as the manuals say."""

from pathlib import Path

import pytest

from tests.modem.simulated import scenario

OK = "OK"


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("AT+GCAP", "+GCAP: +CGSM"),
        ("AT+WS46?", "+WS46: 25"),
        ("AT+WS46=?", "+WS46: (12,22,25,28,29)"),
        ("AT+CESQ=?", "+CESQ: (0-63,99),(0-7,99),(0-96,255),(0-49,255),(0-34,255),(0-97,255)"),
        ('AT+CSIM=10,"0020000100"', '+CSIM: 4,"63C3"'),
        ('AT+CSIM=10,"002C000100"', '+CSIM: 4,"63CA"'),
        ('AT+CSIM=10,"00A4000000"', '+CSIM: 4,"6D00"'),
    ],
)
def test_capabilities_systems_and_tries_left(tmp_path: Path, command: str, answer: str) -> None:
    assert scenario(tmp_path, "").info(command) == [answer, OK]


def test_a_wrong_pin_costs_a_try_there_too(tmp_path: Path) -> None:
    line = scenario(tmp_path, '[state]\nsim = "pin"\n')
    line.info('AT+CPIN="0000"')
    assert line.info('AT+CSIM=10,"0020000100"') == ['+CSIM: 4,"63C2"', OK]


def test_no_card_no_answer_of_it(tmp_path: Path) -> None:
    line = scenario(tmp_path, '[state]\nsim = "absent"\n')
    assert line.info('AT+CSIM=10,"0020000100"') == ["ERROR"]
