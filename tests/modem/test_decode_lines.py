"""Beside good lines a damaged one hides nothing and is not lost: it is read, or shown as one that nobody could read."""

import string
from collections.abc import Callable, Sequence
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from modem.decode import Decoded, decode
from modem.decode_lines import shared_out
from modem.values import Clock, Context, Contexts, Reading, Sim, as_json

PDU = "07911326040000F0040B911346610089F60000208062917314080CC8F71D14969741F977FD07"
ANSWERS = {
    "AT+QICSGP=1": ['+QICSGP: 1,"cmiot","","",0'],
    "AT+CGDCONT?": ['+CGDCONT: 1,"IP","cmiot","0.0.0.0",0,0', '+CGDCONT: 2,"IPV6","ims","",0,0'],
    "AT+CGCONTRDP": [
        '+CGCONTRDP: 1,5,"cmiot","10.1.2.3.255.0.0.0","10.1.2.1","8.8.8.8"', '+CGCONTRDP: 2,6,"ims","10.1.3.3"',
    ],
    "AT+CGACT?": ["+CGACT: 1,1", "+CGACT: 2,0"],
    "AT+CGPADDR": ['+CGPADDR: 1,"10.1.2.3"', '+CGPADDR: 2,"10.1.3.3"'],
    "AT+CMGL=4": ["+CMGL: 0,1,,30", PDU, "+CMGL: 1,1,,30", PDU],
    "AT+CMGR=1": ["+CMGR: 1,,30", PDU],
    "AT+CMGL": ['+CMGL: 1,"REC READ","10086",,"26/11/22,08:00:00+32"', "Dear customer"],
    "AT+COPS=?": ['+COPS: (2,"CHINA MOBILE","CMCC","46000",7),(1,"CHN-UNICOM","UNICOM","46001",7)'],
    'AT+QENG="servingcell"': [
        '+QENG: "servingcell","NOCONN","LTE","FDD",460,00,8C2D11B,123,1300,3,5,5,5A1B,-95,-10,-67,16,33',
    ],
    "AT+CPSI?": ["+CPSI: LTE,Online,460-00,0x5A1B,187214780,257,EUTRAN-BAND3,1300,5,5,-94,-850,-545,15"],
    "AT+CEREG?": ['+CEREG: 2,1,"5A1B","0A1B2C3D",7'],
    "AT+CSQ": ["+CSQ: 20,99"],
    "AT+CPINR": ["+CPINR: SIM PIN,3,3", "+CPINR: SIM PUK,10,10"],
    "AT!GSTATUS?": [
        "!GSTATUS:", "Current Time:  3000\t\tTemperature: 34", "System mode:   LTE        \tPS state:    Attached",
        "LTE band:      B3     \t\tLTE bw:      20 MHz",
    ],
    "ATI": ["Quectel", "EC20F", "Revision: EC20CEFAGR06A05M4G"],
}  # fmt: skip
"""Answers that are read whole."""


def said(command: str, lines: Sequence[str]) -> Decoded:
    asked = [one for one in decode("\n".join([command, *lines, "OK"])) if one.command is not None]
    assert len(asked) == 1
    return asked[0]


def facts(readings: Sequence[Reading]) -> list[object]:
    """What is told, piece by piece: the contexts of a list, the networks of a scan, the fields of a reading."""
    pieces: list[object] = []
    for reading in map(as_json, readings):
        for name, value in reading.items():
            pieces += [(name, item) for item in (value if isinstance(value, list) else [value]) if item is not None]
    return pieces


def heard(command: str, lines: Sequence[str]) -> tuple[list[object], list[str]]:
    """(what is told, the lines that are shown as they are) of an answer, and of what came in between."""
    exchanges = list(decode("\n".join([command, *lines, "OK"])))
    told = facts([reading for one in exchanges for reading in one.readings])
    return told, [line for one in exchanges for line in (*one.unknown, *one.urcs)]


@pytest.mark.parametrize("command", ANSWERS)
def test_these_answers_are_read_whole(command: str) -> None:
    one = said(command, ANSWERS[command])
    assert one.readings
    assert one.unknown == ()


DAMAGED = ["{name}: 9", "{name}: ", "{name}: x", "{name}:", '{name}: "', "{name}: ,,,,", "{name}: ?#\ufffd~"]


@pytest.mark.parametrize("damaged", DAMAGED)
@pytest.mark.parametrize("command", [command for command in ANSWERS if ANSWERS[command][0][0] in "+!"])
def test_a_damaged_line_of_the_same_name_hides_no_good_one(command: str, damaged: str) -> None:
    lines = ANSWERS[command]
    line = damaged.format(name=lines[0].partition(":")[0]).strip()
    good = facts(said(command, lines).readings)
    for place in range(len(lines) + 1):
        if lines[place : place + 1] == [PDU] or lines[place : place + 1] == ["Dear customer"]:
            continue  # between a header and what it announces
        told, shown = heard(command, [*lines[:place], line, *lines[place:]])
        assert [fact for fact in good if fact not in told] == []
        assert line in shown or len(told) > len(good) or line.endswith(":")


@pytest.mark.parametrize("stray", ["\ufffd~x", "hello", PDU[:20], "9"])
def test_a_stray_line_behind_a_message_does_not_hide_it(stray: str) -> None:
    for more in ([stray], [stray, stray + "y"], [stray] * 3):
        one = said("AT+CMGL=4", ["+CMGL: 0,1,,30", PDU, *more, "+CMGL: 1,1,,30", PDU])
        assert len(one.readings) == 2
        assert list(one.unknown) == more


def test_of_two_bodies_the_first_is_the_message() -> None:
    other = PDU[:-2] + "41"
    one = said("AT+CMGR=1", ["+CMGR: 1,,30", PDU, other])
    assert [reading.kind for reading in one.readings] == ["sms"]
    assert one.unknown == (other,)


def test_two_damaged_lines_in_front_hide_nothing() -> None:
    one = said("AT+QICSGP=1", ["+QICSGP: 9", "+QICSGP: x", '+QICSGP: 1,"cmiot","","",0'])
    assert len(one.readings) == 1
    assert one.unknown == ("+QICSGP: 9", "+QICSGP: x")


@given(
    st.sampled_from(sorted(ANSWERS)),
    st.integers(0, 3),
    st.integers(0, 60),
    st.text(string.printable.replace("\r", "").replace("\n", "").replace("\x0b", "").replace("\x0c", ""), max_size=12),
)
@settings(max_examples=150, deadline=None)
@example("AT+CGDCONT?", 0, 13, "")
def test_a_cut_or_noisy_copy_of_a_line_takes_nothing_away_and_no_line_is_lost(
    command: str, which: int, cut: int, noise: str
) -> None:
    lines = ANSWERS[command]
    copy = (lines[which % len(lines)][:cut] + noise).strip()
    if not copy.startswith(("+", "!")) or ":" not in copy or command.startswith(("AT+CMG", "AT!")):
        return  # another URC, an echo or a text
    good = facts(said(command, lines).readings)
    told, shown = heard(command, [copy, *lines])
    assert [fact for fact in good if fact not in told] == []
    assert copy in shown or len(told) >= len(good)


@given(
    st.lists(st.sampled_from(["+CPIN: READY", "+CPIN: x", "noise", "+CSQ: 20,99", PDU, "+CMGL: 1,1,,30"]), max_size=12)
)
@settings(max_examples=60, deadline=None)
def test_each_line_is_read_or_shown(lines: list[str]) -> None:
    exchanges = list(decode("\n".join(["AT+CMGL=4;+CPIN?;+CSQ", *lines, "OK"])))
    shown = [line for one in exchanges for line in (*one.unknown, *one.urcs)]
    readings = [reading for one in exchanges for reading in one.readings]
    for line in set(lines):
        assert line in shown or readings


def each_alone(lines: Sequence[str]) -> tuple[Reading, ...]:
    return tuple(Sim("ready", pin_retries=int(line)) for line in lines if line.isdecimal())


def only_the_first(lines: Sequence[str]) -> tuple[Reading, ...]:
    return each_alone(lines[:1])


def only_the_last(lines: Sequence[str]) -> tuple[Reading, ...]:
    return each_alone(lines)[-1:]


def both_or_nothing(lines: Sequence[str]) -> tuple[Reading, ...]:
    return (Clock("2026-11-22T08:00:00"),) if list(lines) == ["date", "time"] else ()


def test_what_a_reader_passes_over_is_shown() -> None:
    assert shared_out(each_alone, ["1", "x", "2"])[1] == [1]
    assert shared_out(only_the_first, ["1", "2"])[1] == [1]
    assert shared_out(only_the_last, ["1", "2"])[1] == [0]
    assert shared_out(only_the_first, ["x", "2"]) == (each_alone(["2"]), [0])


def test_what_only_tells_together_is_read_beside_a_stray_line() -> None:
    whole = both_or_nothing(["date", "time"])
    for lines, stray in ((["x", "date", "time"], 0), (["date", "x", "time"], 1), (["date", "time", "x", "y"], 2)):
        readings, missed = shared_out(both_or_nothing, lines)
        assert readings == whole
        assert missed[0] == stray


def contexts_of(lines: Sequence[str]) -> tuple[Reading, ...]:
    """One list of all."""
    found = tuple(Context(int(line), "IP") for line in lines if line.isdecimal())
    return (Contexts(found),) if found else ()


def in_pairs(lines: Sequence[str]) -> tuple[Reading, ...]:
    """A header, and what it announces in the next line."""
    return tuple(Sim("ready") for header, body in pairwise(lines) if header.startswith("+H:") and body == "body")


def the_first_context(lines: Sequence[str]) -> tuple[Reading, ...]:
    return (Contexts((Context(1, "IP", None if lines[0] == "poor" else "cmiot"),)),) if lines else ()


def test_nothing_is_read_of_nothing() -> None:
    assert shared_out(each_alone, []) == ((), [])
    assert shared_out(each_alone, ["x"]) == ((), [0])
    assert shared_out(each_alone, ["1"]) == (each_alone(["1"]), [])


def test_damaged_lines_in_front_hide_nothing_however_many() -> None:
    assert shared_out(only_the_first, ["x", "y", "3"]) == (each_alone(["3"]), [0, 1])
    assert shared_out(both_or_nothing, ["date", "time", *"abcdefghijkl"]) == (
        both_or_nothing(["date", "time"]), [*range(2, 14)],
    )  # fmt: skip


def test_of_two_that_are_in_each_others_way_the_richer_one_is_read() -> None:
    assert shared_out(the_first_context, ["poor", "rich"]) == (the_first_context(["rich"]), [0])


def test_what_either_of_two_lines_completes_is_read() -> None:
    def either(lines: Sequence[str]) -> tuple[Reading, ...]:
        return both_or_nothing(["date", "time"]) if lines[:1] == ["date"] and len(lines) > 1 else ()

    assert shared_out(either, ["date", "here", "there"])[0] == both_or_nothing(["date", "time"])


def test_what_is_said_twice_is_read_though_something_else_is_passed_over() -> None:
    assert shared_out(only_the_last, ["1", "2", "2"])[1] == [0]


def test_a_heading_counts_as_read_if_anything_was() -> None:
    assert shared_out(each_alone, ["Tries: ", "3"])[1] == []
    assert shared_out(each_alone, ["Tries:", "x"])[1] == [0, 1]


def test_what_hangs_on_a_line_is_not_cut_from_it() -> None:
    readings, missed = shared_out(in_pairs, ["stray", *["+H: 1", "body"] * 300])
    assert (len(readings), missed) == (300, [0])


def test_each_part_of_many_lines_is_compared_with_itself() -> None:
    lines = [str(place) for place in range(100)]
    assert shared_out(contexts_of, [*lines, "x", *lines[:50]]) == (contexts_of([*lines, *lines[:50]]), [100])


@pytest.mark.parametrize("count", [255, 256, 257, 500])
def test_lines_beyond_what_a_reader_looks_at_are_read_too(count: int) -> None:
    one = said("AT+CGACT?", [f"+CGACT: {place % 200},1" for place in range(count)])
    assert (len(one.readings), one.unknown) == (count, ())


@pytest.mark.parametrize(("reader", "most"), [(only_the_last, 200), (each_alone, 12), (contexts_of, 12)])
def test_the_work_does_not_grow_with_the_square_of_the_lines(
    reader: Callable[[Sequence[str]], tuple[Reading, ...]], most: int
) -> None:
    """Counted, not timed: how often a line is looked at."""
    looks = 0

    def counted(lines: Sequence[str]) -> tuple[Reading, ...]:
        nonlocal looks
        looks += len(lines)
        return reader(lines)

    lines = [str(place % 10) for place in range(500)]
    shared_out(counted, lines)
    assert looks < most * len(lines)
