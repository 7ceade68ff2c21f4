"""Manual pages and shell completion of our two commands, made from their parsers, so that they cannot disagree.

python debian/manuals.py posagent|posagent-central DIR     writes DIR/usr/share/{man,bash-completion,zsh,fish}/…
Needs argparse-manpage and shtab beside the package itself.
"""

import argparse
import sys
from pathlib import Path

import shtab
from argparse_manpage.manpage import Manpage

from agent import cli
from agent.version import VERSION
from central.cli import parser as central_parser

PLACES = {
    "bash": "usr/share/bash-completion/completions/{name}",
    "zsh": "usr/share/zsh/vendor-completions/_{name}",
    "fish": "usr/share/fish/vendor_completions.d/{name}.fish",
}
SUMMARIES = {
    "posagent": "says why a POS terminal is, or is about to be, offline",
    "posagent-central": "the centre of a fleet of posagent terminals",
}
FILES = {
    "posagent": ("/etc/posagent/config.toml", "/etc/posagent/conf.d/*.toml", "/var/lib/posagent", "/run/posagent"),
    "posagent-central": ("/etc/posagent-central/config.toml", "/var/lib/posagent-central"),
}


def whole_parser(name: str) -> argparse.ArgumentParser:
    """All commands in one parser, as people see them."""
    if name == "posagent-central":
        return central_parser("")  # every command's own options
    top = argparse.ArgumentParser("posagent", description=SUMMARIES[name])
    top.add_argument("--version", action="version", version=VERSION)
    commands = top.add_subparsers(metavar="COMMAND")
    for each in cli.available():
        command = cli.load(each)
        exits = "; ".join(f"{code} {meaning}" for code, meaning in command.exits.items())
        one = commands.add_parser(each, help=cli.COMMANDS[each][0], description=f"{command.help}. Exit codes: {exits}.")
        one.add_argument("--config", metavar="FILE", help="settings").complete = shtab.FILE  # type: ignore[attr-defined]
        one.add_argument("--lang", choices=("zh", "en"), help="language (default: the locale's)")
        one.add_argument("--json", action="store_true", help="for programs")
        command.arguments(one)
    return top


def manual(name: str, parser: argparse.ArgumentParser) -> str:
    """The page in roff."""
    page = Manpage(parser)
    page.prog, page.source, page.manual = name, f"posagent {VERSION}", "posagent manual"
    page.description = SUMMARIES[name]
    exits = [f".TP\n.B {code}\n{meaning[0]}" for code, meaning in cli.EXITS.items()] if name == "posagent" else []
    files = [f".TP\n.I {path}" for path in FILES[name]]
    more = [".SH EXIT STATUS", *exits] if exits else []
    return "\n".join([str(page), *more, ".SH FILES", *files]) + "\n"


def main() -> None:
    name, root = sys.argv[1], Path(sys.argv[2])
    parser = whole_parser(name)
    _write(root / f"usr/share/man/man1/{name}.1", manual(name, parser))
    for shell, place in PLACES.items():
        _write(root / place.format(name=name), shtab.complete(parser, shell=shell))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
