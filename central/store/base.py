"""What the centre asks of its database. SQLite and others keep the same promises
(tests/central/store/test_store_contract.py).

Promises
- `commit` returns when the delivery is durable: it survives kill -9 and the loss of power. It may share its commit with
  others. A report whose key (terminal, epoch, seq) is already held is dropped and counted as a repeat.
- Epochs of a terminal are ordered by when they were first heard; state moves forward only: by a newer epoch, or a
  greater seq of the same epoch.
- Rows are frozen; what is made for each report is a NamedTuple, in a third of the time. Times are integer seconds since
  1970 UTC on the centre's clock, unless said otherwise.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from central.accounts.sight import EVERYTHING, Sight
from central.fleet import Heard, Rules, Status

MAX_PAGE = 1000


class StoreError(Exception):
    """Base of what a store raises; the message is for people."""


class StoreUnavailable(StoreError):
    """Nothing was committed; trying again later can help."""


class StoreRefused(StoreError):
    """The request contradicts what is stored: a name that is taken, a terminal nobody knows."""

    code = "refused"
    """What programs go by; the message is for people, and may change (docs/central.md)."""

    def __init__(self, message: str, code: str = "") -> None:
        super().__init__(message)
        self.code = code or type(self).code


@dataclass(frozen=True, slots=True)
class Credential:
    terminal: str
    secret_sha256: bytes
    revoked: bool
    changed_at: int = 0
    """When it was rotated or revoked last."""


@dataclass(frozen=True, slots=True)
class EnrolCode:
    """A code that turns into a credential, once (central/enrolment.py)."""

    id: str
    salt: bytes
    digest: bytes
    terminal: str
    """"" = for a new terminal."""
    name: str
    created_at: int
    expires_at: int
    attempts: int = 0
    used_at: int | None = None
    used_by: str | None = None
    """The terminal it became the credential of."""
    used_sha256: bytes | None = None


@dataclass(frozen=True, slots=True)
class DirectiveRow:
    """Something asked of a terminal (agent.wire.directives)."""

    terminal: str
    id: str
    kind: str
    body: str
    """JSON text."""
    created_at: int
    expires_at: int
    sent_by: str
    acked_at: int | None = None
    outcome: str | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """What a terminal says it did about a directive."""

    id: str
    outcome: str
    detail: str


class NewReport(NamedTuple):
    seq: int
    type: str
    at: int
    """As the terminal's clock had it."""
    happened_at: int
    body: str
    """JSON text."""


@dataclass(frozen=True, slots=True)
class NewChange:
    """A report that says that something changed; kept apart, so that it outlives routine history."""

    seq: int
    type: str
    code: str
    happened_at: int
    body: str


class NewHeartbeat(NamedTuple):
    """The newest heartbeat of a delivery."""

    seq: int
    interval_s: int
    next_due: int
    verdict: str
    severity: str
    iccid: str | None
    body: str


@dataclass(frozen=True, slots=True)
class NewVerdict:
    """The newest change of verdict of a delivery."""

    seq: int
    code: str
    severity: str
    since: int
    titles: str
    """JSON object, language → sentence."""


@dataclass(frozen=True, slots=True)
class NewRejection:
    seq: int
    reason: str
    """A code out of a small set."""
    detail: str


class Delivery(NamedTuple):
    """One checked batch of one terminal."""

    terminal: str
    epoch: str
    received_at: int
    clock_skew_s: int
    """Centre's clock minus terminal's."""
    reports: tuple[NewReport, ...]
    changes: tuple[NewChange, ...] = ()
    heartbeat: NewHeartbeat | None = None
    verdict: NewVerdict | None = None
    rejections: tuple[NewRejection, ...] = ()


class Receipt(NamedTuple):
    new: int
    repeated: int


@dataclass(frozen=True, slots=True)
class HeartbeatRow:
    received_at: int
    epoch_number: int
    seq: int
    verdict: str
    severity: str
    body: str


@dataclass(frozen=True, slots=True)
class VerdictRow:
    epoch_number: int
    seq: int
    code: str
    severity: str
    since: int
    titles: str


@dataclass(frozen=True, slots=True)
class TerminalRow:
    terminal: str
    name: str
    created_at: int
    revoked_at: int | None
    heard: Heard
    clock_skew_s: int | None = None
    repeats: int = 0
    heartbeat: HeartbeatRow | None = None
    verdict: VerdictRow | None = None


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """Place of a report in its terminal's history: epochs are numbered from 1 in the order they were first heard."""

    epoch_number: int
    seq: int


@dataclass(frozen=True, slots=True)
class ReportRow:
    position: Position
    epoch: str
    type: str
    at: int
    happened_at: int
    received_at: int
    body: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    position: Position
    epoch: str
    type: str
    code: str
    happened_at: int
    received_at: int
    body: str


@dataclass(frozen=True, slots=True)
class RejectionRow:
    reason: str
    count: int
    first_at: int
    last_at: int
    last_seq: int
    last_detail: str


@dataclass(frozen=True, slots=True)
class Filter:
    """Which terminals: those of one status as of `now`."""

    status: Status
    now: float
    rules: Rules


@dataclass(frozen=True, slots=True)
class StoreStats:
    commits: int
    """Transactions committed since start."""
    jobs: int
    """Requests that shared them."""
    waiting: int
    commit_seconds: float
    failures: int


class Store(Protocol):
    async def credential(self, terminal: str) -> Credential | None:
        """What the terminal's secret is checked against; no more than two seconds old. On the hot path."""

    async def lineage(self, terminal: str, now: int) -> bytes | None:
        """What a session of a terminal is bound to, instead of its secret, while its credential is as it was three days
        ago: drawn with the database, and anew when a copy is restored. No more than two seconds old. None: look at the
        credential.
        """

    def forget(self, terminal: str) -> None:
        """`credential` reads it from the database the next time: where two seconds would matter."""

    async def commit(self, delivery: Delivery) -> Receipt:
        """Durable when it returns. Raises StoreUnavailable: nothing of it was stored."""

    async def add_terminal(self, terminal: str, name: str, secret_sha256: bytes, now: int) -> None:
        """Raises StoreRefused when the id is taken."""

    async def rotate(self, terminal: str, secret_sha256: bytes, now: int) -> None:
        """A new secret; the old one is no longer good, a revocation is lifted. Raises StoreRefused."""

    async def revoke(self, terminal: str, now: int) -> None:
        """The credential is refused from now on (by other processes within two seconds); history stays. Raises
        StoreRefused.
        """

    async def add_enrol_codes(self, codes: Sequence[EnrolCode]) -> None:
        """All or none. Raises StoreRefused when a name is taken: draw again."""

    async def enrol_codes(self, now: int, limit: int = 1000) -> list[EnrolCode]:
        """Those that have not expired, used ones too, newest first."""

    async def try_enrol_code(self, code: str, now: int, most: int) -> EnrolCode | None:
        """Counts an attempt, then tells what is known of the code; None: unknown, expired, or tried `most` times."""

    async def enrol(self, code: str, terminal: str, secret_sha256: bytes, now: int) -> str:
        """Use the code up: the id of the terminal that has this secret from now on, and no other. Where the code is for
        a new terminal, that is `terminal`. The same secret again is answered alike. Raises StoreRefused: used by
        somebody else, expired, or the id is taken.
        """

    async def withdraw_enrol_code(self, code: str) -> str | None:
        """One that was not used; the terminal it was for ("": a new one), None when there is no such code."""

    async def withdraw_enrol_codes(self, terminal: str) -> int:
        """Those of it that were not used; how many. `revoke` does it too."""

    async def send_directives(self, rows: Sequence[DirectiveRow], most: int) -> None:
        """All or none. Raises StoreRefused: a terminal nobody knows, or `most` wait for one of them already."""

    async def terminals_with_directives(self, now: int) -> frozenset[str]:
        """Those for whom any waits."""

    async def directives_due(self, terminal: str, now: int, limit: int) -> list[DirectiveRow]:
        """Neither acknowledged nor expired, oldest first."""

    async def directives(self, terminal: str, limit: int = 100) -> list[DirectiveRow]:
        """All of them, newest first."""

    async def acknowledge_directives(self, terminal: str, told: Sequence[Acknowledged], now: int) -> None:
        """The first word about each counts; unknown ids are passed over."""

    async def withdraw_directive(self, terminal: str, directive: str, now: int) -> bool:
        """False when it was acknowledged before, or is not known."""

    async def terminals(
        self,
        *,
        after: str = "",
        limit: int = 100,
        only: Filter | None = None,
        revoked: bool = False,
        sight: Sight = EVERYTHING,
    ) -> list[TerminalRow]:
        """By id, those after `after`; without the revoked ones unless `revoked`."""

    async def ids(self, *, after: str = "", since: int = 0, limit: int = 100) -> list[str]:
        """Of all terminals registered since, the revoked ones too; in order, those after `after`."""

    async def terminal(self, terminal: str, sight: Sight = EVERYTHING) -> TerminalRow | None:
        """None: nobody knows it, or it is out of sight."""

    async def count(self, now: float, rules: Rules, sight: Sight = EVERYTHING) -> dict[Status, int]:
        """Terminals that are not revoked, by status."""

    async def reports(self, terminal: str, *, before: Position | None = None, limit: int = 100) -> list[ReportRow]:
        """Newest first."""

    async def changes(self, terminal: str, *, before: Position | None = None, limit: int = 100) -> list[ChangeRow]:
        """Newest first."""

    async def rejections(self, terminal: str) -> list[RejectionRow]: ...

    async def lost(self, terminal: str, at: int) -> None:
        """The broker has lost this terminal's connection: kept for who asks why it is silent."""

    async def ready(self) -> None:
        """Raises StoreUnavailable when reading or the last commit failed, StoreError when it cannot go on at all."""

    def stats(self) -> StoreStats: ...

    def close(self) -> None:
        """Commits what waits, then stops. Called once, from any thread."""
