"""Figures of the state in the units of each manual: the words that answer templates may use."""

import math
import re
from collections.abc import Mapping
from dataclasses import fields

from modem.simulator.state import State

_WORD = re.compile(r"\{([a-z0-9_]+)\}")


def csq(state: State) -> int:
    """27.007, 8.5: 0 is -113 dBm or less, two decibels a step, 31 is -51 or more, 99 not known."""
    if not state.rssi_dbm or not state.radio_on:
        return 99
    return _step((state.rssi_dbm + 113) / 2, 31)


def cesq_rsrp(state: State) -> int:
    """27.007, 8.69: 0 below -140 dBm, one decibel a step, 97 at -44 and more, 255 not known."""
    return _step(state.rsrp_dbm + 141, 97) if state.rsrp_dbm and state.radio_on else 255


def cesq_rsrq(state: State) -> int:
    """27.007, 8.69: 0 below -19.5 dB, half a decibel a step, 34 at -3 and more, 255 not known."""
    return _step((state.rsrq_db + 20) * 2, 34) if state.rsrq_db and state.radio_on else 255


def words(state: State) -> Mapping[str, str]:
    """Every field of the state by its name, and the same figures as vendors spell them."""
    plain = {known.name: _plain(getattr(state, known.name)) for known in fields(State)}
    return {**plain, **_identifiers(state), **_signal(state), **_data(state)}


def _identifiers(state: State) -> dict[str, str]:
    return {
        "mcc": state.plmn[:3],
        "mnc": state.plmn[3:],
        "cell_number": str(_hex(state.cell_id)),
        "cell_short": f"{_hex(state.cell_id):X}",
        "tac_number": str(_hex(state.tac)),
    }


def _signal(state: State) -> dict[str, str]:
    return {
        "csq": str(csq(state)),
        "cesq_rsrp": str(cesq_rsrp(state)),
        "cesq_rsrq": str(cesq_rsrq(state)),
        # Quectel EC2x, +QCSQ and +QENG: SINR 0 to 250 in fifths of a decibel from -20 dB.
        "sinr_fifths": str(_step((state.sinr_db + 20) * 5, 250)),
        # Huawei ME909s, ^HCSQ: RSSI from -120 dBm, SINR in fifths from -20 dB; RSRP and RSRQ as in +CESQ.
        "hcsq_rssi": str(_step(state.rssi_dbm + 121, 96)),
        "hcsq_sinr": str(_step((state.sinr_db + 20) * 5 + 1, 251)),
        # SIMCom SIM7600, +CPSI: tenths (capture simcom-sim7906-01).
        "rsrq_tenths": str(round(state.rsrq_db * 10)),
        "rsrp_tenths": str(round(state.rsrp_dbm * 10)),
        "rssi_tenths": str(round(state.rssi_dbm * 10)),
        # SIMCom A7670, +CPSI: indexes (capture simcom-a7670g-02).
        "rxlev": str(_step(state.rssi_dbm + 111, 63)),
        "rsrq_whole": str(round(state.rsrq_db)),
        "rsrp_whole": str(round(state.rsrp_dbm)),
        "rssi_whole": str(round(state.rssi_dbm)),
        "sinr_whole": str(round(state.sinr_db)),
    }


def _data(state: State) -> dict[str, str]:
    return {
        "lock": "SIM PUK" if state.sim == "puk" else "SIM PIN",
        "lock_retries": str(state.puk_retries if state.sim == "puk" else state.pin_retries),
        "rx_hex": f"{int(state.rx_bytes):016X}",
        "tx_hex": f"{int(state.tx_bytes):016X}",
        "temperature_tenths": str(state.temperature_c * 10),
        "volts": f"{state.voltage_mv / 1000:.3f}",
    }


def fill(template: str, known: Mapping[str, str]) -> str:
    """`{name}` by its value. Nothing else of a format language: templates come from files."""
    return _WORD.sub(lambda match: known.get(match[1], match[0]), template)


def unknown_words(template: str) -> list[str]:
    """Names in `template` that no state has."""
    return [name for name in _WORD.findall(template) if name not in _KNOWN]


def _plain(value: object) -> str:
    return f"{value:.0f}" if isinstance(value, float) else str(value)


def _step(value: float, top: int) -> int:
    return min(top, max(0, math.floor(value)))


def _hex(text: str) -> int:
    try:
        return int(text, 16)
    except ValueError:
        return 0


_KNOWN = frozenset(words(State()))
