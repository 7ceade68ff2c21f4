"""One scenario in a world of its own: the terminal's namespace, the carrier's behind a veth pair, a virtual modem.

world.py NAME [PATIENCE]

Run inside fresh user, network and mount namespaces (run.py sees to that). Prints one JSON object: the report of the
installed `posagent diag --json`, its exit code, how long it took, and how late this machine was meanwhile.
"""

import contextlib
import ctypes
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(ROOT), str(HERE)]

import carrier as far  # noqa: E402
from terminal import set_up, wire_bytes  # noqa: E402

from modem.simulator import VirtualModem, load  # noqa: E402
from modem.simulator.scenario import scenario_from  # noqa: E402

CAPTURES = ROOT / "tests" / "modem" / "captures"
FILES = ("scenarios.toml", "further.toml", "evidence.toml")
CLONE_NEWNET = 0x40000000
LIMIT_S = 200.0
"""For one command: it promises 20 s, on a machine that has them."""
READY_S = 100.0
BEAT_S = 0.02
SETTINGS: Mapping[str, Mapping[str, Any]] = {
    "terminal": {"id": "terminal-1", "language": "en"},
    "modem": {"interface": "wwan0", "command_timeout_s": 0.7},
    "uplink": {"url": "https://centre.example", "ca_file": str(far.TLS / "authority.pem")},
    "probe": {"payment_hosts": ["pay.acquirer.example:8443"], "timeout_s": 1.2},
    "plan": {"expires_on": "{day+200}", "quota_mb": 1000},
}
PERSONA = "quectel-ec20"


def scenarios() -> dict[str, dict[str, Any]]:
    """Name → scenario, as the files have them."""
    texts = ((HERE / name).read_text(encoding="utf-8") for name in FILES)
    tables = [table for text in texts for table in tomllib.loads(text)["scenario"]]
    twice = [name for name, count in Counter(table["name"] for table in tables).items() if count > 1]
    if twice:
        raise ValueError(f"named twice: {', '.join(twice)}")
    return {table["name"]: table for table in tables}


def play(scenario: Mapping[str, Any], patience: float = 1.0) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="posagent-scenario-") as folder:
        directory = Path(folder) / "state"
        directory.mkdir()
        six = bool(scenario.get("terminal", {}).get("six"))
        with _carrier(far.Carrier.of(scenario.get("carrier", {})), six=six) as child:
            set_up(scenario.get("terminal", {}), child.pid, directory)
            child.start()
            with _modem(scenario) as device:
                return _diagnosed(scenario, device, directory, patience)


# -- the two ends of the wire -----------------------------------------------------------------------------------------


class _Child:
    """The carrier's process, in a network namespace of its own."""

    def __init__(self, carrier: far.Carrier, *, six: bool) -> None:
        self._ready, ready = os.pipe()
        go, self._go = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self._go)
            os.close(self._ready)
            try:
                if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNET) == 0:
                    far.run(carrier, ready, go, six=six)
            except BaseException as error:  # a fork must never return into its parent's code
                print(f"carrier: {error!r} {getattr(error, 'stderr', '')}", file=sys.stderr, flush=True)
            os._exit(0)
        os.close(ready)
        os.close(go)
        self._wait("its namespace")

    def start(self) -> None:
        os.write(self._go, b"1")
        self._wait("its servers")

    def _wait(self, what: str) -> None:
        if not os.read(self._ready, 1):
            raise RuntimeError(f"the carrier's side cannot have {what}")

    def end(self) -> None:
        os.close(self._go)
        os.waitpid(self.pid, 0)


@contextlib.contextmanager
def _carrier(carrier: far.Carrier, *, six: bool) -> Iterator[_Child]:
    child = _Child(carrier, six=six)
    try:
        yield child
    finally:
        child.end()


# -- the modem and the question ---------------------------------------------------------------------------------------


@contextlib.contextmanager
def _modem(scenario: Mapping[str, Any]) -> Iterator[str]:
    """The device's path; of no device at all where the scenario has none."""
    if scenario.get("port") == "missing":
        yield "/dev/ttyUSB99"
        return
    capture = scenario.get("capture")
    document = {"modem": {"persona": PERSONA}, **scenario.get("modem", {})}
    script = load(CAPTURES / f"{capture}.toml") if capture else scenario_from(document, HERE / "scenarios.toml")
    with VirtualModem(script, speed=5.0 if capture else 1.0) as device:
        if scenario.get("port") == "busy":
            with _held(device):
                yield device
        else:
            yield device


@contextlib.contextmanager
def _held(device: str) -> Iterator[None]:
    """Somebody else has the port, as a dialler has it."""
    import serial

    with serial.Serial(device, exclusive=True):
        yield


def _diagnosed(scenario: Mapping[str, Any], device: str, directory: Path, patience: float) -> dict[str, Any]:
    settings = _settings(scenario, device, directory, patience)
    config = directory / "config.toml"
    config.write_text(_toml(settings), encoding="utf-8")
    if scenario.get("credential", "right") != "none":
        secret = far.SECRET if scenario.get("credential", "right") == "right" else "terminal-1:" + "B" * 43
        (directory / "credential").write_text(secret + "\n", encoding="ascii")
        (directory / "credential").chmod(0o600)
    if "kept" in scenario:
        from kept import ICCID, IMEI, keep

        keep(scenario["kept"], directory, ICCID, IMEI)
    command = [str(Path(sys.executable).parent / "posagent"), "--config", str(config), "diag", "--json"]
    if clock := scenario.get("clock"):
        command = ["faketime", "-f", clock if clock[0] in "+-" else f"@{clock}", *command]
    if scenario.get("unprivileged"):
        command = [*_unprivileged(directory, device), *command]
    environment = os.environ | {"FAKETIME_DONT_FAKE_MONOTONIC": "1", "FAKETIME_DONT_RESET": "1"}
    disk = _read_only(directory) if scenario.get("disk") == "read_only" else contextlib.nullcontext()
    daemon = _daemon(config, delivers=_delivers(scenario)) if scenario.get("daemon") else contextlib.nullcontext()
    with disk, daemon:
        return _asked([*command, *scenario.get("options", [])], environment, scenario)


def _asked(command: list[str], environment: Mapping[str, str], scenario: Mapping[str, Any]) -> dict[str, Any]:
    before = wire_bytes()
    begun = time.monotonic()
    flow = _flow() if scenario.get("carrier", {}).get("floods") else contextlib.nullcontext()
    with _Lateness() as lateness, flow:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=LIMIT_S, check=False)
    result = {
        "exit": done.returncode,
        "took_s": round(time.monotonic() - begun, 2),
        "late_s": round(lateness.worst_s, 3),
        "wire_bytes": wire_bytes() - before,
    }
    try:
        return {**result, "report": json.loads(done.stdout), "said": done.stderr}
    except ValueError:
        return {**result, "report": None, "said": done.stdout + done.stderr}


def _delivers(scenario: Mapping[str, Any]) -> bool:
    return bool(scenario.get("carrier", {}).get("centre") == "takes")


class _Lateness:
    """How long whoever wanted the processor had to wait for it at worst; the modem's answers waited as long."""

    def __init__(self) -> None:
        self.worst_s = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "_Lateness":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        before = time.monotonic()
        while not self._over.wait(BEAT_S):
            now = time.monotonic()
            self.worst_s = max(self.worst_s, now - before - BEAT_S)
            before = now


@contextlib.contextmanager
def _daemon(config: Path, *, delivers: bool) -> Iterator[None]:
    """`posagent run`, from its first look on, and from its first report where the centre takes them."""
    posagent = [str(Path(sys.executable).parent / "posagent"), "--config", str(config)]
    daemon = subprocess.Popen([*posagent, "run"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        until = time.monotonic() + READY_S
        while not _ready(told := _told([*posagent, "status", "--json"]), delivers=delivers):
            if time.monotonic() > until or daemon.poll() is not None:
                raise RuntimeError(f"the daemon is not ready: {told}")
            time.sleep(0.5)
        yield
    finally:
        daemon.terminate()
        daemon.wait()


def _told(command: list[str]) -> dict[str, Any]:
    try:
        answer: dict[str, Any] = json.loads(subprocess.run(command, capture_output=True, check=False).stdout)
    except ValueError:
        return {}
    return answer


def _ready(status: Mapping[str, Any], *, delivers: bool) -> bool:
    looked = bool((status.get("diag") or {}).get("verdict"))
    return looked and (not delivers or bool((status.get("uplink") or {}).get("sent")))


@contextlib.contextmanager
def _read_only(directory: Path) -> Iterator[None]:
    """The daemon's state on a disk that takes nothing; what is kept there stays to be read."""
    subprocess.run(("mount", "--bind", str(directory), str(directory)), check=True, capture_output=True)
    subprocess.run(("mount", "-o", "remount,bind,ro", str(directory)), check=True, capture_output=True)
    try:
        yield
    finally:
        subprocess.run(("umount", str(directory)), check=True, capture_output=True)


def _unprivileged(directory: Path, device: str) -> list[str]:
    """A user who has no right to the port, nor to what the daemon keeps; as root of a namespace, one without power."""
    for path in (Path(device), directory / "credential"):
        if path.exists():
            path.chmod(0)
    return ["setpriv", "--bounding-set=-all", "--inh-caps=-all", "--no-new-privs"]


@contextlib.contextmanager
def _flow() -> Iterator[None]:
    """Somebody else's traffic over the card: name look-ups without end."""
    code = (
        "import socket,time\n"
        "s=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); s.settimeout(0.2)\n"
        f"q=bytes.fromhex('123401000001000000000000')+b'\\x03pay\\x08acquirer\\x07example\\0\\0\\1\\0\\1'\n"
        "while True:\n"
        f"  s.sendto(q,('{far.DNS1}',53))\n"
        "  try: s.recv(1500)\n"
        "  except OSError: pass\n"
        "  time.sleep(0.004)\n"
    )
    noise = subprocess.Popen([sys.executable, "-c", code])
    try:
        yield
    finally:
        noise.kill()
        noise.wait()


def _settings(scenario: Mapping[str, Any], device: str, directory: Path, patience: float) -> dict[str, dict[str, Any]]:
    given: Mapping[str, Mapping[str, Any]] = scenario.get("config", {})
    merged = {name: {**SETTINGS.get(name, {}), **given.get(name, {})} for name in {*SETTINGS, *given}}
    for section, key in (("modem", "command_timeout_s"), ("probe", "timeout_s")):
        merged[section][key] = round(merged[section][key] * (1.0 if key in given.get(section, {}) else patience), 2)
    merged["modem"]["port"] = device
    merged["paths"] = {"state_dir": str(directory), "run_dir": str(directory.parent / "run")}
    return merged


def _toml(settings: Mapping[str, Mapping[str, Any]]) -> str:
    lines: list[str] = []
    for section, values in settings.items():
        lines.append(f"[{section}]")
        lines += [f"{key} = {json.dumps(_dated(value))}" for key, value in values.items()]
    return "\n".join(lines) + "\n"


def _dated(value: object) -> object:
    """ "{day-3}" is the day before the day before yesterday."""
    if isinstance(value, str) and value.startswith("{day") and value.endswith("}"):
        return (datetime.now(UTC) + timedelta(hours=8) + timedelta(days=int(value[4:-1] or 0))).date().isoformat()
    return value


if __name__ == "__main__":
    print(json.dumps(play(scenarios()[sys.argv[1]], *map(float, sys.argv[2:3]))))
