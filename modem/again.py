"""What is worked out by the minute from what seldom changes.

A daemon looks at the same answers of the same modem some hundred thousand times a year; most of them say what they
said a minute ago, and a terminal's processor has better things to do than to read them anew.
"""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def again(pure: Callable[P, R]) -> Callable[P, R]:
    """`pure`, whose last result is given again while its (positional) arguments are equal to those of the call before.

    Unlike `functools.lru_cache(1)` nothing is hashed, and what is the very same object is not even compared. For
    functions of frozen values that give frozen values; any thread may call.
    """
    held: tuple[tuple[object, ...], R] | None = None

    @wraps(pure)
    def asked(*args: P.args, **named: P.kwargs) -> R:
        nonlocal held
        last = held
        if last is not None and not named and last[0] == args:
            return last[1]
        result = pure(*args, **named)
        held = None if named else (args, result)
        return result

    return asked
