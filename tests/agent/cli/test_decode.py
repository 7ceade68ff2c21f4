"""`posagent decode`."""

import io
import json
from pathlib import Path

import pytest

from agent.cli import main

DIALOGUE = """AT+CPIN?
+CME ERROR: SIM not inserted
AT+CEREG?
+CEREG: 3,3,"5A1B","0A1B2C3D",7,0,8
OK
+CEREG: 2
AT+CSQ
+CSQ: 20,99
gibberish \x1b[2J
OK
"""


@pytest.fixture
def dialogue(tmp_path: Path) -> Path:
    path = tmp_path / "dialogue.txt"
    path.write_text(DIALOGUE, encoding="utf-8")
    return path


def test_json_is_one_object_a_line(dialogue: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["decode", "--json", str(dialogue)]) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [one["command"] for one in found] == ["AT+CPIN?", "AT+CEREG?", None, "AT+CSQ"]
    assert found[0]["error"] == {"family": "cme", "code": 10, "meaning": "SIM not inserted"}
    assert found[1]["readings"][0]["reject_cause"]["layer"] == "emm"
    assert found[2]["urcs"] == ["+CEREG: 2"]
    assert found[3]["unknown"] == ["gibberish \x1b[2J"]


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", ["no card", "registration denied by the network", "EMM #8", "RSSI -73 dBm", "not read:"]),
        ("zh", ["未插卡", "网络拒绝注册", "EMM #8", "停机或未开通", "未能解读"]),
    ],
)
def test_people_are_told_what_answers_mean(
    lang: str, words: list[str], dialogue: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--lang", lang, "decode", str(dialogue)]) == 0
    shown = capsys.readouterr().out
    assert all(word in shown for word in words)
    assert "\x1b" not in shown


@pytest.mark.parametrize(("lang", "lacked"), [("en", "not offered: CME 4"), ("zh", "不支持: CME 4")])
def test_a_command_that_the_modem_lacks_has_not_failed(
    lang: str, lacked: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "dialogue.txt"
    path.write_text("AT+C5GREG?\n+CME ERROR: 4\nAT+CIMI\n+CME ERROR: 100\n", encoding="utf-8")
    assert main(["--lang", lang, "decode", str(path)]) == 0
    said = capsys.readouterr().out
    assert said.count(lacked) == said.count("CME 4") == 1
    assert said.count("failed: CME 100" if lang == "en" else "失败: CME 100") == 1


def test_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    stdin = io.TextIOWrapper(io.BytesIO(b"AT+CSQ\r\n+CSQ: 20,99\r\nOK\r\n\xff\xfe"))
    monkeypatch.setattr("sys.stdin", stdin)
    assert main(["decode", "--json"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[0])["command"] == "AT+CSQ"


def test_vendor_decides_where_the_modem_does_not_say(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "short.txt"
    path.write_text('AT^HCSQ?\n^HCSQ:"LTE",53,45,181,18\nOK\n', encoding="utf-8")
    assert main(["decode", "--vendor", "huawei", "--json", str(path)]) == 0
    assert json.loads(capsys.readouterr().out)["readings"][0]["rsrp_dbm"] == -96


@pytest.mark.parametrize("arguments", [["--vendor", "nobody"], ["/nonexistent/dialogue.txt"]])
def test_wrong_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["decode", *arguments]) == 2
    assert arguments[-1] in capsys.readouterr().err


def test_empty_text_says_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "empty.txt"
    path.touch()
    assert main(["decode", str(path)]) == 0
    assert capsys.readouterr().out == ""


CHINESE_TOOL = "[14:34:12.900]发→◇AT+CPIN?\r\n[14:34:12.910]收←◆\r\n+CPIN: READY\r\n\r\nOK\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_a_log_is_read_as_the_tool_saved_it(encoding: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "log.txt"
    log.write_bytes(CHINESE_TOOL.encode(encoding))
    assert main(["decode", "--json", str(log)]) == 0
    (found,) = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert (found["command"], found["final"], found["unknown"]) == ("AT+CPIN?", "OK", [])


def test_noise_is_not_taken_for_chinese(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    log = tmp_path / "log.txt"
    log.write_bytes(b"AT+CPIN?\r\n\xb7\xa2\xca\xd5\r\n+CPIN: READY\r\nOK\r\n")
    assert main(["decode", "--json", str(log)]) == 0
    assert json.loads(capsys.readouterr().out)["unknown"] == ["\ufffd" * 3 + "\ufffd"]


@pytest.mark.parametrize("more", [[], ["--json"]])
def test_a_pin_that_was_pasted_along_is_shown_nowhere(
    more: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "log.txt"
    log.write_text('AT+CPIN="4711"\nAT+CPIN="4711"\nOK\nnoise AT+CPIN=4711\nAT+CGAUTH=1,1,"shop","4711"\nOK\n')
    assert main(["decode", *more, str(log)]) == 0
    shown = capsys.readouterr()
    assert "4711" not in shown.out + shown.err
    assert "AT+CPIN=" in shown.out
