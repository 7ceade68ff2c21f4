"""The board's clock, supply and heat, at the edges of what is one."""

import pytest

from modem import board
from modem.values import Clock, Temperature, Voltage


@pytest.mark.parametrize(
    ("line", "time"),
    [
        ('+CCLK: "04/02/01,00:19:43+00"', None),  # SIMCom counts from 2004, and had been on for a month
        ('+CCLK: "14/01/01,02:14:36+08"', None),  # an uptime: 2 h since the default date
        ('+CCLK: "15/01/05,02:14:36+00"', None),
        ('+CCLK: "15/01/08,02:14:36+00"', "2015-01-08T02:14:36+00:00"),
        ('+CCLK: "15/02/01,02:14:36+00"', "2015-02-01T02:14:36+00:00"),
        ('+CCLK: "24/01/03,08:00:00+32"', "2024-01-03T08:00:00+08:00"),  # the first days of a year that is now
        ('+CCLK: "2106/02/07,06:28:15+00"', None),  # the last second of 32 bits
    ],
)
def test_a_clock_that_counts_from_a_default_date_tells_no_time(line: str, time: str | None) -> None:
    said = board.clock(line)
    assert said is not None
    assert said.time == time


def test_what_is_no_clock_is_none() -> None:
    assert board.clock("+CCLK: x") is None


def test_a_clock_that_shows_gmt_is_turned_to_local_time() -> None:
    """EC2x manual, AT+QLTS=1: GMT, with the zone beside it."""
    shown = board.clock('+QLTS: "2019/03/28,06:33:21+32,0"')
    assert shown is not None
    assert board.from_gmt(shown) == Clock("2019-03-28T14:33:21+08:00", 480)


@pytest.mark.parametrize("line", ['+QLTS: "80/01/06,00:00:12+32,0"', '+QLTS: "2019/03/28,06:33:21"'])
def test_without_a_time_or_a_zone_there_is_nothing_to_turn(line: str) -> None:
    shown = board.clock(line)
    assert shown is not None
    assert board.from_gmt(shown) == shown


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("+CBC: 0,3750", Voltage(3750)),  # L850: <status>,<millivolts>
        ("+CBC: 0,96,4134", Voltage(4134)),
        ("+CBC: 3.835V", Voltage(3835)),
        ("+CBC: 3.835v", Voltage(3835)),
        ("+CBC: V", None),
        ("+CBC: lowV", None),
        ("+CBC: 3835", None),  # a single number: a status, for all that 27.007 §8.4 says
        ("+CBC:", None),
    ],
)
def test_the_supply_is_read_where_it_stands(line: str, expected: Voltage | None) -> None:
    assert board.battery(line) == expected


@pytest.mark.parametrize(
    ("line", "expected"), [("+CMTE: 38.5", Temperature(38.5)), ("+CMTE:", None), ("+CMTE: x", None)]
)
def test_what_is_no_number_is_no_temperature(line: str, expected: Temperature | None) -> None:
    assert board.degrees(line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("+CTZV: +4,0", Clock(None, 60)),  # SIM900 log: zone and DST
        ('+CTZV: "+32"', Clock(None, 480)),
        ("+CTZV: +80", None),  # UTC+20
        ("+CTZV: 24/08/11,06:19:51+32", None),  # a time in the zone's place
        ("+CTZV:", None),
        ('+CTZE: "+08",1,"2020/10/21,13:49:57"', Clock("2020-10-21T13:49:57+02:00", 120)),  # EC25 manual: local time
        ('+CTZE: "+08",1,"2020/10/21,13:49:57+32"', Clock(None, 120)),  # two zones: the time is nobody's
        ("+CTZE: +32,0", Clock(None, 480)),
    ],
)
def test_a_zone_that_changed_is_told_with_its_local_time(line: str, expected: Clock | None) -> None:
    """27.007 §8.41, and public logs."""
    assert board.zone(line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('+CTZEU: "+32",0,"2024/08/11,06:19:51"', Clock("2024-08-11T14:19:51+08:00", 480)),
        ('+CTZEU: "+32",0', Clock(None, 480)),
        ("+CTZEU: x", None),
    ],
)
def test_the_third_report_of_a_zone_has_universal_time(line: str, expected: Clock | None) -> None:
    """27.007 §8.41: <utime>."""
    assert board.zone_and_gmt(line) == expected


def test_what_is_no_time_is_no_gmt_either() -> None:
    assert board.gmt("+NITZ: x") is None
