"""Our own sentences in the evidence are Chinese on a Chinese page; what others said inside of them stays."""

import re

import pytest

from agent import locale
from agent.sample.net.answers import NO_TIME
from agent.sample.net.knock import WORDS
from agent.sample.net.lookups import SHORT_NAMES
from agent.sample.net.meanings import CENTRE, WEB

FOREIGN = ("MB", "HTTP", "UDP", "TCP", "TLS", "ARP", "MTU")
SAID = (
    *(f"connection to the centre: 203.0.113.1 port 443: {word}" for word in WORDS.values()),
    *(f"connection to payment host 198.51.100.7:8443: 198.51.100.7 port 8443: {word}" for word in WORDS.values()),
    *(f"the centre {meaning.words.format(detail='')}" for meaning in CENTRE.values() if meaning.words != "{detail}"),
    *(meaning.words.format(detail="") for meaning in WEB.values()),
    *(f"look-up of 1.example: {words.format(server='10.0.0.1', servers='10.0.0.1', detail='')}"
      for words in SHORT_NAMES.values()),
    "gateway 10.1.1.1 does not answer ARP",
    "data last came over this card on 2026-11-20: 1.2 MB that day",
    "used today: 31.2 MB; on an ordinary day 1.0 MB, odd above 6.0 MB",
    "the carrier counts 400.0 MB: 300.0 MB more than this terminal did",
    "policy rule for other programs: 900: 0x1 100",
    "the name servers answer neither UDP nor TCP",
    "something answers in everybody's place",
    "not tried: no name could be looked up",
    NO_TIME,
    "this machine's clock: it shows 1970-01-01, the centre 2026-11-22",
    "no port on this machine looks like a modem's",
)  # fmt: skip


@pytest.mark.parametrize("line", SAID)
def test_no_english_is_left_of_our_own_sentences(line: str) -> None:
    shown = locale.evidence(line, "zh")
    left = re.sub("|".join((*FOREIGN, r"[0-9.]+example|plain")), "", shown)
    assert not re.search(r"[a-z]{3,}", left), shown
    assert locale.evidence(line, "en") == line


@pytest.mark.parametrize(
    "line",
    ["AT+CPIN? → +CME ERROR: SIM failure", "sim.state = absent", "尊敬的客户：the centre answers: 1", "+CREG: 0,3"],
)
def test_what_others_said_is_quoted_as_it_is(line: str) -> None:
    assert locale.evidence(line, "zh") == line


def test_the_system_s_own_error_and_all_names_stay_in_the_sentence() -> None:
    shown = locale.evidence("payment host pay.example:8443: no way to 203.0.113.1 (Permission denied)", "zh")
    assert shown == "收单主机 pay.example:8443: 没有到 203.0.113.1 的路由（被禁止）"
    ports = locale.evidence("no modem found; no answer on /dev/ttyS0, /dev/ttyS1", "zh")
    assert ports == "没有找到通信模块；/dev/ttyS0, /dev/ttyS1 没有应答"
    link = locale.evidence("wwan0: up, 10.1.2.3, MTU 1400; default route through eth0", "zh")
    assert link == "wwan0：已启用，10.1.2.3, MTU 1400；默认路由经 eth0"
