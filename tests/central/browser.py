"""A browser with a cookie, and people for it, against the application in this process."""

import asyncio
import html
import re
from dataclasses import dataclass, field
from typing import cast
from urllib.parse import urlencode

from central.accounts import passwords
from central.accounts.people import EVERYTHING, Sight
from central.accounts.users import User, Users
from central.registry import Who
from central.store.core import SqlStore
from tests.central.helpers import Answer, Centre

PASSWORD = "correct horse battery"
_HASH: list[str] = []


def hash_of_password() -> str:
    """Of PASSWORD; made once."""
    if not _HASH:
        _HASH.append(passwords.make(PASSWORD))
    return _HASH[0]


def store_of(centre: Centre) -> SqlStore:
    return cast("SqlStore", centre.store)


def add_user(centre: Centre, name: str, role: str = "viewer", sight: Sight = EVERYTHING) -> User:
    users, who = Users(store_of(centre)), Who("test", int(centre.clock.wall()))
    made = asyncio.run(users.add(name, hash_of_password(), role, sight, who))
    centre.clock.advance(3)
    return made


@dataclass
class Browser:
    """Follows nothing by itself; keeps one cookie, as a browser on the local machine would."""

    centre: Centre
    agent: str = "test browser"
    jar: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    last: Answer | None = None

    def get(self, target: str, **headers: str) -> Answer:
        return self._ask("GET", target, headers, b"")

    def post(self, target: str, fields: dict[str, str] | None = None, *, csrf: str | None = None) -> Answer:
        """A form; the csrf word is that of the page seen last."""
        word = self.csrf if csrf is None else csrf
        body = urlencode({"csrf": word} | (fields or {})).encode()
        return self._ask("POST", target, {"content-type": "application/x-www-form-urlencoded"}, body)

    def sign_in(self, name: str, password: str = PASSWORD, **more: str) -> Answer:
        self.get("/signin")
        return self.post("/signin", {"name": name, "password": password} | more)

    @property
    def csrf(self) -> str:
        found = re.search(r'name="csrf" value="([^"]*)"', self.last.text) if self.last else None
        return html.unescape(found[1]) if found else ""

    def _ask(self, method: str, target: str, headers: dict[str, str], body: bytes) -> Answer:
        given = {"user-agent": self.agent} | self.headers | headers
        if self.jar:
            given["cookie"] = "; ".join(f"{name}={value}" for name, value in self.jar.items())
        answer = self.centre.ask(method, target, given, (body,))
        for cookie in answer.headers.get("set-cookie", "").splitlines():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.jar[name] = value
            if not value:
                del self.jar[name]
        if answer.status in (200, 403, 429):
            self.last = answer
        return answer


def signed_in(centre: Centre, name: str, role: str = "viewer", sight: Sight = EVERYTHING) -> Browser:
    add_user(centre, name, role, sight)
    browser = Browser(centre)
    assert browser.sign_in(name).status == 303
    return browser
