"""Tables in and out, safe for spreadsheets."""

import asyncio
import io
import tracemalloc
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from central import handed, sheets
from central.sheets import BadSheet

NAMES = ("terminal", "name")
RISKY = ["=1+1", "+86138", "-2", "@SUM(A1)", "\tx", "=cmd|' /C calc'!A0"]


def made(kind: str, given: list[dict[str, str]]) -> bytes:
    """A sheet as it is handed out."""
    out = io.BytesIO()
    assert asyncio.run(handed.write(out, kind, NAMES, handed.whole(given))) == len(given)
    return out.getvalue()


def rows(content: bytes) -> list[dict[str, str]]:
    return [row for _, row in sheets.read(content)]


@pytest.mark.parametrize("text", RISKY)
def test_no_cell_of_a_csv_begins_like_a_formula(text: str) -> None:
    line = made("csv", [{"terminal": "t-1", "name": text}]).decode("utf-8-sig").splitlines()[1]
    assert line.split(",", 1)[1].strip('"').startswith("'")


@pytest.mark.parametrize("text", RISKY)
def test_every_cell_of_a_workbook_is_a_text(text: str) -> None:
    content = made("xlsx", [{"terminal": "t-1", "name": text}])
    cell = openpyxl.load_workbook(io.BytesIO(content)).active["B2"]
    assert (cell.data_type, cell.value) == ("s", text)


def test_a_workbook_made_in_parts_holds_all_of_them_and_little_memory() -> None:
    sheet = sheets.XlsxSheet(NAMES)
    tracemalloc.start()
    for part in range(10):
        sheet.add([{"terminal": f"t-{part}-{number}", "name": "x" * 50} for number in range(300)])
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    with sheet.done() as done:
        found = rows(done.read())
    assert (len(found), found[-1]["terminal"]) == (3000, "t-9-299")
    assert kept < 150_000, "less than the texts that went in"


TEXT = (
    st.text(st.characters(exclude_categories=["C"]), max_size=30).map(str.strip).filter(lambda t: not t.startswith("'"))
)


@settings(deadline=None, max_examples=50)
@given(kind=st.sampled_from(handed.KINDS), names=st.lists(TEXT, max_size=5))
def test_what_goes_out_comes_in(kind: str, names: list[str]) -> None:
    given_rows = [{"terminal": f"t-{number}", "name": name} for number, name in enumerate(names)]
    assert rows(made(kind, given_rows)) == given_rows


def test_a_chinese_csv_of_an_old_excel_is_read() -> None:
    assert rows("terminal;name\r\nt-1;人民路店\r\n".encode("gb18030")) == [{"terminal": "t-1", "name": "人民路店"}]


def workbook(*lines: list[object]) -> bytes:
    book = openpyxl.Workbook()
    for line in lines:
        book.active.append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_formula_is_refused() -> None:
    with pytest.raises(BadSheet, match="row 2: a formula"):
        sheets.read(workbook(["terminal"], ["=1+1"]))


def test_a_number_the_spreadsheet_rounded_is_refused() -> None:
    with pytest.raises(BadSheet, match="rounded"):
        sheets.read(workbook(["iccid"], [89860000000000000001]))


def test_plain_numbers_and_days_are_texts() -> None:
    assert rows(workbook(["a", "b"], [7, 7.5])) == [{"a": "7", "b": "7.5"}]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"a,a\n1,2\n", "once"),
        (b"a,,b\n1,2,3\n", "names each column"),
        (b"a\n1,2\n", "row 2"),
        (b"\xff\xfe\x00\x81", "neither"),
        (b"PK\x03\x04 not a zip", "not a workbook"),
        (b"a\n" + b"x" * 3000 + b"\n", "more than 2000"),
        (b'a\n"x\n', "not CSV"),
        (b"x" * (sheets.MAX_BYTES + 1), "larger"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_is_no_table_is_said(content: bytes, said: str) -> None:
    with pytest.raises(BadSheet, match=said):
        sheets.read(content)


def test_a_workbook_that_unpacks_to_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/workbook.xml", b"0" * 1_000_000)
    monkeypatch.setattr(sheets, "MAX_UNPACKED", 100_000)
    with pytest.raises(BadSheet, match="unpacks"):
        sheets.read(packed.getvalue())


@given(st.binary(max_size=300))
def test_no_bytes_break_it(content: bytes) -> None:
    try:
        sheets.read(content)
    except BadSheet:
        return
