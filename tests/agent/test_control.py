"""The daemon's socket: a real one."""

import json
import os
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent.control import SOCKET_NAME, Json, NoDaemon, Refused, ask_daemon, success
from agent.control_server import CLIENT_PATIENCE_S, MAX_CLIENTS, MAX_REQUEST_BYTES, Answer, ControlServer, Peer, Stay
from tests.fakes.clock import FakeClock


class Served:
    """A server with a thread of its own, and a handler that the test chooses."""

    def __init__(self, run_dir: Path) -> None:
        self.run_dir = run_dir
        self.clock = FakeClock()
        self.handler: Callable[[Json, Peer, Answer], Stay | None] = lambda request, _peer, answer: answer(
            success(request)
        )
        self.server = ControlServer(run_dir, self._handle, self.clock.monotonic)
        self.stopped = False
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def _handle(self, request: Json, peer: Peer, answer: Answer) -> Stay | None:
        return self.handler(request, peer, answer)

    def _serve(self) -> None:
        while not self.stopped:
            self.server.serve_once(1.0)
        self.server.close()

    def stop(self) -> None:
        self.stopped = True
        self.server.wake()
        self.thread.join(60)

    def connect(self) -> socket.socket:
        link = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        link.settimeout(60)
        link.connect(str(self.run_dir / SOCKET_NAME))
        return link


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    held = Served(tmp_path)
    yield held
    held.stop()


def test_a_question_is_answered(served: Served) -> None:
    assert ask_daemon(served.run_dir, {"op": "status", "n": 1}) == {"op": "status", "n": 1}


def test_the_socket_is_for_user_and_group_only(served: Served) -> None:
    assert (served.run_dir / SOCKET_NAME).stat().st_mode & 0o777 == 0o660


def test_an_answer_may_come_later_and_from_another_thread(served: Served) -> None:
    waiting: list[Answer] = []
    asked = threading.Event()

    def later(request: Json, peer: Peer, answer: Answer) -> None:
        waiting.append(answer)
        asked.set()

    served.handler = later
    with served.connect() as link:
        link.sendall(b'{"op": "diag"}\n')
        assert asked.wait(60)
        served.handler = lambda request, peer, answer: answer(success({"quick": True}))
        assert ask_daemon(served.run_dir, {"op": "status"}) == {"quick": True}  # others are served meanwhile
        waiting[0](success({"slow": True}))
        assert json.loads(link.recv(4096)) == {"ok": True, "result": {"slow": True}}


def test_a_refusal_reaches_the_one_who_asked(served: Served) -> None:
    def refuse(request: Json, peer: Peer, answer: Answer) -> None:
        raise Refused("unknown_op", "no such thing")

    served.handler = refuse
    with pytest.raises(Refused, match="no such thing") as caught:
        ask_daemon(served.run_dir, {"op": "dance"})
    assert caught.value.code == "unknown_op"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (b"hello\n", "bad_request"),
        (b"[]\n", "bad_request"),
        (b'{"op": 3}\n', "bad_request"),
        (b"[" * 20_000 + b"\n", "bad_request"),
        (b"\xff\n", "bad_request"),
        (b"x" * (MAX_REQUEST_BYTES + 1), "too_long"),
    ],
)
def test_a_line_that_is_no_request_is_refused_and_hurts_nobody(served: Served, line: bytes, code: str) -> None:
    with served.connect() as link:
        link.sendall(line)
        assert json.loads(link.recv(4096))["error"]["code"] == code
    assert ask_daemon(served.run_dir, {"op": "status"})


def test_writing_is_for_root_and_the_daemons_user() -> None:
    assert Peer(1, os.geteuid(), 0).may_write()
    assert Peer(1, 0, 0).may_write()
    assert not Peer(1, os.geteuid() + 1, 0).may_write()


def test_a_stranger_may_read_but_not_write(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Peer, "may_write", lambda self: False)
    assert ask_daemon(served.run_dir, {"op": "status"})
    with pytest.raises(Refused, match="root"):
        ask_daemon(served.run_dir, {"op": "at", "commands": ["AT"]})


def test_the_kernel_says_who_asks(served: Served) -> None:
    served.handler = lambda request, peer, answer: answer(success({"pid": peer.pid, "uid": peer.uid}))
    assert ask_daemon(served.run_dir, {"op": "status"}) == {"pid": os.getpid(), "uid": os.geteuid()}


def test_one_who_says_nothing_is_hung_up_on(served: Served) -> None:
    with served.connect() as link:
        link.sendall(b'{"op"')
        assert ask_daemon(served.run_dir, {"op": "status"})  # by now the silent one was accepted
        served.clock.advance(CLIENT_PATIENCE_S + 1)
        served.server.wake()
        assert link.recv(100) == b""


def test_too_many_clients_are_turned_away(served: Served) -> None:
    links = [served.connect() for _ in range(MAX_CLIENTS)]
    with pytest.raises(NoDaemon):
        ask_daemon(served.run_dir, {"op": "status"})
    for link in links:
        link.close()


def test_a_client_that_leaves_early_is_forgotten(served: Served) -> None:
    waiting: list[Answer] = []
    asked = threading.Event()

    def later(request: Json, peer: Peer, answer: Answer) -> None:
        waiting.append(answer)
        asked.set()

    served.handler = later
    link = served.connect()
    link.sendall(b'{"op": "diag"}\n')
    assert asked.wait(60)
    link.close()
    waiting[0](success({}))
    served.handler = lambda request, peer, answer: answer(success({"fine": True}))
    assert ask_daemon(served.run_dir, {"op": "status"}) == {"fine": True}


def test_without_a_daemon_it_is_said(tmp_path: Path) -> None:
    with pytest.raises(NoDaemon, match="no daemon answers"):
        ask_daemon(tmp_path, {"op": "status"})


def test_a_dead_daemons_socket_is_replaced(tmp_path: Path) -> None:
    dead = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    dead.bind(str(tmp_path / SOCKET_NAME))
    dead.close()
    with pytest.raises(NoDaemon):
        ask_daemon(tmp_path, {"op": "status"})
    held = Served(tmp_path)
    assert ask_daemon(tmp_path, {"op": "status"})
    held.stop()
    assert not (tmp_path / SOCKET_NAME).exists()


def test_a_living_daemons_socket_is_left_alone(served: Served) -> None:
    with pytest.raises(FileExistsError, match="another daemon"):
        ControlServer(served.run_dir, served.handler, served.clock.monotonic)
    assert ask_daemon(served.run_dir, {"op": "status"})


def test_a_file_in_the_way_is_not_deleted(tmp_path: Path) -> None:
    (tmp_path / SOCKET_NAME).write_text("precious")
    with pytest.raises(FileExistsError, match="no socket"):
        ControlServer(tmp_path, lambda request, peer, answer: None, FakeClock().monotonic)
    assert (tmp_path / SOCKET_NAME).read_text() == "precious"


def test_a_folder_with_a_long_name_is_no_hindrance(tmp_path: Path) -> None:
    deep = tmp_path / ("a" * 100) / ("b" * 100)
    held = Served(deep)
    assert ask_daemon(deep, {"op": "status"})
    held.stop()
    assert not (deep / SOCKET_NAME).exists()


@pytest.mark.parametrize("line", [b'{"op": "diag"}\n', b'{"op": "diag"}'])
def test_who_has_said_all_and_shut_that_side_is_answered_however_late(served: Served, line: bytes) -> None:
    waiting: list[Answer] = []
    asked = threading.Event()

    def later(request: Json, peer: Peer, answer: Answer) -> None:
        waiting.append(answer)
        asked.set()

    served.handler = later
    with served.connect() as link:
        link.sendall(line)
        link.shutdown(socket.SHUT_WR)
        assert asked.wait(60)
        served.handler = lambda request, peer, answer: answer(success({}))
        for _ in range(3):  # rounds in which the shut side was seen
            ask_daemon(served.run_dir, {"op": "status"})
        waiting[0](success({"slow": True}))
        assert json.loads(link.makefile().readline()) == {"ok": True, "result": {"slow": True}}


def test_those_who_left_before_their_answer_take_nobodys_place(served: Served) -> None:
    asked = threading.Semaphore(0)

    def never(request: Json, peer: Peer, answer: Answer) -> None:
        asked.release()

    served.handler = never
    for _ in range(MAX_CLIENTS + 4):
        with served.connect() as link:
            link.sendall(b'{"op": "diag"}\n')
            link.shutdown(socket.SHUT_WR)
            assert asked.acquire(timeout=60)
    served.handler = lambda request, peer, answer: answer(success({"here": True}))
    assert ask_daemon(served.run_dir, {"op": "status"}) == {"here": True}


def test_a_stay_ends_when_its_client_shuts_its_side(served: Served) -> None:
    gone = threading.Event()
    served.handler = lambda request, peer, answer: Stay(served.clock.monotonic() + 60, gone.set)
    with served.connect() as link:
        link.sendall(b'{"op": "hold"}\n')
        link.shutdown(socket.SHUT_WR)
        assert gone.wait(60)
