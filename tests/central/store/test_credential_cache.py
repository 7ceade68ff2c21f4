import asyncio
from collections.abc import Sequence

import pytest

from central.store.base import Credential, StoreUnavailable
from central.store.cache import TTL_S, CredentialCache, Together
from tests.fakes.clock import FakeClock

KNOWN = Credential("a", b"1", revoked=False)


def test_what_is_known_is_known_for_a_moment() -> None:
    clock = FakeClock()
    cache = CredentialCache(clock.monotonic)
    cache.put("a", KNOWN)
    cache.put("nobody", None)
    assert (cache.get("a"), cache.get("nobody"), cache.get("b")) == ((True, KNOWN), (True, None), (False, None))
    clock.advance(TTL_S)
    assert (cache.get("a"), cache.get("nobody")) == ((False, None), (False, None))


def test_what_changed_is_forgotten_at_once() -> None:
    cache = CredentialCache(FakeClock().monotonic)
    cache.put("a", KNOWN)
    cache.forget("a")
    cache.forget("b")
    assert cache.get("a") == (False, None)


def test_memory_is_bounded() -> None:
    cache = CredentialCache(FakeClock().monotonic, size=10)
    for number in range(100):
        cache.put(str(number), None)
    assert (len(cache._held), cache.get("99"), cache.get("0")) == (10, (True, None), (False, None))


class Answers:
    """Those of a database, each of which takes a turn of the loop."""

    def __init__(self, *, gone: bool = False) -> None:
        self.asked: list[list[str]] = []
        self._gone = gone

    async def __call__(self, terminals: Sequence[str]) -> dict[str, Credential]:
        self.asked.append(sorted(terminals))
        await asyncio.sleep(0)
        if self._gone:
            raise StoreUnavailable("gone")
        return {"a": KNOWN} if "a" in terminals else {}


def test_who_asks_in_one_turn_shares_a_question() -> None:
    async def ask() -> list[Credential | None]:
        return await asyncio.gather(*(together.ask(name) for name in ("a", "b", "a")))

    together = Together(answers := Answers())
    assert asyncio.run(ask()) == [KNOWN, None, KNOWN]
    assert asyncio.run(ask()) == [KNOWN, None, KNOWN]
    assert answers.asked == [["a", "b"], ["a", "b"]]


def test_who_leaves_before_the_answer_takes_nobody_along() -> None:
    async def ask() -> Credential | None:
        first, second = (asyncio.create_task(together.ask("a")) for _ in range(2))
        await asyncio.sleep(0)
        first.cancel()
        return await second

    together = Together(Answers())
    assert asyncio.run(ask()) == KNOWN


def test_a_database_that_is_gone_is_told_to_each_and_asked_again() -> None:
    async def ask() -> list[Credential | BaseException | None]:
        return await asyncio.gather(*(together.ask(name) for name in ("a", "b")), return_exceptions=True)

    together = Together(answers := Answers(gone=True))
    assert [type(one) for one in asyncio.run(ask())] == [StoreUnavailable, StoreUnavailable]
    with pytest.raises(StoreUnavailable):
        asyncio.run(together.ask("a"))
    assert len(answers.asked) == 2
