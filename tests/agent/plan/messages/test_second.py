"""The second opinion: what a text sounds like decides where nothing else vouches for a fact."""

import subprocess
import sys

import pytest

from agent.plan.messages import explain, second
from agent.plan.messages.normal import folded
from agent.plan.messages.service import is_chinese

STATEMENTS = [
    "您的话费余额为12.30元，本月已用流量3.2GB，剩余6.8GB。",
    "您的号码因欠费已停机，请尽快缴费。",
    "尊敬的商户，您的机具流量卡将于2026年12月10日到期，请续费。",
    "Your main balance is 12.50 and your data bundle expires on 30/11/2026.",
    "Ihr Guthaben beträgt 4,20 EUR, das Datenvolumen ist bis 30.11.2026 gültig.",
    "Saldo Anda Rp12.000, sisa kuota 3,2GB berlaku sampai 30/11/2026.",
]
OTHERS = [
    "恭喜您获得会员免费领取资格，活动期间点击链接即可领取大礼包！",
    "发送指令到10086即可办理，首月免费体验，名额有限先到先得。",
    "您的验证码为123456，请勿泄露给他人。",
    "Join our gym today and get 2 months free, offer ends soon! Reply STOP to opt out.",
    "Ihre Karte wurde für einen Einkauf belastet. Verfügbarer Kontostand bei der Bank: 310,20 EUR.",
]


def _likely(text: str) -> float:
    return second.likely(folded(text), chinese=is_chinese(text))


@pytest.mark.parametrize("text", STATEMENTS)
def test_a_statement_about_this_line_sounds_like_one(text: str) -> None:
    assert _likely(text) > 0.7


@pytest.mark.parametrize("text", OTHERS)
def test_adverts_and_codes_do_not(text: str) -> None:
    assert _likely(text) < second.WORLD.numbers
    assert second.words_against(folded(text), chinese=is_chinese(text))


def test_an_event_that_only_the_wording_betrays_yields_nothing_and_says_why() -> None:
    read = explain("您的影城观影套餐已生效，凭此短信到前台兑换爆米花，欢迎光临。", sender="10086")
    assert (read.kind, read.why_not) == ("other", second.WHY)


def test_numbers_masks_and_line_ends_are_each_one_letter() -> None:
    found = second.runs("余额12.30元\n\n138****5566", chinese=True)
    assert {one for one in found if len(one) == 2} == {"^余", "余额", "额0", "0元", "元 ", " 0", "0*", "*0", "0$"}
    assert second.runs("a 1,5", chinese=False) == {"^a ", "a 0", " 0$", "^a 0", "a 0$", "^a 0$"}


@pytest.mark.parametrize("text", ["", "\ud800", "0", "$" * 5000])
@pytest.mark.parametrize("chinese", [True, False])
def test_any_text_has_a_likelihood(text: str, chinese: bool) -> None:
    assert 0 <= second.likely(text, chinese=chinese) <= 1


def test_less_is_asked_of_letters_that_nobody_taught() -> None:
    met, unmet = (second.runs(text, chinese=False) for text in ("your balance is 12.50", "ვადა გასდის ხვალ"))
    bits = second._met()
    assert second.lenience(met, bits) == 1
    assert second.lenience(unmet, bits) == second.lenience((), bits) == second._LEAST
    assert second.likely("ვადა გასდის ხვალ", chinese=False) > second._weighed(unmet, chinese=False)


SUSPECTED = [
    "【游戏流量】尊敬的客户，您本月已使用流量3.2GB，剩余流量6.8GB，话费余额12.30元。中国移动",
    "Your wallet bal is Rs.17.32, validity 14/12/2026. Data: 412 MB left, valid till 30/11/2026. Dial *123# BSNL",
]


@pytest.mark.parametrize("text", SUSPECTED)
def test_a_guard_that_goes_by_a_word_gives_way_where_all_else_speaks_for_the_text(text: str) -> None:
    read = explain(text)
    assert (read.why_not, read.balance is not None, read.remaining_bytes is not None) == (None, True, True)
    assert all(text[one.start : one.end] == one.text for one in read.evidence)


@pytest.mark.parametrize("text", SUSPECTED)
def test_no_guard_gives_way_to_a_stranger_or_beside_another_guard(text: str) -> None:
    assert explain(text, sender="106900001234").why_not is not None
    assert explain(f"{text} 验证码 123456，请勿泄露").kind == "other"


def test_a_bank_that_is_not_quite_like_a_carrier_stays_a_bank() -> None:
    assert explain("【美团流量】您的账户余额为9.90元，本月剩余流量1.5GB。").why_not == "bank or wallet"


def test_the_tables_are_loaded_only_for_a_text_that_tells_something() -> None:
    code = (
        "import sys; from agent.plan.messages import explain; explain('Your parcel is here');"
        "table = 'agent.plan.messages.second_words'; assert table not in sys.modules;"
        "explain('您的话费余额为12.30元'); assert table in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
