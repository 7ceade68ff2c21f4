"""The rows of the tables that all dialects share, said once more: a row that goes missing is noticed."""

import pytest

from modem import final, iccid, signal
from modem.events import Final, Outcome
from modem.registration import STATUS, TECHNOLOGY
from modem.values import Cell, Quality, Technology

_OF_CALLS = ["NO CARRIER", "BUSY", "NO ANSWER", "NO DIALTONE", "NO DIAL TONE"]
_REFUSALS = ["ERROR", "ABORTED", "COMMAND NOT SUPPORT", "TOO MANY PARAMETERS", *_OF_CALLS]


@pytest.mark.parametrize("line", _REFUSALS)
def test_each_refusal_ends_a_command(line: str) -> None:
    found = final.read_final(line)
    assert found == Final(line, Outcome.REFUSED)
    assert final.ends(found, "ATD*99#")
    assert final.ends(found, "AT+CSQ") == (line not in _OF_CALLS)


_CARRIERS = {
    "China Mobile": "46000 46002 46004 46007 46008 46013 46020",
    "China Unicom": "46001 46006 46009 46010",
    "China Telecom": "46003 46005 46011 46012",
    "China Broadnet": "46015",
}


@pytest.mark.parametrize(
    ("carrier", "network"), [(name, one) for name, all_ in _CARRIERS.items() for one in all_.split()]
)
def test_each_chinese_network_has_its_carrier(carrier: str, network: str) -> None:
    assert iccid.carrier_of_imsi(f"{network}1234567890") == carrier


_ISSUERS = {
    "China Mobile": "898600 898602 898604 898607 898608",
    "China Unicom": "898601 898609",
    "China Telecom": "898603 898611",
    "China Broadnet": "898615",
    "China Telecom Hong Kong": "8985231",
    "China Mobile Hong Kong": "8985201",
    "China Telecom Macau": "8985307",
    "1NCE": "8988228",
    "Twilio Super SIM": "8988323 8988307",
    "EMnify": "8988303",
    "AT&T": "8901410",
    "T-Mobile US": "8901260",
    "AIS": "896601 896603 896623",
    "dtac": "896618 896605 896647",
    "TrueMove H": "896600 896604 896699",
    "Spark New Zealand": "896405",
}


@pytest.mark.parametrize(("issuer", "prefix"), [(name, one) for name, all_ in _ISSUERS.items() for one in all_.split()])
def test_each_prefix_of_a_card_has_its_issuer(issuer: str, prefix: str) -> None:
    assert iccid.issuer(f"{prefix:0<19}") == issuer


@pytest.mark.parametrize("prefix", ["898605", "898606", "898613", "8985302"])
def test_a_disputed_prefix_is_settled_by_the_imsi(prefix: str) -> None:
    card = f"{prefix:0<19}"
    assert iccid.issuer(card) is None
    assert iccid.issuer(card, "460011234567890") == "China Unicom"


def test_each_state_of_a_registration_has_its_word() -> None:
    words = ("idle", "home", "searching", "denied", "unknown", "roaming", "home", "roaming", "emergency_only", "home",
             "roaming", "emergency_only")  # fmt: skip
    assert dict(STATUS) == {**dict(enumerate(words)), 90: "idle"}


def test_each_access_technology_has_its_name() -> None:
    names = ("gsm", "gsm", "umts", "edge", "hspa", "hspa", "hspa", "lte", "lte_m", "nb_iot", "lte", "nr", "nr",
             "nr_nsa", "nb_iot", "lte", "nr")  # fmt: skip
    assert dict(TECHNOLOGY) == dict(enumerate(names))


@pytest.mark.parametrize(
    ("technologies", "highest"),
    [
        (("gsm", "edge"), 1023),
        (("umts", "hspa"), 16_383),
        (("lte", "lte_m", "nb_iot"), 262_143),
        (("nr", "nr_nsa", None), 3_279_165),
    ],
)
def test_each_network_has_its_highest_channel(technologies: tuple[Technology | None, ...], highest: int) -> None:
    for technology in technologies:
        assert Cell(technology, channel=highest).channel == highest
        assert Cell(technology, channel=highest + 1).channel is None


@pytest.mark.parametrize(
    ("scale", "steps"),
    [
        ("rsrp", (-90, -105, -115, -140)),
        ("nr_rsrp", (-80, -90, -100, -140)),
        ("rscp", (-75, -85, -95, -120)),
        ("rssi", (-70, -85, -100, -113)),
    ],
)
def test_each_scale_has_its_steps(scale: str, steps: tuple[float, ...]) -> None:
    words: list[Quality] = ["excellent", "good", "fair", "none"]
    assert [signal.grade(scale, step) for step in steps] == words
    below: list[Quality] = ["good", "fair", "poor", "none"]
    assert [signal.grade(scale, step - 1) for step in steps] == below


def test_quality_goes_by_what_was_measured() -> None:
    assert signal.quality("nr_nsa", rsrp=-85) == signal.quality("nr", rsrp=-85) == "good"
    assert signal.quality("umts", rssi=-110, rscp=-74) == "excellent"
    assert signal.quality("gsm", rssi=-70) == "excellent"


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        ("rssi", -140, -10),
        ("rsrp", -160, -20),
        ("rscp", -140, -10),
        ("rsrq", -50, 25),
        ("sinr", -40, 50),
        ("ecio", -31.5, 5),
    ],
)
def test_a_figure_that_no_radio_can_measure_is_left_out(name: str, low: float, high: float) -> None:
    def said(value: float) -> list[float]:
        figures = signal.signal(None, **{name: value})  # type: ignore[arg-type]
        return [one for one in (getattr(figures, f"{name}_dbm", None), getattr(figures, f"{name}_db", None)) if one]

    assert (said(low), said(high)) == ([low], [high])
    assert said(low - 1) == said(high + 1) == []


@pytest.mark.parametrize(
    ("convert", "last", "ends"),
    [
        (signal.rxlev_dbm, 63, (-111, -48)),
        (signal.rscp_dbm, 96, (-121, -25)),
        (signal.ecno_db, 49, (-24.5, 0)),
        (signal.rsrq_db, 34, (-20, -3)),
        (signal.rsrp_dbm, 97, (-141, -44)),
        (signal.ss_rsrq_db, 126, (-43.5, 19.5)),
        (signal.ss_rsrp_dbm, 126, (-157, -31)),
        (signal.ss_sinr_db, 127, (-23.5, 40)),
        (signal.ber_index, 7, (0, 7)),
    ],
)
def test_each_index_has_its_ends(convert: object, last: int, ends: tuple[float, float]) -> None:
    assert callable(convert)
    assert (convert(0), convert(last)) == ends
    assert convert(-1) is convert(last + 1) is convert(None) is None
