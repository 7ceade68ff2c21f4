"""The modem, observed. The one sampler that speaks to a modem: all others may import only its values and texts."""

from agent.sample.modem.look import Asker, Depth, ModemPart, read_card, read_modem, seconds_of
from agent.sample.modem.patient import PatientModem
from agent.sample.modem.questions import LIGHT_COMMANDS

__all__ = ["LIGHT_COMMANDS", "Asker", "Depth", "ModemPart", "PatientModem", "read_card", "read_modem", "seconds_of"]
