"""`--help` in Chinese: argparse's own words, what each option does, what an exit code means. Loaded only to show it."""

import argparse
from collections.abc import Iterable

from agent.cli import Help
from agent.cli.columns import wrap
from agent.locale.zh_help import EXITS, HELP


class ChineseHelp(Help):
    """As `Help`, with lines broken where Chinese may be, by the columns they take."""

    def start_section(self, heading: str | None) -> None:
        super().start_section(said(heading) if heading else heading)

    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[argparse._MutuallyExclusiveGroup],
        prefix: str | None = None,
    ) -> None:
        super().add_usage(usage, actions, groups, HELP["usage: "] if prefix is None else prefix)

    def _get_help_string(self, action: argparse.Action) -> str | None:
        return said(action.help) if action.help else action.help

    def _split_lines(self, text: str, width: int) -> list[str]:
        return wrap(text, width)


def said(english: str) -> str:
    """In Chinese; a list behind the words ("whose modem it is …: quectel, simcom") stays as it is."""
    if english in HELP:
        return HELP[english]
    head, colon, names = english.partition(": ")
    return f"{HELP[head]}：{names}" if colon and head in HELP else english


def exit_meaning(english: str) -> str:
    return EXITS.get(english, english)
