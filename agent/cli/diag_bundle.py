"""What goes into the file of `posagent diag --bundle`, gathered; agent/bundle.py packs it.

Everything is read with what this user may read; what cannot be had is named in the file and on the screen.
"""

import os
import platform
import shutil
import subprocess
from argparse import Namespace
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from agent import locale
from agent.bundle import Material, packed, save
from agent.cli.config import settings_shown
from agent.cli.context import CliError, Context
from agent.cli.diag_looked import Looked
from agent.cli.diag_text import render
from agent.settings import Config
from agent.version import VERSION

UNIT = "posagent"
JOURNAL_LINES = 400
JOURNAL_S = 5.0
MAX_JOURNAL_BYTES = 400_000
MAX_LINE = 400
_PACKAGES = ("pyserial", "pydantic", "tenacity", "structlog", "segno", "jeepney")


def write(looked: Looked, options: Namespace, config: Config, context: Context, key: bytes) -> None:
    """The file, and on standard error what it holds. CliError when it cannot be written."""
    log, no_log = journal()
    missing = tuple(text for text in (no_dialogue(looked, config), no_log) if text)
    material = Material(
        looked.report, facts(config), settings_shown(config), key, looked.dialogue, looked.capture, log, missing
    )
    data = packed(material, lambda report: "".join(line.text + "\n" for line in render(report, context.lang)))
    try:
        save(options.bundle, data, overwrite=options.overwrite)
    except OSError as error:
        raise CliError(f"{options.bundle}: {error.strerror}") from error
    told = locale.label("bundle", context.lang).format(file=options.bundle, bytes=len(data))
    context.out.note(told)
    for what in missing:
        context.out.note(locale.label("bundle.missing", context.lang).format(what=what))


def no_dialogue(looked: Looked, config: Config) -> str | None:
    """Why the dialogue with the modem is not there; None when it is."""
    if looked.capture or (looked.dialogue and looked.dialogue.exchanges):
        return None
    if config.modem.backend == "modemmanager":
        return "dialogue with the modem: ModemManager has it, and speaks no AT with us"
    if looked.report.get("via") == "daemon":
        return "dialogue with the modem: the daemon did not give it (no port, or an older version)"
    return "dialogue with the modem: no port was opened"


def facts(config: Config) -> dict[str, Any]:
    """Versions, and what this machine says of itself without asking anybody."""
    return {
        "versions": {"posagent": VERSION, "python": platform.python_version(), **_versions()},
        "system": {
            "kernel": " ".join(platform.uname()[index] for index in (0, 2, 4)),
            "os": _os_name(),
            "uptime_s": _first_number(Path("/proc/uptime")),
            "load": _first_number(Path("/proc/loadavg")),
            "memory": _memory(),
            "state_dir": _room(config.state_dir),
            "user_id": os.geteuid(),
            "locale": {name: os.environ[name] for name in ("LC_ALL", "LC_CTYPE", "LANG", "TZ") if name in os.environ},
        },
        "ports": _ports(),
        "interfaces": _interfaces(),
    }


def journal(unit: str = UNIT) -> tuple[str, str | None]:
    """The end of the service's log, or "" and why not. Waits no longer than JOURNAL_S."""
    command = ["journalctl", "-u", unit, "-n", str(JOURNAL_LINES), "-o", "short-iso", "--no-pager", "-q"]
    if shutil.which(command[0]) is None:
        return "", "journal: this system has none"
    try:
        done = subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, timeout=JOURNAL_S, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return "", "journal: it could not be read in time"
    text = done.stdout[-MAX_JOURNAL_BYTES:].decode("utf-8", "replace")
    lines = [line[:MAX_LINE] for line in text.splitlines() if not line.startswith("-- ")]
    if not lines:
        return "", "journal: nothing in it that this user may read (root, or group systemd-journal)"
    return "\n".join(lines) + "\n", None


def _versions() -> dict[str, str | None]:
    return {name: _version(name) for name in _PACKAGES}


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _os_name() -> str | None:
    try:
        return platform.freedesktop_os_release().get("PRETTY_NAME")
    except OSError:
        return None


def _first_number(path: Path) -> float | None:
    try:
        return float(_text(path).split()[0])
    except (ValueError, IndexError):
        return None


def _memory() -> dict[str, str]:
    rows = (line.partition(":") for line in _text(Path("/proc/meminfo")).splitlines())
    return {name: value.strip() for name, _, value in rows if name in ("MemTotal", "MemAvailable")}


def _room(path: Path) -> dict[str, int] | None:
    try:
        use = shutil.disk_usage(path)
    except OSError:
        return None
    return {"total_bytes": use.total, "free_bytes": use.free}


def _ports() -> list[Mapping[str, Any]]:
    from modem.discover import candidates

    names = ("device", "by_path", "vendor_id", "product_id", "interface", "driver", "manufacturer", "product")
    return [{name: getattr(one, name) for name in names} for one in candidates()[:32]]


def _interfaces() -> dict[str, str]:
    try:
        names = sorted(path.name for path in Path("/sys/class/net").iterdir())[:32]
    except OSError:
        return {}
    return {name: _text(Path("/sys/class/net") / name / "operstate").strip() for name in names}


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(65536).decode("utf-8", "replace")
    except OSError:
        return ""
