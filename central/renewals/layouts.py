"""Orders as carriers' portals read them: tables of columns, so that another portal is another table. Pure.

No carrier publishes the template of its order sheet: portals offer it after signing in, and change it. The shipped
headings are what the fields are called in those carriers' public API descriptions and in resellers' sheets; layouts of
your own stand in `layouts_file`, under a shipped name to replace that one (docs/renewals.en.md).
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from central.config import ConfigError
from central.renewals.records import Renewal, shown
from central.renewals.worklist import Offer

FIELDS = (
    "number", "iccid", "iccid19", "msisdn", "terminal", "name", "merchant", "shop", "carrier", "account", "plan",
    "plan_name", "months", "why", "ends_on", "expected", "price", "currency", "batch", "one",
)  # fmt: skip
"""What a column can hold. `iccid19`: without the check digit; `one`: the number 1 (a quantity)."""
TEXT = "text:"
"""Before a text that stands in every row, such as how the order takes effect."""


@dataclass(frozen=True, slots=True)
class Layout:
    name: str
    title: str
    columns: tuple[tuple[str, str], ...]
    """(heading, one of FIELDS, or TEXT and what is to stand there)"""


LAYOUTS: Mapping[str, Layout] = {
    one.name: one
    for one in (
        Layout("full", "posagent", tuple((field, field) for field in FIELDS if field not in ("iccid19", "one"))),
        Layout(
            "onelink",
            "中国移动 OneLink",
            (("物联卡号", "msisdn"), ("ICCID", "iccid"), ("套餐名称", "plan_name"), ("订购周期(月)", "months")),
        ),
        Layout(
            "ctwing",
            "中国电信 CTWing / 5G 连接管理",
            (("接入号", "msisdn"), ("ICCID", "iccid"), ("套餐编码", "plan"), ("续订周期(月)", "months")),
        ),
        Layout(
            "unicom",
            "中国联通 物联网平台",
            (("ICCID", "iccid"), ("接入号码", "msisdn"), ("资费计划", "plan_name"), ("期数", "one")),
        ),
        Layout(
            "jasper",
            "Cisco Control Center",
            (("ICCID", "iccid"), ("MSISDN", "msisdn"), ("Rate Plan", "plan"), ("Term (months)", "months")),
        ),
        Layout(
            "reseller",
            "代理商 / 卡商",
            (
                ("序号", "number"),
                ("ICCID", "iccid"),
                ("卡号", "msisdn"),
                ("套餐", "plan_name"),
                ("续费月数", "months"),
                ("单价", "price"),
                ("到期日", "ends_on"),
                ("门店", "shop"),
                ("终端号", "terminal"),
            ),
        ),
    )
}


def read(path: Path) -> dict[str, Layout]:
    """The shipped ones and those of `path`. Raises ConfigError."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from None
    found = dict(LAYOUTS)
    for name, given in document.items():
        columns = given.get("columns") if isinstance(given, dict) else None
        if not isinstance(columns, list) or not columns or not all(_is_column(one) for one in columns):
            raise ConfigError(
                f'{path}: {name}: columns = [["Heading", "iccid"], …]; known: {", ".join(FIELDS)}, or "{TEXT}…"'
            )
        found[name] = Layout(name, str(given.get("title", name)), tuple((one[0], one[1]) for one in columns))
    return found


def table(
    layout: Layout, rows: Sequence[Renewal], offers: Mapping[str, Offer], names: Mapping[str, str]
) -> tuple[list[str], list[dict[str, str]]]:
    """Headings and rows of an order. `names`: terminal → what people call it."""
    headings = [heading for heading, _ in layout.columns]
    made = [_cells(number, one, offers.get(one.plan or ""), names) for number, one in enumerate(rows, start=1)]
    return headings, [{heading: _cell(cells, field) for heading, field in layout.columns} for cells in made]


def _cells(number: int, one: Renewal, offer: Offer | None, names: Mapping[str, str]) -> dict[str, str]:
    values: dict[str, object] = {
        "number": number,
        "iccid19": one.iccid[:19],
        "name": names.get(one.terminal, ""),
        "plan_name": (offer.name or offer.id) if offer else one.plan,
        "months": offer.months if offer else None,
        "ends_on": one.period,
        "price": shown(one.price),
        "one": 1,
    }
    values |= {name: getattr(one, name) for name in FIELDS if name not in values}
    return {name: "" if value is None else str(value) for name, value in values.items()}


def _cell(cells: Mapping[str, str], field: str) -> str:
    return field.removeprefix(TEXT) if field.startswith(TEXT) else cells[field]


def _is_column(one: object) -> bool:
    return (
        isinstance(one, list)
        and len(one) == 2
        and isinstance(one[0], str)
        and 0 < len(one[0]) <= 60
        and isinstance(one[1], str)
        and (one[1] in FIELDS or (one[1].startswith(TEXT) and len(one[1]) <= 100))
    )
