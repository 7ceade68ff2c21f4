"""`posagent-central serve`."""

import argparse

from central.cli import settings as setting_flags

HELP = "Take reports in from terminals and show the console, until SIGTERM."
EXITS = {0: "stopped in order", 1: "it could not start, or failed", 2: "wrong usage", 10: "configuration not valid"}
EXAMPLES = [
    "posagent-central serve --database ./central.db",
    "posagent-central serve --listen 0.0.0.0:8480 --operator-token-file ./token --tls-cert c.pem --tls-key k.pem",
]


def arguments(parser: argparse.ArgumentParser) -> None:
    setting_flags.arguments(parser)


def run(options: argparse.Namespace) -> int:
    from central import log, server

    chosen = setting_flags.settings(options)
    log.configure(chosen.log.level, chosen.log.format)
    server.run(chosen)
    return 0
