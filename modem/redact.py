"""A recorded dialogue without the identities in it, so that it can be shown to anybody and still plays the same.

Rules:
1. First everything is read and identities are learned: IMEI, ICCID, IMSI, phone numbers, long numbers of other kinds
   (EID, serial numbers). Then each gets one stand-in (`modem.pseudonyms`), in every spelling: as it is, with swapped
   nibbles, as UCS2 in hexadecimal. Replies keep their number of bytes, except where a public address was in them.
2. What people said is masked whole: messages (text and PDU), USSD texts, names in the phone book, files of the card
   that hold who somebody is or where he was, positions.
3. Secrets are masked: PIN, PUK and passwords of commands, user and password of an APN.
4. At the end the result is searched for what is left of any identity; eight characters in a row become zeros.
What stays: the modem's make and firmware, the network, cells and areas, APN names, counters, times.
"""

import ipaddress
import re
from collections.abc import Iterable, Sequence

from modem import hidden, iccid
from modem.fields import prefix_of
from modem.pseudonyms import SHORT_CODE, Pseudonyms, luhn
from modem.redact_files import STRUCTURED, masked_file, numbers
from modem.redact_pdu import masked_hex, masked_pdu, masked_text, ucs2_text

Exchange = tuple[str, str | None]
"""(command without CR, everything received until the next one or None), bytes as characters U+0000 to U+00FF."""
RUN = 8
"""So many characters of an identity in a row are too many."""

_MESSAGES = ("+CMGR:", "+CMGRD:", "+CMGL:", "+CMT:", "+CBM:", "+CDS:")
_NAMED = ("+CNUM:", "+CPBR:", "+CPBF:", "+CNAP:", "+CLIP:")
_POSITIONS = (
    "+CGPSINFO:", "+CGPSINF:", "+QGPSLOC:", "+QGPSGNMEA:", "+QGNSSRD:", "+QCELLLOC:", "+QLBS:", "+CGNSINF:",
    "+CGNSSINFO:", "+CIPGSMLOC:", "+CLBS:", "+UULOC:", "+UGRMC:", "+UGGGA:", "+UGGLL:", "^LOCINFO:", "#AGPSRING:",
    "!GPSLOC", "$GP", "$GN", "$GL", "$GA", "$GB", "$BD",
)  # fmt: skip
_LOCATING = tuple(name.rstrip(":") for name in _POSITIONS)
_SERIALS = ("+CGSN", "+GSN", "^SN", "^MEID", "+MEID", "^PHYNUM", "+EGMR", "+SIMEI", "+QCCID", "+EID", "+SN")
_WHO_AM_I = ("I", "+CGMR", "+GMR", "+CGMM", "+GMM", "+CGMI", "+GMI", "+CSUB", "+CVERSION", "^VERSION", "+QGMR")
_COUNTERS = ("+QGDCNT:", "+QGDNRCNT:", "^DSFLOWQRY:", "^DSFLOWRPT:")
"""Their long numbers are bytes, no identities; that of CONNECT is a speed."""
_HARMLESS_FILES = {28589, 28539, 28486, 28512, 28513, 28514, 28531}
"""EF_AD, EF_FPLMN, EF_SPN, the lists of networks, EF_HPPLMN (31.102 §4.2)."""
_FINALS = ("OK", "ERROR", "+CME ERROR", "+CMS ERROR", "NO CARRIER", "CONNECT")

_NUMBER = re.compile(r"(?:(?<![0-9A-Za-z])|(?<=ATD)|(?<=ATDT))\+?[0-9]{7,32}(?![0-9A-Za-z])", re.I)
_CARD = re.compile(r"(?<![0-9A-Za-z])(?:89|98)[0-9A-Fa-f]{16,20}(?![0-9A-Za-z])")
_HEX = re.compile(r"(?<![0-9A-Za-z])[0-9A-Fa-f]{16,}(?![0-9A-Za-z])")
_SERIAL = re.compile(r"(?<![0-9A-Za-z])(?=[0-9A-Z]*[0-9]{4})[0-9A-Z]{8,24}(?![0-9A-Za-z])")
_PHONE = re.compile(r"(?:\+[0-9]{7,15}|(?:86)?1[3-9][0-9]{9}|(?:86)?1(?:4|06)[0-9]{10,11})")
_DOTTED = re.compile(r"(?<![0-9.])[0-9]{1,3}(?:\.[0-9]{1,3}){3,31}(?![0-9.])")
_COLONS = re.compile(r"(?<![0-9A-Za-z:])[0-9A-Fa-f:]*:[0-9A-Fa-f:]*:[0-9A-Fa-f:]*(?![0-9A-Za-z:])")
_MAC = re.compile(
    r"(?<![0-9A-Za-z:])((?:[0-9A-Fa-f]{2}[:-]){3})((?:[0-9A-Fa-f]{2}[:-]){2}[0-9A-Fa-f]{2})(?![0-9A-Za-z:])"
)
_QUOTED = re.compile(r'"([^"\r\n]*)"')
_FIGURE = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_CARD_FILE = re.compile(r"\+CRSM\s*=\s*[0-9]+\s*,\s*([0-9]+)", re.IGNORECASE)
_CONTENT = re.compile(r"(?<![0-9A-Za-z])[0-9A-Fa-f]{4,}(?![0-9A-Za-z])")
_WRITTEN = re.compile(r"(?<=[,\"])[0-9A-Fa-f]{10,}(?=\"|,|$)")
"""The content in a command that writes a file; what is shorter says where."""
_WIDE_NUMBER = re.compile(r"(?:00(?:2[3AaBb]|3[0-9]))+")
"""Digits, *, # and + in UCS2: never a number of so many digits itself."""
_LINES = re.compile(r"([\r\n]+)")
_DATED = re.compile(r"[0-9/]{6,10}[, ][0-9:]{8}|REC (?:UN)?READ|STO (?:UN)?SENT|ALL|^[0-9]*$")


def redacted(
    exchanges: Sequence[Exchange], urcs: Sequence[str] = (), key: bytes | None = None
) -> tuple[list[Exchange], list[str]]:
    """The same dialogue about somebody else. `key` is for tests; without it nobody can do this a second time."""
    work = _Redactor(Pseudonyms(key))
    for command, reply in exchanges:
        work.learn(command, command)
        work.learn(command, reply or "")
    for line in urcs:
        work.learn("", line)
    work.prepare()
    shown = [
        (work.command(command), None if reply is None else work.reply(command, reply)) for command, reply in exchanges
    ]
    return shown, [work.reply("", line) for line in urcs]


class _Redactor:
    def __init__(self, names: Pseudonyms) -> None:
        self._names = names
        self._known: dict[str, str] = {}
        """Identity → stand-in, as plain text."""
        self._spellings: dict[str, str] = {}
        self._any: re.Pattern[str] | None = None
        self._forbidden: dict[int, set[str]] = {}
        """Length → spelled runs of identities of that length: a hostile modem names thousands of them."""

    # -- learning -----------------------------------------------------------------------------------------------------

    def learn(self, command: str, text: str) -> None:
        file = _file_of(command)
        for line in _lines(text):
            contents = (_CONTENT if line.startswith("+CRSM:") else _WRITTEN).findall(line) if file in STRUCTURED else []
            if file is not None and contents:
                self._learn_file(file, contents)
            elif not line.startswith((*_COUNTERS, "CONNECT")):
                self._learn_line(_names_of(command), line, line)

    def _learn_line(self, commands: tuple[str, ...], text: str, line: str) -> None:
        """The identities in `text`, which is `line` or what a field of it says in UCS2."""
        for match in _CARD.finditer(text):
            if number := iccid.normalise(match[0]):
                self._known[number] = self._names.iccid(number)
        for match in _NUMBER.finditer(text):
            if not _WIDE_NUMBER.fullmatch(match[0]):
                self._learn_number(commands, match[0], line)
        if any(name.startswith(_SERIALS) for name in commands):
            for match in _SERIAL.finditer(text):
                if not (_WIDE_NUMBER.fullmatch(match[0]) or iccid.normalise(match[0])):
                    self._known.setdefault(match[0], self._names.digits(match[0], "serial"))
        for match in _HEX.finditer(text):
            if said := ucs2_text(match[0]):
                self._learn_line(commands, said, line)

    def _learn_number(self, commands: tuple[str, ...], number: str, line: str) -> None:
        plain = number.lstrip("+")
        if plain in self._known or iccid.normalise(plain):
            return
        if _PHONE.fullmatch(number) or (line.startswith((*_MESSAGES, *_NAMED, "+CSCA:")) and len(plain) > SHORT_CODE):
            self._learn_phone(plain)
        elif "+CIMI" in commands and len(plain) < 16:
            self._known[plain] = self._names.imsi(plain)
        elif len(plain) in (15, 16):
            self._known[plain] = self._of_fifteen(commands, plain)
        elif len(plain) == 14 or len(plain) > 16:
            self._known[plain] = self._names.digits(plain, "number")
        elif "+CNUM" in commands or "D" in commands:
            self._learn_phone(plain)

    def _learn_phone(self, plain: str) -> None:
        shown = self._names.phone(plain)
        self._known[plain] = shown
        if re.fullmatch(r"861\d{10}(?:\d\d)?", plain):
            self._known[plain[2:]] = shown[2:]

    def _of_fifteen(self, commands: tuple[str, ...], number: str) -> str:
        """IMEI or IMSI: by the command, else by the check digit. 16 digits are an IMEISV (23.003 §6.2.2)."""
        if len(number) == 16 or any(name.startswith(_SERIALS) or name == "I" for name in commands):
            return self._names.imei(number)
        if number.startswith("460") or luhn(number[:-1]) != number[-1]:
            return self._names.imsi(number)
        return self._names.imei(number)

    def _learn_file(self, file: int, contents: Iterable[str]) -> None:
        for content in contents:
            for kind, number in numbers(file, content):
                if kind == "phone":
                    self._learn_phone(number)
                else:
                    self._known[number] = self._names.iccid(number) if kind == "iccid" else self._names.imsi(number)

    def prepare(self) -> None:
        """All spellings of all identities; the longest is tried first."""
        for number, shown in self._known.items():
            self._spell(number, shown)
            for even, other in (
                (number + "F" * (len(number) % 2), shown + "F" * (len(number) % 2)),
                ("9" + number, "9" + shown),  # an IMSI, by its parity
                ("1" + number + "F", "1" + shown + "F"),
            ):
                self._spell(_swapped(even), _swapped(other))
            self._spell(_ucs2(number), _ucs2(shown))
        longest = sorted(self._spellings, key=len, reverse=True)
        self._any = re.compile("|".join(re.escape(text) for text in longest), re.IGNORECASE) if longest else None
        for original, shown in self._known.items():
            for run in surviving(original, shown):
                for spelled in (run, _swapped(run), _swapped_odd(run), _ucs2(run)):
                    self._forbidden.setdefault(len(spelled), set()).add(spelled)

    def _spell(self, text: str, shown: str) -> None:
        self._spellings.setdefault(text, shown)

    # -- showing ------------------------------------------------------------------------------------------------------

    def command(self, text: str) -> str:
        return self._scrubbed(self._asked(_names_of(text), _file_of(text), text))

    def _asked(self, names: tuple[str, ...], file: int | None, text: str) -> str:
        """A command or its echo."""
        if file is not None and file not in _HARMLESS_FILES:
            text = _WRITTEN.sub(lambda match: self._content(file, match[0]), text)
        return self._usual(hidden.masked(text, _blotted), names)

    def reply(self, command: str, text: str) -> str:
        names = _names_of(command)
        file = _file_of(command)
        shown: list[str] = []
        message = False
        for piece in _LINES.split(text):
            if not piece or piece[0] in "\r\n":
                shown.append(piece)
                continue
            shown.append(self._line(names, file, piece, message=message))
            message = piece.startswith(_MESSAGES) or (message and not piece.startswith(("+", *_FINALS)))
        return self._scrubbed("".join(shown))

    def _line(self, names: tuple[str, ...], file: int | None, line: str, *, message: bool) -> str:
        if message and not line.startswith((*_FINALS, *_MESSAGES)):
            return self._message(line)
        if line.startswith("+CUSD:"):
            return _QUOTED.sub(lambda match: f'"{self._message(match[1])}"', line)
        if line.startswith((*_MESSAGES, *_NAMED)):
            return self._usual(_QUOTED.sub(lambda match: f'"{self._name(match[1])}"', line), names)
        if line.startswith(_POSITIONS) or (_is_bare(line) and any(name in _LOCATING for name in names)):
            return self._position(line)
        if line.startswith(("+CRSM:", "+CSIM:", "+CGLA:")) and file not in _HARMLESS_FILES:
            return self._file(file, line)
        if line.startswith("^DHCP:"):
            return re.sub(r"[0-9A-Fa-f]{8}", lambda match: self._little_endian(match[0]), line)
        if _is_bare(line):
            for name in names:
                line = hidden.account(name, line, _blotted)
        return self._asked(names, file if _CARD_FILE.search(line) else None, line)

    def _position(self, line: str) -> str:
        """Other figures; a single digit (has it found us?) and zeros (it has not) stay."""

        def figure(match: re.Match[str]) -> str:
            is_told = len(match[0]) > 1 and match[0].strip("0.")
            return self._names.digits(match[0], "position") if is_told else match[0]

        return _FIGURE.sub(figure, line)

    def _message(self, text: str) -> str:
        if re.fullmatch(r"(?:[0-9A-Fa-f]{2}){10,}", text):
            if ucs2_text(text) is None and (shown := masked_pdu(text, self._phone, self._digits)).strip("0"):
                return shown
            return masked_hex(text, self._digits)
        if (ucs2 := ucs2_text(text)) is not None:
            return masked_hex(text, self._digits) if len(ucs2) > SHORT_CODE else text
        return _as_bytes(masked_text(_as_text(text), self._digits), len(text))

    def _name(self, text: str) -> str:
        """A quoted field of a header: a number stays for later, a status or a time stays, a name is masked."""
        if _DATED.search(text) or re.fullmatch(r"[+*#0-9]*", text) or ucs2_text(text) is not None:
            number = ucs2_text(text)
            return text if number is None or re.fullmatch(r"[+*#0-9]*", number) else masked_hex(text, self._digits)
        return _as_bytes(masked_text(_as_text(text), self._digits), len(text))

    def _file(self, file: int | None, line: str) -> str:
        """The content of a file of the card; its status words and its filling stay."""

        def content(match: re.Match[str]) -> str:
            if line.startswith("+CRSM:"):
                return self._content(file or 0, match[0])
            return self._content(0, match[0][:-4]) + match[0][-4:]

        return _CONTENT.sub(content, line)

    def _content(self, file: int, content: str) -> str:
        def stand_in(number: str) -> str:
            return self._known.get(number, number)

        return masked_file(file, content, stand_in, lambda run: self._names.digits(run, "file"))

    def _phone(self, number: str) -> str:
        return self._known.get(number) or self._names.phone(number)

    def _usual(self, line: str, names: tuple[str, ...]) -> str:
        line = self._replaced(line)
        if any(name in _WHO_AM_I for name in names):
            return line  # four numbers and dots are a version there
        line = _DOTTED.sub(lambda match: self._dotted(match[0]), line)
        line = _MAC.sub(lambda match: match[1] + self._names.digits(match[2], "mac"), line)
        return _COLONS.sub(lambda match: self._colons(match[0]), line)

    def _replaced(self, line: str) -> str:
        if self._any is None:
            return line
        return self._any.sub(lambda match: _cased(self._spellings[match[0].upper()], match[0]), line)

    def _dotted(self, text: str) -> str:
        """IPv4; IPv4 and its mask; IPv6 as sixteen numbers, with or without its mask (27.007 §10.1.23)."""
        parts = text.split(".")
        if any(int(part) > 255 for part in parts) or len(parts) not in (4, 8, 16, 32):
            return text
        if len(parts) <= 8:
            return ".".join([self._names.address(".".join(str(int(part)) for part in parts[:4])), *parts[4:]])
        address = ipaddress.IPv6Address(bytes(int(part) for part in parts[:16]))
        shown = ipaddress.IPv6Address(self._names.address(address.exploded)).packed
        return ".".join([*map(str, shown), *parts[16:]])

    def _colons(self, text: str) -> str:
        try:
            ipaddress.IPv6Address(text)
        except ValueError:
            return text
        return self._names.address(text)

    def _little_endian(self, text: str) -> str:
        """Huawei's ^DHCP: an address as a number in hexadecimal, its first octet last; a mask stays."""
        packed = bytes.fromhex(text)[::-1]
        return (
            text
            if packed[0] == 255
            else ipaddress.IPv4Address(self._names.address(str(ipaddress.IPv4Address(packed))))
            .packed[::-1]
            .hex()
            .upper()
        )

    def _digits(self, text: str) -> str:
        return self._names.digits(text, "text")

    def _scrubbed(self, text: str) -> str:
        """Rule 4. Nothing should be found; what is, was cut or spelled in a way that we do not know."""
        for length, runs in self._forbidden.items():
            found = [at for at in range(len(text) - length + 1) if text[at : at + length] in runs]
            for at in found:
                text = text[:at] + "0" * length + text[at + length :]
        return text


def surviving(original: str, shown: str) -> Iterable[str]:
    """The runs of `original` that must not be seen: all of RUN characters that its stand-in does not have there."""
    for at in range(len(original) - RUN + 1):
        run = original[at : at + RUN]
        if run != shown[at : at + RUN] and len(set(run)) > 2:
            yield run


def _lines(text: str) -> list[str]:
    return re.split(r"[\r\n]+", text)


def _file_of(command: str) -> int | None:
    """Which file of the card is read or written; nought for several of them, None if none is."""
    files = {int(match[1][:9]) for match in _CARD_FILE.finditer(command)}
    return None if not files else files.pop() if len(files) == 1 else 0


def _is_bare(line: str) -> bool:
    """Does it tell without a name, and is neither the end of an answer nor an echo?"""
    return not line.startswith((*_FINALS, "AT", "at", "At")) and prefix_of(line) is None


def _blotted(secret: str) -> str:
    return ("0" if secret.isdecimal() else "x") * len(secret)


def _names_of(command: str) -> tuple[str, ...]:
    """AT+CREG?;+CSQ → +CREG, +CSQ."""
    bare = command.strip().upper().removeprefix("AT")
    return tuple(
        match[0] for part in bare.split(";") if (match := re.match(r"[+^*$%&#!][A-Z0-9]+|[A-Z]", part.strip()))
    )


def _swapped(digits: str) -> str:
    return "".join(digits[at + 1] + digits[at] for at in range(0, len(digits) - 1, 2))


def _swapped_odd(digits: str) -> str:
    """A run that begins in the middle of an octet, without its first and last digit."""
    return _swapped(digits[1:-1])


def _ucs2(text: str) -> str:
    return text.encode("utf-16-be").hex().upper()


def _cased(shown: str, original: str) -> str:
    return shown.lower() if original != original.upper() else shown


def _as_text(line: str) -> str:
    """Characters that stand for bytes → the text they spell."""
    data = line.encode("latin-1", "replace")
    try:
        return data.decode()
    except UnicodeDecodeError:
        return line


def _as_bytes(text: str, length: int) -> str:
    """Back, with as many bytes as before."""
    shown = text.encode().decode("latin-1")
    return shown if len(shown) == length else text.encode("ascii", "replace").decode().ljust(length, "x")[:length]
