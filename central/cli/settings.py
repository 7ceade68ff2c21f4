"""Settings for a command: the configuration file with the command's flags on top."""

import argparse
import os
from pathlib import Path

from central.cli import common
from central.config import SECTIONS, Settings, load


def arguments(one: argparse.ArgumentParser) -> None:
    """A flag for every setting."""
    common(one)
    for section, model in SECTIONS.items():
        group = one.add_argument_group(f"settings, section [{section}]")
        for key, field in model.model_fields.items():
            if key == "database":
                continue  # a flag of every command
            default = "" if field.default == "" else f" (default {field.default})"
            text = f"{field.description}{default}".replace("%", "%%")
            group.add_argument(f"--{key.replace('_', '-')}", dest=key, metavar="VALUE", help=text)


def settings(options: argparse.Namespace) -> Settings:
    """Raises ConfigError."""
    named = options.config or os.environ.get("POSAGENT_CENTRAL_CONFIG")
    return load(Path(named) if named else None, vars(options))
