"""Readings leave out what cannot be: ids longer than the network's, sensors and supplies that do not exist."""

import pytest

from modem.values import Cell, Registration, SmsStore, Technology, Temperature, Voltage


@pytest.mark.parametrize("technology", ["nr", "nr_nsa"])
def test_ids_of_5g_are_longer(technology: Technology) -> None:
    of_5g = Registration("eps", 1, "home", tac="ABCDEF", cell_id="123456789", technology=technology)
    assert (of_5g.tac, of_5g.cell_id) == ("ABCDEF", "123456789")
    alone = Registration("5gs", 1, "home", tac="ABCDEF", cell_id="123456789")
    assert (alone.tac, alone.cell_id) == ("ABCDEF", "123456789")
    of_lte = Registration("eps", 1, "home", lac="ABCDE", tac="ABCDEF", cell_id="123456789", technology="lte")
    assert of_lte.lac is of_lte.tac is of_lte.cell_id is None


def test_a_sensor_that_is_none_is_left_out() -> None:
    found = Temperature(-273, (("a", 20), ("b", 255), ("c", -60), ("d", 150)))
    assert found == Temperature(None, (("a", 20), ("c", -60), ("d", 150)))
    assert Temperature(41).temperature_c == 41


@pytest.mark.parametrize(
    ("said", "kept"), [(None, None), (499, None), (500, 500), (60_000, 60_000), (60_001, None), (85, None)]
)
def test_no_supply_gives_half_a_volt_or_a_hundred(said: int | None, kept: int | None) -> None:
    assert Voltage(said).voltage_mv == kept


@pytest.mark.parametrize(
    ("used", "total", "kept"),
    [
        (3, 10, (3, 10)),
        (10, 10, (10, 10)),
        (11, 10, (None, 10)),
        (0, 0, (0, 0)),
        (-1, 10, (None, 10)),
        (3, None, (3, None)),
        (3, -1, (3, None)),
        (-1, None, (None, None)),
        (None, 10, (None, 10)),
    ],
)
def test_a_count_beyond_its_room_is_none(
    used: int | None, total: int | None, kept: tuple[int | None, int | None]
) -> None:
    store = SmsStore("SM", used, total)
    assert (store.used, store.total) == kept


def test_a_band_by_another_name_stays() -> None:
    bands = {"GSM900": "GSM900", "B": "B", "B0": None, "n512": "n512", "n513": None}
    assert {band: Cell("lte", band=band).band for band in bands} == bands


def test_a_cell_of_noughts_is_a_placeholder() -> None:
    assert Cell("lte", pci=0, channel=999_999_999).pci is None
    assert Cell("lte", pci=5, channel=999_999_999).pci == 5
    assert Cell("lte", pci=0).pci == Cell("lte", pci=0, channel=1300).pci == 0


def test_areas_and_cells_have_the_bits_of_their_network() -> None:
    networks: tuple[Technology | None, ...] = ("nr", "nr_nsa", None)
    for technology in networks:
        cell = Cell(technology, tac="ABCDEF", cell_id="123456789")
        assert (cell.tac, cell.cell_id) == ("ABCDEF", "123456789")
    assert Cell("lte", tac="0000ABCD", cell_id="000123456").tac == "0000ABCD"
    old = Cell("lte", lac="ABCDE", tac="ABCDEF", cell_id="123456789")
    assert old.lac is old.tac is old.cell_id is None


@pytest.mark.parametrize(
    ("technology", "highest"),
    [
        ("gsm", 1023),  # 45.005 §2
        ("edge", 1023),
        ("umts", 16_383),  # 25.101 §5.4.3
        ("hspa", 16_383),
        ("lte", 262_143),  # 36.331 §6.3.4
        ("lte_m", 262_143),
        ("nb_iot", 262_143),
        ("nr", 3_279_165),  # 38.104 §5.4.2.1
        (None, 3_279_165),
    ],
)
def test_a_channel_lies_within_its_technology(technology: Technology | None, highest: int) -> None:
    assert Cell(technology=technology, channel=highest).channel == highest
    assert Cell(technology=technology, channel=highest + 1).channel is None
    assert Cell(technology=technology, channel=-1).channel is None
