"""`/alerts`: what fires now, the word that somebody has seen it, and what was sent to whom."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from central.accounts.people import person_of
from central.alerts import letters
from central.alerts.desk import Kept
from central.console.shared import Console
from central.view import read_object
from central.words import Lang, verdicts

SHOWN = 500
SENT = 50


@dataclass(frozen=True, slots=True)
class Firing:
    """One alert, in words."""

    kept: Kept
    title: str
    name: str
    said: tuple[tuple[str, str], ...]
    since: int


def firing(kept: Kept, lang: Lang) -> Firing:
    facts = read_object(kept.facts)
    said = tuple(letters.facts_of(facts, lang))
    since = letters.began(facts, kept.alert.since)
    return Firing(
        kept, verdicts.title(kept.key[2], lang, facts.get("titles")), str(facts.get("name") or ""), said, since
    )


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
            sent=[(one, letters.line(one.letter, lang, zone)) for one in sent[:SENT]], paged=bool(before),
            following=sent[SENT - 1].made_at if len(sent) > SENT else None,
        )  # fmt: skip

    async def acknowledge(self, request: Request) -> Response:
        """Somebody has seen it: no more reminders until it is over."""
        form = await request.form()
        terminal, code, subject = (str(form.get(name, ""))[:200] for name in ("terminal", "code", "subject"))
        who = self.console.who(request)
        await self.console.desk.acknowledge(terminal, code, subject, who.name, who.now, who.sight)
        return self.console.frame.done("/alerts", "acknowledged")
