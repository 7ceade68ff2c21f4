"""What the overview makes of counts, and of what terminals were told of pools."""

import json

from central.console import now, pools


def test_causes_are_counted_by_status_the_worst_first() -> None:
    seen = now.of_counts(
        [
            ("ok", "ok", "up", 90), ("ok", "ok", "silent", 2), ("plan.expiring", "warning", "up", 5),
            ("sim.absent", "error", "silent", 1), ("sim.absent", "error", "up", 2), ("", "", "never", 3),
        ]
    )  # fmt: skip
    assert (seen.total, seen.faults) == (103, 7)
    assert seen.statuses == {"up": 97, "late": 0, "silent": 3, "closed": 0, "never": 3}
    assert [(cause.code, cause.total) for cause in seen.causes] == [
        ("sim.absent", 3),
        ("plan.expiring", 5),
        ("not_heard", 2),
    ]


def fact(terminal: str, name: str, value: object, at: int, plan: str = "p") -> tuple[object, ...]:
    return terminal, "CMCC", plan, "", name, at, json.dumps({"value": value})


def test_a_pool_is_what_its_newest_facts_say() -> None:
    rows = [
        fact("a", "pool_remaining_bytes", "100", 9), fact("b", "pool_remaining_bytes", "400", 5),
        fact("a", "pool_total_bytes", "1000", 3), fact("b", "pool_total_bytes", "x", 9),
        fact("c", "pool_total_bytes", "5", 9, "q"),
    ]  # fmt: skip
    (pool,) = pools.of_facts(rows)
    assert (pool.name, pool.terminals, pool.total, pool.remaining, pool.at) == ("p", 2, 1000, 100, 9)
    assert pool.share == 0.1


def test_a_hostile_pool_is_no_pool() -> None:
    rows = [fact("a", "pool_total_bytes", {"x": 1}, 1), fact("a", "pool_remaining_bytes", "-5", 1)]
    assert pools.of_facts(rows) == []
    assert pools.Pool("p", 1, 0, 0, 1).share == 0.0
