"""What commands about people and programs share: who acts, what somebody sees, a password that is never on a command
line.
"""

import argparse
import os
import pwd
import sys
import time
from getpass import getpass
from pathlib import Path

from central.accounts.sight import EVERYTHING, Sight
from central.cli import EXIT_USAGE, CliError
from central.registry import Who

_LONGEST = 1000


def acting() -> Who:
    """Whoever runs the command, for the audit trail."""
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        name = str(os.getuid())
    return Who(f"cli:{name}", int(time.time()))


def sight_arguments(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what is seen: everything, or the terminals of these (each as often as needed)")
    group.add_argument("--merchant", action="append", metavar="NAME", help="those of this merchant")
    group.add_argument("--region", action="append", metavar="NAME", help="those in this region")
    group.add_argument("--tag", action="append", metavar="TAG", help="those with this tag")


def sight(options: argparse.Namespace) -> Sight:
    named = [frozenset(filter(None, given or ())) for given in (options.merchant, options.region, options.tag)]
    return Sight(False, *named) if any(named) else EVERYTHING  # noqa: FBT003 - in the order of its fields


def password_arguments(parser: argparse.ArgumentParser) -> None:
    text = "take it from this file's first line; - and no terminal: from standard input; else it is asked for twice"
    parser.add_argument("--password-file", metavar="FILE", help=text)


def kept_password(options: argparse.Namespace, name: str) -> str:
    """The hash of a new one; "" with --elsewhere. Raises CliError."""
    from central.accounts import passwords

    return "" if options.elsewhere else passwords.make(new_password(options, name))


def new_password(options: argparse.Namespace, name: str) -> str:
    """Raises CliError: too short, too easy, typed differently, or a file that cannot be read."""
    from central.accounts import passwords
    from central.words import word

    password = _given(options.password_file)
    try:
        passwords.check_new(password, name)
    except passwords.BadPassword as bad:
        raise CliError(word(str(bad), "en"), EXIT_USAGE) from None
    return password


def _given(file: str | None) -> str:
    if file not in (None, "-"):
        try:
            with Path(str(file)).open(encoding="utf-8") as lines:
                return lines.readline(_LONGEST).rstrip("\r\n")
        except (OSError, UnicodeDecodeError) as error:
            raise CliError(f"{file}: the password cannot be read: {error}") from None
    if file == "-" or not sys.stdin.isatty():
        return sys.stdin.readline(_LONGEST).rstrip("\r\n")
    password = getpass("New password: ")
    if password != getpass("Once more: "):
        raise CliError("the two passwords are not the same", EXIT_USAGE)
    return password
