"""A capture is played back to the byte, and nothing is made up."""

import ast
import contextlib
import json
import os
import select
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modem import simulator
from modem.simulator import ScriptError, VirtualModem, load
from modem.simulator.capture import Capture, Exchange, capture_from, load_capture
from modem.simulator.recorded import Recorded
from modem.simulator.tables import octets, read_document
from tests.modem.simulated import CAPTURES, Line, line_of, written

DEVICES = sorted(
    path
    for path in CAPTURES.glob("*.toml")
    if read_document(path).get("kind") == "device" and read_document(path).get("exchange")
)
CORPORA = sorted(path for path in CAPTURES.glob("*.toml") if read_document(path).get("kind") == "corpus")


def _expected(exchange: Exchange) -> bytes:
    """The rule of the captures' README, written down once more."""
    return b"" if exchange.reply is None else exchange.echo + exchange.reply


def _read_exactly(descriptor: int, count: int) -> bytes:
    data = b""
    while len(data) < count and select.select([descriptor], [], [], 5.0)[0]:
        data += os.read(descriptor, 4096)
    return data


@pytest.mark.parametrize("path", DEVICES, ids=lambda path: path.stem)
def test_every_capture_comes_back_byte_for_byte_over_a_pty(path: Path) -> None:
    capture = load_capture(path)
    with VirtualModem(load(path), speed=1000) as device:
        descriptor = os.open(device, os.O_RDWR | os.O_NOCTTY)
        try:
            for exchange in capture.exchanges:
                os.write(descriptor, octets(exchange.command) + b"\r")
                expected = _expected(exchange)
                assert _read_exactly(descriptor, len(expected)) == expected
                if b"\r\nCONNECT" in expected:
                    os.write(descriptor, b"+++")
                    assert b"OK" in _read_exactly(descriptor, 6)
        finally:
            os.close(descriptor)


@pytest.mark.parametrize("path", DEVICES, ids=lambda path: path.stem)
def test_every_capture_comes_back_byte_for_byte_in_memory(path: Path) -> None:
    line = Line(load(path))
    for exchange in load_capture(path).exchanges:
        expected = _expected(exchange)
        heard = line.ask(exchange.command)
        assert heard == expected
        if b"\r\nCONNECT" in expected:
            line.port.write(b"+++", 1.0)
            line.listen()


@pytest.mark.parametrize("path", CORPORA, ids=lambda path: path.stem)
def test_answers_of_several_devices_are_no_modem(path: Path) -> None:
    with pytest.raises(ScriptError, match="corpus"):
        load(path)


def test_toml_and_json_say_the_same(tmp_path: Path) -> None:
    path = CAPTURES / "quectel-ec200t-01-healthy.toml"
    document = read_document(path)
    document["exchanges"] = [{"reply": None, "echo": None} | item for item in document.pop("exchange")]
    document.setdefault("failure_case", None)
    twin = written(tmp_path, json.dumps(document), "twin.json")
    assert load_capture(twin).exchanges == load_capture(path).exchanges


def _capture(*exchanges: Exchange, **more: str) -> Capture:
    return Capture("here", more.get("model", ""), more.get("vendor", ""), more.get("firmware", ""), exchanges)


OK = b"\r\nOK\r\n"


def _said(persona: Recorded, command: str) -> bytes | None:
    answer = persona.answer(command)
    return None if answer is None else answer.wire


def test_a_command_asked_again_gets_the_answers_in_order_then_the_last_one() -> None:
    persona = Recorded(_capture(Exchange("AT+CSQ", b"1"), Exchange("AT", OK), Exchange("AT+CSQ", b"2")))
    assert [_said(persona, "AT+CSQ") for _ in range(4)] == [b"1", b"2", b"2", b"2"]


def test_silence_lasts_as_many_tries_as_were_captured() -> None:
    persona = Recorded(_capture(Exchange("AT", None), Exchange("AT", None), Exchange("AT", OK)))
    assert [_said(persona, "AT") for _ in range(3)] == [None, None, OK]


def test_case_does_not_matter() -> None:
    persona = Recorded(_capture(Exchange("AT+COPS?", b"yes")))
    assert _said(persona, "at+cops?") == b"yes"


def test_a_command_that_was_not_captured_is_refused_and_not_invented() -> None:
    persona = Recorded(_capture(Exchange("AT", OK)))
    assert _said(persona, "AT+CIMI") == b"\r\nERROR\r\n"
    assert _said(persona, "AT+CMEE=1") == OK
    assert _said(persona, "AT+CIMI") == b"\r\n+CME ERROR: 4\r\n"
    assert _said(persona, "AT+CMEE=2") == OK
    assert _said(persona, "AT+CREG?") == b"\r\n+CME ERROR: operation not supported\r\n"


@pytest.mark.parametrize("command", ["AT", "ATE0", "ATE1", "ATZ", "AT&F", "AT+CMEE=1", "AT+CREG=2", "AT+CEREG=3"])
def test_settings_that_every_modem_knows_are_accepted(command: str) -> None:
    answer = Recorded(_capture(Exchange("AT+CSQ", b"1"))).answer(command)
    assert answer is not None
    assert answer.ok


def test_the_identity_comes_from_the_header_if_no_exchange_has_it() -> None:
    persona = Recorded(_capture(Exchange("AT", OK), vendor="Quectel", model="EC25", firmware="A06"))
    assert _said(persona, "ATI") == b"\r\nQuectel\r\nEC25\r\nRevision: A06\r\n\r\nOK\r\n"
    assert _said(Recorded(_capture(Exchange("AT", OK))), "ATI") == b"\r\nERROR\r\n"


def test_remarks_in_the_header_are_not_what_the_module_says() -> None:
    persona = Recorded(_capture(Exchange("AT", OK), model="EM7455 (Dell DW5811e)", firmware="not stated"))
    assert _said(persona, "AT+CGMM") == b"\r\nEM7455\r\n\r\nOK\r\n"
    assert _said(persona, "AT+CGMR") == b"\r\nERROR\r\n"


def test_a_compound_command_is_looked_up_whole_then_part_by_part() -> None:
    creg, csq = b"\r\n+CREG: 0,1\r\n" + OK, b"\r\n+CSQ: 9,99\r\n" + OK
    persona = Recorded(
        _capture(Exchange("AT+CREG?", creg), Exchange("AT+CSQ", csq), Exchange("AT+CSQ;+CREG?", b"whole"))
    )
    assert _said(persona, "AT+CREG?;+CSQ") == b"\r\n+CREG: 0,1\r\n\r\n+CSQ: 9,99\r\n\r\nOK\r\n"
    assert _said(persona, "AT+CSQ;+CREG?") == b"whole"
    assert _said(persona, "AT+CREG?;+FOO;+CSQ") == b"\r\n+CREG: 0,1\r\n\r\nERROR\r\n"


def test_ate0_silences_the_echo_of_what_was_captured_before_it() -> None:
    persona = Recorded(_capture(Exchange("AT", OK, b"AT\r"), Exchange("AT+CSQ", b"AT+CSQ\rx" + OK, echo_in_reply=True)))
    assert _said(persona, "AT") == b"AT\r" + OK
    assert _said(persona, "ATE0") == b"ATE0\r" + OK
    assert _said(persona, "AT") == OK
    assert _said(persona, "AT+CSQ") == b"x" + OK
    assert _said(persona, "ATE1") == OK
    assert _said(persona, "AT+FOO") == b"AT+FOO\r\r\nERROR\r\n"


def test_what_the_device_did_after_its_own_ate0_stays_what_it_did() -> None:
    restarted = Exchange("AT+CREG?", b"AT+CREG?\r\r\n+CREG: 0,1\r\n" + OK, echo_in_reply=True)
    persona = Recorded(_capture(Exchange("AT", OK, b"AT\r"), Exchange("ATE0", OK, b"ATE0\r"), restarted))
    _said(persona, "ATE0")
    assert _said(persona, "AT") == OK
    assert _said(persona, "AT+CREG?") == restarted.reply


def test_recorded_cuts_are_kept_with_their_gaps() -> None:
    line = Line(load(CAPTURES / "simcom-sim800-05-healthy.toml"))
    assert line.pieces("AT") == [(0.005, b"\r\n"), (0.055, b"OK\r\n")]


@pytest.mark.parametrize(
    ("mode", "first", "after"),
    [("none", b"", b""), ("start", b"\r\nRDY\r\n\r\nX: 1\r\n", b""), ("between", b"", b"\r\nRDY\r\n")],
)
def test_captured_urcs_come_at_the_start_or_between_commands(
    tmp_path: Path, mode: str, first: bytes, after: bytes
) -> None:
    path = written(tmp_path, 'urcs = ["RDY", "X: 1"]\n[[exchange]]\ncmd = "AT"\nreply = "\\r\\nOK\\r\\n"\n')
    line = Line(load(path, mode))
    assert line.listen() == first
    assert line.ask("AT") == OK + after


def test_connect_opens_data_mode_until_the_escape() -> None:
    line = Line(load(CAPTURES / "huawei-e3372-01-healthy.toml"))
    assert b"CONNECT" in line.ask("ATDT*99#")
    assert line.ask("\x7e\xff\x03 anything") == b""
    line.port.write(b"+++", 1.0)
    assert line.listen() == OK


def test_a_new_client_is_heard_even_if_the_old_one_left_data_mode_open() -> None:
    line = Line(load(CAPTURES / "huawei-e3372-01-healthy.toml"))
    line.ask("ATDT*99#")
    assert b"OK" in line.ask("AT")


HOSTILE = {
    "empty": ("x.toml", "", "neither"),
    "not TOML": ("x.toml", "a = = b", "parsed"),
    "not JSON": ("x.json", "{", "parsed"),
    "deep JSON": ("x.json", "[" * 100_000, "nested|parsed"),
    "deep TOML": ("x.toml", "a = " + "[" * 100_000, "nested|parsed"),
    "a list": ("x.json", "[]", "one table"),
    "huge integer": ("x.json", '{"kind": ' + "9" * 5000 + "}", "parsed"),
    "command missing": ("x.json", '{"exchanges": [{"reply": "x"}]}', r"exchanges\[1\]\.cmd: is missing"),
    "command no text": ("x.json", '{"exchanges": [{"cmd": 1}]}', "must be a text"),
    "reply no text": ("x.json", '{"exchanges": [{"cmd": "AT", "reply": ["x"]}]}', "must be a text"),
    "echo no flag": ("x.json", '{"exchanges": [{"cmd": "AT", "echo": "yes"}]}', "true or false"),
    "command long": ("x.json", json.dumps({"exchanges": [{"cmd": "A" * 3000}]}), "longer"),
    "reply long": ("x.json", json.dumps({"exchanges": [{"cmd": "AT", "reply": "A" * 70_000}]}), "longer"),
    "exchanges no list": ("x.json", '{"exchanges": {"cmd": "AT"}}', "list of tables"),
    "urcs no list": ("x.json", '{"exchanges": [{"cmd": "AT"}], "urcs": 5}', "list of texts"),
    "chunks no table": ("x.json", '{"exchanges": [{"cmd": "AT"}], "rx_chunks": []}', "a table"),
    "gap not finite": ("x.toml", 'chunk_gap_ms = nan\n[[exchange]]\ncmd = "AT"', "from 0 to"),
    "kind unknown": ("x.json", '{"kind": "film", "exchanges": [{"cmd": "AT"}]}', "allowed are"),
    "nothing in it": ("x.json", '{"kind": "device", "exchanges": []}', "nothing to play"),
    "huge": ("x.json", " " * 1_100_000, "larger"),
    "too many": ("x.json", json.dumps({"exchanges": [{"cmd": "AT"}] * 6000}), "more than"),
    "other suffix": ("x.txt", "AT", "neither"),
}


@pytest.mark.parametrize("case", HOSTILE, ids=lambda case: case)
def test_a_file_that_cannot_be_used_is_named_with_its_reason(tmp_path: Path, case: str) -> None:
    name, text, reason = HOSTILE[case]
    with pytest.raises(ScriptError, match=reason) as caught:
        load(written(tmp_path, text, name))
    assert name in str(caught.value)
    assert len(str(caught.value)) < 1000


def test_a_file_that_is_no_text_or_no_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    os.mkfifo(tmp_path / "fifo.toml")
    (tmp_path / "folder.toml").mkdir()
    for name, reason in (("bytes", "UTF-8"), ("fifo", "regular"), ("folder", "irectory|regular"), ("gone", "No such")):
        with pytest.raises(ScriptError, match=reason):
            load(tmp_path / f"{name}.toml")


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_KEYS = st.sampled_from(
    ["kind", "exchanges", "exchange", "urcs", "rx_chunks", "chunk_gap_ms", "model", "vendor", "cmd"]
)


@given(st.dictionaries(_KEYS, _JSON | st.lists(st.dictionaries(st.sampled_from(["cmd", "reply", "echo"]), _JSON))))
def test_any_document_is_a_capture_or_a_clear_error(document: dict[str, object]) -> None:
    with contextlib.suppress(ScriptError):
        Recorded(capture_from(document, "here")).answer("AT")


@given(st.lists(st.binary(max_size=64), max_size=20))
def test_any_bytes_from_the_host_are_survived(writes: list[bytes]) -> None:
    line = Line(load(CAPTURES / "quectel-ec200t-01-healthy.toml"))
    for data in writes:
        line.port.write(data, 1.0)
        line.listen(0.1)
    line.port.write(b"\x1a\r", 1.0)
    line.listen()
    assert b"OK" in line.ask("AT")


def test_captured_garbage_is_bytes_and_typographic_quotes_are_utf8(tmp_path: Path) -> None:
    line = line_of(tmp_path, '[[exchange]]\ncmd = "AT+CPIN=”1”"\nreply = "8ÿÿ"\n')
    assert line.ask("AT+CPIN=”1”") == b"8\xff\xff"


def test_the_simulator_shares_no_code_with_the_client() -> None:
    banned = {
        "modem.engine",
        "modem.lines",
        "modem.final",
        "modem.commands",
        "modem.replies",
        "modem.dialects",
        "modem.client",
        "modem.link",
    }
    for path in Path(simulator.__file__).parent.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not [name for name in names if any(f"{name}.".startswith(f"{ban}.") for ban in banned)], path
