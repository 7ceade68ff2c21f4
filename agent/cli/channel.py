"""The way to the modem for what takes more than one AT command: the daemon's, or our own where there is none."""

from contextlib import closing

from agent.cli.context import EXIT_USAGE, CliError, Context
from agent.cli.own_line import own_line
from agent.config import load
from agent.control import Json, NoDaemon, Refused, ask_daemon
from agent.find_port import ask_all, choose, modem_devices
from agent.messaging import KEPT, LONGEST_S, OPERATIONS
from agent.recover.hold import Speaker
from agent.settings import ModemPart
from modem.client import Modem
from modem.errors import ModemError, PortBusy, PortMissing
from modem.port import SerialPort

DAEMON_S = LONGEST_S + 90.0
"""The daemon's answer may have to wait for a look that is going on."""
START_S = 8.0
PROBE_S = 3.0


def through_modem(request: Json, context: Context, port: str | None = None) -> Json:
    """The result of one of `messaging.OPERATIONS`; `port` is opened past any daemon.

    Raises CliError for a request that is wrong, Refused, ModemError, ConfigError.
    """
    try:
        work = OPERATIONS[str(request["op"])](request)
        config = load(context.config_path)
        if port is None:
            try:
                return ask_daemon(config.run_dir, request, DAEMON_S)
            except NoDaemon:
                pass  # then we may have the port ourselves
            if config.modem.backend == "modemmanager":
                return _kept(request, config.modem.port)
        with own_line(config, "messages") as line, closing(_started(port, config.modem, line)) as modem:
            return work(modem, lambda _events: None)
    except Refused as refusal:
        if refusal.code == "bad_request":
            raise CliError(str(refusal), EXIT_USAGE) from None
        raise


def _kept(request: Json, port: str) -> Json:
    """From ModemManager's own messages, where it has the modem and no daemon runs."""
    from modem.modemmanager import ModemManager, messages

    read = KEPT.get(str(request["op"]))
    if read is None:
        raise PortBusy('ModemManager has the modem (modem.backend = "modemmanager"): only its messages can be read')
    with ModemManager() as manager:
        return read(request)(messages(manager, manager.find(port)))


def _started(port: str | None, settings: ModemPart, line: Speaker) -> Modem:
    device = port or settings.port
    with line.whole():
        found = _found() if device == "auto" else device
    modem = Modem(SerialPort(found, settings.baud), restore_settings=settings.restore_settings, gate=line)
    try:
        modem.start(START_S)
    except ModemError:
        modem.close()
        raise
    return modem


def _found() -> str:
    """The port that answers AT, or why the likeliest does not let us ask it."""
    devices = modem_devices()
    device, trouble = choose(devices, ask_all(devices, PROBE_S))
    if trouble is not None:
        raise trouble
    if device is None:
        raise PortMissing("no port answers; posagent ports shows what there is")
    return device
