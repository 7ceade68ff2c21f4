"""Refusals in Chinese: each that the desk can raise has its words."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from central.words.refusals import CHINESE, refusal

ROOT = Path(__file__).parents[2] / "central"
RAISED = {"StoreRefused", "BadValue", "BadSheet", "TooSoon", "PlatformError", "Declined", "Unreachable"}
ROOMS = (
    *sorted((ROOT / "renewals").glob("*.py")),
    *sorted((ROOT / "registry").glob("*.py")),
    *sorted((ROOT / "platforms").glob("*.py")),
    ROOT / "sheets.py",
)


def raised() -> Iterator[str]:
    """What is raised in the desk's rooms; a text put in at run time is an x."""
    for path in ROOMS:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and _name(node.exc) in RAISED:
                yield from (text for text in map(_text, node.exc.args) if text)


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values)
    return ""  # str(error): it was raised with words of its own elsewhere


@pytest.mark.parametrize("text", sorted(set(raised())))
def test_what_the_desk_refuses_is_said_in_chinese(text: str) -> None:
    said = refusal(text, "zh")
    assert said != text
    assert any("\u4e00" <= letter <= "\u9fff" for letter in said)


def test_english_stays_as_it_was_raised() -> None:
    assert refusal("no such batch", "en") == "no such batch"
    assert refusal("a carrier's own words", "zh") == "a carrier's own words"


def test_states_and_names_are_carried_over() -> None:
    said = refusal("a renewal that is paid cannot become ordered", "zh")
    assert said == "续费现为“已付费”，不能变为“已下单”"
    assert refusal("nobody knows whether it was done: the platform answers 502", "zh") == (
        "不知道做成了没有：平台回答 502"
    )
    assert refusal("not on the worklist: t-1, t-2", "zh").endswith("t-1, t-2")


@pytest.mark.parametrize("english", sorted(CHINESE))
def test_a_translation_uses_no_place_that_the_text_has_not(english: str) -> None:
    def places(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    assert places(CHINESE[english]) <= places(english)
