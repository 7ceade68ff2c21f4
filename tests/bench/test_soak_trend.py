"""What the soak says of a day: a leak is told from a step and from noise."""

from bench.soak import trend


def test_a_leak_is_seen_for_what_it_is() -> None:
    seen = trend([100 + 7 * hour for hour in range(12)])
    assert (seen.least, seen.middle, seen.most) == (7, 7, 7)


def test_one_step_is_no_slope() -> None:
    seen = trend([100] * 10 + [500] * 2)
    assert seen.least == seen.middle == 0


def test_noise_lies_on_both_sides_of_nothing() -> None:
    seen = trend([100, 90, 110, 95, 105, 100, 92, 108, 99, 101, 97, 103])
    assert seen.least < 0 < seen.most
