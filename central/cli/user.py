"""`posagent-central user add|list|role|password|disable|enable|totp-reset`."""

import argparse
import asyncio
from collections.abc import Awaitable, Callable

from central.accounts.people import ROLES
from central.accounts.users import User, Users, checked_name
from central.cli import common, emit, people, say
from central.cli.settings import settings
from central.store.opening import open_store
from central.view import moment

HELP = "People who sign in to the console. Passwords are asked for, or come from standard input or a file."
EXITS = {0: "done", 1: "not done: taken, unknown, or no database", 2: "wrong usage", 10: "configuration not valid"}
EXAMPLES = [
    "posagent-central user add ada --role admin",
    "posagent-central user add bob --role technician --region 华东 --password-file ./first-password",
    "posagent-central user list",
    "posagent-central user totp-reset ada",
]
Act = Callable[[argparse.Namespace, Users], Awaitable[None]]


def arguments(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(metavar="ACTION", required=True)
    add = _action(actions, "add", _add, "somebody new, with a password")
    add.add_argument("--role", choices=ROLES, default="viewer", help="what he may do (default: viewer)")
    add.add_argument("--elsewhere", action="store_true", help="without a password: he signs in by oidc_issuer")
    role = _action(actions, "role", _role, "another role, or another sight")
    role.add_argument("role", choices=ROLES, metavar="ROLE", help=", ".join(ROLES))
    password = _action(actions, "password", _password, "a new password; he is signed out everywhere")
    for one in (add, password):
        people.password_arguments(one)
    for one in (add, role):
        people.sight_arguments(one)
    _action(actions, "disable", _disable, "refuse him, at once; his name stays in the trail")
    _action(actions, "enable", _enable, "let him in again")
    _action(actions, "totp-reset", _totp_reset, "take his second step away: he lost his authenticator")
    every = actions.add_parser("list", help="who may come in, as what, and sees what")
    common(every)
    every.set_defaults(act=_list)


def run(options: argparse.Namespace) -> int:
    store = open_store(settings(options).storage.database)
    try:
        asyncio.run(_as_none(options.act(options, Users(store))))
    finally:
        store.close()
    return 0


async def _as_none(work: Awaitable[None]) -> None:
    await work


def _action(
    actions: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, act: Act, summary: str
) -> argparse.ArgumentParser:
    one = actions.add_parser(name, help=summary, description=summary)
    one.add_argument("name", metavar="NAME", help="1 to 64 letters, digits, '.', '_', '@', '+' or '-'")
    common(one)
    one.set_defaults(act=act)
    return one


async def _add(options: argparse.Namespace, users: Users) -> None:
    name = checked_name(options.name)
    kept = people.kept_password(options, name)
    _tell(options, await users.add(name, kept, options.role, people.sight(options), people.acting()))


async def _role(options: argparse.Namespace, users: Users) -> None:
    name, seen = checked_name(options.name), people.sight(options)
    _tell(options, await users.set_role(name, options.role, seen, people.acting()))


async def _password(options: argparse.Namespace, users: Users) -> None:
    from central.accounts import passwords

    name = checked_name(options.name)
    await users.set_password(name, passwords.make(people.new_password(options, name)), people.acting())
    await _tell_of(options, users, name)


async def _disable(options: argparse.Namespace, users: Users) -> None:
    name = checked_name(options.name)
    await users.set_disabled(name, people.acting(), disabled=True)
    await _tell_of(options, users, name)


async def _enable(options: argparse.Namespace, users: Users) -> None:
    name = checked_name(options.name)
    await users.set_disabled(name, people.acting(), disabled=False)
    await _tell_of(options, users, name)


async def _totp_reset(options: argparse.Namespace, users: Users) -> None:
    name = checked_name(options.name)
    await users.set_totp(name, None, [], people.acting())
    await _tell_of(options, users, name)


async def _list(options: argparse.Namespace, users: Users) -> None:
    for user in await users.everybody():
        _tell(options, user)


async def _tell_of(options: argparse.Namespace, users: Users, name: str) -> None:
    user = await users.get(name)
    if user is not None:
        _tell(options, user)


def _tell(options: argparse.Namespace, user: User) -> None:
    if options.json:
        emit(user_json(user))
        return
    second = "second step" if user.totp else "password only" if user.password else "elsewhere"
    state = "disabled" if user.disabled_at is not None else second
    last = moment(user.signed_in_at) or "never"
    say(f"{user.name:<20} {user.role:<10} {state:<13} signed in {last:<20}  sees {user.sight.in_words()}")


def user_json(user: User) -> dict[str, object]:
    return {
        "name": user.name, "role": user.role, "sees": user.sight.in_words(),
        "second_step": user.totp is not None, "disabled_at": moment(user.disabled_at),
        "signed_in_at": moment(user.signed_in_at), "created_at": moment(user.created_at),
    }  # fmt: skip
