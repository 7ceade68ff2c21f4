"""Every fault does what its name says, at its time and on its turn."""

from pathlib import Path

import pytest

from modem.errors import PortLost, PortMissing, PortStuck
from tests.modem.simulated import Line, line_of, scenario

OK = b"\r\nOK\r\n"
CSQ = b"\r\n+CSQ: 23,99\r\n"


def _fault(folder: Path, text: str) -> Line:
    return scenario(folder, f"[[fault]]\nfrom_s = 2\n{text}\n")


def _later(folder: Path, text: str) -> Line:
    line = _fault(folder, text)
    line.until(3)
    line.listen(0.01)
    return line


def test_answers_take_the_time_that_the_script_states(tmp_path: Path) -> None:
    line = scenario(tmp_path, "")
    assert line.pieces("AT+CSQ") == [(0.1, CSQ + OK)]
    assert line.port.player.answered_s == pytest.approx(0.2)


def test_a_fault_strikes_only_in_its_time(tmp_path: Path) -> None:
    line = scenario(tmp_path, '[[fault]]\nkind = "silence"\nfrom_s = 10\nto_s = 20\n')
    heard = []
    for moment in (5, 12, 25):
        line.until(moment)
        heard.append(line.ask("AT"))
    assert heard == [OK, b"", OK]


def test_a_fault_strikes_only_its_command(tmp_path: Path) -> None:
    line = _later(tmp_path, 'kind = "silence"\ncommand = "at+csq"')
    assert [line.ask("AT+CSQ"), line.ask("AT")] == [b"", OK]


def test_delay_holds_everything_back(tmp_path: Path) -> None:
    line = _later(tmp_path, 'kind = "delay"\nseconds = 4\ncommand = "AT+CSQ"')
    line.port.write(b"AT+CSQ\rAT\r", 1.0)
    assert line.listen(4.05) == b""
    assert line.listen(1) == CSQ + OK + OK


def test_jitter_is_the_same_in_every_run(tmp_path: Path) -> None:
    runs = [[_later(tmp_path, 'kind = "delay"\njitter_s = 1').pieces("AT")[0][0]] for _ in range(2)]
    assert runs[0] == runs[1]
    assert 0.1 < runs[0][0] < 1.1


def test_a_late_answer_comes_after_the_next_one(tmp_path: Path) -> None:
    line = _later(tmp_path, 'kind = "late"\nseconds = 8\ncommand = "AT+CSQ"')
    assert line.ask("AT+CSQ", 1) == b""
    assert line.ask("AT", 1) == OK
    assert line.listen(10) == CSQ + OK


def test_split_writes_come_in_pieces_with_gaps(tmp_path: Path) -> None:
    line = _later(tmp_path, 'kind = "split"\nsize = 2\ngap_s = 0.5')
    assert line.pieces("AT") == [(0.1, b"\r\n"), (0.6, b"OK"), (1.1, b"\r\n")]


@pytest.mark.parametrize(
    ("where", "heard"),
    [
        ("before_echo", b"\r\nURC\r\n" + CSQ + OK),
        ("inside", CSQ + b"\r\nURC\r\n" + OK),
        ("before_final", CSQ + b"\r\nURC\r\n" + OK),
        ("after", CSQ + OK + b"\r\nURC\r\n"),
    ],
)
def test_a_urc_comes_where_it_is_put(tmp_path: Path, where: str, heard: bytes) -> None:
    assert _later(tmp_path, f'kind = "urc"\nurc = "URC"\nwhere = "{where}"').ask("AT+CSQ") == heard


def test_a_urc_comes_before_the_echo_and_inside_a_longer_answer(tmp_path: Path) -> None:
    text = '[modem]\npersona = "quectel-ec20"\n[[fault]]\nkind = "urc"\nurc = "A"\nwhere = "before_echo"\n'
    line = line_of(tmp_path, text + '[[fault]]\nkind = "urc"\nurc = "B"\nwhere = "inside"\n')
    assert line.ask("ATI").startswith(b"\r\nA\r\nATI\r\r\nQuectel\r\n\r\nB\r\nEC20F\r\n")


def test_garbage_is_put_in_or_replaces_the_answer(tmp_path: Path) -> None:
    assert _later(tmp_path, 'kind = "garbage"\nhex = "ff00"').ask("AT+CSQ") == CSQ + b"\xff\x00" + OK
    assert _later(tmp_path, 'kind = "garbage"\nhex = "ff00"\nwhere = "replace"').ask("AT+CSQ") == b"\xff\x00"
    seeded = [_later(tmp_path, 'kind = "garbage"\nsize = 5\nwhere = "replace"').ask("AT") for _ in range(2)]
    assert seeded[0] == seeded[1]
    assert len(seeded[0]) == 5


def test_truncate_loses_the_final_result(tmp_path: Path) -> None:
    assert _later(tmp_path, 'kind = "truncate"\nsize = 6').ask("AT+CSQ") == CSQ[:6]


def test_a_wrong_echo_differs_in_one_byte(tmp_path: Path) -> None:
    line = line_of(tmp_path, '[modem]\npersona = "generic-lte"\n[[fault]]\nkind = "wrong_echo"\n')
    heard = line.ask("AT+CSQ")
    assert len(heard) == len(b"AT+CSQ\r" + CSQ + OK)
    assert sum(a != b for a, b in zip(heard, b"AT+CSQ\r" + CSQ + OK, strict=True)) == 1


def test_every_counts_the_commands_that_could_have_been_struck(tmp_path: Path) -> None:
    line = _later(tmp_path, 'kind = "silence"\nevery = 3\ncommand = "AT+CSQ"')
    heard = [bool(line.ask(command)) for command in ("AT+CSQ", "AT", "AT+CSQ", "AT", "AT+CSQ", "AT+CSQ")]
    assert heard == [True, True, True, True, False, True]


def test_a_reboot_is_silent_then_says_so_and_forgets_the_settings(tmp_path: Path) -> None:
    line = scenario(tmp_path, '[[fault]]\nkind = "reboot"\nfrom_s = 5\nseconds = 4\n', "quectel-ec20")
    line.ask("AT+CMEE=1;+CEREG=2")
    line.until(6)
    assert line.ask("AT", 1) == b""
    assert b"\r\nRDY\r\n" in line.listen(5)
    assert line.ask("AT+CEREG?") == b"AT+CEREG?\r\r\n+CEREG: 0,1\r\n\r\nOK\r\n"


def test_a_reboot_swallows_the_answer_that_was_on_its_way(tmp_path: Path) -> None:
    line = scenario(
        tmp_path, '[[fault]]\nkind = "delay"\nseconds = 3\n[[fault]]\nkind = "reboot"\nfrom_s = 3\nseconds = 1\n'
    )
    line.port.write(b"AT\r", 1.0)
    assert line.listen(10) == b""


def test_the_port_disappears_and_comes_back(tmp_path: Path) -> None:
    line = scenario(tmp_path, '[[fault]]\nkind = "disappear"\nfrom_s = 8\nto_s = 12\nname = "other"\n')
    line.until(9)
    with pytest.raises(PortLost):
        line.port.read(10, 1.0)
    with pytest.raises(PortLost):
        line.port.write(b"AT\r", 1.0)
    with pytest.raises(PortMissing):
        line.port.reopened()
    line.until(13)
    line.port = line.port.reopened()
    assert line.ask("AT").endswith(b"AT\r" + OK)
    assert line.port.player.presence(line.port.now) == "other"


def test_a_module_that_does_not_read_blocks_the_writer_for_a_time(tmp_path: Path) -> None:
    line = scenario(tmp_path, '[[fault]]\nkind = "hang_write"\nfrom_s = 2\nto_s = 60\n')
    line.until(3)
    line.port.write(b"AT\r", 1.0)
    with pytest.raises(PortStuck):
        line.port.write(b"x" * 4096, 5.0)
    assert line.listen(5) == b""
    line.until(61)
    assert line.listen() == OK


def test_an_endless_stream_never_lets_the_line_be_quiet(tmp_path: Path) -> None:
    line = scenario(tmp_path, '[[fault]]\nkind = "flood"\nfrom_s = 2\nto_s = 20\ngap_s = 0.2\nurc = "^RSSI:20"\n')
    heard = line.listen(3)
    assert heard.count(b"\r\n^RSSI:20\r\n") > 80
    assert line.ask("AT") == OK


def test_nobody_fetches_an_endless_stream_and_memory_stays_bounded(tmp_path: Path) -> None:
    line = scenario(tmp_path, '[[fault]]\nkind = "flood"\nfrom_s = 2\ngap_s = 0.01\n')
    line.until(1000)
    assert len(b"".join(line.port.player.collect(line.port.now))) <= 256 * 1024


def test_news_waits_until_the_module_has_spoken_out(tmp_path: Path) -> None:
    line = scenario(
        tmp_path, '[[fault]]\nkind = "split"\nfrom_s = 2\nsize = 3\ngap_s = 1\n[[change]]\nat_s = 3\nurc = "NEWS"\n'
    )
    line.until(2)
    assert line.ask("AT", 2) == OK + b"\r\nNEWS\r\n"
