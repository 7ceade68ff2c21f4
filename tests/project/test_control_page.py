"""docs/control-socket.md says what the socket does: every operation, who may, every error code."""

import re
from pathlib import Path

from agent import messaging, plan_orders
from agent.control_server import CLIENT_PATIENCE_S, MAX_CLIENTS, MAX_REQUEST_BYTES, WRITING_OPS
from agent.recover import hold_desk

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "control-socket.md").read_text(encoding="utf-8")
ROWS = [
    (set(re.findall(r"`(\w+)`", row.split("|")[1])), row.split("|")[-2].strip())
    for row in re.findall(r"^\| `.*\|$", PAGE, flags=re.M)
]
ROOMS = ("answers", "control", "messaging", "plan_orders", "probing", "recover/hold", "recover/hold_desk")
"""Where requests are answered, and refused."""


def code(room: str) -> str:
    return (ROOT / "agent" / f"{room}.py").read_text(encoding="utf-8")


def test_every_operation_is_on_the_page() -> None:
    named = set().union(*(names for names, _ in ROWS))
    table = code("answers").partition("operations: dict[")[2].partition("}\n")[0]
    handled = set(re.findall(r'^\s+"(\w+)": self\.', table, flags=re.M))
    assert "status" in handled
    assert named == handled | {*messaging.OPERATIONS, *plan_orders.OPERATIONS, *hold_desk.OPERATIONS}


def test_who_may_is_what_the_code_says() -> None:
    for names, who in ROWS:
        writes = {name in WRITING_OPS for name in names}
        assert writes == {who != "group"}, names


def test_every_error_code_is_on_the_page() -> None:
    codes = {
        word for room in ROOMS for word in re.findall(r'(?:Refused|failure|LeaseRefused)\(\s*"(\w+)"', code(room))
    }  # fmt: skip
    explained = PAGE.partition("Error codes:")[2]
    assert {"held", "bad_request"} <= codes
    assert not [word for word in codes if f"`{word}`" not in explained]


def test_the_bounds_are_the_codes() -> None:
    assert f"at most {MAX_REQUEST_BYTES // 1024} KiB" in PAGE
    assert f"At most {MAX_CLIENTS} clients" in PAGE
    assert f"within {CLIENT_PATIENCE_S:.0f} s" in PAGE
