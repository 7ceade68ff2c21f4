"""`posagent status`, `usage` and `plan`: asking the daemon, and doing without one."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.cli import main, usage
from agent.cli.context import Lang
from agent.cli.status import age, lines, size
from agent.counting import LEDGER_NOTE_S
from modem.simulator import VirtualModem
from tests.fakes.agent_process import AgentProcess
from tests.fakes.eventually import eventually


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AgentProcess]:
    with VirtualModem("healthy-lte") as device:
        agent = AgentProcess(tmp_path_factory.mktemp("status"), device)
        try:
            agent.start()
            eventually(lambda: agent.verdict() == "ok", "the verdict is ok")
            yield agent
        finally:
            agent.end()


def test_people_read_the_verdict_first_and_how_old_it_is(
    running: AgentProcess, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["status", "--config", str(running.config), "--lang", "en"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("terminal")
    assert "Nothing wrong [ok] (looked " in lines[1]
    assert any(line.startswith("to be sent") for line in lines)


def test_chinese_is_spoken(running: AgentProcess, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "--config", str(running.config), "--lang", "zh"]) == 0
    said = capsys.readouterr().out
    assert not [word for word in ("一切正常", "已注册 · CHINA MOBILE · LTE", "良 · RSRP") if word not in said]


def test_programs_get_one_object(running: AgentProcess, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["status", "--now", "--json", "--config", str(running.config)]) == 0
    assert json.loads(capsys.readouterr().out)["schema"] == "posagent.status/1"


@pytest.mark.parametrize("command", ["usage", "plan"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_usage_and_plan_are_told(
    running: AgentProcess, capsys: pytest.CaptureFixture[str], command: str, lang: str
) -> None:
    eventually(lambda: ((running.ask("usage") or {}).get("usage") or {}).get("used_bytes"), "use is counted")
    assert main([command, "--config", str(running.config), "--lang", lang]) == {"usage": 0, "plan": 4}[command]
    assert capsys.readouterr().out


def test_usage_says_how_old_each_figure_is_and_how_often_it_is_saved(
    running: AgentProcess, capsys: pytest.CaptureFixture[str]
) -> None:
    eventually(lambda: ((running.ask("usage") or {}).get("usage") or {}).get("used_bytes"), "use is counted")
    main(["usage", "--json", "--config", str(running.config)])
    told = json.loads(capsys.readouterr().out)["usage"]
    assert {"day_bytes", "drift_bytes", "elsewhere_bytes", "usual_day_bytes"} <= told.keys()
    assert all(source["age_s"] >= 0 for source in told["sources"])
    assert told["saved_every_s"] == LEDGER_NOTE_S
    main(["usage", "--config", str(running.config), "--lang", "en"])
    assert "a power cut loses at most what was counted since" in capsys.readouterr().out


def test_drift_between_our_count_and_the_carrier_s_word_is_shown() -> None:
    used = {
        "cycle": {"start": "2026-11-01", "end": "2026-11-30"}, "used_bytes": 2**30, "own_bytes": 0,
        "sources": [
            {"source": "modem", "used_bytes": 2**29, "at": "2026-11-20T08:00:00Z", "age_s": 60},
            {"source": "carrier", "used_bytes": 2**30, "at": "2026-11-19T08:00:00Z", "age_s": 90_000},
        ],
        "day_bytes": 2**20, "usual_day_bytes": 2**19, "drift_bytes": 2**29, "elsewhere_bytes": 2**29,
        "saved_every_s": 3_600,
    }  # fmt: skip
    plan = {"quota_bytes": None, "remaining_bytes": None, "runs_out_on": None}
    shown = "\n".join(usage.lines({"usage": used, "plan": plan, "own_by_purpose": {}}, "en"))
    assert "(25 h ago)" in shown
    assert "512.0 MB above our count" in shown
    assert "about 512.0 MB was not used by this terminal" in shown
    assert "512.0 KB on an ordinary day" in shown
    assert "saved every 60 min" in shown


def test_without_a_daemon_it_is_12(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    agent = AgentProcess(tmp_path, "/dev/null")
    agent.write_config()
    assert main(["status", "--json", "--config", str(agent.config)]) == 12
    assert json.loads(capsys.readouterr().out)["error"]["code"] == "no_daemon"


def test_plan_without_a_daemon_comes_from_the_settings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    agent = AgentProcess(tmp_path, "/dev/null")
    agent.write_config()
    agent.config.write_text(agent.config.read_text() + '[plan]\nbalance = "12.30"\nquota_mb = 30\n')
    assert main(["plan", "--json", "--config", str(agent.config)]) == 4
    plan = json.loads(capsys.readouterr().out)
    assert plan["balance"] == {"amount": "12.30", "currency": "CNY"}
    assert plan["quota_bytes"] == 30 * 2**20


def test_usage_without_ledger_cannot_tell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    agent = AgentProcess(tmp_path, "/dev/null")
    agent.write_config()
    assert main(["usage", "--config", str(agent.config), "--lang", "en"]) == 4
    assert "nothing was counted" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("then", "expected"),
    [
        ("2026-11-21T17:59:58Z", "2 s"),
        ("2026-11-21T17:50:00Z", "10 min"),
        ("2026-11-21T10:00:00Z", "8 h"),
        ("2026-11-01T18:00:00Z", "20 d"),
        ("2026-11-21T18:00:10Z", "0 s"),
        (None, "?"),
    ],
)
def test_ages_are_told_in_the_largest_unit(then: str | None, expected: str) -> None:
    assert age(then, "2026-11-21T18:00:00Z", "en") == expected


def test_sizes_are_told_as_carriers_do() -> None:
    assert [size(count) for count in (5, 2048, 5 * 2**20, 3 * 2**30)] == ["5 B", "2.0 KB", "5.0 MB", "3.0 GB"]


@pytest.mark.parametrize(
    ("lang", "words"),
    [("zh", ("支付应用占用中", "重启模块", "没有效果", "拔下")), ("en", ("a payment", "modem reset"))],
)
def test_a_payment_and_what_recovery_did_are_shown(lang: Lang, words: tuple[str, ...]) -> None:
    last = {"rung": "modem_reset", "cause": "data.detached", "outcome": "not_cured", "ago_s": 400}
    status = {
        "line": {"held": True, "by": [{"pid": 7, "left_s": 30}]},
        "recovery": {"last": last, "dry_run": False, "asks": True},
    }
    said = "\n".join(text for text, _ in lines(status, lang))
    assert not [word for word in words if word not in said]
