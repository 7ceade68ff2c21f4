"""What the agent finds out about itself."""

from agent.assess.answer import Limits
from agent.assess.diagnosis import diagnose
from agent.assess.rules import judge
from agent.sample.base import AgentView, Snapshot


def answers(view: AgentView) -> dict[str, bool | None]:
    found = judge(Snapshot(0.0, agent=view), Limits())
    return {code: found[code].holds for code in ("agent.storage", "agent.budget", "agent.backlog")}


def test_what_was_not_observed_is_not_known() -> None:
    assert set(answers(AgentView()).values()) == {None}


def test_all_is_well() -> None:
    view = AgentView(writable=True, oldest_waiting_s=60.0, budget_used_up=False)
    assert set(answers(view).values()) == {False}


def test_each_trouble_is_told() -> None:
    view = AgentView(writable=False, storage="outbox: full", oldest_waiting_s=9e9, outbox="…", budget_used_up=True)
    assert set(answers(view).values()) == {True}


def test_a_disk_that_takes_nothing_is_quoted() -> None:
    found = diagnose(Snapshot(0.0, agent=AgentView(writable=False, storage="outbox: the disk is full")), Limits())
    (finding,) = [item for item in found.findings if item.code == "agent.storage"]
    assert "the disk is full" in finding.evidence[0].text
