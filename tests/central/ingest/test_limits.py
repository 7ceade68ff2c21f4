from central.limits import RateLimit
from tests.fakes.clock import FakeClock


def test_a_burst_passes_and_then_the_rate_holds() -> None:
    clock = FakeClock()
    limit = RateLimit(60, 3, clock.monotonic)
    assert [limit.take("a") for _ in range(4)] == [0, 0, 0, 1.0]
    clock.advance(1)
    assert (limit.take("a"), limit.take("a")) == (0, 1.0)


def test_a_rest_fills_no_more_than_the_burst() -> None:
    clock = FakeClock()
    limit = RateLimit(60, 2, clock.monotonic)
    clock.advance(10_000)
    assert [limit.take("a") > 0 for _ in range(3)] == [False, False, True]


def test_no_rate_is_no_limit() -> None:
    limit = RateLimit(0, 1, FakeClock().monotonic)
    assert sum(limit.take("a") for _ in range(1000)) == 0


def test_memory_is_bounded() -> None:
    limit = RateLimit(60, 1, FakeClock().monotonic, max_buckets=10)
    for number in range(1000):
        limit.take(str(number))
    assert len(limit._full_at) == 10


def test_who_has_been_quiet_for_long_takes_no_memory() -> None:
    clock = FakeClock()
    limit = RateLimit(60, 5, clock.monotonic)
    for number in range(1000):
        limit.take(str(number))
        clock.advance(0.5)
    assert len(limit._full_at) <= 10
