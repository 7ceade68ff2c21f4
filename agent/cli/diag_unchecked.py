"""What a look could not see, and why: what nobody looked at must not be taken for well.

From the report and from what was asked; what the verdict itself is about (no port, no answer) is not said again.
"""

import os
from argparse import Namespace
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from agent import locale
from agent.cli.context import Lang
from agent.config import chosen_path
from agent.control import SOCKET_NAME
from agent.sample.rules import rules_for_others
from agent.settings import Config

Report = Mapping[str, Any]
MAX_RULES = 3


def unchecked(report: Report, options: Namespace, config: Config, lang: Lang) -> list[str]:
    """A sentence each, in the order of the readings."""
    made = (*_of_modem(report), *_of_files(report, config), *_of_network(report, options), *_of_other_programs(report))
    return [locale.label(f"unchecked.{key}", lang).format(**values) for key, values in made]


_Said = tuple[str, Mapping[str, object]]


def _of_modem(report: Report) -> Iterator[_Said]:
    """An answering modem that did not tell everything."""
    port, sim, signal = _part(report, "port"), _part(report, "sim"), _part(report, "signal")
    code = str(_part(report, "verdict").get("code"))
    if code.startswith(("port.", "modem.silent", "modem.garbled")) or port.get("device") is None:
        return
    if sim.get("state") == "ready" and sim.get("iccid") is None:
        yield "iccid", {}
    if all(value is None for value in signal.values()):
        yield "signal", {}


def may_read(path: Path) -> bool:
    """False: it is there, or may be, and this user is not let in."""
    try:
        path.open("rb").close()
    except PermissionError:
        return False
    except OSError:
        return True
    return True


def _of_files(report: Report, config: Config) -> Iterator[_Said]:
    if not may_read(chosen_path()):
        yield "config", {"path": chosen_path()}
    socket = config.run_dir / SOCKET_NAME
    if report.get("via") != "daemon" and _is_there(socket) and not os.access(socket, os.R_OK | os.W_OK):
        yield "daemon", {"path": socket}
    if _part(report, "plan").get("state") == "unknown" and report.get("via") != "daemon":
        readable = os.access(config.state_dir, os.R_OK | os.X_OK)
        yield ("plan" if readable or not _is_there(config.state_dir) else "plan_files"), {"path": config.state_dir}


def _of_network(report: Report, options: Namespace) -> Iterator[_Said]:
    tried = {str(each.get("target")): each for each in _parts(report, "reach")}
    if not tried:
        yield _why_nothing_was_tried(report, options), {}
        return
    for target, each in tried.items():
        if each.get("ok") is None:
            yield "reach", {"target": target, "why": each.get("detail") or "-"}


def _of_other_programs(report: Report) -> Iterator[_Said]:
    """Policy rules that our own probes do not match: where the payment application is led, they do not show."""
    if not _parts(report, "reach"):
        return
    for rule in rules_for_others()[:MAX_RULES]:
        yield "rule", {"rule": rule.words}


def _why_nothing_was_tried(report: Report, options: Namespace) -> str:
    if options.no_network:
        return "no_network"
    if options.quick:
        return "quick"
    if report.get("via") == "daemon":
        return "by_daemon"
    return "no_interface" if _part(report, "data").get("interface") is None else "not_reached"


def _is_there(path: os.PathLike[str]) -> bool:
    try:
        os.lstat(path)
    except OSError as error:
        return isinstance(error, PermissionError)
    return True


def _part(report: Report, key: str) -> Report:
    part = report.get(key)
    return part if isinstance(part, Mapping) else {}


def _parts(report: Report, key: str) -> list[Report]:
    parts = report.get(key)
    return [part for part in parts if isinstance(part, Mapping)] if isinstance(parts, list) else []
