"""Admin: people, tokens of programs, enrolment codes, the audit trail, alert channels. For those who may `admin`."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from central.accounts.tokens import Tokens
from central.accounts.users import Users
from central.console.admin_channels import Channels
from central.console.admin_codes import Codes
from central.console.admin_people import People
from central.console.admin_tokens import TokenPages
from central.console.admin_trail import Trail
from central.console.headers import SECURITY_HEADERS
from central.console.shared import Console


def routes(console: Console, users: Users, tokens: Tokens) -> list[Route]:
    return [
        console.page("/admin", "admin", _first),
        *People(console, users).routes(),
        *TokenPages(console, tokens).routes(),
        *Codes(console).routes(),
        *Trail(console).routes(),
        *Channels(console).routes(),
    ]


async def _first(_request: Request) -> Response:
    return RedirectResponse("/admin/users", 303, SECURITY_HEADERS)
