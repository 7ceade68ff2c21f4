"""A capture as a persona: it says what the device said, and makes nothing up.

A command asked again gets the captured answers in order, then the last one again. Case does not matter. A compound
command is looked up whole, then part by part. A capture without an answer is silence. What the capture does not hold
is answered as any V.250 modem would (settings OK), else refused.

Echo is as captured. ATE0 and ATE1 of the client count for the answers captured before that ATE, and for all of them
where the capture has no such ATE: what the device did after its own ATE stays what it did (some restarted).
"""

import re
from dataclasses import replace

from modem.simulator.answer import Answer, chained, info, line, split_command
from modem.simulator.capture import Capture, Exchange
from modem.simulator.persona import Aftermath, Change
from modem.simulator.tables import octets

_FINAL = re.compile(
    rb"(?:\A|(?<=[\r\n]))(?:\r\n|\A)?(?:OK|ERROR|NO CARRIER|BUSY|NO ANSWER|COMMAND NOT SUPPORT"
    rb"|\+CM[ES] ERROR:[^\r\n]*|CONNECT(?: [0-9]+)?)[ ]*(?:\r\n|\r|\n|\Z)"
)
_SETTINGS = re.compile(r"AT(|Z|&F0?|[VQXH][0-9]?|E[01]?|\+(CMEE|C5?G?E?REG|CMGF|CSCS)=[^;?]+|\+COPS=3,[0-2])$")
_REGISTERS = {"ATS3?": "013", "ATS4?": "010", "ATS5?": "008"}
"""V.250 §6.2.1 to §6.2.3: every modem has them, and these values unless somebody set others."""
_NEVER = 1 << 30


class Recorded:
    """See the module's head. `urcs`: none, start (all at once when switched on) or between (one after each answer)."""

    def __init__(self, capture: Capture, urcs: str = "none") -> None:
        self.capture = capture
        self._answers: dict[str, list[tuple[int, Exchange]]] = {}
        for index, exchange in enumerate(capture.exchanges):
            self._answers.setdefault(_key(exchange.command), []).append((index, exchange))
        self._played: dict[str, int] = {}
        self._echo = bool(capture.exchanges) and capture.exchanges[0].echoes
        self._echo_rule: tuple[int, bool] | None = None
        self._cmee = 0
        self._first = [line(text) for text in capture.urcs] if urcs == "start" else []
        self._between = [line(text) for text in capture.urcs] if urcs == "between" else []

    def answer(self, command: str) -> Answer | None:
        known = self._captured(command)
        if known is not None:
            return self._played_back(command, *known)
        parts = split_command(command)
        if len(parts) > 1:
            return self._compound(command, parts)
        answer = replace(self._usual(command), echo=octets(command + "\r") if self._echo else b"")
        self._echo = self._echo_after(command)
        return answer

    def payload(self, _command: str, _data: bytes, /) -> Answer:
        return self._refusal()

    def aftermath(self) -> Aftermath:
        return Aftermath()

    def pass_time(self, seconds: float) -> None:
        """A capture has no clock."""

    def apply(self, change: Change) -> list[bytes]:
        return [line(text) for text in change.urcs]

    def restart(self) -> list[bytes]:
        """Echo is as at the capture's beginning again; nothing is said that the device did not say."""
        self._echo = bool(self.capture.exchanges) and self.capture.exchanges[0].echoes
        self._echo_rule = None
        self._cmee = 0
        return []

    def first_lines(self) -> list[bytes]:
        return self._first

    def between(self) -> bytes | None:
        return self._between.pop(0) if self._between else None

    def _captured(self, command: str) -> tuple[int, Exchange] | None:
        key = _key(command)
        known = self._answers.get(key)
        if not known:
            return None
        turn = min(self._played.get(key, 0), len(known) - 1)
        self._played[key] = turn + 1
        return known[turn]

    def _played_back(self, command: str, index: int, exchange: Exchange) -> Answer | None:
        self._note_setting(command, index)
        if exchange.reply is None:
            return None
        answer = self._echoed(_parted(exchange), command, index)
        self._echo = bool(answer.echo)
        self._echo = self._echo_after(command)
        cuts = self.capture.chunks_of(exchange.command)
        return replace(answer, cuts=cuts, gap_s=self.capture.chunk_gap_s) if cuts else answer

    def _echoed(self, answer: Answer, command: str, index: int) -> Answer:
        if self._echo_rule is None or index >= self._echo_rule[0]:
            return answer
        wanted = self._echo_rule[1]
        if wanted == bool(answer.echo):
            return answer
        return replace(answer, echo=octets(command + "\r") if wanted else b"")

    def _echo_after(self, command: str) -> bool:
        setting = _echo_setting(command)
        return setting == "1" if setting else self._echo

    def _note_setting(self, command: str, index: int) -> None:
        if echo := _echo_setting(command):
            self._echo_rule = (index, echo == "1")
        if found := re.fullmatch(r"AT\+CMEE=([012])", _key(command)):
            self._cmee = int(found[1])

    def _compound(self, command: str, parts: list[str]) -> Answer | None:
        answers: list[Answer] = []
        for part in parts:
            known = self._captured(part)
            answer = self._played_back(part, *known) if known else self._usual(part)
            if answer is None:
                return None
            answers.append(replace(answer, echo=b""))
            if not answer.ok:
                break
        echo = octets(command + "\r") if self._echo else b""
        return chained(answers).with_echo(echo)

    def _usual(self, command: str) -> Answer:
        """What the capture does not hold. The file's own header is all that is known of the module's identity."""
        key = _key(command)
        if not key.startswith("AT"):
            return Answer(final=b"")
        if _SETTINGS.match(key):
            self._note_setting(command, _NEVER)
            return Answer()
        if key in _REGISTERS:
            return info(_REGISTERS[key])
        head = self._identity(key)
        return info(*head) if head else self._refusal()

    def _identity(self, key: str) -> list[str]:
        vendor, model, firmware = (
            _stated(text) for text in (self.capture.vendor, self.capture.model, self.capture.firmware)
        )
        lines = {
            "ATI": [vendor, model, firmware and f"Revision: {firmware}"] if vendor and model else [],
            "AT+CGMI": [vendor],
            "AT+CGMM": [model],
            "AT+CGMR": [firmware],
        }
        return [text for text in lines.get(key, []) if text]

    def _refusal(self) -> Answer:
        """27.007, 9.2: 4 operation not supported, in the form that +CMEE asked for."""
        forms = ("ERROR", "+CME ERROR: 4", "+CME ERROR: operation not supported")
        return Answer(final=line(forms[self._cmee]))


def _stated(text: str) -> str:
    """A header's word without the remarks that people put behind it in brackets; "" where it says that it has none."""
    name = text.partition("(")[0].strip()
    return "" if "not stated" in text or not name.isprintable() else name


def _key(command: str) -> str:
    return command.strip().upper()


def _echo_setting(command: str) -> str:
    """ "0", "1" or "" for a command that does not set the echo. ATE alone is ATE0 (V.250, 6.2.4)."""
    found = re.fullmatch(r"AT(?:Q0)?(?:V1)?E([01]?)(?:V1|Q0|X0|S0=0|\+[^;]*)*", _key(command))
    return (found[1] or "0") if found else ""


def _parted(exchange: Exchange) -> Answer:
    """Echo, information, final result and what came after it, byte for byte."""
    reply, echo = exchange.reply or b"", exchange.echo
    inside = octets(exchange.command + "\r")
    if exchange.echo_in_reply and reply.startswith(inside):
        echo, reply = inside, reply[len(inside) :]
    finals = list(_FINAL.finditer(reply))
    if not finals:
        return Answer((reply,), b"", echo)
    last = finals[-1]
    body = (reply[: last.start()],) if last.start() else ()
    opens = b"CONNECT" in last[0]
    return Answer(body, last[0], echo, reply[last.end() :], opens_data=opens)
