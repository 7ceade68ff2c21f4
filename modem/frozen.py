"""`@dataclass(slots=True)`, frozen or not, that is cheap to define.

The standard decorator writes the source of six methods for each class and compiles it: 0.4 ms and 8 KB, which for our
300 classes was a third of the daemon's start-up and 2 MB of its memory. Here all classes share the same methods, which
find the fields by name, and making a value takes about twice as long. Of the few classes that a terminal makes by the
minute, `__init__` is written after all, when the hundredth value is made.

For type checkers, `dataclasses.replace`, `fields` and `asdict`, these are dataclasses like any other. Classes with
other options, with an `InitVar`, or with a field that says more than a default, `init` and metadata, are left to the
standard decorator.
"""

import dataclasses
import inspect
from collections.abc import Callable
from copy import copy
from dataclasses import MISSING, Field, FrozenInstanceError, InitVar
from itertools import count
from typing import TYPE_CHECKING, Any, ClassVar, Never, get_origin

__all__ = ["dataclass", "replace"]

_OFTEN = 100
_OPTIONS = {"repr": True, "hash": None, "compare": True, "kw_only": MISSING}
_store = object.__setattr__


if TYPE_CHECKING:
    from dataclasses import dataclass, replace
else:

    def replace(value, /, **changes):
        """As `dataclasses.replace`, at half its price: for what is done by the minute."""
        names = getattr(value, "__value_fields__", None)
        if names is None or len(names) != len(value.__match_args__):
            return dataclasses.replace(value, **changes)
        for name in names:
            if name not in changes:
                changes[name] = getattr(value, name)
        return type(value)(**changes)

    def dataclass(cls=None, /, **options):
        """As `dataclasses.dataclass`."""
        if cls is None and options == {"frozen": True, "slots": True}:
            return _frozen
        if cls is None and options == {"slots": True}:
            return _open
        return dataclasses.dataclass(cls, **options)


def _frozen(cls: type) -> type:
    return _made(cls, _FROZEN) or dataclasses.dataclass(frozen=True, slots=True)(cls)


def _open(cls: type) -> type:
    return _made(cls, _OPEN) or dataclasses.dataclass(slots=True)(cls)


def _made(cls: type, methods: dict[str, Any]) -> type | None:
    """None: this one is for the standard decorator."""
    fields = _inherited(cls, methods)
    given = len(fields)
    own = dict(cls.__dict__)
    for name, kind in inspect.get_annotations(cls).items():
        if ClassVar in (kind, get_origin(kind)):
            continue
        fields[name] = default = own.pop(name, MISSING)
        if isinstance(kind, InitVar) or (isinstance(default, Field) and not _is_simple(default)):
            return None
    for absent in ("__dict__", "__weakref__"):
        own.pop(absent, None)
    own |= {name: method for name, method in methods.items() if own.get(name) is None}
    own["__slots__"] = tuple(fields)[given:]
    own["__match_args__"] = tuple(name for name, default in fields.items() if _is_given(default))
    own["__value_fields__"] = fields
    own["__value_uses__"] = count(1)
    own["__dataclass_fields__"] = _Fields()
    return type(cls)(cls.__name__, cls.__bases__, own)


def _inherited(cls: type, methods: dict[str, Any]) -> dict[str, Any]:
    """Field → default, of the bases; a base made in another way would keep its own from us."""
    fields: dict[str, Any] = {}
    for base in reversed(cls.__mro__[1:]):
        if "__dataclass_fields__" not in vars(base):
            continue
        like_us = base.__setattr__ is methods.get("__setattr__", object.__setattr__)
        if "__value_fields__" not in vars(base) or not like_us:
            raise TypeError(f"{cls.__qualname__}: {base.__qualname__} is no value of the same kind")
        fields |= vars(base)["__value_fields__"]
    return fields


def _is_simple(made: Field[Any]) -> bool:
    return all(getattr(made, name) is value for name, value in _OPTIONS.items())


def _is_given(default: Any) -> bool:
    """Is the field one of `__init__`'s?"""
    return not isinstance(default, Field) or bool(default.init)


class _Fields:
    """`__dataclass_fields__`, which the standard decorator makes when somebody looks."""

    def __init__(self) -> None:
        self._made: dict[str, Field[Any]] | None = None

    def __get__(self, _value: object, cls: Any) -> dict[str, Field[Any]]:
        if self._made is None:
            kinds = {
                name: kind for base in reversed(cls.__mro__) for name, kind in inspect.get_annotations(base).items()
            }
            self._made = {name: _field(name, kinds[name], default) for name, default in cls.__value_fields__.items()}
        return self._made


@dataclasses.dataclass
class _Sample:
    any: Any


_SAMPLE = dataclasses.fields(_Sample)[0]


def _field(name: str, kind: Any, default: Any) -> Field[Any]:
    """As the standard decorator makes them; from one of its own, since only it can."""
    given = default if isinstance(default, Field) else dataclasses.field(default=default)
    made = copy(_SAMPLE)
    made.name, made.type = name, kind
    made.default, made.default_factory, made.init = given.default, given.default_factory, given.init
    made.metadata = given.metadata
    return made


def _init(self: Any, *given: Any, **named: Any) -> None:
    if next(self.__value_uses__) == _OFTEN:
        _hasten(type(self))
    names: tuple[str, ...] = self.__match_args__
    if len(given) > len(names):
        raise TypeError(f"{type(self).__qualname__}: {len(given)} values for {len(names)} fields")
    for name, value in zip(names, given, strict=False):
        _store(self, name, value)
    defaults = self.__value_fields__
    for name in names[len(given) :]:
        value = named.pop(name) if name in named else defaults[name]
        _store(self, name, _default(self, name) if value is MISSING or type(value) is Field else value)
    if named:
        raise TypeError(f"{type(self).__qualname__}: {next(iter(named))!r} is no field, or is given twice")
    if len(names) < len(self.__value_fields__):
        _make_the_rest(self)
    if hasattr(self, "__post_init__"):
        self.__post_init__()


def _hasten(cls: Any) -> None:
    """Give a class that is used often an `__init__` of its own, as the standard decorator would have from the start."""
    known: dict[str, Any] = {"MISSING": MISSING}
    takes, does = [], []
    for name, default in cls.__value_fields__.items():
        made = default.default_factory if isinstance(default, Field) else MISSING
        plain = default.default if isinstance(default, Field) else default
        known |= {f"_put_{name}": getattr(cls, name).__set__, f"_make_{name}": made, f"_is_{name}": plain}
        value = f"_make_{name}()" if made is not MISSING else f"_is_{name}"
        if _is_given(default):
            takes.append(name if made is plain is MISSING else f"{name}={'MISSING' if made is not MISSING else value}")
            value = f"{value} if {name} is MISSING else {name}" if made is not MISSING else name
        elif made is plain is MISSING:
            continue  # `__post_init__` sets it
        does.append(f"_put_{name}(self, {value})")
    does += ["self.__post_init__()"] if hasattr(cls, "__post_init__") else []
    try:
        exec(f"def __init__(self, {', '.join(takes)}):\n " + "\n ".join(does or ["pass"]), known)  # noqa: S102 - field names only
    except SyntaxError:  # one without a default after one with
        return
    known["__init__"].__qualname__ = f"{cls.__qualname__}.__init__"
    cls.__init__ = known["__init__"]


def _make_the_rest(self: Any) -> None:
    """Fields with `init=False`; without a default, `__post_init__` sets them."""
    for name, default in self.__value_fields__.items():
        if not _is_given(default) and not default.default is default.default_factory is MISSING:
            _store(self, name, _default(self, name))


def _default(self: Any, name: str) -> Any:
    default = self.__value_fields__[name]
    if isinstance(default, Field):
        default = default.default if default.default_factory is MISSING else default.default_factory()
    if default is MISSING:
        raise TypeError(f"{type(self).__qualname__}: {name!r} is missing")
    return default


def _values(self: Any) -> list[Any]:
    return [getattr(self, name) for name in self.__value_fields__]


def _eq(self: Any, other: Any) -> Any:
    """As two lists of the fields' values are compared, but the first difference ends it."""
    if type(other) is not type(self):
        return NotImplemented
    for name in self.__value_fields__:
        ours, theirs = getattr(self, name), getattr(other, name)
        if ours is not theirs and ours != theirs:
            return False
    return True


def _hash(self: Any) -> int:
    return hash(tuple(_values(self)))


def _repr(self: Any) -> str:
    said = (f"{name}={value!r}" for name, value in zip(self.__value_fields__, _values(self), strict=True))
    return f"{type(self).__qualname__}({', '.join(said)})"


def _setattr(_self: Any, name: str, _value: Any) -> Never:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _delattr(_self: Any, name: str) -> Never:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _setstate(self: Any, state: list[Any]) -> None:
    for name, value in zip(self.__value_fields__, state, strict=True):
        _store(self, name, value)


_OPEN: dict[str, Callable[..., Any]] = {
    "__init__": _init,
    "__eq__": _eq,
    "__repr__": _repr,
    "__getstate__": _values,
    "__setstate__": _setstate,
}
_FROZEN = _OPEN | {"__hash__": _hash, "__setattr__": _setattr, "__delattr__": _delattr}
