"""A virtual modem: a peer written from manuals and captures, independent of our own engine.

    with VirtualModem("healthy-lte") as device:     # a pty, in real time
        ...
    port = MemoryPort(load("sim-pin"), FakeClock())  # read, write, close; no time passes

Nothing here imports modem.engine, lines, final, commands or dialects: a shared mistake would be invisible.
"""

from modem.simulator.loading import load, scenario_names
from modem.simulator.pipe import MemoryPort
from modem.simulator.script import DEFAULT_ANSWER_S, Script, persona_names
from modem.simulator.tables import ScriptError
from modem.simulator.virtual import VirtualModem

__all__ = [
    "DEFAULT_ANSWER_S",
    "MemoryPort",
    "Script",
    "ScriptError",
    "VirtualModem",
    "load",
    "persona_names",
    "scenario_names",
]
