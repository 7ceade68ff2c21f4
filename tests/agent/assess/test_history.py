"""What worked until when: from the ledger into the evidence, where data fails."""

from datetime import date

import pytest

from agent.assess.answer import shown, signs, yes
from agent.assess.base import Assessment, Finding, Verdict
from agent.plan.books import Books
from agent.plan.ledger import Ledger
from agent.plan.plan import PlanSettings
from agent.plan.standing import standing
from agent.report import diag_report
from agent.sample.base import Evidence, Snapshot, UsageView

DAY_S = 86_400.0
NOON = 1_795_320_000.0
CARD = "89860000000000000001"
TODAY = date(2026, 12, 31)


def ledger_of(days: dict[int, int]) -> Ledger:
    """Days ago → bytes that came in that day."""
    ledger, total = Ledger(None), 0
    ledger.observe("interface", "if1", 0, 0, NOON - 31 * DAY_S, 0.0, "boot", card=CARD)
    for ago in range(30, -1, -1):
        total += days.get(ago, 0)
        ledger.observe("interface", "if1", total, 500, NOON - ago * DAY_S, (31 - ago) * DAY_S, "boot", card=CARD)
    return ledger


def test_the_last_day_on_which_the_card_brought_data_is_known() -> None:
    ledger = ledger_of({20: 5_000_000, 3: 1_258_291, 1: 900})
    stands = standing(PlanSettings(), ledger, (), NOON, "UTC", clock_trusted=True, card=CARD)
    assert stands.usage.last_day_bytes == 1_258_291
    (said,) = [item.text for item in stands.evidence if item.about == "usage.last_day"]
    assert said == f"data last came over this card on {stands.usage.last_day}: 1.2 MB that day"


def test_answers_to_a_dead_card_s_retries_are_no_data() -> None:
    assert ledger_of({2: 4000, 1: 4000}).last_received(TODAY, CARD) is None


def test_another_card_s_data_says_nothing_of_this_one() -> None:
    assert ledger_of({2: 1_000_000}).last_received(TODAY, "8986010000000000009") is None


def test_undated_use_has_no_day() -> None:
    books = Books()
    books.add(("?boot:1", "interface", ""), 10**6, 0)
    assert books.last_received(None, 1, "2026-12-31") is None
    books.add(("2026-11-20", "interface", ""), 10**6, 0)
    assert books.last_received(None, 1, "2026-12-31") == ("2026-11-20", 10**6)
    assert books.last_received(None, 1, "2026-11-19") is None


def test_without_a_trusted_clock_no_day_is_named() -> None:
    stands = standing(PlanSettings(), ledger_of({2: 10**6}), (), NOON, "UTC", clock_trusted=False, card=CARD)
    assert stands.usage.last_day is None


BEFORE = Evidence("usage.last_day", "ledger", "data last came over this card on 2026-11-20: 1.2 MB that day")
SNAPSHOT = Snapshot(NOON, usage=UsageView(last_day=date(2026, 11, 20).isoformat()), evidence=(BEFORE,))


@pytest.mark.parametrize("code", ["internet.unreachable", "data.not_subscribed", "registration.denied", "plan.expired"])
def test_it_is_quoted_where_data_fails_and_carries_nothing(code: str) -> None:
    answer = yes("reach.internet")
    assert BEFORE in shown(code, SNAPSHOT, answer)
    assert signs(SNAPSHOT, answer.support) == 1


@pytest.mark.parametrize("code", ["registration.roaming", "plan.expiring", "signal.weak", "centre.tls"])
def test_it_is_not_quoted_where_data_does_not_fail(code: str) -> None:
    assert BEFORE not in shown(code, SNAPSHOT, yes("reach.centre"))


def test_evidence_of_last_week_is_told_with_its_time_and_that_of_now_without() -> None:
    old = Evidence("plan.state", "message", "您的号码已停机", NOON - 5 * DAY_S)
    new = Evidence("network.registration", "at", "AT+CEREG? → +CEREG: 0,3", NOON - 1)
    finding = Finding("plan.suspended", "error", root=True, evidence=(old, new))
    assessment = Assessment((finding,), Verdict("plan.suspended", "high"))
    report = diag_report(Snapshot(NOON), assessment, lang="zh", via="direct", duration_s=1, data_cost_bytes=0)
    told = report["findings"][0]["evidence"]
    assert told[0].startswith("您的号码已停机 [2026-11-")
    assert told[1] == "AT+CEREG? → +CEREG: 0,3"
