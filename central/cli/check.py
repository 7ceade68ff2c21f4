"""`posagent-central check`."""

import argparse
import asyncio
from pathlib import Path

from central.cli import EXIT_FAILURE, EXIT_OK, emit, say
from central.cli import settings as setting_flags
from central.config import Settings

HELP = "Check the configuration, the files it names and the database; nothing is changed."
EXITS = {0: "all is well", 1: "something is not", 2: "wrong usage", 10: "configuration not valid"}
EXAMPLES = ["posagent-central check", "posagent-central check --config ./config.toml --json"]


def arguments(parser: argparse.ArgumentParser) -> None:
    setting_flags.arguments(parser)


def run(options: argparse.Namespace) -> int:
    chosen = setting_flags.settings(options)
    problems = [*_server(chosen), *_database(chosen)]
    notes = _notes(chosen)
    if options.json:
        emit({"ok": not problems, "problems": problems, "notes": notes, "settings": _shown(chosen)})
    else:
        for line in [*(f"problem: {text}" for text in problems), *(f"note: {text}" for text in notes)]:
            say(line)
        say("not ready" if problems else "ready")
    return EXIT_FAILURE if problems else EXIT_OK


def _server(chosen: Settings) -> list[str]:
    from central.alerts.plan import read as read_plan
    from central.config import ConfigError, read_oidc_secret, read_operator_token
    from central.platforms.opening import opened
    from central.server import check_tls

    server, problems = chosen.server, []
    try:
        if server.operator_token_file:
            read_operator_token(Path(server.operator_token_file))
        elif not server.is_loopback and not _has_users(chosen):
            problems.append(f"listen = {server.listen}: not loopback, so users or operator_token_file are needed")
        if chosen.signin.oidc_issuer:
            read_oidc_secret(Path(chosen.signin.oidc_client_secret_file))
        check_tls(chosen)
        if chosen.alerts.alerts_file:
            read_plan(Path(chosen.alerts.alerts_file))
        opened(chosen)
    except ConfigError as error:
        problems.append(str(error))
    return problems


def _has_users(chosen: Settings) -> bool:
    """False too for a database that is not there, not up to date or not to be read."""
    from central.accounts.users import Users
    from central.store import opening
    from central.store.base import StoreError

    path, database = chosen.storage.path, chosen.storage.database
    if path is not None and not path.exists():
        return False
    try:
        if opening.pending(database):
            return False
        store = opening.open_store(database)
    except StoreError:
        return False
    try:
        return asyncio.run(Users(store).any())
    except StoreError:
        return False
    finally:
        store.close()


def _database(chosen: Settings) -> list[str]:
    from central.store import opening
    from central.store.base import StoreError

    path, shown = chosen.storage.path, opening.shown(chosen.storage.database)
    if path is not None and not path.exists():
        return [] if path.parent.is_dir() else [f"database {path}: no such directory"]
    try:
        waiting = opening.pending(chosen.storage.database)
    except StoreError as error:
        return [str(error)]
    return [f"database {shown}: migrations wait: {', '.join(waiting)}"] if waiting else []


def _notes(chosen: Settings) -> list[str]:
    notes = []
    if (path := chosen.storage.path) is not None:
        notes += [_whose(path)] if path.exists() else [f"database {path} will be made"]
    if not chosen.server.is_loopback and not chosen.server.tls_cert:
        notes.append("no tls_cert: credentials travel in the clear unless a proxy in front speaks HTTPS")
    return [note for note in notes if note]


def _whose(path: Path) -> str:
    """Empty where the database is its folder's owner's, who is the service."""
    folder = path.absolute().parent
    if path.stat().st_uid == folder.stat().st_uid:
        return ""
    return f"database {path} belongs to somebody else than its folder: chown --reference={folder} {path}*"


def _shown(chosen: Settings) -> dict[str, object]:
    from central.store.opening import shown

    return chosen.model_dump() | {"storage": {"database": shown(chosen.storage.database)}}
