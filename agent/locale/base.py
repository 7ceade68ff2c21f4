"""What a language has to offer: the words for every condition, candidate, gap and label. Data, and nothing else."""

from collections.abc import Mapping

from modem.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One condition in words, for the three who read it."""

    title: str
    """Fits 40 display columns in Chinese, 60 in English."""
    merchant: str
    """One sentence for the shop: what it means for payment and whom to call. With its code it fits one SMS."""
    technician: tuple[str, ...]
    """Steps, the first one first; each fits 78 columns."""
    centre: str
    """For whoever watches the fleet: what it usually comes from and what can be done from afar."""
    apart: str
    """What tells it from its neighbours."""


@dataclass(frozen=True, slots=True)
class Language:
    conditions: Mapping[str, Text]
    candidates: Mapping[str, str]
    """What a refusal may come from → that cause, and what would separate it from the others."""
    gaps: Mapping[str, tuple[str, ...]]
    """The essential fact that is missing → the next test."""
    labels: Mapping[str, str]
    """Words of the text report."""
    progress: Mapping[str, str]
    """English beginning of a progress line → what stands for it."""
    restart: str
    """Said after causes that outlive their cure."""
    call: str
    """Puts a merchant's sentence and the code to read out together."""
