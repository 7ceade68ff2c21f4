"""While a payment holds the line not one AT byte is sent: counted at the modem, with a real daemon and real locks."""

import fcntl
import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.control import Refused, ask_daemon
from modem.simulator import VirtualModem
from tests.fakes.agent_process import ROOT, AgentProcess
from tests.fakes.eventually import eventually

PAUSE = threading.Event()


class Counted:
    """A daemon that looks every second, and how many bytes its modem got."""

    def __init__(self, folder: Path) -> None:
        self.bytes = 0
        self.modem = VirtualModem("healthy-lte", trace=self._count)
        self.agent = AgentProcess(folder, self.modem.start())

    def _count(self, direction: str, data: bytes) -> None:
        self.bytes += len(data) if direction == ">" else 0

    def silent_for(self, seconds: float) -> bool:
        before = self.bytes
        PAUSE.wait(seconds)
        return self.bytes == before

    def talks_again(self) -> bool:
        before = self.bytes
        return eventually(lambda: self.bytes > before, "it looks again")

    def hold(self, **more: object) -> socket.socket:
        """The connection of a lease, once it is quiet."""
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        link.settimeout(60)
        link.connect(str(self.agent.run_dir / "control.sock"))
        link.sendall(json.dumps({"op": "hold"} | more).encode() + b"\n")
        answer = json.loads(link.recv(4096))
        assert answer["ok"] is True, answer
        return link

    def line(self) -> dict[str, object]:
        return dict(eventually(lambda: self.agent.ask("status"), "the daemon answers")["line"])


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counted]:
    made = Counted(tmp_path_factory.mktemp("hold"))
    try:
        made.agent.start()
        eventually(lambda: made.agent.verdict() == "ok", "the verdict is ok")
        yield made
    finally:
        made.agent.end()
        made.modem.stop()


def test_no_byte_while_the_connection_of_a_lease_is_open_and_looks_after_it(counted: Counted) -> None:
    with counted.hold(seconds=60):
        assert counted.silent_for(2.5)
        assert counted.line()["held"] is True
    assert counted.talks_again()
    eventually(lambda: counted.agent.verdict() == "ok", "the verdict is ok again")


def test_whoever_wants_something_sent_during_a_lease_is_told(counted: Counted) -> None:
    with counted.hold(seconds=60):
        for asked in ({"op": "at", "commands": ["AT"]}, {"op": "diag"}, {"op": "ussd", "code": "*100#"}):
            with pytest.raises(Refused) as caught:
                ask_daemon(counted.agent.run_dir, asked)
            assert caught.value.code == "held"
        assert counted.silent_for(0.5)


def test_a_detached_lease_ends_by_its_time_or_by_its_id(counted: Counted) -> None:
    granted = ask_daemon(counted.agent.run_dir, {"op": "hold", "seconds": 60, "detached": True})
    assert counted.silent_for(1.5)
    assert ask_daemon(counted.agent.run_dir, {"op": "release", "lease": granted["lease"]}) == {"released": True}
    assert ask_daemon(counted.agent.run_dir, {"op": "release", "lease": granted["lease"]}) == {"released": False}
    assert counted.talks_again()


def test_a_lock_on_the_file_silences_it_and_a_killed_holder_frees_it(counted: Counted) -> None:
    path = counted.agent.run_dir / "hold"
    eventually(path.exists, "the file is there")
    script = f"exec 9<{path}; flock 9; echo locked; exec sleep 60"
    with subprocess.Popen(["bash", "-c", script], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"locked\n"
        assert counted.silent_for(2.5)
        holder.kill()
    assert counted.talks_again()


@pytest.mark.parametrize("ending", ["SIGKILL", "exit"])
def test_the_command_holds_for_as_long_as_it_runs(counted: Counted, ending: str) -> None:
    words = [sys.executable, "-m", "agent.cli", "hold", "--config", str(counted.agent.config), "30", "--"]
    script = "echo running; read line; exit 9"
    with subprocess.Popen(
        [*words, "bash", "-c", script], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as wrapper:
        assert wrapper.stdout is not None
        assert wrapper.stdin is not None
        assert wrapper.stdout.readline() == b"running\n"
        eventually(lambda: counted.silent_for(2.0), "it is quiet")  # a slow daemon is not waited for by the command
        if ending == "SIGKILL":
            wrapper.kill()
        wrapper.stdin.write(b"\n")
        wrapper.stdin.close()
        code = wrapper.wait(60)
    assert code == (9 if ending == "exit" else -9)
    assert counted.talks_again()


def test_requests_that_make_no_sense_are_refused(counted: Counted) -> None:
    for asked in ({"seconds": "long"}, {"seconds": -1}, {"seconds": True}, {"seconds": 5, "detached": 1}):
        with pytest.raises(Refused) as caught:
            ask_daemon(counted.agent.run_dir, {"op": "hold"} | asked)
        assert caught.value.code == "bad_request"


def test_a_lease_outlives_its_daemon_in_the_command(tmp_path: Path) -> None:
    made = Counted(tmp_path)
    words = [sys.executable, "-m", "agent.cli", "hold", "--config", str(made.agent.config), "60"]
    try:
        made.agent.start()
        eventually(lambda: made.agent.verdict() == "ok", "the verdict is ok")
        with subprocess.Popen(words, cwd=ROOT) as wrapper:
            eventually(lambda: made.line()["held"], "it is held")
            made.agent.stop()
            eventually(lambda: not _free(made.agent.run_dir / "hold"), "the lock took its place")
            made.agent.start()
            assert made.silent_for(2.0)
            wrapper.kill()
        assert made.talks_again()
    finally:
        made.agent.end()
        made.modem.stop()


def _free(path: Path) -> bool:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True
