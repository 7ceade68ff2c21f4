"""What each answer to a probe means, as a table. Probes report an outcome; what to make of it stands here alone."""

from collections.abc import Mapping
from typing import Literal

from agent.sample.base import ReachProblem
from modem.frozen import dataclass

Outcome = Literal[
    "well",
    "not_finished",
    "credential_refused",
    "credential_missing",
    "report_refused",
    "stranger",
    "centre_unwell",
    "no_http",
    "tls_broken",
    "certificate_expired",
    "certificate_early",
    "certificate_clock",
    "certificate_name",
    "certificate_chain",
    "ca_unusable",
]
Web = Literal["as_meant", "own_redirect", "carrier_portal", "portal", "nothing"]


@dataclass(frozen=True, slots=True)
class Meaning:
    problem: ReachProblem | None
    """None: as it should be."""
    words: str
    """English, for evidence and detail; {detail} is what was seen."""


CENTRE: Mapping[Outcome, Meaning] = {
    "well": Meaning(None, "answers: {detail}"),
    "not_finished": Meaning(None, "is connected, but was not asked to the end: {detail}"),
    "credential_refused": Meaning("credential", "does not accept this terminal's credential: {detail}"),
    "credential_missing": Meaning("credential", "this terminal has no credential: {detail}"),
    "report_refused": Meaning("refused", "refuses reports: {detail}"),
    "stranger": Meaning("refused", "something else answers in its place, with its certificate: {detail}"),
    "centre_unwell": Meaning("unwell", "cannot take reports now: {detail}"),
    "no_http": Meaning("unwell", "is connected, but gives no answer: {detail}"),
    "tls_broken": Meaning("tls", "no TLS: {detail}"),
    "certificate_expired": Meaning("certificate_expired", "its certificate has expired: {detail}"),
    "certificate_early": Meaning("certificate_expired", "its certificate is not yet valid: {detail}"),
    "certificate_clock": Meaning("clock", "its certificate is valid, only not by this machine's clock: {detail}"),
    "certificate_name": Meaning("certificate_name", "its certificate is for another name: {detail}"),
    "certificate_chain": Meaning("certificate_chain", "nobody we trust has signed its certificate: {detail}"),
    "ca_unusable": Meaning("tls", "{detail}"),
}

WEB: Mapping[Web, Meaning] = {
    "as_meant": Meaning(None, "plain HTTP gets through: {detail}"),
    "own_redirect": Meaning(None, "plain HTTP is redirected within the same host: {detail}"),
    "carrier_portal": Meaning("carrier_portal", "plain HTTP is redirected to a carrier's host: {detail}"),
    "portal": Meaning("portal", "plain HTTP is answered by somebody else: {detail}"),
    "nothing": Meaning(None, "plain HTTP brings nothing: {detail}"),
}

CARRIER_HOSTS = (
    *("10086.cn", "chinamobile.com", "10010.com", "chinaunicom.cn", "chinaunicom.com", "189.cn", "ct10000.com"),
    *("chinatelecom.com.cn", "10099.com.cn", "cbn.cn"),
)
"""The carriers' own domains: a redirect there supports arrears. It proves nothing, and is never followed or shown as
a link."""


def is_carrier(host: str) -> bool:
    name = host.lower().rstrip(".")
    return any(name == known or name.endswith("." + known) for known in CARRIER_HOSTS)
