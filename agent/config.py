"""Settings: TOML files → checked whole → one small frozen part for each component.

Rules: unknown keys, wrong types and values out of range are errors, never warnings, and each error names the file, the
line, the key, what was found and what is allowed. Settings never hold a secret, only the name of a file that does.
`conf.d/*.toml` beside the main file is merged over it in the order of the names. A default main file that is missing
means: all defaults. The words of every setting stand here once; `posagent config init` and config.example.toml are
printed from them.
"""

# ruff: noqa: PLC0415 - each method imports the one room that it serves, so that `config check` loads none of them

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, get_args, get_origin

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo
    from pydantic_core import ErrorDetails

    from agent.assess.answer import Limits
    from agent.examine import ExamineSettings
    from agent.outbox.base import Budget
    from agent.plan.plan import PlanSettings
    from agent.uplink.http import HttpSettings
    from agent.uplink.sender import SenderSettings

DEFAULT_PATH = Path("/etc/posagent/config.toml")
ENVIRONMENT = "POSAGENT_CONFIG"
MAX_FILE_BYTES = 256 * 1024


class ConfigError(Exception):
    """A setting that cannot be used; the first one when there are several (`others` counts the rest)."""

    def __init__(self, file: str, line: int | None, key: str | None, found: str, allowed: str, others: int = 0) -> None:
        where = f"{file}:{line}" if line else file
        more = f" (and {others} more)" if others else ""
        super().__init__(f"{where}: {f'{key}: ' if key else ''}found {found}; allowed: {allowed}{more}")
        self.file, self.line, self.key, self.found, self.allowed = file, line, key, found, allowed


def _iso_date(value: object) -> object:
    """TOML has dates of its own; people write them with and without quotes."""
    return value.isoformat() if isinstance(value, date) else value


def _real_date(value: str) -> str:
    if value:
        date.fromisoformat(value)
    return value


def _url(value: str) -> str:
    """Plain http only to this machine: the credential travels in every request."""
    if value and not re.match(r"https://[^/\s]+|http://(127\.0\.0\.1|localhost|\[::1\])(:\d+)?(/|$)", value):
        raise ValueError("not a usable address")
    return value


@dataclass(frozen=True, slots=True)
class Allowed:
    """What a value may be, in words, where a range or a list of words cannot say it."""

    text: str


def _like(pattern: str) -> Any:
    return Field(pattern=pattern, max_length=512)


_PATH = r"/[^\x00-\x1f]*"
_INTERFACE = r"[A-Za-z0-9_.:@-]{1,15}"
_DATE = r"^(\d{4}-\d\d-\d\d)?$"
_HOST_PORT = r"^(\[[0-9A-Fa-f:]+\]|[A-Za-z0-9.-]{1,253}):\d{1,5}$"

IsoDate = Annotated[
    str,
    BeforeValidator(_iso_date),
    _like(_DATE),
    AfterValidator(_real_date),
    Allowed('a date as "2026-12-31", or ""'),
]
Amount = Annotated[str, _like(r"^(-?\d{1,9}(\.\d{1,4})?)?$"), Allowed('an amount as "12.30", or ""')]
FilePath = Annotated[str, _like(rf"^({_PATH})?$"), Allowed('an absolute path, or ""')]
Directory = Annotated[str, _like(rf"^{_PATH}$"), Allowed("an absolute path")]
HostPort = Annotated[str, _like(_HOST_PORT), Allowed('"host:port"')]
Id = Annotated[str, _like(r"^[A-Za-z0-9._:-]{0,64}$"), Allowed("up to 64 of letters, digits and . _ : -")]
Zone = Annotated[str, _like(r"^[A-Za-z0-9_+/-]{1,64}$"), Allowed('a name as "Asia/Shanghai"')]
PortName = Annotated[str, _like(rf"^(auto|{_PATH})$"), Allowed('"auto" or an absolute path')]
Interface = Annotated[str, _like(rf"^(|auto|{_INTERFACE})$"), Allowed('"auto", the name of an interface, or ""')]
Bind = Annotated[str, _like(rf"^(|{_INTERFACE})$"), Allowed('the name of an interface, or ""')]
Apn = Annotated[str, _like(r"^[A-Za-z0-9._-]{0,100}$"), Allowed("up to 100 of letters, digits and . _ -")]
Currency = Annotated[str, _like(r"^[A-Z]{3}$"), Allowed('three capital letters, "CNY"')]
Url = Annotated[
    str,
    Field(max_length=512),
    AfterValidator(_url),
    Allowed('"https://host[:port]", "http://" to this machine only, or ""'),
]


class Section(BaseModel):
    """Base of all sections. `words` describe it in the example (a docstring would be gone under -OO)."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)
    words: ClassVar[str] = ""


class Terminal(Section):
    words = "Which terminal this is, and how it speaks to people."

    id: Id = Field(default="", description="the centre's name for this terminal; needed as soon as uplink.url is set")
    name: str = Field(default="", max_length=64, description="for people: shop and counter")
    language: Literal["zh", "en"] = Field(default="zh", description="of sentences on the screen and of the journal")
    timezone: Zone = Field(
        default="Asia/Shanghai", description="where the carrier's days begin: cards expire at its midnight"
    )


class ModemPart(Section):
    words = "The modem and its way to the network."

    port: PortName = Field(
        default="auto", description='"auto" looks for a port that answers; a name from /dev/serial/by-path never moves'
    )
    baud: Literal[9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600] = Field(
        default=115200, description="bits per second; matters on real UARTs only, USB modems ignore it"
    )
    backend: Literal["at", "modemmanager"] = Field(
        default="at", description='"at": on a serial port of ours; "modemmanager": through the ModemManager that has it'
    )
    measure_signal_s: int = Field(
        default=0,
        ge=0,
        le=3600,
        description='with "modemmanager": have it measure the signal this often; 0 = leave that to others',
    )
    interface: Interface = Field(
        default="auto", description='the interface that carries its data; "" when there is none to watch'
    )
    apn_expected: Apn = Field(
        default="", description="the card's APN; another one in the modem is then part of the diagnosis"
    )
    command_timeout_s: float = Field(
        default=5.0, ge=0.5, le=60, description="seconds for an ordinary command; slow ones have their manual's time"
    )


class SamplePart(Section):
    words = "How often we look. Looking is local and costs no data."

    light_s: int = Field(default=60, ge=1, le=3600, description="signal, registration, counters: one short exchange")
    deep_s: int = Field(default=900, ge=5, le=86400, description="everything else; also at once when something changes")


class PlanPart(Section):
    words = "The data card's plan, as far as it is known beforehand. Newer facts from the centre or the carrier win."

    expires_on: IsoDate = Field(default="", description='last day of the card, "2026-12-31"; "" = not known')
    quota_mb: int = Field(
        default=0, ge=0, le=10_000_000, description="MB in a cycle, as carriers count (2^20 bytes); 0 = not known"
    )
    balance: Amount = Field(default="", description='money on the card, "12.30"; "" = not known')
    currency: Currency = Field(default="CNY", description="ISO 4217")
    balance_low: Amount = Field(default="5.00", description="below this the card is nearly empty")
    expiring_days: int = Field(default=15, ge=0, le=366, description="say so this many days before the card expires")
    running_out_percent: int = Field(default=10, ge=0, le=100, description="say so when less than this is left")
    cycle: Literal["calendar_month", "day_of_month", "every_days"] = Field(
        default="calendar_month", description="when the quota starts anew"
    )
    cycle_day: int = Field(default=1, ge=1, le=31, description='first day, for cycle = "day_of_month"')
    cycle_days: int = Field(default=30, ge=1, le=3660, description='length in days, for cycle = "every_days"')
    cycle_anchor: IsoDate = Field(default="", description='a day on which a cycle began, for cycle = "every_days"')
    used_mb: int = Field(
        default=0, ge=0, le=10_000_000, description="MB used when this was written, with its day below"
    )
    used_as_of: IsoDate = Field(default="", description='the day of used_mb; "" = used_mb says nothing')


class SignalPart(Section):
    words = "From where on a signal is called weak. Places differ: an antenna that works at -118 is no fault."

    weak_rsrp_dbm: int = Field(default=-115, ge=-156, le=-44, description="LTE and 5G, dBm")
    weak_rssi_dbm: int = Field(default=-105, ge=-130, le=-25, description="2G and 3G, dBm")


class UplinkPart(Section):
    words = "The way to the centre."

    url: Url = Field(default="", description='"https://centre.example"; "" keeps reports in the outbox')
    credential_file: FilePath = Field(
        default="", description='this terminal\'s secret, in a file only its user can read; "" = state_dir/credential'
    )
    ca_file: FilePath = Field(default="", description='the certificate authority to trust; "" = the system\'s')
    heartbeat_s: int = Field(
        default=900, ge=1, le=86400, description="how often all is said to be well; changes go at once"
    )
    timeout_s: float = Field(default=30, ge=1, le=300, description="one deadline for a whole exchange with the centre")
    retry_first_s: float = Field(default=5, ge=1, le=3600, description="wait after the first failure, then doubled")
    retry_cap_s: float = Field(default=3600, ge=1, le=86400, description="the longest wait between attempts")
    batch_records: int = Field(default=64, ge=1, le=500, description="records in one request at most")
    batch_bytes: int = Field(default=65536, ge=1024, le=1048576, description="bytes in one request at most")
    bind_interface: Bind = Field(default="", description='send through this interface only; "" = as the routes say')


class OutboxPart(Section):
    words = "What waits to be sent. When it is full, routine history goes first and changes last."

    max_mb: int = Field(default=8, ge=1, le=1024, description="MiB on the disk")
    max_records: int = Field(default=50_000, ge=100, le=1_000_000, description="count")
    max_age_days: int = Field(default=45, ge=1, le=3660, description="longer than a billing cycle")
    routine_write_s: int = Field(
        default=900, ge=0, le=86400, description="routine records wait in memory this long: flash wears by the commit"
    )
    routine_write_records: int = Field(default=64, ge=1, le=1000, description="… or until they are this many")


class ProbePart(Section):
    words = "What is tried when the modem looks well and still nothing flows."

    payment_hosts: list[HostPort] = Field(
        default=[],
        max_length=8,
        description='the acquirer\'s addresses, ["pay.example:443"]: connected to, never spoken to',
    )
    timeout_s: float = Field(default=5, ge=0.5, le=60, description="seconds for one name or one connection")


class PathsPart(Section):
    words = "Where things are kept."

    state_dir: Directory = Field(default="/var/lib/posagent", description="survives a power cut: outbox, ledger")
    run_dir: Directory = Field(default="/run/posagent", description="gone after a restart: socket, status, message")


class LogPart(Section):
    words = "What goes to standard error, which is the journal under systemd."

    level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="the least that is shown")
    format: Literal["auto", "json", "text"] = Field(
        default="auto", description='"auto": for the journal when it listens, else for people'
    )


class Config(Section):
    """Everything, by section; frozen. The methods build what the rooms take, so that no room knows this file."""

    terminal: Terminal = Field(default_factory=Terminal)
    modem: ModemPart = Field(default_factory=ModemPart)
    sample: SamplePart = Field(default_factory=SamplePart)
    plan: PlanPart = Field(default_factory=PlanPart)
    signal: SignalPart = Field(default_factory=SignalPart)
    uplink: UplinkPart = Field(default_factory=UplinkPart)
    outbox: OutboxPart = Field(default_factory=OutboxPart)
    probe: ProbePart = Field(default_factory=ProbePart)
    paths: PathsPart = Field(default_factory=PathsPart)
    log: LogPart = Field(default_factory=LogPart)

    @property
    def state_dir(self) -> Path:
        return Path(self.paths.state_dir)

    @property
    def run_dir(self) -> Path:
        return Path(self.paths.run_dir)

    @property
    def ledger_file(self) -> Path:
        return self.state_dir / "ledger.db"

    @property
    def outbox_file(self) -> Path:
        return self.state_dir / "outbox.db"

    def plan_settings(self) -> "PlanSettings":
        from agent.plan.calendar import CycleRule, parse_date
        from agent.plan.plan import PlanSettings

        plan = self.plan
        return PlanSettings(
            expires_on=plan.expires_on,
            quota_mb=plan.quota_mb,
            balance=plan.balance,
            currency=plan.currency,
            expiring_days=plan.expiring_days,
            used_mb=plan.used_mb,
            used_as_of=plan.used_as_of,
            cycle=CycleRule(plan.cycle, plan.cycle_day, plan.cycle_days, parse_date(plan.cycle_anchor)),
        )

    def examine_settings(self) -> "ExamineSettings":
        from agent.examine import ExamineSettings

        return ExamineSettings(
            port=self.modem.port,
            baud=self.modem.baud,
            backend=self.modem.backend,
            measure_signal_s=self.modem.measure_signal_s,
            interface=self.modem.interface,
            command_timeout_s=self.modem.command_timeout_s,
            timezone=self.terminal.timezone,
            plan=self.plan_settings(),
            ledger=self.ledger_file,
            state_dir=self.state_dir,
            uplink_url=self.uplink.url,
            bind_interface=self.uplink.bind_interface,
            probe_timeout_s=self.probe.timeout_s,
        )

    def limits(self) -> "Limits":
        from decimal import Decimal

        from agent.assess.answer import Limits

        return Limits(
            weak_rsrp_dbm=self.signal.weak_rsrp_dbm,
            weak_rssi_dbm=self.signal.weak_rssi_dbm,
            expiring_days=self.plan.expiring_days,
            running_out_percent=self.plan.running_out_percent,
            balance_low=Decimal(self.plan.balance_low or "0"),
            apn_expected=self.modem.apn_expected,
        )

    def outbox_budget(self) -> "Budget":
        from agent.outbox.base import Budget

        return Budget(self.outbox.max_mb * 2**20, self.outbox.max_records, self.outbox.max_age_days * 86_400.0)

    def sender_settings(self) -> "SenderSettings":
        from agent.uplink.retry import Pace
        from agent.uplink.sender import SenderSettings

        up = self.uplink
        pace = Pace(up.retry_first_s, up.retry_cap_s)
        return SenderSettings(up.batch_records, up.batch_bytes, up.timeout_s, pace)

    def http_settings(self) -> "HttpSettings":
        """Only where `uplink.url` is set."""
        from agent.uplink.http import HttpSettings

        up = self.uplink
        return HttpSettings(
            url=up.url,
            credential_file=Path(up.credential_file) if up.credential_file else self.state_dir / "credential",
            ca_file=Path(up.ca_file) if up.ca_file else None,
            bind_interface=up.bind_interface,
        )


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    text: str
    data: dict[str, Any]


def load(path: Path | None = None) -> Config:
    """The settings of `path`, of POSAGENT_CONFIG, or of the default place. ConfigError when they cannot be used."""
    files = list(_files(path))
    merged: dict[str, Any] = {}
    for file in files:
        _merge(merged, file.data)
    try:
        config = Config.model_validate(merged)
    except ValidationError as error:
        raise _explained(error, files) from None
    return _checked_together(config, files)


def chosen_path(path: Path | None = None) -> Path:
    """Which main file is meant: the one given, else the environment's, else the default."""
    named = os.environ.get(ENVIRONMENT)
    return path or (Path(named) if named else DEFAULT_PATH)


def _files(path: Path | None) -> Iterator[_File]:
    main = chosen_path(path)
    if main.exists() or main != DEFAULT_PATH:
        yield _read(main)
    for extra in sorted((main.parent / "conf.d").glob("*.toml")):
        yield _read(extra)


def _read(path: Path) -> _File:
    try:
        raw = path.read_bytes()[: MAX_FILE_BYTES + 1]
    except OSError as error:
        raise ConfigError(str(path), None, None, error.strerror or "an error", "a file that can be read") from None
    if len(raw) > MAX_FILE_BYTES:
        raise ConfigError(str(path), None, None, "a larger file", f"at most {MAX_FILE_BYTES} bytes")
    try:
        text = raw.decode("utf-8-sig")
        return _File(path, text, tomllib.loads(text))
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ConfigError(str(path), line, None, "bytes that are no UTF-8", "text in UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"at line (\d+)", str(error))
        raise ConfigError(str(path), int(at[1]) if at else None, None, str(error), "TOML: key = value") from None
    except RecursionError:
        raise ConfigError(str(path), None, None, "too deep a nesting", "TOML: key = value") from None


def _merge(onto: dict[str, Any], new: Mapping[str, Any]) -> None:
    """Tables are merged key by key; everything else is replaced, lists too."""
    for key, value in new.items():
        held = onto.get(key)
        if isinstance(held, dict) and isinstance(value, dict):
            _merge(held, value)
        else:
            onto[key] = dict(value) if isinstance(value, dict) else value


def _checked_together(config: Config, files: list[_File]) -> Config:
    """What one key cannot say alone."""
    if config.uplink.url and not config.terminal.id:
        raise _about(files, ("terminal", "id"), "nothing", "a name, since uplink.url is set")
    if config.plan.cycle == "every_days" and not config.plan.cycle_anchor:
        raise _about(files, ("plan", "cycle_anchor"), "nothing", 'a date, since plan.cycle is "every_days"')
    if config.uplink.retry_first_s > config.uplink.retry_cap_s:
        raise _about(
            files, ("uplink", "retry_first_s"), f"{config.uplink.retry_first_s:g}", "at most uplink.retry_cap_s"
        )
    return config


def _explained(error: ValidationError, files: list[_File]) -> ConfigError:
    details = error.errors(include_url=False)
    first = details[0]
    keys = tuple(str(part) for part in first["loc"])
    return _about(files, keys, _found(first), _allowed(first), len(details) - 1)


def _about(files: list[_File], keys: tuple[str, ...], found: str, allowed: str, others: int = 0) -> ConfigError:
    """The error with the place where the last file that speaks of this key does so."""
    for file in reversed(files):
        line = line_of(file.text, keys)
        if line is not None:
            return ConfigError(str(file.path), line, ".".join(keys), found, allowed, others)
    path = str(files[-1].path) if files else str(DEFAULT_PATH)
    return ConfigError(path, None, ".".join(keys), found, allowed, others)


def _found(detail: "ErrorDetails") -> str:
    if detail["type"] == "extra_forbidden":
        return "a key that does not exist"  # its value stays untold: it may be a secret in the wrong place
    text = repr(detail["input"])
    return text if len(text) <= 60 else f"{text[:57]}…"


def _allowed(detail: "ErrorDetails") -> str:
    *section, key = [str(part) for part in detail["loc"]]
    if detail["type"] == "extra_forbidden":
        return f"{'keys' if section else 'sections'} {', '.join(_known_keys(section))}"
    if not section:
        return f"a table: [{key}]"
    field_ = _SECTIONS[section[0]].model_fields.get(section[1] if len(section) > 1 else key)
    return allowed_text(field_) if field_ else detail["msg"]


_SECTIONS: dict[str, type[Section]] = {
    name: field_.annotation
    for name, field_ in Config.model_fields.items()
    if isinstance(field_.annotation, type) and issubclass(field_.annotation, Section)
}


def _known_keys(section: list[str]) -> list[str]:
    return list(_SECTIONS[section[0]].model_fields) if section and section[0] in _SECTIONS else list(_SECTIONS)


def allowed_text(field_: "FieldInfo") -> str:
    """What a setting may be, in words: '5 to 3600', '"zh" or "en"', 'a date as …'."""
    spoken = next((item.text for item in field_.metadata if isinstance(item, Allowed)), None)
    if get_origin(field_.annotation) is list:
        return f"a list of at most {_bound(field_, 'max_length')} texts as {_item_text(field_)}"
    if spoken:
        return spoken
    if get_origin(field_.annotation) is Literal:
        return " or ".join(f'"{word}"' if isinstance(word, str) else str(word) for word in get_args(field_.annotation))
    low, high = _bound(field_, "ge"), _bound(field_, "le")
    if low is not None and high is not None:
        return f"{'a whole number, ' if field_.annotation is int else ''}{low} to {high}"
    return f"text of at most {_bound(field_, 'max_length')} characters"


def _bound(field_: "FieldInfo", name: str) -> float | None:
    bounds = (getattr(item, name, None) for item in field_.metadata)
    return next((bound for bound in bounds if isinstance(bound, int | float)), None)


def _item_text(field_: "FieldInfo") -> str:
    (item,) = get_args(field_.annotation)
    return next((part.text for part in getattr(item, "__metadata__", ()) if isinstance(part, Allowed)), "text")


def line_of(text: str, keys: tuple[str, ...]) -> int | None:
    """The line (from 1) on which `text` sets the key, or else the nearest table around it; None if it has neither."""
    best: tuple[int, int] | None = None
    for line, path in _assignments(text):
        shared = _shared(path, keys)
        if shared and (best is None or shared > best[0]):
            best = (shared, line)
    return best[1] if best else None


def _shared(path: tuple[str, ...], keys: tuple[str, ...]) -> int:
    """How many parts of `keys` this line names; 0 when it speaks of something else."""
    return len(path) if path == keys[: len(path)] else 0


_HEADER = re.compile(r"\s*\[\[?\s*([^\]]+?)\s*\]")
_KEY = re.compile(r"""\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=""")


def _assignments(text: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """(line, key path) of each header and assignment. Good enough for a file that has been read as TOML before."""
    table: tuple[str, ...] = ()
    quoted: str | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if quoted is None and (header := _HEADER.match(line)):
            table = _parts(header[1])
            yield number, table
        elif quoted is None and (key := _KEY.match(line)):
            yield number, (*table, *_parts(key[1]))
        quoted = _still_quoted(line, quoted)


def _still_quoted(line: str, quoted: str | None) -> str | None:
    """Which triple quote is open at the end of the line."""
    for mark in re.findall(r'"""|\'\'\'', line):
        if quoted is None:
            quoted = mark
        elif quoted == mark:
            quoted = None
    return quoted


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))
