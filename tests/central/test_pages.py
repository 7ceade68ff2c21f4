"""The console as a person reads it, in both languages; and what a hostile terminal cannot do to it."""

import re
from html.parser import HTMLParser

import pytest

from central import words
from tests.central.helpers import Centre, batch, beat, record, verdict

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}\u202egnp.exe\x1b[31m\x00"
TAGS = {
    "html", "head", "meta", "title", "link", "body", "header", "nav", "main", "footer", "a", "h1", "h2", "p", "div",
    "table", "thead", "tbody", "tr", "th", "td", "small", "span", "time", "dl", "dt", "dd", "ul", "li", "code", "pre",
}  # fmt: skip


class Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.words += data


def shown(centre: Centre, target: str) -> str:
    return re.sub(r"\s+", " ", Page(centre.get(target).text).words)


@pytest.fixture
def fleet(centre: Centre) -> Centre:
    state = beat(
        verdict="sim.absent", severity="error", iccid="89860012345678901234", operator="CMCC",
        rsrp_dbm=-95.0, quality="good", used_bytes=12_300_000, quota_bytes=31_457_280,
    )  # fmt: skip
    centre.post(batch(verdict(1), record(2, **state)))
    return centre


def test_the_list_shows_what_an_operator_looks_for(fleet: Centre) -> None:
    text = shown(fleet, "/?lang=en")
    for word in ("t-1", "89860012345678901234", "CMCC", "good", "12.3 MB", "No card in the slot", "Up", "2026-09-21"):
        assert word in text


def test_the_list_speaks_chinese(fleet: Centre) -> None:
    text = shown(fleet, "/?lang=zh")
    for word in ("终端", "没有插卡", "在线", "已用流量"):
        assert word in text


def test_the_browsers_wish_decides_without_a_parameter(fleet: Centre) -> None:
    assert 'lang="zh-CN"' in fleet.get("/", accept_language="zh-CN,zh;q=0.9,en;q=0.8").text[:60]
    assert '<html lang="en">' in fleet.get("/", accept_language="fr,en;q=0.8,zh;q=0.1").text[:60]


def test_lateness_is_shown_with_its_length(fleet: Centre) -> None:
    fleet.clock.advance(900 + 450 + 3 * 60)
    assert "Late late for 3 min" in shown(fleet, "/?lang=en")
    assert "迟报 已迟 3 分" in shown(fleet, "/?lang=zh")


def test_the_list_is_filtered_by_status(fleet: Centre) -> None:
    fleet.register("t-2")
    assert "t-2" not in shown(fleet, "/?status=up")
    assert "t-1" not in shown(fleet, "/?status=never")


def test_a_long_list_goes_on_a_next_page(centre: Centre) -> None:
    for number in range(100, 201):
        centre.register(f"x-{number}")
    first = centre.get("/?lang=en").text
    (target,) = re.findall(r'href="([^"]*after=[^"]*)"', first)
    second = centre.get(target.replace("&amp;", "&")).text
    assert "x-199" not in first
    assert "x-199" in second


def test_a_terminals_page_shows_changes_with_their_evidence(fleet: Centre) -> None:
    text = shown(fleet, "/terminals/t-1?lang=en")
    for word in ("No card in the slot", "+CME ERROR: 10", "← ok", '"next_due_s": 900', "sim.absent"):
        assert word in text


def test_a_wrong_clock_is_said_in_words(centre: Centre) -> None:
    centre.post(batch(record(1), sent_at=int(centre.clock.wall()) - 7200))
    assert "behind by 2 h" in shown(centre, "/terminals/t-1?lang=en")
    assert "慢 2 小时" in shown(centre, "/terminals/t-1?lang=zh")


def test_an_unknown_terminal_has_a_page_that_says_so(centre: Centre) -> None:
    answer = centre.get("/terminals/none?lang=en")
    assert (answer.status, "No such terminal." in answer.text) == (404, True)


@pytest.mark.parametrize("target", ["/", "/terminals/t-1", "/terminals/none", "/static/console.css"])
def test_every_page_forbids_scripts_and_foreign_content(centre: Centre, target: str) -> None:
    headers = centre.get(target).headers
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    assert headers["x-content-type-options"] == "nosniff"


def test_the_style_sheet_asks_for_nothing_from_elsewhere(centre: Centre) -> None:
    assert not re.search(r"url\(|@import|https?:", centre.get("/static/console.css").text)


def hostile(centre: Centre) -> None:
    """Every text field a terminal controls, filled with markup, directions and controls."""
    texts = ["agent", "iccid", "imsi", "imei", "model", "operator", "plmn", "technology", "registration", "quality",
             "expires_on", "balance", "currency", "boot_id"]  # fmt: skip
    state = record(9, **beat(**dict.fromkeys(texts, EVIL)), **{EVIL: EVIL, "nested": {EVIL: [EVIL]}})
    finding = {"code": EVIL, "severity": "error", "root": True, "evidence": [EVIL]}
    change = verdict(8, previous=EVIL, titles={"zh": EVIL, "en": EVIL, EVIL: EVIL}, findings=[finding], code="x")
    others = [
        record(seq, kind, code=EVIL, fact=EVIL, evidence=[EVIL], **{EVIL: EVIL})
        for seq, kind in enumerate(("plan_fact", "card", "recovery", "gap", "started", "stopped"), start=1)
    ]
    centre.register("t-evil", EVIL.replace("\x00", ""))
    answer = centre.post(batch(*others, change, state | {EVIL: EVIL}, {"seq": 20, "type": EVIL, "at": 1, "body": {}},
                               record(21, **beat(next_due_s=EVIL)), **{EVIL: EVIL}), "t-evil")  # fmt: skip
    assert (answer.json["acked"], len(answer.json["rejected"])) == (8, 2)


@pytest.mark.parametrize("target", ["/?lang=en", "/?lang=zh", "/terminals/t-evil?lang=en", "/terminals/t-evil?lang=zh"])
def test_a_hostile_terminal_stays_text(centre: Centre, target: str) -> None:
    hostile(centre)
    html = centre.get(target).text
    page = Page(html)
    assert page.tags <= TAGS
    assert not [name for name, _ in page.attributes if name.startswith("on") or name == "style"]
    assert all(value.startswith(("/", "?")) for name, value in page.attributes if name in ("href", "src"))
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\x7f]", html)
    assert "{{7*7}}" in page.words or "t-evil" in page.words


@pytest.mark.parametrize("query", ["lang=<b>", "status=<script>", "after=%22%3E%3Cscript%3E", "after=" + "x" * 5000])
def test_a_hostile_link_stays_text(centre: Centre, query: str) -> None:
    assert Page(centre.get(f"/?{query}").text).tags <= TAGS


@pytest.mark.parametrize(
    ("query", "accept", "expected"),
    [
        ("zh", "en", "zh"), ("en", "zh", "en"), (None, "", "en"), (None, "zh-TW", "zh"), (None, "de", "en"),
        (None, "en;q=0.2, zh;q=0.9", "zh"), (None, "zh;q=x,en", "en"), ("xx", "zh", "zh"), (None, ",;q=,;", "en"),
    ],
)  # fmt: skip
def test_languages_are_chosen(query: str | None, accept: str, expected: str) -> None:
    assert words.choose(query, accept) == expected


@pytest.mark.parametrize(
    ("seconds", "zh", "en"),
    [(0, "0 秒", "0 s"), (59, "59 秒", "59 s"), (3660, "1 小时 1 分", "1 h 1 min"), (90_000, "1 天 1 小时", "1 d 1 h")],
)
def test_durations_are_said_in_two_units(seconds: int, zh: str, en: str) -> None:
    assert (words.duration(seconds, "zh"), words.duration(seconds, "en")) == (zh, en)
