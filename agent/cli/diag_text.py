"""A `posagent.diag/1` report as text for the person in front of the terminal. Pure: report in, lines out.

Verdict first, then what it rests on, what to do, what it is not; the readings last, in two columns. Where that is more
than a screen, the verdict and the first step are said again below: there the eye is. The report may come from a daemon
of another version: what is missing is shown as not known, nothing raises.
"""

from collections.abc import Iterator, Mapping, Sequence

from agent import locale
from agent.assess.base import Lang
from agent.cli.columns import wrap
from agent.cli.diag_parts import COLUMNS, Line, Report, Words, part, parts, shown, texts
from agent.cli.diag_readings import broken, joined, rows, shown_readings


def render(report: Report, lang: Lang, unchecked: Sequence[str] = ()) -> list[Line]:
    """The whole report, ending without an empty line. `unchecked`: what could not be seen, a sentence each."""
    words = Words(lang)
    finding = _cause(report)
    partly = bool(unchecked) and _is_half_known(report)
    gaps = list(_quoted([f"- {text}" for text in unchecked], words("unchecked")))
    parts = (
        _verdict(report, finding, words),
        gaps if partly else (),
        _quoted(list(dict.fromkeys(texts(finding.get("evidence")))), words("evidence")),
        _steps(report, finding, words),
        _candidates(finding, words),
        _shop(report, words),
        _others(report, finding, words),
        _ruled_out(report, words),
        () if partly else gaps,
        shown_readings(report, words),
    )
    blocks = [block for block in map(list, parts) if block]
    lines = [line for block in blocks for line in (*block, Line())]
    return [*lines, Line(_footer(report, words), "dim")]


def again(report: Report, lang: Lang) -> list[Line]:
    """The verdict and the first step, for who sees only the end of a long report."""
    words = Words(lang)
    lines = _verdict(report, _cause(report), words)
    steps = list(_steps(report, _cause(report), words))[1:]
    first = next((at for at, line in enumerate(steps[1:], 1) if line.text[:3].strip()), len(steps))
    return [*lines, *steps[:first]]


def _cause(report: Report) -> Report:
    """The finding that the verdict names; empty for "ok" and "unsure"."""
    code = part(report, "verdict").get("code")
    return next((finding for finding in parts(report, "findings") if finding.get("code") == code), {})


def _verdict(report: Report, finding: Report, words: Words) -> Iterator[Line]:
    verdict = part(report, "verdict")
    code, confidence = str(verdict.get("code")), verdict.get("confidence")
    suspected = words("suspected") if finding and confidence == "low" else ""
    style = "good" if code == "ok" else "bad" if finding.get("severity") == "error" else "warn"
    head = f"{words('verdict')}{suspected}{_title(report, words)}"
    yield from (Line(text, style) for text in wrap(head, COLUMNS, "  "))
    yield Line(f"  {words('code')} {code} · {words('confidence')} {words.named('confidence', confidence)}", "dim")


def _title(report: Report, words: Words) -> str:
    verdict = part(report, "verdict")
    return words("ok_as_far_as_seen") if _is_half_known(report) else str(verdict.get("title") or verdict.get("code"))


def _is_half_known(report: Report) -> bool:
    """Nothing was found, and not everything was looked at: an expired card still registers and has an address."""
    verdict = part(report, "verdict")
    return verdict.get("code") == "ok" and verdict.get("confidence") != "high"


def _quoted(said: Sequence[str], head: str) -> Iterator[Line]:
    if said:
        yield Line(head, "bold")
    for text in said:
        yield from (Line(line) for line in wrap(f"  {text}", COLUMNS, "    "))


def _ruled_out(report: Report, words: Words) -> Iterator[Line]:
    codes = texts(part(report, "verdict").get("ruled_out"))
    if not codes:
        return
    comma = "、" if words.lang == "zh" else "; "
    listed = comma.join(locale.title(code, words.lang) for code in codes)
    yield Line(words("ruled_out"), "bold")
    yield from (Line(line) for line in wrap(f"  {listed}", COLUMNS, "  "))


def _steps(report: Report, finding: Report, words: Words) -> Iterator[Line]:
    may_be = words("may_be")
    advice = texts(finding.get("advice"))
    steps = [text for text in advice if not text.startswith(may_be)]
    if not steps and (first := part(report, "verdict").get("first_step")):
        steps = list(locale.steps_from(str(first), words.lang))
    if _is_half_known(report):
        steps = [words("look_further")]
    if steps:
        yield Line(words("steps"), "bold")
    for number, text in enumerate(steps, 1):
        style = "bold" if number == 1 else None
        yield from (Line(line, style) for line in wrap(f"  {number}. {text}", COLUMNS, "     "))


def _candidates(finding: Report, words: Words) -> Iterator[Line]:
    may_be = words("may_be")
    advice = texts(finding.get("advice"))
    yield from _quoted(
        [f"- {text.removeprefix(may_be)}" for text in advice if text.startswith(may_be)], words("candidates")
    )


def _shop(report: Report, words: Words) -> Iterator[Line]:
    code = str(part(report, "verdict").get("code"))
    if code != "ok":
        yield Line(words("merchant"), "bold")
        yield from (Line(line) for line in wrap(f"  {locale.merchant_sentence(code, words.lang)}", COLUMNS, "  "))


def _others(report: Report, cause: Report, words: Words) -> Iterator[Line]:
    """Other roots with what they rest on; of consequences the names are enough."""
    rest = [finding for finding in parts(report, "findings") if finding is not cause]
    roots = [finding for finding in rest if finding.get("root")]
    if roots:
        yield Line(words("also"), "bold")
    for finding in roots:
        style = (
            "bad" if finding.get("severity") == "error" else "warn" if finding.get("severity") == "warning" else None
        )
        seen = "; ".join(texts(finding.get("evidence"))[:1])
        told = f"  - {finding.get('title')} ({finding.get('code')})" + (f": {seen}" if seen else "")
        yield from (Line(line, style) for line in wrap(told, COLUMNS, "    "))
    yield from _quoted([f"- {f.get('title')} ({f.get('code')})" for f in rest if not f.get("root")], words("because"))


def redacted(report: Report) -> Report:
    """The same with the last four digits only of card, subscriber and modem, wherever they are quoted."""
    sim, modem = part(report, "sim"), part(report, "modem")
    numbers = [sim.get("iccid"), sim.get("imsi"), sim.get("msisdn"), modem.get("imei")]
    known = sorted((str(number) for number in numbers if number and len(str(number)) > _TAIL), key=len, reverse=True)
    shown = _replaced(report, {number: "*" * (len(number) - _TAIL) + number[-_TAIL:] for number in known})
    return shown if isinstance(shown, Mapping) else {}


_TAIL = 4


def _replaced(value: object, instead: Mapping[str, str]) -> object:
    if isinstance(value, Mapping):
        return {key: _replaced(item, instead) for key, item in value.items()}
    if isinstance(value, list):
        return [_replaced(item, instead) for item in value]
    if isinstance(value, str):
        for number, shown in instead.items():
            value = value.replace(number, shown)
    return value


def compared(before: Report, after: Report, lang: Lang) -> Iterator[Line]:
    """What changed from one look to the next: the verdict in any case, then each reading."""
    words = Words(lang)
    was, now = part(before, "verdict"), part(after, "verdict")
    same = was.get("code") == now.get("code")
    yield Line()
    yield Line(words("watch.changed" if not same else "watch.same"), "bold")
    style = "good" if now.get("code") == "ok" else "warn"
    yield from (
        Line(text, style) for text in wrap(f"  {_title(before, words)} → {_title(after, words)}", COLUMNS, "    ")
    )
    old = dict(rows(before, words))
    for key, now_told in rows(after, words):
        if now_told != old.get(key):
            told = f"  {words(key)}  {joined(old.get(key, []), words)} → {joined(now_told, words)}"
            yield from (Line(broken(line)) for line in wrap(told, COLUMNS, "    "))
    yield Line()


def _footer(report: Report, words: Words) -> str:
    took = words("took", seconds=shown(report.get("duration_s")), bytes=shown(report.get("data_cost_bytes")))
    return " · ".join(filter(None, (shown(report.get("taken_at")), words.named("via", report.get("via")), took)))
