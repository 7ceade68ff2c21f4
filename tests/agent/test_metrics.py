"""The text file for Prometheus."""

import re
import stat
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from agent import metrics

NOW = 1_790_000_000.0
STATUS: dict[str, Any] = {
    "version": "0.1.0",
    "diag": {
        "verdict": {"code": "plan.expiring"},
        "findings": [{"code": "plan.expiring", "severity": "warning", "root": True}],
        "signal": {"rssi_dbm": -67, "rsrp_dbm": -95, "rsrq_db": None, "sinr_db": 12.5},
        "network": {"registration": "home"},
        "usage": {"used_bytes": 12345678901, "own_bytes": 0},
        "plan": {"quota_bytes": None, "days_left": -2, "balance": {"amount": "12.30", "currency": "CNY"}},
        "modem": {"temperature_c": 41, "imei": "867962041234567"},
        "sim": {"iccid": "89860412345678901234"},
    },
    "outbox": {"by_class": {"change": 3}, "quarantined": 1},
    "uplink": {"failures": 0, "sent": 17, "last_success_at": "2026-09-21T14:13:20Z"},
    "self": {
        "memory_kb": 20480,
        "threads": 4,
        "files": 17,
        "at": {"exchanges": 100, "expiries": 2, "restarts": 1},
        "hooks": {"runs": 3, "failures": 1, "timeouts": 0, "dropped": 0},
    },
    "line": {
        "held": False,
        "by": [],
        "leases": 7,
        "held_s": 90,
        "refused": 1,
        "overruns": 0,
        "breaths": 0,
        "postponed": 4,
    },
    "recovery": {"steps": {"reattach": 2}, "cured": {"reattach": 1}, "asks": True},
    "troubles": {'out"box\n': "disk full"},
}
LINE = re.compile(r'[a-z_]+(\{[a-z_]+="(?:[^"\\\n]|\\.)*"(,[a-z_]+="(?:[^"\\\n]|\\.)*")*\})? -?[0-9.e+-]+')


def values(text: str) -> dict[str, str]:
    return dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))


def test_what_is_known_is_said_and_what_is_not_is_left_out() -> None:
    said = values(metrics.render(STATUS, NOW))
    assert said['posagent_verdict{code="plan.expiring"}'] == "1"
    assert said['posagent_signal_dbm{kind="rsrp"}'] == "-95"
    assert said['posagent_signal_db{kind="sinr"}'] == "12.5"
    assert said["posagent_data_used_bytes"] == "12345678901"
    assert said["posagent_plan_days_left"] == "-2"
    assert said['posagent_plan_balance{currency="CNY"}'] == "12.3"
    assert said["posagent_uplink_last_success_seconds"] == "1790000000"
    assert "posagent_plan_quota_bytes" not in said
    assert 'posagent_signal_db{kind="rsrq"}' not in said


def test_what_the_agent_does_of_itself_is_counted() -> None:
    said = values(metrics.render(STATUS, NOW))
    assert said["posagent_memory_bytes"] == "20971520"
    assert said["posagent_at_timeouts_total"] == "2"
    assert said["posagent_line_held"] == "0"
    assert said['posagent_line_total{event="leases"}'] == "7"
    assert said['posagent_recovery_cures_total{rung="reattach"}'] == "1"
    assert said["posagent_recovery_asks"] == "1"
    assert said['posagent_hooks_total{event="failures"}'] == "1"


def test_no_identity_is_in_it() -> None:
    text = metrics.render(STATUS, NOW)
    assert "8679" not in text
    assert "8986" not in text


def test_every_family_is_explained_once() -> None:
    text = metrics.render(STATUS, NOW)
    named = re.findall(r"^# TYPE (\S+) (gauge|counter)$", text, re.M)
    assert len({name for name, _ in named}) == len(named)
    assert {re.split(r"[{ ]", line)[0] for line in text.splitlines() if line[0] != "#"} == {name for name, _ in named}


def test_nothing_known_is_a_file_all_the_same() -> None:
    said = values(metrics.render({"version": "1", "diag": None, "outbox": None, "uplink": None, "troubles": {}}, NOW))
    assert list(said) == ['posagent_up{version="1"}', "posagent_written_at_seconds"]


@given(st.text(max_size=20), st.text(max_size=20))
def test_foreign_text_stays_within_its_quotes(place: str, version: str) -> None:
    text = metrics.render({"version": version, "troubles": {place: "x"}}, NOW)
    lines = [line for line in text.removesuffix("\n").split("\n") if not line.startswith("#")]
    assert len(lines) == 3
    assert all(LINE.fullmatch(line) for line in lines)


def test_the_collector_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "posagent.prom"
    metrics.write(path, STATUS, NOW)
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
    assert path.read_text().endswith("\n")
    assert list(tmp_path.iterdir()) == [path]
