"""A day out of the ordinary, and a card that others use: told with their figures in diag, usage and plan."""

from agent.assess.diagnosis import diagnose
from agent.cli.plan import lines as plan_lines
from agent.cli.usage import lines as usage_lines
from agent.plan.desk import Desk
from agent.plan.ledger import Ledger
from agent.plan.plan import PlanSettings
from agent.plan.standing import Standing, standing
from agent.plan.store import PlanStore
from agent.plan.told import plan_told, usage_told
from agent.report import diag_report
from agent.sample.base import ClockView, PlanFact, SimView
from agent.settings import Config
from tests.fakes.snapshots import but, healthy

MB = 2**20
DAY = 86_400.0
NOW = 1_795_334_400.0
"""2026-11-22 16:00 in Shanghai."""
TEXT = "您本月已使用流量480.0MB。"


def stands(today_mb: int, *words: PlanFact) -> Standing:
    """Thirty days of 2 MB, then today."""
    ledger, rx = Ledger(None), 0
    ledger.observe("interface", "if1", 0, 0, NOW - 31 * DAY, 0.0, "boot")
    for back in range(30, -1, -1):
        rx += (2 if back else today_mb) * MB
        ledger.observe("interface", "if1", rx, 0, NOW - back * DAY, (31 - back) * DAY, "boot")
    return standing(PlanSettings(), ledger, words, NOW, "Asia/Shanghai", clock_trusted=True)


def shown(found: Standing, lang: str) -> tuple[dict[str, list[str]], str, str]:
    """The evidence of each finding; what usage and what plan print."""
    language = "en" if lang == "en" else "zh"
    snapshot = but(
        healthy(), taken_at=NOW, usage=found.usage, plan=found.plan, clock=ClockView(trusted=True),
        evidence=found.evidence, sim=SimView(state="ready"),
    )  # fmt: skip
    report = diag_report(snapshot, diagnose(snapshot), lang=language, via="direct", duration_s=0.0, data_cost_bytes=0)
    desk = Desk(Config().desk_settings(), PlanStore(None))
    usage = {
        "usage": usage_told(report["usage"], found.usage, NOW, 3600, 0), "plan": report["plan"], "own_by_purpose": {},
    }  # fmt: skip
    plan = plan_told(report["plan"], desk, snapshot, NOW, None)
    evidence = {item["code"]: item["evidence"] for item in report["findings"]}
    return evidence, "\n".join(usage_lines(usage, language)), "\n".join(text for text, _ in plan_lines(plan, language))


def test_a_spike_is_told_with_what_an_ordinary_day_is() -> None:
    found = stands(40)
    evidence, usage, plan = shown(found, "en")
    assert evidence["usage.abnormal"] == ["used today: 40.0 MB; on an ordinary day 2.0 MB, odd above 7.0 MB"]
    for text in (usage, plan):
        assert "40.0 MB (about 2.0 MB on an ordinary day), out of the ordinary (above 7.0 MB)" in text
    evidence, usage, plan = shown(found, "zh")
    assert evidence["usage.abnormal"] == ["今日已用 40.0 MB；平时每天约 2.0 MB，超过 7.0 MB 即为异常"]
    for text in (usage, plan):
        assert "用量异常（超过 7.0 MB）" in text


def test_use_elsewhere_is_told_with_the_carrier_s_figure_and_its_words() -> None:
    found = stands(2, PlanFact("used_bytes", str(480 * MB), "carrier_sms", NOW - 3600, TEXT))
    evidence, usage, plan = shown(found, "en")
    more = found.usage.elsewhere_bytes or 0
    assert more == 480 * MB - 22 * 2 * MB
    assert [text.partition(" [")[0] for text in evidence["usage.elsewhere"]] == [
        TEXT, "the carrier counts 480.0 MB: 436.0 MB more than this terminal did",
    ]  # fmt: skip
    for text in (usage, plan):
        assert "about 436.0 MB was not used by this terminal" in text
    evidence, usage, plan = shown(found, "zh")
    assert any("运营商计 480.0 MB，比本机计数多 436.0 MB" in text for text in evidence["usage.elsewhere"])
    for text in (usage, plan):
        assert "约 436.0 MB 不是本机使用的" in text


def test_an_ordinary_day_is_no_word_in_the_plan() -> None:
    evidence, _, plan = shown(stands(2), "en")
    assert not {"usage.abnormal", "usage.elsewhere"} & set(evidence)
    assert "ordinary" not in plan
    assert "not used by this terminal" not in plan
