"""From what was seen and judged to what a recovery step depends on. Pure."""

from agent.assess.base import Assessment
from agent.assess.causes import family
from agent.recover.ladder import HELPABLE, Case
from agent.sample.base import Snapshot
from modem.values import Cause


def case_of(snapshot: Snapshot, assessment: Assessment) -> Case:
    money = {f"plan.{snapshot.plan.state}"} if snapshot.plan.state in ("expired", "exhausted", "suspended") else set()
    codes = frozenset({finding.code for finding in assessment.findings} | money)
    answers = snapshot.port.problem is None and snapshot.port.answers is not False and not snapshot.port.garbled
    return Case(assessment.verdict.code, codes, answers=answers, refused=_refused(snapshot))


def well(assessment: Assessment, code: str) -> bool:
    """Is the trouble that a step was made for over, and no other in its place?"""
    return all(finding.code != code and finding.severity != "error" for finding in assessment.findings) and (
        assessment.verdict.code not in (code, "unsure")
    )


def context_of(snapshot: Snapshot) -> int | None:
    """The context that carries the data: an active one with an APN that is not the telephone's, else the first such."""
    named = [context for context in snapshot.data.contexts if (context.apn or "").lower() not in ("ims", "sos", "xcap")]
    active = [context for context in named if context.active]
    return (active or named)[0].cid if named else None


def _refused(snapshot: Snapshot) -> bool:
    """Did the network name a cause that trying anew does not cure? One from before a success does not count."""
    registered = snapshot.network.registration in ("home", "roaming")
    connected = any(context.active for context in snapshot.data.contexts)
    return (not registered and _hopeless(snapshot.network.reject_cause)) or (
        not connected and _hopeless(snapshot.data.last_error)
    )


def _hopeless(cause: Cause | None) -> bool:
    of = family(cause)
    return cause is not None and of is not None and cause.number is not None and cause.number not in HELPABLE[of]
