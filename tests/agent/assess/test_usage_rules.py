"""What the figures of use and of the card mean to the rules."""

from typing import Any

import pytest

from agent.assess.answer import Limits
from agent.assess.rules import RULES
from tests.fakes.snapshots import but, healthy

MB = 2**20


@pytest.mark.parametrize(
    ("code", "parts", "expected"),
    [
        ("usage.abnormal", {"usage__day_bytes": 9 * MB, "usage__day_limit_bytes": 8 * MB}, True),
        ("usage.abnormal", {"usage__day_bytes": 8 * MB, "usage__day_limit_bytes": 8 * MB}, False),
        ("usage.abnormal", {"usage__day_bytes": 900 * MB}, None),
        ("usage.elsewhere", {"usage__elsewhere_bytes": 50 * MB}, True),
        ("usage.elsewhere", {"usage__elsewhere_bytes": 0, "usage__drift_bytes": 3}, False),
        ("usage.elsewhere", {"usage__drift_bytes": 900 * MB}, None),
        ("sim.changed", {"sim__changed": True, "sim__expected_iccid": "89860000000000000002"}, True),
        ("sim.changed", {"sim__changed": False}, False),
        ("sim.changed", {}, None),
        ("sim.wrong_terminal", {"sim__wrong_terminal": True, "sim__expected_imei": "860000000000001"}, True),
        ("sim.wrong_terminal", {"sim__wrong_terminal": True}, True),
        ("sim.wrong_terminal", {"sim__wrong_terminal": False}, False),
        ("sim.wrong_terminal", {}, None),
    ],
)
def test_rule(code: str, parts: dict[str, Any], expected: bool | None) -> None:
    answer = RULES[code](but(healthy(), **parts), Limits())
    assert answer.holds is expected
    assert bool(answer.support) == (expected is True)
