"""Dialogues in text: nothing lost, nothing invented."""

import json
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from modem import transcript
from modem.decode import Decoded, decode
from modem.dialects import named
from modem.hidden import masked
from modem.values import as_json
from tests.fakes.replies import as_log, as_paste, capture, capture_names, lines_of


def decoded(text: str) -> list[Decoded]:
    return list(decode(text))


def readings(text: str) -> list[dict[str, Any]]:
    """All readings of a text, without what is not known."""
    return [
        {key: value for key, value in reading.items() if value is not None}
        for one in decoded(text)
        for reading in one.json()["readings"]
    ]


def test_shape_of_a_line_of_json() -> None:
    (one,) = decoded('AT+CEREG?\n+CEREG: 2,1,"5A1B","0A1B2C3D",7\nOK')
    assert one.json() == {
        "command": "AT+CEREG?",
        "final": "OK",
        "error": None,
        "readings": [
            {
                "kind": "registration",
                "domain": "eps",
                "stat": 1,
                "status": "home",
                "lac": None,
                "tac": "5A1B",
                "cell_id": "0A1B2C3D",
                "rac": None,
                "act": 7,
                "technology": "lte",
                "reject_cause": None,
                "sms_only": False,
            }
        ],
        "urcs": [],
        "unknown": [],
    }


@pytest.mark.parametrize(
    ("final", "family", "code", "meaning"),
    [
        ("+CME ERROR: 10", "cme", 10, "SIM not inserted"),
        ("+CME ERROR: SIM busy", "cme", 14, "SIM busy"),
        ("+CMS ERROR: 322", "cms", 322, "memory full"),
        ("+CME ERROR: 515", "cme", 515, None),
        ("+CME ERROR: invalid command line", "cme", None, "invalid command line"),
        ("ERROR", None, None, None),
        ("COMMAND NOT SUPPORT", None, None, None),
    ],
)
def test_refusals_are_explained(final: str, family: str | None, code: int | None, meaning: str | None) -> None:
    (one,) = decoded(f"AT+XYZ?\n{final}")
    assert one.final == final
    assert one.json()["error"] == {"family": family, "code": code, "meaning": meaning}


def test_urc_inside_an_exchange_has_its_own_object() -> None:
    urc, exchange = decoded("AT+CGATT?\n+CEREG: 2\n+CGATT: 0\nOK")
    assert (urc.command, urc.urcs) == (None, ("+CEREG: 2",))
    assert [reading.kind for reading in urc.readings] == ["registration"]
    assert (exchange.command, exchange.urcs) == ("AT+CGATT?", ("+CEREG: 2",))
    assert [reading.kind for reading in exchange.readings] == ["attach"]


def test_urc_with_the_prefix_of_the_question() -> None:
    urc, exchange = decoded('AT+CREG?\n+CREG: 2\n+CREG: 2,1,"0BBB","42BC",3\nOK')
    assert urc.urcs == ("+CREG: 2",)
    assert exchange.json()["readings"][0]["stat"] == 1


def test_unread_lines_are_listed() -> None:
    (one,) = decoded("AT+CSQ\n+CSQ: 20,99\nwhat is this\nOK")
    assert one.unknown == ("what is this",)


def test_answer_without_final_result() -> None:
    first, second = decoded("AT+CPIN?\n+CPIN: READY\nAT+CSQ\n+CSQ: 20,99\nOK")
    assert (first.final, len(first.readings)) == (None, 1)
    assert second.final == "OK"


def test_repeated_at_is_a_second_try() -> None:
    assert [one.final for one in decoded("AT\nAT\nOK")] == [None, "OK"]


def test_message_and_its_body_belong_together() -> None:
    (one,) = decoded("<<< +CMT: ,24\n<<< 0791534850020200040C9153486507935600006090608164138004D4F29C0E")
    assert len(one.urcs) == 2
    assert one.readings[0].kind == "sms"


def test_free_text_of_a_compound_command_is_read_in_order() -> None:
    assert readings("AT+CGMI;+CGMM;+CGSN\nQuectel\nEC25\n868446031752823\nOK") == [
        {"kind": "identity", "manufacturer": "Quectel"},
        {"kind": "identity", "model": "EC25"},
        {"kind": "identity", "imei": "868446031752823"},
    ]


def test_several_lines_of_ati_within_a_compound_command_are_its_own() -> None:
    assert readings("ATI;+CSUB;+CSQ\nQuectel\nEC20F\nRevision: EC20CEHBR06A08M1G\nSubEdition: V06\n+CSQ: 31,99\nOK")[
        0
    ] == {
        "kind": "identity",
        "manufacturer": "Quectel",
        "model": "EC20F",
        "firmware": "EC20CEHBR06A08M1G",
    }


CSQ = [{"kind": "signal", "rssi_dbm": -73, "quality": "good"}]
STYLES = {
    "paste": "AT+CSQ\n+CSQ: 20,99\n\nOK\n",
    "raw": "AT+CSQ\r\r\n+CSQ: 20,99\r\n\r\nOK\r\n",
    "chevrons": ">>> AT+CSQ\n<<< +CSQ: 20,99\n<<< OK\n",
    "arrows": "-> AT+CSQ\n<- +CSQ: 20,99\n<- OK\n",
    "unicode": "→ AT+CSQ\n← +CSQ: 20,99\n← OK\n",
    "words": "TX: AT+CSQ\nRX: +CSQ: 20,99\nRX: OK\n",
    "sent": "Sent: AT+CSQ\nReceived: +CSQ: 20,99\nReceived: OK\n",
    "echoed": ">>> AT+CSQ\n<<< AT+CSQ\n<<< +CSQ: 20,99\n<<< OK\n",
    "stamped": "[12:00:01.500] AT+CSQ\n[12:00:01.600] +CSQ: 20,99\n[12:00:01.610] OK\n",
    "dated": "2026-11-21 12:00:01,500 >> AT+CSQ\n2026-11-21 12:00:01,600 << +CSQ: 20,99\n"
    "2026-11-21 12:00:01,601 << OK\n",
    "iso": "2026-11-21T12:00:01Z DEBUG ttyUSB2: > AT+CSQ\n2026-11-21T12:00:01Z DEBUG ttyUSB2: < +CSQ: 20,99\n"
    "2026-11-21T12:00:01Z DEBUG ttyUSB2: < OK\n",
    "syslog": "Nov 21 12:00:01 pos agent[412]: --> AT+CSQ\nNov 21 12:00:01 pos agent[412]: <-- +CSQ: 20,99\n"
    "Nov 21 12:00:01 pos agent[412]: <-- OK\n",
    "python": "DEBUG:port:ignored\n".replace("DEBUG:port:ignored\n", "")
    + r"TX b'AT+CSQ\r'"
    + "\n"
    + r"RX b'\r\n+CSQ: 20,99\r\n\r\nOK\r\n'"
    + "\n",
    "modem manager": "<debug> [1700000000.123456] [modem0/ttyUSB2/at] --> 'AT+CSQ<CR>'\n"
    "<debug> [1700000000.223456] [modem0/ttyUSB2/at] <-- '<CR><LF>+CSQ: 2'\n"
    "<debug> [1700000000.223499] [modem0/ttyUSB2/at] <-- '0,99<CR><LF><CR><LF>OK<CR><LF>'\n",
    "old modem manager": "ModemManager[712]: <debug> [1382000000.1] [mm-at-serial-port.c:392] "
    "debug_log(): (ttyUSB2): --> 'AT+CSQ<CR>'\n"
    "ModemManager[712]: <debug> [1382000000.2] [mm-at-serial-port.c:392] "
    "debug_log(): (ttyUSB2): <-- '<CR><LF>+CSQ: 20,99<CR><LF><CR><LF>OK<CR><LF>'\n",
    "wvdial": "--> Sending: AT+CSQ\nAT+CSQ\n+CSQ: 20,99\nOK\n",
    "chat": "send (AT+CSQ^M)\n+CSQ: 20,99^M\nOK^M\n",
    "minicom": "AT+CSQ\n+CSQ: 20,99\n\nOK\n",
    "serial monitor": "19:32:10.7 -> AT+CSQ\n19:32:10.7 -> +CSQ: 20,99\n19:32:10.7 -> \n19:32:10.7 -> OK\n",
    "arrows turned round": "<- AT+CSQ\n-> +CSQ: 20,99\n-> \n-> OK\n",
    "mbed": "[00030546ms][INFO][CELL]: AT TX ( 6): AT+CSQ\n[00030610ms][INFO][CELL]: AT TX ( 1): <cr>\n"
    "[00030670ms][INFO][CELL]: AT RX ( 4): <cr><ln>+C\n[00030671ms][INFO][CELL]: AT RX ( 4): SQ: \n"
    "[00030672ms][INFO][CELL]: AT RX (13): 20,99<cr><ln><cr><ln>OK<cr><ln>\n",
    "chat in the system's log": "Feb 17 12:00:01 pi chat[812]: send (AT+CSQ^M)\n"
    "Feb 17 12:00:01 pi chat[812]: AT+CSQ^M^M\nFeb 17 12:00:01 pi chat[812]: +CSQ: 20,99^M\n"
    "Feb 17 12:00:01 pi chat[812]: ^M\nFeb 17 12:00:01 pi chat[812]: OK\n",
    "esp-idf": "I (1234) esp_modem: TX: AT+CSQ\nD (1260) uart: +CSQ: 20,99\nD (1261) uart: OK\n",
    "prompt": "at_cmd> AT+CSQ\n+CSQ: 20,99\n\nOK\n",
    "command and response": "AT-Command: AT+CSQ\nResponse: +CSQ: 20,99\nResponse: OK\n",
    "lower case": "at+csq\n+CSQ: 20,99\nOK\n",
}


@pytest.mark.parametrize("style", STYLES)
def test_every_way_of_writing_a_dialogue_down(style: str) -> None:
    (one,) = decoded(STYLES[style])
    assert (str(one.command).upper(), one.final, one.unknown) == ("AT+CSQ", "OK", ())
    assert readings(STYLES[style]) == CSQ


def test_remarks_of_a_program_are_not_the_modems_words() -> None:
    text = "--> WvDial: Internet dialer version 1.61\n--> Sending: ATZ\nATZ\nOK\n--> Modem initialized.\n"
    remark, exchange, other = decoded(text)
    assert remark.unknown == ("WvDial: Internet dialer version 1.61",)
    assert (exchange.command, exchange.final) == ("ATZ", "OK")
    assert other.unknown == ("Modem initialized.",)


def test_a_log_of_what_came_only_has_the_command_in_its_echo() -> None:
    (one,) = decoded("<<< AT+CGMM\n<<< EC25\n<<< OK")
    assert (one.command, one.final) == ("AT+CGMM", "OK")


def test_prompt_and_message_text_are_no_answers() -> None:
    (one,) = decoded('>>> AT+CMGS="+4917"\n<<< > \n<<< > hello\n<<< +CMGS: 5\n<<< OK')
    assert (one.final, one.unknown) == ("OK", ("+CMGS: 5",))


@pytest.mark.parametrize("name", capture_names())
def test_no_line_of_a_capture_is_lost(name: str) -> None:
    """Every line is an echo, a final result, a URC, unknown — or an answer of which a reading was made."""
    for exchange in capture(name).get("exchange", []):
        lines = [line.strip() for line in lines_of(exchange.get("reply", ""))]
        found = decoded("\n".join([f">>> {exchange['cmd']}", *(f"<<< {line}" for line in lines)]))
        told = {line for one in found for line in (*one.urcs, *one.unknown, one.final, one.command)}
        answers = [line for line in lines if line not in told and line.upper() != exchange["cmd"].upper()]
        assert not answers or any(one.readings for one in found), answers


@pytest.mark.parametrize("name", capture_names())
def test_every_command_of_a_capture_is_found_again(name: str) -> None:
    asked = [masked(re.sub(r"\s+$", "", one["cmd"])) for one in capture(name).get("exchange", [])]
    assert [one.command for one in decoded(as_log(name)) if one.command is not None] == asked


@pytest.mark.parametrize("name", capture_names())
def test_a_paste_reads_like_the_log(name: str) -> None:
    log = sorted(str(reading) for reading in readings(as_log(name)))
    paste = sorted(str(reading) for reading in readings(as_paste(name)))
    assert paste == log


def captured(name: str, kind: str) -> list[dict[str, Any]]:
    return [reading for reading in readings(as_log(name)) if reading["kind"] == kind]


def test_data_only_card_reads_denied_and_roaming() -> None:
    found = captured("simcom-sim7600a-h-01-false-alarm-cs-denied-data-ok", "registration")
    assert [(one["domain"], one["status"]) for one in found] == [
        ("cs", "denied"),
        ("ps", "roaming"),
        ("eps", "roaming"),
    ]


def test_5g_without_csq_is_not_a_missing_signal() -> None:
    (found,) = captured("zte-zm9000-01-false-alarm-no-signal-in-sa", "signal")
    assert "quality" not in found
    (info,) = captured("zte-zm9000-01-false-alarm-no-signal-in-sa", "network_info")
    assert info["technology"] == "nr"


def test_restart_inside_a_command() -> None:
    found = [
        one for one in decoded(as_log("quectel-ec21-j-01-brownout-reboot-mid-session")) if one.command == "AT+CGREG?"
    ]
    assert "RDY" in found[0].urcs
    assert found[0].json()["readings"][0]["stat"] == 1


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        (
            "ublox-counters-01-pin-blocked",
            "sim",
            {"kind": "sim", "state": "unknown", "pin_retries": 0, "puk_retries": 5},
        ),
        ("airm2m-air724ug-01-healthy", "voltage", {"kind": "voltage", "voltage_mv": 4014}),
        ("fibocom-fm350-gl-01-healthy", "temperature", {"kind": "temperature", "temperature_c": 37.63, "sensors": []}),
        ("sierra-em7455-01-healthy", "temperature", {"kind": "temperature", "temperature_c": 40, "sensors": []}),
        ("mikrotik-r11e-lte6-01-healthy", "network_info", {"kind": "network_info", "technology": "lte", "band": "B3"}),
        ("quectel-ep06-02-healthy", "iccid", {"kind": "iccid", "iccid": "8939560000000806532"}),
    ],
)
def test_vendors_figures(name: str, kind: str, expected: dict[str, Any]) -> None:
    assert captured(name, kind)[0] == expected


def test_fm350_and_fm150_write_channels_in_other_bases() -> None:
    decimal = captured("fibocom-fm350-gl-01-healthy", "cell")[0]
    hexadecimal = captured("fibocom-fm150-01-healthy", "cell")[0]
    assert (decimal["channel"], decimal["pci"], decimal["band"]) == (1802, 470, "B3")
    assert (hexadecimal["channel"], hexadecimal["pci"], hexadecimal["band"]) == (6300, 48, "B20")


def test_em7455_table_is_read_by_its_labels() -> None:
    (level,) = captured("sierra-em7455-01-healthy", "signal")
    assert (level["rsrp_dbm"], level["rssi_dbm"]) == (-78, -48)


def test_luat_cell_after_the_ok() -> None:
    asked, late = captured("airm2m-air724ug-01-healthy", "cell")
    assert asked["cell_id"] == late["cell_id"] == "6A90FA1"
    assert asked["tac"] == late["tac"] == "18C6"
    assert asked["plmn"] == late["plmn"] == "46011"


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.text(max_size=60)
        | st.sampled_from(
            [
                "AT+CSQ",
                "OK",
                "+CREG: 1",
                "+CME ERROR: 10",
                "> ",
                ">>> AT",
                "<<< ",
                "AT+CMGR=1",
                "+CMT: ,2",
                "--> '<CR>'",
            ]
        ),
        max_size=12,
    )
)
def test_no_text_makes_it_fail_or_loses_a_line(lines: list[str]) -> None:
    text = "\n".join(lines)
    said = list(transcript.read(text))
    found = decoded(text)
    for one in found:
        assert set(one.json()) == {"command", "final", "error", "readings", "urcs", "unknown"}
    commands = [line.text for line in said if line.speaker == "host"]
    assert len([one for one in found if one.command is not None]) >= len(commands)


@given(st.text(max_size=300))
def test_undressing_keeps_every_word(text: str) -> None:
    words = "".join(said.text for said in transcript.read(text))
    assert len(words) <= len(text) * 2


@pytest.mark.parametrize(
    "pasted",
    [
        'AT+CPIN="4711"\nOK',
        'AT+CPIN="4711"\nAT+CPIN="4711"\n+CME ERROR: 16',
        '>>> AT+CPIN="4711"\n<<< AT+CPIN="4711"\n<<< OK',
        'AT+CPWD="SC","4711","4711"\nOK',
        "[12:00:01] sending AT+CPIN=4711 now",
        "--> Sending: AT+CPIN=4711\nAT+CPIN=4711\nOK",
        "noise\n+CPIN=4711\nOK",
        'AT+CGAUTH=1,1,"shop","4711"\nOK',
        'AT+CGAUTH?\n+CGAUTH: 1,1,"shop","4711"\nOK',
        'AT+QICSGP=1\n+QICSGP: 1,"cmiot","shop","4711",1\nOK',
        "ATD**04*4711*4711*4711#;\nOK",
        "(ttyUSB2): --> 'AT+CPIN=\"4711\"<CR>'\n(ttyUSB2): <-- '<CR><LF>OK<CR><LF>'",
    ],
)
def test_no_secret_is_shown(pasted: str) -> None:
    """In text or as JSON: nobody needs to see it to know what the modem answered."""
    assert "4711" not in json.dumps([one.json() for one in decode(pasted)])


def test_a_command_keeps_what_is_no_secret() -> None:
    (one,) = decode('AT+QICSGP=1,1,"cmiot","shop","4711",1\nOK')
    assert one.command == 'AT+QICSGP=1,1,"cmiot","***","***",1'


@pytest.mark.parametrize(("state", "card"), [("1", "ready"), ("255", "absent"), ("0", "unknown")])
def test_what_is_news_of_one_maker_only_is_read_where_the_maker_is_not_known(state: str, card: str) -> None:
    """^SIMST is Huawei's (1 valid, 255 none), and MeiG's, who does not say what it means."""
    ((reading,),) = (one.readings for one in decode(f"^SIMST: {state}"))
    assert as_json(reading)["state"] == card
    assert [one.readings for one in decode(f"^SIMST: {state}", named("meig"))] == [()]
