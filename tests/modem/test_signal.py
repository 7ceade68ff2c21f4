"""Indexes to dBm and dB, and what they are worth."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modem import signal
from modem.values import Quality, Technology


@pytest.mark.parametrize(
    ("index", "dbm"),
    [
        (-1, None),
        (0, -113),
        (1, -111),
        (27, -59),
        (31, -51),
        (99, None),
        (32, None),
        (199, None),
        (100, -116),
        (191, -25),
        (None, None),
    ],
)
def test_rssi_of_csq(index: int | None, dbm: int | None) -> None:
    assert signal.rssi_of_csq(index) == dbm


def test_csq_with_blanks_and_without_a_measurement() -> None:
    weak, none = signal.csq("+CSQ: 9, 99"), signal.csq("+CSQ: 99,99")
    assert weak is not None
    assert none is not None
    assert (weak.rssi_dbm, weak.ber) == (-95, None)
    assert (none.rssi_dbm, none.quality) == (None, None)


def test_cesq_of_lte() -> None:
    (found,) = signal.cesq("+CESQ: 99,99,255,255,19,51")
    assert (found.technology, found.rsrp_dbm, found.rsrq_db, found.quality) == ("lte", -90, -10.5, "excellent")


def test_cesq_of_dual_connectivity_gives_both_radios_and_no_gsm() -> None:
    lte, new = signal.cesq("+CESQ: 17,99,255,255,4,29,75,52,57")
    assert (lte.technology, lte.rsrp_dbm) == ("lte", -112)
    assert (new.technology, new.rsrp_dbm, new.sinr_db) == ("nr_nsa", -105, 5)


def test_cesq_of_3g_and_2g() -> None:
    (umts,) = signal.cesq("+CESQ: 99,99,41,29,255,255")
    (gsm,) = signal.cesq("+CESQ:10,6,255,255,255,255")
    assert (umts.rscp_dbm, umts.ecio_db) == (-80, -10)
    assert (gsm.rssi_dbm, gsm.ber) == (-101, 6)


def test_nothing_measured_is_a_reading_without_figures() -> None:
    (found,) = signal.cesq("+CESQ: 99,99,255,255,255,255")
    assert not signal.is_measured(found)
    assert found.quality is None


def test_99_is_a_figure_for_5g() -> None:
    assert signal.ss_rsrp_dbm(99) == -58
    assert signal.ss_sinr_db(99) == 26


@pytest.mark.parametrize(
    ("technology", "rsrp", "expected"),
    [
        ("lte", -90, "excellent"),
        ("lte", -91, "good"),
        ("lte", -105, "good"),
        ("lte", -106, "fair"),
        ("lte", -115, "fair"),
        ("lte", -116, "poor"),
        ("lte", -141, "none"),
        ("nr", -100, "fair"),
        ("lte", None, None),
    ],
)
def test_quality_of_lte_and_5g(technology: Technology, rsrp: float | None, expected: Quality | None) -> None:
    assert signal.quality(technology, rsrp=rsrp) == expected


def test_quality_goes_by_rsrp_before_rssi() -> None:
    assert signal.quality("lte", rssi=-60, rsrp=-118) == "poor"


def test_impossible_figures_are_left_out() -> None:
    found = signal.signal("lte", rsrp=-32768, rsrq=0, rssi=0)
    assert (found.rsrp_dbm, found.rssi_dbm) == (None, None)


@given(st.integers(min_value=-300, max_value=300))
def test_a_better_index_is_never_a_lower_level(index: int) -> None:
    for convert in (
        signal.rsrp_dbm,
        signal.rsrq_db,
        signal.rscp_dbm,
        signal.ecno_db,
        signal.rxlev_dbm,
        signal.ss_rsrp_dbm,
    ):
        here, above = convert(index), convert(index + 1)
        assert here is None or above is None or above > here


@given(st.text(max_size=80))
def test_no_text_makes_it_fail(text: str) -> None:
    signal.csq(f"+CSQ: {text}")
    signal.cesq(f"+CESQ: {text}")


@pytest.mark.parametrize(
    ("line", "rssi", "ber"), [("+CSQ: 20,99", -73, None), ("+CSQ: 20,3", -73, 3), ("+CSQ: 20,8", -73, None)]
)
def test_csq_with_and_without_errors(line: str, rssi: int, ber: int | None) -> None:
    found = signal.csq(line)
    assert found is not None
    assert (found.rssi_dbm, found.ber) == (rssi, ber)
    assert signal.csq("+CSQ:") is signal.csq("+CSQ: x,99") is signal.csq("+CSQ: 2") is None


@pytest.mark.parametrize("line", ["+CESQ: 99,99,255,255,19", "+CESQ: x,99,255,255,19,51", "+CESQ:"])
def test_a_short_cesq_says_nothing(line: str) -> None:
    assert signal.cesq(line) == ()


def test_cesq_of_5g_alone() -> None:
    (found,) = signal.cesq("+CESQ: 17,99,255,255,255,255,75,52,57")
    assert (found.technology, found.rsrp_dbm) == ("nr", -105)


@pytest.mark.parametrize("name", ["rssi", "rsrp", "rsrq", "sinr", "rscp", "ecio"])
def test_any_figure_is_a_measurement(name: str) -> None:
    value = {"rssi": -70, "rsrp": -90, "rscp": -80}.get(name, 0)
    assert signal.is_measured(signal.signal(None, **{name: value}))
    assert not signal.is_measured(signal.signal("lte", ber=3))


def test_whole_figures_are_whole_numbers() -> None:
    assert [str(signal.rsrq_db(index)) for index in (0, 1)] == ["-20", "-19.5"]
