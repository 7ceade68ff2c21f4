"""Enrolment codes on both databases."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from central.store.base import EnrolCode, StoreRefused
from tests.central.helpers import a_postgres_store, a_store
from tests.central.store.test_store_contract import STORES, Opener
from tests.fakes import postgres


@pytest.fixture(params=STORES)
def opener(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opener]:
    if request.param == "sqlite":
        yield lambda: a_store(tmp_path / "central.db")
        return
    with postgres.shared().database() as url:
        yield lambda: a_postgres_store(url)


def code(name: str = "AAAAA", terminal: str = "shop-1", until: int = 2000) -> EnrolCode:
    return EnrolCode(name, b"salt", b"digest", terminal, "Shop", 1000, until)


def test_a_code_is_found_again_and_its_attempts_are_counted(opener: Opener) -> None:
    with opener() as store:
        asyncio.run(store.add_enrol_codes([code()]))
        found = asyncio.run(store.try_enrol_code("AAAAA", 1001, 2))
        assert found is not None
        assert (bytes(found.digest), found.terminal, found.attempts) == (b"digest", "shop-1", 1)
        assert asyncio.run(store.try_enrol_code("AAAAA", 1001, 2)) is not None
        assert asyncio.run(store.try_enrol_code("AAAAA", 1001, 2)) is None


def test_codes_are_added_together_or_not_at_all(opener: Opener) -> None:
    with opener() as store:
        asyncio.run(store.add_enrol_codes([code()]))
        with pytest.raises(StoreRefused):
            asyncio.run(store.add_enrol_codes([code("BBBBB"), code()]))
        assert [kept.id for kept in asyncio.run(store.enrol_codes(1001))] == ["AAAAA"]


def test_an_expired_code_is_none(opener: Opener) -> None:
    with opener() as store:
        asyncio.run(store.add_enrol_codes([code()]))
        assert asyncio.run(store.try_enrol_code("AAAAA", 2000, 9)) is None
        with pytest.raises(StoreRefused):
            asyncio.run(store.enrol("AAAAA", "", b"1" * 32, 2000))


def test_the_credential_counts_at_once(opener: Opener) -> None:
    with opener() as store:
        assert asyncio.run(store.credential("shop-1")) is None
        asyncio.run(store.add_enrol_codes([code()]))
        assert asyncio.run(store.enrol("AAAAA", "ignored", b"1" * 32, 1500)) == "shop-1"
        found = asyncio.run(store.credential("shop-1"))
        assert found is not None
        assert bytes(found.secret_sha256) == b"1" * 32


def test_two_processes_cannot_both_use_a_code(opener: Opener) -> None:
    with opener() as one, opener() as other, ThreadPoolExecutor(8) as pool:
        asyncio.run(one.add_enrol_codes([code(terminal="")]))

        def use(number: int) -> str | None:
            store = one if number % 2 else other
            try:
                return asyncio.run(store.enrol("AAAAA", f"t-{number}", bytes([number]) * 32, 1500))
            except StoreRefused:
                return None

        won = [name for name in pool.map(use, range(8)) if name]
        rows = asyncio.run(one.terminals())
    assert len(won) == 1
    assert [row.terminal for row in rows] == won
