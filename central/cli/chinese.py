"""`posagent-central --help` in Chinese: argparse's own words, what each option does, lines broken where they may be."""

import argparse
import re
import unicodedata
from collections.abc import Iterable

from central.words.cli import help_said

_STAYS_BEHIND = set("，。、；：？！）”…,.;:?!)")
"""No line begins with these (GB/T 15834)."""

_PIECE = re.compile(r"[!-~]+\s*|.", re.DOTALL)
"""A word with the space after it, or one wide character."""


class ChineseHelp(argparse.RawDescriptionHelpFormatter):
    def start_section(self, heading: str | None) -> None:
        super().start_section(help_said(heading) if heading else heading)

    def add_text(self, text: str | None) -> None:
        super().add_text(help_said(text) if text else text)

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, help_said("usage: ") if prefix is None else prefix)

    def _get_help_string(self, action: argparse.Action) -> str | None:
        return help_said(action.help) if action.help else action.help

    def _split_lines(self, text: str, width: int) -> list[str]:
        lines = [""]
        for piece in _PIECE.findall(text):
            if _columns(lines[-1] + piece.rstrip()) > width and piece[0] not in _STAYS_BEHIND:
                lines.append("")
            lines[-1] += piece
        return [line.strip() for line in lines]


def _columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)
