"""What every adapter promises, each against a fake of its platform."""

from collections.abc import Iterator
from datetime import date

import pytest

from central.platforms.base import CardId, NotAllowed, NotOffered, Throttled, Unreachable
from central.platforms.budget import Budget
from central.platforms.line import Line
from central.platforms.opening import Opened
from tests.central.platforms.helpers_platforms import (
    FIRST,
    KINDS,
    NUMBERS,
    SECOND,
    STRANGE,
    an_account,
    fake_of,
    platform_of,
)
from tests.fakes.platforms import FakePlatform

CARDS = [CardId(FIRST, NUMBERS[FIRST]), CardId(SECOND, NUMBERS[SECOND]), CardId(STRANGE, NUMBERS[STRANGE])]
ONE = CARDS[0]
PRODUCTS = {"jasper": "POS 50MB", "onelink": "0/2", "telecom-m2m": "100"}
Account = tuple[FakePlatform, Opened]


@pytest.fixture(params=KINDS)
def account(request: pytest.FixtureRequest) -> Iterator[Account]:
    with an_account(request.param) as made:
        yield made


def test_the_state_of_each_card_is_told_and_a_strange_one_is_left_out(account: Account) -> None:
    fake, opened = account
    fake.cards[SECOND].state = "suspended"
    told = opened.platform.status(CARDS)
    assert {iccid: one.state for iccid, one in told.items()} == {FIRST: "active", SECOND: "suspended"}


def test_use_is_told_in_bytes(account: Account) -> None:
    told = account[1].platform.usage(CARDS)
    assert {iccid: one.used_bytes for iccid, one in told.items()} == {FIRST: 2**20, SECOND: 2**21}


def test_the_end_is_told_where_the_platform_keeps_it(account: Account) -> None:
    told = account[1].platform.expiry(CARDS)
    wanted = {FIRST: date(2026, 12, 31), SECOND: date(2026, 12, 31)}
    assert told == (wanted if account[1].platform.keeps_ends else {})


def test_a_card_is_cut_off_and_let_work_again(account: Account) -> None:
    fake, opened = account
    opened.platform.suspend(ONE)
    assert fake.cards[FIRST].state == "suspended"
    opened.platform.resume(ONE)
    assert fake.cards[FIRST].state == "active"


def test_what_is_ordered_arrives_or_is_not_offered(account: Account) -> None:
    fake, opened = account
    if opened.name not in PRODUCTS:
        with pytest.raises(NotOffered):
            opened.platform.order(ONE, "1")
        return
    opened.platform.order(ONE, PRODUCTS[opened.name])
    assert fake.cards[FIRST].product == PRODUCTS[opened.name]


def test_who_asks_too_often_is_told_so(account: Account) -> None:
    fake, opened = account
    fake.busy = 1
    with pytest.raises(Throttled):
        opened.platform.usage(CARDS)


@pytest.mark.parametrize("kind", KINDS)
def test_a_wrong_secret_is_refused_and_never_shown(kind: str) -> None:
    with an_account(kind, secret="not-the-secret") as (_, opened), pytest.raises(NotAllowed) as said:
        opened.platform.usage(CARDS)
    assert "not-the-secret" not in f"{said.value!r}{opened!r}"


@pytest.mark.parametrize("kind", KINDS)
def test_nobody_at_the_other_end_is_said_without_its_address(kind: str) -> None:
    fake = fake_of(kind)
    with fake:
        dead = fake.url
    opened = platform_of(kind, fake, Line(dead, Budget(1000, 10_000_000)), fake.secret)
    with pytest.raises(Unreachable) as said:
        opened.status(CARDS)
    assert "127.0.0.1" not in str(said.value)
    assert fake.secret not in str(said.value)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b"<a>", b"\xff\xfe", b"null", b"1" * 5_000_000, b"[" * 100_000])
def test_an_answer_that_says_nothing_is_an_error_and_no_more(
    kind: str, body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    with an_account(kind) as (fake, opened):
        monkeypatch.setattr(fake, "answer", lambda *_: (200, body, "text/plain"))
        try:
            told = opened.platform.usage([ONE])
        except (Unreachable, NotAllowed, Throttled):
            return
        except Exception as error:
            assert type(error).__name__ == "Declined"  # noqa: PT017 - one of several that are right
            return
    assert all(one.used_bytes is None for one in told.values())
