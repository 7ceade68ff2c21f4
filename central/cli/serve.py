"""`posagent-central serve`."""

import argparse
import logging
import sys

from central.cli import settings as setting_flags

HELP = "Take reports in from terminals and show the console, until SIGTERM."
EXITS = {0: "stopped in order", 1: "it could not start, or failed", 2: "wrong usage", 10: "configuration not valid"}
EXAMPLES = [
    "posagent-central serve --database ./central.db",
    "posagent-central serve --listen 0.0.0.0:8480 --operator-token-file ./token --tls-cert c.pem --tls-key k.pem",
]


class _Lines(logging.Formatter):
    """One event, one line: foreign text cannot begin another."""

    def format(self, record: logging.LogRecord) -> str:
        from central.text import printable

        first, *rest = super().format(record).splitlines() or [""]
        return "\n".join([printable(first, 2000), *(f"  {printable(line, 2000)}" for line in rest)])


def arguments(parser: argparse.ArgumentParser) -> None:
    setting_flags.arguments(parser)


def run(options: argparse.Namespace) -> int:
    from central import server

    chosen = setting_flags.settings(options)
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=chosen.log.level.upper(), handlers=[handler])
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)
    server.run(chosen)
    return 0
