"""Long words over CoAP go in blocks (RFC 7959), both ways, within the protection: a datagram stays below any MTU."""

from collections import OrderedDict
from dataclasses import dataclass, field

from aiocoap.message import Message
from aiocoap.numbers.codes import Code

from agent.wire import MAX_BODY_BYTES
from agent.wire.oscore import BLOCK_BYTES, BLOCK_SZX
from central.ingest.coap_keys import put
from central.intake import Refused

_ASSEMBLIES = 500


@dataclass(slots=True)
class Blocks:
    """One body and one answer under way for each terminal."""

    _bodies: "OrderedDict[str, bytearray]" = field(default_factory=OrderedDict)
    _answers: "OrderedDict[str, Message]" = field(default_factory=OrderedDict)

    def whole(self, terminal: str, inner: Message) -> bytes | None:
        """The body; None while blocks of it are still to come. Raises Refused."""
        block = inner.opt.block1
        if block is None:
            return bytes(inner.payload)
        held = self._bodies.get(terminal) if block.block_number else bytearray()
        if held is None or len(held) != block.start:
            raise Refused(408, "cut_off", "a block is missing: begin again")
        held += inner.payload
        if len(held) > MAX_BODY_BYTES:
            self._bodies.pop(terminal, None)
            raise Refused(413, "too_large", f"a body has at most {MAX_BODY_BYTES} bytes")
        if block.more:
            put(self._bodies, terminal, held, _ASSEMBLIES)
            return None
        self._bodies.pop(terminal, None)
        return bytes(held)

    def go_on(self, inner: Message) -> Message:
        """The answer to a block that others follow."""
        answer = Message(code=Code.CONTINUE)
        answer.opt.block1 = inner.opt.block1
        return answer

    def first(self, terminal: str, answer: Message) -> Message:
        """All of an answer, or the beginning of one whose rest will be asked for."""
        if len(answer.payload) <= BLOCK_BYTES:
            return answer
        put(self._answers, terminal, answer, _ASSEMBLIES)
        return _part(answer, 0)

    def next(self, terminal: str, inner: Message) -> Message | None:
        """What follows of the last answer; None: `inner` does not ask for that. Raises Refused."""
        block = inner.opt.block2
        if block is None or not block.block_number:
            return None
        held = self._answers.get(terminal)
        if held is None or block.size_exponent != BLOCK_SZX or block.start >= len(held.payload):
            raise Refused(408, "cut_off", "there is no such block: begin again")
        part = _part(held, block.block_number)
        if not part.opt.block2.more:
            del self._answers[terminal]
        return part


def _part(answer: Message, number: int) -> Message:
    start = number * BLOCK_BYTES
    part = Message(code=answer.code, payload=answer.payload[start : start + BLOCK_BYTES])
    part.opt.block2 = (number, start + BLOCK_BYTES < len(answer.payload), BLOCK_SZX)
    return part
