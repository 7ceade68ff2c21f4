"""The AT side of recovery: what each step sends, by dialect, and what came of it. Runs on the modem's thread.

27.007: <fun> of +CFUN is 0 minimum, 1 full, 4 radio off, and <rst> 1 resets the MT first (clause 8.2); +CGATT (10.1.9),
+CGACT (10.1.10). A command that ends in silence may have done its work all the same: a modem that resets does not
always say OK first. What switches a modem off (+QPOWD, +CPOF, +CPWROFF, ^SMSO, #SHDN) is no reset: whether it comes
back is up to the board's PWRKEY, so none of these is ever sent.
"""

from collections.abc import Callable, Mapping

from agent.plan.talk import cycle_radio
from agent.recover.memory import Rung
from modem.client import Modem
from modem.errors import CommandExpired, PortLost
from modem.events import Command, Outcome
from modem.frozen import dataclass

NETWORK_S = 70.0
"""+CGATT and +CGACT may take 140 and 150 s (Quectel EC2x AT commands manual, 10.2 and 10.5); two of them have to fit
into what the worker is allowed (agent/build.py)."""
RESET_S = 15.0

RESET: Mapping[str, tuple[str, ...]] = {
    # Huawei ME909s AT command interface specification, ^RESET. (The MU736 says OK to it and does not reset: then the
    # step has not cured, and the next one has its turn.)
    "huawei": ("AT^RESET", "AT+CFUN=1,1"),
    # SIM7500/SIM7600 series AT command manual, +CRESET; older SIM800 series: +CFUN=1,1
    "simcom": ("AT+CRESET", "AT+CFUN=1,1"),
    # u-blox AT commands manual, +CFUN: 16 = silent reset, with a reset of the SIM; 15 leaves the SIM alone
    "ublox": ("AT+CFUN=16", "AT+CFUN=15"),
    # Telit AT commands reference guide, #REBOOT
    "telit": ("AT#REBOOT", "AT+CFUN=1,1"),
    # AirPrime EM/MC series AT command reference, !RESET
    "sierra": ("AT!RESET", "AT+CFUN=1,1"),
    # Sequans Monarch AT commands reference, ^RESET
    "sequans": ("AT^RESET", "AT+CFUN=1,1"),
    # nRF Connect SDK, Serial LTE Modem application: #XRESET answers OK, then "Ready". The modem's own +CFUN knows no
    # <rst>, so where another application has the UART there is no way
    "nordic": ("AT#XRESET",),
    # Fibocom L8 family (Intel XMM): +CFUN=15; the others take <rst>
    "fibocom": ("AT+CFUN=15", "AT+CFUN=1,1"),
    # GosuncnWelink (ZTE) modules: +ZRST
    "zte": ("AT+ZRST", "AT+CFUN=1,1"),
}
"""Dialect → the ways to reset the modem, the best first. Others: the common way."""
COMMON_RESET = ("AT+CFUN=1,1",)


@dataclass(frozen=True, slots=True)
class Made:
    """What came of a step: it was carried out (which does not say that it helped), or why not."""

    done: bool
    detail: str


def at_step(rung: Rung, modem: Modem, cid: int | None) -> Made:
    """`cid`: the context that carries the data, where it is known. Raises LineHeld."""
    return _STEPS[rung](modem, cid)


def back_of(rung: Rung, cid: int | None) -> tuple[str, ...]:
    """What switches on again what the step switches off, should something end us in between."""
    if rung == "reattach":
        return ("AT+CGATT=1",)
    if rung == "pdp_cycle":
        return () if cid is None else (f"AT+CGACT=1,{cid}",)
    return ("AT+CFUN=1",)


def _reattach(modem: Modem, _cid: int | None) -> Made:
    return _switched(modem, "AT+CGATT=0", "AT+CGATT=1")


def _pdp_cycle(modem: Modem, cid: int | None) -> Made:
    if cid is None:
        return Made(done=False, detail="which context carries the data is not known")
    return _switched(modem, f"AT+CGACT=0,{cid}", f"AT+CGACT=1,{cid}")


def _radio_cycle(modem: Modem, _cid: int | None) -> Made:
    try:
        done = cycle_radio(modem)
    except CommandExpired as error:
        return Made(done=False, detail=str(error))
    return Made(done, "+CFUN=0, then 1" if done else "+CFUN=0, then 1: not all of it was taken")


def _modem_reset(modem: Modem, _cid: int | None) -> Made:
    said = ""
    for way in RESET.get(modem.dialect.name, COMMON_RESET):
        said = _said(modem, way, RESET_S)
        if not said.endswith("ERROR"):
            return Made(done=True, detail=said)
    return Made(done=False, detail=said)


def _switched(modem: Modem, off: str, on: str) -> Made:
    """Off and on again; on in any case. It was done if both were."""
    said = [_said(modem, off, NETWORK_S), _said(modem, on, NETWORK_S)]
    return Made(all(one.endswith("OK") for one in said), ", ".join(said))


def _said(modem: Modem, text: str, timeout_s: float) -> str:
    try:
        final = modem.exchange(Command(text, timeout_s=timeout_s)).final
    except CommandExpired:
        return f"{text}: no answer"
    except PortLost:
        return f"{text}: the port went away"
    return f"{text}: {'ERROR' if final.outcome is Outcome.REFUSED else final.text}"


_STEPS: Mapping[Rung, Callable[[Modem, int | None], Made]] = {
    "reattach": _reattach,
    "pdp_cycle": _pdp_cycle,
    "radio_cycle": _radio_cycle,
    "modem_reset": _modem_reset,
}
