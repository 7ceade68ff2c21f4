"""Putting one question to the carrier and waiting for its answer, which may come in another way and in parts.

Runs where the modem is owned; `Talk` is how it speaks, so that tests and both ways of messages bring their own. The
wait is a value that the caller keeps through restarts; nothing here sleeps.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from typing import Any, Literal, Protocol

from agent.plan.asking import WAIT_S, Query
from agent.sample.base import PlanFact
from modem.frozen import dataclass

Outcome = Literal["answered", "waiting", "no_answer", "refused", "nothing"]
"""answered: facts came; waiting: an SMS is to come; nothing: an answer without a fact (a menu, an advert)."""
QUIET_S = 45.0
"""After the first part of an answer: so long more parts may follow."""
MAX_TEXT = 4000


@dataclass(frozen=True, slots=True)
class Said:
    """What came back by USSD."""

    text: str | None
    by_sms: bool = False
    """It only says that an SMS will follow."""
    refused: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """One SMS, its parts put together as far as they came."""

    sender: str
    text: str
    at: float | None
    """Wall seconds by the network's stamp."""
    on_card: bool = True
    """Kept on the card itself; False: in the modem, which keeps what it received for other cards."""


class Talk(Protocol):
    """The modem's two ways to the carrier. Each may raise what the modem raises."""

    def ussd(self, code: str) -> Said: ...

    def send(self, number: str, text: str) -> bool:
        """True when all of it was taken by the network."""

    def messages(self) -> Sequence[Message]:
        """All that the store holds, whoever sent it."""


Reader = Callable[[str, str | None, float | None, Literal["carrier_sms", "carrier_ussd"]], Sequence[PlanFact]]
"""Text, sender, wall seconds, way → the facts it holds; none for what is not the carrier's."""


@dataclass(frozen=True, slots=True)
class Wait:
    """A question whose answer is to come by SMS."""

    query: str
    answers_from: tuple[str, ...]
    asked_at: float
    card: str
    heard_at: float | None = None
    """When the first part of an answer was seen."""

    def json(self) -> dict[str, Any]:
        return asdict(self)


def wait_from(value: dict[str, Any] | None) -> Wait | None:
    """What `Wait.json` made, as far as it is readable."""
    if value is None:
        return None
    query, senders, card = value.get("query"), value.get("answers_from"), value.get("card")
    asked, heard = value.get("asked_at"), value.get("heard_at")
    if not (isinstance(query, str) and isinstance(card, str) and isinstance(asked, int | float)):
        return None
    names = tuple(name for name in senders if isinstance(name, str)) if isinstance(senders, list | tuple) else ()
    return Wait(query, names, float(asked), card, float(heard) if isinstance(heard, int | float) else None)


@dataclass(frozen=True, slots=True)
class Put:
    """How putting a question went."""

    outcome: Outcome
    facts: tuple[PlanFact, ...] = ()
    wait: Wait | None = None


def put(query: Query, card: str, talk: Talk, read: Reader, now: float) -> Put:
    """One question, at once."""
    wait = Wait(query.key, query.answers_from, now, card)
    if query.channel == "sms":
        return Put("waiting", wait=wait) if talk.send(query.to, query.text) else Put("refused")
    said = talk.ussd(query.text)
    if said.refused:
        return Put("refused")
    if said.by_sms:
        return Put("waiting", wait=wait)
    if not said.text:
        return Put("no_answer")
    facts = tuple(read(said.text[:MAX_TEXT], None, now, "carrier_ussd"))
    return Put("answered" if facts else "nothing", facts)


def listen(wait: Wait, messages: Iterable[Message], read: Reader, now: float) -> Put:
    """Is the answer there? Called again and again until the outcome is no more "waiting"."""
    answers = [message for message in messages if _answers(wait, message)]
    facts = facts_of(answers, read)
    if not answers:
        late = now - wait.asked_at > WAIT_S or now < wait.asked_at - WAIT_S
        return Put("no_answer") if late else Put("waiting", wait=wait)
    heard = wait.heard_at if wait.heard_at is not None else now
    if 0 <= now - heard < QUIET_S:
        return Put("waiting", facts, Wait(wait.query, wait.answers_from, wait.asked_at, wait.card, heard))
    return Put("answered" if facts else "nothing", facts)


def facts_of(messages: Sequence[Message], read: Reader) -> tuple[PlanFact, ...]:
    """Of each message by itself, and of them all as one text: some carriers cut their answers by hand."""
    found = [fact for message in messages for fact in read(message.text, message.sender, message.at, "carrier_sms")]
    by_sender: dict[str, list[Message]] = {}
    for message in sorted(messages, key=lambda message: message.at or 0.0):
        by_sender.setdefault(message.sender, []).append(message)
    for sender, parts in by_sender.items():
        if len(parts) > 1 and not found:
            joined = "".join(part.text for part in parts)[:MAX_TEXT]
            found += read(joined, sender, parts[-1].at, "carrier_sms")
    return tuple(dict.fromkeys(found))


def _answers(wait: Wait, message: Message) -> bool:
    """From the right sender, and not from before the question (networks' clocks differ by minutes)."""
    sender = message.sender.lstrip("+").removeprefix("86")
    right = sender.startswith(wait.answers_from) if wait.answers_from else len(sender) <= 8
    return right and (message.at is None or message.at >= wait.asked_at - 300.0)
