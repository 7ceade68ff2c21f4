"""Which step may help a terminal back, if any, and whether it is due. Pure: cause, memory and time in, a decision out.

Rules, held by walks in tests/agent/recover/test_recovery_walks.py:
- A step is tried only for a cause that it can cure (CURES), and never where any of HOPELESS is found: money, a lock, a
  wrong card, missing coverage, and a port that is somebody else's are not mended by resets.
- A network's refusal is believed: with a named cause, only those that a new attempt can cure (HELPABLE) leave a step.
- Budgets count running time of the agent, which survives reboots and is never more than what has really passed. So no
  clock that was set, and no reboot, brings a budget back early.
- Every step gets its time to work (SETTLE_S) before the next. When all have been tried, the next round waits an hour,
  then two, then four …, at most a day.
- Among the allowed steps those come first that cure this cause most for their cost; asking a person and rebooting the
  machine stay last whatever was learned.
"""

from collections.abc import Iterable, Mapping
from typing import Literal, get_args

from agent.recover.memory import Attempt, Memory, Rung
from modem.frozen import dataclass

RUNGS: tuple[Rung, ...] = get_args(Rung)
AT_RUNGS: frozenset[Rung] = frozenset({"reattach", "pdp_cycle", "radio_cycle", "modem_reset"})
RESETS: frozenset[Rung] = frozenset({"modem_reset", "usb_reset", "power", "reboot"})
LAST: tuple[Rung, ...] = ("ask", "reboot")

_SESSION: tuple[Rung, ...] = (
    "reattach",
    "pdp_cycle",
    "radio_cycle",
    "modem_reset",
    "usb_reset",
    "power",
    "ask",
    "reboot",
)
_MODEM: tuple[Rung, ...] = ("usb_reset", "power", "ask", "reboot")
CURES: Mapping[str, tuple[Rung, ...]] = {
    "port.missing": _MODEM,
    "modem.silent": _MODEM,
    "modem.garbled": _MODEM,
    # CFUN=0 takes the power from the card, too: a card that lost contact for a moment is read anew
    "sim.absent": ("radio_cycle",),
    "sim.failure": ("radio_cycle", "modem_reset", "power"),
    "radio.off": ("radio_cycle", "modem_reset"),
    "registration.searching": ("reattach", "radio_cycle", "modem_reset", "power"),
    "data.detached": ("reattach", "radio_cycle", "modem_reset", "usb_reset", "power", "ask", "reboot"),
    "data.no_session": _SESSION,
    "link.down": ("pdp_cycle", "modem_reset", "usb_reset", "power", "ask", "reboot"),
    "link.no_address": _SESSION,
    "dns.failed": ("pdp_cycle",),
    "internet.unreachable": _SESSION,
}
"""Verdict → what may cure it, the gentlest first. A verdict that is not here is nobody's business but a person's."""

HOPELESS = frozenset(
    {
        "plan.expired", "plan.exhausted", "plan.suspended", "internet.walled", "data.barred", "data.not_subscribed",
        "data.apn_rejected", "data.auth_rejected", "sim.pin_required", "sim.puk_required", "sim.network_locked",
        "sim.wrong_terminal", "sim.changed", "registration.denied", "registration.emergency_only", "signal.none",
        "signal.weak", "signal.noisy", "port.busy", "port.forbidden", "modem.hot",
    }
)  # fmt: skip
"""Beside any of these nothing is tried, be it root or consequence."""

HELPABLE: Mapping[Literal["registration", "session"], frozenset[int]] = {
    # 24.301 clause 9.9.3.9: 9 identity cannot be derived, 10 implicitly detached, 17 network failure, 22 congestion,
    # 40 no EPS bearer context activated
    "registration": frozenset({9, 10, 17, 22, 40}),
    # 24.301 clause 9.9.4.4: 26 insufficient resources, 34 temporarily out of order, 36 regular deactivation (our own
    # asking leaves it behind), 38 network failure, 39 reactivation requested
    "session": frozenset({26, 34, 36, 38, 39}),
}

COST: Mapping[Rung, float] = {
    "reattach": 10, "pdp_cycle": 12, "radio_cycle": 30, "modem_reset": 60, "usb_reset": 90, "power": 120,
    "ask": 1e6, "reboot": 1e7,
}  # fmt: skip
"""What it disturbs, in seconds without data; only their proportion matters."""
SETTLE_S: Mapping[Rung, float] = {
    "reattach": 120, "pdp_cycle": 120, "radio_cycle": 180, "modem_reset": 240, "usb_reset": 240, "power": 300,
    "ask": 1800, "reboot": 900,
}  # fmt: skip
"""From its end to the judgement whether it helped: conditions clear after a minute (agent/assess/conditions.py)."""
HOUR_S = 3600.0
DAY_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Case:
    """What is wrong, as far as a step depends on it."""

    code: str
    """The verdict."""
    codes: frozenset[str] = frozenset()
    """All that was found, causes and consequences."""
    answers: bool = True
    """Does the modem answer commands?"""
    refused: bool = False
    """The network named a cause that a new attempt does not cure."""


@dataclass(frozen=True, slots=True)
class LadderSettings:
    rungs: tuple[Rung, ...] = ("reattach", "pdp_cycle", "radio_cycle", "modem_reset", "usb_reset")
    """What this terminal offers and its owner allows."""
    dry_run: bool = False
    patience_s: float = 300.0
    steps_per_hour: int = 4
    steps_per_day: int = 12
    resets_per_hour: int = 2
    resets_per_day: int = 6
    reboots_per_day: int = 1


@dataclass(frozen=True, slots=True)
class Decision:
    rung: Rung | None
    why: str
    """For people, in English; for a step the cause."""


def allowed(case: Case, settings: LadderSettings) -> tuple[Rung, ...]:
    """What may cure it here, the gentlest first; nothing where nothing can."""
    if case.refused or not HOPELESS.isdisjoint({case.code, *case.codes}):
        return ()
    offered = [rung for rung in CURES.get(case.code, ()) if rung in settings.rungs]
    return tuple(rung for rung in offered if case.answers or rung not in AT_RUNGS)


def in_order(code: str, rungs: Iterable[Rung], memory: Memory) -> list[Rung]:
    """The likeliest cure for its cost first. With nothing learned: the gentlest first.

    Trying in the order of cost over probability has the least expected cost until one works; the probability is
    estimated by Laplace's rule, so that one failure does not condemn and one success does not decide.
    """

    def worth(rung: Rung) -> tuple[int, float]:
        tries, cures = memory.score(code, rung)
        return (LAST.index(rung) + 1 if rung in LAST else 0), COST[rung] * (tries + 2) / (cures + 1)

    return sorted(rungs, key=worth)


def decide(case: Case, since: float, memory: Memory, settings: LadderSettings, now: float) -> Decision:
    """What to do now. `since`: when the verdict became this; both in seconds of running time (agent/recover/memory)."""
    rungs = allowed(case, settings)
    if not rungs:
        return Decision(None, "nothing of ours helps here")
    if now - since < settings.patience_s:
        return Decision(None, f"it may pass by itself; a step after {settings.patience_s:.0f} s")
    if now < memory.blocked_until:
        return Decision(None, "the memory of earlier steps was damaged: a day's pause")
    made = memory.made(dry_run=settings.dry_run)
    last = max(made, key=lambda attempt: attempt.at, default=None)
    if last and now - last.at < SETTLE_S[last.rung]:
        return Decision(None, f"{last.rung} is given time to work")
    tried = [attempt for attempt in made if attempt.code == case.code and attempt.at > memory.well_at]
    times = {rung: [attempt.at for attempt in tried if attempt.rung == rung] for rung in rungs}
    rounds = min(map(len, times.values()))
    if rounds:
        over = max(made_at[rounds - 1] for made_at in times.values())
        if now - over < min(DAY_S, HOUR_S * 2.0 ** min(rounds - 1, 10)):
            return Decision(None, "all steps were tried; the next round waits")
    for rung in in_order(case.code, rungs, memory):
        if len(times[rung]) == rounds:
            why = spent(rung, made, settings, now)
            return Decision(None if why else rung, why or case.code)
    return Decision(None, "nothing is left to try")


def spent(rung: Rung, made: Iterable[Attempt], settings: LadderSettings, now: float) -> str:
    """Which budget forbids this step now; "" if none does. `made` reaches back at least a day."""
    if rung == "ask":
        return ""
    counted = [attempt for attempt in made if attempt.rung != "ask"]
    limits: list[tuple[str, frozenset[Rung], float, int]] = [
        ("steps in an hour", frozenset(RUNGS), HOUR_S, settings.steps_per_hour),
        ("steps in a day", frozenset(RUNGS), DAY_S, settings.steps_per_day),
        ("resets in an hour", RESETS, HOUR_S, settings.resets_per_hour),
        ("resets in a day", RESETS, DAY_S, settings.resets_per_day),
        ("reboots in a day", frozenset({"reboot"}), DAY_S, settings.reboots_per_day),
    ]
    for name, kind, window, most in limits:
        used = sum(attempt.rung in kind and now - attempt.at < window for attempt in counted)
        if rung in kind and used >= most:
            return f"{used} {name} were made, the most allowed"
    return ""
