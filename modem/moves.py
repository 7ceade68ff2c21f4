"""The legal moves of the AT engine, one table: from which state which move leads where. Any other is a mistake.

Both are numbers: they are looked up several times a command, and a number is hashed without a call.
"""

from enum import IntEnum, auto


class State(IntEnum):
    IDLE = auto()
    PROMPTING = auto()
    """Sent; the modem shall ask for the payload."""
    WAITING = auto()
    FOLLOWING = auto()
    """OK came; information is still due."""
    RESYNC = auto()
    DATA = auto()
    """After CONNECT: the bytes are somebody else's."""
    LOST = auto()


class Move(IntEnum):
    SENT = auto()
    SENT_TO_PROMPT = auto()
    PROMPTED = auto()
    OK_FIRST = auto()
    FINISHED = auto()
    CONNECTED = auto()
    EXPIRED = auto()
    SYNCED = auto()
    CARRIER_LOST = auto()
    DATA_LEFT = auto()
    PORT_LOST = auto()


NEXT: dict[tuple[State, Move], State] = {
    (State.IDLE, Move.SENT): State.WAITING,
    (State.IDLE, Move.SENT_TO_PROMPT): State.PROMPTING,
    (State.PROMPTING, Move.PROMPTED): State.WAITING,
    (State.PROMPTING, Move.FINISHED): State.IDLE,
    (State.PROMPTING, Move.CONNECTED): State.DATA,
    (State.PROMPTING, Move.OK_FIRST): State.FOLLOWING,
    (State.PROMPTING, Move.EXPIRED): State.RESYNC,
    (State.WAITING, Move.FINISHED): State.IDLE,
    (State.WAITING, Move.CONNECTED): State.DATA,
    (State.WAITING, Move.OK_FIRST): State.FOLLOWING,
    (State.WAITING, Move.EXPIRED): State.RESYNC,
    (State.FOLLOWING, Move.FINISHED): State.IDLE,
    (State.FOLLOWING, Move.CONNECTED): State.DATA,
    (State.RESYNC, Move.SYNCED): State.IDLE,
    (State.DATA, Move.CARRIER_LOST): State.IDLE,
    (State.DATA, Move.DATA_LEFT): State.RESYNC,
} | {(state, Move.PORT_LOST): State.LOST for state in State}
