"""How long the way to the centre stays open without a packet, learned from what happens. Pure.

A carrier's NAT forgets a silent connection, after anything from half a minute to hours, and tells nobody. A probe
before that costs 104 bytes, a connection that died unnoticed a new handshake (1.3 to 3.3 KB) and the report's delay.
So: begin with 225 s (NATs that forget in under four minutes are rare). EVIDENCE silences survived let it grow by a
quarter, but not up to what was lost before. A connection lost in silence takes it back to what had held, or, if that
is what was lost, to the half. Memory fades: carriers change, and the terminal moves.
"""

from dataclasses import replace

from modem.frozen import dataclass

FIRST_S = 225.0
LEAST_S = 30.0
MOST_S = 1800.0
EVIDENCE = 8
FADES_AFTER = 2000
"""Silences survived, after which what was lost once is tried again: three weeks of reports each 15 minutes."""
_MARGIN = 0.9


@dataclass(frozen=True, slots=True)
class Patience:
    idle_s: float = FIRST_S
    """Silence after which to probe."""
    lost_s: float | None = None
    """The shortest silence that a connection did not survive."""
    good_s: float | None = None
    """The longest of which there is evidence that connections survive it."""
    held: int = 0
    """Silences of `idle_s` or more survived since it was last changed."""
    held_since_loss: int = 0

    def survived(self, silence_s: float) -> "Patience":
        """The connection worked after so long without a word of ours; probes stood between if it was longer."""
        if silence_s < self.idle_s * _MARGIN:
            return self
        since = self.held_since_loss + 1
        lost = None if since >= FADES_AFTER else self.lost_s
        if self.held + 1 < EVIDENCE:
            return replace(self, held=self.held + 1, held_since_loss=since, lost_s=lost)
        grown = min(MOST_S, self.idle_s * 1.25)
        may = grown > self.idle_s and (lost is None or grown <= lost * _MARGIN)
        return Patience(grown if may else self.idle_s, lost, self.idle_s, 0, since)

    def lost(self) -> "Patience":
        """A connection was found dead that nobody had closed."""
        shortest = self.idle_s if self.lost_s is None else min(self.lost_s, self.idle_s)
        if self.good_s is not None and self.good_s < self.idle_s:
            return Patience(self.good_s, shortest)
        return Patience(max(LEAST_S, self.idle_s / 2), shortest)
