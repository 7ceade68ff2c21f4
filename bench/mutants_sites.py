"""What of a source file can be left out, one at a time: rows of its tables, its branches and their conditions, and
where it evens out how something is spelt."""

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, UnionType
from typing import Any

ACCEPTED = Path(__file__).with_name("mutants_accepted.toml")
MODULE = ""
"""The scope of what is outside every function."""
_Change = tuple[ast.AST, str, object]
"""node, field, what it holds instead."""
_Functions = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Mutant:
    """One thing left out. `what` names it without its line, so that the accepted ones outlive an edit above them."""

    file: str
    line: int
    scope: str
    what: str
    changes: tuple[_Change, ...]

    @property
    def key(self) -> tuple[str, str]:
        return self.file, self.what


@dataclass(frozen=True, slots=True)
class Source:
    """A file and everything that can be left out of it."""

    file: str
    tree: ast.Module
    mutants: tuple[Mutant, ...]

    def code(self, mutant: Mutant | None = None) -> CodeType:
        """The file as a module's code, with or without `mutant`."""
        before = [(node, name, getattr(node, name)) for node, name, _ in mutant.changes] if mutant else []
        try:
            for node, name, value in mutant.changes if mutant else ():
                setattr(node, name, value)
            return compile(self.tree, self.file, "exec")
        finally:
            for node, name, value in before:
                setattr(node, name, value)


def source(file: str) -> Source:
    """`file` as seen from the current folder. OSError, SyntaxError."""
    tree = ast.parse(Path(file).read_text())
    seen: Counter[str] = Counter()
    found = []
    for node, scope in _walk(tree, MODULE):
        for what, *changes in _changes(node):
            label = f"{scope}: {what}" if scope else what
            seen[label] += 1
            name = f"{label} #{seen[label]}" if seen[label] > 1 else label
            found.append(Mutant(file, getattr(getattr(node, "iter", node), "lineno", 0), scope, name, tuple(changes)))
    return Source(file, tree, tuple(found))


def probed(file: str) -> CodeType:
    """The file as it is, but each function says `__reached__("<file>:<scope>")` when it is entered."""
    tree = ast.parse(Path(file).read_text())
    for node, scope in _walk(tree, MODULE):
        if isinstance(node, _Functions):
            call = ast.Call(ast.Name("__reached__", ast.Load()), [ast.Constant(f"{file}:{scope}")], [])
            node.body.insert(1 if ast.get_docstring(node) else 0, ast.Expr(call))
    return compile(ast.fix_missing_locations(tree), file, "exec")


def accepted() -> dict[tuple[str, str], str]:
    """(file, what) of mutants that no test can notice → why."""
    return {(row["file"], row["what"]): row["why"] for row in tomllib.loads(ACCEPTED.read_text()).get("accepted", [])}


def stale(files: tuple[str, ...] | None = None) -> list[tuple[str, str]]:
    """Rows of the accepted table that name no mutant (of `files`)."""
    rows = [row for row in accepted() if files is None or row[0] in files]
    there = {mutant.key for file in {file for file, _ in rows} for mutant in source(file).mutants}
    return [row for row in rows if row not in there]


def _walk(node: ast.AST, scope: str) -> Iterator[tuple[ast.AST, str]]:
    """Every node that runs, with the function it is in; types and names for other modules do not."""
    if isinstance(node, _Functions | ast.ClassDef):
        scope = f"{scope}.{node.name}".lstrip(".")
    yield node, scope
    for name, value in ast.iter_fields(node):
        inside = value if isinstance(value, list) else [value]
        if name in ("annotation", "returns") or (name == "slice" and isinstance(value, ast.Tuple)):
            continue
        for child in inside:
            if isinstance(child, ast.AST) and not _is_declaration(child):
                yield from _walk(child, scope)


def _is_declaration(node: ast.AST) -> bool:
    if isinstance(node, ast.If):
        return isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
    return isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id == "__all__"


_Left = Iterator[tuple[str, *tuple[_Change, ...]]]
"""What is left out, and how."""


def _changes(node: ast.AST) -> _Left:
    for kind, left_out in _KINDS.items():
        if isinstance(node, kind):
            yield from left_out(node)


def _of_dict(node: ast.Dict) -> _Left:
    for at, key in enumerate(node.keys if len(node.keys) > 1 else ()):
        name = _text(key) if key else f"**{_text(node.values[at])}"
        yield f"drop row {name}", (node, "keys", _without(node.keys, at)), (node, "values", _without(node.values, at))


def _of_list(node: ast.Tuple | ast.List | ast.Set) -> _Left:
    for at, one in enumerate(node.elts if len(node.elts) > 1 and _is_table(node) else ()):
        yield f"drop {_text(one)} of {_text(node, 40)}", (node, "elts", _without(node.elts, at))


def _of_branch(node: ast.If | ast.IfExp | ast.While) -> _Left:
    is_loop = isinstance(node, ast.While)
    for value in (False,) if is_loop or _is_for_types(node) else (True, False):
        what = f"{'while' if is_loop else 'if'} {_text(node.test)} -> {value}"
        yield what, (node, "test", _constant(node.test, value=value))


def _is_for_types(node: ast.If | ast.IfExp | ast.While) -> bool:
    """`table.get(x) if x is not None else None`: without the condition the same, but for the type checker."""
    text = ast.unparse(node)
    return re.fullmatch(r"[\w.]+\.get\((\w+)\) if \1 is not None else None", text) is not None


def _of_condition(node: ast.BoolOp) -> _Left:
    is_and = isinstance(node.op, ast.And)
    for at, one in enumerate(node.values):
        rest = [*node.values[:at], _constant(one, value=is_and), *node.values[at + 1 :]]
        yield f"drop {'and' if is_and else 'or'} {_text(one)}", (node, "values", rest)


def _of_filter(node: ast.comprehension) -> _Left:
    for at, one in enumerate(node.ifs):
        yield f"drop where {_text(one)}", (node, "ifs", _without(node.ifs, at))


def _of_match(node: ast.Match) -> _Left:
    for at, one in enumerate(node.cases):
        yield f"drop case {ast.unparse(one.pattern)[:70]}", (node, "cases", _without(node.cases, at))


def _of_alternatives(node: ast.MatchOr) -> _Left:
    for at, one in enumerate(node.patterns):
        yield f"drop | {ast.unparse(one)[:70]}", (node, "patterns", _without(node.patterns, at))


def _of_range(node: ast.Compare) -> _Left:
    if len(node.ops) != 2:
        return
    text, (first, second), (middle, last) = _text(node), node.ops, node.comparators
    yield f"no lower end of {text}", (node, "left", middle), (node, "ops", [second]), (node, "comparators", [last])
    yield f"no upper end of {text}", (node, "ops", [first]), (node, "comparators", [middle])


_EVENS_OUT = {"upper", "lower", "casefold", "strip", "lstrip", "rstrip", "removeprefix", "removesuffix"}


def _of_spelling(node: ast.Call) -> _Left:
    """`text.upper()`: the text as it came."""
    if isinstance(node.func, ast.Attribute) and node.func.attr in _EVENS_OUT:
        as_it_is = ast.copy_location(ast.Name("str", ast.Load()), node)
        yield f"drop .{node.func.attr} of {_text(node)}", (node, "func", as_it_is), (node, "args", [node.func.value])


_KINDS: Mapping[type[ast.AST] | UnionType, Callable[[Any], _Left]] = {
    ast.Dict: _of_dict,
    ast.Tuple | ast.List | ast.Set: _of_list,
    ast.If | ast.IfExp | ast.While: _of_branch,
    ast.BoolOp: _of_condition,
    ast.comprehension: _of_filter,
    ast.Match: _of_match,
    ast.MatchOr: _of_alternatives,
    ast.Compare: _of_range,
    ast.Call: _of_spelling,
}


def _is_table(node: ast.expr) -> bool:
    """An assignment's target is none; not a pair of results: that would only fail to unpack."""
    kinds = (ast.Constant, ast.Call, ast.Tuple, ast.Attribute, ast.Starred)
    if not isinstance(getattr(node, "ctx", ast.Load()), ast.Load):
        return False
    return not isinstance(node, ast.Tuple) or all(isinstance(one, kinds) for one in node.elts)


def _without(values: Sequence[object], at: int) -> list[object]:
    return [*values[:at], *values[at + 1 :]]


def _constant(at: ast.expr, *, value: bool) -> ast.expr:
    return ast.copy_location(ast.Constant(value), at)


def _text(node: ast.expr, width: int = 70) -> str:
    return ast.unparse(node).replace("\n", " ")[:width]
