"""A module with a state answers as the manuals say, and its settings alter the form of the answers."""

from pathlib import Path

import pytest

from modem.simulator import ScriptError, load, persona_names
from modem.simulator.figures import cesq_rsrp, cesq_rsrq, csq
from modem.simulator.messages import Message, delivered
from modem.simulator.state import State
from tests.modem.simulated import Line, line_of, scenario, written

OK = "OK"


def test_a_healthy_module_answers_the_standard_questions(tmp_path: Path) -> None:
    line = scenario(tmp_path, '[state]\nclock = "2026-11-21T18:00:00"\nmsisdn = "+8613800001234"\n')
    assert line.info("AT+CPIN?") == ["+CPIN: READY", OK]
    assert line.info("AT+CSQ") == ["+CSQ: 23,99", OK]
    assert line.info("AT+CESQ") == ["+CESQ: 99,99,255,255,19,46", OK]
    assert line.info("AT+COPS?") == ['+COPS: 0,0,"CHINA MOBILE",7', OK]
    assert line.info("AT+CEREG?") == ["+CEREG: 0,1", OK]
    assert line.info("AT+CGATT?") == ["+CGATT: 1", OK]
    assert line.info("AT+CGDCONT?") == ['+CGDCONT: 1,"IPV4V6","cmiot","0.0.0.0",0,0', OK]
    assert line.info("AT+CGPADDR=1") == ['+CGPADDR: 1,"10.133.7.21"', OK]
    assert line.info("AT+CGACT?") == ["+CGACT: 1,1", OK]
    assert line.info("AT+CIMI") == ["460000000000001", OK]
    assert line.info("AT+CNUM") == ['+CNUM: "","+8613800001234",145', OK]
    assert line.info("AT+CRSM=176,12258,0,0,10")[0] == f'+CRSM: 144,0,"{"98680000000000000000"[:18]}{_last_byte()}"'
    assert line.info("AT+CCLK?")[0].startswith('+CCLK: "26/11/21,18:00:')
    assert line.info("AT+CCLK?")[0].endswith('+32"')


def _last_byte() -> str:
    return State().iccid[19] + State().iccid[18]


@pytest.mark.parametrize("persona", persona_names())
def test_every_persona_says_who_it_is(tmp_path: Path, persona: str) -> None:
    line = scenario(tmp_path, "", persona)
    told = [line.info(command)[0] for command in ("AT+CGMI", "AT+CGMM", "AT+CGSN")]
    assert all(told)
    assert told[2].isdigit()
    assert len(told[2]) == 15
    assert sum(sum(divmod(int(digit) * (1 + n % 2), 10)) for n, digit in enumerate(told[2])) % 10 == 0


@pytest.mark.parametrize(
    ("persona", "command", "answer"),
    [
        ("quectel-ec20", "AT+QCSQ", '+QCSQ: "LTE",-67,-95,160,-10'),
        ("quectel-ec20", "AT+QNWINFO", '+QNWINFO: "FDD LTE","46000","LTE BAND 3",1300'),
        ("quectel-ec20", "AT+QTEMP", "+QTEMP: 41,41,41"),
        ("quectel-ec200", "AT+QTEMP", "+QTEMP: 41,255,255"),
        ("quectel-ec200", "AT+QGDCNT?", "+QGDCNT: 9169083,82663256"),
        (
            "simcom-sim7600",
            "AT+CPSI?",
            "+CPSI: LTE,Online,460-00,0x5A1B,146985243,123,EUTRAN-BAND3,1300,5,5,-105,-950,-670,12",
        ),
        ("simcom-a7670", "AT+CPSI?", "+CPSI: LTE,Online,460-00,0x5A1B,146985243,123,EUTRAN-BAND3,1300,5,5,19,46,44,12"),
        ("simcom-a7670", "AT+CBC", "+CBC: 3.812V"),
        ("huawei-me909", "AT^HCSQ?", '^HCSQ:"LTE",54,46,161,19'),
        (
            "huawei-me909",
            "AT^DSFLOWQRY",
            "^DSFLOWQRY:00000E10,00000000008BE8BB,0000000004ED5758,00000E10,00000000008BE8BB,0000000004ED5758",
        ),
    ],
)
def test_vendor_commands_use_the_units_of_their_manual(tmp_path: Path, persona: str, command: str, answer: str) -> None:
    assert scenario(tmp_path, "", persona).info(command) == [answer, OK]


@pytest.mark.parametrize(("dbm", "figure"), [(-120, 0), (-113, 0), (-111, 1), (-51, 31), (-40, 31), (0, 99)])
def test_csq_steps_are_those_of_the_standard(dbm: float, figure: int) -> None:
    assert csq(State(rssi_dbm=dbm)) == figure


def test_cesq_steps_are_those_of_the_standard() -> None:
    assert [cesq_rsrp(State(rsrp_dbm=dbm)) for dbm in (-150, -140, -44, 0)] == [0, 1, 97, 255]
    assert [cesq_rsrq(State(rsrq_db=db)) for db in (-25, -19.5, -3, 0)] == [0, 1, 34, 255]


def test_cmee_alters_the_form_of_refusals(tmp_path: Path) -> None:
    line = scenario(tmp_path, '[state]\nsim = "absent"\n')
    assert line.info("AT+CPIN?") == ["ERROR"]
    line.ask("AT+CMEE=1")
    assert line.info("AT+CPIN?") == ["+CME ERROR: 10"]
    line.ask("AT+CMEE=2")
    assert line.info("AT+CPIN?") == ["+CME ERROR: SIM not inserted"]


@pytest.mark.parametrize(("command", "answer"), [("AT+CTZU=?", "+CTZU: (0,1)"), ("AT+CTZR?", "+CTZR: 0")])
def test_what_may_be_switched_on_says_so(tmp_path: Path, command: str, answer: str) -> None:
    assert scenario(tmp_path, "").info(command) == [answer, OK]


def test_creg_modes_alter_the_form_of_the_report(tmp_path: Path) -> None:
    line = scenario(tmp_path, "")
    line.ask("AT+CEREG=2")
    assert line.info("AT+CEREG?") == ['+CEREG: 2,1,"5A1B","08C2D11B",7', OK]
    assert line.info("AT+CEREG=9") == ["ERROR"]


def test_a_reject_cause_shows_in_mode_three_only(tmp_path: Path) -> None:
    line = scenario(tmp_path, "[state]\ncs = 3\nps = 3\neps = 3\nreject_cause = 8\n")
    assert line.info("AT+CEREG?") == ["+CEREG: 0,3", OK]
    line.ask("AT+CEREG=3;+CGREG=3")
    assert line.info("AT+CEREG?;+CGREG?") == ["+CEREG: 3,3,,,,0,8", "+CGREG: 3,3,,,,,0,8", OK]


def test_a_change_of_registration_is_announced_where_it_was_asked_for(tmp_path: Path) -> None:
    line = scenario(tmp_path, "[[change]]\nat_s = 5\n[change.set]\neps = 2\ncs = 2\n")
    line.ask("AT+CEREG=2")
    line.until(6)
    assert line.listen() == b"\r\n+CEREG: 2\r\n"


def test_radio_off_takes_registration_signal_and_data_away_and_on_gives_them_back(tmp_path: Path) -> None:
    line = scenario(tmp_path, "")
    line.ask("AT+CFUN=4")
    assert line.info("AT+CEREG?;+CSQ;+COPS?;+CGATT?") == ["+CEREG: 0,0", "+CSQ: 99,99", "+COPS: 0", "+CGATT: 0", OK]
    assert line.info("AT+CPIN?") == ["+CPIN: READY", OK]
    line.ask("AT+CFUN=0")
    assert line.info("AT+CPIN?") == ["ERROR"]
    line.ask("AT+CFUN=1")
    assert line.info("AT+CFUN?;+CEREG?") == ["+CFUN: 1", "+CEREG: 0,1", OK]


def test_cfun_1_1_restarts_the_module(tmp_path: Path) -> None:
    line = scenario(tmp_path, "", "quectel-ec20")
    line.ask("AT+CFUN=1,1")
    assert line.ask("AT") == b""
    assert b"RDY" in line.listen(5)
    assert line.ask("AT") == b"AT\r\r\nOK\r\n"


def test_the_pin_opens_the_card_and_a_wrong_one_costs_a_try(tmp_path: Path) -> None:
    line = scenario(tmp_path, '[state]\nsim = "pin"\npin = "4711"\n', "quectel-ec20")
    line.ask("AT+CMEE=1")
    assert line.info("AT+CPIN?;+CPINR") == ["+CPIN: SIM PIN", "+CPINR: SIM PIN,3,3", "+CPINR: SIM PUK,10,10", OK]
    assert line.info("AT+CIMI") == ["+CME ERROR: 11"]
    assert line.info("AT+QCCID")[1:] == [OK]
    assert line.info('AT+CPIN="0000"') == ["+CME ERROR: 16"]
    assert line.info("AT+CPINR")[0] == "+CPINR: SIM PIN,2,3"
    assert line.info('AT+CPIN="4711"') == [OK, "+CPIN: READY"]
    assert line.info("AT+CEREG?") == ["+CEREG: 0,1", OK]


def test_three_wrong_pins_ask_for_the_puk(tmp_path: Path) -> None:
    line = scenario(tmp_path, '[state]\nsim = "pin"\n')
    for _ in range(3):
        line.ask('AT+CPIN="0000"')
    assert line.info("AT+CPIN?") == ["+CPIN: SIM PUK", OK]


def test_deactivating_and_activating_the_context(tmp_path: Path) -> None:
    line = scenario(tmp_path, "")
    line.ask("AT+CGACT=0,1")
    assert line.info("AT+CGACT?;+CGPADDR;+CGCONTRDP") == ["+CGACT: 1,0", "+CGPADDR: 1", OK]
    line.ask("AT+CGACT=1,1")
    assert line.info("AT+CGCONTRDP=1") == [
        '+CGCONTRDP: 1,5,"cmiot","10.133.7.21.255.255.255.0","10.133.7.1","211.136.112.50","211.136.150.66"',
        OK,
    ]


def test_the_network_can_refuse_the_context_with_its_own_error(tmp_path: Path) -> None:
    line = scenario(tmp_path, "[state]\nactive = false\nactivation_error = 133\n")
    line.ask("AT+CMEE=2")
    assert line.info("AT+CGACT=1,1") == ["+CME ERROR: requested service option not subscribed"]
    assert line.info("ATD*99#") == ["NO CARRIER"]


def test_counters_grow_with_time_only_while_data_is_up(tmp_path: Path) -> None:
    line = scenario(
        tmp_path,
        "[state]\nrx_bytes = 0\ntx_bytes = 0\nrx_rate = 10\ntx_rate = 5\n"
        "[[change]]\nat_s = 100\n[change.set]\neps = 2\nps = 2\ncs = 2\n",
        "quectel-ec20",
    )
    line.until(1000)
    assert line.info("AT+QGDCNT?") == ["+QGDCNT: 500,1000", OK]


def test_the_clock_is_the_hosts_unless_the_script_sets_it(tmp_path: Path) -> None:
    line = Line(load(written(tmp_path, '[modem]\npersona = "generic-lte"\n')))
    assert '+CCLK: "26/09/21,' in line.ask("AT+CCLK?").decode()


def test_messages_are_listed_read_and_deleted(tmp_path: Path) -> None:
    line = scenario(tmp_path, '[[sms]]\nfrom = "10086"\ntext = "余额1元"\n[[sms]]\ntext = "b"\n')
    assert line.info("AT+CPMS?") == ['+CPMS: "SM",2,40,"SM",2,40,"SM",2,40', OK]
    unread = line.info("AT+CMGL=0")
    assert unread[0].startswith("+CMGL: 1,0,,")
    assert unread[1].endswith("4F59989D003151" + "43")
    assert int(unread[0].rsplit(",", 1)[1]) == len(unread[1]) // 2 - 1 - int(unread[1][:2], 16)
    assert line.info("AT+CMGL=0") == [OK]
    assert line.info("AT+CMGR=2")[0].startswith("+CMGR: 1,,")
    assert line.info("AT+CMGD=1") == [OK]
    assert line.info("AT+CMGR=1") == ["+CMS ERROR: 321"]
    assert len(line.info("AT+CMGL=4")) == 3


def test_an_arriving_message_is_announced(tmp_path: Path) -> None:
    line = scenario(tmp_path, '[[change]]\nat_s = 5\n[[change.sms]]\ntext = "到期 {day-1}"\n')
    line.until(6)
    assert line.listen() == b'\r\n+CMTI: "SM",1\r\n'
    line.ask("AT+CMGF=1")
    head, text, _ = line.info("AT+CMGR=1")
    assert head.startswith('+CMGR: "REC UNREAD","10086",,"')
    assert bytes.fromhex(text).decode("utf-16-be") == "到期 2026年9月20日"


def test_a_full_store_keeps_the_network_waiting(tmp_path: Path) -> None:
    line = scenario(
        tmp_path, '[state]\nsms_capacity = 1\n[[sms]]\ntext = "a"\n[[change]]\nat_s = 5\n[[change.sms]]\ntext = "b"\n'
    )
    line.until(6)
    assert line.listen() == b""


def test_a_long_message_is_cut_into_parts_that_belong_together() -> None:
    from datetime import datetime

    parts = delivered("+8613912345678", "长" * 100, datetime.fromisoformat("2026-11-21T18:00:00"), 32, 7)
    assert [part.text for part in parts] == ["长" * 67, "长" * 33]
    assert all("0D91683119325476F8" in part.pdu for part in parts)
    assert ["050003070201" in part.pdu for part in parts] == [True, False]
    assert "0008" + "62111281000023" in parts[0].pdu
    assert isinstance(parts[0], Message)


def test_a_message_is_taken_for_sending_after_the_prompt(tmp_path: Path) -> None:
    line = scenario(tmp_path, "")
    assert line.ask("AT+CMGS=10") == b"\r\n> "
    line.port.write(b"0011000B91\x1a", 1.0)
    assert line.listen() == b"\r\n+CMGS: 1\r\n\r\nOK\r\n"


def test_escape_leaves_the_prompt(tmp_path: Path) -> None:
    line = scenario(tmp_path, "")
    line.ask("AT+CMGS=10")
    line.port.write(b"\x1b", 1.0)
    assert line.listen() == b"\r\nOK\r\n"
    assert line.info("AT") == [OK]


def test_ussd_answers_follow_the_ok(tmp_path: Path) -> None:
    line = scenario(tmp_path, '[[ussd]]\ncode = "*100#"\ntext = "余额1元"\nafter_s = 2\n')
    assert line.info('AT+CUSD=1,"*100#",15') == [OK]
    assert line.listen(3) == b'\r\n+CUSD: 0,"4F59989D00315143",72\r\n'
    line.ask('AT+CUSD=1,"*999#",15')
    assert line.listen(3) == b"\r\n+CUSD: 4\r\n"


def test_own_answers_of_a_scenario_come_first(tmp_path: Path) -> None:
    line = scenario(
        tmp_path, '[[answer]]\ncmd = "AT+QCCID"\nlines = ["+QCCID: {iccid}F"]\ndelay_s = 2\n', "quectel-ec20"
    )
    assert line.pieces("AT+QCCID") == [(2.1, f"\r\n+QCCID: {State().iccid}F\r\n\r\nOK\r\n".encode())]


def test_what_is_no_command_line_is_only_echoed(tmp_path: Path) -> None:
    line = Line(load("healthy-lte"))
    assert line.ask("hello") == b"hello\r"
    assert line.ask("") == b""
    line.ask("ATE0")
    assert line.ask("hello") == b""
    assert line.ask("AT" + "A" * 5000) == b"\r\nERROR\r\n"


WRONG = {
    "unknown persona": ('[modem]\npersona = "nokia"', r"modem\.persona: found 'nokia', known are .*quectel"),
    "no persona": ("[modem]", "persona: is missing"),
    "misspelt key": ('[modem]\npersona = "generic-lte"\nanswerms = 3', "answerms: is not known"),
    "misspelt state": ('[modem]\npersona = "generic-lte"\n[state]\nrsi_dbm = 1', r"state\.rsi_dbm: is not known"),
    "wrong type": ('[modem]\npersona = "generic-lte"\n[state]\neps = "home"', r"state\.eps: must be a whole number"),
    "wrong stat": ('[modem]\npersona = "generic-lte"\n[state]\neps = 12', "0 to 11"),
    "wrong sim": ('[modem]\npersona = "generic-lte"\n[state]\nsim = "gone"', "allowed are ready"),
    "wrong clock": ('[modem]\npersona = "generic-lte"\n[state]\nclock = "noon"', "local time"),
    "line end": ('[modem]\npersona = "generic-lte"\n[state]\nmodel = "a\\r\\nOK"', "line ends"),
    "late wrong state": (
        '[modem]\npersona = "generic-lte"\n[[change]]\nat_s = 9\n[change.set]\neps = 99',
        r"change\[1\]\.set",
    ),
    "change without time": ('[modem]\npersona = "generic-lte"\n[[change]]\nurc = "x"', "at_s: is missing"),
    "unknown fault": ('[modem]\npersona = "generic-lte"\n[[fault]]\nkind = "fire"', "allowed are delay"),
    "fault ends early": (
        '[modem]\npersona = "generic-lte"\n[[fault]]\nkind = "delay"\nfrom_s = 5\nto_s = 1',
        "from 5 to",
    ),
    "bad hex": ('[modem]\npersona = "generic-lte"\n[[fault]]\nkind = "garbage"\nhex = "xy"', "hexadecimal"),
    "path as name": (
        '[modem]\npersona = "generic-lte"\n[[fault]]\nkind = "disappear"\nname = "../x"',
        "plain file name",
    ),
    "unknown word": (
        '[modem]\npersona = "generic-lte"\n[[answer]]\ncmd = "AT"\nlines = ["{pin.x}{nope}"]',
        r"\{nope\}",
    ),
    "sms without text": ('[modem]\npersona = "generic-lte"\n[[sms]]\nfrom = "1"', "either text or pdu"),
    "sms bad pdu": ('[modem]\npersona = "generic-lte"\n[[sms]]\npdu = "zz"', "hexadecimal octets"),
    "capture gone": ('[modem]\npersona = "gone.toml"', "No such file"),
    "nonsense": ("a = 1", "neither a capture"),
}


@pytest.mark.parametrize("case", WRONG, ids=lambda case: case)
def test_a_wrong_scenario_names_file_place_and_what_is_allowed(tmp_path: Path, case: str) -> None:
    text, reason = WRONG[case]
    with pytest.raises(ScriptError, match=reason) as caught:
        load(written(tmp_path, text))
    assert str(tmp_path) in str(caught.value)


def test_a_capture_can_be_the_persona_of_a_scenario_with_faults(tmp_path: Path) -> None:
    written(tmp_path, '[[exchange]]\ncmd = "AT+CSQ"\nreply = "\\r\\n+CSQ: 9,99\\r\\n\\r\\nOK\\r\\n"\n', "mine.toml")
    line = line_of(tmp_path, '[modem]\npersona = "mine.toml"\n[[fault]]\nkind = "silence"\nevery = 2\n')
    assert [b"OK" in line.ask("AT+CSQ") for _ in range(4)] == [True, False, True, False]


def test_a_capture_has_no_state_to_set(tmp_path: Path) -> None:
    written(tmp_path, '[[exchange]]\ncmd = "AT"\n', "mine.toml")
    for more in ("[state]\neps = 1\n", "[[change]]\nat_s = 1\n[change.set]\neps = 1\n"):
        with pytest.raises(ScriptError, match="capture"):
            load(written(tmp_path, f'[modem]\npersona = "mine.toml"\n{more}'))


def test_basic_commands_in_one_line_each_count() -> None:
    from modem.simulator.answer import split_command

    assert split_command("ATE0V1") == ["ATE0", "ATV1"]
    assert split_command("ATZ&FE1;+CSQ") == ["ATZ", "AT&F", "ATE1", "AT+CSQ"]
    assert split_command("ATD*99#") == ["ATD*99#"]
    assert split_command("ATS0=0") == ["ATS0=0"]
