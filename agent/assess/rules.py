"""Samples → true, false or not known, for every condition of the catalogue. Pure.

A condition whose inputs the snapshot does not hold yet has the rule `not_known`: it is declared, and it is silent.
"""

from collections.abc import Mapping

from agent.assess import rules_agent as agent
from agent.assess import rules_card as card
from agent.assess import rules_data as data
from agent.assess import rules_modem as modem
from agent.assess import rules_plan as plan
from agent.assess import rules_usage as usage
from agent.assess.answer import UNKNOWN, Answer, Limits, Rule
from agent.sample.base import Snapshot


def not_known(snapshot: Snapshot, limits: Limits) -> Answer:  # noqa: ARG001 - the shape of every rule
    """For conditions whose inputs are not sampled yet."""
    return UNKNOWN


RULES: Mapping[str, Rule] = {
    "port.missing": modem.port_rule("missing", "lost"),
    "port.busy": modem.port_rule("busy"),
    "port.forbidden": modem.port_rule("forbidden"),
    "modem.silent": modem.modem_silent,
    "modem.garbled": modem.modem_garbled,
    "modem.hot": modem.modem_hot,
    "sim.absent": modem.sim_rule("absent"),
    "sim.pin_required": modem.sim_rule("pin_required"),
    "sim.puk_required": modem.sim_rule("puk_required"),
    "sim.network_locked": modem.sim_rule("network_locked"),
    "sim.failure": modem.sim_rule("failure"),
    "sim.changed": card.changed,
    "sim.wrong_terminal": card.wrong_terminal,
    "radio.off": modem.radio_off,
    "signal.none": modem.signal_none,
    "signal.weak": modem.signal_weak,
    "signal.noisy": modem.signal_noisy,
    "registration.searching": modem.searching,
    "registration.denied": modem.registration_rule("denied"),
    "registration.emergency_only": modem.registration_rule("emergency_only"),
    "registration.roaming": modem.roaming,
    "data.detached": data.detached,
    "data.apn_rejected": data.session_cause("data.apn_rejected"),
    "data.auth_rejected": data.session_cause("data.auth_rejected"),
    "data.barred": data.session_cause("data.barred"),
    "data.not_subscribed": data.session_cause("data.not_subscribed"),
    "data.no_session": data.no_session,
    "link.down": data.link_down,
    "link.no_address": data.no_address,
    "link.no_route": data.no_route,
    "link.elsewhere": data.elsewhere,
    "dns.failed": data.dns_failed,
    "dns.hijacked": data.dns_hijacked,
    "internet.unreachable": data.internet_unreachable,
    "internet.walled": data.internet_walled,
    "centre.unreachable": data.centre_unreachable,
    "centre.tls": data.centre_rule(*data.TLS),
    "centre.refused": data.centre_rule("refused"),
    "centre.credential": data.centre_rule("credential"),
    "clock.wrong": data.clock_wrong,
    "plan.expired": plan.expired,
    "plan.expiring": plan.expiring,
    "plan.exhausted": plan.exhausted,
    "plan.running_out": plan.running_out,
    "plan.balance_low": plan.balance_low,
    "plan.suspended": plan.suspended,
    "plan.stale": plan.stale,
    "usage.abnormal": usage.abnormal,
    "usage.elsewhere": usage.elsewhere,
    "agent.backlog": agent.backlog,
    "agent.budget": agent.budget,
    "agent.storage": agent.storage,
}


def judge(snapshot: Snapshot, limits: Limits) -> Mapping[str, Answer]:
    """Every rule's answer, in the catalogue's order."""
    return {code: rule(snapshot, limits) for code, rule in RULES.items()}
