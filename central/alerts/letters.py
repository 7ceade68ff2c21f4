"""Messages: their words, and when they may go: quiet hours, digests, new attempts. Pure."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from central.alerts.board import Told
from central.alerts.conditions import Condition
from central.alerts.plan import Channel
from central.text import printable
from central.words import Lang, known, verdicts, word
from central.words.refusals import refusal

RETRY_FIRST_S = 30
RETRY_CAP_S = 3600
GIVE_UP_S = 86_400
MAX_LINES = 40
MAX_CHARS = 6000

_TOLD: Mapping[Told, tuple[str, str]] = {
    "raised": ("告警", "Alert"), "repeated": ("仍未恢复", "Still"), "escalated": ("升级告警", "Escalated"),
    "ended": ("已恢复", "Over"), "flapping": ("时好时坏", "Comes and goes"),
}  # fmt: skip
FACTS = ("order_by", "paid_on", "pool", "expires_on", "days_left", "percent", "balance", "iccid", "imei",
          "expected", "others", "kind", "value", "missing", "minutes", "account", "why")  # fmt: skip
"""What is told beside the title, in this order."""


@dataclass(frozen=True, slots=True)
class Letter:
    """One message as it is kept: facts for programs; the words are made when it goes."""

    told: Told
    rule: str
    code: str
    severity: str
    terminal: str
    at: int
    since: int
    facts: Mapping[str, Any]

    def to_json(self) -> str:
        return json.dumps({name: getattr(self, name) for name in self.__slots__}, ensure_ascii=False, sort_keys=True)


def letter(condition: Condition, told: Told, rule: str, since: int, now: int) -> Letter:
    return Letter(told, rule, condition.code, condition.severity, condition.terminal, now, since, condition.facts)


def read(text: str) -> Letter:
    return Letter(**json.loads(text))


def line(one: Letter, lang: Lang, zone: ZoneInfo) -> str:
    """One message on one line, for a person."""
    place = 0 if lang == "zh" else 1
    title = verdicts.title(one.code, lang, one.facts.get("titles"))
    who = " ".join(part for part in (one.terminal, str(one.facts.get("name") or "")) if part)
    since = datetime.fromtimestamp(began(one.facts, one.since), UTC).astimezone(zone).strftime("%m-%d %H:%M")
    facts = ("，", ", ")[place].join(f"{label} {value}" for label, value in facts_of(one.facts, lang))
    words = (f"[{_TOLD[one.told][place]}]", who and f"{who}:", title, facts and f"({facts})", f"{since}")
    return printable(" ".join(word for word in words if word))


def facts_of(facts: Mapping[str, Any], lang: Lang) -> list[tuple[str, str]]:
    """Each fact that is told: its label, and its value in words."""
    told = [key for key in FACTS if facts.get(key) not in (None, "", [])]
    return [(word(f"said_{_label(key, facts[key])}", lang), _value(key, facts, lang)) for key in told]


def began(facts: Mapping[str, Any], since: int) -> int:
    """A silence began when it did, not when we looked (`since`)."""
    told = facts.get("since")
    return told if isinstance(told, int) else since


def subject(letters: Sequence[Letter], lang: Lang, zone: ZoneInfo) -> str:
    if len(letters) == 1:
        return line(letters[0], lang, zone)[:120]
    worst = sum(one.severity == "error" for one in letters)
    return (
        f"posagent：{len(letters)} 条，其中严重 {worst} 条"
        if lang == "zh"
        else f"posagent: {len(letters)} messages, {worst} errors"
    )


def body(letters: Sequence[Letter], lang: Lang, zone: ZoneInfo) -> str:
    lines = [line(one, lang, zone) for one in letters[:MAX_LINES]]
    if len(letters) > MAX_LINES:
        more = len(letters) - MAX_LINES
        lines.append(f"……另有 {more} 条" if lang == "zh" else f"… and {more} more")
    return "\n".join(lines)[:MAX_CHARS]


def due_at(channel: Channel, severity: str, now: int, zone: ZoneInfo) -> int:
    """When a message made now may go."""
    due = now
    if channel.digest_minutes and severity != "error":
        period = channel.digest_minutes * 60
        due = now - now % period + period
    if channel.quiet and not (severity == "error" and channel.errors_in_quiet):
        due = _after_quiet(channel.quiet, due, zone)
    return due


def retry_at(attempts: int, made_at: int, now: int) -> int | None:
    """When to try again after `attempts` failures; None = never."""
    if now - made_at >= GIVE_UP_S:
        return None
    return now + min(RETRY_CAP_S, RETRY_FIRST_S << min(attempts - 1, 20))


def _after_quiet(quiet: str, moment: int, zone: ZoneInfo) -> int:
    first, last = (_minutes(part) for part in quiet.split("-"))
    local = datetime.fromtimestamp(moment, UTC).astimezone(zone)
    minute = local.hour * 60 + local.minute
    inside = first <= minute < last if first <= last else minute >= first or minute < last
    if not inside:
        return moment
    end = local.replace(hour=last // 60, minute=last % 60, second=0, microsecond=0)
    if end <= local:
        end += timedelta(days=1)
    return int(end.timestamp())


def _minutes(text: str) -> int:
    hours, minutes = text.split(":")
    return int(hours) * 60 + int(minutes)


def _label(key: str, value: object) -> str:
    return "days_over" if key == "days_left" and isinstance(value, int) and value < 0 else key


def _value(key: str, facts: Mapping[str, Any], lang: Lang) -> str:
    value = facts[key]
    text = ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)
    if key == "kind":
        return word(f"cause_{text}", lang) if known(f"cause_{text}") else text
    if key == "days_left":
        return text.removeprefix("-")
    if key == "why":
        return refusal(text, lang)
    return f"{text} {facts.get('currency') or ''}".strip() if key == "balance" else text
