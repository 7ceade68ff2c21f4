"""The machine itself: which boot this is, how long it runs, whether its clock can be trusted, room on the disk.

The clock of a terminal that is offline cannot be synchronised, and offline is when its word matters most. So
"trusted" has several witnesses: the kernel's word that something keeps it right, a hardware clock that it was set
from, the network's time from the modem. Known wrong: before the day this program was made, or far behind the network.
"""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from agent.sample.base import ClockView
from agent.sample.kernel import REAL, Roots, decimal, text_of
from modem.frozen import dataclass

BUILT = datetime(2026, 1, 1, tzinfo=UTC).timestamp()
"""No clock is right that shows an earlier time."""
_LATEST = datetime(2100, 1, 1, tzinfo=UTC).timestamp()
NETWORK_TOLERANCE_S = 15 * 60.0
"""A network's own clock may be minutes off; a clock that lost its battery is off by years."""
RTC_TOLERANCE_S = 26 * 3600.0
"""It may run on local time, up to 14 h from UTC, and drift in between."""
_TIME_ERROR = 5
"""adjtimex(2): the clock is not synchronised."""
_SYNCHRONISED = "run/systemd/timesync/synchronized"
TIMEDATE = ("timedatectl", "show", "--property=NTPSynchronized", "--value")
SERVICE_AGAIN_S = 3600.0
_service: dict[tuple[str, ...], tuple[float, bool | None]] = {}
_LAST_SYNC = ("var/lib/systemd/timesync/clock", "var/lib/chrony/drift", "var/lib/ntp/ntp.drift")


@dataclass(frozen=True, slots=True)
class SystemPart:
    boot_id: str | None
    uptime_s: float | None
    clock: ClockView
    free_bytes: int | None
    """On the state directory's file system; None when it cannot be told."""


def read_system(
    wall: float, state_dir: Path = Path("/var/lib/posagent"), roots: Roots = REAL, root: Path = Path("/")
) -> SystemPart:
    kernel = kernel_synchronised()
    clock = clock_view(wall, kernel=kernel, roots=roots, root=root)
    if kernel is None and clock.trusted is None:
        clock = clock_view(wall, kernel=service_synchronised(), roots=roots, root=root)
    return SystemPart(boot_id(roots), uptime_s(roots), clock, free_bytes(state_dir))


def boot_id(roots: Roots = REAL) -> str | None:
    """A name for this boot of the machine; a new one each time."""
    text = text_of(f"{roots.proc}/sys/kernel/random/boot_id").strip()
    return text if 0 < len(text) <= 64 else None


def uptime_s(roots: Roots = REAL) -> float | None:
    try:
        return float(text_of(f"{roots.proc}/uptime").split()[0])
    except (ValueError, IndexError):
        return None


def clock_view(wall: float, *, kernel: bool | None, roots: Roots = REAL, root: Path = Path("/")) -> ClockView:
    """`kernel`: whether it says that the clock is synchronised (None: it could not be asked)."""
    if wall < BUILT or wall >= _LATEST:
        return ClockView(trusted=False, why=f"it shows {_shown(wall)}, and this program was made in 2026")
    if kernel or os.path.exists(f"{root}/{_SYNCHRONISED}"):  # noqa: PTH110 - each minute, and six times cheaper
        return ClockView(trusted=True, why="synchronised with a time server")
    last = _last_sync(root)
    if last is not None and wall < last - NETWORK_TOLERANCE_S:
        return ClockView(trusted=False, why=f"it shows {_shown(wall)}, but was already right at {_shown(last)}")
    if text_of(f"{roots.sys}/class/rtc/rtc0/hctosys").strip() == "1":
        return _by_hardware(wall, decimal(text_of(f"{roots.sys}/class/rtc/rtc0/since_epoch")))
    return ClockView(trusted=None, why="nobody vouches for it: not synchronised, no hardware clock")


def against_network(clock: ClockView, wall: float, network: float | None) -> ClockView:
    """The same with the network's time from the modem: agreement vouches; being far behind it is wrong.

    A modem that was never told the time shows an old one, so a clock ahead of the modem's is no evidence.
    """
    if network is None or network < BUILT:
        return clock
    if abs(wall - network) <= NETWORK_TOLERANCE_S:
        return clock if clock.trusted else ClockView(trusted=True, why="agrees with the mobile network's time")
    if network - wall > 86_400.0 and network < _LATEST:
        return ClockView(trusted=False, why=f"it shows {_shown(wall)}, the mobile network {_shown(network)}")
    return clock


def against_centre(clock: ClockView, wall: float, centre: float | None) -> ClockView:
    """The same with the time of the centre, whose certificate was verified: it knows the time better than we do."""
    if centre is None or not BUILT <= centre < _LATEST:
        return clock
    if abs(wall - centre) <= NETWORK_TOLERANCE_S:
        return clock if clock.trusted else ClockView(trusted=True, why="agrees with the centre's time")
    return ClockView(trusted=False, why=f"it shows {_shown(wall)}, the centre {_shown(centre)}")


def kernel_synchronised() -> bool | None:
    """What adjtimex(2) says; None where it cannot be asked, as in our unit: ProtectClock= forbids the question too."""
    try:
        state = _adjtimex()()
    except (ImportError, OSError, AttributeError):
        return None
    return None if state < 0 else state != _TIME_ERROR


@cache
def _adjtimex() -> Callable[[], int]:
    import ctypes  # noqa: PLC0415 - the one place that needs it, and not everywhere there

    library = ctypes.CDLL(None)
    asked = ctypes.create_string_buffer(512)  # `modes` stays 0: nothing is set, and the answer is not looked into
    return lambda: int(library.adjtimex(asked))


def service_synchronised(command: tuple[str, ...] = TIMEDATE) -> bool | None:
    """The same from systemd's time service, which may ask the kernel; None where there is none. Asked once an hour."""
    now = time.monotonic()
    asked, said = _service.get(command, (-SERVICE_AGAIN_S, None))
    if now - asked >= SERVICE_AGAIN_S:
        said = {b"yes": True, b"no": False}.get(_output(command) or b"")
        _service[command] = (now, said)
    return said


def _output(command: tuple[str, ...]) -> bytes | None:
    import subprocess  # noqa: PLC0415 - only where nothing else vouches for the clock

    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=5, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return done.stdout.strip()


def free_bytes(path: Path) -> int | None:
    """Room on the file system of `path`, or of the nearest directory above it that exists."""
    try:
        held = os.statvfs(path)
    except FileNotFoundError:
        return free_bytes(path.parent) if path.parent != path else None
    except OSError:
        return None
    return held.f_bavail * held.f_frsize


def _by_hardware(wall: float, rtc: int | None) -> ClockView:
    """The hardware clock vouches for the time that it gave at start, not for another that somebody set since."""
    if rtc is not None and abs(wall - rtc) > RTC_TOLERANCE_S:
        return ClockView(trusted=None, why=f"it shows {_shown(wall)}, the hardware clock rtc0 {_shown(rtc)}")
    return ClockView(trusted=True, why="set from the hardware clock rtc0 at start")


def _last_sync(root: Path) -> float | None:
    """When a time service last noted that the clock was right, by the newest of its files."""
    times = []
    for path in _LAST_SYNC:
        try:
            times.append(os.stat(f"{root}/{path}").st_mtime)  # noqa: PTH116 - each minute
        except OSError:
            continue
    return max(times, default=None)


def _shown(wall: float) -> str:
    try:
        return datetime.fromtimestamp(wall, UTC).strftime("%Y-%m-%d %H:%M UTC")
    except (OverflowError, ValueError, OSError):
        return f"{wall:g} s"
