"""Answers from public manuals and threads, put together to modems, played on a pty, through `posagent diag --json`."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from agent.cli import main
from modem.simulator import VirtualModem, load

CONFIG = """
[modem]
interface = ""
command_timeout_s = 10.0
[paths]
state_dir = "{directory}"
run_dir = "{directory}"
"""
READY: Mapping[str, str] = {
    "AT+CPIN?": "+CPIN: READY",
    "AT+CFUN?": "+CFUN: 1",
    "AT+CIMI": "460001234500017",
    "AT+CGATT?": "+CGATT: 1",
    "AT+CGACT?": "+CGACT: 1,1",
    "AT+CGDCONT?": '+CGDCONT: 1,"IP","cmiot","",0,0',
    "AT+CGPADDR": '+CGPADDR: 1,"10.1.2.3"',
    "AT+CREG?": "+CREG: 0,1",
    "AT+CGREG?": "+CGREG: 0,1",
    "AT+CEREG?": '+CEREG: 2,1,"5A1B","0A1B2C3D",7',
    "AT+COPS?": '+COPS: 0,2,"46000",7',
}
REFUSED: Mapping[str, str] = {
    "AT+CGATT?": "+CGATT: 0",
    "AT+CGACT?": "+CGACT: 1,0",
    "AT+CGPADDR": "+CGPADDR: 1",
    "AT+COPS?": "+COPS: 0",
}


def quectel_suspended() -> dict[str, str]:
    """EC25, suspended card: camped in limited service, refused everywhere (Chinese diagnosis notes)."""
    own = {
        "ATI": "Quectel\nEC25\nRevision: EC25EFAR06A01M4G",
        "AT+CGMI": "Quectel",
        "AT+CGMM": "EC25",
        "AT+CREG?": "+CREG: 0,3",
        "AT+CGREG?": "+CGREG: 0,3",
        "AT+CEREG?": "+CEREG: 0,3",
        "AT+CSQ": "+CSQ: 16,99",
        'AT+QENG="servingcell"': (
            '+QENG: "servingcell","LIMSRV","LTE","TDD",460,00,1F1B320,420,38950,40,5,5,4977,-97,-9,-67,19,8'
        ),
        "AT+QNWINFO": '+QNWINFO: "TDD LTE","46000","LTE BAND 40",38950',
    }
    return {**READY, **REFUSED, **own}


def td_tech_standalone() -> dict[str, str]:
    """MT5700M on 5G alone (public router projects)."""
    own = {
        "ATI": "Manufacturer: TD Tech Ltd.\nModel: MT5700M-CN\nRevision: V200R001C20B025",
        "AT+CGMI": "TD Tech Ltd.",
        "AT+CGMM": "MT5700M-CN",
        "AT+CREG?": "+CREG: 0,0",
        "AT+CGREG?": "+CGREG: 0,0",
        "AT+CEREG?": "+CEREG: 0,0",
        "AT+C5GREG?": '+C5GREG: 2,1,"149002","0000000C2840C002",11,1,"01"',
        "AT+CSQ": "+CSQ:",
        "AT^HCSQ?": '^HCSQ: "NR",77,236,31',
        "AT^MONSC": "^MONSC: NR,460,00,504990,1,C2840C002,80,149002,-65,-10,28",
        "AT^SYSINFOEX": '^SYSINFOEX: 2,2,0,1,,11,"NR-5GC",111,"NR-5GC"',
        "AT^CHIPTEMP?": "^CHIPTEMP: 432,445,451,398,401,407,441,442,449,0,65535,448",
        "AT+COPS?": '+COPS: 0,2,"46000",11',
    }
    return {**READY, **own}


def telit_healthy() -> dict[str, str]:
    own = {
        "ATI": "332",
        "AT+CGMI": "Telit",
        "AT+CGMM": "LE910C1-EUX",
        "AT+CEREG?": '+CEREG: 2,1,"2242","0B5D121",7',
        "AT+COPS?": '+COPS: 0,2,"28601",7',
        "AT+CIMI": "286016339611111",
        "AT+CSQ": "+CSQ: 23,99",
        "AT#RFSTS": '#RFSTS: "286 01",1795,-101,-67,-15,2242,,128,3,1,0B5D121,"286016339611111","Turkcell",3,3,108',
        "AT#CBC": "#CBC: 0,378",
    }
    return {**READY, **own}


def sierra_standalone() -> dict[str, str]:
    table = (
        "!GSTATUS: \nCurrent Time:  423212\t\tTemperature: 36\nSystem mode:   NR5G       \tPS state:    Attached\n"
        "NR5G TAC:        2d6600\t\tNR5G Cell ID:    1C649D138 (7621693752)\n"
        "NR5G band:       n41\t\tNR5G Carrier ID: 0\n"
        "NR5G Rx chan:    521232\nNR5G RSRP (dBm): -104\t\tNR5G RSRQ (dB):  -15\nNR5G SINR (dB):   0.5"
    )
    own = {
        "ATI": "Manufacturer: Sierra Wireless, Incorporated\nModel: EM9191\nRevision: SWIX55C_02.08.01.00",
        "AT+CGMI": "Sierra Wireless, Incorporated",
        "AT+CGMM": "EM9191",
        "AT+CEREG?": "+CEREG: 0,0",
        "AT+C5GREG?": '+C5GREG: 2,1,"2D6600","1C649D138",11',
        "AT+CSQ": "+CSQ: 99,99",
        "AT!GSTATUS?": table,
        "AT+COPS?": '+COPS: 0,2,"310260",11',
    }
    return {**READY, **own}


def ublox_searching() -> dict[str, str]:
    """SARA-R500S in a cellar."""
    own = {
        "ATI": "SARA-R500S-01B-00",
        "AT+CGMI": "u-blox",
        "AT+CGMM": "SARA-R500S",
        "AT+CREG?": "+CREG: 0,2",
        "AT+CGREG?": "+CGREG: 0,2",
        "AT+CEREG?": "+CEREG: 0,2",
        "AT+CSQ": "+CSQ: 99,99",
        "AT+CESQ": "+CESQ: 99,99,255,255,255,255",
    }
    return {**READY, **REFUSED, **own}


def fibocom_without_card() -> dict[str, str]:
    """L850-GL, its slot empty."""
    return {
        "ATI": "L850 LTE Module",
        "AT+CGMI": '+CGMI: "Fibocom"',
        "AT+CGMM": '+CGMM: "L850 LTE Module","L850"',
        "AT+CFUN?": "+CFUN: 1,0",
        "AT+CPIN?": "+CME ERROR: 10",
        "AT+CIMI": "+CME ERROR: 10",
        "AT+CREG?": "+CREG: 0,0",
        "AT+CGREG?": "+CGREG: 0,0",
        "AT+CEREG?": "+CEREG: 0,0",
        "AT+CSQ": "+CSQ: 99,99",
        "AT+XCESQ?": "+XCESQ: 0,99,99,255,255,255,255,255",
        "AT+MTSM=1": "+MTSM: 41",
        "AT+CBC": "+CBC: 0,3750",
    }


def _exchange(command: str, answer: str) -> str:
    ends = "" if answer.startswith("+CME ERROR") else "\r\nOK\r\n"
    lines = "".join(f"\r\n{line}" for line in answer.split("\n"))
    reply = json.dumps(f"{lines}\r\n{ends}")  # a JSON text is a TOML text
    return f"[[exchange]]\ncmd = {json.dumps(command)}\nreply = {reply}\necho = false\n"


def diagnosed(answers: Mapping[str, str], directory: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    head = 'model = ""\nvendor = ""\nfirmware = ""\nsource = ""\nkind = "device"\nframing = "reconstructed"\n'
    capture = directory / "capture.toml"
    capture.write_text(head + "\n".join(_exchange(*pair) for pair in answers.items()), encoding="utf-8")
    config = directory / "config.toml"
    config.write_text(CONFIG.format(directory=directory), encoding="utf-8")
    with VirtualModem(load(capture), speed=5.0) as device:
        main(["--config", str(config), "diag", "--port", device, "--no-network", "--json"])
    shown = capsys.readouterr()
    assert shown.err == ""
    report: dict[str, Any] = json.loads(shown.out)
    return report


def test_a_suspended_card_is_refused_not_searching(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = diagnosed(quectel_suspended(), tmp_path, capsys)
    assert report["verdict"]["code"] == "registration.denied"
    assert report["network"]["registration"] == "denied"
    assert report["signal"]["rsrp_dbm"] == -97


def test_5g_alone_is_healthy_though_lte_is_idle(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = diagnosed(td_tech_standalone(), tmp_path, capsys)
    assert report["modem"]["dialect"] == "huawei"
    assert report["modem"]["temperature_c"] == 45.1
    assert (report["network"]["registration"], report["network"]["technology"]) == ("home", "nr")
    assert report["signal"]["rsrp_dbm"] in (-64, -65)
    assert report["signal"]["rsrq_db"] in (None, -10)
    assert report["signal"]["quality"] == "excellent"
    assert report["network"]["cell"]["channel"] == 504990
    assert report["verdict"]["code"] == "ok"


def test_telit_names_its_cell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = diagnosed(telit_healthy(), tmp_path, capsys)
    assert report["modem"]["dialect"] == "telit"
    assert report["network"]["cell"]["band"] == "B3"
    assert (report["signal"]["rsrp_dbm"], report["signal"]["rsrq_db"]) == (-101, -15)
    assert report["modem"]["voltage_mv"] == 3780
    assert report["verdict"]["code"] == "ok"


def test_sierra_on_5g_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = diagnosed(sierra_standalone(), tmp_path, capsys)
    assert report["network"]["technology"] == "nr"
    assert report["network"]["cell"]["band"] == "n41"
    assert report["signal"]["rsrp_dbm"] == -104
    assert report["verdict"]["code"] in ("ok", "signal.weak")


def test_no_network_heard(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = diagnosed(ublox_searching(), tmp_path, capsys)
    assert report["verdict"]["code"] in ("signal.none", "registration.searching")
    assert report["signal"]["rsrp_dbm"] is None


def test_no_card(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = diagnosed(fibocom_without_card(), tmp_path, capsys)
    assert report["verdict"]["code"] == "sim.absent"
    assert report["modem"]["voltage_mv"] == 3750
    assert report["modem"]["temperature_c"] == 41
