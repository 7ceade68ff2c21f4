"""Numbers for Prometheus as a text file (`metrics_file`), for node_exporter's textfile collector; no port is opened.

Only what is known is said: a sample that is missing means "not known". The file is replaced as a whole, as the
collector asks for, and readable by others, since it holds no identity of card or subscriber. Format: text 0.0.4
(https://prometheus.io/docs/instrumenting/exposition_formats/).
"""

import math
import os
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agent.state import replace_file
from agent.status import Json
from modem.frozen import dataclass

MODE = 0o644


@dataclass(frozen=True, slots=True)
class Sample:
    name: str
    value: float
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Family:
    name: str
    kind: str
    """gauge or counter."""
    words: str


FAMILIES = (
    Family("posagent_up", "gauge", "1 while the daemon writes this file; its version."),
    Family("posagent_written_at_seconds", "gauge", "When this was written: an old file is a dead daemon."),
    Family("posagent_verdict", "gauge", "1 for the verdict in force, by code."),
    Family("posagent_finding", "gauge", "1 for each finding, by code and severity; root: is it a cause of its own."),
    Family("posagent_signal_dbm", "gauge", "Signal, by kind: rssi, rsrp, rscp."),
    Family("posagent_signal_db", "gauge", "Signal quality, by kind: rsrq, sinr, ecio."),
    Family("posagent_registered", "gauge", "1 on a network, home or roaming."),
    Family("posagent_data_used_bytes", "gauge", "Used in this billing cycle."),
    Family("posagent_data_own_bytes", "gauge", "Of that, ours."),
    Family("posagent_plan_quota_bytes", "gauge", "The plan's data in a cycle."),
    Family("posagent_plan_remaining_bytes", "gauge", "Of that, left."),
    Family("posagent_plan_days_left", "gauge", "Days to the end of the card."),
    Family("posagent_plan_balance", "gauge", "Money on the card, by currency."),
    Family("posagent_outbox_waiting", "gauge", "Records that wait to be sent, by class."),
    Family("posagent_outbox_rejected", "gauge", "Records that the centre will never take."),
    Family("posagent_uplink_failures", "gauge", "Attempts that failed in a row."),
    Family("posagent_uplink_last_success_seconds", "gauge", "When the centre last took a report."),
    Family("posagent_reports_sent_total", "counter", "Records the centre took since the start."),
    Family("posagent_modem_temperature_celsius", "gauge", "The modem's own reading."),
    Family("posagent_memory_bytes", "gauge", "Of the daemon, resident."),
    Family("posagent_threads", "gauge", "Of the daemon."),
    Family("posagent_open_files", "gauge", "Of the daemon."),
    Family("posagent_at_commands_total", "counter", "AT commands that were answered or timed out, since the start."),
    Family("posagent_at_timeouts_total", "counter", "AT commands that got no final answer in time."),
    Family("posagent_modem_restarts_total", "counter", "Restarts that the modem announced."),
    Family("posagent_line_held", "gauge", "1 while a payment holds the line, else 0."),
    Family("posagent_line_held_seconds_total", "counter", "How long payments have held it since the start."),
    Family(
        "posagent_line_total",
        "counter",
        "What came of leases, by event: leases, refused, overruns, breaths, postponed.",
    ),
    Family("posagent_recovery_steps_total", "counter", "Recovery steps since the start, by rung; rehearsed ones too."),
    Family("posagent_recovery_cures_total", "counter", "Of them, those that cured."),
    Family("posagent_recovery_asks", "gauge", "1 while a person is asked to take the power away and give it back."),
    Family("posagent_hooks_total", "counter", "What came of hooks, by event: runs, failures, timeouts, dropped."),
    Family("posagent_trouble", "gauge", "1 where something cannot be written, by place."),
)


def write(path: Path, status: Json, now: float) -> None:
    """The file at `path`, from what `posagent status` shows. Raises OSError."""
    replace_file(path, render(status, now), mode=MODE)
    os.chmod(path, MODE)  # noqa: PTH101 - the umask of a service may be narrower


def render(status: Json, now: float) -> str:
    """All families that have a sample, in a fixed order."""
    by_name: dict[str, list[Sample]] = {}
    for sample in samples(status, now):
        by_name.setdefault(sample.name, []).append(sample)
    lines: list[str] = []
    for family in FAMILIES:
        if family.name in by_name:
            lines += [f"# HELP {family.name} {family.words}", f"# TYPE {family.name} {family.kind}"]
            lines += [_line(sample) for sample in by_name[family.name]]
    return "\n".join(lines) + "\n"


def samples(status: Json, now: float) -> Iterator[Sample]:
    yield Sample("posagent_up", 1, {"version": str(status.get("version", ""))})
    yield Sample("posagent_written_at_seconds", now, {})
    diag = _table(status.get("diag"))
    yield from _of_diag(diag)
    yield from _of_sending(_table(status.get("outbox")), _table(status.get("uplink")))
    yield from _of_itself(_table(status.get("self")))
    yield from _of_line(_table(status.get("line")))
    yield from _of_recovery(_table(status.get("recovery")))
    for place in _table(status.get("troubles")):
        yield Sample("posagent_trouble", 1, {"where": place})


def _of_diag(diag: Json) -> Iterator[Sample]:
    if code := _table(diag.get("verdict")).get("code"):
        yield Sample("posagent_verdict", 1, {"code": str(code)})
    for finding in diag.get("findings") or ():
        root = "true" if finding.get("root") else "false"
        labels = {"code": str(finding.get("code")), "severity": str(finding.get("severity")), "root": root}
        yield Sample("posagent_finding", 1, labels)
    signal, plan, usage = (_table(diag.get(name)) for name in ("signal", "plan", "usage"))
    yield from _each(
        "posagent_signal_dbm", signal, {"rssi_dbm": "rssi", "rsrp_dbm": "rsrp", "rscp_dbm": "rscp"}, "kind"
    )
    yield from _each("posagent_signal_db", signal, {"rsrq_db": "rsrq", "sinr_db": "sinr", "ecio_db": "ecio"}, "kind")
    registration = _table(diag.get("network")).get("registration")
    if registration not in (None, "unknown"):
        yield Sample("posagent_registered", float(registration in ("home", "roaming")), {})
    yield from _one("posagent_data_used_bytes", usage.get("used_bytes"))
    yield from _one("posagent_data_own_bytes", usage.get("own_bytes"))
    yield from _one("posagent_plan_quota_bytes", plan.get("quota_bytes"))
    yield from _one("posagent_plan_remaining_bytes", plan.get("remaining_bytes"))
    yield from _one("posagent_plan_days_left", plan.get("days_left"))
    balance = _table(plan.get("balance"))
    yield from _one("posagent_plan_balance", balance.get("amount"), {"currency": str(balance.get("currency", ""))})
    yield from _one("posagent_modem_temperature_celsius", _table(diag.get("modem")).get("temperature_c"))


def _of_sending(outbox: Json, uplink: Json) -> Iterator[Sample]:
    for name, count in _table(outbox.get("by_class")).items():
        yield from _one("posagent_outbox_waiting", count, {"class": str(name)})
    yield from _one("posagent_outbox_rejected", outbox.get("quarantined"))
    yield from _one("posagent_uplink_failures", uplink.get("failures"))
    yield from _one("posagent_uplink_last_success_seconds", _moment(uplink.get("last_success_at")))
    yield from _one("posagent_reports_sent_total", uplink.get("sent"))


def _of_itself(care: Json) -> Iterator[Sample]:
    kilobytes = care.get("memory_kb")
    yield from _one("posagent_memory_bytes", kilobytes * 1024 if isinstance(kilobytes, int) else None)
    yield from _one("posagent_threads", care.get("threads"))
    yield from _one("posagent_open_files", care.get("files"))
    at = _table(care.get("at"))
    yield from _one("posagent_at_commands_total", at.get("exchanges"))
    yield from _one("posagent_at_timeouts_total", at.get("expiries"))
    yield from _one("posagent_modem_restarts_total", at.get("restarts"))
    yield from _by("posagent_hooks_total", _table(care.get("hooks")), "event")


def _of_line(line: Json) -> Iterator[Sample]:
    if isinstance(line.get("held"), bool):
        yield Sample("posagent_line_held", float(line["held"]), {})
    yield from _one("posagent_line_held_seconds_total", line.get("held_s"))
    counts = ("leases", "refused", "overruns", "breaths", "postponed")
    yield from _by("posagent_line_total", {name: line.get(name) for name in counts}, "event")


def _of_recovery(recovery: Json) -> Iterator[Sample]:
    yield from _by("posagent_recovery_steps_total", _table(recovery.get("steps")), "rung")
    yield from _by("posagent_recovery_cures_total", _table(recovery.get("cured")), "rung")
    if isinstance(recovery.get("asks"), bool):
        yield Sample("posagent_recovery_asks", float(recovery["asks"]), {})


def _by(name: str, counts: Json, label: str) -> Iterator[Sample]:
    for key, count in counts.items():
        yield from _one(name, count, {label: str(key)})


def _each(name: str, table: Json, keys: Mapping[str, str], label: str) -> Iterator[Sample]:
    for key, kind in keys.items():
        yield from _one(name, table.get(key), {label: kind})


def _one(name: str, value: object, labels: Mapping[str, str] | None = None) -> Iterable[Sample]:
    """A number, or a text that is one; nothing for what is not known."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return ()
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return ()
    return (Sample(name, number, labels or {}),) if math.isfinite(number) else ()


def _moment(text: object) -> float | None:
    try:
        return datetime.strptime(str(text), "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()
    except ValueError:
        return None


def _table(value: Any) -> Json:
    return value if isinstance(value, dict) else {}


def _line(sample: Sample) -> str:
    labels = ",".join(f'{name}="{_escaped(value)}"' for name, value in sample.labels.items())
    number = str(int(sample.value)) if sample.value == int(sample.value) else repr(sample.value)
    return f"{sample.name}{{{labels}}} {number}" if labels else f"{sample.name} {number}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
