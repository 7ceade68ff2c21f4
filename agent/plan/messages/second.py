"""A second opinion, learned: does a text sound like a statement about this line? Pure.

The reader's words and guards know what they were told; adverts, rules, wallets and other lines' news come in words
nobody has seen. The short runs of letters of some 7,000 labelled messages tell them apart well, also in languages where
few words are known: on sets it had not seen it stopped half of the false facts that older readers' first reading gave,
at the price of one true one in a hundred (docs/plan-messages.md). Less is asked of a number with its label than of an
event or a date that stands alone, and of a text that proves to be a mobile line's; and it holds nothing against what
it was not taught: the fewer of a text's letters it has met, the less is asked. It gives back in one case only: where it
is all but sure, a guard's suspicion of a line's text ("bank or wallet") is let go.

The weights are two tables (second_words), learned by bench/plan_messages_learn.py: one for Chinese, one for all others.
A run has its weight by its hash, so a table is some bytes, however many runs it knows (memory, on a terminal).
"""

import math
import re
from base64 import b85decode
from collections.abc import Iterable, Sequence
from functools import lru_cache
from zlib import crc32

from modem.frozen import dataclass

WHY = "does not sound like a statement about this line"
SIZE = 1 << 14
"""Places in a table: more of them tell no more (the left-out sets say so)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How likely a text must sound for its numbers, for a date that stands alone, for an event without a number."""

    numbers: float
    dates: float
    events: float
    unproven: float
    """Asked beyond that where neither a carrier's name nor a word of the mobile trade vouches for the text."""


CHINESE = Limits(numbers=0.18, dates=0.4, events=0.3, unproven=0.1)
WORLD = Limits(numbers=0.15, dates=0.3, events=0.15, unproven=0.15)

_RUNS = {True: (1, 2, 3), False: (3, 4, 5)}
"""Letters in a run: a Chinese sign says what elsewhere a syllable does."""
SURE = 0.9
"""Asked of a text that a guard suspects: above it no left-out negative stood that the guards below had stopped."""
MAY_ERR = frozenset({"bank or wallet", "another trade's signature"})
"""Guards that go by words a carrier may use too; a code, a fraud or a sender is not forgiven."""

MET_SIZE = 1 << 15
_TELLING = 3
_LEAST = 0.7
_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")
_MASK = re.compile(r"[*x]{2,}")
_SPACE = re.compile(r"\s+")


_EAST = re.compile("[ぁ-ゖァ-ヶ가-힣]")
_EAST_LINE = re.compile(
    r"データ(?:通信|容量|量|残|使用|利用|プラン|sim|チャージ)|通信(?:量|容量|速度|制限)|高速データ|モバイル(?:データ|通信|回线|sim)"
    r"|(?<![a-z])e?sim(?![a-z])|회선|回线|パケット|プリペイド|プラン(?:の)?(?:変更|は|が)"
    r"|데이터|유심|선불|요금제|알뜰폰|통신요금|수발신|발신"
)


def _is_unheard(plain: str) -> bool:
    """Whether it speaks of a mobile line in Japanese or Korean: the tables met some forty such messages, and know
    nothing of their letters. The words and guards alone decide: leniency alone lost some of their ends."""
    return bool(_EAST.search(plain) and _EAST_LINE.search(plain))


def runs(plain: str, *, chinese: bool) -> set[str]:
    """Every few letters that stand together; numbers are one letter, so are masks and spaces."""
    text = f"^{_SPACE.sub(' ', _NUMBER.sub('0', _MASK.sub('*', plain)))}$"
    return {text[at : at + size] for size in _RUNS[chinese] for at in range(len(text) - size + 1)}


def place(run: str) -> int:
    """Where in its table the weight of a run stands."""
    return _hash(run) % SIZE


def likely(plain: str, *, chinese: bool) -> float:
    """0 (an advert, a rule, somebody else's) to 1 (a statement about this line); more where few runs were ever met."""
    if not chinese and _is_unheard(plain):
        return 1.0
    found = runs(plain, chinese=chinese)
    told = _weighed(found, chinese=chinese)
    return told if chinese else min(1.0, told / lenience(found, _met()))


def is_sure(plain: str, *, chinese: bool) -> bool:
    """Whether it sounds so much like a statement about this line that a guard which `MAY_ERR` is not heeded."""
    return _weighed(runs(plain, chinese=chinese), chinese=chinese) >= SURE


def met_places(found: Iterable[str]) -> set[int]:
    """Where the bits stand that say whether its runs of three were met; of them alone, for a script is told by them."""
    return {_hash(one) % MET_SIZE for one in found if len(one) == _TELLING}


def lenience(found: Iterable[str], met: bytes) -> float:
    """What part of a limit holds for these runs: all of it where each was met, `_LEAST` where one in seven was not."""
    places = met_places(found)
    share = sum(met[one >> 3] >> (one & 7) & 1 for one in places) / (len(places) or 1)
    return max(_LEAST, 2 * share - 1)


def _weighed(found: Iterable[str], *, chinese: bool) -> float:
    bias, scale, weights = _table(chinese)
    places = {place(one) for one in found}
    total = sum(weights[one] for one in places) * scale / math.sqrt(len(places) or 1) + bias
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, total))))


def words_against(plain: str, most: int = 5, *, chinese: bool) -> list[str]:
    """The runs that spoke most against it, the heaviest first."""
    _, _, weights = _table(chinese)
    against = [(weights[place(one)], one) for one in runs(plain, chinese=chinese)]
    return [one for weight, one in sorted(against) if weight < 0][:most]


@lru_cache(maxsize=2)
def _table(chinese: bool) -> tuple[float, float, Sequence[int]]:  # noqa: FBT001 - a key of the cache
    """(bias, what one unit weighs, the weights as signed bytes)."""
    from agent.plan.messages import second_words  # noqa: PLC0415 - 40 KB that only a text with a fact needs

    bias, scale, packed = second_words.CHINESE if chinese else second_words.WORLD
    return bias, scale, memoryview(b85decode(packed)).cast("b")


@lru_cache(maxsize=1)
def _met() -> bytes:
    """A bit for each run of three that several messages beside Chinese had."""
    from agent.plan.messages import second_words  # noqa: PLC0415 - as above

    return b85decode(second_words.MET)


def _hash(run: str) -> int:
    return crc32(run.encode("utf-8", "replace"))
