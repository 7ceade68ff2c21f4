"""Sentences that speak of something else (points, coupons, another number) as blanks, of the same length. Pure."""

import re
from datetime import date

from agent.plan.messages import european, negatives, stance

_SENTENCE = re.compile(r"(?:[^。!;\n.]|\.(?!\s|$))+")

_CLAUSE = re.compile(r"[^,]+")

_NOTE = re.compile(r"\([^()]{1,40}\)")
""" "(营销活动专用)" is a note in an answer."""

_TELLS_STATE = re.compile(
    r"(?:话费|账户|可用|当前|本机|号码)[^,]{0,6}余额[^,]{0,4}\d|(?:收到|成功)[^,]{0,6}(?:充值|缴费|交费)\d|(?:剩余?|已使?用)(?:流量|量)?[为是:]?\d[\d.]{0,8}[kmgt]"
)


_ITS_POINTS = re.compile(r"\d元[^。;]{0,24},(?:当前|可用)?积分(?:余额|为|:)?\s?\d+分?(?:[。;]|$)")
"""The last of an answer's items."""

_QUOTED = re.compile(r"(?:短信|消息|信息|收到)[^“\"。]{0,8}[“\"][^”\"]{4,80}[”\"]")
"""A message that tells of another one."""


def without_asides(plain: str, received: date | None = None) -> str:
    """Sentences about points, coupons and draws as blanks, so that their numbers are nobody's.

    Where the same sentence tells a balance or data ("话费余额6.66元,积分余额320分"), only their clause is blanked.
    """
    plain = _QUOTED.sub(lambda hit: " " * len(hit.group()), plain)
    plain = stance.silenced(_SENTENCE.sub(_blank_asides, plain))
    return plain if received is None else _without_past_months(plain, received)


def _without_past_months(plain: str, received: date) -> str:
    """ "Im Oktober haben Sie 4,2 GB verbraucht", said in November: what was used then is not what is used now."""
    for month, said in _IN_MONTH.items():
        if month != received.month:
            plain = said.sub(lambda hit: " " * len(hit.group()), plain)
    return plain


_IN_MONTH = {
    month: re.compile(
        rf"(?:\b(?:im|in|en|em|au mois d[e']|no mes de|nel mese di|w|we|v|ve|za|a)|(?<![а-яіїєґ])(?:в|у|за))"
        rf" (?:{'|'.join(names.split())})(?![^\W\d_])(?! ?\d)(?! de \d)[^.!?]{{0,160}}"
        rf"\d[\d.,]* ?(?:[gm][bo]|[гм]б)(?![^\W\d_])[^.!?]{{0,80}}"
    )
    for month, names in european.IN_MONTHS.items()
}


def _blank_asides(sentence: re.Match[str]) -> str:
    text = sentence.group()
    if negatives.is_of_others(text):
        return " " * len(text)
    if not negatives.is_aside(text):
        return text
    if not _TELLS_STATE.search(text) and not _ITS_POINTS.search(text):
        return " " * len(text)
    text = _NOTE.sub(_blank_aside, text)
    return _CLAUSE.sub(_blank_aside, text)


def _blank_aside(part: re.Match[str]) -> str:
    return " " * len(part.group()) if negatives.is_aside(part.group()) else part.group()
