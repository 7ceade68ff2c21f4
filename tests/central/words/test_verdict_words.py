"""What a code is called at the centre, wherever it is named."""

import pytest

from central.words import LANGS, verdicts

OF_THE_CENTRE = (
    "silent", "incident", "card.shared", "card.swapped", "imei.changed", "centre.was_down", "card.stale", "pool.ending",
    "renewal.order", "renewal.order_refused", "renewal.order_unknown", "renewal.dead",
    "stopped", "signal.fading", "connection.lost",
)  # fmt: skip
"""What alerts and last words may name beside the catalogue (central/alerts, central/liveness.py, central/watch.py)."""


@pytest.mark.parametrize("code", [*verdicts.catalogue(), *OF_THE_CENTRE])
def test_no_code_stands_for_itself(code: str) -> None:
    assert all(verdicts.title(code, lang) not in ("", code) for lang in LANGS)


def test_what_a_terminal_calls_it_counts_for_a_code_that_only_it_knows() -> None:
    told = {"zh": "eSIM 已迁移", "en": 7}
    assert verdicts.titles("esim.moved", told) == {"zh": "eSIM 已迁移", "en": "esim.moved"}
    assert verdicts.title("sim.absent", "zh", told) == "没有检测到 SIM 卡"
