"""Admin: where alerts go, with a test button, the rules, and what was sent lately. URLs are secrets, never shown."""

from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from central.alerts.letters import line
from central.console.shared import Console
from central.store.base import StoreRefused

PATH = "/admin/channels"
_RECENT = 30


@dataclass(frozen=True, slots=True)
class Channels:
    console: Console

    def routes(self) -> list[Route]:
        page = self.console.page
        return [page(PATH, "admin", self.show), page(f"{PATH}/{{channel}}/test", "admin", self.test, "POST")]

    async def show(self, request: Request) -> Response:
        return await self._show(request)

    async def test(self, request: Request) -> Response:
        name = request.path_params["channel"]
        try:
            error = await self.console.desk.test(name, int(self.console.wall()))
        except StoreRefused:
            raise HTTPException(404, "no such channel") from None
        frame = self.console.frame
        if error is None:
            return frame.done(PATH, "test_sent")
        why = frame.refusal(request, error)
        return await self._show(request, frame.word(request, "test_failed", channel=name, error=why))

    async def _show(self, request: Request, problem: str | None = None) -> Response:
        frame, plan = self.console.frame, self.console.desk.plan
        lang, zone = frame.lang(request), frame.zone_of(request)
        sent = await self.console.desk.log(limit=_RECENT)
        values = {
            "channels": plan.channel,
            "rules": plan.rule,
            "sent": [(one, line(one.letter, lang, zone)) for one in sent],
            "problem": problem,
        }
        return frame.page(request, "admin_channels.html", 502 if problem else 200, **values)
