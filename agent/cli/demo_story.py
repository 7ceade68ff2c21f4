"""The demo's story, act by act: the next one begins when the centre has seen what came of the one before.

usage grows → forecast → reminder → midnight → plan.expired → renewal at the centre → proved. Nothing is timed, midnight
comes when it is called: a slow machine tells the same story, only later.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field, replace
from typing import TYPE_CHECKING, Any

from agent.cli.demo_scene import Calendar
from modem.frozen import dataclass

if TYPE_CHECKING:
    from modem.simulator import Script, VirtualModem
    from modem.simulator.persona import Change

Json = dict[str, Any]
PATIENCE_S = 120.0
"""Without any news at the centre, which hears of the terminal every few seconds."""
LONGEST_S = 900.0
"""For one act that does not come to its end although there is news."""
REFERENCE, AMOUNT, KEY = "DEMO-0001", "30.00", "demo-renewal"


@dataclass(frozen=True, slots=True)
class Act:
    name: str
    begin: Callable[[], None]
    is_over: Callable[[], bool]
    pause_s: float = 3.0
    """So long at least, for who reads along."""


@dataclass(slots=True)
class Known:
    """What the centre knows now; read anew with every turn of the demo."""

    terminal: Json = field(default_factory=dict)
    changes: list[Json] = field(default_factory=list)
    renewal: Json = field(default_factory=dict)

    @property
    def beat(self) -> Mapping[str, Any]:
        return self.terminal.get("heartbeat") or {}

    @property
    def verdict(self) -> str:
        return str((self.terminal.get("verdict") or {}).get("code"))

    @property
    def news(self) -> tuple[object, ...]:
        """Another one whenever something was heard."""
        return self.terminal.get("last_heard"), len(self.changes), self.renewal.get("state")

    def reminded_of(self, about: str) -> bool:
        """Was a reminder told, and of this?"""
        return any(
            change["type"] == "reminder" and (change["body"] or {}).get("about") == about for change in self.changes
        )


class Centre:
    """The demo's way to the centre's JSON API; `ask` answers None while there is no answer."""

    def __init__(self, number: int, terminal: str) -> None:
        self._number, self.terminal = number, terminal
        self.batch = ""

    def ask(self, path: str, body: Json | None = None) -> Json | None:
        import http.client
        import json

        link = http.client.HTTPConnection("127.0.0.1", self._number, timeout=5)
        try:
            if body is None:
                link.request("GET", path)
            else:
                link.request("POST", path, json.dumps(body), {"content-type": "application/json"})
            answer = link.getresponse()
            told = answer.read()
            return dict(json.loads(told)) if answer.status in (200, 201) else None
        except (OSError, ValueError, http.client.HTTPException):
            return None
        finally:
            link.close()

    def know(self) -> Known:
        own = f"/api/v1/terminals/{self.terminal}"
        renewals = (self.ask(f"/api/v1/renewals?terminal={self.terminal}&limit=1") or {}).get("renewals", [])
        changes = (self.ask(f"{own}/changes?limit=50") or {}).get("changes", [])
        return Known(self.ask(own) or {}, list(reversed(changes)), renewals[0] if renewals else {})

    def due(self) -> str | None:
        """The card, once the worklist knows that its time is over: of a change it hears with the next heartbeat."""
        found = (self.ask("/api/v1/renewals/worklist") or {}).get("due", [])
        mine = (one for one in found if (one.get("terminal"), one.get("why")) == (self.terminal, "term"))
        return next((str(one["iccid"]) for one in mine), None)

    def renew(self) -> bool:
        """One step further on the renewal's way; True when it is paid. What was done is not done twice."""
        card = self.due()
        path = "/api/v1/renewals/batches"
        if not self.batch and card is not None:
            made = self.ask(path, {"cards": [card], "title": "posagent demo", "key": KEY})
            self.batch = str(made["id"]) if made else ""
        if not self.batch:
            return False
        self.ask(f"{path}/{self.batch}/order", {"reference": REFERENCE})
        return self.ask(f"{path}/{self.batch}/pay", {"amount": AMOUNT, "key": f"{KEY}-paid"}) is not None


@dataclass(slots=True)
class Story:
    modem: "VirtualModem"
    script: "Script"
    """Whose changes are the cues, by phase."""
    calendar: Calendar
    centre: Centre
    midnight: Callable[[], None]
    """Makes it the next day for the terminal."""
    known: Known = field(default_factory=Known)
    used: set[int] = field(default_factory=set)
    """The figures that were told."""
    paid: bool = False

    def acts(self) -> Iterator[Act]:
        yield Act("usage", self._nothing, self._is_forecast, 5.0)
        yield Act("notice", self._cue("notice"), self._is_reminded)
        yield Act("midnight", self._midnight, lambda: self.known.verdict == "plan.expired")
        yield Act("renewal", self._nothing, self._is_verifying)
        yield Act("booked", self._cue("booked"), self._is_proved)

    def _nothing(self) -> None:
        """The act brings itself about."""

    def _cue(self, phase: str) -> Callable[[], None]:
        return lambda: self.modem.cue(_of(self.script, phase))

    def _is_forecast(self) -> bool:
        """The use was seen to grow, and there is a day on which the data will be used up."""
        beat = self.known.beat
        self.used |= {beat["used_bytes"]} if beat.get("used_bytes") else set()
        return len(self.used) > 1 and bool(beat.get("runs_out_on"))

    def _is_reminded(self) -> bool:
        return self.known.reminded_of("expires_on")

    def _midnight(self) -> None:
        self._cue("cut")()
        self.midnight()

    def _is_verifying(self) -> bool:
        self.paid = self.paid or self.centre.renew()
        return self.paid and self.known.renewal.get("state") in ("pending", "proved")

    def _is_proved(self) -> bool:
        """The terminal has proved it, is well, and its next heartbeat names the new end."""
        renewal, beat = self.known.renewal, self.known.beat
        told = renewal.get("new_end") == beat.get("expires_on")
        return renewal.get("state") == "proved" and self.known.verdict == "ok" and told


def stage(script: "Script", calendar: Calendar) -> "Script":
    """The modem as it is at the start: with a clock in the story's own zone, and waiting for its cues."""
    from modem.simulator.persona import Change
    from modem.simulator.tables import Table

    clock = {"clock": calendar.modem_clock(time.time()), "clock_zone": calendar.quarters}
    return replace(script, changes=(Change(0.0, Table(clock, "demo")),), lasts_s=0.0)


def _of(script: "Script", phase: str) -> "Change":
    return next(change for change in script.changes if change.phase == phase)
