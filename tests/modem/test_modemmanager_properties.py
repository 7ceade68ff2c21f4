"""Property by property: what each says as a reading, and what is not said."""

from collections.abc import Mapping
from pathlib import Path
from typing import cast

import pytest

from modem.modemmanager import readings, tables
from modem.modemmanager.errors import DbusError
from modem.modemmanager.manager import MESSAGING, MODEM, MODEM_3GPP, SIGNAL, ModemManager, ModemObject, UsedPort
from modem.modemmanager.messages import messages
from modem.modemmanager.objects import MAX_LIST, MAX_TEXT, Properties, mapping, path, plain, properties
from modem.modemmanager.presence import Presence, _pid, _told, is_modemmanager
from modem.values import (
    Address,
    Attach,
    Cause,
    Clock,
    Context,
    ContextActive,
    ContextParams,
    Contexts,
    Counters,
    ErrorCause,
    Functionality,
    Iccid,
    Identity,
    Imsi,
    Operator,
    OwnNumber,
    Reading,
    Registration,
    Sim,
    Sms,
)

LTE, NR, UMTS, GSM = 1 << 14, 1 << 15, 1 << 5, 1 << 1
CONNECTED = 11


def modem(
    said: Mapping[str, object] | None = None,
    threegpp: Mapping[str, object] | None = None,
    signal: Mapping[str, object] | None = None,
) -> ModemObject:
    faces = {MODEM: said or {}, MODEM_3GPP: threegpp or {}, SIGNAL: signal or {}}
    return ModemObject("/m", {name: Properties(values) for name, values in faces.items()})


# -- values made safe


def test_a_property_of_the_wrong_type_is_not_there() -> None:
    odd = Properties({"n": True, "f": 1, "r": "1.0", "t": 5, "l": "a", "p": (1, 2, 3), "o": "x"})
    assert (odd.number("n"), odd.flag("f"), odd.real("r"), odd.real("n"), odd.text("t")) == (None,) * 5
    assert (odd.items("l"), odd.texts("l"), odd.pair("p"), odd.pair("l"), odd.path("o")) == ([], [], None, None, None)
    assert odd.table("t") == Properties({})
    assert odd.number("o") is None


def test_a_property_of_its_type_is() -> None:
    said = Properties({"n": 5, "f": False, "r": 2, "t": " a ", "l": ["a", 5, "b"], "p": (1, "x"), "o": "/a"})
    assert (said.number("n"), said.flag("f"), said.real("r"), said.text("t")) == (5, False, 2.0, "a")
    assert (said.items("l"), said.texts("l"), said.pair("p"), said.path("o")) == (
        ["a", 5, "b"],
        ["a", "b"],
        (1, "x"),
        "/a",
    )


def test_texts_and_lists_are_cut_and_an_empty_text_says_nothing() -> None:
    said = Properties({"t": "x" * 999, "e": " ", "l": ["y" * 999] * 999, "o": ["/a", "/", "a", 5]})
    assert len(said.text("t") or "") == MAX_TEXT
    assert said.text("e") is None
    assert (len(said.texts("l")), len(said.texts("l")[0])) == (MAX_LIST, MAX_TEXT)
    assert said.paths("o") == ["/a"]


def test_a_path_of_nothing_but_its_root_is_none() -> None:
    assert (path("/"), path("/a"), path("abc"), path(5)) == (None, "/a", None, None)


def test_tables_are_asked_by_text_whatever_their_keys_are() -> None:
    assert mapping({2: "a", "b": 3}) == {"2": "a", "b": 3}
    assert mapping([1]) == {}


def test_what_is_nested_too_deep_is_nothing() -> None:
    deep: object = "end"
    for _ in range(20):
        deep = [deep]
    assert "end" not in str(plain(deep))
    assert plain([[["end"]]]) == [[["end"]]]


def test_only_what_looks_like_a_variant_is_taken_apart() -> None:
    said = properties({"a": ("s", "x"), "b": ("(ss)", ("name", "text")), "c": (1, 2), "d": ("s", "x", "y")})
    assert said.values == {"a": "x", "b": ("name", "text"), "c": (1, 2), "d": ("s", "x", "y")}
    assert properties({"text": "ab", "list": ["a", "b"]}).values == {"text": "ab", "list": ["a", "b"]}


# -- who it is


def test_who_it_is() -> None:
    said = {"Manufacturer": "QUALCOMM", "Model": "EC25", "Revision": "R06", "EquipmentIdentifier": "867223041234568"}
    assert readings.identity(modem(said)) == Identity("QUALCOMM", "EC25", "R06", "867223041234568")
    assert readings.identity(modem(said, {"Imei": "867223041234500"})).imei == "867223041234500"
    assert readings.identity(modem({"EquipmentIdentifier": "0x80abcdef"})).imei is None
    assert readings.identity(modem()) == Identity()


@pytest.mark.parametrize(("state", "level"), [(1, 0), (2, 4), (3, 1)])
def test_power_is_functionality(state: int, level: int) -> None:
    assert list(readings.power(modem({"PowerState": state}))) == [Functionality(level)]


def test_power_that_is_not_told_is_no_functionality() -> None:
    assert list(readings.power(modem({"PowerState": 0}))) == []
    assert list(readings.power(modem())) == []


# -- the card


@pytest.mark.parametrize(
    ("lock", "word"),
    [(1, "ready"), (2, "pin_required"), (3, "ready"), (4, "puk_required"), (5, "ready")]
    + [(lock, "network_locked") for lock in range(6, 17)]
    + [(0, "unknown"), (17, "unknown")],
)
def test_each_lock(lock: int, word: str) -> None:
    assert readings.sim_state(modem({"State": 8, "UnlockRequired": lock, "Sim": "/sim"})) == word


@pytest.mark.parametrize(
    ("reason", "word"), [(0, "unknown"), (2, "absent"), (3, "failure"), (4, "unknown"), (5, "failure")]
)
def test_each_reason_of_a_failure(reason: int, word: str) -> None:
    assert readings.sim_state(modem({"State": -1, "StateFailedReason": reason, "UnlockRequired": 1})) == word


def test_a_modem_that_tells_neither_lock_nor_reason_has_a_card_nobody_knows() -> None:
    assert readings.sim_state(modem({"State": -1})) == "unknown"
    assert readings.sim_state(modem()) == "unknown"


def test_the_card_and_its_numbers() -> None:
    said = {"UnlockRequired": 1, "Sim": "/s", "UnlockRetries": {2: 3, 4: 10}, "OwnNumbers": ["13812345678", "x"]}
    sim = Properties({"Imsi": "460001234567890", "SimIdentifier": "89860012345678901238"})
    state, iccid, imsi, own = readings.card(modem(said), sim)
    assert state == Sim("ready", 3, 10)
    assert iccid == Iccid("89860012345678901238", "China Mobile")
    assert imsi == Imsi("460001234567890", "China Mobile")
    assert own == OwnNumber("13812345678")


def test_a_card_without_numbers_is_told_alone() -> None:
    assert list(readings.card(modem({"UnlockRequired": 2}), Properties({}))) == [Sim("pin_required", None, None)]
    odd = Properties({"Imsi": "x", "SimIdentifier": "x"})
    assert list(readings.card(modem({"UnlockRequired": 2}), odd)) == [Sim("pin_required", None, None)]


@pytest.mark.parametrize(("told", "count"), [(0, 0), (998, 998), (999, None), (-1, None)])
def test_tries_left(told: int, count: int | None) -> None:
    (state,) = readings.card(modem({"UnlockRetries": {2: told}}), Properties({}))
    assert isinstance(state, Sim)
    assert state.pin_retries == count


# -- the network


@pytest.mark.parametrize(
    ("bit", "word"),
    [(1, "gsm"), (2, "gsm"), (3, "gsm"), (4, "edge"), (5, "umts"), (6, "hspa"), (7, "hspa"), (8, "hspa"), (9, "hspa"),
     (14, "lte"), (15, "nr"), (16, "lte_m"), (17, "nb_iot"), (0, None)],
)  # fmt: skip
def test_each_technology(bit: int, word: str | None) -> None:
    assert readings.technology(1 << bit) == word


def test_nothing_is_in_use_where_nothing_is_told() -> None:
    assert readings.technology(None) is None
    assert readings.technology(LTE | NR) == "nr_nsa"
    assert readings.technology(1 << 15) == "nr"


def test_below_lte_the_packet_service_decides_whose_registration_it_is() -> None:
    assert [readings.domain_of("umts", packet=packet) for packet in (True, False, None)] == ["ps", "cs", "cs"]
    for used in tables.EPS:
        assert readings.domain_of(used, packet=False) == "eps"


@pytest.mark.parametrize(("state", "attached"), [(0, None), (1, False), (2, True), (None, None)])
def test_attachment(state: int | None, attached: bool | None) -> None:
    assert readings.attachment(modem(None, {"PacketServiceState": state})) is attached


def at_home(bits: int = LTE, state: int = CONNECTED, location: str | None = None, **threegpp: object) -> list[Reading]:
    said = {"State": state, "AccessTechnologies": bits}
    place = Properties({"1": location}) if location is not None else None
    return list(readings.network(modem(said, {"RegistrationState": 1} | threegpp), place))


def test_a_modem_that_is_not_enabled_tells_nothing_of_the_network() -> None:
    assert at_home(state=5) == []
    assert at_home(state=6) == [Registration("eps", 1, "home", technology="lte")]
    assert not readings.is_enabled(modem())


def test_registration_attachment_and_operator() -> None:
    found = at_home(PacketServiceState=2, OperatorName="CMCC", OperatorCode="46000", location="460,00,0,A1B2C3,5A1B")
    assert found == [
        Attach(True),
        Registration("eps", 1, "home", None, "5A1B", "A1B2C3", technology="lte"),
        Operator(name="CMCC", plmn="46000", technology="lte"),
    ]


@pytest.mark.parametrize(
    ("location", "lac", "tac", "cell_id"),
    [
        ("460,00,1F2E,a1b2c3,5a1b", None, "5A1B", "A1B2C3"),
        ("460,00,1F2E,A1B2C3,0", None, "1F2E", "A1B2C3"),
        ("460,00,1F2E,A1B2C3", None, "1F2E", "A1B2C3"),
        ("460,00,FFFE,A1B2C3,00FFFE", None, None, "A1B2C3"),
        ("460,00,0000, A1 ,xyz", None, None, "A1"),
        ("460,00,1F2E", None, None, None),
        ("", None, None, None),
    ],
)
def test_where_it_is(location: str, lac: str | None, tac: str | None, cell_id: str | None) -> None:
    (found,) = at_home(location=location)
    assert isinstance(found, Registration)
    assert (found.lac, found.tac, found.cell_id) == (lac, tac, cell_id)


def test_below_lte_a_place_has_a_lac() -> None:
    (found,) = at_home(UMTS, location="460,00,1F2E,A1B2C3,5A1B")
    assert isinstance(found, Registration)
    assert (found.domain, found.lac, found.tac) == ("cs", "1F2E", None)


def test_with_5g_a_place_has_a_tracking_area() -> None:
    (found,) = at_home(NR, location="460,00,0,A1B2C3,5A1B")
    assert isinstance(found, Registration)
    assert (found.domain, found.lac, found.tac) == ("5gs", None, "5A1B")


def test_a_name_or_a_number_is_an_operator_and_nothing_is_none() -> None:
    assert at_home(OperatorName="CMCC")[1:] == [Operator(name="CMCC", technology="lte")]
    assert at_home(OperatorCode="46000")[1:] == [Operator(plmn="46000", technology="lte")]
    assert at_home(OperatorCode="x")[1:] == []


def test_a_registration_that_nobody_could_place_or_that_is_no_state_is_none() -> None:
    assert at_home(0) == []
    assert at_home(RegistrationState=None) == []
    assert at_home(RegistrationState=99) == []


def test_a_refusal_tells_whose_it_is_and_why() -> None:
    refused = {"error": 11, "access-technology": LTE}
    (found,) = at_home(0, RegistrationState=3, NetworkRejection=refused)
    assert isinstance(found, Registration)
    assert (found.domain, found.status, found.reject_cause) == ("eps", "denied", readings.cause("emm", 11))


def test_a_refusal_of_another_domain_is_not_this_ones_reason() -> None:
    refused = {"error": 11, "access-technology": UMTS}
    (found,) = at_home(LTE, NetworkRejection=refused)
    assert isinstance(found, Registration)
    assert found.reject_cause is None


@pytest.mark.parametrize(
    ("bits", "domain", "layer"), [(LTE, "eps", "emm"), (NR, "5gs", "5gmm"), (UMTS, "ps", "gmm"), (0, "ps", None)]
)
def test_the_layer_of_a_refusal_is_its_technologys(bits: int, domain: str, layer: str | None) -> None:
    found = readings.rejection(Properties({"NetworkRejection": {"error": 11, "access-technology": bits}}))
    assert found is not None
    assert (found[0], found[1].layer, found[1].number) == (domain, layer, 11)


def test_no_refusal_is_none() -> None:
    assert readings.rejection(Properties({"NetworkRejection": {"error": 0, "access-technology": LTE}})) is None
    assert readings.rejection(Properties({})) is None


# -- signal


def test_each_technologys_figures() -> None:
    said = {
        "Lte": {"rssi": -67.0, "rsrp": -95.0, "rsrq": -11.0, "snr": 12.0},
        "Nr5g": {"rsrp": -90.0, "rsrq": -10.0, "snr": 15.0},
        "Umts": {"rssi": -70.0, "rscp": -80.0, "ecio": -6.0},
        "Gsm": {"rssi": -75.0},
    }
    lte, nr, umts, gsm = readings.signals(modem(signal=said))
    assert (lte.rssi_dbm, lte.rsrp_dbm, lte.rsrq_db, lte.sinr_db) == (-67, -95, -11, 12)
    assert (nr.rsrp_dbm, nr.rsrq_db, nr.sinr_db) == (-90, -10, 15)
    assert (umts.rssi_dbm, umts.rscp_dbm, umts.ecio_db) == (-70, -80, -6)
    assert gsm.rssi_dbm == -75
    assert list(readings.signals(modem())) == []


# -- bearers


FAMILY = {"address": "10.1.2.3", "dns1": "8.8.8.8", "dns2": "1.1.1.1", "dns3": "9.9.9.9", "gateway": "10.1.2.1"}


def test_a_connected_bearer() -> None:
    said = {
        "ProfileId": 3, "Connected": True, "Properties": {"apn": "cmiot", "ip-type": 4}, "Ip4Config": FAMILY,
        "Ip6Config": {"address": "2408::1", "dns1": "2408::8", "gateway": "fe80::1"},
        "Stats": {"rx-bytes": 5, "tx-bytes": 7},
    }  # fmt: skip
    both = ("10.1.2.3", "2408::1")
    assert list(readings.bearer(Properties(said), 9)) == [
        Contexts((Context(3, "IPV4V6", "cmiot", both),)),
        ContextActive(3, True),
        ContextParams(
            3, apn="cmiot", addresses=both, gateway="10.1.2.1", dns=("8.8.8.8", "1.1.1.1", "9.9.9.9", "2408::8")
        ),
        Address(3, both),
        Counters(5, 7, 3, "session"),
    ]


@pytest.mark.parametrize(("profile", "cid"), [(1, 1), (255, 255), (0, 9), (256, 9), (-1, 9), (None, 9)])
def test_a_bearer_without_a_profile_goes_by_its_place(profile: int | None, cid: int) -> None:
    assert list(readings.bearer(Properties({"ProfileId": profile}), 9)) == [Contexts((Context(cid, None, None, ()),))]


@pytest.mark.parametrize(("number", "word"), [(1, "IP"), (2, "IPV6"), (4, "IPV4V6"), (0, None)])
def test_the_family_of_a_bearer(number: int, word: str | None) -> None:
    (found,) = readings.bearer(Properties({"Properties": {"ip-type": number}}), 1)
    assert found == Contexts((Context(1, word, None, ()),))


def test_an_address_without_a_name_server_is_a_parameter_and_any_familys_gateway_counts() -> None:
    said = Properties({"Ip4Config": {"address": "10.1.2.3"}, "Ip6Config": {"gateway": "fe80::1"}})
    _, params, address = readings.bearer(said, 1)
    assert params == ContextParams(1, addresses=("10.1.2.3",), gateway="fe80::1", dns=())
    assert address == Address(1, ("10.1.2.3",))


def test_name_servers_alone_are_parameters_and_addresses_that_are_none_are_left_out() -> None:
    odd = {"address": "0.0.0.0", "dns1": "8.8.8.8", "dns2": "x", "gateway": "::"}
    _, params = readings.bearer(Properties({"Ip4Config": odd}), 1)
    assert params == ContextParams(1, dns=("8.8.8.8",), addresses=())


@pytest.mark.parametrize(
    ("connected", "stats"),
    [(False, {"rx-bytes": 5, "tx-bytes": 7}), (True, {"rx-bytes": 5}), (True, {"tx-bytes": 7}), (True, {})],
)
def test_counters_are_those_of_a_session_that_lives_and_both_ways(connected: bool, stats: dict[str, int]) -> None:
    found = list(readings.bearer(Properties({"Connected": connected, "Stats": stats}), 1))
    assert not any(isinstance(one, Counters) for one in found)


@pytest.mark.parametrize(("name", "cause"), tables.SESSION_ERRORS.items())
def test_each_cause_of_a_failed_session(name: str, cause: tuple[str, int]) -> None:
    said = Properties({"ConnectionError": (f"org.freedesktop.ModemManager1.Error.MobileEquipment.{name}", "")})
    found = readings.connection_error(said)
    assert found is not None
    assert (found.layer, found.number, found.possibly_past) == (*cause, True)
    assert found.text


SESSION_CAUSES = {
    "OperatorDeterminedBarring": 8, "InsufficientResources": 26, "MissingOrUnknownApn": 27,
    "UnknownPdpAddressOrType": 28, "UserAuthenticationFailed": 29, "PdpAuthFailure": 29,
    "ActivationRejectedByGgsnOrGw": 30, "ActivationRejectedUnspecified": 31, "ServiceOptionNotSupported": 32,
    "ServiceOptionNotSubscribed": 33, "ServiceOptionOutOfOrder": 34, "RegularDeactivation": 36,
    "NetworkFailureActivation": 38, "ReactivationRequested": 39, "Ipv4OnlyAllowed": 50, "Ipv6OnlyAllowed": 51,
    "SingleAddressBearersOnlyAllowed": 52, "RequestedApnNotSupported": 66, "ImsiUnknownInHss": 2, "IllegalUe": 3,
    "IllegalMs": 3, "ImeiNotAccepted": 5, "IllegalMe": 6, "PsServicesNotAllowed": 7, "GprsNotAllowed": 7,
    "PsAndNonPsServicesNotAllowed": 8, "ImplicitlyDetached": 10, "PlmnNotAllowed": 11, "AreaNotAllowed": 12,
    "RoamingNotAllowedInArea": 13, "PsServicesNotAllowedInPlmn": 14, "NoCellsInArea": 15, "EsmFailure": 19,
    "Congestion": 22,
}  # fmt: skip
"""24.301 §9.9.4.4, §9.9.3.9."""


def test_the_causes_have_the_numbers_of_the_specification() -> None:
    assert {name: number for name, (_, number) in tables.SESSION_ERRORS.items()} == SESSION_CAUSES


@pytest.mark.parametrize(
    ("pair", "text"),
    [
        (("org.freedesktop.ModemManager1.Error.Core.Failed", "it failed"), "it failed"),
        (("org.freedesktop.ModemManager1.Error.Core.Failed", ""), "org.freedesktop.ModemManager1.Error.Core.Failed"),
        (("org.freedesktop.ModemManager1.Error.Core.EsmFailure", "no"), "no"),
    ],
)
def test_another_failure_is_told_in_its_own_words(pair: tuple[str, str], text: str) -> None:
    said = Properties({"ConnectionError": pair})
    assert readings.connection_error(said) == Cause(None, None, text, possibly_past=True)
    assert ErrorCause(Cause(None, None, text, possibly_past=True)) in list(readings.bearer(said, 1))


@pytest.mark.parametrize("pair", [None, ("", ""), (5, "x"), "x"])
def test_no_failure_is_none(pair: object) -> None:
    assert readings.connection_error(Properties({"ConnectionError": pair})) is None


# -- time and messages


def test_the_networks_time() -> None:
    assert list(readings.clock("2026-11-21T18:00:00+08")) == [Clock("2026-11-21T18:00:00+08")]
    assert list(readings.clock(None)) == []
    assert list(readings.clock("")) == []


@pytest.mark.parametrize(
    ("number", "word"), [(1, "SM"), (2, "ME"), (3, "MT"), (4, "SR"), (5, "BM"), (6, "TA"), (0, None)]
)
def test_where_a_message_is_kept(number: int, word: str | None) -> None:
    found = readings.sms(Properties({"State": 3, "Storage": number}), 1)
    assert found is not None
    assert found.storage == word


def test_a_received_message_has_a_sender_and_another_a_receiver() -> None:
    said = {"Number": "10086", "Text": "x" * 5000, "Timestamp": "2026-11-21T18:00:00+08", "MessageReference": 7}
    for state, sender, recipient, status in (
        (3, "10086", None, None),
        (1, None, "10086", "unsent"),
        (5, None, "10086", "sent"),
    ):
        found = readings.sms(Properties(said | {"State": state}), 4)
        assert found is not None
        assert (found.sender, found.recipient, found.status, found.reference) == (sender, recipient, status, 7)
        assert (found.time, len(found.text or "")) == ("2026-11-21T18:00:00+08", 4096)
    empty = readings.sms(Properties({"State": 3, "Text": "", "MessageReference": 0}), 4)
    assert empty is not None
    assert (empty.text, empty.reference) == (None, None)
    odd = readings.sms(Properties({"State": 3, "Text": 5}), 4)
    assert odd is not None
    assert odd.text is None
    assert readings.sms(Properties({"State": 0}), 1) is None
    assert readings.sms(Properties({}), 1) is None


class Manager:
    """As much of a `ModemManager` as keeps messages and says who it is; a text for a message is an error's name."""

    def __init__(self, kept: dict[str, dict[str, object] | str] | None = None, pid: int | None = None) -> None:
        self._kept = kept or {}
        self._pid = pid
        self.bus = self
        self.refuses = False

    def properties(self, place: str, _interface: str) -> Properties:
        said = self._kept[place]
        if isinstance(said, str):
            raise DbusError("GetAll", said)
        return Properties(said)

    def version(self) -> str:
        return "1.24.0"

    def modems(self) -> tuple[ModemObject, ...]:
        if self.refuses:
            raise DbusError("GetManagedObjects", "timeout")
        ports = [("ttyUSB2", 3)]
        return modem({"Ports": ports, "Device": "/sys/devices/usb1/1-1"}), modem({})

    def owner_pid(self, _name: str) -> int | None:
        return self._pid


def kept(manager: Manager, *paths: str) -> tuple[Sms, ...]:
    one = ModemObject("/m", {MESSAGING: Properties({"Messages": list(paths)})})
    return messages(cast("ModemManager", manager), one)


def test_half_a_message_and_one_that_went_away_are_left_out() -> None:
    said = {"/SMS/1": {"State": 2}, "/SMS/2": "org.freedesktop.DBus.Error.UnknownObject", "/SMS/3": {"State": 3}}
    assert [one.index for one in kept(Manager(said), *said)] == [3]


@pytest.mark.parametrize("name", ["closed", "timeout"])
def test_a_modemmanager_that_went_away_is_not_asked_for_the_rest(name: str) -> None:
    with pytest.raises(DbusError):
        kept(Manager({"/SMS/1": name}), "/SMS/1")


@pytest.mark.parametrize(
    ("place", "number"),
    [("/SMS/12", 12), ("/SMS/x", 0), ("/SMS/٣", 0), ("/SMS/1234567890", 0), ("/SMS/123456789", 123456789)],
)
def test_the_number_of_a_message_is_its_objects(place: str, number: int) -> None:
    assert [one.index for one in kept(Manager({place: {"State": 3}}), place)] == [number]


# -- is it there


def test_who_does_not_run_uses_nothing() -> None:
    ports = (UsedPort("/dev/ttyUSB2", "at"), UsedPort("/dev/ttyUSB3", "ignored"))
    assert Presence(running=False, ports=ports).uses("/dev/ttyUSB2") is False
    assert Presence(running=True).uses("/dev/ttyUSB2") is None
    assert Presence(running=True, ports=ports).uses("/dev/ttyUSB2") is True
    assert Presence(running=True, ports=ports).uses("/dev/ttyUSB3") is False


def test_its_process_is_named_by_the_bus_or_else_by_proc() -> None:
    for told, found, pid in ((612, 5, 612), (None, 5, 5), (612, None, 612)):
        here = _told(cast("ModemManager", Manager(pid=told)), found)
        assert (here.running, here.pid, here.version) == (True, pid, "1.24.0")
        assert here.ports == (UsedPort("/dev/ttyUSB2", "at"),)
        assert here.uids == ("/sys/devices/usb1/1-1",)


def test_a_modemmanager_that_lists_no_modems_runs_all_the_same() -> None:
    manager = Manager(pid=612)
    manager.refuses = True
    assert _told(cast("ModemManager", manager), None) == Presence(running=True, pid=612, version="1.24.0")


def test_only_processes_count(tmp_path: Path) -> None:
    for name in ("self", "612"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "comm").write_text("ModemManager\n")
    assert _pid(tmp_path) == 612
    assert not is_modemmanager(None)


def test_what_is_forbidden_is_known_by_its_name_or_its_words() -> None:
    assert str(DbusError("GetAll", "timeout")) == "GetAll: timeout"
    assert str(DbusError("GetAll", "timeout", "too late")) == "GetAll: too late"
    for name in ("org.freedesktop.DBus.Error.AccessDenied", "org.freedesktop.ModemManager1.Error.Core.Unauthorized"):
        assert DbusError("GetAll", name).forbidden
    assert DbusError("GetAll", "Some.Error", "PolicyKit authorization failed: not authorized").forbidden
    assert not DbusError("GetAll", "Some.Error", "busy").forbidden
