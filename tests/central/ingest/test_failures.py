"""A report over which the centre itself fails is refused in the end, and costs its terminal nothing else."""

from pathlib import Path

import pytest

from central.failures import FAILURES, FORGIVEN_S, Failures
from central.store.base import Delivery, Receipt
from central.store.sqlite import SqliteStore
from tests.central.helpers import Centre, a_store, batch, beat, record
from tests.fakes.clock import FakeClock


def test_what_fails_again_and_again_is_refused_and_all_else_arrives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    commit = SqliteStore.commit

    async def failing(store: SqliteStore, heard: Delivery) -> Receipt:
        if any(report.seq == 2 for report in heard.reports):
            raise RuntimeError("a bug")
        return await commit(store, heard)

    monkeypatch.setattr(SqliteStore, "commit", failing)
    with a_store(tmp_path / "central.db") as store:
        centre = Centre(store)
        centre.register("t-1")
        answers = [centre.post(batch(record(seq, **beat()))) for seq in (2, 2, 2, 3)]
    assert [answer.status for answer in answers] == [500, 500, 422, 200]
    assert answers[2].json["error"]["code"] == "not_handled"
    assert "RuntimeError" in answers[2].text
    assert "a bug" not in answers[2].text
    assert len([entry for entry in caplog.records if entry.exc_info]) == FAILURES


def test_failures_are_counted_for_each_terminal_and_forgiven_after_a_while() -> None:
    clock = FakeClock()
    failures = Failures(clock.wall)
    assert [failures.met("t-1", ValueError()) for _ in range(FAILURES)] == [False, False, True]
    assert not failures.met("t-2", ValueError())
    clock.advance(FORGIVEN_S)
    assert not failures.met("t-1", ValueError())
