"""Settings of the centre: TOML, every key also a flag of `posagent-central serve`, every mistake named with its line.

A flag wins over the file. Keys are unique over all sections, so that a flag is just the key with dashes.
"""

import difflib
import ipaddress
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from central.fleet import Rules
from central.text import printable

DEFAULT_CONFIG = Path("/etc/posagent-central/config.toml")
DEFAULT_DATABASE = "/var/lib/posagent-central/central.db"
_SQLITE = "sqlite:///"
_POSTGRES = ("postgresql://", "postgres://")


class ConfigError(Exception):
    """The configuration cannot be used; the message says where and why."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Server(_Section):
    listen: Annotated[
        str, Field(description="HOST:PORT; one that is not loopback needs users or operator_token_file")
    ] = "127.0.0.1:8480"
    tls_cert: Annotated[str, Field(description="certificate chain, PEM; with tls_key: serve HTTPS")] = ""
    tls_key: Annotated[str, Field(description="private key, PEM")] = ""
    operator_token_file: Annotated[str, Field(description="file with the operators' token, 16 characters or more")] = ""
    session_key_file: Annotated[
        str, Field(description="32 bytes or more that all processes of one centre share; drawn at start without it")
    ] = ""
    keep_alive_s: Annotated[int, Field(ge=1, le=86_400, description="an idle connection is kept this long")] = 7200
    max_connections: Annotated[int, Field(ge=1, description="beyond these, requests get 503")] = 20_000
    rate_per_minute: Annotated[float, Field(ge=0, description="requests a terminal may send; 0 = no limit")] = 60.0
    rate_burst: Annotated[int, Field(ge=1, description="requests a terminal may send at once")] = 60

    @field_validator("listen")
    @classmethod
    def _address(cls, value: str) -> str:
        host, port = split_listen(value)
        if not host or not 0 <= port <= 65_535:
            raise ValueError("HOST:PORT, for example 127.0.0.1:8480 or [::]:8480")
        return value

    @model_validator(mode="after")
    def _both_tls_files(self) -> "Server":
        if bool(self.tls_cert) != bool(self.tls_key):
            raise ValueError("tls_cert and tls_key go together")
        return self

    @property
    def is_loopback(self) -> bool:
        host, _ = split_listen(self.listen)
        try:
            return ipaddress.ip_address(host).is_loopback
        except ValueError:
            return host == "localhost"


class Storage(_Section):
    database: Annotated[str, Field(description="a path, sqlite:///path or postgresql://…")] = DEFAULT_DATABASE

    @field_validator("database")
    @classmethod
    def _kind(cls, value: str) -> str:
        if not value or ("://" in value and not value.startswith((_SQLITE, *_POSTGRES))) or value == _SQLITE:
            raise ValueError("a path, sqlite:///path or postgresql://user@host/name")
        return value

    @property
    def path(self) -> Path | None:
        """The file, where the database is one."""
        return None if self.database.startswith(_POSTGRES) else Path(self.database.removeprefix(_SQLITE))


class Fleet(_Section):
    grace_min_s: Annotated[
        float, Field(ge=0, description="a terminal is late this long after its report was due …")
    ] = 120.0
    grace_share: Annotated[float, Field(ge=0, le=100, description="… or this share of its interval, if longer")] = 0.5
    silent_intervals: Annotated[float, Field(ge=0, le=1000, description="silent: late for so many intervals")] = 3.0
    timezone: Annotated[str, Field(description="of shops' hours, days of expiry and quiet hours")] = "Asia/Shanghai"
    default_interval_s: Annotated[int, Field(ge=1, description="for a terminal that announced none yet")] = 900

    @field_validator("timezone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise ValueError("a name of the time zone database, for example Asia/Shanghai") from None
        return value

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def rules(self) -> Rules:
        return Rules(self.grace_min_s, self.grace_share, self.silent_intervals, self.default_interval_s)


class History(_Section):
    raw_days: Annotated[int, Field(ge=1, description="every report is kept so long")] = 30
    hourly_days: Annotated[int, Field(ge=1, description="then one row an hour, until so old")] = 365
    daily_days: Annotated[int, Field(ge=1, description="then one row a day; changes of state are kept as long")] = 1826

    @model_validator(mode="after")
    def _in_order(self) -> "History":
        if not self.raw_days <= self.hourly_days <= self.daily_days:
            raise ValueError("raw_days, hourly_days and daily_days grow in this order")
        return self


class Alerts(_Section):
    alerts_file: Annotated[str, Field(description="channels and rules of alerts, TOML; empty = no alerts")] = ""


class Renewals(_Section):
    worklist_days: Annotated[int, Field(ge=1, le=366, description="cards that end within so many days are due")] = 30
    lead_days: Annotated[int, Field(ge=0, le=60, description="working days until a carrier has booked an order")] = 3
    look_s: Annotated[float, Field(ge=1, le=3600, description="seconds between looks at what was paid for")] = 60.0
    learn_s: Annotated[
        float, Field(ge=1, le=86400, description="seconds until the worklist knows what terminals told")
    ] = 900.0
    layouts_file: Annotated[str, Field(description="order sheets of your own, TOML; empty = the shipped ones")] = ""

    @property
    def layouts_path(self) -> Path | None:
        return Path(self.layouts_file) if self.layouts_file else None


class Mqtt(_Section):
    mqtt_url: Annotated[str, Field(description="mqtts://user@host[:port] of a broker to take reports from")] = ""
    mqtt_password_file: Annotated[str, Field(description="file with our password at the broker")] = ""
    mqtt_ca_file: Annotated[str, Field(description="the authority to trust; empty = the system's")] = ""
    mqtt_group: Annotated[
        str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$", description="centres of one group share what comes in")
    ] = "posagent"


class Coap(_Section):
    coap_listen: Annotated[str, Field(description="HOST:PORT for CoAP with OSCORE over UDP; empty = none")] = ""

    @field_validator("coap_listen")
    @classmethod
    def _address(cls, value: str) -> str:
        if value and split_listen(value)[1] < 0:
            raise ValueError("HOST:PORT, for example 0.0.0.0:5683 or [::]:5683")
        return value


_ROLES = ("viewer", "technician", "clerk", "admin")
"""As central/accounts/people.py has them; a test keeps the two equal."""


class SignIn(_Section):
    idle_minutes: Annotated[int, Field(ge=5, le=10_080, description="signed out after so long without a look")] = 120
    longest_hours: Annotated[int, Field(ge=1, le=720, description="signed out after so long in any case")] = 12
    second_step_for: Annotated[
        str, Field(description="roles that need a second step, with commas, for example admin,clerk; empty = none")
    ] = ""
    trusted_proxies: Annotated[
        str, Field(description="addresses of our own proxies, with commas; their X-Forwarded-For is believed")
    ] = ""

    public_url: Annotated[str, Field(description="where browsers reach the console, https://centre.example")] = ""
    oidc_issuer: Annotated[str, Field(description="a provider to sign in by (OpenID Connect); empty = none")] = ""
    oidc_name: Annotated[str, Field(description="what people call it")] = "SSO"
    oidc_client_id: Annotated[str, Field(description="what the provider calls us")] = ""
    oidc_client_secret_file: Annotated[str, Field(description="file with our secret at the provider")] = ""
    oidc_claim: Annotated[str, Field(description="which claim is the user's name here, the first time")] = (
        "preferred_username"
    )

    @model_validator(mode="after")
    def _whole_provider(self) -> "SignIn":
        if self.oidc_issuer and not (self.public_url and self.oidc_client_id and self.oidc_client_secret_file):
            raise ValueError("oidc_issuer needs public_url, oidc_client_id and oidc_client_secret_file")
        return self

    @field_validator("second_step_for")
    @classmethod
    def _roles(cls, value: str) -> str:
        named = [one.strip() for one in value.split(",") if one.strip()]
        if not set(named) <= set(_ROLES):
            raise ValueError(f"roles with commas between: {', '.join(_ROLES)}")
        return ",".join(named)

    @property
    def strict_roles(self) -> frozenset[str]:
        """Those that need a second step."""
        return frozenset(self.second_step_for.split(",")) - {""}

    @field_validator("trusted_proxies")
    @classmethod
    def _addresses(cls, value: str) -> str:
        try:
            return ",".join(str(ipaddress.ip_address(one.strip())) for one in value.split(",") if one.strip())
        except ValueError:
            raise ValueError("addresses with commas between, for example 127.0.0.1,::1") from None

    @property
    def proxies(self) -> tuple[str, ...]:
        return tuple(self.trusted_proxies.split(",")) if self.trusted_proxies else ()


PlatformKind = Literal["jasper", "onelink", "telecom-m2m", "telecom-5g", "by-hand"]


class PlatformAccount(_Section):
    """One account at a carrier's platform; its name is what cards have as their account (docs/platforms.md)."""

    kind: PlatformKind
    url: Annotated[str, Field(description="https://host[:port]; empty = where the carrier has it")] = ""
    user: Annotated[str, Field(description="user name, appid, user id or AppKey")] = ""
    secret_file: Annotated[str, Field(description="file with the password or key")] = ""
    customer: Annotated[str, Field(description="telecom-5g: custNumber, for questions about many cards")] = ""
    expiry_field: Annotated[
        str, Field(pattern=r"^([A-Za-z][A-Za-z0-9]{0,40})?$", description="jasper: field with the end, YYYY-MM-DD")
    ] = ""
    every_hours: Annotated[float, Field(ge=1, le=720, description="each card is asked about so often")] = 24.0
    calls_per_second: Annotated[float, Field(gt=0, le=100, description="what the carrier allows the account")] = 1.0
    calls_per_day: Annotated[int, Field(ge=1, le=10_000_000, description="likewise, spread over the day")] = 20_000
    may_act: Annotated[bool, Field(description="cards may be suspended, resumed and ordered for from here")] = False
    in_the_clear: Annotated[bool, Field(description="the platform speaks only HTTP, and that is known")] = False

    @model_validator(mode="after")
    def _whole(self) -> "PlatformAccount":
        if self.kind != "by-hand" and not (self.user and self.secret_file):
            raise ValueError("user and secret_file are needed")
        if self.kind == "jasper" and not self.url:
            raise ValueError("url is needed: every carrier has a Control Center of its own")
        if self.url and not re.match(r"https?://[^/\s?#@]+/?\Z", self.url):
            raise ValueError("url: https://host[:port] and nothing more")
        return self


class Log(_Section):
    level: Annotated[Literal["debug", "info", "warning", "error"], Field(description="how much is logged")] = "info"
    format: Annotated[
        Literal["text", "json"], Field(description="text for people; json: an object a line, values by name")
    ] = "text"


class Settings(_Section):
    server: Server = Server()
    storage: Storage = Storage()
    fleet: Fleet = Fleet()
    history: History = History()
    alerts: Alerts = Alerts()
    renewals: Renewals = Renewals()
    mqtt: Mqtt = Mqtt()
    coap: Coap = Coap()
    signin: SignIn = SignIn()
    log: Log = Log()
    platforms: dict[Annotated[str, Field(min_length=1, max_length=100)], PlatformAccount] = {}


SECTIONS: Mapping[str, type[_Section]] = {
    "server": Server,
    "storage": Storage,
    "fleet": Fleet,
    "history": History,
    "alerts": Alerts,
    "renewals": Renewals,
    "mqtt": Mqtt,
    "coap": Coap,
    "signin": SignIn,
    "log": Log,
}


def split_listen(value: str) -> tuple[str, int]:
    """Host without brackets and port; ("", -1) when it is not HOST:PORT."""
    match = re.fullmatch(r"(?:\[([0-9A-Fa-f:.%a-z]+)\]|([^:\[\]\s]+)):(\d{1,5})", value)
    return ("", -1) if match is None else (match[1] or match[2], int(match[3]))


def load(path: Path | None, flags: Mapping[str, Any] | None = None) -> Settings:
    """The settings of `path` (None: the default file, if there is one), with `flags` (key → value) on top.

    Raises ConfigError: `FILE:LINE: section.key: what is wrong`.
    """
    source = path or DEFAULT_CONFIG
    text = _read(source, must_exist=path is not None)
    document = _parse(source, text)
    for section, model in SECTIONS.items():
        given = {key: flags[key] for key in model.model_fields if flags and flags.get(key) is not None}
        if given and isinstance(document.setdefault(section, {}), dict):
            document[section] |= given
    try:
        return Settings.model_validate(document)
    except ValidationError as error:
        raise ConfigError(
            "\n".join(_complaint(source, text, detail, flags or {}) for detail in error.errors())
        ) from None


def read_operator_token(path: Path) -> str:
    """Raises ConfigError when it cannot be read or is too easy to guess."""
    try:
        token = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: the operator token cannot be read: {error}") from None
    if len(token) < 16:
        raise ConfigError(f"{path}: the operator token needs 16 characters or more")
    return token


def read_oidc_secret(path: Path) -> str:
    """Raises ConfigError when it cannot be read or is empty."""
    try:
        secret = path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: the provider's secret cannot be read: {error}") from None
    if not secret:
        raise ConfigError(f"{path}: the provider's secret is empty")
    return secret


def read_session_key(path: Path) -> bytes:
    """Raises ConfigError when it cannot be read or is too short."""
    try:
        key = path.read_bytes().strip()
    except OSError as error:
        raise ConfigError(f"{path}: the session key cannot be read: {error}") from None
    if len(key) < 32:
        raise ConfigError(f"{path}: the session key needs 32 bytes or more")
    return key


def _read(source: Path, *, must_exist: bool) -> str:
    try:
        return source.read_text(encoding="utf-8")
    except FileNotFoundError:
        if must_exist:
            raise ConfigError(f"{source}: no such file") from None
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{source}: cannot be read: {error}") from None


def _parse(source: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{source}: not TOML: {error}") from None


def _complaint(source: Path, text: str, detail: Any, flags: Mapping[str, Any]) -> str:
    place = [str(part) for part in detail["loc"]]
    if place[:1] == ["platforms"] and len(place) > 1:
        place = [".".join(place[:2]), *place[2:]]
    section, key = place[0] if place else "", place[1] if len(place) > 1 else ""
    message = printable(_in_words(detail, section))
    name = printable(".".join(place))
    if key in flags and flags[key] is not None:
        return f"--{key.replace('_', '-')}: {message}"
    return f"{source}:{line_of(text, section, key)}: {name}: {message}"


def _in_words(detail: Any, section: str) -> str:
    if detail["type"] == "extra_forbidden":
        known = list(_known_there(section, len(detail["loc"])))
        return f"unknown{_meant(str(detail['loc'][-1]), known)}; known here: {', '.join(known)}"
    found = "" if isinstance(detail["input"], dict | BaseModel) else f", found {detail['input']!r}"
    return f"{detail['msg'].removeprefix('Value error, ')}{found}"


def _meant(name: str, known: list[str]) -> str:
    """`, perhaps listen`, where it is nearly a name that is known here, or one of another section."""
    near = difflib.get_close_matches(name, known, 1)
    near = near or [f"[{section}] {name}" for section, part in SECTIONS.items() if name in part.model_fields]
    return f", perhaps {near[0]}" if near else ""


def _known_there(section: str, depth: int) -> Iterable[str]:
    if section.startswith("platforms."):
        return PlatformAccount.model_fields
    return SECTIONS[section].model_fields if section in SECTIONS and depth > 1 else SECTIONS


def line_of(text: str, section: str, key: str) -> int:
    """Where `key` of `section` stands in TOML text; the section's own line when the key is not found; 1 at worst."""
    inside, found = "", 1
    dotted, plain = _assigns(section), _assigns(key)
    for number, line in enumerate(text.splitlines(), start=1):
        header = re.match(r"\s*\[\s*\"?([^\"\]]+?)\"?\s*\]", line)
        if header:
            inside = header[1]
            found = number if inside == section else found
        elif (plain if inside == section else dotted if not inside else _NEVER).match(line):
            return number
    return found


_NEVER = re.compile(r"(?!)")


def _assigns(name: str) -> re.Pattern[str]:
    return re.compile(rf"\s*\"?{re.escape(name)}\"?\s*[=.]") if name else _NEVER
