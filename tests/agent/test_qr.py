"""The QR code of a diagnosis: what a phone reads is what the terminal said. Read by ZXing, as phones do."""

from typing import Any

import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.assess.diagnosis import diagnose
from agent.qr import MAX_CHARACTERS, BadCode, Form, drawn, payload, read
from agent.report import diag_report
from modem.values import Cause
from tests.fakes.snapshots import healthy, off_network, unknown

SCALE = 4
UNDER = {"▀": (1, 0), "▄": (0, 1), "█": (1, 1), " ": (0, 0)}


def report(snapshot: Any) -> dict[str, Any]:
    return diag_report(snapshot, diagnose(snapshot), lang="zh", via="direct", duration_s=1, data_cost_bytes=0)


def scanned(lines: list[str], form: Form, *, light_ink: bool) -> list[str]:
    """What a camera makes of the screen."""
    if form == "blocks":
        cells = [[UNDER[char][half] for char in line] for line in lines for half in (0, 1)]
    else:
        cells = [[int(pair != " ") for pair in line[::2]] for line in lines]
    dark = 0 if light_ink else 1
    rows = [bytes(0 if cell == dark else 255 for cell in row for _ in range(SCALE)) for row in cells]
    image = b"".join(row * SCALE for row in rows)
    picture = memoryview(image).cast("B", shape=[len(rows) * SCALE, len(rows[0])])
    return [found.text for found in zxingcpp.read_barcodes(picture)]


@pytest.mark.parametrize("light_ink", [True, False])
@pytest.mark.parametrize("form", ["blocks", "ascii"])
@pytest.mark.parametrize("snapshot", [healthy(), off_network("denied", Cause("emm", 8)), unknown()])
def test_a_phone_reads_what_the_terminal_said(snapshot: Any, form: Form, light_ink: bool) -> None:
    made = report(snapshot)
    lines = drawn(made, "shop-0042", 200, 200, form, light_ink=light_ink)
    assert scanned(lines, form, light_ink=light_ink) == [payload(made, "shop-0042")]


@pytest.mark.parametrize("snapshot", [healthy(), off_network("denied", Cause("emm", 8))])
def test_it_fits_the_smallest_usual_screen_and_is_still_read(snapshot: Any) -> None:
    lines = drawn(report(snapshot), "shop-0042-counter-3", 80, 24, "blocks", light_ink=True)
    assert len(lines) <= 24
    assert {len(line) for line in lines} <= set(range(81))
    (text,) = scanned(lines, "blocks", light_ink=True)
    assert {"V", "C", "T", "Z", "I"} <= read(text).keys()


def test_the_fields_say_verdict_terminal_card_and_readings() -> None:
    fields = read(payload(report(off_network("denied", Cause("emm", 8))), "shop-0042"))
    assert (fields["V"], fields["T"], fields["N"], fields["R"]) == (
        "REGISTRATION.DENIED",
        "SHOP-0042",
        "EMM/8",
        "DENIED",
    )
    assert fields["I"] == off_network("denied").sim.iccid
    assert fields["Z"].endswith("Z")


def test_what_fits_less_is_left_out_but_never_card_and_verdict() -> None:
    made = report(healthy())
    short = payload(made, "shop-0042", 0)
    assert list(read(short)) == ["V", "C", "T", "Z", "I"]
    assert len(short) < len(payload(made, "shop-0042")) <= MAX_CHARACTERS


@given(st.text(max_size=80), st.text(max_size=80))
@settings(max_examples=60, deadline=None)
def test_any_name_is_carried_in_the_codes_own_letters(terminal: str, model: str) -> None:
    text = payload({"verdict": {"code": "ok"}, "modem": {"model": model}}, terminal)
    assert set(text) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")
    assert read(text.lower())["V"] == "OK"


@pytest.mark.parametrize(
    "text", ["", "POSAGENT1", "POSAGENT1 V:OK K:0000", "https://example.org", payload({}, "T1")[:-1], " K:"]
)
def test_a_text_that_is_not_whole_is_refused(text: str) -> None:
    with pytest.raises(BadCode):
        read(text)


@pytest.mark.parametrize("made", [{}, {"sim": 5, "data": {"contexts": [None]}, "network": []}])
def test_a_report_of_another_version_is_carried_as_far_as_it_goes(made: dict[str, Any]) -> None:
    assert read(payload(made, ""))["V"] == "UNSURE"
