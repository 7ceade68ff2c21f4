"""What ModemManager lists, as modems and ports: by a bus that answers from a table."""

import socket
from pathlib import Path

import pytest

from modem.modemmanager import bus, tables
from modem.modemmanager.errors import NoSuchModem
from modem.modemmanager.manager import MODEM, ModemManager, UsedPort, device_of
from modem.modemmanager.objects import Properties


class Bus:
    """Answers every call alike."""

    def __init__(self, *said: object) -> None:
        self._said = said

    def call(self, *_asked: object) -> tuple[object, ...]:
        return self._said


def manager(*said: object) -> ModemManager:
    made = object.__new__(ModemManager)
    made.bus = Bus(*said)  # type: ignore[assignment]  # as much of one as is asked here
    return made


def listed(*names: str, ports: dict[str, list[object]] | None = None) -> ModemManager:
    return manager({name: {MODEM: {"Ports": (ports or {}).get(name, [])}} for name in names})


def test_modems_come_by_their_number() -> None:
    found = listed("/Modem/10", "/Modem/9", "/Modem/2").modems()
    assert [one.path for one in found] == ["/Modem/2", "/Modem/9", "/Modem/10"]


def test_what_is_no_modem_is_not_among_them() -> None:
    said = {"/Modem/1": {MODEM: {}}, "": {MODEM: {}}, "/Bearer/1": {"org.freedesktop.ModemManager1.Bearer": {}}}
    assert [one.path for one in manager(said).modems()] == ["/Modem/1"]
    assert manager().modems() == ()
    assert manager("odd").modems() == ()


def test_a_modem_is_found_by_any_name_of_its_port(tmp_path: Path) -> None:
    ports: dict[str, list[object]] = {"/Modem/1": [("ttyUSB2", 3)], "/Modem/2": [("ttyUSB7", 3), ("wwan0", 2)]}
    both = listed("/Modem/1", "/Modem/2", ports=ports)
    link = tmp_path / "modem"
    link.symlink_to("/dev/ttyUSB7")
    for port, path in (
        ("auto", "/Modem/1"),
        ("/dev/ttyUSB7", "/Modem/2"),
        ("ttyUSB7", "/Modem/2"),
        ("wwan0", "/Modem/2"),
    ):
        assert both.find(port).path == path
    assert both.find(str(link)).path == "/Modem/2"
    with pytest.raises(NoSuchModem, match="none of"):
        both.find("/dev/ttyUSB9")


def test_without_a_modem_none_is_found() -> None:
    with pytest.raises(NoSuchModem, match="has no modem"):
        listed().find("auto")


def test_an_empty_answer_has_no_properties() -> None:
    assert manager().properties("/m", MODEM) == Properties({})
    assert manager({"Model": ("s", "EC25")}).properties("/m", MODEM).text("Model") == "EC25"


def test_the_networks_time_is_the_text_that_comes() -> None:
    (one,) = listed("/Modem/1").modems()
    assert manager("2026-11-21T18:00:00+08").network_time(one) == "2026-11-21T18:00:00+08"
    assert manager().network_time(one) is None


@pytest.mark.parametrize(
    ("name", "device"),
    [
        ("ttyUSB2", "/dev/ttyUSB2"),
        ("/dev/ttyUSB2", "/dev/ttyUSB2"),
        ("cdc-wdm0", "/dev/cdc-wdm0"),
        ("wwan0at0", "/dev/wwan0at0"),
        ("rfcomm0", "/dev/rfcomm0"),
        ("eth0", "eth0"),
        ("virtual/ttyUSB0", "virtual/ttyUSB0"),
        ("tty/USB0", "tty/USB0"),
        ("/sys/ttyUSB0", "/sys/ttyUSB0"),
    ],
)
def test_a_port_has_the_name_that_everybody_uses(name: str, device: str) -> None:
    assert device_of(name) == device


def test_an_odd_port_is_none_and_one_without_a_kind_is_unknown() -> None:
    odd: list[object] = [5, ("a",), ("a", 1, 2), (1, 2), "ab", ("ttyUSB2", "x"), (" ", 3), ("wwan0", 2)]
    (one,) = listed("/Modem/1", ports={"/Modem/1": odd}).modems()
    assert one.ports == (UsedPort("/dev/ttyUSB2", "unknown"), UsedPort("?", "at"), UsedPort("wwan0", "net"))


# -- the bus


class Deaf(bus.Bus):
    """One that nobody connected."""

    def __init__(self, *said: object) -> None:
        self._said = said
        self._monotonic = lambda: 100.0

    def call(self, *_asked: object, **_how: object) -> tuple[object, ...]:
        return self._said


@pytest.mark.parametrize(("said", "pid"), [((612,), 612), ((), None), (("x",), None)])
def test_the_process_behind_a_name(said: tuple[object, ...], pid: int | None) -> None:
    assert Deaf(*said).owner_pid("org.example") == pid


def test_time_that_is_up_is_up() -> None:
    with pytest.raises(TimeoutError):
        Deaf()._left(100.0)
    assert Deaf()._left(101.5) == 1.5


def test_a_bus_that_hangs_up_is_gone() -> None:
    ours, theirs = socket.socketpair()
    deaf = Deaf()
    deaf._socket = ours
    theirs.sendall(b"x")
    assert deaf._get(110.0) == b"x"
    theirs.close()
    with pytest.raises(ConnectionResetError):
        deaf._get(110.0)
    deaf.close()


def test_unless_said_it_is_the_machines_bus(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/run/example/bus")
    assert bus._place(None) == "/run/example/bus"
    assert bus._place("unix:path=/run/other/bus") == "/run/other/bus"


@pytest.mark.parametrize(
    ("body", "words"), [(("too\x1b late", 5), "too\\x1b late"), ((5,), ""), ((), ""), (None, ""), ("text", "")]
)
def test_an_errors_words_are_its_first_text(body: object, words: str) -> None:
    assert bus._words(body) == words


def test_an_error_without_words_is_told_by_its_kind() -> None:
    assert bus._shown(OSError("gone")) == "gone"
    assert bus._shown(OSError()) == "OSError"


# -- its numbers


def test_its_numbers_have_the_names_of_its_own_reference() -> None:
    """MMModemState, MMModemStateFailedReason, MMModemLock, MMModemPortType, MMSmsState."""
    states = "failed unknown initializing locked disabled disabling enabling enabled searching registered disconnecting"
    assert dict(tables.STATE) == dict(zip(range(-1, 12), [*states.split(), "connecting", "connected"], strict=True))
    reasons = "none unknown sim-missing sim-error unknown-capabilities esim-without-profiles"
    assert dict(tables.FAILED_REASON) == dict(enumerate(reasons.split()))
    locks = (
        "unknown none sim-pin sim-pin2 sim-puk sim-puk2 ph-sp-pin ph-sp-puk ph-net-pin ph-net-puk ph-sim-pin "
        "ph-corp-pin ph-corp-puk ph-fsim-pin ph-fsim-puk ph-netsub-pin ph-netsub-puk"
    )
    assert dict(tables.LOCK) == dict(enumerate(locks.split()))
    ports = "unknown net at qcdm gps qmi mbim audio ignored xmmrpc"
    assert dict(tables.PORT_TYPE) == dict(enumerate(ports.split(), 1))
    assert dict(tables.SMS_STATE) == {1: "unsent", 3: None, 5: "sent"}
    assert dict(tables.LAYER_OF_DOMAIN) == {"5gs": "5gmm", "eps": "emm", "ps": "gmm", "cs": "mm"}
    assert tables.EPS == ("lte", "lte_m", "nb_iot", "nr_nsa")
