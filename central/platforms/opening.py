"""From settings to accounts that can be asked. Secrets come from files only."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from central.config import ConfigError, PlatformAccount, PlatformKind, Settings
from central.platforms.base import Platform
from central.platforms.budget import Budget
from central.platforms.jasper import Jasper
from central.platforms.line import Line
from central.platforms.onelink import OneLink
from central.platforms.telecom import Telecom
from central.platforms.telecom_doors import FiveG, M2m

URLS: Mapping[PlatformKind, str] = {
    "onelink": "https://api.iot.10086.cn",
    "telecom-m2m": "http://api.ct10649.com:9001",
    "telecom-5g": "https://cmp-api.ctwing.cn:20164",
}
KEY_LENGTH = 9


@dataclass(frozen=True, slots=True)
class Opened:
    name: str
    platform: Platform
    line: Line
    every_hours: float = 24.0
    may_act: bool = False


def opened(settings: Settings) -> list[Opened]:
    """All accounts but those kept by hand. Raises ConfigError."""
    return [_open(name, given) for name, given in settings.platforms.items() if given.kind != "by-hand"]


def _open(name: str, given: PlatformAccount) -> Opened:
    budget = Budget(given.calls_per_second, given.calls_per_day)
    line = Line(given.url or URLS[given.kind], budget, given.in_the_clear)
    secret = _secret(name, given)
    return Opened(name, _platform(given, line, secret), line, given.every_hours, given.may_act)


def _platform(given: PlatformAccount, line: Line, secret: list[str]) -> Platform:
    if given.kind == "jasper":
        return Jasper(line, given.user, secret[0], given.expiry_field)
    if given.kind == "onelink":
        return OneLink(line, given.user, secret[0])
    if given.kind == "telecom-5g":
        return Telecom(FiveG(line, given.user, secret[0]), given.customer)
    return Telecom(M2m(line, given.user, secret[0], secret[1]))


def _secret(name: str, given: PlatformAccount) -> list[str]:
    """Its lines. Raises ConfigError, which says the file and never what is in it."""
    path = Path(given.secret_file)
    try:
        lines = path.read_text(encoding="utf-8").split()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: the secret of platform {name} cannot be read: {type(error).__name__}") from None
    wanted = 2 if given.kind == "telecom-m2m" else 1
    if len(lines) != wanted or (wanted == 2 and len(lines[1]) != KEY_LENGTH):
        form = "the password, and on the next line the key of nine letters" if wanted == 2 else "one line"
        raise ConfigError(f"{path}: the secret of platform {name} has the form: {form}")
    return lines
