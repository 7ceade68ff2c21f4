"""What the kinds of directives (`agent.wire.kinds`) say, and their acknowledgement, as models. This loads pydantic.

What a centre may ask of a terminal is this closed list and nothing else. There is no way to have it run a command.

A directive comes with the answer to a report, again and again until its acknowledgement has come: a record of type
"directive" with the body `Acknowledgement`. Ids never come back; what one id asks for is done at most once.
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from agent.wire.base import DIRECTIVE_ID, MAX_KIND, WireError
from agent.wire.kinds import MAX_DETAIL, Kind, Outcome
from agent.wire.models import Wire, complaint

_DAY = r"^\d{4}-\d\d-\d\d$"
_FACTS = Literal[
    "expires_on", "balance", "quota_bytes", "used_bytes", "remaining_bytes", "suspended", "arrears",
    "pool_total_bytes", "pool_remaining_bytes", "pool_members",
]  # fmt: skip


class Fact(Wire):
    fact: _FACTS
    value: Annotated[str, Field(max_length=40)]


class PlanFacts(Wire):
    """What the centre knows about the card, in the words of `posagent plan set`; days as 2026-12-31."""

    facts: Annotated[list[Fact], Field(min_length=1, max_length=16)]
    iccid: Annotated[str, Field(pattern=r"^[0-9A-Fa-f]{18,22}$")] | None = None
    """The card it is about; None = the one that is in."""


class NewCadence(Wire):
    """How often all is said to be well, until another directive or 0: as the configuration says."""

    heartbeat_s: Annotated[int, Field(ge=0, le=86_400)]


class VerifyRenewal(Wire):
    expected: Annotated[str, Field(pattern=_DAY)] | None = None
    """The new last day, where it is known."""
    cycle_radio: bool = False


class AcceptCard(Wire):
    iccid: Annotated[str, Field(pattern=r"^[0-9A-Fa-f]{18,22}$")] | None = None
    """None = the one that is in."""


class RunDiag(Wire):
    lang: Literal["zh", "en"] | None = None


class Nothing(Wire):
    """Asked with no more words."""


Body = PlanFacts | NewCadence | VerifyRenewal | AcceptCard | RunDiag | Nothing
BODIES: Mapping[Kind, type[Body]] = {
    "plan-facts": PlanFacts,
    "cadence": NewCadence,
    "ask-balance": Nothing,
    "verify-renewal": VerifyRenewal,
    "run-diag": RunDiag,
    "send-bundle": Nothing,
    "accept-card": AcceptCard,
    "rotate-credential": Nothing,
}


class Acknowledgement(Wire):
    """The body of a record of type "directive"."""

    id: Annotated[str, Field(pattern=rf"^{DIRECTIVE_ID}$")]
    code: Annotated[str, Field(max_length=MAX_KIND)]
    """The kind."""
    outcome: Outcome
    detail: Annotated[str, Field(max_length=MAX_DETAIL)] = ""
    result: dict[str, Any] | None = None


def read_body(kind: Kind, body: object) -> Body:
    """What the directive says, checked. Raises WireError."""
    try:
        return BODIES[kind].model_validate(body)
    except ValidationError as error:
        raise WireError(complaint(error)) from None
