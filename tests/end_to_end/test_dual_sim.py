"""Modems with two SIM slots, as each maker tells of them: which is used and what is in the other, in diag and plan."""

import json
from pathlib import Path

import pytest

from agent.cli import main
from modem.simulator import VirtualModem
from modem.simulator.persona import Change
from modem.simulator.tables import Table
from tests.fakes.agent_process import AgentProcess
from tests.fakes.eventually import eventually

MAKERS = {
    "quectel-qsimcfg": (
        "Quectel", "RM520N-GL", 'AT+QSIMCFG="dual_slot_status"',
        '+QSIMCFG: "dual_slot_status",1,1,3,3B9F,5,"89860000000000000001",1,0,3,3B9F,5,"89860000000000000022"',
        1, "SIM slot 2 holds 89860000000000000022",
    ),
    "quectel-quimslot": ("Quectel", "RG500Q-EA", "AT+QUIMSLOT?", "+QUIMSLOT: 2", 2, "does not tell"),
    "quectel-qdsim": ("Quectel", "EC200A-CN", "AT+QDSIM?", "+QDSIM: 1", 2, "does not tell"),
    "huawei-scichg": ("Huawei Technologies Co., Ltd.", "MH5000-31", "AT^SCICHG?", "^SCICHG: 0,1", 1, "does not tell"),
    "huawei-simswitch": (
        "Huawei Technologies Co., Ltd.", "ME909s-821", "AT^SIMSWITCH?", "^SIMSWITCH: 1", 2, "does not tell",
    ),
    "meig": ("MEIGLINK", "SRM815", "AT^SIMSLOT?", "^SIMSLOT: 1,1,1,0", 1, "SIM slot 2 holds a card"),
    "meig-empty": ("MEIGLINK", "SRM815", "AT^SIMSLOT?", "^SIMSLOT: 0,0,1,1", 2, "SIM slot 1 is empty"),
    "telit": ("Telit", "LE910C4-EU", "AT#SIMSELECT?", "#SIMSELECT: 2", 2, "does not tell"),
    "sierra": ("Sierra Wireless, Incorporated", "EM7565", "AT!UIMS?", "!UIMS: 0", 1, "does not tell"),
    "simcom-bindsim": ("SIMCOM INCORPORATED", "A7672E", "AT+BINDSIM?", "+BINDSIM: 1", 2, "does not tell"),
    "simcom-smsimcfg": (
        "SIMCOM INCORPORATED", "SIMCOM_SIM8200EA-M2", "AT+SMSIMCFG?", "+SMSIMCFG: 1,2", 2, "does not tell",
    ),
    "neoway": ("NEOWAY", "N720", "AT+SIMCROSS?", "+SIMCROSS: 2", 2, "does not tell"),
    "fibocom": ("Fibocom", "FM350-GL", "AT+GTDUALSIM?", '+GTDUALSIM: 0,"SUB1","L"', 1, "does not tell"),
}  # fmt: skip


def scenario(folder: Path, maker: str) -> Path:
    manufacturer, model, command, line, _, _ = MAKERS[maker]
    path = folder / "two-slots.toml"
    path.write_text(
        f"""
[modem]
persona = "generic-lte"
[state]
manufacturer = "{manufacturer}"
model = "{model}"
[[answer]]
cmd = '{command}'
lines = ['{line}']
"""
    )
    return path


@pytest.mark.parametrize("maker", MAKERS)
def test_diag_says_which_slot_is_used_and_what_is_in_the_other(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], maker: str
) -> None:
    *_, slot, other = MAKERS[maker]
    config = tmp_path / "config.toml"
    config.write_text(f'[paths]\nstate_dir = "{tmp_path}/state"\nrun_dir = "{tmp_path}/run"\n')
    with VirtualModem(str(scenario(tmp_path, maker))) as device:
        words = ["diag", "--config", str(config), "--port", device, "--no-network"]
        assert main([*words, "--lang", "en"]) in (0, 3, 4)
        text = " ".join(capsys.readouterr().out.split())
        main([*words, "--json"])
        told = json.loads(capsys.readouterr().out)
    assert f"· SIM slot {slot} ·" in text
    assert other in text
    assert told["sim"]["slot"] == slot


def test_plan_follows_a_modem_that_switches_to_its_other_slot(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its slot here is whatever the band is: the state has no slots."""
    path = scenario(tmp_path, "quectel-quimslot")
    path.write_text(
        path.read_text().replace("+QUIMSLOT: 2", "+QUIMSLOT: {band}").replace("[state]", "[state]\nband = 1")
    )
    modem = VirtualModem(str(path))
    with modem as device:
        agent = AgentProcess(tmp_path, device)
        try:
            agent.start()
            eventually(lambda: (agent.ask("plan") or {}).get("card", {}).get("slot") == 1, "the slot is known")
            main(["plan", "--config", str(agent.config), "--lang", "en"])
            first = capsys.readouterr().out
            modem.cue(Change(0.0, Table({"sim": "absent"}, "between the two"), ("+CPIN: NOT READY",)))
            eventually(lambda: (agent.ask("plan") or {})["card"]["iccid"] is None, "no card is in use")
            other = Table({"sim": "ready", "iccid": "89860000000000000022", "band": 2}, "the other slot")
            modem.cue(Change(0.0, other, ("+CPIN: READY",)))
            eventually(lambda: (agent.ask("plan") or {})["card"]["changed"], "another card is in use")
            main(["plan", "--config", str(agent.config), "--lang", "zh"])
            second = capsys.readouterr().out
        finally:
            agent.end()
    assert "1 (the other: the modem does not tell)" in first
    assert "没有换卡：模块切换到了卡槽 2，登记的卡是 89860000000000000001，现用 89860000000000000022" in second
