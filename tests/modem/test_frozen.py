"""What a frozen value of ours does, a standard one does, and the other way round."""

import copy
import dataclasses
import pickle
from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modem import frozen
from modem.values import Signal

Decorator = Callable[..., Any]


def _hastened(**options: bool) -> Decorator:
    """Ours, as after some dozens of values."""

    def made(cls: type) -> type:
        ready = frozen.dataclass(**options)(cls)
        if ready.__init__ is frozen._OPEN["__init__"]:
            frozen._hasten(ready)
        return ready

    return made


DECORATORS = [dataclasses.dataclass, frozen.dataclass, _hastened]
BOTH = pytest.mark.parametrize("dataclass", DECORATORS, ids=["standard", "ours", "ours-often"])


def _point(dataclass: Decorator) -> Any:
    @dataclass(frozen=True, slots=True)
    class Point:
        """A place."""

        kind: ClassVar[str] = "point"
        x: int
        y: int = 2
        tags: list[str] = dataclasses.field(default_factory=list)

        @property
        def total(self) -> int:
            return self.x + self.y

    return Point


@BOTH
@given(x=st.integers(), y=st.integers())
def test_values_compare_hash_and_show_by_their_fields(dataclass: Decorator, x: int, y: int) -> None:
    point = _point(dataclass)
    one, other = point(x, y, ()), point(y=y, x=x, tags=())
    assert one == other
    assert hash(one) == hash(other)
    assert one != (x, y, ())
    assert repr(one) == f"{point.__qualname__}(x={x}, y={y}, tags=())"
    assert one.total == x + y


@BOTH
def test_defaults_are_made_for_each_value(dataclass: Decorator) -> None:
    point = _point(dataclass)
    one, other = point(1), point(1)
    assert (one.y, one.tags, one.kind) == (2, [], "point")
    assert one.tags is not other.tags


@BOTH
@pytest.mark.parametrize(
    ("given", "named"), [((), {}), ((), {"y": 1}), ((1, 2, [], 4), {}), ((1,), {"x": 1}), ((1,), {"z": 1})], ids=str
)
def test_wrong_arguments_are_refused(dataclass: Decorator, given: tuple[Any, ...], named: dict[str, Any]) -> None:
    with pytest.raises(TypeError):
        _point(dataclass)(*given, **named)


@BOTH
def test_nothing_can_be_changed_or_added(dataclass: Decorator) -> None:
    one = _point(dataclass)(1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        one.x = 3
    with pytest.raises(dataclasses.FrozenInstanceError):
        del one.x
    with pytest.raises((AttributeError, TypeError)):
        one.colour = "red"
    assert not hasattr(one, "__dict__")


@BOTH
def test_the_standard_helpers_work(dataclass: Decorator) -> None:
    point = _point(dataclass)
    one = point(1, tags=["a"])
    assert dataclasses.is_dataclass(point)
    assert [(each.name, each.type) for each in dataclasses.fields(point)] == [
        ("x", int),
        ("y", int),
        ("tags", list[str]),
    ]
    assert dataclasses.replace(one, y=5) == point(1, 5, ["a"])
    assert dataclasses.asdict(one) == {"x": 1, "y": 2, "tags": ["a"]}
    assert copy.deepcopy(one) == one
    match one:
        case point(x, y):
            assert (x, y) == (1, 2)


@BOTH
def test_a_derived_value_has_the_fields_of_both(dataclass: Decorator) -> None:
    @dataclass(frozen=True, slots=True)
    class Base:
        a: int = 1

    @dataclass(frozen=True, slots=True)
    class Derived(Base):
        b: int = 2

        def __post_init__(self) -> None:
            object.__setattr__(self, "b", self.b * 10)

    assert Derived() == Derived(1, 2)
    assert Derived(3).b == 20
    assert Base() != Derived()
    assert [each.name for each in dataclasses.fields(Derived)] == ["a", "b"]


@BOTH
def test_methods_of_the_class_itself_win(dataclass: Decorator) -> None:
    @dataclass(frozen=True, slots=True)
    class Quiet:
        secret: str

        def __repr__(self) -> str:
            return "Quiet"

    assert repr(Quiet("s")) == "Quiet"


def test_options_of_a_field_are_the_standard_decorators() -> None:
    @frozen.dataclass(frozen=True, slots=True)
    class Login:
        user: str
        secret: str = dataclasses.field(repr=False)

    assert "hidden" not in repr(Login("u", "hidden"))


def test_a_value_that_hides_its_fields_is_no_base() -> None:
    @dataclasses.dataclass
    class Open:
        a: int = 1

    with pytest.raises(TypeError, match="Open"):

        @frozen.dataclass(frozen=True, slots=True)
        class Closed(Open):  # type: ignore[misc]
            b: int = 2


def test_an_ordinary_value_is_no_base_of_one_of_ours_either() -> None:
    @dataclasses.dataclass
    class Open:
        a: int = 1

    with pytest.raises(TypeError, match="Open"):

        @frozen.dataclass(slots=True)
        class Derived(Open):
            b: int = 2


@BOTH
def test_equal_values_are_one_key(dataclass: Decorator) -> None:
    point = _point(dataclass)
    assert len({point(1, 2, ()), point(1, 2, ()), point(1, 3, ())}) == 2


@BOTH
def test_nothing_is_left_of_the_class_without_slots(dataclass: Decorator) -> None:
    assert not {"__dict__", "__weakref__"} & set(vars(_point(dataclass)))


@BOTH
def test_a_field_that_nobody_sets_is_not_there(dataclass: Decorator) -> None:
    @dataclass(slots=True)
    class Level:
        dbm: int
        bars: int = dataclasses.field(init=False)

    assert not hasattr(Level(-67), "bars")


@BOTH
def test_its_fields_are_described_once(dataclass: Decorator) -> None:
    point = _point(dataclass)
    assert dataclasses.fields(point)[0] is dataclasses.fields(point)[0]


@BOTH
def test_a_field_may_be_left_out_of_comparing(dataclass: Decorator) -> None:
    @dataclass(frozen=True, slots=True)
    class Level:
        dbm: int
        at: float = dataclasses.field(default=0.0, compare=False)

    assert Level(-67, 1.0) == Level(-67, 2.0)


@BOTH
def test_a_field_may_be_left_out_of_the_hash_or_given_by_its_name_only(dataclass: Decorator) -> None:
    @dataclass(frozen=True, slots=True)
    class Level:
        dbm: int
        at: float = dataclasses.field(default=0.0, hash=False)

    @dataclass(frozen=True, slots=True)
    class Named:
        dbm: int
        at: float = dataclasses.field(default=0.0, kw_only=True)

    assert hash(Level(-67, 1.0)) == hash(Level(-67, 2.0))
    assert Named(-67, at=1.0).at == 1.0
    with pytest.raises(TypeError):
        Named(-67, 1.0)


def test_readings_can_be_pickled() -> None:
    assert pickle.loads(pickle.dumps(Signal(rssi_dbm=-67))) == Signal(rssi_dbm=-67)  # noqa: S301 - our own bytes


def _counter(dataclass: Decorator) -> Any:
    @dataclass(slots=True)
    class Counter:
        step: int = 1
        total: int = dataclasses.field(init=False)
        seen: list[int] = dataclasses.field(default_factory=list, init=False)

        def __post_init__(self) -> None:
            self.total = 10 * self.step

    return Counter


@BOTH
def test_what_is_not_frozen_can_be_changed_but_not_hashed(dataclass: Decorator) -> None:
    counter = _counter(dataclass)
    one, other = counter(2), counter(step=2)
    assert one == other
    one.total += 1
    one.seen.append(1)
    assert repr(one) == f"{counter.__qualname__}(step=2, total=21, seen=[1])"
    assert one != other
    with pytest.raises(TypeError):
        hash(one)
    with pytest.raises(AttributeError):
        one.colour = "red"


@BOTH
def test_fields_that_are_not_given_are_fields_all_the_same(dataclass: Decorator) -> None:
    counter = _counter(dataclass)
    with pytest.raises(TypeError):
        counter(1, 2)
    with pytest.raises(TypeError):
        counter(total=2)
    assert counter.__match_args__ == ("step",)
    assert [(each.name, each.init) for each in dataclasses.fields(counter)] == [
        ("step", True),
        ("total", False),
        ("seen", False),
    ]
    assert dataclasses.replace(counter(1), step=3).total == 30
    assert copy.deepcopy(counter(4)) == counter(4)


@BOTH
def test_a_default_that_is_not_given_is_there_all_the_same(dataclass: Decorator) -> None:
    @dataclass(slots=True)
    class Level:
        dbm: float
        bars: int = dataclasses.field(default=3, init=False)

    assert Level(-67.0).bars == 3


@BOTH
def test_what_is_no_number_equals_itself(dataclass: Decorator) -> None:
    """As in a list: the same object is equal without being asked."""

    @dataclass(frozen=True, slots=True)
    class Level:
        dbm: float

    unknown = float("nan")
    assert Level(unknown) == Level(unknown)
    assert Level(unknown) != Level(float("nan"))


@BOTH
def test_values_for_the_beginning_only_reach_post_init(dataclass: Decorator) -> None:
    @dataclass(slots=True)
    class Scaled:
        size: int
        by: dataclasses.InitVar[int] = 2

        def __post_init__(self, by: int) -> None:
            self.size *= by

    assert Scaled(2, 5).size == 10


@BOTH
def test_metadata_of_a_field_is_kept(dataclass: Decorator) -> None:
    @dataclass(frozen=True, slots=True)
    class Setting:
        port: str = dataclasses.field(default="auto", metadata={"words": "where"})

    assert Setting().port == "auto"
    assert dataclasses.fields(Setting)[0].metadata["words"] == "where"


@BOTH
def test_frozen_and_open_do_not_mix(dataclass: Decorator) -> None:
    @dataclass(frozen=True, slots=True)
    class Closed:
        a: int = 1

    with pytest.raises(TypeError):

        @dataclass(slots=True)
        class Opened(Closed):
            b: int = 2


def test_a_class_that_is_used_seldom_shares_the_general_init() -> None:
    point = _point(frozen.dataclass)
    general = point.__init__
    assert len([point(number) for number in range(50)]) == 50
    assert point.__init__ is general


def test_a_class_that_is_used_often_gets_an_init_of_its_own() -> None:
    point = _point(frozen.dataclass)
    general = point.__init__
    values = [point(number, tags=()) for number in range(200)]
    assert point.__init__ is not general
    assert [(value.x, value.y, value.tags) for value in values] == [(number, 2, ()) for number in range(200)]
    assert point(1).tags is not point(1).tags


@BOTH
def test_replacing_changes_what_is_named_and_nothing_else(dataclass: Decorator) -> None:
    @dataclass(frozen=True, slots=True)
    class Level:
        dbm: int
        bars: int = dataclasses.field(init=False)
        tags: tuple[str, ...] = ()

        def __post_init__(self) -> None:
            object.__setattr__(self, "bars", self.dbm // -20)

    before = Level(-40, ("old",))
    after = frozen.replace(before, dbm=-80)
    assert (after.dbm, after.bars, after.tags) == (-80, 4, ("old",))
    assert (before.dbm, before.bars) == (-40, 2)
    with pytest.raises(TypeError):
        frozen.replace(before, nothing=1)


@BOTH
def test_replacing_in_an_ordinary_value(dataclass: Decorator) -> None:
    point = _point(dataclass)(1, 3)
    assert frozen.replace(point, y=4) == _point_like(point, 1, 4)
    assert frozen.replace(point) == point
    with pytest.raises(TypeError):
        frozen.replace(point, z=1)


def _point_like(point: Any, x: int, y: int) -> Any:
    return type(point)(x, y)
