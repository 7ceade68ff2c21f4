"""So many of something."""

import pytest

from agent.cli.context import Lang
from agent.cli.counts import Unit, counted


@pytest.mark.parametrize(
    ("count", "unit", "lang", "said"),
    [
        (0, "day", "en", "0 days"),
        (1, "day", "en", "1 day"),
        (2, "day", "en", "2 days"),
        (1, "day", "zh", "1 天"),
        (1, "record", "en", "1 record"),
        (3, "failure", "en", "3 failures"),
        (3, "failure", "zh", "3 次"),
    ],
)
def test_one_is_not_many(count: int, unit: Unit, lang: Lang, said: str) -> None:
    assert counted(count, unit, lang) == said
