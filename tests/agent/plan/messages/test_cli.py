import io
import json
from typing import Any

import pytest

from agent import cli
from agent.cli.plan_explain import lines
from agent.plan.messages import Explained
from tests.agent.plan.messages.scorer import load, read

TEXT = "【中国移动】您的话费余额为12.30元，有效期至12月31日。"


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    code = cli.main(["plan", "explain", *words])
    return code, capsys.readouterr().out


def test_one_json_object_with_balance_and_expiry(capsys: pytest.CaptureFixture[str]) -> None:
    code, out = said(capsys, "--received", "2026-11-21", "--sender", "10086", TEXT, "--json")
    value: dict[str, Any] = json.loads(out)
    assert (code, value["kind"], value["carrier"]) == (0, "balance", "China Mobile")
    assert (value["balance"], value["expires_on"]) == ({"amount": "12.30", "currency": "CNY"}, "2026-12-31")


@pytest.mark.parametrize(
    ("channel", "text", "kind"),
    [
        ("ussd", "您的余额是15.5元", "balance"),
        ("sms", "您的余额是15.5元", "other"),
        ("ussd", "您的验证码是123456，请勿泄露", "other"),
        ("ussd", "恭喜您获得100元红包，点击领取", "other"),
    ],
)
def test_a_bare_answer_by_ussd_is_the_network_s_own(
    capsys: pytest.CaptureFixture[str], channel: str, text: str, kind: str
) -> None:
    _, out = said(capsys, text, "--channel", channel, "--json")
    assert (json.loads(out)["kind"], json.loads(out)["carrier"]) == (kind, None)


def test_the_text_may_come_on_standard_input(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(TEXT.encode() + b"\xff\n")))
    code, out = said(capsys, "--json")
    assert (code, json.loads(out)["kind"]) == (0, "balance")


def test_people_see_the_words_each_fact_stands_on(capsys: pytest.CaptureFixture[str]) -> None:
    code, out = said(capsys, "--lang", "zh", TEXT)
    assert code == 0
    assert "余额为12.30元" in out
    assert "China Mobile" in out


def test_a_message_without_facts_is_no_failure_and_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    code, out = said(capsys, "--lang", "en", "【中国移动】您的验证码为482913。")
    assert code == 0
    assert "one-time code" in out


def test_the_second_opinion_names_the_letters_that_spoke_against(capsys: pytest.CaptureFixture[str]) -> None:
    text = "您的影城观影套餐已生效，凭此短信到前台兑换爆米花，欢迎光临。"
    code, out = said(capsys, "--lang", "zh", "--sender", "10086", text)
    assert code == 0
    assert "措辞不像" in out
    assert "兑换" in out


def test_terminal_control_in_a_message_is_spelled_out(capsys: pytest.CaptureFixture[str]) -> None:
    _, out = said(capsys, "话费余额\x1b]0;x\x07为12.30元")
    assert "\x1b" not in out


@pytest.mark.parametrize("words", [("--received", "21/11/2026", "x"), ("  ",)])
def test_wrong_usage_is_said_in_one_line(words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["plan", "explain", *words]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_every_reason_is_said_in_chinese_too(capsys: pytest.CaptureFixture[str]) -> None:
    messages = [one for number in (7, 12, 16, 18) for one in load(f"unseen-{number}") if one["negative"]]
    reasons = {read(one).why_not for one in messages} - {None}
    assert len(reasons) > 8
    for why in reasons:
        text = next(line for line, _ in lines(Explained(why_not=why), "zh") if line.startswith("原因"))
        assert str(why) not in text


@pytest.mark.parametrize(
    "text",
    [
        "您的话费余额为12.30元😀👍🏽【中国移动】" + "。" * 3000,
        "\u202eرصيدك 12.50 ريال\u202c 余额 mixed текст \x00\x07" * 40,
        "\ud800余额",
        "1" * 5000,
    ],
)
def test_odd_texts_are_answered_in_either_language(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    for lang, cut in (("zh", "前 2000"), ("en", "first 2000")):
        code, out = said(capsys, "--lang", lang, text)
        assert code == 0
        assert (cut in out) is (len(text) > 2000)
        assert not any(char in out for char in "\x00\x07\x1b\u202e\ud800")
