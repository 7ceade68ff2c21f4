"""A `posagent.diag/1` report as text for the person in front of the terminal. Pure: report in, lines out.

Verdict first, then what it rests on, what to do, what it is not; the readings last, in two columns. Where that is more
than a screen, the verdict and the first step are said again below: there the eye is. The report may come from a daemon
of another version: what is missing is shown as not known, nothing raises.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from agent import locale
from agent.assess.base import Lang
from agent.cli.columns import pad, width, wrap
from modem.frozen import dataclass

COLUMNS = 78
Report = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    text: str = ""
    style: str | None = None
    """A style of `agent.cli.context.Output`."""


def render(report: Report, lang: Lang, unchecked: Sequence[str] = ()) -> list[Line]:
    """The whole report, ending without an empty line. `unchecked`: what could not be seen, a sentence each."""
    words = _Words(lang)
    finding = _cause(report)
    partly = bool(unchecked) and _is_half_known(report)
    gaps = list(_quoted([f"- {text}" for text in unchecked], words("unchecked")))
    parts = (
        _verdict(report, finding, words),
        gaps if partly else (),
        _quoted(list(dict.fromkeys(_texts(finding.get("evidence")))), words("evidence")),
        _steps(report, finding, words),
        _candidates(finding, words),
        _shop(report, words),
        _others(report, finding, words),
        _ruled_out(report, words),
        () if partly else gaps,
        _shown_readings(report, words),
    )
    blocks = [block for block in map(list, parts) if block]
    lines = [line for block in blocks for line in (*block, Line())]
    return [*lines, Line(_footer(report, words), "dim")]


def again(report: Report, lang: Lang) -> list[Line]:
    """The verdict and the first step, for who sees only the end of a long report."""
    words = _Words(lang)
    lines = _verdict(report, _cause(report), words)
    steps = list(_steps(report, _cause(report), words))[1:]
    first = next((at for at, line in enumerate(steps[1:], 1) if line.text[:3].strip()), len(steps))
    return [*lines, *steps[:first]]


@dataclass(frozen=True, slots=True)
class _Words:
    lang: Lang

    def __call__(self, key: str, **values: object) -> str:
        text = locale.label(key, self.lang)
        return text.format(**values) if values else text

    def named(self, group: str, value: object) -> str:
        """The word for one of a fixed set of values; one of a newer version is shown as it is."""
        if value is None:
            return self("unknown")
        key = f"{group}.{value}"
        text = self(key)
        return str(value) if text == key else text


def _cause(report: Report) -> Report:
    """The finding that the verdict names; empty for "ok" and "unsure"."""
    code = _part(report, "verdict").get("code")
    return next((finding for finding in _parts(report, "findings") if finding.get("code") == code), {})


def _verdict(report: Report, finding: Report, words: _Words) -> Iterator[Line]:
    verdict = _part(report, "verdict")
    code, confidence = str(verdict.get("code")), verdict.get("confidence")
    suspected = words("suspected") if finding and confidence == "low" else ""
    style = "good" if code == "ok" else "bad" if finding.get("severity") == "error" else "warn"
    head = f"{words('verdict')}{suspected}{_title(report, words)}"
    yield from (Line(text, style) for text in wrap(head, COLUMNS, "  "))
    yield Line(f"  {words('code')} {code} · {words('confidence')} {words.named('confidence', confidence)}", "dim")


def _title(report: Report, words: _Words) -> str:
    verdict = _part(report, "verdict")
    return words("ok_as_far_as_seen") if _is_half_known(report) else str(verdict.get("title") or verdict.get("code"))


def _is_half_known(report: Report) -> bool:
    """Nothing was found, and not everything was looked at: an expired card still registers and has an address."""
    verdict = _part(report, "verdict")
    return verdict.get("code") == "ok" and verdict.get("confidence") != "high"


def _quoted(texts: Sequence[str], head: str) -> Iterator[Line]:
    if texts:
        yield Line(head, "bold")
    for text in texts:
        yield from (Line(line) for line in wrap(f"  {text}", COLUMNS, "    "))


def _ruled_out(report: Report, words: _Words) -> Iterator[Line]:
    codes = _texts(_part(report, "verdict").get("ruled_out"))
    if not codes:
        return
    comma = "、" if words.lang == "zh" else "; "
    listed = comma.join(locale.title(code, words.lang) for code in codes)
    yield Line(words("ruled_out"), "bold")
    yield from (Line(line) for line in wrap(f"  {listed}", COLUMNS, "  "))


def _steps(report: Report, finding: Report, words: _Words) -> Iterator[Line]:
    may_be = words("may_be")
    advice = _texts(finding.get("advice"))
    steps = [text for text in advice if not text.startswith(may_be)]
    if not steps and (first := _part(report, "verdict").get("first_step")):
        steps = list(locale.steps_from(str(first), words.lang))
    if _is_half_known(report):
        steps = [words("look_further")]
    if steps:
        yield Line(words("steps"), "bold")
    for number, text in enumerate(steps, 1):
        style = "bold" if number == 1 else None
        yield from (Line(line, style) for line in wrap(f"  {number}. {text}", COLUMNS, "     "))


def _candidates(finding: Report, words: _Words) -> Iterator[Line]:
    may_be = words("may_be")
    advice = _texts(finding.get("advice"))
    yield from _quoted(
        [f"- {text.removeprefix(may_be)}" for text in advice if text.startswith(may_be)], words("candidates")
    )


def _shop(report: Report, words: _Words) -> Iterator[Line]:
    code = str(_part(report, "verdict").get("code"))
    if code != "ok":
        yield Line(words("merchant"), "bold")
        yield from (Line(line) for line in wrap(f"  {locale.merchant_sentence(code, words.lang)}", COLUMNS, "  "))


def _others(report: Report, cause: Report, words: _Words) -> Iterator[Line]:
    """Other roots with what they rest on; of consequences the names are enough."""
    rest = [finding for finding in _parts(report, "findings") if finding is not cause]
    roots = [finding for finding in rest if finding.get("root")]
    if roots:
        yield Line(words("also"), "bold")
    for finding in roots:
        style = (
            "bad" if finding.get("severity") == "error" else "warn" if finding.get("severity") == "warning" else None
        )
        seen = "; ".join(_texts(finding.get("evidence"))[:1])
        told = f"  - {finding.get('title')} ({finding.get('code')})" + (f": {seen}" if seen else "")
        yield from (Line(line, style) for line in wrap(told, COLUMNS, "    "))
    yield from _quoted([f"- {f.get('title')} ({f.get('code')})" for f in rest if not f.get("root")], words("because"))


def redacted(report: Report) -> Report:
    """The same with the last four digits only of card, subscriber and modem, wherever they are quoted."""
    sim, modem = _part(report, "sim"), _part(report, "modem")
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
    words = _Words(lang)
    was, now = _part(before, "verdict"), _part(after, "verdict")
    same = was.get("code") == now.get("code")
    yield Line()
    yield Line(words("watch.changed" if not same else "watch.same"), "bold")
    style = "good" if now.get("code") == "ok" else "warn"
    yield from (
        Line(text, style) for text in wrap(f"  {_title(before, words)} → {_title(after, words)}", COLUMNS, "    ")
    )
    old = dict(_rows(before, words))
    for key, texts in _rows(after, words):
        if texts != old.get(key):
            told = f"  {words(key)}  {_joined(old.get(key, []), words)} → {_joined(texts, words)}"
            yield from (Line(_broken(line)) for line in wrap(told, COLUMNS, "    "))
    yield Line()


def _joined(texts: Sequence[str], words: _Words) -> str:
    return " · ".join(_unbroken(text) for text in texts if text) or words("unknown")


def _rows(report: Report, words: _Words) -> list[tuple[str, list[str]]]:
    return [
        ("port", _port(report, words)),
        ("modem", _modem(report)),
        ("sim", _sim(report, words)),
        ("network", _network(report, words)),
        ("signal", _signal(report, words)),
        ("data", _data(report, words)),
        ("interface", _interface(report, words)),
        ("plan", _plan(report, words)),
        ("usage", _usage(report, words)),
        ("reach", _reach(report, words)),
        *([("recovery", _recovery(report, words))] if _part(_part(report, "recovery"), "last") else []),
    ]


def _shown_readings(report: Report, words: _Words) -> Iterator[Line]:
    rows = _rows(report, words)
    yield Line(words("readings"), "bold")
    column = max(width(words(key)) for key, _ in rows) + 2
    for key, texts in rows:
        told = _joined(texts, words)
        begin = "  " + pad(words(key), column)
        yield from (Line(_broken(line)) for line in wrap(begin + told, COLUMNS, " " * width(begin)))


def _unbroken(text: str) -> str:
    """ "41 °C" stays on one line; what is long may be broken."""
    return text.replace(" ", "\u00a0") if width(text) <= _SHORT else text


_SHORT = 40


def _broken(line: str) -> str:
    return line.replace("\u00a0", " ")


def _port(report: Report, words: _Words) -> list[str]:
    port = _part(report, "port")
    holder = port.get("holder")
    return [_shown(port.get("device")), f"{words('holder')} {holder}" if holder else ""]


def _modem(report: Report) -> list[str]:
    modem = _part(report, "modem")
    name = " ".join(filter(None, (_shown(modem.get("manufacturer")), _shown(modem.get("model")))))
    return [
        name,
        _shown(modem.get("firmware")),
        _with(modem.get("imei"), "IMEI {}"),
        _with(modem.get("temperature_c"), "{} °C"),
        _with(modem.get("voltage_mv"), "{} mV"),
    ]


def _sim(report: Report, words: _Words) -> list[str]:
    sim = _part(report, "sim")
    left = sim.get("pin_retries")
    return [
        words.named("sim", sim.get("state")),
        _with(sim.get("iccid"), "ICCID {}"),
        _with(sim.get("imsi"), "IMSI {}"),
        _shown(sim.get("issuer")),
        words("pin_left", count=left) if left is not None and sim.get("state") == "pin_required" else "",
        *_slots(sim, words),
    ]


def _slots(sim: Report, words: _Words) -> list[str]:
    """Of a modem with several slots the one in use, and what is in the others."""
    if sim.get("slot") is None:
        return []
    found = [words("slot", number=sim["slot"])]
    for other in sim.get("other_slots") or ():
        if other.get("iccid"):
            found.append(words("slot_holds", number=other.get("slot"), iccid=_shown(other["iccid"])))
        elif other.get("state") == "absent":
            found.append(words("slot_empty", number=other.get("slot")))
    return [*found, words("slot_switched")] if sim.get("switched") else found


def _network(report: Report, words: _Words) -> list[str]:
    network = _part(report, "network")
    operator, cell = _part(network, "operator"), _part(network, "cell")
    domains = _part(network, "domains")
    each = [f"{name.upper()} {words.named('registration', stat)}" for name, stat in domains.items() if stat]
    return [
        words.named("registration", network.get("registration")),
        f"({', '.join(each)})" if len(set(domains.values()) - {None}) > 1 else "",
        _cause_text(network.get("reject_cause"), words),
        " ".join(filter(None, (_shown(operator.get("name")), _shown(operator.get("plmn"))))),
        " ".join(filter(None, (_shown(network.get("technology")).upper(), _shown(cell.get("band"))))),
        _with(cell.get("cell_id"), "CI {}"),
    ]


def _signal(report: Report, words: _Words) -> list[str]:
    signal = _part(report, "signal")
    quality = signal.get("quality")
    return [
        words.named("quality", quality) if quality else "",
        _with(signal.get("rsrp_dbm"), "RSRP {} dBm"),
        _with(signal.get("rsrq_db"), "RSRQ {} dB"),
        _with(signal.get("sinr_db"), "SINR {} dB"),
        _with(signal.get("rscp_dbm"), "RSCP {} dBm"),
        _with(signal.get("rssi_dbm"), "RSSI {} dBm"),
    ]


def _data(report: Report, words: _Words) -> list[str]:
    data = _part(report, "data")
    attached = data.get("attached")
    told = "" if attached is None else words("attached") if attached else words("not_attached")
    return [told, *(_context(c, words) for c in _parts(data, "contexts")), _cause_text(data.get("last_error"), words)]


def _context(context: Report, words: _Words) -> str:
    active = context.get("active")
    told = "" if active is None else words("active") if active else words("inactive")
    known = (f"#{context.get('cid')}", _shown(context.get("apn")), told, *_texts(context.get("addresses")))
    return " ".join(filter(None, known))


def _interface(report: Report, words: _Words) -> list[str]:
    interface = _part(_part(report, "data"), "interface")
    if not interface:
        return []
    up, route = interface.get("up"), interface.get("default_route")
    return [
        _shown(interface.get("name")),
        "" if up is None else words("up") if up else words("down"),
        ", ".join(_texts(interface.get("addresses"))) or words("no_address"),
        "" if route is None else words("default_route") if route else words("no_default_route"),
    ]


def _plan(report: Report, words: _Words) -> list[str]:
    plan = _part(report, "plan")
    expires, left, remaining = plan.get("expires_on"), plan.get("days_left"), plan.get("remaining_bytes")
    balance = _part(plan, "balance")
    told = ""
    if isinstance(left, int):
        told = words("days_over", days=-left) if left < 0 else words("days_left", days=left)
    return [
        words.named("plan", plan.get("state")),
        words("expires", date=expires) if expires else "",
        told,
        words("remaining", bytes=amount(remaining)) if remaining is not None else "",
        words("balance", amount=_shown(balance.get("amount")), currency=_shown(balance.get("currency"))).rstrip()
        if balance
        else "",
    ]


def _usage(report: Report, words: _Words) -> list[str]:
    usage = _part(report, "usage")
    cycle = _part(usage, "cycle")
    used, own = usage.get("used_bytes"), usage.get("own_bytes")
    if used is None and own is None:
        return []
    return [
        words("used", bytes=amount(used)) if used is not None else "",
        words("own", bytes=amount(own)) if own is not None else "",
        f"{cycle.get('start')} – {cycle.get('end')}" if cycle.get("start") else "",
    ]


def _reach(report: Report, words: _Words) -> list[str]:
    tries = _parts(report, "reach")
    return [_try(each, words) for each in tries] or [words("reach.not_tried")]


def _recovery(report: Report, words: _Words) -> list[str]:
    """The last step that the daemon took, or would have."""
    part = _part(report, "recovery")
    last = _part(part, "last")
    rehearsed = words("rehearsed") if part.get("dry_run") else ""
    return [_shown(last.get("rung")), _shown(last.get("cause")), words.named("outcome", last.get("outcome")), rehearsed]


def _try(each: Report, words: _Words) -> str:
    ok, took = each.get("ok"), each.get("ms")
    result = words("reach.not_tried" if ok is None else "reach.ok" if ok else "reach.failed")
    return " ".join(
        filter(None, (words.named("reach", each.get("target")), result, _with(took, "{} ms") if ok else ""))
    )


def _cause_text(cause: object, words: _Words) -> str:
    if not isinstance(cause, Mapping):
        return ""
    layer, number, text = (_shown(cause.get(key)) for key in ("layer", "number", "text"))
    text = text if words.lang == "en" or not number else ""  # the standard's words are English; the evidence has them
    past = words("past") if cause.get("possibly_past") else ""
    return " ".join(filter(None, (words("cause"), layer.upper(), number, text, past)))


def _footer(report: Report, words: _Words) -> str:
    took = words("took", seconds=_shown(report.get("duration_s")), bytes=_shown(report.get("data_cost_bytes")))
    return " · ".join(filter(None, (_shown(report.get("taken_at")), words.named("via", report.get("via")), took)))


def amount(count: object) -> str:
    """Bytes as people read them; 1 MB = 2^20 bytes, as the carriers' own sums have it."""
    if not isinstance(count, int | float):
        return _shown(count)
    for unit, size in (("GB", 2**30), ("MB", 2**20), ("KB", 2**10)):
        if abs(count) >= size:
            return f"{count / size:.1f} {unit}"
    return f"{count} B"


def _shown(value: object) -> str:
    return "" if value is None else str(value)


def _with(value: object, form: str) -> str:
    return "" if value is None else form.format(value)


def _part(report: Report, key: str) -> Report:
    part = report.get(key)
    return part if isinstance(part, Mapping) else {}


def _parts(report: Report, key: str) -> list[Report]:
    parts = report.get(key)
    return [part for part in parts if isinstance(part, Mapping)] if isinstance(parts, list) else []


def _texts(value: object) -> list[str]:
    return [str(text) for text in value] if isinstance(value, list) else []
