"""Refusals in Chinese: whatever is raised in a room that a browser's request reaches has its words."""

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

from central.words.refusals import CHINESE, refusal

ROOT = Path(__file__).parents[2] / "central"
RAISED = {
    "StoreRefused", "BadValue", "BadSheet", "BadForm", "BadHours", "TooSoon", "PlatformError", "Declined",
    "Unreachable", "NotSent", "HTTPException", "ApiError", "_refuse",
}  # fmt: skip
ELSEWHERE = {"cli", "ingest", "store/copying.py", "store/opening.py", "store/migrate.py"}
"""Rooms without a reader in a browser: their words are for the command line, or for a terminal's agent."""
PROGRAMS = {f"api/{path.name}" for path in (ROOT / "api").glob("*.py")} - {"api/renewals.py"}
"""What only programs meet is said in English beside its code; pages of the desk show what api/renewals.py says."""


def raised() -> Iterator[str]:
    """Every refusal in the source; a text put in at run time is an x."""
    for path in sorted(ROOT.rglob("*.py")):
        place = path.relative_to(ROOT).as_posix()
        if not ELSEWHERE & {place, place.partition("/")[0]}:
            yield from refused_in(ast.parse(path.read_text(encoding="utf-8")), programs=place in PROGRAMS)


def refused_in(tree: ast.Module, *, programs: bool) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node) in RAISED - ({"ApiError"} if programs else set()):
            said = map(_text, node.args)
            yield from (text for text in said if " " in text)  # a text of one word is a code, or a name


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""


def _text(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "x" for part in node.values)
    if isinstance(node, ast.Subscript):
        return _text(node.value)
    if isinstance(node, ast.Call) and node.args and _name(node) == "printable":
        return _text(node.args[0])
    return ""  # str(error): it was raised with words of its own elsewhere


def test_the_walk_finds_refusals_however_they_are_written() -> None:
    source = 'def f(x):\n    error = StoreRefused(f"no such {x} here"[:9])\n    raise ApiError(404, "code", "not so")'
    assert list(refused_in(ast.parse(source), programs=False)) == ["no such x here", "not so"]
    assert list(refused_in(ast.parse(source), programs=True)) == ["no such x here"]


@pytest.mark.parametrize("text", sorted(set(raised())))
def test_what_somebody_can_meet_in_the_browser_is_said_in_chinese(text: str) -> None:
    said = refusal(text, "zh")
    assert said != text
    assert any("\u4e00" <= letter <= "\u9fff" for letter in said)


def test_every_translation_is_of_something_that_is_said() -> None:
    """A text that changed must not leave its translation behind."""
    sources = "".join(path.read_text(encoding="utf-8") for path in ROOT.rglob("*.py") if path.name != "refusals.py")
    assert [one for one in CHINESE if _longest(one) not in sources] == ["Method Not Allowed"]  # Starlette's own


def _longest(english: str) -> str:
    parts = [text for text, _, _, _ in string.Formatter().parse(english)]
    return max(parts, key=len)


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
