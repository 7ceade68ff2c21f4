"""How one scenario went, and what is printed of them all: a line each, the confusion matrix, the sums."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

BUDGET_BYTES = 8000
"""What one look may cost the card (agent/sample/net)."""
WHOLE_S = 20.0
"""What diag promises. Of the report's own clock: a machine that is starved starts programs late, too."""
EXITS = {"ok": 0, "unsure": 4}


@dataclass(frozen=True)
class Played:
    scenario: Mapping[str, Any]
    said: str
    """The verdict's code, or why there is none."""
    confidence: str = ""
    took_s: float = 0.0
    cost_bytes: int = 0
    """As the report says."""
    wire_bytes: int = 0
    """As the interface counted."""
    report: Mapping[str, Any] | None = None
    trouble: str = ""
    exit_code: int | None = None
    late_s: float = 0.0
    """How long this machine once let the scenario's own side wait for a processor."""
    tries: int = 1

    @property
    def name(self) -> str:
        return str(self.scenario["name"])

    @property
    def expected(self) -> tuple[str, ...]:
        return (str(self.scenario["expect"]), *self.scenario.get("or", ()))

    @property
    def wrong(self) -> str:
        """What is not as it must be; "": all is."""
        if self.report is None or self.said not in self.expected:
            return f"expected {' or '.join(self.expected)}"
        found = {finding["code"] for finding in self.report["findings"]}
        if missing := set(self.scenario.get("finds", ())) - found:
            return f"does not find {', '.join(sorted(missing))}"
        if self.exit_code != (wanted := _exit_for(self.report)):
            return f"exit code {self.exit_code}, not {wanted}"
        if self.wire_bytes > (allowed := self.scenario.get("spends", self.wire_bytes)):
            return f"spent {self.wire_bytes} B of {allowed}"
        text = str(self.report)
        return next((f"does not say {word!r}" for word in self.scenario.get("says", ()) if word not in text), "")

    @property
    def right(self) -> bool:
        return not self.wrong


def _exit_for(report: Mapping[str, Any]) -> int:
    """The exit code that the manual promises for this report."""
    code = str(report["verdict"]["code"])
    return 11 if code.startswith("port.") else EXITS.get(code, 3)


def line(one: Played) -> str:
    mark = "ok " if one.right else "BAD"
    took = f"{one.took_s:5.1f} s {one.cost_bytes:5} of {one.wire_bytes:5} B"
    again = f"  (try {one.tries})" if one.tries > 1 else ""
    return f"{mark} {one.name:46} {one.said:26} {one.confidence:7}{took}{again}  {one.wrong}".rstrip()


def details(one: Played) -> list[str]:
    if one.report is None:
        return [f"    {each}" for each in one.trouble.splitlines()[-8:]]
    findings = [f"    {f['code']} root={f['root']}: {' | '.join(f['evidence'])}" for f in one.report["findings"]]
    reach = [f"    {r['target']}: {r['ok']} {r['detail']}" for r in one.report["reach"]]
    return findings + reach


def matrix(played: Sequence[Played]) -> list[str]:
    """Expected code → what was said, with counts; only what was seen has a line."""
    seen = Counter((one.scenario["expect"], one.said, one.right) for one in played)
    lines = [f"{'expected':28} {'said':28} count"]
    for (expected, said, right), count in sorted(seen.items()):
        mark = "" if expected == said and right else "  < allowed" if right else "  < WRONG"
        lines.append(f"{expected:28} {said:28} {count:5}{mark}")
    return lines


def summary(played: Sequence[Played], codes: Collection[str], took_s: float) -> list[str]:
    lines = []
    for kind in ("single", "double", "healthy"):
        of = [one for one in played if one.scenario["kind"] == kind]
        if of:
            lines.append(f"{kind:8} {sum(one.right for one in of)} of {len(of)} right")
    slowest = max(played, key=lambda one: one.took_s)
    dearest = max(played, key=lambda one: one.cost_bytes)
    lines.append(f"slowest  {slowest.took_s:.1f} s ({slowest.name}); over {WHOLE_S:g} s: {_over_time(played)}")
    lines.append(
        f"dearest  {dearest.cost_bytes} B ({dearest.name}); over {BUDGET_BYTES} B on the wire: {_dear(played)}"
    )
    seen = {code for one in played for code in (one.scenario["expect"], *one.scenario.get("finds", ()))}
    missing = [code for code in codes if code not in seen]
    lines.append(f"codes    {len(codes) - len(missing)} of {len(codes)} expected somewhere; not: {_listed(missing)}")
    lines.append(f"again    {_listed([one.name for one in played if one.tries > 1])}")
    lines.append(f"wrong    {_listed([one.name for one in played if not one.right])}")
    lines.append(f"took     {took_s:.0f} s for {len(played)}")
    return lines


def _over_time(played: Sequence[Played]) -> str:
    return _listed([one.name for one in played if one.report and one.report["duration_s"] > WHOLE_S])


def _dear(played: Sequence[Played]) -> str:
    return _listed([one.name for one in played if one.wire_bytes > BUDGET_BYTES and not one.scenario.get("noise")])


def _listed(names: Collection[str]) -> str:
    return ", ".join(names) or "none"
