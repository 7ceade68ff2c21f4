"""Looking for the bad record of a refused batch, by halves.

A record is condemned only on evidence: the centre took another one of the same batch, or it has taken something
since the process started and this is one of few. A centre, or a proxy before it, that refuses everything condemns
nothing; otherwise one faulty release there would empty the outboxes of a whole fleet.
"""

from dataclasses import field
from random import Random

from agent.outbox.base import Entry
from modem.frozen import dataclass

MANY = 3
"""So many refused one by one, with none taken in between, and it is no longer the records' fault."""


@dataclass(slots=True)
class Search:
    random: Random
    groups: list[list[Entry]] = field(default_factory=list)
    """Still to be sent, the next one last."""
    suspects: list[tuple[Entry, str]] = field(default_factory=list)
    """Refused alone, with the centre's reason."""
    active: bool = False
    """From the refusal of a whole batch until its last part has been dealt with."""
    taken: bool = False
    """The centre took something since this search began."""
    proven: bool = False
    """The centre took something since the process started."""
    condemned: int = 0
    """Condemned since the centre last took something."""

    def next_group(self) -> list[Entry] | None:
        return self.groups.pop() if self.groups else None

    def put_back(self, group: list[Entry] | None) -> None:
        """It was not sent after all."""
        if group:
            self.groups.append(group)

    def refused(self, group: list[Entry], why: str) -> None:
        """The centre called this group malformed."""
        if not self.active:
            self.active, self.taken = True, False
        if len(group) == 1:
            self.suspects.append((group[0], why))
            return
        middle = len(group) // 2
        halves = [group[:middle], group[middle:]]
        # either first, by chance: bad ones at one end must not hide the good ones at the other for ever
        self.random.shuffle(halves)
        self.groups += halves

    def accepted(self) -> None:
        self.taken = self.proven = True
        self.condemned = 0
        self.active = bool(self.groups or self.suspects)

    @property
    def hopeless(self) -> bool:
        """Nothing is taken at all: stop spending bytes on it."""
        return not self.taken and len(self.suspects) > MANY

    def convicted(self) -> list[tuple[Entry, str]] | None:
        """At the end of a search: the bad ones, to be rejected; None if the evidence does not suffice."""
        few = self.proven and self.condemned + len(self.suspects) <= MANY
        if not self.taken and not few:
            return None
        found, self.suspects, self.active = self.suspects, [], False
        self.condemned += 0 if self.taken else len(found)
        return found

    def abandon(self) -> list[Entry]:
        """Give up; all that were in question, to be deferred."""
        rest = [entry for group in self.groups for entry in group] + [entry for entry, _ in self.suspects]
        self.groups, self.suspects, self.active = [], [], False
        return rest
