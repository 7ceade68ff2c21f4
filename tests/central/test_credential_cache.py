from central.store.base import Credential
from central.store.cache import TTL_S, CredentialCache
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
