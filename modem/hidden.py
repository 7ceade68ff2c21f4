"""The one table of what must not be shown: PIN, PUK and passwords in commands, user and password of an APN.

For logs, for what people paste and for recordings. Rules:
1. A PIN, a PUK, a network's or a card's password: fields of a setting ("="). Its facility and single digits stay.
2. User and password: quoted fields and words of a setting or an answer, but for the APN in front of them. Numbers of
   up to three digits stay (a context, a kind of authentication, a port).
3. What follows a word such as "PWD" in quotes, whatever the command.
4. The same as a dialled code (22.030 §6.5.4 and §6.6.3: **04*old*new*new#) and as octets for the card (102 221 §11.1.9:
   VERIFY and its like).
It holds in running text too, and for a command that was cut in front.
"""

import re
from collections.abc import Callable
from functools import partial

_LOCKS = ("+CPIN", "+CPIN2", "^CPIN", "*CPIN", "+CLCK", "+CPWD", "^CARDLOCK", "^SIMLOCK", "^DATALOCK", "^SLCK", "^SPWD",
          "+CPINC", "!UNLOCK", "!ENTERCND", "!SETCND")  # fmt: skip
_ACCOUNTS = {
    "+CGAUTH": 0, "+XGAUTH": 0, "+MGAUTH": 0, "^AUTHDATA": 0, "$QCPDPP": 0, "+UAUTHREQ": 0, "*AUTHREQ": 0, "+UPSD": 0,
    "+ZGPCOAUTH": 0, "^SGAUTH": 0, "#PDPAUTH": 0, "#SGACTAUTH": 0, "#USERID": 0, "#PASSW": 0, "+FTPUN": 0, "+FTPPW": 0,
    "+QICSGP": 1, "+CSTT": 1, "+CNCFG": 1, "^NDISDUP": 1, "+MIPCALL": 1, "+QMTCONN": 1, "+MCONFIG": 1, "#FTPOPEN": 1,
    "+CMQTTCONNECT": 1, "+QCGDEFCONT": 2,
}  # fmt: skip
"""Name → how many texts in front are neither user nor password: an APN, a server, a client's name."""
_FIELDS = r'((?:"[^"\r\n]*"?|,[ \t]*|[^",;\s])*)'
_FIELD = re.compile(r'\s*"[^"]*"?|[^,]+|(?<=,)(?=,)')
_STAYS_OF_LOCK = re.compile(r'\s*(?:"?[A-Za-z]{2}"?|[0-9]|\?)?\s*')
_STAYS_OF_ACCOUNT = re.compile(r"\s*(?:[0-9]{0,3}|\?|\(.*)\s*")
_WORD = re.compile(r'â\x80[\x9c\x9d]|((?:(?!â\x80[\x9c\x9d])[^\s"“”])+)')
"""Without quotes, typographic ones too (and as octets): they may be why a modem refused it (capture sim7600)."""
Fill = Callable[[str], str]
"""A secret → what is shown for it."""


def masked(text: str, fill: Fill = lambda _: "***") -> str:
    """`text`, a line of a dialogue or of a log, without the secrets in it. Never raises."""
    for pattern, shown in _RULES:
        text = re.sub(pattern, partial(shown, fill), text, flags=re.IGNORECASE | re.MULTILINE)
    return text


def account(name: str, fields: str, fill: Fill) -> str:
    """`fields` of an answer to the command `name` that came without its name; as they are if it tells no password."""
    kept = _ACCOUNTS.get(name.upper())
    return fields if kept is None else _account(kept, fields, fill)


def _of_lock(fill: Fill, match: re.Match[str]) -> str:
    def field(found: re.Match[str]) -> str:
        return found[0] if _STAYS_OF_LOCK.fullmatch(found[0]) else _filled(found[0], fill)

    return match[1] + match[2] + _FIELD.sub(field, match[3])


def _of_account(fill: Fill, match: re.Match[str]) -> str:
    return match[1] + match[2] + _account(_ACCOUNTS[match[1].upper()], match[3], fill)


def _behind_word(fill: Fill, match: re.Match[str]) -> str:
    return match[1] + _account(0, match[2], fill)


def _account(kept: int, fields: str, fill: Fill) -> str:
    def field(found: re.Match[str]) -> str:
        nonlocal kept
        if found[0] and _STAYS_OF_ACCOUNT.fullmatch(found[0]):
            return found[0]
        kept -= 1
        return found[0] if kept >= 0 else _filled(found[0], fill)

    return _FIELD.sub(field, fields)


def _digits(fill: Fill, match: re.Match[str]) -> str:
    return match[1] + re.sub(r"[0-9]+", lambda found: fill(found[0]), match[2])


def _octets(fill: Fill, match: re.Match[str]) -> str:
    return match[1] + fill("0" * len(match[2]))


def _filled(field: str, fill: Fill) -> str:
    return _WORD.sub(lambda found: fill(found[1]) if found[1] else found[0], field)


_Shown = Callable[[Fill, "re.Match[str]"], str]
_RULES: tuple[tuple[str, _Shown], ...] = (
    (rf"({'|'.join(map(re.escape, _LOCKS))})([ \t]*=[ \t]*){_FIELDS}", _of_lock),
    (rf"({'|'.join(map(re.escape, _ACCOUNTS))})([ \t]*[=:][ \t]*){_FIELDS}", _of_account),
    (r'("\w{0,24}(?:PWD|PASSW|ACCOUNT)\w{0,24}")((?:[ \t]*,[ \t]*(?:"[^"\r\n]*"?|[^",;\s]*))+)', _behind_word),
    (r"(?<![0-9*])(\*{1,2}0(?:3|42?|52?)\*)([0-9*]{4,})", _digits),
    (
        r'(?:^|(?<=[\s(]))(-{0,2}(?:T?\+?CPIN2?|PIN2?|PUK2?) *= *)("?[0-9]{3,8}"?(?: *, *"?[0-9]{3,8})?)',
        _digits,
    ),
    (
        r'(\+C(?:SIM|GLA)\s*=\s*(?:[0-9]{1,4}\s*,\s*){1,2}"?[0-9A-F]{2}(?:20|24|26|28|2C)[0-9A-F]{6})([0-9A-F]+)',
        _octets,
    ),
    (r'(://[^/\s:@"]{1,64}:)([^/\s@"]{1,64})(?=@)', _octets),
)
"""Compiled by `re` when they are first wanted, and kept there: a daemon that never hears of a secret has no use for
them."""
