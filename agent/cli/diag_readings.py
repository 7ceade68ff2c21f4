"""The readings of a report, a row each, for people: what the modem, the card, the network and the plan say."""

from collections.abc import Iterator, Mapping, Sequence

from agent.cli.columns import pad, width, wrap
from agent.cli.counts import counted
from agent.cli.diag_parts import COLUMNS, Line, Report, Words, part, parts, shaped, shown, texts


def joined(told: Sequence[str], words: Words) -> str:
    return " · ".join(_unbroken(text) for text in told if text) or words("unknown")


def rows(report: Report, words: Words) -> list[tuple[str, list[str]]]:
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
        *([("recovery", _recovery(report, words))] if part(part(report, "recovery"), "last") else []),
    ]


def shown_readings(report: Report, words: Words) -> Iterator[Line]:
    told_rows = rows(report, words)
    yield Line(words("readings"), "bold")
    column = max(width(words(key)) for key, _ in told_rows) + 2
    for key, told_texts in told_rows:
        told = joined(told_texts, words)
        begin = "  " + pad(words(key), column)
        yield from (Line(broken(line)) for line in wrap(begin + told, COLUMNS, " " * width(begin)))


def _unbroken(text: str) -> str:
    """ "41 °C" stays on one line; what is long may be broken."""
    return text.replace(" ", "\u00a0") if width(text) <= _SHORT else text


_SHORT = 40


def broken(line: str) -> str:
    return line.replace("\u00a0", " ")


def _port(report: Report, words: Words) -> list[str]:
    port = part(report, "port")
    holder = port.get("holder")
    return [shown(port.get("device")), f"{words('holder')} {holder}" if holder else ""]


def _modem(report: Report) -> list[str]:
    modem = part(report, "modem")
    name = " ".join(filter(None, (shown(modem.get("manufacturer")), shown(modem.get("model")))))
    return [
        name,
        shown(modem.get("firmware")),
        shaped(modem.get("imei"), "IMEI {}"),
        shaped(modem.get("temperature_c"), "{} °C"),
        shaped(modem.get("voltage_mv"), "{} mV"),
    ]


def _sim(report: Report, words: Words) -> list[str]:
    sim = part(report, "sim")
    left = sim.get("pin_retries")
    return [
        words.named("sim", sim.get("state")),
        words.named("issuer", sim["issuer"]) if sim.get("issuer") else "",
        shaped(sim.get("iccid"), "ICCID {}"),
        shaped(sim.get("imsi"), "IMSI {}"),
        words("pin_left", count=left) if left is not None and sim.get("state") == "pin_required" else "",
        *_slots(sim, words),
    ]


def _slots(sim: Report, words: Words) -> list[str]:
    """Of a modem with several slots the one in use, and what is in the others."""
    if sim.get("slot") is None:
        return []
    found, others = [words("slot", number=sim["slot"])], sim.get("other_slots") or ()
    for other in others:
        if other.get("iccid"):
            found.append(words("slot_holds", number=other.get("slot"), iccid=shown(other["iccid"])))
        elif other.get("state") == "absent":
            found.append(words("slot_empty", number=other.get("slot")))
        elif other.get("state") != "unknown":
            found.append(words("slot_present", number=other.get("slot")))
    if not others:
        found.append(words("slot_untold"))
    return [*found, words("slot_switched")] if sim.get("switched") else found


def _network(report: Report, words: Words) -> list[str]:
    network = part(report, "network")
    operator, cell = part(network, "operator"), part(network, "cell")
    domains = part(network, "domains")
    each = [f"{name.upper()} {words.named('registration', stat)}" for name, stat in domains.items() if stat]
    return [
        words.named("registration", network.get("registration")),
        f"({', '.join(each)})" if len(set(domains.values()) - {None}) > 1 else "",
        _cause_text(network.get("reject_cause"), words),
        " ".join(filter(None, (shown(operator.get("name")), shown(operator.get("plmn"))))),
        " ".join(filter(None, (shown(network.get("technology")).upper(), shown(cell.get("band"))))),
        shaped(cell.get("cell_id"), "CI {}"),
    ]


def _signal(report: Report, words: Words) -> list[str]:
    signal = part(report, "signal")
    quality = signal.get("quality")
    return [
        words.named("quality", quality) if quality else "",
        shaped(signal.get("rsrp_dbm"), "RSRP {} dBm"),
        shaped(signal.get("rsrq_db"), "RSRQ {} dB"),
        shaped(signal.get("sinr_db"), "SINR {} dB"),
        shaped(signal.get("rscp_dbm"), "RSCP {} dBm"),
        shaped(signal.get("rssi_dbm"), "RSSI {} dBm"),
    ]


def _data(report: Report, words: Words) -> list[str]:
    data = part(report, "data")
    attached = data.get("attached")
    told = "" if attached is None else words("attached") if attached else words("not_attached")
    return [told, *(_context(c, words) for c in parts(data, "contexts")), _cause_text(data.get("last_error"), words)]


def _context(context: Report, words: Words) -> str:
    active = context.get("active")
    told = "" if active is None else words("active") if active else words("inactive")
    known = (f"#{context.get('cid')}", shown(context.get("apn")), told, *texts(context.get("addresses")))
    return " ".join(filter(None, known))


def _interface(report: Report, words: Words) -> list[str]:
    interface = part(part(report, "data"), "interface")
    if not interface:
        return []
    up, route = interface.get("up"), interface.get("default_route")
    return [
        shown(interface.get("name")),
        "" if up is None else words("up") if up else words("down"),
        ", ".join(texts(interface.get("addresses"))) or words("no_address"),
        "" if route is None else words("default_route") if route else words("no_default_route"),
    ]


def _plan(report: Report, words: Words) -> list[str]:
    plan = part(report, "plan")
    expires, left, remaining = plan.get("expires_on"), plan.get("days_left"), plan.get("remaining_bytes")
    balance = part(plan, "balance")
    told = ""
    if isinstance(left, int):
        told = words("days_over" if left < 0 else "days_left", days=counted(abs(left), "day", words.lang))
    return [
        words.named("plan", plan.get("state")),
        words("expires", date=expires) if expires else "",
        told,
        words("remaining", bytes=amount(remaining)) if remaining is not None else "",
        words("balance", amount=shown(balance.get("amount")), currency=shown(balance.get("currency"))).rstrip()
        if balance
        else "",
    ]


def _usage(report: Report, words: Words) -> list[str]:
    usage = part(report, "usage")
    cycle = part(usage, "cycle")
    used, own = usage.get("used_bytes"), usage.get("own_bytes")
    if used is None and own is None:
        return []
    return [
        words("used", bytes=amount(used)) if used is not None else "",
        words("own", bytes=amount(own)) if own is not None else "",
        f"{cycle.get('start')} – {cycle.get('end')}" if cycle.get("start") else "",
    ]


def _reach(report: Report, words: Words) -> list[str]:
    tries = parts(report, "reach")
    return [_try(each, words) for each in tries] or [words("reach.not_tried")]


def _recovery(report: Report, words: Words) -> list[str]:
    """The last step that the daemon took, or would have."""
    recovery = part(report, "recovery")
    last = part(recovery, "last")
    rehearsed = words("rehearsed") if recovery.get("dry_run") else ""
    return [shown(last.get("rung")), shown(last.get("cause")), words.named("outcome", last.get("outcome")), rehearsed]


def _try(each: Report, words: Words) -> str:
    ok, took = each.get("ok"), each.get("ms")
    result = words("reach.not_tried" if ok is None else "reach.ok" if ok else "reach.failed")
    return " ".join(
        filter(None, (words.named("reach", each.get("target")), result, shaped(took, "{} ms") if ok else ""))
    )


def _cause_text(cause: object, words: Words) -> str:
    if not isinstance(cause, Mapping):
        return ""
    layer, number, text = (shown(cause.get(key)) for key in ("layer", "number", "text"))
    text = text if words.lang == "en" or not number else ""  # the standard's words are English; the evidence has them
    past = words("past") if cause.get("possibly_past") else ""
    return " ".join(filter(None, (words("cause"), layer.upper(), number, text, past)))


def amount(count: object) -> str:
    """Bytes as people read them; 1 MB = 2^20 bytes, as the carriers' own sums have it."""
    if not isinstance(count, int | float):
        return shown(count)
    for unit, size in (("GB", 2**30), ("MB", 2**20), ("KB", 2**10)):
        if abs(count) >= size:
            return f"{count / size:.1f} {unit}"
    return f"{count} B"
