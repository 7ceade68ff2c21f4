"""`posagent ports`: candidate AT ports, what they are for, who holds them, and with --probe whether a modem answers."""

import argparse
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from agent.cli.context import EXIT_OK, EXIT_PORT, Context

if TYPE_CHECKING:
    from modem.discover import Candidate

HELP = "candidate AT ports: device, USB ids, interface, purpose, who holds it; with --probe, does it answer"
EXITS = {
    0: "there are some; with --probe: one answers, or is held by the daemon",
    4: "with --probe: a payment holds the line (posagent hold)",
    11: "there is none, or none does",
}
EXAMPLES = ("posagent ports", "posagent ports --json", "posagent ports --probe")

_ANSWERS: Mapping[str, tuple[str, str]] = {
    "answers": ("应答 AT", "answers"),
    "silent": ("无应答", "silent"),
    "garbled": ("乱码", "garbled"),
    "busy": ("被占用", "busy"),
    "forbidden": ("无权限", "not allowed"),
    "missing": ("已消失", "gone"),
    "lost": ("打开失败", "failed"),
    "free": ("空闲", "free"),
}
_ROLES: Mapping[str | None, tuple[str, str]] = {
    "at": ("AT", "AT"),
    "modem": ("AT/拨号", "AT, PPP"),
    "diag": ("诊断", "diagnostic"),
    "nmea": ("定位", "NMEA"),
    "other": ("其他", "other"),
    None: ("–", "–"),
}
_TAKEN: Mapping[str, str] = {
    "zh": 'ModemManager 占用着模块：配置 modem.backend = "modemmanager"，见 docs/modemmanager.md',
    "en": 'ModemManager has the modem: set modem.backend = "modemmanager", see docs/modemmanager.md',
}
_LEFT: Mapping[str, str] = {
    "zh": 'ModemManager 占用着部分串口；{device} 空闲可用：配置 modem.port = "{device}"',
    "en": 'ModemManager has some of the ports; {device} is free: modem.port = "{device}" takes it',
}
_NONE = ("没有找到像调制解调器的串口", "no port on this machine looks like a modem's")


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--probe", action="store_true", help="open each port and send AT, which changes nothing")


def run(options: argparse.Namespace, context: Context) -> int:
    from modem.discover import candidates

    found = candidates()
    rows = _probed(found, context) if options.probe else [_row(candidate, probing=False) for candidate in found]
    if context.json:
        for row in rows:
            context.out.json(row)
    elif not rows:
        context.out.line(_NONE[context.lang == "en"], "warn")
    else:
        _table(rows, context)
        _hint(rows, context)
    usable = not options.probe or any(row["state"] == "answers" or "posagent" in str(row["holder"]) for row in rows)
    return EXIT_OK if rows and usable else EXIT_PORT


def _probed(found: "tuple[Candidate, ...]", context: Context) -> list[dict[str, Any]]:
    from agent.cli.own_line import own_line
    from agent.config import ConfigError, load
    from agent.settings import Config

    try:
        config = load(context.config_path)
    except ConfigError:
        config = Config()  # which ports there are is wanted most where nothing is set up yet
    with own_line(config, "ports") as line, line.whole():
        return [_row(candidate, probing=True) for candidate in found]


def _row(candidate: "Candidate", *, probing: bool) -> dict[str, Any]:
    from modem.known import known

    state, held_by = _tried(candidate.device) if probing else _untouched(candidate.device)
    row = known(candidate.vendor_id, candidate.product_id)
    return {
        "device": candidate.device,
        "by_path": candidate.by_path,
        "vendor_id": candidate.vendor_id,
        "product_id": candidate.product_id,
        "interface": candidate.interface,
        "usb_path": candidate.usb_path,
        "driver": candidate.driver,
        "maker": row.maker if row else None,
        "family": row.family or None if row else None,
        "role": candidate.role,
        "manufacturer": candidate.manufacturer,
        "product": candidate.product,
        "holder": held_by,
        "state": state,
    }


def _untouched(device: str) -> tuple[str, str | None]:
    """Who has it open, by /proc alone; of another user's processes only root can tell."""
    from modem.discover import holder

    by = holder(device)
    return ("busy", str(by)) if by else ("free", None)


def _tried(device: str) -> tuple[str, str | None]:
    """A word of `_ANSWERS`, and who holds the port."""
    from modem.discover import probe
    from modem.errors import PortBusy, PortForbidden, PortLost, PortMissing

    try:
        return probe(device).value, None
    except PortBusy as busy:
        return "busy", busy.holder
    except PortForbidden:
        return "forbidden", None
    except PortMissing:
        return "missing", None
    except PortLost:
        return "lost", None


def _table(rows: list[dict[str, Any]], context: Context) -> None:
    from agent.cli.columns import pad, width

    heads = (
        ("串口", "USB", "接口", "用途", "产品", "状态")
        if context.lang == "zh"
        else ("port", "USB", "if", "use", "product", "state")
    )
    cells = [heads, *(_cells(row, context) for row in rows)]
    widths = [max(width(line[column]) for line in cells) for column in range(len(heads))]
    for number, line in enumerate(cells):
        text = "  ".join(pad(cell, wide) for cell, wide in zip(line, widths, strict=True)).rstrip()
        context.out.line(text, "bold" if number == 0 else _style(rows[number - 1]["state"]))


def _hint(rows: list[dict[str, Any]], context: Context) -> None:
    """What to do where ModemManager has the modem."""
    if not any(str(row["holder"]).startswith("ModemManager") for row in rows):
        return
    free = next((row["device"] for row in rows if row["state"] == "answers"), None)
    free = free or next(
        (row["device"] for row in rows if row["state"] == "free" and row["role"] in ("at", "modem")), None
    )
    context.out.line(_LEFT[context.lang].format(device=free) if free else _TAKEN[context.lang], "warn")


def _cells(row: Mapping[str, Any], context: Context) -> tuple[str, ...]:
    ids = f"{row['vendor_id']}:{row['product_id']}" if row["vendor_id"] else "–"
    stated = " ".join(filter(None, (row["manufacturer"], row["product"])))
    product = " ".join(filter(None, (row["maker"], row["family"]))) or stated or "–"
    interface = "–" if row["interface"] is None else str(row["interface"])
    state = _ANSWERS.get(row["state"], (row["state"], row["state"]))[context.lang == "en"]
    use = _ROLES[row["role"]][context.lang == "en"]
    return row["device"], ids, interface, use, product, f"{state} ({row['holder']})" if row["holder"] else state


def _style(state: str) -> str | None:
    return {"answers": "good", "busy": "warn", "forbidden": "warn", "garbled": "warn"}.get(state)
