"""Messages as ModemManager keeps them."""

from pathlib import Path
from typing import Any

import pytest

from modem.modemmanager import DbusError, ModemManager, messages
from modem.modemmanager.manager import MESSAGING, MODEM, SMS
from tests.fakes.modemmanager import pretended, private_bus

ROOT = "/org/freedesktop/ModemManager1"


def stored(*numbers: int, gone: int | None = None) -> dict[str, dict[str, dict[str, tuple[str, Any]]]]:
    """A modem with these messages; `gone`: one that it lists and has no longer."""
    paths = [f"{ROOT}/SMS/{number}" for number in numbers]
    modem: dict[str, dict[str, tuple[str, Any]]] = {MODEM: {}, MESSAGING: {"Messages": ("ao", paths)}}
    one = {"State": ("u", 3), "Number": ("s", "10086"), "Storage": ("u", 1)}
    texts = {
        f"{ROOT}/SMS/{number}": {SMS: {**one, "Text": ("s", f"no. {number}")}} for number in numbers if number != gone
    }
    return {f"{ROOT}/Modem/0": modem, **texts}


def test_the_newest_by_number(tmp_path: Path) -> None:
    with private_bus(tmp_path) as address, pretended(address, stored(10, 2, 9)), ModemManager(address) as manager:
        found = messages(manager, manager.find(), most=2)
    assert [(one.index, one.text, one.sender) for one in found] == [(9, "no. 9", "10086"), (10, "no. 10", "10086")]


def test_one_that_went_away_costs_no_other(tmp_path: Path) -> None:
    objects = stored(1, 2, 3, gone=2)
    with private_bus(tmp_path) as address, pretended(address, objects), ModemManager(address) as manager:
        assert [one.index for one in messages(manager, manager.find())] == [1, 3]


def test_a_modemmanager_that_goes_away_is_said_so(tmp_path: Path) -> None:
    with private_bus(tmp_path) as address, pretended(address, stored(1)):
        manager = ModemManager(address)
        modem = manager.find()
    with pytest.raises(DbusError):
        messages(manager, modem)
    manager.close()
