"""How the card stands by the files that the daemon keeps, for who has no daemon to ask: read, never written."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from agent.plan.desk import Desk, DeskSettings
from agent.plan.ledger import Ledger, LedgerError
from agent.plan.standing import Standing
from agent.plan.store import PlanStore, PlanStoreError
from agent.sample.base import ClockView, PlanFact, SimView

LEDGER, PLAN = "ledger.db", "plan.db"


@contextmanager
def opened(state_dir: Path, settings: DeskSettings) -> Iterator[tuple[Desk, Ledger | None, list[str]]]:
    """Desk and ledger, read only; what is missing is empty, what is damaged is named in the list."""
    troubles: list[str] = []
    ledger, store = _ledger(state_dir / LEDGER, settings, troubles), _store(state_dir / PLAN, troubles)
    try:
        yield Desk(settings, store, read_only=True), ledger, troubles
    finally:
        store.close()
        if ledger is not None:
            ledger.close()


def stands_by_files(
    state_dir: Path,
    settings: DeskSettings,
    wall: float,
    trust: ClockView,
    sim: SimView,
    imei: str | None,
    apn: str | None,
    heard: Sequence[PlanFact] = (),
) -> tuple[Standing, SimView]:
    """As `Desk.see` and `Desk.stand` of the daemon would say it now; `heard`: what the card's messages say."""
    with opened(state_dir, settings) as (desk, ledger, _):
        try:
            seen = desk.see(sim, imei, apn, wall)
            return desk.stand(ledger, wall, 0.0, trust, seen.iccid, heard), seen
        except PlanStoreError:
            pass
    empty = Desk(settings, PlanStore(None), read_only=True)
    return empty.stand(None, wall, 0.0, trust, sim.iccid, heard), sim


def _ledger(path: Path, settings: DeskSettings, troubles: list[str]) -> Ledger | None:
    if not _is_there(path, troubles):
        return None
    try:
        return Ledger(path, settings.timezone, read_only=True)
    except LedgerError as error:
        troubles.append(str(error))
        return None


def _store(path: Path, troubles: list[str]) -> PlanStore:
    if _is_there(path, troubles):
        try:
            store = PlanStore(path, read_only=True)
            store.kept("pair")  # opening alone reads nothing
        except PlanStoreError as error:
            troubles.append(str(error))
        else:
            return store
    return PlanStore(None)


def _is_there(path: Path, troubles: list[str]) -> bool:
    """A folder that is closed to this user (0750) is no error of ours: `posagent diag` runs without root too."""
    try:
        return path.exists()
    except OSError as error:
        troubles.append(f"{path}: {error.strerror}")
        return False
