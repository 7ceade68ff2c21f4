"""The report is exactly `posagent.diag/1`: every key there, nothing else, unknown as null, foreign text harmless."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.assess.conditions import CATALOGUE
from agent.assess.diagnosis import diagnose
from agent.report import SCHEMA, diag_report, utc
from agent.sample.base import DataView, Evidence, PlanFact, PlanView, Reach, SimView, Snapshot
from modem.values import Cause, Signal, SimSlot
from tests.fakes.snapshots import (
    TAKEN_AT,
    but,
    healthy,
    nothing_gets_through,
    off_network,
    session_rejected,
    silent,
    unknown,
    without_modem,
)

TEXT, WHOLE, NUMBER, TRUTH = (str,), (int,), (int, float), (bool,)


class Maybe:
    """The shape, or null."""

    def __init__(self, shape: Any) -> None:
        self.shape = shape


CAUSE = {"layer": Maybe(TEXT), "number": Maybe(WHOLE), "text": Maybe(TEXT), "possibly_past": TRUTH}
SHAPE = {
    "schema": TEXT,
    "taken_at": Maybe(TEXT),
    "via": ("direct", "daemon"),
    "duration_s": NUMBER,
    "data_cost_bytes": WHOLE,
    "port": {"device": Maybe(TEXT), "holder": Maybe(TEXT)},
    "modem": {
        "manufacturer": Maybe(TEXT),
        "model": Maybe(TEXT),
        "firmware": Maybe(TEXT),
        "imei": Maybe(TEXT),
        "dialect": Maybe(TEXT),
        "temperature_c": Maybe(NUMBER),
        "voltage_mv": Maybe(WHOLE),
    },
    "sim": {
        "state": (
            "ready",
            "absent",
            "pin_required",
            "puk_required",
            "network_locked",
            "failure",
            "busy",
            "unknown",
        ),
        "iccid": Maybe(TEXT),
        "imsi": Maybe(TEXT),
        "msisdn": Maybe(TEXT),
        "issuer": Maybe(TEXT),
        "pin_retries": Maybe(WHOLE),
    },
    "network": {
        "registration": ("home", "roaming", "searching", "denied", "idle", "emergency_only", "unknown"),
        "domains": {"cs": Maybe(TEXT), "ps": Maybe(TEXT), "eps": Maybe(TEXT), "5gs": Maybe(TEXT)},
        "reject_cause": Maybe(CAUSE),
        "operator": {"name": Maybe(TEXT), "plmn": Maybe(TEXT)},
        "technology": Maybe(TEXT),
        "cell": {
            "tac": Maybe(TEXT),
            "lac": Maybe(TEXT),
            "cell_id": Maybe(TEXT),
            "pci": Maybe(WHOLE),
            "channel": Maybe(WHOLE),
            "band": Maybe(TEXT),
        },
    },
    "signal": {
        "rssi_dbm": Maybe(NUMBER),
        "rsrp_dbm": Maybe(NUMBER),
        "rsrq_db": Maybe(NUMBER),
        "sinr_db": Maybe(NUMBER),
        "rscp_dbm": Maybe(NUMBER),
        "ecio_db": Maybe(NUMBER),
        "ber": Maybe(WHOLE),
        "quality": Maybe(("excellent", "good", "fair", "poor", "none")),
    },
    "data": {
        "attached": Maybe(TRUTH),
        "contexts": [
            {
                "cid": WHOLE,
                "type": Maybe(TEXT),
                "apn": Maybe(TEXT),
                "active": Maybe(TRUTH),
                "addresses": [TEXT],
                "dns": [TEXT],
            }
        ],
        "last_error": Maybe(CAUSE),
        "interface": Maybe(
            {
                "name": TEXT,
                "up": Maybe(TRUTH),
                "addresses": [TEXT],
                "default_route": Maybe(TRUTH),
                "rx_bytes": Maybe(WHOLE),
                "tx_bytes": Maybe(WHOLE),
            }
        ),
    },
    "usage": {
        "cycle": {"start": Maybe(TEXT), "end": Maybe(TEXT)},
        "used_bytes": Maybe(WHOLE),
        "own_bytes": Maybe(WHOLE),
        "sources": [{"source": ("interface", "modem", "carrier", "manual"), "used_bytes": WHOLE, "at": Maybe(TEXT)}],
    },
    "plan": {
        "state": ("active", "expiring", "expired", "exhausted", "suspended", "unknown"),
        "expires_on": Maybe(TEXT),
        "days_left": Maybe(WHOLE),
        "quota_bytes": Maybe(WHOLE),
        "remaining_bytes": Maybe(WHOLE),
        "balance": Maybe({"amount": TEXT, "currency": Maybe(TEXT)}),
        "runs_out_on": Maybe(TEXT),
        "facts": [{"fact": TEXT, "source": TEXT, "at": Maybe(TEXT), "text": Maybe(TEXT)}],
    },
    "reach": [
        {
            "target": ("dns", "gateway", "internet", "centre"),
            "ok": Maybe(TRUTH),
            "detail": Maybe(TEXT),
            "ms": Maybe(NUMBER),
        }
    ],
    "findings": [
        {
            "code": tuple(CATALOGUE),
            "severity": ("error", "warning", "info"),
            "root": TRUTH,
            "title": TEXT,
            "evidence": [TEXT],
            "advice": [TEXT],
        }
    ],
    "verdict": {
        "code": tuple(CATALOGUE),
        "confidence": ("high", "medium", "low"),
        "title": TEXT,
        "ruled_out": [tuple(CATALOGUE)],
        "first_step": TEXT,
    },
}


def differences(value: Any, shape: Any, where: str = "") -> list[str]:
    """Where `value` is not of this shape: dicts need exactly these keys, lists these items, tuples are choices."""
    if isinstance(shape, Maybe):
        return [] if value is None else differences(value, shape.shape, where)
    if isinstance(shape, dict):
        if not isinstance(value, dict) or list(value) != list(shape):
            return [f"{where}: {value!r}"]
        return [found for key in shape for found in differences(value[key], shape[key], f"{where}.{key}")]
    if isinstance(shape, list):
        if not isinstance(value, list):
            return [f"{where}: {value!r}"]
        return [found for item in value for found in differences(item, shape[0], f"{where}[]")]
    fits = type(value) in shape if isinstance(shape[0], type) else value in shape
    return [] if fits else [f"{where}: {value!r}"]


def report(snapshot: Snapshot, lang: Any = "en") -> dict[str, Any]:
    made = diag_report(snapshot, diagnose(snapshot), lang=lang, via="direct", duration_s=2.13, data_cost_bytes=0)
    return dict(json.loads(json.dumps(made, allow_nan=False)))


EXAMPLES = {
    "healthy": healthy(),
    "unknown": unknown(),
    "no port": without_modem("missing"),
    "busy port": without_modem("busy"),
    "silent": silent(),
    "no card": but(off_network(), sim__state="absent"),
    "denied": off_network("denied", Cause("emm", 8, "EPS_AND_NON_EPS_SERVICES_NOT_ALLOWED")),
    "vendor's cause": but(off_network(), data__last_error=Cause("vendor", None, "who knows", possibly_past=True)),
    "barred": session_rejected(8),
    "nothing gets through": nothing_gets_through(),
}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("snapshot", EXAMPLES.values(), ids=EXAMPLES)
def test_report_has_exactly_the_documented_shape(snapshot: Snapshot, lang: str) -> None:
    assert differences(report(snapshot, lang), SHAPE) == []


def test_healthy_report() -> None:
    made = report(healthy())
    assert made["schema"] == SCHEMA
    assert made["taken_at"] == "2026-11-21T18:00:00Z"
    assert made["duration_s"] == 2.1
    assert made["verdict"] | {"ruled_out": []} == {
        "code": "ok",
        "confidence": "high",
        "title": "Nothing wrong",
        "ruled_out": [],
        "first_step": "Nothing to do. Cards still fail: payment application and acquirer.",
    }
    assert made["findings"] == []
    assert made["signal"]["rssi_dbm"] == -67
    assert made["plan"]["balance"] == {"amount": "12.30", "currency": "CNY"}


def test_cause_is_named_and_its_candidates_come_with_what_separates_them() -> None:
    finding = report(EXAMPLES["denied"], "zh")["findings"][0]
    assert "EMM 8: EPS and non-EPS services not allowed" in finding["evidence"]
    assert any(line.startswith("可能：机卡分离") for line in finding["advice"])
    assert any("重启" in line for line in finding["advice"])
    assert any("未实名" in line for line in finding["advice"])


def test_area_lock_is_the_candidate_of_cause_12() -> None:
    advice = report(off_network("denied", Cause("emm", 12)))["findings"][0]["advice"]
    assert [line for line in advice if line.startswith("May be ")] == [
        "May be region restriction: the terminal was moved; works at its old place"
    ]


def test_cause_of_another_layer_does_not_speak_for_registration() -> None:
    made = report(off_network("denied", Cause("esm", 8)))["findings"][0]
    assert len([line for line in made["advice"] if line.startswith("May be ")]) > 3


def test_unsure_says_the_next_test() -> None:
    busy = but(off_network("unknown"), sim=SimView("busy"))
    assert "20 s" in report(busy)["verdict"]["first_step"]


def test_hostile_text_is_spelled_out() -> None:
    nasty = "\x1b[2J\u202eevil\x00"
    made = report(
        but(
            healthy(),
            modem__model=nasty,
            network__operator_name=nasty,
            reach=(Reach("centre", ok=False, detail=nasty),),
            data=DataView(attached=True, last_error=Cause(None, None, nasty)),
            plan=PlanView(facts=(PlanFact("balance", "1", "carrier_sms", None, nasty),)),
            evidence=(Evidence("reach.centre", "probe", nasty * 500),),
        )
    )
    told = json.dumps(made, ensure_ascii=False)
    assert "\x1b" not in told
    assert "\u202e" not in told
    assert max(len(line) for finding in made["findings"] for line in finding["evidence"]) <= 500


def test_figures_that_are_no_numbers_are_not_known() -> None:
    made = report(but(healthy(), signal=Signal(rsrp_dbm=float("nan"), rssi_dbm=float("inf"), sinr_db=-3.25)))
    assert (made["signal"]["rsrp_dbm"], made["signal"]["rssi_dbm"], made["signal"]["sinr_db"]) == (None, None, -3.2)


@pytest.mark.parametrize("wall", [float("nan"), 1e20, -1e20, None])
def test_impossible_times_are_not_known(wall: float | None) -> None:
    assert utc(wall) is None


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_no_time_raises(wall: float) -> None:
    made = utc(wall)
    assert made is None or made.endswith("Z")


def test_evidence_of_a_finding_is_quoted_literally() -> None:
    seen = but(
        off_network(),
        sim__state="absent",
        evidence=(Evidence("sim.state", "at", "AT+CPIN? → +CME ERROR: 10", TAKEN_AT),),
    )
    assert report(seen)["findings"][0]["evidence"] == ["AT+CPIN? → +CME ERROR: 10"]


def test_a_second_slot_is_told_only_of_modems_that_have_one() -> None:
    other = SimSlot(2, active=False, state="absent")
    whole = report(but(healthy(), sim=SimView(state="ready", slot=1, other_slots=(other,))))["sim"]
    assert (whole["slot"], whole["other_slots"]) == (1, [{"slot": 2, "state": "absent", "iccid": None}])
    assert "slot" not in report(healthy())["sim"]
