"""Whether the sender may speak about the plan at all.

- no sender given: the text alone decides;
- a carrier's own number or name: it may, and the carrier is known;
- a private mobile number, a bank's or another authority's short number: never, whatever is signed under it, because a
  copied carrier text is the usual shape of fraud;
- China's 106… gateways, and names or short numbers nobody knows: they may when the text bears a carrier's, acquirer's
  or card seller's signature or speaks of the mobile trade; sender and signature of two carriers do not fit: nothing.
"""

import re

from agent.plan.messages.carriers import by_sender, signed
from agent.plan.messages.carriers.base import Carrier

_PRIVATE = re.compile(r"(?:\+|00)?86-?1[3-9]\d{9}|1[3-9]\d{9}|(?:\+|00)(?!86)\d{9,15}")
_AUTHORITY = re.compile(
    r"(?:86)?(?:95\d{3,6}|96\d{3,6}|12\d{3}|110|1069\d{0,4}95\d{3})|(?:[A-Za-z]{2}-)?.{0,8}(?:BANK|BNK|HDFC|ICICI"
    r"|SBI|AXIS(?=BK)|PHONPE|PHONEPE|GPAY|BHIM|MOBIKW|FRCHRG|ZERODH|BOIIND|KOTAK|PNB|CANBNK|PAYTM|MPESA|M-PESA"
    r"|PAYPAL|AMAZON|GOOGLE|WHATSAPP|FACEBOOK|UBER).{0,8}",
    re.IGNORECASE,
)


_GIVEN_OUT = re.compile(r"\d{2,4}")
"""Numbers only a network gives out: 777, 1155."""


def is_strange(sender: str | None) -> bool:
    """Whether somebody is named as the sender whom no table knows; not so where none is given, or 777."""
    header = (sender or "").strip()
    return bool(header) and _GIVEN_OUT.fullmatch(header) is None


_INDIAN = re.compile(r"([A-Za-z]{2}-?[A-Za-z0-9]{3,9})-([STGP])")
"""TRAI's headers since 2024 end with what they carry: service, transaction, government, promotion."""


def judged(sender: str | None, plain: str, country: str | None = None) -> tuple[bool, Carrier | None]:
    """(may it speak, the carrier that the sender is)."""
    header = (sender or "").strip()[:40]
    suffixed = _INDIAN.fullmatch(header)
    if suffixed is not None and suffixed[2] == "P":
        return False, None
    header = suffixed[1] if suffixed else header
    number = re.sub(r"[\s()-]", "", header)
    if not number:
        return True, None
    carrier = by_sender(number.removeprefix("+86").removeprefix("0086"), country) or by_sender(header, country)
    if carrier is not None:
        other = signed(plain)
        clash = (
            other is not None
            and other is not carrier
            and carrier.country == "CN"
            and _brackets(plain, other)
            and other.senders
        )
        return not clash, carrier
    return not (_PRIVATE.fullmatch(number) or _AUTHORITY.fullmatch(header)), None


def _brackets(plain: str, carrier: Carrier) -> bool:
    return any(f"【{word}】" in plain for word in carrier.signatures)
