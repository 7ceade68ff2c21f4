"""One look at the modem: what a refusal, a silence or a doubt costs, and what comes of many answers to one question."""

from dataclasses import dataclass, field

import pytest

from agent.clock import Deadline
from agent.sample.modem import LIGHT_COMMANDS, Depth, ModemPart, PatientModem, read_modem, seconds_of
from agent.sample.readings import Heard, data_view, network_view, signal_of
from modem.dialect import Question
from modem.registration import overall_registration
from modem.values import Cause, Cell, Clock, ErrorCause, NetworkInfo, Reading, Registration, Signal
from tests.fakes.clock import FakeClock
from tests.fakes.port import FakePort

REFUSED = b"\r\n+CME ERROR: 4\r\n"


def info(*lines: str) -> bytes:
    return "".join(f"\r\n{line}\r\n" for line in (*lines, "OK")).encode()


WELL = {
    "AT": [info()],
    "AT+CGMI": [info("Acme")],
    "AT+CGMM": [info("M1")],
    "AT+CPIN?": [info("+CPIN: READY")],
    "AT+CEREG?": [info('+CEREG: 2,1,"5A1B","08C2D11B",7')],
    "AT+CGREG?": [info("+CGREG: 0,1")],
    "AT+CREG?": [info("+CREG: 0,3")],
    "AT+CSQ": [info("+CSQ: 20,99")],
    "AT+CGATT?": [info("+CGATT: 1")],
    "AT+CGACT?": [info("+CGACT: 1,1")],
    "AT+CGDCONT?": [info('+CGDCONT: 1,"IP","cmiot"')],
}
PROBES = {"ATS3?": [info("013")]}


@dataclass
class Bench:
    """A modem that says what the test says, on a clock that only moves when somebody waits."""

    answers: dict[str, list[bytes]]
    otherwise: bytes = REFUSED
    clock: FakeClock = field(default_factory=FakeClock)
    spared: set[Question] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.port = FakePort(self.clock, {**WELL, **PROBES, **self.answers}, self.otherwise)
        self.modem = PatientModem(self.port, self.clock)

    def look(self, depth: Depth = "deep", seconds: float = 60.0) -> ModemPart:
        self.modem.start()
        self.port.written.clear()
        return read_modem(self.modem, 1.0, depth, Deadline.after(seconds, self.clock), self.clock, self.spared)

    @property
    def asked(self) -> list[str]:
        return self.port.lines_written()


def look(answers: dict[str, list[bytes]] | None = None, depth: Depth = "deep") -> ModemPart:
    return Bench(answers or {}).look(depth)


def test_a_data_only_card_is_registered_at_home() -> None:
    part = look()
    assert part.network.registration == "home"
    assert part.network.domains == {"cs": "denied", "ps": "home", "eps": "home", "5gs": None}
    assert (part.network.technology, part.sim.state, part.data.attached) == ("lte", "ready", True)
    assert part.port.answers is True


def test_what_is_refused_costs_only_its_own_field() -> None:
    part = look({"AT+CGATT?": [REFUSED]})
    assert part.data.attached is None
    assert part.data.contexts[0].apn == "cmiot"
    assert "AT+CGATT? → +CME ERROR: 4" in [item.text for item in part.evidence if item.about == "data.attached"]
    assert "data.attached" in part.unasked


def test_a_question_that_fails_is_not_called_one_that_the_modem_lacks() -> None:
    part = look({"AT+CGATT?": [b"\r\n+CME ERROR: 100\r\n"]})
    assert "data.attached" not in part.unasked


def test_a_modem_with_one_slot_is_asked_once_for_its_slots() -> None:
    bench = Bench({"AT+CGMI": [info("Quectel")], "AT+CGMM": [info("EC20F")]})
    bench.look()
    ways = {way.text for way in bench.modem.dialect.asks[Question.SIM_SLOTS]}
    assert ways <= set(bench.asked)
    part = bench.look()
    assert not ways & set(bench.asked)
    assert "sim.slot" in part.unasked


def test_slots_refused_while_the_card_is_busy_are_asked_again() -> None:
    busy = {"AT+CGMI": [info("Quectel")], "AT+CGMM": [info("EC20F")], "AT+CPIN?": [b"\r\n+CME ERROR: 14\r\n"]}
    bench = Bench(busy)
    bench.look()
    assert not bench.spared


def test_what_cannot_be_read_is_quoted_and_not_known() -> None:
    part = look({"AT+CGATT?": [info("+CGATT: perhaps")]})
    assert part.data.attached is None
    assert "AT+CGATT? → +CGATT: perhaps" in [item.text for item in part.evidence]


def test_one_question_without_answer_does_not_make_the_modem_silent() -> None:
    part = look({"AT+CGATT?": [b""]})
    assert part.port.answers is True
    assert part.data.attached is None
    assert part.data.contexts[0].active is True


def test_two_questions_in_a_row_without_answer_end_the_look() -> None:
    bench = Bench({})

    def fall_silent(line: str) -> None:
        if line == "AT+CFUN?":
            bench.port.answers, bench.port.otherwise = {}, b""

    bench.port.on_line = fall_silent
    part = bench.look()
    assert part.port.answers is False
    assert part.sim.state == "ready"
    assert "AT+CGATT?" not in bench.asked


@pytest.mark.parametrize(
    ("code", "state"),
    [
        ("10", "absent"),
        ("11", "pin_required"),
        ("12", "puk_required"),
        ("13", "failure"),
        ("40", "network_locked"),
        ("SIM not inserted", "absent"),
    ],
)
def test_a_refusal_tells_the_state_of_the_card(code: str, state: str) -> None:
    error = f"\r\n+CME ERROR: {code}\r\n".encode()
    part = look({"AT+CPIN?": [error], "AT+CEREG?": [info("+CEREG: 0,2")], "AT+CGREG?": [info("+CGREG: 0,2")]})
    assert part.sim.state == state


def test_a_refusal_of_another_question_about_the_card_tells_it_too() -> None:
    part = look({"AT+CPIN?": [REFUSED], "AT+CIMI": [b"\r\n+CME ERROR: 13\r\n"]})
    assert part.sim.state == "failure"
    assert "AT+CIMI → +CME ERROR: 13" in [item.text for item in part.evidence if item.about == "sim.state"]


def test_an_unknown_number_says_nothing_about_the_card() -> None:
    assert look({"AT+CPIN?": [b"\r\n+CME ERROR: 58\r\n"]}).sim.state == "unknown"


def test_a_card_whose_imsi_is_read_is_ready() -> None:
    assert look({"AT+CPIN?": [REFUSED], "AT+CIMI": [info("460001234567890")]}).sim.state == "ready"


def test_a_busy_card_gets_a_few_moments() -> None:
    busy = b"\r\n+CME ERROR: 14\r\n"
    assert look({"AT+CPIN?": [busy, busy, info("+CPIN: READY")]}).sim.state == "ready"


def test_a_card_that_stays_busy_is_busy_and_the_rest_is_asked() -> None:
    bench = Bench({"AT+CPIN?": [b"\r\n+CME ERROR: 14\r\n"], "AT+CEREG?": [info("+CEREG: 0,2")], "AT+CGREG?": [REFUSED]})
    part = bench.look()
    assert part.sim.state == "busy"
    assert bench.asked.count("AT+CPIN?") == 4
    assert part.data.attached is True


def test_a_failure_that_turns_out_well_by_itself_is_none() -> None:
    bench = Bench({"AT+CPIN?": [b"\r\n+CME ERROR: 13\r\n\r\n+CPIN: READY\r\n"]})
    part = bench.look()
    assert part.sim.state == "ready"
    assert [item.source for item in part.evidence if item.about == "sim.state"] == ["at", "urc"]


def test_an_absent_card_has_no_number_to_ask_for() -> None:
    gone = {"AT+CPIN?": [b"\r\n+CME ERROR: 10\r\n"], "AT+CEREG?": [info("+CEREG: 0,2")], "AT+CGREG?": [REFUSED]}
    bench = Bench(gone)
    assert bench.look().sim.state == "absent"
    assert "AT+CIMI" not in bench.asked


def test_a_card_that_is_gone_while_registered_is_asked_again() -> None:
    part = look({"AT+CPIN?": [b"\r\n+CME ERROR: 10\r\n", info("+CPIN: READY")], "AT+CIMI": [info("460001234567890")]})
    assert (part.sim.state, part.sim.imsi) == ("ready", "460001234567890")


def test_not_registered_is_asked_once_more() -> None:
    answers = {"AT+CEREG?": [info("+CEREG: 0,2"), info("+CEREG: 0,1")], "AT+CGREG?": [info("+CGREG: 0,2")]}
    assert look(answers).network.registration == "home"


def test_messages_that_come_meanwhile_are_handed_on() -> None:
    part = look({"AT+CPIN?": [b'\r\n+CMTI: "SM",3\r\n' + info("+CPIN: READY")]})
    assert any('+CMTI: "SM",3' in getattr(event, "lines", ()) for event in part.events)


def test_a_light_look_at_a_healthy_modem_is_three_questions() -> None:
    bench = Bench({})
    part = bench.look("light")
    assert bench.asked == ["AT+CEREG?", "AT+CESQ", "AT+CSQ", "AT+CGACT?"]
    assert (part.network.registration, part.signal.rssi_dbm) == ("home", -73)
    assert part.data.contexts[0].active is True


def test_a_light_look_at_a_modem_without_network_asks_for_the_card() -> None:
    bench = Bench({"AT+CEREG?": [info("+CEREG: 0,2")], "AT+CGREG?": [info("+CGREG: 0,2")], "AT+CESQ": [info()]})
    part = bench.look("light")
    assert "AT+CPIN?" in bench.asked
    assert len(bench.asked) <= LIGHT_COMMANDS + 1
    assert part.sim.state == "ready"


def test_no_time_no_questions() -> None:
    bench = Bench({})
    assert bench.look(seconds=0.0) == ModemPart(modem=bench.look(seconds=0.0).modem)
    assert bench.asked == []


def test_a_port_that_gets_lost_leaves_what_was_seen() -> None:
    bench = Bench({})

    def lose(line: str) -> None:
        bench.port.lost = "unplugged" if line == "AT+CGATT?" else None

    bench.port.on_line = lose
    part = bench.look()
    assert part.port.problem == "lost"
    assert part.sim.state == "ready"


def test_evidence_is_safe_to_show() -> None:
    part = look({"AT+CGATT?": [info("+CGATT: \x1b[2J" + "x" * 500)]})
    assert all("\x1b" not in item.text and len(item.text) <= 240 for item in part.evidence)


def test_a_deadline_cuts_every_command_short() -> None:
    clock = FakeClock()
    port = FakePort(clock, {"AT": [info()]})
    modem = PatientModem(port, clock, 5.0, Deadline.after(3.0, clock))
    began = clock.monotonic()
    with pytest.raises(Exception, match="no final result"):
        modem.exchange("AT+CGATT?")
    assert clock.monotonic() - began <= 3.1


# -- many answers, one view


def heard(*readings: Reading) -> Heard:
    return Heard(readings)


def test_the_richer_source_wins_and_the_poorer_fills_its_gaps() -> None:
    signal = signal_of(
        heard(Signal(None, rssi_dbm=-71, quality="good"), Signal("lte", rsrp_dbm=-95, sinr_db=12, quality="good")),
        "lte",
    )
    assert (signal.rssi_dbm, signal.rsrp_dbm, signal.sinr_db) == (-71, -95, 12)


def test_figures_of_another_radio_fill_no_gaps() -> None:
    signal = signal_of(heard(Signal("gsm", rssi_dbm=-60), Signal("lte", rsrp_dbm=-95)), "lte")
    assert (signal.rssi_dbm, signal.rsrp_dbm) == (None, -95)


def test_in_nsa_the_anchor_s_signal_counts() -> None:
    signal = signal_of(
        heard(Signal("nr_nsa", rsrp_dbm=-80, sinr_db=20, rsrq_db=-5), Signal("lte", rsrp_dbm=-112)), "nr_nsa"
    )
    assert (signal.rsrp_dbm, signal.sinr_db) == (-112, None)


def test_no_figures_are_no_signal() -> None:
    assert signal_of(heard(Signal("lte")), "lte") == Signal()


def test_the_finer_word_for_the_same_radio_wins() -> None:
    lte = Registration("eps", 1, "home", tac="1", cell_id="2", act=7, technology="lte")
    assert network_view(heard(lte, NetworkInfo(technology="lte_m")), overall_registration).technology == "lte_m"
    assert network_view(heard(lte, NetworkInfo(technology="gsm")), overall_registration).technology == "lte"


def test_a_cell_of_another_number_is_not_mixed_in() -> None:
    lte = Registration("eps", 1, "home", tac="AAAA", cell_id="0099", act=7, technology="lte")
    cell = network_view(heard(lte, Cell("lte", cell_id="77", pci=5)), overall_registration).cell
    assert cell is not None
    assert (cell.cell_id, cell.tac) == ("77", None)


def test_the_registration_describes_the_cell_where_nothing_else_does() -> None:
    lte = Registration("eps", 1, "home", tac="AAAA", cell_id="0099", act=7, technology="lte")
    cell = network_view(heard(lte), overall_registration).cell
    assert cell is not None
    assert (cell.tac, cell.cell_id, cell.lac) == ("AAAA", "0099", None)


def test_a_cause_of_the_voice_domain_is_no_news_while_data_is_registered() -> None:
    denied = Registration("cs", 3, "denied", reject_cause=Cause("mm", 2))
    home = Registration("eps", 1, "home")
    assert network_view(heard(denied, home), overall_registration).reject_cause is None
    assert network_view(heard(denied), overall_registration).reject_cause == Cause("mm", 2)


def test_the_last_error_may_be_an_old_story_and_no_error_is_none() -> None:
    cause = data_view(heard(ErrorCause(Cause("esm", 33)))).last_error
    assert cause is not None
    assert cause.possibly_past
    assert data_view(heard(ErrorCause(Cause(None, None)))).last_error is None


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("2026-11-22T10:12:27+08:00", 1_795_313_547.0), ("2026-11-22T10:12:27", None), ("soon", None), (None, None)],
)
def test_only_a_time_with_its_offset_can_be_placed(said: str | None, seconds: float | None) -> None:
    assert seconds_of(Clock(said)) == seconds
