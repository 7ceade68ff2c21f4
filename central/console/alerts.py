"""`/alerts`: what fires now, the word that somebody has seen it, and what was sent to whom."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from central import words
from central.alerts.desk import Kept
from central.alerts.letters import line
from central.console import verdicts
from central.console.shared import Console
from central.people import person_of
from central.view import read_object
from central.words import Lang

SHOWN = 500
SENT = 50
_FACTS = (
    "order_by",
    "paid_on",
    "pool",
    "expires_on",
    "days_left",
    "percent",
    "balance",
    "iccid",
    "expected",
    "imei",
    "others",
    "value",
    "missing",
)
"""What is said beside the title, in this order."""


@dataclass(frozen=True, slots=True)
class Firing:
    """One alert, in words."""

    kept: Kept
    title: str
    name: str
    said: tuple[tuple[str, str], ...]


def firing(kept: Kept, lang: Lang) -> Firing:
    facts = read_object(kept.facts)
    said = tuple((name, _text(facts[name])) for name in _FACTS if facts.get(name) not in (None, "", []))
    return Firing(kept, _title(kept.key[2], facts, lang), str(facts.get("name") or ""), said)


def _title(code: str, facts: Mapping[str, object], lang: Lang) -> str:
    if verdicts.advice(code, lang) is None:
        titles, known = facts.get("titles"), f"alert_{code}"
        told = titles.get(lang) if isinstance(titles, dict) else None
        return words.word(known, lang) if words.known(known) else str(told or code)
    return verdicts.title(code, lang)


def _text(value: object) -> str:
    return ", ".join(str(one) for one in value) if isinstance(value, list) else str(value)


@dataclass(frozen=True, slots=True)
class AlertPages:
    console: Console

    def routes(self) -> list[Route]:
        page = self.console.page
        return [page("/alerts", "see", self.list), page("/alerts/ack", "direct", self.acknowledge, "POST")]

    async def list(self, request: Request) -> Response:
        console, sight = self.console, person_of(request).sight
        lang, zone = console.frame.lang(request), console.frame.zone_of(request)
        severity = request.query_params.get("severity", "")
        shown = [firing(kept, lang) for kept in await console.desk.alerts(SHOWN, sight)]
        before = request.query_params.get("before", "")
        until = int(before) if before.isascii() and before.isdigit() and len(before) < 15 else 2**50
        sent = await console.desk.log(before=until, limit=SENT + 1, sight=sight)
        counts = {name: sum(one.kept.severity == name for one in shown) for name in ("error", "warning", "info")}
        return console.frame.page(
            request, "alerts.html", alerts=[one for one in shown if severity in ("", one.kept.severity)],
            counts=counts, severity=severity, rules=bool(console.desk.plan.rule), more=len(shown) == SHOWN,
            sent=[(one, line(one.letter, lang, zone)) for one in sent[:SENT]], paged=bool(before),
            following=sent[SENT - 1].made_at if len(sent) > SENT else None,
        )  # fmt: skip

    async def acknowledge(self, request: Request) -> Response:
        """Somebody has seen it: no more reminders until it is over."""
        form = await request.form()
        terminal, code, subject = (str(form.get(name, ""))[:200] for name in ("terminal", "code", "subject"))
        who = self.console.who(request)
        await self.console.desk.acknowledge(terminal, code, subject, who.name, who.now, who.sight)
        return self.console.frame.done("/alerts", "acknowledged")
