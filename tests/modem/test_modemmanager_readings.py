"""ModemManager's properties as readings: pure, and never upset by what is in them."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modem.modemmanager import readings
from modem.modemmanager.manager import MODEM, MODEM_3GPP, SIGNAL, ModemObject
from modem.modemmanager.objects import Properties, plain, properties
from modem.values import Cause, Domain, Sms, Technology, as_json

GSM, GPRS, EDGE, UMTS, HSPA, LTE, NR, CAT_M, NB = (1 << bit for bit in (1, 3, 4, 5, 8, 14, 15, 16, 17))


def modem(**interfaces: Mapping[str, object]) -> ModemObject:
    names = {"modem": MODEM, "threegpp": MODEM_3GPP, "signal": SIGNAL}
    return ModemObject("/m", {names[key]: Properties(values) for key, values in interfaces.items()})


@pytest.mark.parametrize(
    ("bits", "word", "domain"),
    [
        (0, None, None),
        (GSM | GPRS, "gsm", "ps"),
        (EDGE | GPRS, "edge", "ps"),
        (UMTS | HSPA, "hspa", "ps"),
        (UMTS, "umts", "ps"),
        (LTE, "lte", "eps"),
        (LTE | NR, "nr_nsa", "eps"),
        (NR, "nr", "5gs"),
        (CAT_M, "lte_m", "eps"),
        (NB, "nb_iot", "eps"),
        (1 << 31, None, None),
        (1 << 10, None, None),
    ],
)
def test_the_best_technology_decides_whose_registration_it_is(
    bits: int, word: Technology | None, domain: Domain | None
) -> None:
    assert readings.technology(bits) == word
    assert readings.domain_of(readings.technology(bits), packet=True) == domain


@pytest.mark.parametrize(
    ("state", "reason", "lock", "word"),
    [
        (-1, 2, 0, "absent"),
        (-1, 3, 0, "failure"),
        (-1, 1, 0, "unknown"),
        (2, 0, 2, "pin_required"),
        (2, 0, 4, "puk_required"),
        (2, 0, 8, "network_locked"),
        (2, 0, 6, "network_locked"),
        (8, 0, 1, "ready"),
        (8, 0, 3, "ready"),
        (1, 0, 0, "unknown"),
    ],
)
def test_the_card_by_state_reason_and_lock(state: int, reason: int, lock: int, word: str) -> None:
    said = {"State": state, "StateFailedReason": reason, "UnlockRequired": lock, "Sim": "/sim"}
    assert readings.sim_state(modem(modem=said)) == word


def test_no_lock_on_no_card_is_no_ready_card() -> None:
    assert readings.sim_state(modem(modem={"State": 8, "UnlockRequired": 1, "Sim": "/"})) == "unknown"


def test_tries_that_nobody_counted_are_not_999() -> None:
    counted = next(readings.card(modem(modem={"UnlockRetries": {2: 999, 4: 10}}), Properties({})))
    assert (as_json(counted)["pin_retries"], as_json(counted)["puk_retries"]) == (None, 10)


def test_a_figure_that_was_not_measured_is_left_out() -> None:
    unknown = -1.7976931348623157e308
    said = {"Lte": {"rsrp": -101.0, "rssi": unknown, "rsrq": unknown, "snr": unknown}, "Nr5g": {"rsrp": unknown}}
    (only,) = readings.signals(modem(signal=said))
    assert (only.rsrp_dbm, only.rssi_dbm, only.sinr_db, only.quality) == (-101.0, None, None, "good")


@pytest.mark.parametrize(
    ("error", "cause"),
    [
        ("MobileEquipment.MissingOrUnknownApn", Cause("esm", 27, None, True)),
        ("MobileEquipment.UserAuthenticationFailed", Cause("esm", 29, None, True)),
        ("MobileEquipment.PlmnNotAllowed", Cause("emm", 11, None, True)),
        ("Core.Failed", Cause(None, None, "it failed", True)),
    ],
)
def test_why_a_bearer_did_not_connect(error: str, cause: Cause) -> None:
    said = Properties({"ConnectionError": (f"org.freedesktop.ModemManager1.Error.{error}", "it failed")})
    found = readings.connection_error(said)
    assert found is not None
    assert (found.layer, found.number, found.possibly_past) == (cause.layer, cause.number, True)
    assert found.text


def test_a_bearer_that_never_failed_has_no_error() -> None:
    assert readings.connection_error(Properties({"ConnectionError": ("", "")})) is None


def test_a_message_on_its_way_is_none_yet() -> None:
    assert readings.sms(Properties({"State": 2, "Text": "half"}), 1) is None
    sent = readings.sms(Properties({"State": 5, "Number": "10086", "Text": "CXYE", "Storage": 2}), 3)
    assert sent == Sms(index=3, storage="ME", status="sent", recipient="10086", text="CXYE")


def test_variants_are_taken_apart_all_the_way_down() -> None:
    said = properties({"Stats": ("a{sv}", {"rx-bytes": ("t", 5)}), "SignalQuality": ("(ub)", (60, True))})
    assert said.table("Stats").number("rx-bytes") == 5
    assert said.pair("SignalQuality") == (60, True)


SCALARS = (
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64)
    | st.floats()
    | st.text(max_size=40)
    | st.binary(max_size=8)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.tuples(inner, inner)
        | st.dictionaries(st.text(max_size=12) | st.integers(0, 9), inner, max_size=4)
    ),
    max_leaves=12,
)
NAMES = [
    "State",
    "StateFailedReason",
    "UnlockRequired",
    "UnlockRetries",
    "Sim",
    "Ports",
    "Bearers",
    "Device",
    "OwnNumbers",
    "PowerState",
    "AccessTechnologies",
    "RegistrationState",
    "NetworkRejection",
    "OperatorCode",
    "OperatorName",
    "PacketServiceState",
    "Imei",
    "Lte",
    "Nr5g",
    "Umts",
    "Gsm",
    "Connected",
    "Interface",
    "ProfileId",
    "Properties",
    "Ip4Config",
    "Ip6Config",
    "Stats",
    "ConnectionError",
    "Number",
    "Text",
    "Timestamp",
    "Storage",
    "SimIdentifier",
    "Imsi",
    "1",
    "PrimaryPort",
    "MessageReference",
]


@given(st.dictionaries(st.sampled_from(NAMES), VALUES), VALUES)
def test_no_property_upsets_a_reading(said: dict[str, Any], odd: object) -> None:
    faces = Properties({key: plain(value) for key, value in said.items()})
    one = ModemObject("/m", dict.fromkeys((MODEM, MODEM_3GPP, SIGNAL), faces))
    found: list[Any] = [readings.identity(one), *readings.power(one), *readings.card(one, faces)]
    found += [*readings.network(one, faces), *readings.signals(one), *readings.bearer(faces, 1), readings.sms(faces, 1)]
    found += [one.ports, one.uid, one.primary_port, properties(odd)]
    for reading in found[:-1]:
        as_json(reading)
