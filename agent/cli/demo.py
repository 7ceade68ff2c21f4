"""`posagent demo`: everything on this machine. A virtual modem, the real daemon, the real centre, and a story.

Nothing is faked but the modem: the daemon and the centre are child processes started by their own commands, and what
is told is read from the centre's JSON API. All of it lives in one directory, which is removed at the end unless it was
named. Whatever ends the demo (its end, Ctrl-C, SIGTERM, a child that died), the children end first.
"""

import argparse
import contextlib
import json
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import field
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from agent.cli.context import EXIT_FAILURE, EXIT_OK, CliError, Context
from modem.frozen import dataclass

if TYPE_CHECKING:
    from modem.simulator import VirtualModem

HELP = "everything on this machine: virtual modem, agent, centre, console, as a story that runs by itself"
EXITS = {0: "the story was told to its end", 1: "a part did not start or died; its log is shown"}
EXAMPLES = ("posagent demo", "posagent demo --once", "posagent demo --lang zh", "posagent demo --state ./demo --once")

SCENARIO = "demo-story"
TERMINAL = "demo-pos-1"
HURRY = 300.0
"""So many times faster do the delays of conditions pass: 15 minutes of weak signal become 3 s."""
START_S = 20.0
STOP_S = 5.0
SETTLE_S = 4.0
"""After the story: for the last report to arrive."""
LOOK_S = 0.5
LOG_TAIL = 20

_CONFIG = """\
# Written by posagent demo: quick where a shop's terminal is patient.
[terminal]
id = "{terminal}"
name = "{name}"
[modem]
port = "{port}"
interface = ""
[sample]
light_s = 1
deep_s = 5
[plan]
quota_mb = 30
expires_on = "{expires_on}"
[uplink]
url = "http://127.0.0.1:{number}"
credential_file = "{credential}"
heartbeat_s = 5
budget_mb = 10000
retry_first_s = 1
retry_cap_s = 2
[paths]
state_dir = "{state}"
run_dir = "{run}"
"""

_WORDS: Mapping[str, tuple[str, str]] = {
    "where": ("数据目录：{path}", "files: {path}"),
    "centre": ("中心已启动，控制台：{url}", "the centre runs; its console: {url}"),
    "modem": ("虚拟调制解调器：{device}（{title}）", "a virtual modem on {device} ({title})"),
    "agent": ("终端守护进程已启动（pid {pid}）", "the terminal's agent runs (pid {pid})"),
    "phase": ("── 剧情：{phase}", "── the story: {phase}"),
    "healthy": ("一切正常", "all is well"),
    "weak": ("信号变弱", "the signal gets weak"),
    "lost": ("网络丢失", "the network is lost"),
    "back": ("网络恢复", "the network is back"),
    "low balance": ("运营商短信：余额不足", "the carrier writes: low balance"),
    "heard": ("   中心：终端第一次上报", "   centre: the terminal reported for the first time"),
    "verdict": ("   中心：{title}（{code}，此前 {before}）", "   centre: {title} ({code}, before: {before})"),
    "change": ("   中心：{kind} {code}", "   centre: {kind} {code}"),
    "kind.started": ("终端启动", "the agent started"),
    "kind.stopped": ("终端停止", "the agent stopped"),
    "kind.card": ("识别到 SIM 卡", "a card was seen"),
    "kind.plan_fact": ("流量卡信息", "a fact of the plan:"),
    "kind.gap": ("记录缺口", "a gap in the records"),
    "end": ("剧情结束。中心现在知道：", "The story is over. What the centre now knows:"),
    "stay": ("按 Ctrl-C 结束。", "Ctrl-C ends it."),
    "died": ("{name} 意外退出（退出码 {code}），日志末尾：", "{name} died (exit code {code}); the end of its log:"),
    "slow": (
        "{name} 未在 {seconds} 秒内启动，日志末尾：",
        "{name} did not start within {seconds} s; the end of its log:",
    ),
    "status": ("状态", "status"),
    "verdict_row": ("结论", "verdict"),
    "card": ("SIM 卡", "card"),
    "network": ("网络", "network"),
    "signal": ("信号", "signal"),
    "used": ("流量", "data used"),
    "last": ("最近上报", "last heard"),
    "records": ("收到记录", "records"),
    "records_row": ("{count} 条，其中变化 {changes} 条", "{count}, {changes} of them changes"),
}


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--once", action="store_true", help="play the story to its end, say what the centre knows, exit"
    )
    parser.add_argument("--speed", type=_speed, default=1.25, help="of the story, which lasts 50 s at 1 (default 1.25)")
    parser.add_argument("--state", metavar="DIR", help="keep everything in this directory (default: a temporary one)")


def run(options: argparse.Namespace, context: Context) -> int:
    _need_the_centre()
    with _ended_by_sigterm(), _directory(options.state) as directory, contextlib.ExitStack() as stack:
        demo = Demo(directory, context, options.speed)
        stack.callback(demo.stop)
        try:
            demo.start()
            demo.tell(once=options.once)
        except Died as died:
            demo.show_log(died)
            return EXIT_FAILURE
        demo.sum_up()
    return EXIT_OK


class Died(Exception):
    """A child is gone, or never came up."""

    def __init__(self, name: str, key: str, **values: object) -> None:
        super().__init__(name)
        self.name, self.key, self.values = name, key, values


@dataclass(slots=True)
class Demo:
    directory: Path
    context: Context
    speed: float = 1.25
    number: int = 0
    children: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    modem: "VirtualModem | None" = None
    _phase: str = ""
    _changes: set[tuple[str, int]] = field(default_factory=set)
    _heard: bool = False

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.number}"

    # -- beginning and end --------------------------------------------------------------------------------------------

    def start(self) -> None:
        from modem.simulator import VirtualModem

        self.say("where", path=self.directory)
        self.number = free_port()
        self._start_centre()
        self.say("centre", url=self.url + "/")
        self.modem = VirtualModem(SCENARIO, link=self.directory / "modem", speed=self.speed)
        device = self.modem.start()
        self.say("modem", device=device, title=self.modem.script.title)
        self._start_agent(device)
        self.say("agent", pid=self.children["agent"].pid)

    def stop(self) -> None:
        """Agent first: its last word shall still reach the centre."""
        for name in ("agent", "centre"):
            child = self.children.get(name)
            if child is not None:
                end(child)
        if self.modem is not None:
            self.modem.stop()

    def _start_centre(self) -> None:
        database = ["--database", str(self.directory / "central.db")]
        self._run_centre("terminal", "add", TERMINAL, "--credential-file", str(self.credential), *database)
        listen = ["--listen", f"127.0.0.1:{self.number}"]
        self._spawn("centre", ["-m", "central.cli", "serve", *database, *listen])
        self._await_centre()

    def _run_centre(self, *words: str) -> None:
        done = subprocess.run([sys.executable, "-m", "central.cli", *words], capture_output=True, check=False)
        if done.returncode:
            (self.directory / "centre.log").write_bytes(done.stdout + done.stderr)
            raise Died("centre", "died", code=done.returncode)

    def _await_centre(self) -> None:
        until = time.monotonic() + START_S
        while self.ask("/readyz") is None:
            self._check_children()
            if time.monotonic() > until:
                raise Died("centre", "slow", seconds=f"{START_S:g}")
            time.sleep(0.1)

    def _start_agent(self, device: str) -> None:
        config = self.directory / "config.toml"
        next_year = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 300 * 86_400))
        config.write_text(
            _CONFIG.format(
                terminal=TERMINAL,
                name="演示门店 1 号机",
                port=device,
                number=self.number,
                credential=self.credential,
                expires_on=next_year,
                state=self.directory / "state",
                run=self.directory / "run",
            ),
            encoding="utf-8",
        )
        self._spawn("agent", ["-m", "agent.cli", "run", "--config", str(config), "--hurry", f"{HURRY:g}"])

    @property
    def credential(self) -> Path:
        return self.directory / "credential"

    def _spawn(self, name: str, words: list[str]) -> None:
        with (self.directory / f"{name}.log").open("wb") as log:
            # a session of its own: Ctrl-C is for us, who then stop the children in order
            self.children[name] = subprocess.Popen(
                [sys.executable, *words], stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    def _check_children(self) -> None:
        for name, child in self.children.items():
            if child.poll() is not None:
                raise Died(name, "died", code=child.returncode)

    # -- the story ----------------------------------------------------------------------------------------------------

    def tell(self, *, once: bool) -> None:
        """What happens, as it happens, until the story is over (`once`) or somebody has had enough."""
        if not once:
            self.say("stay")
        while not (once and self._is_over()):
            self._check_children()
            self._tell_phase()
            self._tell_centre()
            time.sleep(LOOK_S)

    def _is_over(self) -> bool:
        return self.modem is None or self.modem.now > self.modem.script.lasts_s + SETTLE_S * self.speed

    def _tell_phase(self) -> None:
        phase = self.modem.player.phase if self.modem else ""
        if phase != self._phase:
            self._phase = phase
            word = self.word(phase) if phase in _WORDS else phase
            self.say("phase", style="bold", phase=word)

    def _tell_centre(self) -> None:
        known = self.ask(f"/api/v1/terminals/{TERMINAL}")
        if known and known.get("last_heard") and not self._heard:
            self._heard = True
            self.say("heard", style="good")
        changes = self.ask(f"/api/v1/terminals/{TERMINAL}/changes?limit=50") or {}
        for change in reversed(changes.get("changes", [])):
            key = (change["epoch"], change["seq"])
            if key not in self._changes:
                self._changes.add(key)
                self._tell_change(change)

    def _tell_change(self, change: Mapping[str, Any]) -> None:
        body = change["body"] or {}
        if change["type"] == "verdict":
            style = "good" if body.get("code") == "ok" else "bad"
            title = (body.get("titles") or {}).get(self.context.lang) or body.get("code")
            self.say("verdict", style=style, title=title, code=body.get("code"), before=body.get("previous") or "–")
        else:
            kind = f"kind.{change['type']}"
            name = self.word(kind) if kind in _WORDS else change["type"]
            self.say("change", kind=name, code=change["code"])

    def sum_up(self) -> None:
        """What the centre knows of the terminal, asked through its JSON API."""
        terminal = self.ask(f"/api/v1/terminals/{TERMINAL}")
        if terminal is None:
            raise CliError("the centre does not answer")
        reports = self.ask(f"/api/v1/terminals/{TERMINAL}/reports?limit=500") or {}
        if self.context.json:
            self.context.out.json(terminal | {"records": len(reports.get("reports", []))})
            return
        self.say("end", style="bold")
        for key, value in _summary(terminal, self.context.lang == "en").items():
            self._row(self.word(key), value)
        count = len(reports.get("reports", []))
        self._row(self.word("records"), self.word("records_row").format(count=count, changes=len(self._changes)))

    def _row(self, name: str, text: str) -> None:
        from agent.cli.columns import pad

        self.context.out.line(f"   {pad(name, 12)}{text}")

    # -- helpers ------------------------------------------------------------------------------------------------------

    def ask(self, path: str) -> dict[str, Any] | None:
        """The centre's answer; None while it gives none."""
        import http.client

        link = http.client.HTTPConnection("127.0.0.1", self.number, timeout=5)
        try:
            link.request("GET", path)
            answer = link.getresponse()
            body = answer.read()
            return dict(json.loads(body)) if answer.status == 200 else None
        except (OSError, ValueError, http.client.HTTPException):
            return None
        finally:
            link.close()

    def say(self, key: str, style: str | None = None, **values: object) -> None:
        text = self.word(key).format(**values)
        if self.context.json:
            self.context.out.note(text)
        else:
            self.context.out.line(text, style)
            self.context.out.stream.flush()

    def word(self, key: str) -> str:
        return _WORDS[key][self.context.lang == "en"]

    def show_log(self, died: Died) -> None:
        self.context.out.note(self.word(died.key).format(name=died.name, **died.values))
        with contextlib.suppress(OSError):
            lines = (self.directory / f"{died.name}.log").read_text(errors="replace").splitlines()
            for line in lines[-LOG_TAIL:]:
                self.context.out.note(f"  | {line}")


def _summary(terminal: Mapping[str, Any], english: bool) -> dict[str, str]:  # noqa: FBT001 - the language
    from agent.cli.status import size

    verdict, beat = terminal.get("verdict") or {}, terminal.get("heartbeat") or {}
    title = (verdict.get("titles") or {}).get("en" if english else "zh", "")
    signal_ = [f"{beat[key]:g} dBm" for key in ("rsrp_dbm", "rssi_dbm") if beat.get(key) is not None][:1]
    used = beat.get("used_bytes")
    return {
        "status": str(terminal.get("status")),
        "verdict_row": f"{title} [{verdict.get('code')}]",
        "card": str(beat.get("iccid") or "–"),
        "network": " ".join(str(beat[key]) for key in ("registration", "operator", "technology") if beat.get(key))
        or "–",
        "signal": " ".join([str(beat.get("quality") or "–"), *signal_]),
        "used": "–" if used is None else size(used),
        "last": str(terminal.get("last_heard")),
    }


def _speed(text: str) -> float:
    value = float(text)
    if not 0.1 <= value <= 5:
        raise argparse.ArgumentTypeError("0.1 to 5: the agent looks once a second")
    return value


def free_port() -> int:
    """A TCP port that nobody has on the loopback interface now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def end(child: "subprocess.Popen[bytes]") -> None:
    """SIGTERM, then after STOP_S SIGKILL; the child is gone when this returns."""
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(STOP_S)
        except subprocess.TimeoutExpired:
            child.kill()
    child.wait()


def _need_the_centre() -> None:
    from importlib.util import find_spec

    missing = [name for name in ("central", "starlette", "uvicorn", "jinja2") if find_spec(name) is None]
    if missing:
        raise CliError(
            f"the demo runs the centre too, and {', '.join(missing)} is missing: pip install 'posagent[central]'"
        )


@contextlib.contextmanager
def _directory(given: str | None) -> Iterator[Path]:
    if given is not None:
        path = Path(given).absolute()
        try:
            path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CliError(f"{path}: {error.strerror}") from None
        if (path / "central.db").exists():
            raise CliError(f"{path} holds an earlier demo: name an empty directory")
        yield path
        return
    path = Path(tempfile.mkdtemp(prefix="posagent-demo-"))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def _ended_by_sigterm() -> Iterator[None]:
    """SIGTERM ends us as Ctrl-C does: with everything stopped and removed."""

    def heard(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    try:
        before = signal.signal(signal.SIGTERM, heard)
    except ValueError:  # not the main thread: somebody else's process, and their signals
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
