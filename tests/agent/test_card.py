"""Which card belongs here: learned, guarded, accepted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.card import Guard, Lock, Pair, Slots, accepted, guard, lock_of, pair_from, warning
from modem.values import SimSlot

CARD, OTHER, IMEI, IMEI_2 = "89860000000000000001", "89860400000000000002", "867698040123450", "867698040999990"
THIRD = "89860100000000000003"
KNOWN = Pair("shop-1", CARD, IMEI, 1.0)


def test_the_first_card_is_learned_with_its_modem() -> None:
    found = guard(None, "shop-1", CARD, IMEI, "unknown", 5.0)
    assert found == Guard(changed=False, wrong_terminal=False, learn=Pair("shop-1", CARD, IMEI, 5.0))


def test_the_same_card_in_the_same_modem_is_fine() -> None:
    assert guard(KNOWN, "shop-1", CARD, IMEI, "likely", 5.0) == Guard(changed=False, wrong_terminal=False)


def test_a_check_digit_more_or_less_is_no_other_card() -> None:
    assert guard(KNOWN, "shop-1", CARD[:19], IMEI, "likely", 5.0).changed is False


def test_cards_in_a_row_are_not_one_card() -> None:
    assert guard(KNOWN, "shop-1", CARD[:19] + "2", IMEI, "likely", 5.0).changed is True


def test_another_card_is_noticed_and_not_learned() -> None:
    assert guard(KNOWN, "shop-1", OTHER, IMEI, "likely", 5.0) == Guard(changed=True, wrong_terminal=None)


def test_another_card_than_the_one_the_centre_named_is_in_the_wrong_terminal() -> None:
    named = accepted("shop-1", CARD, IMEI, 2.0, by_centre=True)
    assert guard(named, "shop-1", OTHER, IMEI, "unknown", 5.0).wrong_terminal is True


@pytest.mark.parametrize(
    ("lock", "wrong"), [("locked", True), ("likely", True), ("unlikely", False), ("unknown", False)]
)
def test_a_card_that_locks_itself_is_wrong_in_another_modem(lock: Lock, wrong: bool) -> None:
    found = guard(KNOWN, "shop-1", CARD, IMEI_2, lock, 5.0)
    assert (found.changed, found.wrong_terminal, found.learn) == (False, wrong, None)


def test_an_imei_that_was_not_readable_at_first_is_learned_later() -> None:
    found = guard(Pair("shop-1", CARD), "shop-1", CARD, IMEI, "likely", 5.0)
    assert found.learn == Pair("shop-1", CARD, IMEI)


@pytest.mark.parametrize("unreadable", [None, "", "no card", "8986"])
def test_what_cannot_be_read_is_not_another_card(unreadable: str | None) -> None:
    assert guard(KNOWN, "shop-1", unreadable, IMEI_2, "locked", 5.0) == Guard()
    assert guard(KNOWN, "shop-1", CARD, None, "locked", 5.0).wrong_terminal is False


def test_acceptance_ends_the_warning() -> None:
    new = accepted("shop-1", OTHER, IMEI_2, 9.0)
    assert guard(new, "shop-1", OTHER, IMEI_2, "locked", 10.0) == Guard(changed=False, wrong_terminal=False)
    assert accepted("shop-1", "nonsense", None, 9.0) is None


def test_a_pairing_survives_its_file() -> None:
    assert pair_from(KNOWN.json()) == KNOWN


@given(
    st.dictionaries(
        st.sampled_from(["terminal", "iccid", "imei", "at", "by", "x"]), st.none() | st.text() | st.integers()
    )
)
def test_any_file_gives_a_pairing_or_none(value: dict[str, object]) -> None:
    pair_from(value)


@pytest.mark.parametrize(
    ("iccid", "apn", "number", "configured", "lock"),
    [
        ("89860400000000000002", None, None, None, "likely"),
        (CARD, "cmiot", None, None, "likely"),
        (CARD, "unim2m.njm2mapn", None, None, "likely"),
        (CARD, None, "+861064800000000", None, "likely"),
        (CARD, "cmnet", "13800000000", None, "unknown"),
        ("8944200053671052499", None, None, None, "unlikely"),
        (None, None, None, None, "unknown"),
        (CARD, "cmiot", None, False, "unlikely"),
        (CARD, "cmnet", None, True, "locked"),
    ],
)
def test_whether_a_card_locks_itself(
    iccid: str | None, apn: str | None, number: str | None, configured: bool | None, lock: Lock
) -> None:
    assert lock_of(iccid, apn=apn, msisdn=number, configured=configured) == lock


def test_the_warning_comes_before_the_card_is_moved() -> None:
    assert "解绑" in (warning("likely", "zh") or "")
    assert "Unbind" in (warning("locked", "en") or "")
    assert warning("unlikely", "zh") is None
    assert warning("unknown", "en") is None


IN_TWO = SimSlot(2, False, None, OTHER)


@pytest.mark.parametrize(
    ("learned", "slots", "switched"),
    [
        (1, Slots(2, (SimSlot(1, False, None, CARD),)), True),
        (None, Slots(2, (SimSlot(1, False, None, CARD),)), True),
        (1, Slots(2, (SimSlot(1, False),)), True),  # the modem does not tell what is in the other one
        (1, Slots(2), True),
        (1, Slots(2, (SimSlot(1, False, "absent"),)), False),  # taken out
        (1, Slots(2, (SimSlot(1, False, None, THIRD),)), False),
        (1, Slots(1, (IN_TWO,)), False),
        (None, Slots(2), False),
        (1, Slots(), None),
    ],
)
def test_another_slot_is_named_as_such_and_not_as_a_changed_card(
    learned: int | None, slots: Slots, switched: bool | None
) -> None:
    known = Pair("shop", CARD, IMEI, 1.0, "centre", learned)
    found = guard(known, "shop", OTHER, IMEI, "unlikely", 2.0, slots)
    assert (found.changed, found.switched) == (True, switched)
    assert found.wrong_terminal is (None if switched else True)


def test_the_slot_is_learned_with_the_card_and_survives_a_restart() -> None:
    first = guard(None, "shop", CARD, IMEI, "unlikely", 1.0, Slots(2)).learn
    assert first is not None
    assert first.slot == 2
    assert pair_from(first.json()) == first
    assert guard(first, "shop", CARD, IMEI, "unlikely", 2.0, Slots()).learn is None
    moved = guard(first, "shop", CARD, IMEI, "unlikely", 2.0, Slots(1)).learn
    assert moved is not None
    assert moved.slot == 1
