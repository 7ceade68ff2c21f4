"""Code put into a module that is already loaded: a mutant in 10 ms where importing everything anew takes 300."""

import functools
import gc
import sys
from types import CodeType, FunctionType
from typing import Any


def graft(name: str, code: CodeType) -> None:
    """The loaded module `name` becomes what `code` makes of it, also where other modules hold its functions, tables
    and values by their names. What they computed from them as they were loaded stays as it was."""
    old = vars(sys.modules[name])
    new = {key: value for key, value in old.items() if key.startswith("__")}
    exec(code, new)  # noqa: S102
    for key, value in list(new.items()):
        if not key.startswith("__") and (key not in old or old[key] is not value):
            new[key] = _joined(key, old.get(key), value, name)
            old[key] = new[key]
    for cache in caches():
        cache.cache_clear()


@functools.cache
def caches() -> list[Any]:
    """Of everything that is loaded when it is called first."""
    return [one for one in gc.get_objects() if isinstance(one, functools._lru_cache_wrapper)]  # noqa: SLF001


def _joined(key: str, was: object, value: object, module: str) -> object:
    """`was` with the content of `value` where others may hold it; `value` where that cannot be."""
    if isinstance(was, FunctionType) and isinstance(value, FunctionType):
        _swap(was, value)
        return was
    if isinstance(was, type) and isinstance(value, type):
        for method, its in vars(value).items():
            held = vars(was).get(method)
            if isinstance(its, FunctionType) and isinstance(held, FunctionType) and its.__module__ == module:
                _swap(held, its)
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


def _swap(was: FunctionType, value: FunctionType) -> None:
    if was is not value and len(was.__code__.co_freevars) == len(value.__code__.co_freevars):
        was.__code__, was.__defaults__, was.__kwdefaults__ = value.__code__, value.__defaults__, value.__kwdefaults__
