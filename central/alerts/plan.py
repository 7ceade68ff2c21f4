"""alerts.toml: which channels there are and which rules send to them. Apart from the configuration, because channels
hold secrets: the file should be readable by the service only.
"""

import tomllib
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from central.config import ConfigError, Settings
from central.text import printable

Severity = Literal["info", "warning", "error"]
SEVERITIES: tuple[Severity, ...] = ("info", "warning", "error")
Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,40}$")]
_CLOCK = r"^([01]?\d|2[0-3]):[0-5]\d-([01]?\d|2[0-3]):[0-5]\d$"


class _Table(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Channel(_Table):
    """Where messages go. `url`: a webhook (http, https) or a URL of apprise (mailto://, wecombot://, feishu://, …)."""

    name: Name
    url: Annotated[str, Field(min_length=1, max_length=2000)]
    secret: Annotated[str, Field(max_length=500)] = ""
    """Of a webhook: key of the HMAC-SHA-256 that signs each message; 16 characters or more."""
    lang: Literal["zh", "en"] = "zh"
    quiet: Annotated[str, Field(pattern=_CLOCK)] | Literal[""] = ""
    """Not between these hours of the fleet's time zone (22:00-7:00); errors wait too unless errors_in_quiet."""
    errors_in_quiet: bool = True
    digest_minutes: Annotated[int, Field(ge=0, le=1440)] = 0
    """Gather messages and send them together so often; 0 = each at once."""

    @property
    def is_webhook(self) -> bool:
        return self.url.startswith(("http://", "https://"))

    @model_validator(mode="after")
    def _secret(self) -> "Channel":
        if self.is_webhook and len(self.secret) < 16:
            raise ValueError("a webhook needs a secret of 16 characters or more")
        return self


class Rule(_Table):
    """What is worth a message, and to whom."""

    name: Name
    codes: Annotated[list[str], Field(min_length=1)] = ["*"]
    """Codes or patterns: silent, incident, plan.*, card.shared …"""
    min_severity: Severity = "warning"
    groups: list[str] = []
    """Only terminals of one of these groups; empty = all."""
    tags: list[str] = []
    to: Annotated[list[Name], Field(min_length=1)]
    delay_minutes: Annotated[float, Field(ge=0, le=1440)] = 5
    """It has to be so for this long, and to be over for this long."""
    repeat_hours: Annotated[float, Field(ge=0, le=720)] = 24
    """Told again while it lasts; 0 = never."""
    escalate_minutes: Annotated[float, Field(ge=0, le=10_080)] = 0
    escalate_to: list[Name] = []
    tell_end: bool = True
    expiring_days: Annotated[int, Field(ge=0, le=365)] = 15
    usage_percent: Annotated[float, Field(ge=0, le=100)] = 90
    balance_low: Annotated[float, Field(ge=0)] = 5

    def wants(self, code: str, severity: str, groups: frozenset[str], tags: frozenset[str]) -> bool:
        if severity in SEVERITIES and SEVERITIES.index(severity) < SEVERITIES.index(self.min_severity):
            return False
        if (self.groups and groups.isdisjoint(self.groups)) or (self.tags and tags.isdisjoint(self.tags)):
            return False
        return any(fnmatchcase(code, pattern) for pattern in self.codes)

    @field_validator("codes")
    @classmethod
    def _patterns(cls, value: list[str]) -> list[str]:
        if any(not 0 < len(pattern) <= 64 for pattern in value):
            raise ValueError("codes have 1 to 64 characters")
        return value


class Plan(_Table):
    channel: list[Channel] = []
    rule: list[Rule] = []

    def channel_named(self, name: str) -> Channel | None:
        return next((channel for channel in self.channel if channel.name == name), None)

    @model_validator(mode="after")
    def _names(self) -> "Plan":
        known = [channel.name for channel in self.channel]
        if len(set(known)) != len(known) or len({rule.name for rule in self.rule}) != len(self.rule):
            raise ValueError("names of channels and of rules are each used once")
        for rule in self.rule:
            for name in (*rule.to, *rule.escalate_to):
                if name not in known:
                    raise ValueError(f"rule {rule.name}: no channel {name}")
            if bool(rule.escalate_minutes) != bool(rule.escalate_to):
                raise ValueError(f"rule {rule.name}: escalate_minutes and escalate_to go together")
        return self


def of_settings(settings: Settings) -> Plan:
    """An empty one when no alerts_file is set. Raises ConfigError."""
    path = settings.alerts.alerts_file
    return read(Path(path)) if path else Plan()


def read(path: Path) -> Plan:
    """Raises ConfigError; what is wrong is told without the values, which may be secrets."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not TOML: {error}") from None
    try:
        return Plan.model_validate(document)
    except ValidationError as error:
        complaints = error.errors(include_input=False, include_url=False)
        raise ConfigError("\n".join(f"{path}: {_said(dict(detail))}" for detail in complaints)) from None


def _said(detail: Mapping[str, Any]) -> str:
    place = ".".join(str(part) for part in detail["loc"])
    return printable(f"{place}: {detail['msg']}".removeprefix(": ").replace("Value error, ", ""))
