"""Drawings as SVG, made on the server; pure. Colours are the style sheet's, so that both themes and paper work.

Every drawing is an image with a sentence for those who do not see it; series differ by dash as well as by colour.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor, log10

from markupsafe import Markup

from central.text import printable

WIDTH, HEIGHT = 720, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 12, 12, 26
_MAX_POINTS = 400
KINDS = 6
"""Styles of series that the style sheet has."""
_SVG = Markup('<svg class="{}" viewBox="0 0 {} {}" preserveAspectRatio="{}" role="img" aria-label="{}">{}</svg>')
_PART = Markup('<rect class="{}" x="{:.2f}" width="{:.2f}" height="14"><title>{}</title></rect>')
_COLUMN = Markup(
    '<rect class="column {}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"><title>{}: {}</title></rect>'
)
_SAMPLE = Markup(
    '<li><svg viewBox="0 0 26 8" width="26" height="8" aria-hidden="true">'
    '<line class="{}" x2="26" y1="4" y2="4"/></svg>{}</li>'
)

Point = tuple[float, float]
When = Callable[[float], str]


@dataclass(frozen=True, slots=True)
class Series:
    name: str
    kind: int
    """0 to KINDS - 1: colour and dash."""
    points: Sequence[Point]
    """(seconds since 1970, value), oldest first."""
    gap_s: float = 7200.0
    """No line across a longer silence."""


@dataclass(frozen=True, slots=True)
class Level:
    """A value to compare with, drawn from side to side."""

    name: str
    value: float
    kind: str
    """A class of the style sheet: `fleet`, `cell`, `quota`."""


@dataclass(frozen=True, slots=True)
class Band:
    """Between low and high, such as a forecast's range."""

    points: Sequence[tuple[float, float, float]]


@dataclass(frozen=True, slots=True)
class Scale:
    low: float
    high: float
    start: float
    end: float

    def x(self, at: float) -> float:
        return _LEFT + (at - self.start) / max(self.end - self.start, 1e-9) * (WIDTH - _LEFT - _RIGHT)

    def y(self, value: float) -> float:
        return _TOP + (self.high - value) / max(self.high - self.low, 1e-9) * (HEIGHT - _TOP - _BOTTOM)


def lines(
    series: Sequence[Series],
    *,
    span: tuple[float, float],
    shown: Callable[[float], str],
    when: Callable[[float], str],
    says: str,
    levels: Sequence[Level] = (),
    band: Band | None = None,
    holds: Sequence[float] = (),
) -> Markup:
    """Values over time, those within `span`; the axis reaches `holds` too. `shown` and `when` write the values of the
    axes, `says` is the sentence for the picture.
    """
    series = [replace(one, points=[point for point in one.points if span[0] <= point[0] <= span[1]]) for one in series]
    values = [value for one in series for _, value in one.points] + [level.value for level in levels]
    values += [high for _, _, high in band.points] if band else []
    values += holds
    if not values:
        return Markup()
    ticks = round_ticks(min(values), max(values))
    scale = Scale(ticks[0], ticks[-1], *span)
    parts = [*_grid(scale, ticks, shown), *_times(scale, when)]
    parts += [_area(band, scale)] if band else []
    parts += [_level(level, scale) for level in levels]
    for one in series:
        parts += _series(one, scale)
    return _drawing(parts, says, WIDTH, HEIGHT, "chart")


def stack(parts: Sequence[tuple[str, int, str]]) -> Markup:
    """Shares of a whole in one bar; (name, count, class), in order. Nothing at all is an empty track."""
    total, x, drawn = (
        sum(count for _, count, _ in parts),
        0.0,
        [Markup('<rect class="track" width="1000" height="14"/>')],
    )
    for name, count, kind in parts:
        if count:
            width = 1000 * count / total
            drawn.append(_PART.format(kind, x, max(width - 2, 1), printable(f"{name} {count}")))
            x += width
    says = ", ".join(f"{name} {count}" for name, count, _ in parts)
    return _drawing(drawn, says, 1000, 14, "stack", "none")


def columns(bars: Sequence[tuple[str, float, str]], *, shown: Callable[[float], str], says: str) -> Markup:
    """One column for each (label, value, class); labels are thinned where they would touch."""
    if not bars:
        return Markup()
    ticks = round_ticks(0.0, max(value for _, value, _ in bars) or 1.0)
    scale = Scale(ticks[0], ticks[-1], 0.0, float(len(bars)))
    parts = list(_grid(scale, ticks, shown))
    every = ceil(len(bars) / 12)
    for place, (label, value, kind) in enumerate(bars):
        x, right = scale.x(place + 0.15), scale.x(place + 0.85)
        y = scale.y(value)
        base = max(scale.y(0.0) - y, 0.0)
        parts.append(_COLUMN.format(kind, x, y, right - x, base, printable(label), shown(value)))
        if place % every == 0:
            parts.append(_text((x + right) / 2, HEIGHT - 8, label, "middle"))
    return _drawing(parts, says, WIDTH, HEIGHT, "chart")


def legend(entries: Iterable[tuple[str, str]]) -> Markup:
    """(class, name): a sample of the line beside its name."""
    items = Markup().join(_SAMPLE.format(kind, printable(name)) for kind, name in entries)
    return Markup('<ul class="legend">{}</ul>').format(items)


def round_ticks(low: float, high: float, wanted: int = 5) -> list[float]:
    """Round numbers that hold low and high, about `wanted` of them, evenly spaced."""
    if high <= low:
        high = low + (abs(low) * 0.1 or 1.0)
    raw = (high - low) / max(wanted - 1, 1)
    size = 10.0 ** floor(log10(raw))
    step = next(size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= raw * 0.999)
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    return [round(step * number, 10) for number in range(first, max(last, first + 1) + 1)]


def thinned(points: Sequence[Point], most: int = _MAX_POINTS) -> list[Point]:
    """At most `most` points, by the lowest and highest of each stretch, so that no dip is lost."""
    if len(points) <= most:
        return list(points)
    size = ceil(len(points) / (most // 2))
    kept: list[Point] = []
    for first in range(0, len(points), size):
        part = points[first : first + size]
        kept += sorted({min(part, key=lambda point: point[1]), max(part, key=lambda point: point[1])})
    return kept


def _grid(scale: Scale, ticks: Sequence[float], shown: Callable[[float], str]) -> Iterable[Markup]:
    for tick in ticks:
        y = scale.y(tick)
        yield Markup('<line class="grid-line" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>').format(
            _LEFT, WIDTH - _RIGHT, y, y
        )
        yield _text(_LEFT - 6, y + 3.5, shown(tick), "end")


def _times(scale: Scale, when: Callable[[float], str]) -> Iterable[Markup]:
    for part in range(6):
        at = scale.start + (scale.end - scale.start) * part / 5
        anchor = "start" if part == 0 else "end" if part == 5 else "middle"
        yield _text(scale.x(at), HEIGHT - 8, when(at), anchor)


def _series(one: Series, scale: Scale) -> list[Markup]:
    drawn: list[Markup] = []
    kind = f"s{one.kind % KINDS}"
    for run in _runs(thinned(one.points), one.gap_s):
        if len(run) == 1:
            dot = Markup('<circle class="{}" cx="{:.1f}" cy="{:.1f}" r="2"/>')
            drawn.append(dot.format(kind, scale.x(run[0][0]), scale.y(run[0][1])))
        else:
            path = " ".join(f"{scale.x(at):.1f},{scale.y(value):.1f}" for at, value in run)
            drawn.append(Markup('<polyline class="{}" points="{}"/>').format(kind, path))
    return drawn


def _runs(points: Sequence[Point], gap_s: float) -> list[list[Point]]:
    runs: list[list[Point]] = []
    for point in points:
        if runs and point[0] - runs[-1][-1][0] <= gap_s:
            runs[-1].append(point)
        else:
            runs.append([point])
    return runs


def _area(band: Band, scale: Scale) -> Markup:
    there = [f"{scale.x(at):.1f},{scale.y(high):.1f}" for at, _, high in band.points]
    back = [f"{scale.x(at):.1f},{scale.y(low):.1f}" for at, low, _ in reversed(band.points)]
    return Markup('<polygon class="band" points="{}"/>').format(" ".join(there + back))


def _level(level: Level, scale: Scale) -> Markup:
    y = scale.y(level.value)
    line = Markup('<line class="level {}" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"><title>{}</title></line>')
    return line.format(level.kind, _LEFT, WIDTH - _RIGHT, y, y, printable(level.name))


def _text(x: float, y: float, text: str, anchor: str) -> Markup:
    return Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}">{}</text>').format(x, y, anchor, printable(text))


def _drawing(
    parts: Iterable[Markup], says: str, width: int, height: int, kind: str, aspect: str = "xMidYMid"
) -> Markup:
    return _SVG.format(kind, width, height, aspect, printable(says), Markup().join(parts))
