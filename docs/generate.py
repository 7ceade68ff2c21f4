"""Writes the pages that come from the code, so that they cannot disagree with it.

python docs/generate.py           write docs/technicians.*.md and .html (to print on two pages), docs/commands.md,
                                  the tables of docs/modem.md and central/words/verdicts.json
python docs/generate.py --check   exit 1 if one of them is not what would be written
"""

import argparse
import html
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from agent import cli  # noqa: E402
from agent.assess.conditions import CATALOGUE  # noqa: E402
from agent.at_guard import DENIED  # noqa: E402
from agent.locale import Lang, text  # noqa: E402
from modem.moves import NEXT, Move  # noqa: E402

_TECHNICIANS: dict[Lang, tuple[str, ...]] = {
    "en": (
        "# For field technicians: what each verdict means and what to do",
        "",
        "Run `posagent diag` on the terminal. It names one cause, shows what it saw, and says the first step. It needs",
        "no network; `posagent diag --no-network` spends not one byte of the card. The code at the end of the verdict",
        "is the same in every language: read it out on the phone.",
        "",
        "Causes are told apart from the bottom up: port, modem, card, radio, registration, data session, network,",
        "centre, plan. What follows from another fault is recorded, not shown as the cause.",
        "",
        "| code | what it means | first step | how it differs from its neighbours |",
        "|---|---|---|---|",
    ),
    "zh": (
        "# 现场维护人员：各结论的含义和处理办法",
        "",
        "在终端上运行 `posagent diag`。它给出一个原因、依据和第一步该做什么。不需要网络；",
        "`posagent diag --no-network` 不消耗流量卡的任何流量。结论末尾的代码在各语言中相同，电话里照读即可。",
        "",
        "判断从下往上进行：串口、模块、卡、射频、注册、数据会话、网络、管理中心、套餐。",
        "由别的故障引起的现象只记录，不作为原因显示。",
        "",
        "| 代码 | 含义 | 第一步 | 与相近情况的区别 |",
        "|---|---|---|---|",
    ),
}
_STYLE = """
@page { size: A4; margin: 9mm 10mm; }
body { font: 9.5pt/1.35 "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif; margin: 1em; }
h1 { font-size: 1.4em; margin: 0 0 .3em; }
p { margin: 0 0 .3em; }
table { border-collapse: collapse; width: 100%; }
th, td { border: .3pt solid #888; padding: .8pt 3pt; text-align: left; vertical-align: top; }
td:nth-child(2) { font-weight: bold; }
tr { break-inside: avoid; }
thead { display: table-header-group; }
code { font: .92em "DejaVu Sans Mono", monospace; }
@media print { body { font-size: 8pt; line-height: 1.22; margin: 0; } }
"""
_PAGE = """<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<h1>{title}</h1>
{intro}<table>
<colgroup><col style="width: 16%"><col style="width: 17%"><col style="width: 33%"><col style="width: 34%"></colgroup>
<thead><tr>{head}</tr></thead>
<tbody>
{rows}
</tbody>
</table>
</body>
</html>
"""
_COMMANDS = (
    "# The commands of posagent",
    "",
    "Every command takes `--config FILE` (else `$POSAGENT_CONFIG`, else `/etc/posagent/config.toml`), `--lang zh|en`",
    '(else the locale\'s) and `--json`. With `--json` an error is JSON too: `{"error": {"code", "message"}}`.',
    "Colour shows on a terminal only, and not with `NO_COLOR` set.",
    "",
    "## Exit codes",
    "",
    "| code | meaning |",
    "|---|---|",
)


def technicians(lang: Lang) -> str:
    rows = [_row(code, lang) for code in CATALOGUE]
    return "\n".join((*_TECHNICIANS[lang], *rows)) + "\n"


def _row(code: str, lang: Lang) -> str:
    words = text(code, lang)
    first = words.technician[0] if words.technician else ""
    cells = (f"`{code}`", words.title, first, words.apart)
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def printed(lang: Lang) -> str:
    """The same for paper: two pages of A4, by hand from a browser or with `chromium --headless --print-to-pdf`."""
    title, intro, heads = _spoken(lang)
    rows = "\n".join(_printed_row(code, lang) for code in CATALOGUE)
    head = "".join(f"<th>{_marked(cell)}</th>" for cell in heads)
    body = "".join(f"<p>{_marked(paragraph)}</p>\n" for paragraph in intro)
    return _PAGE.format(
        lang="zh-CN" if lang == "zh" else "en", title=_marked(title), intro=body, head=head, rows=rows, style=_STYLE
    )


def _spoken(lang: Lang) -> tuple[str, list[str], list[str]]:
    """Title, paragraphs and heads of the columns, out of what stands above the table."""
    paragraphs = "\n".join(_TECHNICIANS[lang][1:-2]).strip().split("\n\n")
    gap = "" if lang == "zh" else " "
    heads = [cell.strip() for cell in _TECHNICIANS[lang][-2].strip("|").split("|")]
    return _TECHNICIANS[lang][0].removeprefix("# "), [gap.join(one.split("\n")) for one in paragraphs], heads


def _printed_row(code: str, lang: Lang) -> str:
    words = text(code, lang)
    first = words.technician[0] if words.technician else ""
    name = re.sub(r"([._])", r"\1<wbr>", code)  # where a narrow column may break it
    cells = "".join(f"<td>{_marked(cell)}</td>" for cell in (words.title, first, words.apart))
    return f"<tr><td><code>{name}</code></td>{cells}</tr>"


def _marked(words: str) -> str:
    return re.sub(r"`([^`]*)`", r"<code>\1</code>", html.escape(words, quote=False))


def commands() -> str:
    exits = [f"| {code} | {meaning[0]} |" for code, meaning in cli.EXITS.items()]
    return "\n".join((*_COMMANDS, *exits, *(line for name in cli.available() for line in _command(name)))) + "\n"


def _command(name: str) -> tuple[str, ...]:
    command = cli.load(name)
    parser = argparse.ArgumentParser(
        f"posagent {name}", add_help=False, formatter_class=lambda prog: argparse.HelpFormatter(prog, width=100)
    )
    command.arguments(parser)
    exits = ", ".join(f"{code} {meaning}" for code, meaning in command.exits.items())
    return (
        "",
        f"## posagent {name}",
        "",
        f"{command.help[0].upper()}{command.help[1:]}.",
        "",
        "```",
        parser.format_help().strip(),
        "",
        *command.examples,
        "```",
        "",
        f"Exits: {exits}.",
    )


def modem() -> str:
    """docs/modem.md with its two tables as the code has them; the rest of the page is written by hand."""
    page = (ROOT / "docs" / "modem.md").read_text(encoding="utf-8")
    return _filled(_filled(page, "states", _states()), "guard", _guard())


def _filled(page: str, name: str, table: tuple[str, ...]) -> str:
    head, begin, rest = page.partition(f"<!-- {name}: generated by docs/generate.py -->\n")
    _, end, tail = rest.partition(f"<!-- /{name} -->")
    assert begin, f"docs/modem.md has lost its mark for {name}"
    assert end, f"docs/modem.md has lost the end of {name}"
    return head + begin + "\n" + "\n".join(table) + "\n\n" + end + tail


def _states() -> tuple[str, ...]:
    """Every move of the engine, but for the loss of the port, which all states have."""
    moves = [move for move in NEXT.items() if move[0][1] is not Move.PORT_LOST]
    arrows = [f"    {was.name} --> {to.name}: {move.name.lower()}" for (was, move), to in moves]
    return (
        "```mermaid",
        "stateDiagram-v2",
        "    [*] --> IDLE",
        *arrows,
        "```",
        "",
        "From every state `port_lost` → LOST.",
    )


def _guard() -> tuple[str, ...]:
    """Reasons only: the patterns, which Markdown would take for links, are in `posagent at --denied`."""
    return tuple(f"- {row.why_en}" for row in DENIED)


def verdicts() -> str:
    """The catalogue for the console, which knows nothing of the agent but what it sends: code → language → words."""
    words = {
        code: {
            lang: {"title": one.title, "steps": one.technician, "merchant": one.merchant, "centre": one.centre}
            for lang in ("zh", "en")
            for one in (text(code, lang),)
        }
        for code in CATALOGUE
    }
    return json.dumps(words, ensure_ascii=False, indent=1) + "\n"


PAGES = {
    "central/words/verdicts.json": verdicts,
    "docs/technicians.en.md": lambda: technicians("en"),
    "docs/technicians.zh.md": lambda: technicians("zh"),
    "docs/technicians.en.html": lambda: printed("en"),
    "docs/technicians.zh.html": lambda: printed("zh"),
    "docs/commands.md": commands,
    "docs/modem.md": modem,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    stale = [name for name, make in PAGES.items() if not (ROOT / name).exists() or (ROOT / name).read_text() != make()]
    if check:
        print("\n".join(f"{name} is stale: run python docs/generate.py" for name in stale), file=sys.stderr)
        return 1 if stale else 0
    for name in stale:
        (ROOT / name).write_text(PAGES[name](), encoding="utf-8")
        print(f"wrote {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
