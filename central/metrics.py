"""Numbers for Prometheus, text format 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/)."""

from collections import Counter
from collections.abc import Iterable, Mapping

from central.store.base import StoreStats

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


PLATFORM_FIGURES: Mapping[str, tuple[str, str]] = {
    "cards": ("gauge", "Cards of the account that are not retired."),
    "cards_in_error": ("gauge", "Cards that the platform would not speak about."),
    "calls_total": ("counter", "Calls to the carrier's platform."),
    "errors_total": ("counter", "Times that the platform failed us."),
    "throttled_total": ("counter", "Times that we were told to come less often."),
}


class Metrics:
    """Counted in this process since it started."""

    def __init__(self) -> None:
        self.requests: Counter[tuple[int, str]] = Counter()
        """POST /v1/reports by status and error code ("" = none)."""
        self.reports: Counter[str] = Counter()
        """Records: new, repeated, rejected."""
        self.rejected: Counter[str] = Counter()
        """Records by the reason for which they will never be taken."""
        self.cut: Counter[str] = Counter()
        """Connections that came to no request, by reason."""
        self.enrolments: Counter[str] = Counter()
        """POST /v1/enroll by error code ("" = enrolled)."""


def render(
    metrics: Metrics, stats: StoreStats, terminals: Mapping[str, int],
    platforms: Mapping[str, Mapping[str, int]] | None = None,
) -> str:  # fmt: skip
    """`platforms`: by account, what of PLATFORM_FIGURES there is."""
    requests = [({"status": str(status), "code": code}, count) for (status, code), count in metrics.requests.items()]
    lines = [
        *_family("posagent_central_report_requests_total", "counter", "Requests to /v1/reports.", requests),
        *_family("posagent_central_reports_total", "counter", "Records received.", _by("result", metrics.reports)),
        *_family(
            "posagent_central_records_rejected_total",
            "counter",
            "Records that will never be taken.",
            _by("reason", metrics.rejected),
        ),
        *_family(
            "posagent_central_connections_cut_total",
            "counter",
            "Connections that came to no request.",
            _by("reason", metrics.cut),
        ),
        *_family(
            "posagent_central_enrolments_total", "counter", "Requests to /v1/enroll.", _by("code", metrics.enrolments)
        ),
        *_family("posagent_central_terminals", "gauge", "Terminals by status.", _by("status", terminals)),
        *_one("posagent_central_commits_total", "counter", "Transactions committed.", stats.commits),
        *_one("posagent_central_commit_jobs_total", "counter", "Requests that shared them.", stats.jobs),
        *_one("posagent_central_commit_seconds_total", "counter", "Time spent in transactions.", stats.commit_seconds),
        *_one("posagent_central_commit_failures_total", "counter", "Transactions that failed.", stats.failures),
        *_one("posagent_central_commit_waiting", "gauge", "Requests that wait for the writer.", stats.waiting),
    ]
    for name, (kind, explained) in PLATFORM_FIGURES.items() if platforms else ():
        told = {account: figures[name] for account, figures in (platforms or {}).items()}
        lines += _family(f"posagent_central_platform_{name}", kind, explained, _by("platform", told))
    return "\n".join(lines) + "\n"


def _by(label: str, counts: Mapping[str, int]) -> list[tuple[dict[str, str], float]]:
    return [({label: name}, count) for name, count in counts.items()]


def _one(name: str, kind: str, explained: str, value: float) -> list[str]:
    return _family(name, kind, explained, [({}, value)])


def _family(name: str, kind: str, explained: str, samples: Iterable[tuple[dict[str, str], float]]) -> list[str]:
    rows = sorted(
        f"{name}{_labels(labels)} {value:g}" if value < 1e6 else f"{name}{_labels(labels)} {value:.0f}"
        for labels, value in samples
    )
    return [f"# HELP {name} {explained}", f"# TYPE {name} {kind}", *rows]


def _labels(labels: Mapping[str, str]) -> str:
    if not labels:
        return ""
    return "{" + ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items()) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
