"""Parts into one snapshot; a light look over a deep one leaves nothing old that it speaks about."""

from dataclasses import replace

from agent.sample.assemble import addresses_of, assemble, refreshed
from agent.sample.base import (
    ClockView,
    ContextView,
    DataView,
    Evidence,
    InterfaceView,
    ModemView,
    NetworkView,
    PortView,
    Reach,
    SimView,
)
from agent.sample.link import LinkPart
from agent.sample.modem import ModemPart
from modem.values import Cell, Signal

CONTEXT = ContextView(1, "IP", "cmiot", active=True, addresses=("10.1.2.3",), dns=("10.0.0.1",))
DEEP = ModemPart(
    PortView(answers=True),
    ModemView(model="EC20F", temperature_c=41, dialect="quectel"),
    SimView("ready", "8986", "46000"),
    NetworkView(
        "home",
        {"cs": "denied", "ps": "home", "eps": "home", "5gs": None},
        None,
        "CMCC",
        "46000",
        "lte",
        Cell("lte", pci=7),
    ),
    Signal("lte", rsrp_dbm=-95),
    DataView(attached=True, contexts=(CONTEXT,)),
    evidence=(
        Evidence("sim.state", "at", "AT+CPIN? → +CPIN: READY"),
        Evidence("network.registration", "at", "AT+CEREG? → +CEREG: 0,1"),
        Evidence("signal", "at", "AT+CSQ → +CSQ: 20,99"),
    ),
)
ONLY_EPS = NetworkView("home", {"cs": None, "ps": None, "eps": "home", "5gs": None}, technology="lte")
LIGHT = ModemPart(
    PortView(answers=True),
    network=ONLY_EPS,
    signal=Signal("lte", rsrp_dbm=-101),
    data=DataView(contexts=(ContextView(1, active=True),)),
    evidence=(Evidence("network.registration", "at", "AT+CEREG? → +CEREG: 0,1 later"),),
)


def test_every_part_finds_its_place() -> None:
    wwan0 = InterfaceView("wwan0", up=True)
    snapshot = assemble(
        5.0,
        port=PortView("/dev/ttyUSB2"),
        modem=DEEP,
        link=LinkPart(wwan0, evidence=(Evidence("data.interface", "kernel", "wwan0: up"),)),
        reach=[Reach("centre", ok=True)],
        clock=ClockView(trusted=True),
        evidence=[Evidence("reach.centre", "probe", "answers")],
    )
    assert snapshot.port == PortView("/dev/ttyUSB2", answers=True)
    assert snapshot.data.interface == wwan0
    assert snapshot.data.contexts == (CONTEXT,)
    assert [item.source for item in snapshot.about("data.interface", "reach.centre")] == ["kernel", "probe"]


def test_a_port_that_could_not_be_opened_stays_the_problem() -> None:
    snapshot = assemble(5.0, port=PortView("/dev/ttyUSB2", "minicom (pid 7)", "busy"), modem=ModemPart())
    assert (snapshot.port.problem, snapshot.port.holder, snapshot.port.answers) == ("busy", "minicom (pid 7)", None)


def test_all_addresses_of_the_modem() -> None:
    assert addresses_of(DEEP) == ("10.1.2.3",)


def test_a_light_look_renews_signal_and_registration_and_keeps_the_rest() -> None:
    part = refreshed(DEEP, LIGHT)
    assert part.signal.rsrp_dbm == -101
    assert part.network.domains == {"cs": "denied", "ps": "home", "eps": "home", "5gs": None}
    assert (part.network.operator_name, part.network.cell) == ("CMCC", Cell("lte", pci=7))
    assert (part.sim, part.modem) == (DEEP.sim, DEEP.modem)
    assert part.data.contexts == (CONTEXT,)


def test_old_evidence_about_what_was_seen_anew_is_gone() -> None:
    texts = [item.text for item in refreshed(DEEP, LIGHT).evidence]
    assert texts == ["AT+CPIN? → +CPIN: READY", "AT+CEREG? → +CEREG: 0,1 later"]


def test_off_the_network_nothing_of_the_old_network_is_left() -> None:
    off = replace(
        LIGHT, network=NetworkView("searching", {"cs": None, "ps": "searching", "eps": "searching", "5gs": None})
    )
    network = refreshed(DEEP, off).network
    assert (network.registration, network.operator_name, network.cell, network.technology) == (
        "searching",
        None,
        None,
        None,
    )
    assert network.domains["cs"] is None


def test_a_cell_of_another_technology_is_not_kept() -> None:
    gsm = replace(LIGHT, network=replace(ONLY_EPS, technology="gsm"))
    network = refreshed(DEEP, gsm).network
    assert (network.technology, network.cell) == ("gsm", None)


def test_a_session_that_ended_has_no_address() -> None:
    ended = replace(LIGHT, data=DataView(contexts=(ContextView(1, active=False),)))
    context = refreshed(DEEP, ended).data.contexts[0]
    assert (context.active, context.addresses, context.apn) == (False, (), "cmiot")


def test_a_silent_modem_leaves_only_who_it_is() -> None:
    part = refreshed(DEEP, ModemPart(PortView(answers=False)))
    assert part.port.answers is False
    assert part.network == NetworkView()
    assert part.signal == Signal()
    assert part.data.contexts[0].active is None
    assert part.modem == DEEP.modem


def test_a_card_that_a_light_look_found_gone_is_gone() -> None:
    assert refreshed(DEEP, replace(LIGHT, sim=SimView("absent"))).sim.state == "absent"
