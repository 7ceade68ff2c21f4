"""The daemon's local socket, as both sides speak it, and asking it: one JSON object on one line asks, one answers.

A request holds "op"; an answer holds "ok", then "result" or "error": {"code", "message"}. The daemon's side is
agent/control_server.py; docs/control-socket.md is for users.
"""

import json
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

SOCKET_NAME = "control.sock"
MAX_REPLY_BYTES = 4 * 1024 * 1024
_MAX_ADDRESS = 107

Json = dict[str, Any]


class NoDaemon(Exception):
    """No daemon listens in this directory (or it does not answer in time)."""


class NoAnswer(NoDaemon):
    """It listens, and did not answer in time."""


class Refused(Exception):
    """The daemon understood and said no; `code` is one word, the message is for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def ask_daemon(run_dir: Path | str, request: Mapping[str, Any], timeout_s: float = 10.0) -> Json:
    """The daemon's "result" for this request. NoDaemon when there is none, Refused when it says no."""
    path = Path(run_dir) / SOCKET_NAME
    try:
        answer = _exchange(path, json.dumps(request).encode() + b"\n", timeout_s)
    except PermissionError:
        raise NoDaemon(f"{path}: this user may not ask the daemon (group posagent may)") from None
    except TimeoutError:
        raise NoAnswer(f"{path}: the daemon gave no answer within {timeout_s:g} s") from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise NoDaemon(f"no daemon answers at {path} ({why})") from None
    if answer.get("ok") is True and isinstance(answer.get("result"), dict):
        return dict(answer["result"])
    error_part = answer.get("error")
    known = error_part if isinstance(error_part, dict) else {}
    raise Refused(
        str(known.get("code", "unreadable")), str(known.get("message", "the daemon's answer is not readable"))
    )


def _exchange(path: Path, line: bytes, timeout_s: float) -> Json:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as link:
        link.settimeout(timeout_s)
        with address_of(path) as address:
            link.connect(address)
        link.sendall(line)
        received = bytearray()
        while not received.endswith(b"\n"):
            chunk = link.recv(65536)
            if not chunk:
                raise ConnectionResetError("it hung up")
            received += chunk
            if len(received) > MAX_REPLY_BYTES:
                raise ValueError("an endless answer")
    answer = json.loads(received)
    if not isinstance(answer, dict):
        raise ValueError("no JSON object")
    return answer


def success(result: Mapping[str, Any]) -> Json:
    return {"ok": True, "result": dict(result)}


def failure(code: str, message: str) -> Json:
    return {"ok": False, "error": {"code": code, "message": message}}


@contextmanager
def address_of(path: Path) -> Iterator[str]:
    """`path` as bind and connect take it: they refuse more than 107 bytes (unix(7)); a long one goes by its folder."""
    if len(os.fsencode(path)) <= _MAX_ADDRESS:
        yield str(path)
        return
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)
