"""A module with a state as a persona: standard commands by the handlers, vendor commands by answer templates."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from modem.frozen import dataclass
from modem.simulator import basics, card, data, mail, network
from modem.simulator.answer import Answer, chained, info, line, split_command
from modem.simulator.figures import fill, words
from modem.simulator.messages import Message, dated, delivered
from modem.simulator.network import indications
from modem.simulator.persona import Aftermath, Change, Sms
from modem.simulator.request import parse
from modem.simulator.state import NOW, Modes, State, overlay
from modem.simulator.tables import octets
from modem.simulator.unit import Handler, Unit

HANDLERS: dict[str, Handler] = {
    **basics.HANDLERS,
    **network.HANDLERS,
    **card.HANDLERS,
    **data.HANDLERS,
    **mail.HANDLERS,
}
CONDITIONS: dict[str, Callable[[State], bool]] = {
    "always": lambda _: True,
    "sim_present": lambda state: state.sim_present and state.functionality != 0,
    "sim_ready": lambda state: state.sim_error is None,
    "radio_on": lambda state: state.radio_on,
    "registered": lambda state: state.registered,
    "data": lambda state: state.data_up,
}


@dataclass(frozen=True, slots=True)
class Canned:
    """One [[answer]]: the first whose command and condition fit is given."""

    command: str
    lines: tuple[str, ...] = ()
    when: str = "always"
    final: str = "OK"
    """`sim` refuses as the card's state has it; anything else is sent as it stands."""
    delay_s: float = 0.0


class Lte:
    def __init__(self, unit: Unit, canned: Sequence[Canned] = (), boot: Sequence[str] = ()) -> None:
        self.unit = unit
        self._canned: dict[str, list[Canned]] = {}
        for one in canned:
            self._canned.setdefault(one.command.upper(), []).append(one)
        self._boot = tuple(boot)
        self._messages = 0

    @property
    def state(self) -> State:
        return self.unit.state

    def answer(self, command: str) -> Answer | None:
        text = command.strip()
        if not text:
            return None
        echo = octets(command + "\r") if self.unit.modes.echo else b""
        if text[:2].upper() != "AT":
            return Answer(final=b"", echo=echo)
        whole = self._scripted(text)
        return (whole or self._executed(text)).with_echo(echo)

    def _executed(self, text: str) -> Answer:
        answers = []
        for part in split_command(text):
            answers.append(self._one(part))
            if not answers[-1].ok:
                break
        return chained(answers) if len(answers) > 1 else answers[0]

    def _one(self, command: str) -> Answer:
        scripted = self._scripted(command)
        if scripted is not None:
            return scripted
        request = parse(command)
        handler = HANDLERS.get(request.name) if request else None
        return handler(self.unit, request) if handler and request else self.unit.not_known()

    def _scripted(self, command: str) -> Answer | None:
        for one in self._canned.get(command.strip().upper(), []):
            if CONDITIONS[one.when](self.state):
                return replace(self._canned_answer(one), delay_s=one.delay_s)
        return None

    def _canned_answer(self, one: Canned) -> Answer:
        if one.final == "sim":
            return self.unit.refuse(self.state.sim_error or 13)
        if one.final.startswith("cme "):
            return self.unit.refuse(int(one.final[4:]))
        known = words(self.state)
        answer = info(*(fill(text, known) for text in one.lines))
        return answer if one.final == "OK" else replace(answer, final=line(one.final))

    def payload(self, _command: str, _data: bytes, /) -> Answer:
        """A message handed over for sending gets its reference (27.005, 3.5.1); nothing leaves."""
        self._messages += 1
        return info(f"+CMGS: {self._messages % 256}")

    def aftermath(self) -> Aftermath:
        unit = self.unit
        done = Aftermath(unit.later, unit.restart_wanted)
        unit.later, unit.restart_wanted = [], False
        return done

    def pass_time(self, seconds: float) -> None:
        self.unit.state = self.state.grown(seconds)

    def apply(self, change: Change) -> list[bytes]:
        before = self.state
        if change.settings is not None:
            after = overlay(before, change.settings)
            self.unit.state = replace(after, clock=before.clock) if after.clock == NOW else after
        lines = indications(before, self.state, self.unit.modes.reporting)
        for sms in change.sms:
            lines += self._arrived(sms)
        return lines + [line(text) for text in change.urcs]

    def _arrived(self, sms: Sms) -> list[bytes]:
        lines = []
        for message in self._pdus(sms):
            index = self.unit.store.add(message)
            if index is not None and self.unit.modes.cnmi_mt == 1:
                lines.append(line(f'+CMTI: "SM",{index}'))
        return lines

    def _pdus(self, sms: Sms) -> list[Message]:
        if sms.pdu:
            return [Message(sms.pdu.upper())]
        at = datetime.fromisoformat(self.state.clock)
        self._messages += 1
        return delivered(sms.sender, dated(sms.text, at), at, self.state.clock_zone, self._messages % 256)

    def restart(self) -> list[bytes]:
        unit = self.unit
        unit.modes = Modes()
        unit.change(functionality=1, selection=0)
        return [line(text) for text in self._boot if text != "+CPIN: READY" or self.state.sim == "ready"]

    def first_lines(self) -> list[bytes]:
        """A module that has been running for long has nothing to say when a client comes."""
        return []

    def between(self) -> bytes | None:
        return None
