"""Writes the pages that come from the code, so that they cannot disagree with it.

python docs/generate.py           write docs/technicians.*.md and docs/commands.md
python docs/generate.py --check   exit 1 if one of them is not what would be written
"""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from agent import cli  # noqa: E402
from agent.assess.conditions import CATALOGUE  # noqa: E402
from agent.locale import Lang, text  # noqa: E402

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


PAGES = {
    "docs/technicians.en.md": lambda: technicians("en"),
    "docs/technicians.zh.md": lambda: technicians("zh"),
    "docs/commands.md": commands,
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
