"""The worker that owns the control socket. What is asked is answered elsewhere; here bytes come and go."""

import math

from agent.control_server import ControlServer
from agent.worker import LONGEST_SLEEP_S


class ControlBody:
    """A `worker.Body` whose sleep is the socket's own."""

    def __init__(self, server: ControlServer) -> None:
        self._server = server

    def step(self, now: float) -> float:  # noqa: ARG002 - the socket keeps its own time
        self._server.serve_once(0.0)
        return math.inf

    def wait(self, seconds: float) -> None:
        self._server.wait(min(seconds, LONGEST_SLEEP_S))

    def wake(self) -> None:
        self._server.wake()

    def close(self) -> None:
        self._server.close()
