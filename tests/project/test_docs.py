"""Documents and code say the same: settings, exit codes, verdict codes, commands, links."""

import argparse
import re
import runpy
from pathlib import Path

import pytest

from agent import cli

ROOT = Path(__file__).parents[2]
DOCS = sorted((ROOT / "docs").glob("**/*.md"))
GENERATED = runpy.run_path(str(ROOT / "docs" / "generate.py"))["PAGES"]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


SPOKEN = [f"docs/technicians.{lang}.{kind}" for lang in ("en", "zh") for kind in ("md", "html")]


@pytest.mark.parametrize("page", [*SPOKEN, "central/words/verdicts.json"])
def test_technicians_read_what_the_catalogue_says(page: str) -> None:
    assert read(page) == GENERATED[page](), "run python docs/generate.py"


def test_exit_codes_are_documented_and_no_command_invents_one() -> None:
    table = set(map(int, re.findall(r"^\| (\d+) \|", read("docs/commands.md"), flags=re.M)))
    assert table == set(cli.EXITS)
    assert not [name for name in cli.available() if not set(cli.load(name).exits) <= table]


@pytest.mark.parametrize("name", cli.available())
def test_every_option_of_a_command_is_documented(name: str) -> None:
    # Not compared letter by letter: argparse words its help differently from one Python to the next.
    section = read("docs/commands.md").partition(f"## posagent {name}\n")[2].partition("\n## ")[0]
    parser = argparse.ArgumentParser(add_help=False)
    cli.load(name).arguments(parser)
    options = {word for line in parser.format_help().splitlines() for word in re.findall(r"(?<!\w)--[a-z-]+", line)}
    assert section, "run python docs/generate.py"
    assert not [option for option in options if option not in section]


@pytest.mark.parametrize("name", cli.available())
def test_every_command_shows_examples_and_a_one_line_help(name: str) -> None:
    command = cli.load(name)
    assert command.help
    assert "\n" not in command.help
    assert command.examples
    assert not [example for example in command.examples if "posagent" not in example]


@pytest.mark.parametrize("document", [ROOT / "README.md", *DOCS], ids=lambda path: path.name)
def test_links_inside_the_project_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))
    local = [link for link in links if "://" not in link and not link.startswith("mailto:")]
    assert not [link for link in local if not (document.parent / link).exists()]


def test_the_readme_names_the_two_commands_that_do_all_the_set_up() -> None:
    text = read("README.md")
    assert "make demo" in text
    assert "make test" in text
    assert "make test" in read(".ci/run")
