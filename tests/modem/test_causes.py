"""What the numbers mean."""

import pytest

from modem import causes
from modem.values import Cause


@pytest.mark.parametrize("table", [causes.CME, causes.CMS, *causes.CAUSES.values()])
def test_every_number_is_explained_in_both_languages(table: dict[int, causes.Meaning]) -> None:
    assert all(english and chinese for english, chinese in table.values())


def _numbers(ranges: str) -> set[int]:
    """ "2, 5-7" → {2, 5, 6, 7}."""
    pairs = [part.partition("-") for part in ranges.split(",")]
    return {number for first, _, last in pairs for number in range(int(first), int(last or first) + 1)}


_EMM = "2,3,5-26,31,35,39,40,42,78,95-101,111"
_CMS = (  # 27.005 §3.2.5
    "1,8,10,17,21,22,27-30,38,41,42,47,50,69,81,95-99,111,127-130,143-145,159-161,175,176,192-199,208-213,255,"
    "300-305,310-318,320-322,330-332,340,500"
)
_ESM = "8,25-47,49-60,65,66,81,95-101,111,112"


@pytest.mark.parametrize(
    ("table", "numbers"),
    [
        (causes.CAUSES["emm"], _EMM),  # 24.301 §9.9.3.9
        (causes.CAUSES["gmm"], _EMM),  # 24.008 §10.5.5.14; what only LTE has does no harm there
        (causes.CAUSES["mm"], f"{_EMM},4,32-34"),  # 24.008 §10.5.3.6
        (causes.CAUSES["5gmm"], f"{_EMM},27,43,62,65,67,69,71-73,90-92"),  # 24.501 §9.11.3.2
        (causes.CAUSES["esm"], _ESM),  # 24.301 §9.9.4.4
        (causes.CAUSES["sm"], _ESM),
        (causes.CAUSES["5gsm"], f"{_ESM},67-70"),  # 24.501 §9.11.4.2
        (
            causes.CME,  # 27.007 §9.2
            "0-7,10-18,20-27,30-32,40-60,61-63,100,103,106-108,111-115,122,126-134,140-146,148-150,171-181,189,190",
        ),
        (
            causes.CMS,
            _CMS,
        ),
    ],
)
def test_a_table_has_the_numbers_of_its_clause(table: dict[int, causes.Meaning], numbers: str) -> None:
    assert set(table) == _numbers(numbers)


@pytest.mark.parametrize(
    ("layer", "like", "numbers"),
    [("gmm", "emm", "2,3,7,8,12-15"), ("mm", "gmm", "4,32-34"), ("5gmm", "emm", "5,7"), ("5gsm", "esm", "27-29")],
)
def test_older_and_newer_networks_have_their_own_words(layer: causes.Layer, like: causes.Layer, numbers: str) -> None:
    own, other = causes.CAUSES[layer], causes.CAUSES[like]
    both = set(own) & set(other) | ({4, 32, 33, 34} if layer == "mm" else set())
    assert {number for number in both if own[number] != other.get(number)} == _numbers(numbers)


def test_a_number_means_other_things_in_other_layers() -> None:
    assert causes.cause_text("emm", 8) == "EPS services and non-EPS services not allowed"
    assert causes.cause_text("esm", 8) == "operator determined barring"
    assert causes.cause_text("vendor", 8) is None


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        *((100 + number, ("emm", number)) for number in (2, 3, 5, 6, 7, 8, 11, 12, 13, 14, 15, 17, 19, 22, 25)),
        *((100 + number, ("esm", number)) for number in (*range(26, 35), 36, *range(40, 47))),
        (149, ("esm", 29)),
        (177, ("esm", 8)),
        (178, ("esm", 65)),
        (179, ("esm", 66)),
        (189, ("emm", 35)),
        (190, ("esm", 38)),
    ],
)
def test_cme_number_holds_a_network_cause(code: int, expected: tuple[str, int]) -> None:
    found = causes.cause_of_cme(code)
    assert found is not None
    assert (found.layer, found.number) == expected


@pytest.mark.parametrize("code", [10, 30, 100, 148, 150, 515, None])
def test_other_cme_numbers_hold_none(code: int | None) -> None:
    assert causes.cause_of_cme(code) is None


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("SIM not inserted", 10),
        ("SIM busy", 14),
        ("no network service", 30),
        ("operation not supported", 4),
        ("SIM FAILURE", 13),
        ("invalid command line", None),
        ("SIM not present", 10),
        ("NO SIM", 10),
        ("no SIM card", 10),
        ("SIM PIN necessary", 11),
        ("SIM PUK necessary", 12),
        ("SIM blocked", 12),
        ("invalid memory index", 21),
        ("network not allowed, emergency call only", 32),
        ("emergency calls only", 32),
        ("activation rejected by GGSN", 130),
        ("invalid parameter", 50),
        ("invalid parameters", 50),
        ("unknown error", 100),
        ("requested service option not subscribed (#33)", 133),
    ],
)
def test_words_to_numbers(words: str, code: int | None) -> None:
    assert causes.cme_code(words) == code
    assert causes.error_code("cme", None, f"+CME ERROR: {words}") == code


def test_unknown_numbers_are_not_explained() -> None:
    assert causes.cme_meaning(515) is None
    assert causes.cms_meaning(9999) is None
    assert causes.error_meaning(None, 10) is None


@pytest.mark.parametrize(
    ("text", "layer", "number"),
    [
        ("EPS_AND_NON_EPS_SERVICES_NOT_ALLOWED", "emm", 8),
        ("NO_SUITABLE_CELLS_IN_TRACKING_AREA", "emm", 15),
        ("Requested service option not subscribed", "esm", 33),
        ("SM: Requested service option not subscribed (#33)", "esm", 33),
        ("Illegal MS", "gmm", 3),
        ("ESM cause 27", "esm", 27),
        ("ESM_CAUSE_27", "esm", 27),
        ("SM cause 33", "sm", 33),
        ('"EMM cause",15', "emm", 15),
        ("Unknown PDP address or PDP type", "sm", 28),
        ("Something else, cause #41", None, 41),
        ("No cause information available", None, None),
        ("EMM_CAUSE_ESM_FAILURE", "emm", 19),
        ("EMM_CAUSE_OF_ITS_OWN", None, None),
        ("Illegal UE", "emm", 3),
        ("MM cause 22", "mm", 22),
        ("LADN not available", "5gmm", 43),
        ("Unknown PDU session type", "5gsm", 28),
        ("Unknown PDP type", "sm", 28),
        ("PDP type IPv4 only allowed", "sm", 50),
        ("PDP type IPv6 only allowed", "sm", 51),
        ("GMM cause 7", "gmm", 7),
        ("EMM cause 7", "emm", 7),
        ("congestion of the air interface", None, None),
    ],
)
def test_causes_in_words(text: str, layer: str | None, number: int | None) -> None:
    found = causes.cause_in_words(text)
    assert (found.layer, found.number, found.possibly_past) == (layer, number, True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0",
        "000",
        '"0"',
        "?",
        "None",
        "No error",
        "Unknown",
        "Normal",
        "0, normal call clearing",
        "No cause",
        "No cause known",
    ],
)
def test_words_for_no_cause_are_none(text: str) -> None:
    assert causes.cause_in_words(text) == Cause(None, None, None, possibly_past=True)


def test_sim_states_of_refusals() -> None:
    locked = dict.fromkeys((5, 6, 7, *range(40, 49)), "network_locked")
    states = {10: "absent", 11: "pin_required", 12: "puk_required", 13: "failure", 14: "busy", 15: "failure"}
    found = {number: causes.sim_state_of_cme(number) for number in range(-1, 1000)}
    assert {number: state for number, state in found.items() if state} == locked | states
    assert causes.sim_state_of_cme(None) is None


def test_a_number_that_only_carries_a_cause_means_that_cause() -> None:
    assert causes.cme_meaning(102) == causes.cause_text("emm", 2)
    assert causes.cme_meaning(10, "zh") == "未插入 SIM 卡"
    assert causes.cme_meaning(136, "zh") == causes.cause_text("esm", 36, "zh")
    assert causes.error_meaning("cme", 10) == "SIM not inserted"
    assert causes.error_meaning("cms", 10) == "call barred"


def test_words_of_messages_are_their_own() -> None:
    assert causes.error_code("cms", None, "+CMS ERROR: SIM busy") == 314
    assert causes.error_code("cms", 5, "+CMS ERROR: SIM busy") == 5
    assert causes.error_code(None, None, "+CMS ERROR: SIM busy") is None
