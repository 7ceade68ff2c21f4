"""What is worked out anew only when it is asked something else."""

from modem.again import again


class Counted:
    def __init__(self) -> None:
        self.runs = 0

    def double(self, value: int, by: int = 2) -> int:
        self.runs += 1
        return value * by


def test_the_same_question_is_answered_without_working_it_out_again() -> None:
    counted = Counted()
    ask = again(counted.double)
    assert [ask(4), ask(4), ask(4)] == [8, 8, 8]
    assert counted.runs == 1


def test_another_question_is_worked_out_and_only_the_last_one_is_kept() -> None:
    counted = Counted()
    ask = again(counted.double)
    assert [ask(4), ask(5), ask(4), ask(4, 3)] == [8, 10, 8, 12]
    assert counted.runs == 4


def test_what_is_named_is_worked_out_each_time() -> None:
    counted = Counted()
    ask = again(counted.double)
    assert [ask(4, by=3), ask(4, by=3), ask(4)] == [12, 12, 8]
    assert counted.runs == 3
    assert [ask(4, by=3), ask(4)] == [12, 8]


def test_equal_values_are_the_same_question_and_an_empty_answer_is_one_too() -> None:
    runs: list[tuple[str, ...]] = []

    @again
    def first(lines: tuple[str, ...]) -> str | None:
        runs.append(lines)
        return next(iter(lines), None)

    assert first(()) is None
    assert first(()) is None
    lines = "+CSQ: 17,99\n+CSQ: 17,99".splitlines()
    assert first((lines[0],)) == first((lines[1],)) == "+CSQ: 17,99"
    assert len(runs) == 2


def test_what_fails_is_tried_again() -> None:
    tries: list[int] = []

    @again
    def broken(value: int) -> int:
        tries.append(value)
        raise ValueError(value)

    for _ in range(2):
        try:
            broken(1)
        except ValueError:
            continue
    assert tries == [1, 1]
