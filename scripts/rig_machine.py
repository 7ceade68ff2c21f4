"""A Debian 12 that boots in a container (systemd-nspawn), for `make rig-test`: no systemd is needed outside.

The machine has no network but its loopback, a disk of its own over a root that is built once, and can lose its power.
Whoever waits for something waits for what happened, and gives up after PATIENCE_S only: a machine full of other work
is slow, not broken.
"""

import os
import shutil
import subprocess
import time
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
PACKAGES = (
    "systemd,systemd-sysv,dbus,udev,python3,ca-certificates,openssl,procps,iproute2,bash-completion,man-db,zsh,fish,"
    "mosquitto,modemmanager,polkitd"
)
PATIENCE_S = 600.0
HOOK = (
    'rm -f "$1"/etc/apt/sources.list "$1"/etc/apt/sources.list.d/*; echo terminal >"$1"/etc/hostname; '
    'echo 127.0.0.1 localhost terminal >"$1"/etc/hosts; : >"$1"/etc/resolv.conf; mkdir -p "$1"/var/log/journal; '
    'systemctl --root="$1" disable mosquitto ModemManager 2>/dev/null'
)
# Pid 1 of a pid namespace, so that nothing outlives it. nspawn looks at /sys/fs/cgroup: where that is a tmpfs of old
# controllers, cgroup2 takes its place in here. /run/systemd is nspawn's own. SIGTERM shuts the machine down.
LAUNCH = """
mount --make-rslave / && mount -t proc proc /proc
rm -rf "$1/work" && mkdir "$1/work"
mount -t overlay rig -o "lowerdir=$2,upperdir=$1/disk,workdir=$1/work" "$1/root"
if [ "$(stat -fc %T /sys/fs/cgroup)" != cgroup2fs ]; then
    umount -l /sys/fs/cgroup; mount -t cgroup2 cgroup2 /sys/fs/cgroup
fi
mkdir -p "$1/run" /run/systemd && mount --bind "$1/run" /run/systemd
systemd-nspawn --quiet --boot --directory="$1/root" --machine="$3" --register=no --keep-unit --private-network \\
    --link-journal=no --resolv-conf=off --timezone=off --console=read-only --kill-signal=SIGRTMIN+3 --capability=all &
trap "kill -TERM $!" TERM
until wait $!; [ $? -lt 128 ]; do :; done
"""


class Failed(Exception):
    """What was expected did not come."""


class Machine:
    def __init__(self, folder: Path) -> None:
        self.folder = folder / f"machine-{os.getpid()}"
        self.base = folder / f"root-{zlib.crc32(f'{PACKAGES}{HOOK}'.encode()):08x}"
        self.cgroup = _cgroup2() / f"posagent-rig-{os.getpid()}"
        self._launch: subprocess.Popen[bytes] | None = None
        self._init = 0

    def make(self) -> None:
        """The root, once; then an empty disk over it."""
        if not (self.base / "sbin/init").exists():
            draft = self.base.with_suffix(".draft")
            shutil.rmtree(draft, ignore_errors=True)
            draft.parent.mkdir(parents=True, exist_ok=True)
            command = ["mmdebstrap", "--quiet", "--mode=root", "--format=directory", "--variant=minbase"]
            command += [f"--include={PACKAGES}", f"--customize-hook={HOOK}", "bookworm", str(draft), *_sources()]
            subprocess.run(command, check=True)
            draft.rename(self.base)
        for name in ("disk", "work", "root"):
            (self.folder / name).mkdir(parents=True)

    def boot(self, *, wait: bool = True) -> float:
        """Seconds until systemd says that it is up; until it begins, if nobody waits for that."""
        began = time.monotonic()
        self.cgroup.mkdir(exist_ok=True)
        command = ["unshare", "--mount", "--propagation", "slave", "--pid", "--fork", "--kill-child=KILL"]
        command += ["sh", "-euc", LAUNCH, "launch", str(self.folder), str(self.base), "terminal"]
        with (self.folder / "console.log").open("ab") as log:
            self._launch = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=self._enter,
            )
        self._init = until(self._find_init, "the machine does not start")
        if wait:
            until(self._is_up, "the machine does not come up")
        return time.monotonic() - began

    def run(self, script: str, timeout_s: float = PATIENCE_S, *, check: bool = True) -> str:
        """What a shell in the machine prints. Raises Failed with its words if it fails."""
        enter = ["nsenter", "-t", str(self._init), "-m", "-u", "-i", "-n", "-p", "-C", "--", "env", "-i"]
        command = [*enter, "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8", "sh", "-euc", script]
        try:
            done = subprocess.run(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=timeout_s,
                check=False, preexec_fn=self._enter_leaf,
            )  # fmt: skip
        except subprocess.TimeoutExpired as late:
            raise Failed(f"{script}: not within {timeout_s:g} s: {(late.output or b'').decode()[-500:]}") from None
        said = done.stdout.decode(errors="replace").strip()
        if check and done.returncode:
            raise Failed(f"{script}: exit {done.returncode}: {said[-1500:]}")
        return said

    def put(self, source: Path, target: str) -> None:
        """A file into the running machine."""
        shutil.copy(source, Path(f"/proc/{self._init}/root") / target.lstrip("/"))

    def write(self, target: str, text: str) -> None:
        path = Path(f"/proc/{self._init}/root") / target.lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def cut_power(self) -> None:
        if self._launch is not None:
            child = _only_child(self._launch.pid)
            if child:
                os.kill(child, 9)
            self._launch.wait(PATIENCE_S)
            self._launch = None
        self._sweep()

    def shut_down(self) -> float:
        """Seconds that an orderly end took."""
        assert self._launch is not None
        began = time.monotonic()
        os.kill(_only_child(self._launch.pid), 15)
        self._launch.wait(PATIENCE_S)
        self._launch = None
        self._sweep()
        return time.monotonic() - began

    def remove(self) -> None:
        self.cut_power()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _sweep(self) -> None:
        for folder in sorted(self.cgroup.glob("**/"), reverse=True):
            until(partial(_rmdir, folder), f"{folder} is still in use")

    def _enter(self) -> None:
        (self.cgroup / "cgroup.procs").write_text("0")

    def _enter_leaf(self) -> None:
        """Beside the machine's units, in its tree."""
        scope = Path(f"/proc/{self._init}/cgroup").read_text().split("::", 1)[1].strip()
        leaf = _cgroup2() / scope.removesuffix("/init.scope").lstrip("/") / "rig.slice"
        leaf.mkdir(exist_ok=True)
        (leaf / "cgroup.procs").write_text("0")

    def _find_init(self) -> int:
        """unshare → sh → nspawn → systemd, each the only child of the one before."""
        assert self._launch is not None
        if self._launch.poll() is not None:
            raise Failed((self.folder / "console.log").read_text(errors="replace")[-800:])
        nspawn = _only_child(_only_child(self._launch.pid))
        if not nspawn or _name(nspawn) != "systemd-nspawn":
            return 0
        init = _only_child(nspawn)
        return init if init and _name(init) == "systemd" else 0

    def _is_up(self) -> bool:
        try:
            return self.run("systemctl is-system-running --wait || true") in {"running", "degraded"}
        except Failed:
            return False


def until(ask: Callable[[], T], otherwise: str, timeout_s: float = PATIENCE_S) -> T:
    """The first answer that is one; raises Failed after `timeout_s`."""
    end, pause = time.monotonic() + timeout_s, 0.05
    while True:
        if answer := ask():
            return answer
        if time.monotonic() > end:
            raise Failed(otherwise)
        time.sleep(pause)
        pause = min(1.0, pause * 1.5)


def _rmdir(folder: Path) -> bool:
    try:
        folder.rmdir()
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True


def _only_child(pid: int) -> int:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split() if pid else []
    except OSError:
        return 0
    return int(children[0]) if children else 0


def _name(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def _cgroup2() -> Path:
    for line in Path("/proc/self/mounts").read_text().splitlines():
        place, kind = line.split()[1:3]
        if kind == "cgroup2":
            return Path(place)
    raise Failed("no cgroup2 is mounted here")


def _sources() -> list[str]:
    """This machine's own sources where it is a Debian 12 too (a mirror nearby), else Debian's."""
    places = (Path("/etc/apt/sources.list.d/debian.sources"), Path("/etc/apt/sources.list"))
    return [str(place) for place in places if place.exists() and "bookworm" in place.read_text()][:1]
