"""Code put into a module that is already loaded: a mutant in 10 ms where importing everything anew takes 300."""

import functools
import gc
import sys
from collections.abc import Iterator
from types import CodeType, FunctionType
from typing import Any


def graft(name: str, code: CodeType) -> None:
    """The loaded module `name` becomes what `code` makes of it, also where other modules hold its functions, tables
    and values by their names. What they computed from them as they were loaded stays as it was."""
    old = vars(sys.modules[name])
    codes = {(one.co_qualname, one.co_firstlineno): one for one in _nested(code)}
    for function in functions():
        its = codes.get((function.__qualname__, function.__code__.co_firstlineno))
        if function.__module__ == name and its and its.co_freevars == function.__code__.co_freevars:
            function.__code__ = its
    new = {key: value for key, value in old.items() if key.startswith("__")}
    exec(code, new)  # noqa: S102
    for key, value in list(new.items()):
        if not key.startswith("__") and (key not in old or old[key] is not value):
            new[key] = old[key] = _joined(key, old.get(key), value)
    for cache in caches():
        cache.cache_clear()


def _nested(code: CodeType) -> Iterator[CodeType]:
    for one in code.co_consts:
        if isinstance(one, CodeType):
            yield one
            yield from _nested(one)


@functools.cache
def functions() -> list[FunctionType]:
    """All that are loaded when this is called first, those inside of others too."""
    return [one for one in gc.get_objects() if isinstance(one, FunctionType)]


@functools.cache
def caches() -> list[Any]:
    """The same of memories of results."""
    return [one for one in gc.get_objects() if isinstance(one, functools._lru_cache_wrapper)]  # noqa: SLF001


def _joined(key: str, was: object, value: object) -> object:
    """`was` with the content of `value` where others may hold it; `value` where that cannot be."""
    if isinstance(was, FunctionType | type) and isinstance(value, FunctionType | type):
        return was
    if isinstance(was, dict) and isinstance(value, dict):
        was.clear()
        was.update(value)
        return was
    fields = getattr(value, "__value_fields__", None)
    if fields is not None and type(was) is type(value):
        for field in fields:
            object.__setattr__(was, field, getattr(value, field))
        return was
    for other in list(sys.modules.values()):
        names = getattr(other, "__dict__", {})
        if was is not None and names.get(key) is was:
            names[key] = value
    return value
