"""The JSON API, health and metrics."""

import asyncio
import re

import pytest

from tests.central.helpers import EPOCH, Centre, batch, beat, record, verdict


def test_a_terminal_is_shown_with_its_verdict_in_both_languages(centre: Centre) -> None:
    centre.post(batch(verdict(1), record(2, **beat(verdict="sim.absent", severity="error", operator="中国移动"))))
    seen = centre.get("/api/v1/terminals/t-1").json
    assert seen["verdict"]["titles"] == {"zh": "没有插卡", "en": "No card in the slot"}
    assert (seen["verdict"]["severity"], seen["heartbeat"]["operator"]) == ("error", "中国移动")


def test_sentences_of_an_older_verdict_are_not_shown_for_a_newer_code(centre: Centre) -> None:
    centre.post(batch(verdict(1), record(2, **beat(verdict="ok"))))
    assert centre.get("/api/v1/terminals/t-1").json["verdict"] == {
        "code": "ok", "severity": "ok", "since": None, "titles": {},
    }  # fmt: skip


def test_lists_are_paged_by_cursor(centre: Centre) -> None:
    for number in range(2, 6):
        centre.register(f"t-{number}")
    found, cursor = [], ""
    while cursor is not None:
        page = centre.get(f"/api/v1/terminals?limit=2&cursor={cursor}").json
        found += [terminal["terminal"] for terminal in page["terminals"]]
        cursor = page["next"]
    assert found == [f"t-{number}" for number in range(1, 6)]


def test_terminals_are_filtered_by_status(centre: Centre) -> None:
    centre.register("t-2")
    centre.post(batch(record(1)))
    names = {
        status: [row["terminal"] for row in centre.get(f"/api/v1/terminals?status={status}").json["terminals"]]
        for status in ("up", "never", "late")
    }
    assert names == {"up": ["t-1"], "never": ["t-2"], "late": []}


def test_reports_and_changes_are_paged_newest_first(centre: Centre) -> None:
    centre.post(batch(*(verdict(seq, code=f"c.{seq}") for seq in range(1, 6))))
    for kind in ("reports", "changes"):
        first = centre.get(f"/api/v1/terminals/t-1/{kind}?limit=3").json
        second = centre.get(f"/api/v1/terminals/t-1/{kind}?limit=3&cursor={first['next']}").json
        assert [row["seq"] for row in first[kind] + second[kind]] == [5, 4, 3, 2, 1]
        assert second["next"] is None


def test_a_report_is_given_back_as_it_came(centre: Centre) -> None:
    centre.post(batch(record(1, "gap", at=1_789_999_990, first=3, last=9)))
    (row,) = centre.get("/api/v1/terminals/t-1/reports").json["reports"]
    assert (row["epoch"], row["body"], row["at"]) == (EPOCH, {"first": 3, "last": 9}, "2026-09-21T14:13:10Z")


@pytest.mark.parametrize(
    "target",
    [
        "/api/v1/terminals?limit=0",
        "/api/v1/terminals?limit=1001",
        "/api/v1/terminals?limit=x",
        "/api/v1/terminals?limit=-1",
        "/api/v1/terminals?status=sleepy",
        "/api/v1/terminals/t-1/reports?cursor=x",
        "/api/v1/terminals/t-1/changes?cursor=1.99999999999999999999",
    ],
)
def test_a_wrong_query_is_explained(centre: Centre, target: str) -> None:
    answer = centre.get(target)
    assert (answer.status, answer.json["error"]["code"]) == (400, "bad_query")


@pytest.mark.parametrize("rest", ["", "/reports", "/changes"])
def test_an_unknown_terminal_is_not_found(centre: Centre, rest: str) -> None:
    assert centre.get(f"/api/v1/terminals/t-9{rest}").status == 404


def test_ready_says_when_the_database_is_gone(centre: Centre) -> None:
    assert centre.get("/readyz").status == 200
    centre.store.close()
    assert (centre.get("/readyz").status, centre.get("/healthz").status) == (503, 200)
    assert centre.get("/").status == 503


METRIC = re.compile(r"[a-z_]+(\{[a-z]+=\"[^\"]*\"(,[a-z]+=\"[^\"]*\")*\})? [0-9.e+-]+")


def test_metrics_are_prometheus_text(centre: Centre) -> None:
    centre.post(batch(record(1), record(2, **beat(verdict=5))))
    centre.post(batch(record(1)))
    centre.post(b"{}")
    answer = centre.get("/metrics")
    lines = answer.text.splitlines()
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert all(line.startswith("# ") or METRIC.fullmatch(line) for line in lines)
    for line in (
        'posagent_central_reports_total{result="new"} 1',
        'posagent_central_reports_total{result="repeated"} 1',
        'posagent_central_reports_total{result="rejected"} 1',
        'posagent_central_records_rejected_total{reason="bad_body"} 1',
        'posagent_central_report_requests_total{status="400",code="bad_batch"} 1',
        'posagent_central_terminals{status="up"} 1',
    ):
        assert line in lines


def test_every_metric_has_help_and_type(centre: Centre) -> None:
    lines = centre.get("/metrics").text.splitlines()
    names = {re.split(r"[{ ]", line)[0] for line in lines if not line.startswith("#")}
    typed = {line.split()[2] for line in lines if line.startswith("# TYPE")}
    helped = {line.split()[2] for line in lines if line.startswith("# HELP")}
    assert names <= typed == helped


def test_revoked_terminals_are_not_counted(centre: Centre) -> None:
    asyncio.run(centre.store.revoke("t-1", 1))
    assert 'posagent_central_terminals{status="never"} 0' in centre.get("/metrics").text
