"""The catalogue as a whole: complete, acyclic, and honest about what it cannot tell yet."""

from dataclasses import fields

import pytest

from agent.assess.conditions import CATALOGUE, VERDICT_ONLY, depth, place, upstream, urgency
from agent.assess.rules import RULES, not_known
from agent.sample.base import Snapshot

DESIGNED = """
port.missing port.busy port.forbidden modem.silent modem.garbled modem.hot sim.absent sim.pin_required sim.puk_required
sim.network_locked sim.failure sim.changed sim.wrong_terminal radio.off signal.none signal.weak signal.noisy
registration.searching registration.denied registration.emergency_only registration.roaming data.detached
data.apn_rejected data.auth_rejected data.barred data.not_subscribed data.no_session link.down link.no_address
link.no_route link.elsewhere dns.failed dns.hijacked internet.unreachable internet.walled centre.unreachable centre.tls
centre.refused centre.credential clock.wrong plan.expired plan.expiring plan.exhausted plan.running_out
plan.balance_low plan.suspended plan.stale usage.abnormal usage.elsewhere agent.backlog agent.budget agent.storage
ok unsure
"""
SILENT_YET: set[str] = set()
"""Declared, but the snapshot holds nothing from which they could be told. A rule that lands leaves this list."""


def test_catalogue_has_exactly_the_designed_codes() -> None:
    assert sorted(CATALOGUE) == sorted(DESIGNED.split())


def test_every_code_has_a_rule_except_the_two_verdicts_without_one() -> None:
    assert set(RULES) == set(CATALOGUE) - set(VERDICT_ONLY)


def test_rules_stand_in_the_order_of_the_catalogue() -> None:
    assert sorted(RULES, key=place) == list(RULES)


def test_the_conditions_that_cannot_be_told_yet_are_listed() -> None:
    assert {code for code, rule in RULES.items() if rule is not_known} == SILENT_YET


def test_dependencies_exist() -> None:
    assert not [d for condition in CATALOGUE.values() for d in condition.depends_on if d not in RULES]


def test_dependencies_have_no_cycle() -> None:
    done: set[str] = set()

    def visit(code: str, path: tuple[str, ...]) -> None:
        assert code not in path, " → ".join((*path, code))
        if code not in done:
            for above in CATALOGUE[code].depends_on:
                visit(above, (*path, code))
            done.add(code)

    for code in CATALOGUE:
        visit(code, ())


def test_an_error_is_explained_away_by_errors_only() -> None:
    # A warning that hid an error would make a dead terminal look like a tired one. One exception: a wrong clock breaks
    # certificates by itself.
    hiding = {
        (code, above)
        for code, condition in CATALOGUE.items()
        for above in upstream(code)
        if condition.severity == "error" and CATALOGUE[above].severity != "error"
    }
    assert {(code, above) for code, above in hiding if above != "clock.wrong"} == set()
    assert {code for code, _ in hiding} == {"centre.tls", "centre.refused", "centre.credential"}


@pytest.mark.parametrize("code", [c for c in CATALOGUE if c.startswith(("sim.", "registration.", "data.", "plan.e"))])
def test_a_silent_modem_or_a_missing_port_explains_everything_that_needs_a_modem(code: str) -> None:
    assert {"port.missing", "modem.silent"} <= upstream(code)


def test_delays_are_times() -> None:
    assert all(c.raise_after_s >= 0 and c.clear_after_s >= 0 for c in CATALOGUE.values())


def test_evidence_names_fields_of_the_snapshot() -> None:
    parts = {field.name for field in fields(Snapshot)} | {"agent"}
    named = {name.split(".")[0] for condition in CATALOGUE.values() for name in condition.evidence}
    assert named <= parts


def test_every_condition_says_from_what_it_is_told() -> None:
    assert not [code for code in RULES if not CATALOGUE[code].evidence]


def test_depth_grows_downstream() -> None:
    assert all(depth(above) < depth(code) for code in CATALOGUE for above in upstream(code))


def test_errors_are_more_urgent_than_warnings_and_upstream_than_downstream() -> None:
    assert urgency("centre.unreachable") < urgency("modem.hot")
    assert urgency("sim.absent") < urgency("link.down")
