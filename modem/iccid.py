"""The number of a SIM card: read from every shape modems give it, and who issued it.

EF_ICCID (31.101 §13.2) is ten bytes of swapped nibbles padded with F; some modems hand the bytes over as they are.
China Mobile stores the letters A to F as part of the number from its seventh character on. Luhn is not enforced:
real cards fail it. An ICCID names the issuer of the card, not the network in use; for that the IMSI is better.
"""

import re

from modem.again import again

_ALLOWED = re.compile(r"89[0-9]{4}[0-9A-F]{12,14}")
_SWAPPED_CHARS = 20
_CONTROL = re.compile(r"[\s\"']")

CHINA_BY_PLMN = {
    "46000": "China Mobile",
    "46002": "China Mobile",
    "46004": "China Mobile",
    "46007": "China Mobile",
    "46008": "China Mobile",
    "46013": "China Mobile",
    "46001": "China Unicom",
    "46006": "China Unicom",
    "46009": "China Unicom",
    "46010": "China Unicom",
    "46003": "China Telecom",
    "46005": "China Telecom",
    "46011": "China Telecom",
    "46012": "China Telecom",
    "46015": "China Broadnet",
    "46020": "China Mobile",
}
"""First five digits of an IMSI → carrier."""

ISSUERS = {
    "898600": "China Mobile",
    "898602": "China Mobile",
    "898604": "China Mobile",
    "898607": "China Mobile",
    "898608": "China Mobile",
    "898601": "China Unicom",
    "898609": "China Unicom",
    "898603": "China Telecom",
    "898611": "China Telecom",
    "898615": "China Broadnet",
    "8985231": "China Telecom Hong Kong",
    "8985201": "China Mobile Hong Kong",
    "8985307": "China Telecom Macau",
    "8988228": "1NCE",
    "8988323": "Twilio Super SIM",
    "8988307": "Twilio Super SIM",
    "8988303": "EMnify",
    "8901410": "AT&T",
    "8901260": "T-Mobile US",
    "896601": "AIS",
    "896603": "AIS",
    "896623": "AIS",
    "896618": "dtac",
    "896605": "dtac",
    "896647": "dtac",
    "896600": "TrueMove H",
    "896604": "TrueMove H",
    "896699": "TrueMove H",
    "896405": "Spark New Zealand",
}
"""ICCID prefix → issuer, longest prefix first. Only prefixes on which several sources agree."""

DISPUTED = {
    "898605": "China Telecom",
    "898606": "China Unicom",
    "898613": "China Mobile",
    "8985302": "China Telecom Macau",
}
"""Prefixes that sources give to different carriers, or that one source only names: said only if the IMSI agrees or is
silent about China; 898606 is Unicom in two public tables and Telecom in a third."""

_PLMN_DIGITS = 5


def normalise(text: str) -> str | None:
    """The ICCID in `text` as 18 to 20 characters in capitals, padding dropped; None if there is none.

    Takes quotes, blanks, swapped nibbles ("98…" with exactly 20 characters) and padding F at the end. A 32-digit EID
    begins 89 as well and is refused by its length.
    """
    digits = _CONTROL.sub("", text[:64]).upper()
    if digits.startswith("98") and len(digits) == _SWAPPED_CHARS:
        digits = "".join(digits[at + 1] + digits[at] for at in range(0, _SWAPPED_CHARS, 2))
    digits = digits.rstrip("F")
    return digits if _ALLOWED.fullmatch(digits) else None


def from_ef(text: str) -> str | None:
    """The ICCID in the content of EF 2FE2 as +CRSM hands it over: ten bytes, swapped; what begins with 89 was not."""
    digits = _CONTROL.sub("", text[:64])
    return normalise(digits) if len(digits) == _SWAPPED_CHARS else None


@again
def same_card(one: str, other: str) -> bool:
    """Are two readings one card? Two numbers of one length must be equal; modems differ in giving the check digit, so
    one number may lack the other's last digit."""
    first, second = sorted((normalise(one) or "", normalise(other) or ""), key=len)
    if not first or len(second) - len(first) > 1:
        return False
    return second.startswith(first)


def carrier_of_imsi(imsi: str | None) -> str | None:
    """The home carrier for the Chinese ranges; None elsewhere (the widths of foreign MNCs differ)."""
    return CHINA_BY_PLMN.get((imsi or "")[:_PLMN_DIGITS])


def issuer(iccid: str | None, imsi: str | None = None) -> str | None:
    """Who issued the card, by the longest known prefix; a disputed prefix is settled by the IMSI, else None."""
    if not iccid:
        return None
    for length in (7, 6):
        prefix = iccid[:length]
        if prefix in ISSUERS:
            return ISSUERS[prefix]
        if prefix in DISPUTED:
            return carrier_of_imsi(imsi)
    return None
