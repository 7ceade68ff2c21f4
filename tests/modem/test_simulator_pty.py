"""The virtual modem on a real pseudo-terminal: path, link, unplugging, and nothing left behind."""

import contextlib
import os
import select
import threading
from pathlib import Path

import pytest

from modem.simulator import ScriptError, VirtualModem, load
from tests.modem.simulated import eventually, written

OK = b"\r\nOK\r\n"


def _ask(device: str, data: bytes, until: bytes = OK) -> bytes:
    descriptor = os.open(device, os.O_RDWR | os.O_NOCTTY)
    try:
        os.write(descriptor, data)
        return _read_until(descriptor, until)
    finally:
        os.close(descriptor)


def _read_until(descriptor: int, until: bytes) -> bytes:
    heard = b""
    while until not in heard and select.select([descriptor], [], [], 60.0)[0]:
        heard += os.read(descriptor, 4096)
    return heard


def test_a_client_talks_to_it_as_to_a_modem() -> None:
    with VirtualModem("healthy-lte") as device:
        assert _ask(device, b"AT+CSQ\r") == b"AT+CSQ\r\r\n+CSQ: 23,99\r\n\r\nOK\r\n"


def test_the_bytes_are_not_touched_by_the_terminal() -> None:
    with VirtualModem("healthy-lte") as device:
        odd = bytes(byte for byte in range(1, 256) if byte not in b"\n\r\x1b") + b"\r"
        assert _ask(device, odd, b"\r") == odd


def test_clients_come_and_go_and_the_settings_stay() -> None:
    with VirtualModem("healthy-lte") as device:
        _ask(device, b"ATE0\r")
        assert _ask(device, b"AT\r") == OK


def test_the_link_is_there_while_it_runs_and_gone_afterwards(tmp_path: Path) -> None:
    link = tmp_path / "modem"
    with VirtualModem("healthy-lte", link=link) as device:
        assert device == str(link)
        assert _ask(device, b"AT\r").endswith(OK)
    assert list(tmp_path.iterdir()) == []


def test_a_link_left_over_by_a_killed_run_is_replaced(tmp_path: Path) -> None:
    link = tmp_path / "modem"
    link.symlink_to("/dev/pts/99999")
    with VirtualModem("healthy-lte", link=link) as device:
        assert _ask(device, b"AT\r").endswith(OK)
    assert not link.is_symlink()


def test_what_is_no_link_of_ours_is_never_replaced(tmp_path: Path) -> None:
    file, other = tmp_path / "file", tmp_path / "other"
    file.write_text("mine")
    other.symlink_to(file)
    for path in (file, other, tmp_path):
        with pytest.raises(ScriptError, match="exists"):
            VirtualModem("healthy-lte", link=path).start()
    with pytest.raises(ScriptError, match="No such"):
        VirtualModem("healthy-lte", link=tmp_path / "gone" / "modem").start()
    assert file.read_text() == "mine"


def test_unplugging_hangs_up_and_the_link_moves_to_the_new_name(tmp_path: Path) -> None:
    script = written(
        tmp_path,
        '[modem]\npersona = "generic-lte"\n[[fault]]\nkind = "disappear"\nfrom_s = 20\nto_s = 60\nname = "again"\n',
    )
    folder = tmp_path / "dev"
    folder.mkdir()
    modem = VirtualModem(script, link=folder / "modem", speed=50)
    with modem as device:
        descriptor = os.open(device, os.O_RDWR | os.O_NOCTTY)
        assert _hung_up(descriptor)
        os.close(descriptor)
        assert eventually((folder / "again").is_symlink)
        assert not (folder / "modem").is_symlink()
        assert _ask(modem.device, b"AT\r").endswith(OK)
    assert list(folder.iterdir()) == []


def _hung_up(descriptor: int) -> bool:
    poll = select.poll()
    poll.register(descriptor, 0)  # a hang-up is told whatever was asked for
    return any(event & select.POLLHUP for _, event in poll.poll(60_000))


def test_a_module_that_does_not_read_blocks_the_writer(tmp_path: Path) -> None:
    script = written(tmp_path, '[modem]\npersona = "generic-lte"\n[[fault]]\nkind = "hang_write"\n')
    with VirtualModem(script) as device:
        descriptor = os.open(device, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        assert _writable_bytes(descriptor) < 1_000_000
        os.close(descriptor)


def _writable_bytes(descriptor: int) -> int:
    """How much goes out until the line takes no more."""
    count = 0
    with contextlib.suppress(BlockingIOError):
        while count < 1_000_000:
            count += os.write(descriptor, b"A" * 64 + b"\r")
    return count


def test_a_client_that_never_reads_costs_no_memory_and_no_hang(tmp_path: Path) -> None:
    script = written(tmp_path, '[modem]\npersona = "generic-lte"\n[[fault]]\nkind = "flood"\ngap_s = 0.001\n')
    modem = VirtualModem(script, speed=1000)
    modem.start()
    assert eventually(lambda: modem.now > 500)
    modem.stop()
    assert modem.device == ""


def test_trace_sees_both_directions() -> None:
    seen: list[tuple[str, bytes]] = []
    done = threading.Event()

    def trace(direction: str, data: bytes) -> None:
        seen.append((direction, data))
        if OK in data:
            done.set()

    with VirtualModem("healthy-lte", trace=trace) as device:
        _ask(device, b"AT\r")
        assert done.wait(60)
    assert b"".join(data for direction, data in seen if direction == ">") == b"AT\r"
    assert b"".join(data for direction, data in seen if direction == "<") == b"AT\r" + OK


def test_starting_and_stopping_leaks_neither_threads_nor_descriptors() -> None:
    script = load("healthy-lte")
    with VirtualModem(script):
        pass
    before = _resources()
    for _ in range(5):
        with VirtualModem(script):
            pass
    after = _resources()
    assert all(now <= then for now, then in zip(after, before, strict=True)), "what other tests left may end meanwhile"


def _resources() -> tuple[int, int]:
    return len(list(Path("/proc/self/fd").iterdir())), threading.active_count()
