"""Answers of modems the readers have not seen, judged by the manual: nothing missing, wrong or made up."""

import json
import random
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from modem.decode import decode
from modem.dialects import choose
from modem.simulator.tables import read_document

FOLDER = Path(__file__).parent / "readings"
_DERIVED = {"quality", "sms_only"}
"""Computed from other fields of the same reading, and tested on their own."""
_QUOTED = re.compile(r'(?<=[,:])\s?"[^",]+"(?=,|$)')
MIN_ANSWERS, MIN_MAKERS = 150, 12


def _answers() -> list[dict[str, Any]]:
    found = []
    for path in sorted(FOLDER.glob("*.toml")):
        document = read_document(path)
        file = {"maker": document["maker"], "model": document["model"], "file": path.stem}
        found += [file | answer for answer in document["answer"]]
    return found


ANSWERS = _answers()


def _known(value: Any) -> Any:
    """`value` without what is not known and what is derived."""
    if isinstance(value, Mapping):
        return {name: _known(one) for name, one in value.items() if one is not None and name not in _DERIVED}
    return [_known(one) for one in value] if isinstance(value, list) else value


def _in_order(readings: list[Any]) -> list[Any]:
    return sorted(readings, key=lambda one: json.dumps(one, sort_keys=True))


def _read(answer: Mapping[str, Any]) -> list[Any]:
    lines = [*([answer["cmd"]] if "cmd" in answer else []), *answer["reply"]]
    dialect = choose(answer["maker"], answer["model"], "")
    return [_known(reading) for one in decode("\n".join(lines), dialect) for reading in one.json()["readings"]]


@pytest.mark.parametrize("answer", ANSWERS, ids=[f"{one['file']}-{at}" for at, one in enumerate(ANSWERS)])
def test_an_answer_means_what_its_manual_says(answer: dict[str, Any]) -> None:
    assert _in_order(_read(answer)) == _in_order(_known(answer["reads"])), answer["from"]


_POSSIBLE = {
    "rssi_dbm": (-140, -10),
    "rsrp_dbm": (-160, -20),
    "rsrq_db": (-50, 25),
    "sinr_db": (-40, 50),
    "rscp_dbm": (-140, -10),
    "ecio_db": (-50, 5),
    "pci": (0, 1007),
    "channel": (0, 3_279_165),
    "temperature_c": (-60, 150),
    "voltage_mv": (500, 60_000),
}
_PLACED = ("", "-", "255", "65535", "-32768", "-1", "0", "FFFF", "99999999999", '"', "x", "1.5", "\u0663")


def _damaged(line: str, chance: random.Random) -> str:
    """The line cut short, with a field replaced or lost, or with a character put in."""
    fields, at = line.split(","), chance.randrange(len(line) + 1)
    place = chance.randrange(len(fields))
    return chance.choice(
        [
            line[:at],
            ",".join([*fields[:place], chance.choice(_PLACED), *fields[place + 1 :]]),
            ",".join([*fields[:place], *fields[place + 1 :]]),
            line[:at] + chance.choice('",:;-+\x00\u202e(') + line[at:],
        ]
    )


@pytest.mark.parametrize("seed", range(20))
def test_a_damaged_answer_gives_no_impossible_figure(seed: int) -> None:
    chance = random.Random(seed)
    for answer in ANSWERS:
        lines = list(answer["reply"])
        at = chance.randrange(len(lines))
        lines[at] = _damaged(lines[at], chance)
        for reading in _read(answer | {"reply": lines}):
            for name, (low, high) in _POSSIBLE.items():
                assert low <= reading.get(name, low) <= high, (lines[at], reading)


_ENDED_BY_A_QUOTE = {
    "tac",
    "lac",
    "cell_id",
    "iccid",
    "imsi",
    "imei",
    "msisdn",
    "sender",
    "apn",
    "mask",
    "gateway",
    "plmn",
}
_TWO_FORMS = ("#SERVINFO:", "+CEREG: 4,1,")
"""Lines whose number of fields decides what they mean: cut between two fields they are whole lines of another form."""


@pytest.mark.parametrize("seed", range(4))
def test_a_line_cut_within_quotes_gives_no_other_id(seed: int) -> None:
    chance = random.Random(seed)
    for answer in ANSWERS:
        lines = list(answer["reply"])
        quoted = [(at, match) for at, line in enumerate(lines) for match in _QUOTED.finditer(line)]
        if not quoted or any(line.startswith(_TWO_FORMS) for line in lines):
            continue
        at, match = chance.choice(quoted)
        lines[at] = lines[at][: chance.randrange(match.start() + 1, match.end())]
        whole = {(name, str(value)) for one in _read(answer) for name, value in one.items()}
        for name, value in ((name, value) for one in _read(answer | {"reply": lines}) for name, value in one.items()):
            assert name not in _ENDED_BY_A_QUOTE or (name, str(value)) in whole, (lines[at], name)


def test_there_are_enough_of_them() -> None:
    makers = {choose(one["maker"], one["model"], "").name for one in ANSWERS}
    assert len(ANSWERS) >= MIN_ANSWERS
    assert len(makers) >= MIN_MAKERS
