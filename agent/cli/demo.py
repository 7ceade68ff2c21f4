"""`posagent demo`: everything on this machine. A virtual modem, the real daemon, the real centre, and a story.

Nothing is faked but the modem and when midnight is (agent/cli/demo_scene.py): the daemon and the centre are child
processes started by their own commands, and what is told is read from the centre's JSON API. Beside the demo's terminal
the centre knows 48 others with two weeks behind them, so that there is something to look at. All of it lives in one
directory, which is removed at the end unless it was named. Whatever ends the demo (its end, Ctrl-C, SIGTERM, a child
that died), the children end first.
"""

import argparse
import contextlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import field
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any

from agent.cli.context import EXIT_FAILURE, EXIT_OK, CliError, Context
from agent.cli.counts import counted
from agent.cli.demo_scene import HISTORY_DAYS, NEXT_DAY, Calendar, Place
from agent.cli.demo_story import AMOUNT, LONGEST_S, PATIENCE_S, Act, Centre, Known, Story, stage
from agent.cli.demo_words import WORDS
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
START_S = 120.0
"""A board that is busy with other things takes its time; a child that dies is noticed at once."""
STOP_S = 5.0
_ANYBODYS_PORTS = Path("/proc/sys/net/ipv4/ip_local_port_range")
LOOK_S = 0.5
LOG_TAIL = 20


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--once", action="store_true", help="play the story to its end, say what the centre knows, exit"
    )
    parser.add_argument(
        "--speed", type=_speed, default=1.25, help="of the story, where the machine keeps up (default 1.25)"
    )
    parser.add_argument("--state", metavar="DIR", help="keep everything in this directory (default: a temporary one)")


def run(options: argparse.Namespace, context: Context) -> int:
    _need_the_centre()
    interrupts = Interrupts()
    with interrupts.taken(), _directory(options.state) as directory, contextlib.ExitStack() as stack:
        demo = Demo(directory, context, options.speed, interrupts)
        stack.callback(demo.stop)
        try:
            story = demo.start()
            demo.tell(story, once=options.once)
            demo.sum_up(story)
        except Died as died:
            demo.show_log(died)
            return EXIT_FAILURE
    return EXIT_OK


class Interrupts:
    """SIGTERM and Ctrl-C end us alike, with everything stopped and removed; not while a child is being born, who would
    be left behind unknown.
    """

    def __init__(self) -> None:
        self._later = self._came = False

    @contextlib.contextmanager
    def taken(self) -> Iterator[None]:
        try:
            before = {number: signal.signal(number, self._heard) for number in (signal.SIGTERM, signal.SIGINT)}
        except ValueError:  # not the main thread: somebody else's process, and their signals
            before = {}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    @contextlib.contextmanager
    def later(self) -> Iterator[None]:
        self._later = True
        try:
            yield
        finally:
            self._later = False
        if self._came:
            raise KeyboardInterrupt

    def _heard(self, _number: int, _frame: FrameType | None) -> None:
        if not self._later:
            raise KeyboardInterrupt
        self._came = True


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
    interrupts: Interrupts = field(default_factory=Interrupts)
    number: int = 0
    children: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    modem: "VirtualModem | None" = None
    known: Known = field(default_factory=Known)
    _changes: set[tuple[str, int]] = field(default_factory=set)
    _told: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.number}"

    # -- beginning and end --------------------------------------------------------------------------------------------

    def start(self) -> Story:
        from modem.simulator import VirtualModem, load

        self.say("where", path=self.directory)
        self._run_centre("simulate", "--past", *self._database)  # before the calendar is made: it takes a second
        self.number = free_port()
        place, script = Place(self.directory, self.number, TERMINAL), load(SCENARIO)
        calendar = Calendar(int(time.time()))
        environment = calendar.write(self.directory)
        self._start_centre(place, environment)
        self.say("centre", url=self.url + "/")
        self.modem = VirtualModem(stage(script, calendar), link=self.directory / "modem")
        device = self.modem.start()
        self.say("modem", device=device)
        place.write_history(script, calendar)
        config = place.agent_config(device, calendar)
        words = ["-m", "agent.cli", "run", "--config", str(config), "--hurry", f"{HURRY:g}"]
        self._spawn("agent", words, environment)
        self.say("agent", pid=self.children["agent"].pid, days=HISTORY_DAYS)

        def midnight() -> None:
            place.agent_config(device, calendar, NEXT_DAY)
            self.children["agent"].send_signal(signal.SIGHUP)

        return Story(self.modem, script, calendar, Centre(self.number, TERMINAL), midnight)

    def stop(self) -> None:
        """Agent first: its last word shall still reach the centre."""
        for name in ("agent", "centre"):
            child = self.children.get(name)
            if child is not None:
                end(child)
        if self.modem is not None:
            self.modem.stop()

    def _start_centre(self, place: Place, environment: Mapping[str, str]) -> None:
        self._run_centre("terminal", "add", TERMINAL, "--credential-file", str(place.credential), *self._database)
        listen = ["--listen", f"127.0.0.1:{self.number}", "--config", str(place.centre_config())]
        self._spawn("centre", ["-m", "central.cli", "serve", *self._database, *listen], environment)
        self._await_centre()

    @property
    def _database(self) -> tuple[str, str]:
        return "--database", str(self.directory / "central.db")

    def _run_centre(self, *words: str) -> None:
        done = subprocess.run([sys.executable, "-m", "central.cli", *words], capture_output=True, check=False)
        if done.returncode:
            (self.directory / "centre.log").write_bytes(done.stdout + done.stderr)
            raise Died("centre", "died", code=done.returncode)

    def _await_centre(self) -> None:
        until, centre = time.monotonic() + START_S, Centre(self.number, TERMINAL)
        while centre.ask("/readyz") is None:
            self._check_children()
            if time.monotonic() > until:
                raise Died("centre", "slow", seconds=f"{START_S:g}")
            time.sleep(0.1)

    def _spawn(self, name: str, words: list[str], environment: Mapping[str, str]) -> None:
        with (self.directory / f"{name}.log").open("wb") as log, self.interrupts.later():
            # a session of its own: Ctrl-C is for us, who then stop the children in order
            self.children[name] = subprocess.Popen(
                [sys.executable, *words],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, env=environment,
            )  # fmt: skip

    def _check_children(self) -> None:
        for name, child in self.children.items():
            if child.poll() is not None:
                raise Died(name, "died", code=child.returncode)

    # -- the story ----------------------------------------------------------------------------------------------------

    def tell(self, story: Story, *, once: bool) -> None:
        """What happens, as it happens, to the end of the story (`once`), or until somebody has had enough."""
        if not once:
            self.say("stay")
        for act in story.acts():
            self.say("phase", style="bold", phase=self.word(act.name))
            self._play(act, story)
        if not once:
            self.say("told", style="bold")
        while not once:
            self._look(story)
            time.sleep(LOOK_S)

    def _play(self, act: Act, story: Story) -> None:
        begun = heard = time.monotonic()
        act.begin()
        while not act.is_over() or time.monotonic() - begun < act.pause_s / self.speed:
            before = self.known.news
            self._look(story)
            now = time.monotonic()
            heard = now if self.known.news != before else heard
            if now - heard > PATIENCE_S or now - begun > LONGEST_S:
                raise Died("agent", "stuck", phase=self.word(act.name), seconds=f"{PATIENCE_S:g}")
            time.sleep(LOOK_S)

    def _look(self, story: Story) -> None:
        self._check_children()
        story.known = self.known = story.centre.know()
        if self.known.beat:
            self._once("heard", "", lambda: self.say("heard", style="good"))
        self._tell_use()
        for change in self.known.changes:
            key = (change["epoch"], change["seq"])
            if key not in self._changes:
                self._changes.add(key)
                self._tell_change(change)
        self._tell_renewal()

    def _once(self, what: str, value: str, tell: Callable[[], object]) -> None:
        """Told when it is new, or another than the last time."""
        if self._told.get(what) != value:
            self._told[what] = value
            tell()

    def _tell_use(self) -> None:
        from agent.cli.status import size

        beat = self.known.beat
        used, quota, day = beat.get("used_bytes"), beat.get("quota_bytes"), beat.get("runs_out_on")
        if used is not None and quota is not None and day:
            told = {"used": size(used), "left": size(max(0, quota - used)), "day": day}
            self._once("use", f"{used}", lambda: self.say("forecast", **told))

    def _tell_change(self, change: Mapping[str, Any]) -> None:
        body = change["body"] or {}
        if change["type"] == "verdict":
            style = "good" if body.get("code") == "ok" else "bad"
            title = (body.get("titles") or {}).get(self.context.lang) or body.get("code")
            self.say("verdict", style=style, title=title, code=body.get("code"), before=body.get("previous") or "–")
        elif change["type"] == "reminder":
            left = int(body.get("days_left") or 0)
            word = "data_ends" if body.get("about") == "runs_out_on" else "reminder" if left >= 0 else "ended"
            self.say(word, style="warn", on=body.get("on"), days=counted(abs(left), "day", self.context.lang))
        else:
            kind = f"kind.{change['type']}"
            name = self.word(kind) if kind in WORDS else change["type"]
            self.say("change", kind=name, code=body.get("state") or change["code"] or "")

    def _tell_renewal(self) -> None:
        one = self.known.renewal
        state = str(one.get("state"))
        if f"renewal.{state}" in WORDS:
            self._once("renewal", state, lambda: self._tell_state(state, one))

    def _tell_state(self, state: str, one: Mapping[str, Any]) -> None:
        day = one.get("new_end") or one.get("period")
        words = {"day": day, "amount": AMOUNT, "reason": one.get("reason")}
        style = {"proved": "good", "failed": "bad"}.get(state)
        self.say("renewal_state", style=style, what=self.word(f"renewal.{state}").format(**words))

    def sum_up(self, story: Story) -> None:
        """What the centre knows of the terminal, asked through its JSON API."""
        self._look(story)
        terminal = self.known.terminal
        if not terminal:
            raise CliError("the centre does not answer")
        reports = story.centre.ask(f"/api/v1/terminals/{TERMINAL}/reports?limit=500") or {}
        count = len(reports.get("reports", []))
        if self.context.json:
            self.context.out.json(terminal | {"records": count, "renewal": self.known.renewal})
            return
        self.say("end", style="bold")
        for key, value in _summary(self.known, self.context.lang == "en").items():
            self._row(self.word(key), value)
        self._row(self.word("records"), self.word("records_row").format(count=count, changes=len(self._changes)))

    def _row(self, name: str, text: str) -> None:
        from agent.cli.columns import pad

        self.context.out.line(f"   {pad(name, 12)}{text}")

    # -- helpers ------------------------------------------------------------------------------------------------------

    def say(self, key: str, style: str | None = None, **values: object) -> None:
        text = self.word(key).format(**values).rstrip()
        if self.context.json:
            self.context.out.note(text)
        else:
            self.context.out.line(text, style)
            self.context.out.stream.flush()

    def word(self, key: str) -> str:
        return WORDS[key][self.context.lang == "en"]

    def show_log(self, died: Died) -> None:
        self.context.out.note(self.word(died.key).format(name=died.name, **died.values))
        with contextlib.suppress(OSError):
            lines = (self.directory / f"{died.name}.log").read_text(errors="replace").splitlines()
            for line in lines[-LOG_TAIL:]:
                self.context.out.note(f"  | {line}")


def _summary(known: Known, english: bool) -> dict[str, str]:  # noqa: FBT001 - the language
    from agent.cli.status import size

    terminal, beat = known.terminal, known.beat
    verdict = terminal.get("verdict") or {}
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
        "expires": str(beat.get("expires_on") or "–"),
        "renewal_row": str(known.renewal.get("state") or "–"),
        "last": str(terminal.get("last_heard")),
    }


def _speed(text: str) -> float:
    value = float(text)
    if not 0.1 <= value <= 5:
        raise argparse.ArgumentTypeError("0.1 to 5: the agent looks once a second")
    return value


def free_port(kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
    """A port that nobody has on the loopback interface now, and that nobody gets who asks the kernel for any: it stays
    free until the one it is meant for listens.
    """
    chosen = random.SystemRandom()
    try:
        below = int(_ANYBODYS_PORTS.read_text().split()[0])
    except (OSError, ValueError):
        below = 32_768
    while True:
        port = chosen.randrange(min(10_000, below // 2), below)
        with socket.socket(type=kind) as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


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
