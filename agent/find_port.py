"""Which of several serial ports is the modem's: all are asked at once, since most of a modem's ports never answer."""

import threading
import time
from collections.abc import Callable, Iterable, Mapping

from modem.discover import Candidate, Probed, candidates, probe
from modem.errors import PortBusy, PortForbidden, PortLost
from modem.known import rank

GRACE_S = 0.15
"""Once one has answered, its elder sisters get this long: a modem with two AT ports answers on both."""
MAX_PORTS = 16

Found = Probed | PortLost
Probe = Callable[[str], Found]


def modem_devices() -> list[str]:
    """The names of `modem_ports`."""
    return [candidate.device for candidate in modem_ports()]


def modem_ports() -> list[Candidate]:
    """Ports of this machine that may carry AT, the likeliest first (modem/known.py); those that a ModemManager uses
    last, so that one it leaves alone is taken before, and that nobody is disturbed."""
    found = sorted(candidates(), key=lambda candidate: rank(candidate.role))
    if not found:
        return []
    from modem.modemmanager import presence, spare_ports  # noqa: PLC0415 - only where there is a port at all

    here = presence()
    if not here.running or here.ports is None:
        return found
    spare = list(spare_ports(found, here.ports))
    return spare + [candidate for candidate in found if candidate not in spare]


def ask_all(devices: Iterable[str], seconds: float, ask: Probe | None = None) -> dict[str, Found]:
    """Device → what came of asking it AT for up to `seconds`; ends early once one has answered.

    A port that is missing here did not end in time; its thread goes on by itself, and closes it.
    """
    asked = list(devices)[:MAX_PORTS]
    found: dict[str, Found] = {}
    news = threading.Condition()

    def one(device: str) -> None:
        result = (ask or (lambda name: _probed(name, seconds)))(device)
        with news:
            found[device] = result
            news.notify_all()

    for device in asked:
        threading.Thread(target=one, args=(device,), name=f"probe {device}", daemon=True).start()
    with news:
        news.wait_for(lambda: len(found) == len(asked) or Probed.ANSWERS in found.values(), seconds + 1.0)
        until = time.monotonic() + GRACE_S
        news.wait_for(lambda: _settled(asked, found), max(0.0, until - time.monotonic()))
        return dict(found)


def choose(devices: Iterable[str], found: Mapping[str, Found]) -> tuple[str | None, PortLost | None]:
    """The first port that answers AT; else the first that we could not open for its holder or its rights; else none."""
    for device in devices:
        if found.get(device) is Probed.ANSWERS:
            return device, None
    for device in devices:
        trouble = found.get(device)
        if isinstance(trouble, PortBusy | PortForbidden):
            return device, trouble
    return None, None


def _settled(asked: list[str], found: Mapping[str, Found]) -> bool:
    """All ports before the first that answers have had their say."""
    for device in asked:
        if device not in found:
            return False
        if found[device] is Probed.ANSWERS:
            return True
    return True


def _probed(device: str, seconds: float) -> Found:
    try:
        return probe(device, timeout_s=seconds)
    except PortLost as lost:
        return lost
