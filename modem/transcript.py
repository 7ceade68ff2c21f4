"""Pasted AT dialogues and logs, undressed: who said which line.

Understands what people paste and what programs log:
    bare lines, with or without echo                      AT+CSQ / +CSQ: 20,99 / OK
    arrows and words                                      >>> AT+CSQ · <<< OK · -> · <- · TX: · RX: · Sent: · Received:
    time stamps, levels, [brackets], syslog heads, ports  [12:00:01.5] ttyUSB2: > AT
    ModemManager --debug                                  (ttyUSB2): --> 'AT+CSQ<CR>' · <-- '<CR><LF>OK<CR><LF>'
    Python bytes and C escapes                            RX b'\\r\\nOK\\r\\n'
    wvdial and chat                                       --> Sending: ATZ · send (ATZ^M)
    Arduino's serial monitor                              19:32:10.687 -> AT+CSQ · 19:32:10.721 -> +CSQ: 24,99
    Mbed                                                  [00030546ms][INFO][CELL]: AT TX ( 7): AT+CGMR
    RTT viewers, with a channel in front                  00> >>> AT
    Chinese serial tools and courses                      [14:34:12.900]发→◇AT · 收←◆OK · 命令17 发：AT · 返回：
    RouterOS                                              lte,async lte1: sent AT+CSQ · rcvd OK
    Android's log                                         07-10 14:50:59.452  2173  2295 D ATC     : AT> AT+CSQ · AT< OK
    sizes in front, Python lists                          port, read 2 bytes: "OK" · Received: ['+CSQ: 12,0', 'OK']
    programs that put the bytes into brackets             at_read: [quectel0] [1][\\r\\nOK\\r\\n]
    quoted bytes, and a word for who sent them            SENDING ATCMD 'AT\\r\\n' · WAITING: DATA_RCV = 'OK\\r\\n'
    Luat, python-gsmmodem, ESPHome                        [I]-[ril.sendat] AT · response: ['OK'] · Unhandled: OK - 0
    mmcli                                                 $ mmcli -m 0 --command=+CSQ · response: '+CSQ: 20,99'
    oFono, dumps in hex (ESP-IDF), shells                 Modem:> AT\\r · uart-rx: 0x3ffc962c 0d 0a … |..| · echo AT | …
    any other head, learned from the text itself          see `modem.transcript_heads`
Arrows mean what they do in the whole text: where all point the same way, before answers too, they say nothing; where
"OK" comes with the arrow that elsewhere is the host's, they are turned round.
Nothing is dropped: a line of which the speaker is not known comes out with the speaker "unknown".
"""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

from modem import transcript_forms as forms
from modem.fields import prefix_of
from modem.final import read_final
from modem.transcript_forms import is_command, unescape
from modem.transcript_heads import Heads

Speaker = Literal["host", "modem", "remark", "unknown"]
MAX_LINE_CHARS = 8192


class Said(NamedTuple):
    """One line without its line end and dressing. "remark" is what the logging program says itself."""

    speaker: Speaker
    text: str


_STAMP = re.compile(
    r"""\s*(?:
      \d{4}[-/.]\d\d[-/.]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|\s?[+-]\d\d:?\d\d)?
    | \d\d[-/.]\d\d[-/.]\d{2,4}[ ]\d\d:\d\d:\d\d(?:[.,]\d+)?
    | \d{1,2}:\d\d:\d\d(?:[.,:]\d+)?
    | [A-Z][a-z]{2}\s+\d{1,2}\s\d\d:\d\d:\d\d(?:\.\d+)?\s[\w.-]+\s[\w./@-]+(?:\[\d+\])?:
    | \d+\.\d{3,9}(?=[\s:])
    | \d{10,13}(?=[\s:])
    | -?\[[^\[\]]{1,80}\]
    | [EWIDV]\s\(\d+\)\s(?:[\w.-]+:)?
    | \d\d-\d\d\s\d\d:\d\d:\d\d\.\d{3}\s+\d{1,7}\s+\d{1,7}\s[VDIWEF]\s[\w.-]{1,32}\s{0,16}:
    | [\w-]{2,24}\[\d{1,7}\]:(?=\s)
    | <?(?:debug|info|message|warn|warning|trace|error|DEBUG|INFO|WARN|WARNING|TRACE|ERROR)>?(?=[\s:\[(])
    | \d{2}>(?=\s)
    | lte,[\w,!-]{1,40}(?:\s[\w.-]{1,32}:)?(?=\s)
    | \((?:tty|cdc|wwan|COM|/dev/)[\w/.-]*\):?
    | (?:/dev/)?(?:tty[A-Z]{2,4}\d+|wwan\d+at\d+|COM\d+)\s?[:>|-]
    | [A-Za-z][\w.-]{0,15}:\s(?=(?:-{1,2}>|<-{1,2}|>{2,3}|<{2,3})\s)
    )\s*[:：|,]?\s*""",
    re.VERBOSE,
)
_HOST = re.compile(
    r"""\s*(?:
      >{2,3} | -{1,3}> | => | → | ⇒
    | (?:TX|Tx|tx|SEND|Send|send|SENT|Sent|sent|Sending|WRITE|Write|write|OUT|Request|request)\s*[:>]\|?
    | TX\s(?=b?['"]|AT) | \[TX\] | sent\s(?=[aA][tT])
    | (?:AT[- ])?(?:[Cc]ommand|COMMAND|CMD|[Cc]md)\s*:\s*(?=[aA][tT])
    | (?:命令\s?\d{0,3}\s?)?(?:发送?|输入)\s?(?:→◇|[:：])
    | [\w$#./-]{0,24}>\s*(?=[aA][tT]) | \w{2,12}:\s?>\s{1,4}(?=[aA][tT])
    | [\w@:~./-]{0,40}[$#>]\s(?:(?:modem|at|cmd|atcmd|send)\s){1,3}(?=[aA][tT][+^$*!#%&]\w+(?:[=?]\S*)?\s*$)
    | [\w ,./-]{0,40}\b(?:wrote|sent)\s\d{1,5}\sbytes\s?:
    )\s*""",
    re.VERBOSE,
)
_MODEM = re.compile(
    r"""\s*(?:
      <{2,3} | <-{1,3} | <= | ← | ⇐
    | (?:RX|Rx|rx|RECV|Recv|recv|RECEIVED|Received|received|READ|Read|read|IN|Response|response)\s*[:<]\|?
    | RX\s(?=b?['"]) | \[RX\] | rcvd\s | AT\s(?:RESP|[Rr]esp)\s*:
    | (?:收到?|接收|返回|响应|应答|回应|回复)\s?(?:←◆|[:：])
    | (?:AT)?<\s(?=\S) | \w{2,12}:\s?<\s{1,4}(?=\\[rn])
    | [\w ,./-]{0,40}\b(?:read|received)\s\d{1,5}\sbytes\s?:
    )\s*""",
    re.VERBOSE,
)
_CHAT_SEND = re.compile(r"\s*send \((.*)\)\s*$")
_CHAT_REMARK = re.compile(
    r"\s*(?:expect \(.*\)|-- (?:got it|failed).*|abort on \(.*\)|timeout set to .*|\[[^\[\]]{1,40}\]\s*[:：])\s*$"
)
_MBED = re.compile(r"AT ([TR])X \(\s*\d+\):\s?(.*)$", re.DOTALL)
_NAMED = re.compile(
    r"""[\w ,.:=/-]{0,60}?\b(?:(SEND(?:ING)?|SENT|WRIT(?:E|ING)|WROTE|TX)|(?:DATA_)?(?:RCV|RECV|RECEIVED|READ|GOT|RX))\b
    [\w +]{0,20}[:=]?\s?b?(['"])((?:\\.|(?!\2)[^\\]){0,2048}(?<=\\[rn]))\2\s*$""",
    re.VERBOSE | re.IGNORECASE,
)
"""A remark that ends in quoted bytes with their line ends spelled, and has a word for who sent them."""
_QUOTED = re.compile(r"""\s*b?(['"])(.*)\1\s*$""", re.DOTALL)
_ESCAPED_END = re.compile(r"<CR>|<LF>|<cr>|<lf>|\\[rn]\s*$|␍|␊")
_COUNT = re.compile(r"\s{1,8}\(\d{1,5} bytes?\)\s*$")
_ESPHOME = re.compile(r"(?:Unhandled|R|(S)): (.{1,512}) - \d{1,2}\s*$|Not ack\. \d{1,2} (.{1,512})$")
"""ESPHome's sim800l: what it sent or read, and the number of its own state (esphome/issues#1649)."""
_LIST = re.compile(r"""\s*\[((?:b?(?:'[^']*'|"[^"]*")(?:,\s*)?)+)\]\s*$""")
_ITEM = re.compile(r"""'([^']*)'|"([^"]*)\"""")
"""Lines as Python shows a list of them."""
_NAMES_ONE = re.compile(r"\sAT[+^$*#%!&][A-Z]")
"""A sentence about a command, not an answer to one."""
_GLUED = re.compile(r"\s*([+^$*%!#&]\w{2,20}: .{0,400}[^,\s]) (OK|ERROR)\s*$")
"""An answer and its end in one line (smstools)."""
_CARETS = re.compile(r"(?:\^M)+\s*$")
_LINE_END = re.compile(r"[\r\n]+")


def read(text: str) -> Iterator[Said]:
    """The lines of a paste or log in their order. Broken pieces of one message (ModemManager) are joined first."""
    pending: dict[Speaker, str] = {"host": "", "modem": ""}
    lines = forms.once([forms.restored(raw[:MAX_LINE_CHARS]) for raw in _LINE_END.split(forms.unquoted(text))])
    lines = [line for line in lines if line.strip()]
    arrows = _arrows(lines)
    for line in lines:
        speaker, said, is_stream = _undress(line, arrows)
        if not said:
            continue
        other: Speaker = "modem" if speaker == "host" else "host"
        if not is_stream:
            yield from _flush(pending, "host", "modem")
            yield Said(speaker, said)
            continue
        yield from _flush(pending, other)
        *whole, rest = _LINE_END.split(pending[speaker] + said)
        pending[speaker] = rest[-MAX_LINE_CHARS:]
        yield from (Said(speaker, one.strip()) for one in whole if one.strip())
    yield from _flush(pending, "host", "modem")


def _flush(pending: dict[Speaker, str], *speakers: Speaker) -> Iterator[Said]:
    for speaker in speakers:
        if pending[speaker].strip():
            yield Said(speaker, pending[speaker].strip())
        pending[speaker] = ""


class _Arrows(NamedTuple):
    host: re.Pattern[str]
    modem: re.Pattern[str]
    heads: Heads
    say_nothing: bool = False
    is_stamped: bool = False
    """Both sides' lines have stamps in front: free text with a stamp and no arrow is the program's own."""


def _arrows(lines: list[str]) -> _Arrows:
    """A modem's final result with the host's mark: the marks mean something else in this text."""
    bodies = [_without_stamps(line) for line in lines]
    under = {mark: [body[found.end() :] for body in bodies if (found := mark.match(body))] for mark in (_HOST, _MODEM)}
    marked = [pair for pair in zip(lines, bodies, strict=True) if _HOST.match(pair[1]) or _MODEM.match(pair[1])]
    is_stamped = all(under.values()) and all(line != body for line, body in marked)
    heads = Heads([] if all(under.values()) else map(_ended, bodies), _is_at)
    if not any(map(read_final, under[_HOST])):
        return _Arrows(_HOST, _MODEM, heads, is_stamped=is_stamped)
    if any(is_command(rest) for rest in under[_MODEM]):
        return _Arrows(_MODEM, _HOST, heads, is_stamped=is_stamped)
    return _Arrows(_HOST, _MODEM, heads, say_nothing=not under[_MODEM])


def _undress(line: str, arrows: _Arrows) -> tuple[Speaker, str, bool]:
    """(speaker, text, is it a piece of a byte stream with its own line ends?)"""
    if spelled := forms.piece(line):
        return *spelled, True
    if typed := forms.typed(line):
        return "host", typed, False
    body = _COUNT.sub("", _without_stamps(line))
    if known := _of_known_program(body):
        return known
    if match := arrows.host.match(body):
        rest = body[match.end() :]
        return ("unknown", rest.strip(), False) if arrows.say_nothing else _from_host(rest)
    if match := arrows.modem.match(body):
        return _from("modem", body[match.end() :])
    if piece := _NAMED.match(body):
        text = unescape(piece[3])
        return ("host" if piece[1] or is_command(text) else "modem"), text, True
    said = _ended(body)
    if (headless := None if _is_at(said) else arrows.heads.behind(said)) is not None:
        return "unknown", headless.strip(), False
    is_own = body != line and not _is_at(said) and (arrows.is_stamped or _NAMES_ONE.search(said) is not None)
    return "remark" if is_own else "unknown", said, False


def _of_known_program(body: str) -> tuple[Speaker, str, bool] | None:
    """chat, Mbed, ESPHome: what stands behind their stamps tells who it was."""
    if sent := _CHAT_SEND.match(body):
        return "host", sent[1].replace("^M", "").strip(), False
    if _CHAT_REMARK.match(body):
        return "remark", body.strip(), False
    if piece := _MBED.match(body):
        return ("host" if piece[1] == "T" else "modem"), unescape(piece[2]), True
    if numbered := _ESPHOME.match(body):
        return ("host" if numbered[1] else "modem"), (numbered[2] or numbered[3]).strip(), False
    return None


def _ended(body: str) -> str:
    """Without line ends that are spelled."""
    return _CARETS.sub("", unescape(body) if _ESCAPED_END.search(body) else body).strip()


def _is_at(text: str) -> bool:
    return prefix_of(text) is not None or is_command(text) or read_final(text) is not None


def _from_host(rest: str) -> tuple[Speaker, str, bool]:
    """wvdial marks its own remarks like what it sends: only "Sending: …" and commands are the host's words."""
    rest = re.sub(r"^Sending:\s*", "", rest)
    speaker, said, is_stream = _from("host", rest)
    if is_stream or is_command(said):
        return speaker, said, is_stream
    return "remark", said, False


def _from(speaker: Speaker, rest: str) -> tuple[Speaker, str, bool]:
    if several := _LIST.match(rest):
        return speaker, "\n".join(one or other for one, other in _ITEM.findall(several[1])) + "\n", True
    if speaker == "modem" and (glued := _GLUED.match(rest)):
        return speaker, f"{glued[1]}\n{glued[2]}\n", True
    quoted = _QUOTED.match(rest)
    body = quoted[2] if quoted else rest
    if (forms.ESCAPE if quoted else _ESCAPED_END).search(body):
        text = unescape(body)
        return speaker, text, bool(_LINE_END.search(text))
    return speaker, _CARETS.sub("", body).strip(), False


def _without_stamps(line: str) -> str:
    """`line` behind its time stamps and the like; whole where nothing would remain."""
    body = line
    for _ in range(6):
        match = _STAMP.match(body)
        if match is None or match.end() == len(body):
            break
        body = body[match.end() :]
    return body
