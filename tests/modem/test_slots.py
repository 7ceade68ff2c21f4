"""Which SIM slot is in use, and what is in the other."""

import pytest

from modem import slots
from modem.dialect import Question
from modem.dialects import all_dialects
from modem.values import SimSlot, SimSlots


@pytest.mark.parametrize(
    ("first", "place", "line", "slot"),
    [(1, 0, "+QUIMSLOT: 2", 2), (0, 0, "+QDSIM: 0", 1), (0, 0, "!UIMS: 1", 2), (1, 1, "+SMSIMCFG: 1,2", 2)],
)
def test_slots_are_counted_from_one_whatever_the_maker_does(first: int, place: int, line: str, slot: int) -> None:
    assert slots.counted_from(first, place)(line) == SimSlots((SimSlot(slot, active=True),))


@pytest.mark.parametrize("line", ["+QUIMSLOT: 0", "+QUIMSLOT: 9", "+QUIMSLOT: ", "+QUIMSLOT: (1,2)"])
def test_a_number_that_is_no_slot_is_not_known(line: str) -> None:
    assert slots.counted_from(1)(line) is None


def test_an_empty_slot_is_told_from_one_whose_card_is_not_in_use() -> None:
    line = '+QSIMCFG: "dual_slot_status",1,1,3,3B9F,5,"89860401102290120000",1,0,3,,5,0'
    assert slots.dual_slot_status(line) == SimSlots(
        (
            SimSlot(1, active=True, iccid="89860401102290120000"),
            SimSlot(2, active=False, state="absent"),
        )
    )


def test_a_line_without_one_slot_in_use_says_nothing() -> None:
    assert slots.simslot("^SIMSLOT: 1,1,1,1") is None
    assert slots.simslot("^SIMSLOT: 0,1") is None
    assert slots.dual_slot_status('+QSIMCFG: "esim",0') is None


def test_no_dialect_switches_slots_by_asking() -> None:
    ways = [ask.text for dialect in all_dialects() for ask in dialect.asks.get(Question.SIM_SLOTS, ())]
    assert ways
    assert all(text.endswith("?") or text == 'AT+QSIMCFG="dual_slot_status"' for text in ways)


def test_pairs_say_which_slots_have_a_card_and_which_is_in_use() -> None:
    first = SimSlots((SimSlot(1, active=True), SimSlot(2, active=False)))
    second = SimSlots((SimSlot(1, active=False, state="absent"), SimSlot(2, active=True)))
    assert slots.simslot("^SIMSLOT: 1,1,1,0") == first
    assert slots.simslot("^SIMSLOT: 0,0,1,1") == second
    assert slots.simslot("^SIMSLOT: 1,2,1,1") is slots.simslot("^SIMSLOT: 1,0,1,0") is None


@pytest.mark.parametrize(
    "line", ["+QSIMCFG:", '+QSIMCFG: "dual_slot_status",1', '+QSIMCFG: "esim",1,1,3,3B,5,"8986",1,0,3,,5,0']
)
def test_a_line_of_another_kind_is_no_state_of_slots(line: str) -> None:
    assert slots.dual_slot_status(line) is None


def test_a_slot_whose_card_has_no_number_is_empty() -> None:
    found = slots.dual_slot_status('+QSIMCFG: "dual_slot_status",1,1,3,3B9F,5,"x",1,0,3,,5,')
    assert found is not None
    assert [slot.state for slot in found.slots] == [None, "absent"]


def test_there_are_four_slots_at_most() -> None:
    assert slots.active(4) == SimSlots((SimSlot(4, active=True),))
    assert slots.active(5) is slots.active(0) is slots.active(None) is None
