"""Tables in and out as CSV and XLSX, safe for the programs people open them with. Pure: bytes to rows and back.

Rules
- A text that a spreadsheet would take for a formula (= + - @, tab, return) leaves with an apostrophe in CSV and as text
  in XLSX; what comes in with that apostrophe loses it. A formula that comes in is refused: who knows its value.
- Numbers that a spreadsheet has rounded (an ICCID has 20 digits, it keeps 15) are refused, with what to do about it.
- CSV leaves as UTF-8 with a mark, which Excel needs for Chinese; in come UTF-8 and GB 18030.
"""

import csv
import io
import tempfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from importlib.util import find_spec
from typing import IO

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024
MAX_BESIDE = 8 * 1024 * 1024
"""Of what is no table (styles, pictures): openpyxl reads some of it whole, at fifty times its size in memory."""
MAX_ROWS = 100_000
MAX_CELL = 2000
_RISKY = ("=", "+", "-", "@", "\t", "\r")
_TABLE_PARTS = ("xl/worksheets/", "xl/sharedStrings.xml")
_EXACT = 10**15
_SMALL = 1024 * 1024
"""A workbook up to this size stays in memory."""
_XLSX = b"PK\x03\x04"

Row = Mapping[str, str]


class BadSheet(ValueError):
    """The file cannot be read as a table; the message names the row where there is one."""


def read(content: bytes) -> list[tuple[int, dict[str, str]]]:
    """Rows by the names of the first line, each with its number in the file, without empty ones. Raises BadSheet."""
    if len(content) > MAX_BYTES:
        raise BadSheet(f"the file is larger than {MAX_BYTES // 1024 // 1024} MB")
    lines = _read_xlsx(content) if content.startswith(_XLSX) else _read_csv(content)
    found: list[tuple[int, dict[str, str]]] = []
    names: list[str] = []
    for number, cells in enumerate(lines, start=1):
        if number > MAX_ROWS:
            raise BadSheet(f"more than {MAX_ROWS} rows")
        if not any(cells):
            continue
        if not names:
            names = _names(cells)
            continue
        if any(cells[len(names) :]):
            raise BadSheet(f"row {number}: more cells than the first line has names")
        found.append((number, dict(zip(names, cells, strict=False))))
    if not names:
        raise BadSheet("the file is empty")
    return found


def csv_head(names: Sequence[str]) -> bytes:
    """The first line of a sheet that is made in parts, with the mark that Excel needs."""
    return (",".join(names) + "\r\n").encode("utf-8-sig")


def csv_lines(names: Sequence[str], rows: Iterable[Row]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerows([_guarded(row.get(name, "")) for name in names] for row in rows)
    return out.getvalue().encode("utf-8")


class XlsxSheet:
    """A workbook made in parts: rows go to a file as they come, so that a hundred thousand of them take no memory.
    Every cell is a text: nothing is rounded, nothing is a formula. Blocks. Raises BadSheet without openpyxl.
    """

    def __init__(self, names: Sequence[str]) -> None:
        _need_openpyxl()
        import openpyxl

        self._names = names
        self._book = openpyxl.Workbook(write_only=True)
        self._sheet = self._book.create_sheet("posagent")
        self._append(names)

    def add(self, rows: Iterable[Row]) -> None:
        for row in rows:
            self._append([row.get(name, "") for name in self._names])

    def done(self) -> IO[bytes]:
        """The workbook, from its beginning, to be closed."""
        made: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=_SMALL)  # noqa: SIM115 - the caller's
        self._book.save(made)
        made.seek(0)
        return made

    def _append(self, values: Sequence[str]) -> None:
        import openpyxl.cell

        cells = []
        for value in values:
            cell = openpyxl.cell.WriteOnlyCell(self._sheet, value=_clean(value))
            cell.data_type = "s"
            cell.number_format = "@"
            cells.append(cell)
        self._sheet.append(cells)


def _names(cells: Sequence[str]) -> list[str]:
    names = [cell.strip().lower() for cell in cells]
    while names and not names[-1]:
        names.pop()
    if "" in names or len(set(names)) != len(names):
        raise BadSheet("the first line names each column, each name once")
    return names


def _read_csv(content: bytes) -> Iterable[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError:
            raise BadSheet("the text is neither UTF-8 nor GB 18030") from None
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            yield [_bounded(_unguarded(cell)) for cell in cells]
    except csv.Error as error:
        raise BadSheet(f"not CSV: {error}") from None


def _read_xlsx(content: bytes) -> Iterable[list[str]]:
    _need_openpyxl()
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            beside = sum(part.file_size for part in parts if not part.filename.startswith(_TABLE_PARTS))
            if beside > MAX_BESIDE or sum(part.file_size for part in parts) > MAX_UNPACKED:
                raise BadSheet("the file unpacks to too much")
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        for number, row in enumerate(sheet.iter_rows(max_row=MAX_ROWS + 1, max_col=100), start=1):
            yield [_bounded(_cell(cell.data_type, cell.value, number)) for cell in row]
    except BadSheet:
        raise
    except Exception as error:  # openpyxl meets a broken file with whatever it stumbles over
        raise BadSheet(f"not a workbook that can be read ({type(error).__name__})") from None


def _cell(kind: str, value: object, number: int) -> str:
    if value is None:
        return ""
    if kind == "f":
        raise BadSheet(f"row {number}: a formula; paste its value instead")
    if isinstance(value, int | float) and not isinstance(value, bool):
        if abs(value) >= _EXACT:
            raise BadSheet(
                f"row {number}: a number that the spreadsheet has rounded; make the column text and enter it anew"
            )
        return str(int(value)) if float(value).is_integer() else str(value)
    if hasattr(value, "isoformat"):
        return str(value.isoformat())[:10]
    return _unguarded(str(value))


def _bounded(text: str) -> str:
    if len(text) > MAX_CELL:
        raise BadSheet(f"a cell of more than {MAX_CELL} characters")
    return text.strip()


def _guarded(text: str) -> str:
    text = _clean(text)
    return f"'{text}" if text.startswith(_RISKY) else text


def _unguarded(text: str) -> str:
    return text[1:] if text.startswith("'") and text[1:].startswith(_RISKY) else text


def _clean(text: str) -> str:
    """Without control characters, which no cell may hold (XML 1.0, section 2.2)."""
    return "".join(char for char in text if char >= " " or char in "\t\n\r")[:MAX_CELL]


def _need_openpyxl() -> None:
    if find_spec("openpyxl") is None:
        raise BadSheet("XLSX needs openpyxl: pip install 'posagent[central]'; CSV works without")
