"""What the numbers mean."""

import pytest

from modem import causes


@pytest.mark.parametrize("table", [causes.CME, causes.CMS, *causes.CAUSES.values()])
def test_every_number_is_explained_in_both_languages(table: dict[int, causes.Meaning]) -> None:
    assert all(english and chinese for english, chinese in table.values())


def test_a_number_means_other_things_in_other_layers() -> None:
    assert causes.cause_text("emm", 8) == "EPS services and non-EPS services not allowed"
    assert causes.cause_text("esm", 8) == "operator determined barring"
    assert causes.cause_text("vendor", 8) is None


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (103, ("emm", 3)),
        (107, ("emm", 7)),
        (115, ("emm", 15)),
        (127, ("esm", 27)),
        (133, ("esm", 33)),
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
    ],
)
def test_causes_in_words(text: str, layer: str | None, number: int | None) -> None:
    found = causes.cause_in_words(text)
    assert (found.layer, found.number, found.possibly_past) == (layer, number, True)


def test_sim_states_of_refusals() -> None:
    assert [causes.sim_state_of_cme(code) for code in (10, 11, 12, 13, 14, 5, 3)] == [
        "absent",
        "pin_required",
        "puk_required",
        "failure",
        "busy",
        "network_locked",
        None,
    ]
