"""Huawei's own commands, on lines from captures and manuals."""

import pytest

from modem.dialect import Question
from modem.dialects.huawei import HUAWEI
from modem.values import Cell, ContextActive, ContextParams, Counters, NetworkInfo, Reading, Signal, Sim
from tests.fakes.replies import reply


def read(name: str, *lines: str) -> tuple[Reading, ...]:
    return HUAWEI.parsers[name](reply(*lines))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ('^HCSQ:"LTE",53,45,181,18', Signal("lte", -68, -96, -11, 16, quality="good")),
        ('^HCSQ: "WCDMA",30,30,58', Signal("umts", -91, rscp_dbm=-91, ecio_db=-3.5, quality="fair")),
        ('^HCSQ:"GSM",50', Signal("gsm", -71, quality="good")),
        ('^HCSQ:"NOSERVICE"', Signal()),
        ('^HCSQ:"LTE",255,255,255,255', Signal("lte")),
    ],
)
def test_hcsq(line: str, expected: Signal) -> None:
    assert HUAWEI.asks[Question.SIGNAL][0].parse(reply(line)) == (expected,)


@pytest.mark.parametrize("line", ["^SYSINFOEX:2,4,5,1,,3,WCDMA,41,HSPA+", '^SYSINFOEX: 2,4,5,1,0,3,"WCDMA",41,"HSPA+"'])
def test_sysinfoex_with_and_without_quotes(line: str) -> None:
    assert read("^SYSINFOEX", line) == (NetworkInfo("hspa", service="valid"), Sim("ready"))


def test_sysinfoex_tells_a_missing_card() -> None:
    assert read("^SYSINFOEX", '^SYSINFOEX:0,0,0,255,,0,"NO SERVICE",0,""') == (
        NetworkInfo(service="none"),
        Sim("absent"),
    )


def test_contradicting_sysinfo_says_no_technology() -> None:
    assert read("^SYSINFO", "^SYSINFO:2,4,5,3,1,,6") == (NetworkInfo(service="valid"), Sim("ready"))


@pytest.mark.parametrize(
    ("line", "address", "mask", "dns"),
    [
        (
            "^DHCP:a3ec5c64,f8ffffff,a1ec5c64,a1ec5c64,2200b10a,74bba80a,236800,236800",
            "100.92.236.163",
            "255.255.255.248",
            ("10.177.0.34", "10.168.187.116"),
        ),
        ("^DHCP: 1010A0A,FCFFFFFF,2010A0A,2010A0A,0,0,150000000,150000000", "10.10.1.1", "255.255.255.252", ()),
    ],
)
def test_dhcp_is_little_endian(line: str, address: str, mask: str, dns: tuple[str, ...]) -> None:
    (found,) = read("^DHCP", line)
    assert isinstance(found, ContextParams)
    assert (found.addresses, found.mask, found.dns) == ((address,), mask, dns)


@pytest.mark.parametrize(
    "lines",
    [
        ('^NDISSTATQRY: 1,,,"IPV4",0,,,"IPV6"',),
        ("^NDISSTATQRY: 1,,,IPV4", "^NDISSTATQRY: 0,,,IPV6"),
        ("^NDISSTATQry:1",),
    ],
)
def test_connected_in_one_family_is_connected(lines: tuple[str, ...]) -> None:
    assert read("^NDISSTATQRY", *lines) == (ContextActive(1, active=True),)


def test_counters_are_hexadecimal() -> None:
    line = "^DSFLOWQRY:00000010,0000000000000010,0000000000000020,00000100,0000000000000100,0000000000000200"
    assert read("^DSFLOWQRY", line) == (Counters(rx_bytes=512, tx_bytes=256, scope="lifetime"),)
    news = HUAWEI.urcs["^DSFLOWRPT:"](("^DSFLOWRPT:00000010,00000001,00000002,00000000000000FF,000000000000000A,1,1",))
    assert news == (Counters(rx_bytes=10, tx_bytes=255, scope="session"),)


def test_card_and_frequency() -> None:
    assert HUAWEI.urcs["^SIMST:"](("^SIMST:255",)) == (Sim("absent"),)
    assert read("^CPIN", "^CPIN: SIM PIN,,10,3,10,3") == (Sim("pin_required", pin_retries=3, puk_retries=10),)
    assert read("^HFREQINFO", "^HFREQINFO:0,6,1,425,21525,15000,18425,19625,15000") == (
        Cell("lte", channel=425, band="B1"),
    )


def test_periodic_level_is_news() -> None:
    assert HUAWEI.urcs["^RSSI:"](("^RSSI:20",)) == (Signal(None, -73, quality="good"),)
