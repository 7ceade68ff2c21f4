"""An HTTP proxy that connects through to one server."""

import socket
import threading
from contextlib import suppress


class OneProxy:
    """An HTTP proxy for one CONNECT; `answer` is what it says."""

    def __init__(self, target: int, answer: bytes = b"HTTP/1.1 200 Go\r\nVia: x\r\n\r\n") -> None:
        self.heads: list[bytes] = []
        self._target, self._answer = target, answer

    def __enter__(self) -> "OneProxy":
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._threads = [threading.Thread(target=self._serve, daemon=True)]
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # who waits for a caller is woken
        self._listener.close()
        for thread in self._threads:
            thread.join(5.0)

    def _serve(self) -> None:
        with suppress(OSError):
            self._connect()

    def _connect(self) -> None:
        inside, _ = self._listener.accept()
        with inside, socket.create_connection(("127.0.0.1", self._target)) as outside:
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                byte = inside.recv(1)
                if not byte:
                    return
                head += byte
            self.heads.append(head)
            inside.sendall(self._answer)
            back = threading.Thread(target=_pump, args=(outside, inside), daemon=True)
            back.start()
            _pump(inside, outside)
            back.join(5.0)


def _pump(source: socket.socket, sink: socket.socket) -> None:
    try:
        while data := source.recv(65_536):
            sink.sendall(data)
    except OSError:
        pass
    for sock in (source, sink):
        try:
            sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            continue
