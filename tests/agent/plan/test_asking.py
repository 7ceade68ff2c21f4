"""When and what the carrier is asked; what is never sent; how answers come."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.plan.ask_run import QUIET_S, Message, Said, listen, put, wait_from
from agent.plan.asking import (
    AFTER_FAILURE_S,
    DAY_S,
    WAIT_S,
    AskSettings,
    Query,
    forbidden,
    must_choose,
    next_query,
    queries_for,
    read_code,
)
from agent.plan.query_codes import NEVER, SHARED_PLMN, SMS_IN_CHINA, USSD_BY_CODE
from agent.plan.store import Asked
from agent.sample.base import PlanFact

MOBILE, UNICOM, BROADNET, ORANGE, O2_UK = "460001", "460011", "460151", "208011", "234101"
NOW = 1_795_000_000.0
FREE, PAID, OFF = AskSettings(), AskSettings("paid"), AskSettings("off")


def keys(settings: AskSettings, imsi: str | None) -> list[str]:
    return [query.key for query in queries_for(settings, imsi)]


def test_each_carrier_is_asked_in_its_own_words() -> None:
    assert keys(FREE, MOBILE) == ["sms:10086:CXLL"]
    assert keys(FREE, UNICOM) == ["sms:10010:CXLL", "sms:10010:2082", "sms:10010:流量查询"]
    assert keys(FREE, ORANGE) == ["ussd:#123#"]


def test_what_nobody_vouches_for_needs_leave() -> None:
    assert "sms:10086:CXYE" not in keys(FREE, MOBILE)
    assert "sms:10086:CXYE" in keys(PAID, MOBILE)
    assert keys(FREE, "208151") == []
    assert keys(PAID, "208151") == ["sms:555:conso"]


def test_where_brands_share_a_network_a_person_chooses() -> None:
    assert keys(PAID, O2_UK) == []
    assert must_choose(FREE, O2_UK) == ("*#10#", "*100#")
    assert next_query(FREE, O2_UK, (), NOW, clock_trusted=True).why == "choose"
    assert keys(AskSettings(codes=("ussd:*100#",)), O2_UK) == ["ussd:*100#"]


@pytest.mark.parametrize("imsi", [None, "", BROADNET, "999991"])
def test_a_card_without_a_known_code_is_never_asked(imsi: str | None) -> None:
    found = next_query(PAID, imsi, (), NOW, clock_trusted=True)
    assert (found.query, found.at, found.why) == (None, None, "no_code")


@pytest.mark.parametrize(
    ("settings", "why"), [(OFF, "off"), (AskSettings(services="none"), "no_services"), (FREE, "due")]
)
def test_the_owner_decides_whether(settings: AskSettings, why: str) -> None:
    assert next_query(settings, MOBILE, (), NOW, clock_trusted=True).why == why


def test_a_card_known_to_have_no_sms_gets_no_words() -> None:
    assert keys(AskSettings(services="ussd"), MOBILE) == []


@pytest.mark.parametrize("trusted", [False, None])
def test_without_a_trusted_clock_nothing_is_asked(trusted: bool | None) -> None:
    assert next_query(FREE, MOBILE, (), NOW, clock_trusted=trusted).why == "clock"


def asked(*outcomes: str, key: str = "sms:10086:CXLL", ago_days: float = 0.0) -> list[Asked]:
    return [Asked(key, NOW - ago_days * DAY_S, outcome) for outcome in outcomes]


def test_one_question_a_day() -> None:
    found = next_query(FREE, MOBILE, asked("answered", ago_days=0.5), NOW, clock_trusted=True)
    assert (found.query, found.at) == (None, NOW + 0.5 * DAY_S)
    assert next_query(FREE, MOBILE, asked("answered", ago_days=1.01), NOW, clock_trusted=True).query is not None


@pytest.mark.parametrize("failures", [1, 2, 3, 4, 9])
def test_a_question_that_fails_rests_longer_each_time(failures: int) -> None:
    history = [*asked("answered", ago_days=50), *asked(*["no_answer"] * failures)]
    rest = AFTER_FAILURE_S[min(failures, 4) - 1]
    assert next_query(FREE, MOBILE, history, NOW + rest - 1, clock_trusted=True).query is None
    assert next_query(FREE, MOBILE, history, NOW + rest, clock_trusted=True).query is not None


def test_a_card_that_never_answers_is_known_as_such_until_it_does() -> None:
    settings = AskSettings(codes=("sms:10086:CXLL", "sms:10086:CXYE"))
    silence = [
        Asked(f"sms:10086:{word}", NOW - (9 - n) * 86_400, "no_answer") for n in range(4) for word in ("CXLL", "CXYE")
    ]
    assert next_query(settings, MOBILE, silence, NOW, clock_trusted=True).why == "silent"
    assert next_query(settings, MOBILE, silence[:-1], NOW, clock_trusted=True).why != "silent"
    spoke = [*silence, Asked("sms:10086:CXLL", NOW - 9, "answered")]
    assert next_query(settings, MOBILE, spoke, NOW, clock_trusted=True).why == "waiting"


def test_questions_take_turns() -> None:
    found = next_query(FREE, UNICOM, asked("answered", key="sms:10010:CXLL", ago_days=2), NOW, clock_trusted=True)
    assert found.query is not None
    assert found.query.text == "2082"


def test_what_was_noted_while_the_clock_was_wrong_does_not_silence_for_years() -> None:
    assert next_query(FREE, MOBILE, asked("answered", ago_days=-4000), NOW, clock_trusted=True).query is not None


def test_a_renewal_may_ask_sooner_but_not_at_will() -> None:
    history = asked("answered", ago_days=0.3)
    assert next_query(FREE, MOBILE, history, NOW, clock_trusted=True, urgent=True).query is not None
    assert next_query(FREE, MOBILE, asked("answered"), NOW, clock_trusted=True, urgent=True).query is None


@given(st.lists(st.sampled_from(["answered", "no_answer", "nothing", "refused"]), max_size=80), st.booleans())
def test_over_any_history_there_are_at_most_four_questions_a_day(outcomes: list[str], urgent: bool) -> None:
    history: list[Asked] = []
    for step in range(48):  # every half hour of a day
        now = NOW + step * 1800.0
        found = next_query(FREE, UNICOM, history, now, clock_trusted=True, urgent=urgent)
        if found.query:
            outcome = outcomes[len(history) % len(outcomes)] if outcomes else "answered"
            history.append(Asked(found.query.key, now, outcome))
    assert len(history) <= (4 if urgent else 1)


@pytest.mark.parametrize("word", [*sorted(NEVER), "TCQZ13800000000", "ktll", "qxyltx", " QX "])
def test_orders_are_never_sent_even_if_configured(word: str) -> None:
    assert forbidden(word)
    assert read_code(f"sms:10086:{word}") is None


def test_no_word_of_the_table_is_an_order() -> None:
    assert not [word for desk in SMS_IN_CHINA.values() for word in desk.words if forbidden(word.text)]
    assert all(read_code(f"ussd:{code}") for code in USSD_BY_CODE)
    assert not [plmn for plmns in USSD_BY_CODE.values() for plmn in plmns.split() if plmn in SHARED_PLMN]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ussd:",
        "ussd:100",
        "ussd:*100#;ATD1",
        "sms:CXLL",
        "sms:13800000000:YE",
        "voice:1",
        "ussd:*21*13800000000#\r",
    ],
)
def test_what_is_no_query_is_refused(text: str) -> None:
    assert read_code(text) is None


def reader(
    text: str, sender: str | None, at: float | None, way: Literal["carrier_sms", "carrier_ussd"]
) -> list[PlanFact]:
    del sender
    found = re.search(r"余额\s*(\d+\.\d\d)", text)
    return [PlanFact("balance", found[1], way, at, text)] if found else []


@dataclass
class FakeTalk:
    said: Said = field(default_factory=lambda: Said(None))
    takes: bool = True
    dialled: list[str] = field(default_factory=list)

    def ussd(self, code: str) -> Said:
        self.dialled.append(code)
        return self.said

    def send(self, number: str, text: str) -> bool:
        self.dialled.append(f"{number}:{text}")
        return self.takes

    def messages(self) -> Sequence[Message]:
        return ()


USSD, SMS = Query("ussd", "*100#"), Query("sms", "CXLL", "10086", answers_from=("10086",))


@pytest.mark.parametrize(
    ("query", "talk", "outcome"),
    [
        (USSD, FakeTalk(Said("余额 5.00")), "answered"),
        (USSD, FakeTalk(Said("1. menu 2. more")), "nothing"),
        (USSD, FakeTalk(Said(None)), "no_answer"),
        (USSD, FakeTalk(Said(None, refused=True)), "refused"),
        (USSD, FakeTalk(Said("we will reply by SMS", by_sms=True)), "waiting"),
        (SMS, FakeTalk(), "waiting"),
        (SMS, FakeTalk(takes=False), "refused"),
    ],
)
def test_putting_a_question(query: Query, talk: FakeTalk, outcome: str) -> None:
    found = put(query, "card", talk, reader, NOW)
    assert found.outcome == outcome
    assert (found.wait is not None) == (outcome == "waiting")
    assert len(talk.dialled) == 1


def test_an_answer_in_parts_is_waited_for_and_read_as_one() -> None:
    wait = put(SMS, "card", FakeTalk(), reader, NOW).wait
    assert wait is not None
    first = [Message("10086", "您的余额", NOW + 10)]
    heard = listen(wait, first, reader, NOW + 12)
    assert heard.outcome == "waiting"
    assert heard.wait is not None
    both = [*first, Message("10086", " 7.50", NOW + 15)]
    done = listen(heard.wait, both, reader, NOW + 12 + QUIET_S)
    assert (done.outcome, [fact.value for fact in done.facts]) == ("answered", ["7.50"])


@pytest.mark.parametrize(
    "message",
    [
        Message("13800000000", "余额 5.00", NOW + 5),
        Message("95588", "余额 5.00", NOW + 5),
        Message("10086", "余额 5.00", NOW - 4000),
    ],
)
def test_other_senders_and_old_messages_are_no_answer(message: Message) -> None:
    wait = put(SMS, "card", FakeTalk(), reader, NOW).wait
    assert wait is not None
    assert listen(wait, [message], reader, NOW + 60).outcome == "waiting"
    assert listen(wait, [message], reader, NOW + WAIT_S + 1).outcome == "no_answer"


def test_a_wait_survives_a_restart() -> None:
    wait = put(SMS, "card", FakeTalk(), reader, NOW).wait
    assert wait is not None
    assert wait_from(wait.json()) == wait
    assert wait_from({"query": 3}) is None
    assert wait_from(None) is None
