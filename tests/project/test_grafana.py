"""The dashboards ask for figures that there are: names, labels and kinds as terminals and centre tell them."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from agent import metrics as terminal
from central import metrics as centre
from central.fleet import STATUSES
from central.store.base import StoreStats

BOARDS = Path(__file__).parents[2] / "docs" / "grafana"
EVERYTHING: dict[str, Any] = {
    "version": "1",
    "diag": {
        "verdict": {"code": "ok"},
        "findings": [{"code": "plan.expiring", "severity": "warning", "root": True}],
        "signal": {"rssi_dbm": -67, "rsrq_db": -9},
        "network": {"registration": "home"},
        "usage": {"used_bytes": 1, "own_bytes": 1},
        "plan": {"quota_bytes": 1, "remaining_bytes": 1, "days_left": 1, "balance": {"amount": "1", "currency": "CNY"}},
        "modem": {"temperature_c": 41},
    },
    "outbox": {"by_class": {"change": 1}, "quarantined": 1},
    "uplink": {"failures": 1, "sent": 1, "last_success_at": "2026-09-21T14:13:20Z"},
    "self": {"memory_kb": 1, "threads": 1, "files": 1, "at": dict.fromkeys(("exchanges", "expiries", "restarts"), 1)}
    | {"hooks": {"runs": 1, "failures": 1}},
    "line": {"held": True, "held_s": 1} | dict.fromkeys(("leases", "refused", "overruns", "breaths", "postponed"), 1),
    "recovery": {"steps": {"reattach": 1}, "cured": {"reattach": 1}, "asks": True},
    "troubles": {"outbox": "full"},
}
SAMPLE = re.compile(r"^(\w+)(?:\{(.*)\})? \S+$")
LABEL = re.compile(r'(\w+)="(?:[^"\\]|\\.)*"')
SELECTOR = re.compile(r'\b(posagent_\w+)(?:\{((?:[^"{}]|"[^"]*")*)\})?')
MATCHER = re.compile(r'(\w+)(?:=~|!~|!=|=)"([^"]*)"')
SCRAPED = {"instance", "job"}
"""What Prometheus adds itself."""
FUNCTIONS = {"count", "sum", "max", "bottomk", "rate", "increase", "time", "vector", "clamp_min", "by"}


def told() -> Iterator[str]:
    yield from terminal.render(EVERYTHING, 1.0).splitlines()
    counted = centre.Metrics()
    counted.requests[200, ""] += 1
    counted.reports["new"] += 1
    counted.enrolments[""] += 1
    platforms = {"one": dict.fromkeys(centre.PLATFORM_FIGURES, 1)}
    yield from centre.render(counted, StoreStats(1, 1, 1, 1.0, 1), {"up": 1}, platforms).splitlines()


def known() -> tuple[Mapping[str, set[str]], Mapping[str, str]]:
    """By name: labels, and kind."""
    labels: dict[str, set[str]] = {}
    kinds: dict[str, str] = {}
    for line in told():
        if line.startswith("# TYPE "):
            kinds[line.split()[2]] = line.split()[3]
        elif sample := SAMPLE.match(line):
            labels.setdefault(sample[1], set()).update(LABEL.findall(sample[2] or ""))
    return labels, kinds


LABELS, KINDS = known()


def questions() -> list[tuple[str, str]]:
    """(panel, expression), and what the variables ask."""
    found = []
    for path in sorted(BOARDS.glob("*.json")):
        board = json.loads(path.read_text(encoding="utf-8"))
        for panel in board["panels"]:
            found += [(f"{path.stem}: {panel['title']}", target["expr"]) for target in panel.get("targets", ())]
    return found


QUESTIONS = questions()


def test_every_family_a_terminal_knows_can_be_told() -> None:
    assert {family.name for family in terminal.FAMILIES} == {name for name in LABELS if "_central_" not in name}


@pytest.mark.parametrize(("panel", "expr"), QUESTIONS)
def test_a_panel_asks_for_what_there_is(panel: str, expr: str) -> None:
    selectors = SELECTOR.findall(expr)
    assert selectors
    for name, matchers in selectors:
        assert name in LABELS, f"{panel}: there is no {name}"
        asked = {label for label, _ in MATCHER.findall(matchers)}
        assert asked <= LABELS[name] | SCRAPED, f"{panel}: {name} has no {asked - LABELS[name] - SCRAPED}"
        assert MATCHER.sub("", matchers).strip(", ") == "", f"{panel}: cannot be read: {matchers}"
    grouped = {label.strip() for group in re.findall(r"\bby \(([^)]*)\)", expr) for label in group.split(",")}
    offered = set.intersection(*({*LABELS[name], *SCRAPED} for name, _ in selectors))
    assert grouped <= offered, f"{panel}: {grouped - offered} is no label of what is counted"


@pytest.mark.parametrize(("panel", "expr"), QUESTIONS)
def test_a_panel_is_sound_promql(panel: str, expr: str) -> None:
    bare = re.sub(r'"[^"]*"', '""', expr)
    count = Counter(bare)
    assert all(count[left] == count[right] for left, right in ("()", "{}", "[]"))
    assert set(re.findall(r"\b([a-z_]+) ?\(", bare)) - {"or"} <= FUNCTIONS
    ranged = re.findall(r"\b(?:rate|increase)\((posagent_\w+)\{[^}]*\}\[\d+[smhd]\]\)", bare)
    assert len(ranged) == len(re.findall(r"\b(?:rate|increase)\(", bare)) == bare.count("[")
    assert {KINDS[name] for name in ranged} <= {"counter"}, f"{panel}: only counters have a rate"
    plain = {name for name, _ in SELECTOR.findall(bare)} - set(ranged)
    assert "counter" not in {KINDS[name] for name in plain}, f"{panel}: a counter is told by its rate"


def test_every_figure_of_terminals_and_centre_is_on_a_dashboard() -> None:
    shown = {name for _, expr in QUESTIONS for name, _ in SELECTOR.findall(expr)}
    assert set(LABELS) <= shown, "a figure that nobody looks at"


@pytest.mark.parametrize("path", sorted(BOARDS.glob("*.json")), ids=lambda path: path.stem)
def test_panels_lie_beside_each_other_and_legends_name_labels_there_are(path: Path) -> None:
    board = json.loads(path.read_text(encoding="utf-8"))
    taken: set[tuple[int, int]] = set()
    for panel in board["panels"]:
        place = panel["gridPos"]
        cells = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        assert not cells & taken, panel["title"]
        assert place["x"] + place["w"] <= 24
        taken |= cells
        for target in panel.get("targets", ()):
            wanted = set(re.findall(r"\{\{(\w+)\}\}", target["legendFormat"]))
            names = [name for name, _ in SELECTOR.findall(target["expr"])]
            assert wanted <= {*SCRAPED, *(label for name in names for label in LABELS[name])}, panel["title"]
    assert len({panel["id"] for panel in board["panels"]}) == len(board["panels"])


def test_the_fleet_is_asked_for_statuses_there_are() -> None:
    named = {
        word for _, expr in QUESTIONS for said in re.findall(r'status=~?"([a-z|]+)"', expr) for word in said.split("|")
    }
    assert named
    assert named <= set(STATUSES)
