"""The console as a person reads it, in both languages; and what a hostile terminal cannot do to it."""

import csv
import io
import re
from html.parser import HTMLParser

import openpyxl
import pytest

from central import words
from tests.central.helpers import Centre, batch, beat, record, verdict

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}\u202egnp.exe\x1b[31m\x00"
TAGS = {
    "html", "head", "meta", "title", "link", "script", "body", "header", "nav", "main", "footer", "section", "details",
    "summary", "a", "h1", "h2", "h3", "p", "div", "b", "br", "table", "caption", "thead", "tbody", "tr", "th", "td",
    "small", "span", "time", "dl", "dt", "dd", "ul", "ol", "li", "code", "pre", "img", "svg", "rect", "line",
    "polyline", "polygon", "circle", "text", "form", "input", "select", "option", "button", "label",
}  # fmt: skip
PAGES = ["/", "/terminals", "/terminals/t-evil", "/incidents", "/alerts", "/reports"]


class Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []
        self.scripts: list[str] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag in ("script", "img"):
            self.scripts.append(dict(attrs).get("src") or "")
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
    text = shown(fleet, "/terminals?lang=en")
    wanted = ("t-1", "89860012345678901234", "CMCC", "good", "11.7 MB", "No SIM card found", "Up", "under 1 min ago")
    for word in wanted:
        assert word in text


def test_the_list_speaks_chinese(fleet: Centre) -> None:
    text = shown(fleet, "/terminals?lang=zh")
    for word in ("终端", "没有检测到", "在线", "已用流量"):
        assert word in text


def test_the_browsers_wish_decides_without_a_parameter(fleet: Centre) -> None:
    assert '<html lang="zh-CN"' in fleet.get("/", accept_language="zh-CN,zh;q=0.9,en;q=0.8").text[:60]
    assert '<html lang="en"' in fleet.get("/", accept_language="fr,en;q=0.8,zh;q=0.1").text[:60]


def test_a_language_and_a_theme_are_chosen_once(fleet: Centre) -> None:
    answer = fleet.get("/?lang=zh&theme=dark", accept_language="en")
    assert 'lang="zh-CN" data-theme="dark"' in answer.text[:80]
    assert (
        'lang="zh-CN" data-theme="dark"' in fleet.get("/", cookie="lang=zh; theme=dark", accept_language="en").text[:80]
    )
    assert "HttpOnly" in answer.headers["set-cookie"]
    assert "set-cookie" not in fleet.get("/?lang=xx&theme=<b>").headers


def test_lateness_is_shown_with_its_length(fleet: Centre) -> None:
    fleet.clock.advance(900 + 450 + 3 * 60)
    assert "Latelate for 3 min" in shown(fleet, "/terminals?lang=en")
    assert "迟报已迟 3 分钟" in shown(fleet, "/terminals?lang=zh")


def test_the_list_is_filtered_by_status(fleet: Centre) -> None:
    fleet.register("t-2")
    assert "t-2" not in shown(fleet, "/terminals?status=up")
    assert "t-1" not in shown(fleet, "/terminals?status=never")


def test_a_long_list_goes_on_a_next_page(centre: Centre) -> None:
    for number in range(100, 201):
        centre.register(f"x-{number}")
    first = centre.get("/terminals?lang=en").text
    (target,) = re.findall(r'href="([^"]*after=[^"]*)" rel="next"', first)
    second = centre.get(target.replace("&amp;", "&")).text
    assert "x-199" not in first
    assert "x-199" in second


def test_a_terminals_page_shows_changes_with_their_evidence(fleet: Centre) -> None:
    text = shown(fleet, "/terminals/t-1?lang=en")
    for word in (
        "No SIM card found",
        "+CME ERROR: 10",
        "← Nothing wrong",
        '"next_due_s": 900',
        "sim.absent",
        "What to do",
        "Confidence: high",
    ):
        assert word in text


def test_a_wrong_clock_is_said_in_words(centre: Centre) -> None:
    centre.post(batch(record(1), sent_at=int(centre.clock.wall()) - 7200))
    assert "behind by 2 h" in shown(centre, "/terminals/t-1?lang=en")
    assert "慢 2 小时" in shown(centre, "/terminals/t-1?lang=zh")


def test_an_unknown_terminal_has_a_page_that_says_so(centre: Centre) -> None:
    answer = centre.get("/terminals/none?lang=en")
    assert (answer.status, "No such terminal." in answer.text) == (404, True)


@pytest.mark.parametrize("target", ["/", "/terminals/t-1", "/terminals/none", "/static/console.css", "/static/none"])
def test_every_page_forbids_inline_scripts_and_foreign_content(centre: Centre, target: str) -> None:
    headers = centre.get(target).headers
    assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'; style-src 'self'; ")
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("name", ["console.css", "console.js", "icon.svg"])
def test_our_own_files_ask_for_nothing_from_elsewhere(centre: Centre, name: str) -> None:
    content = centre.get(f"/static/{name}").text.replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"url\(|@import|https?:|eval\(|innerHTML\s*=[^=]", content)


def test_a_page_that_did_not_change_is_not_sent_again(fleet: Centre) -> None:
    first = fleet.get("/terminals?lang=en")
    again = fleet.get("/terminals?lang=en", if_none_match=first.headers["etag"])
    assert (again.status, again.body) == (304, b"")
    fleet.clock.advance(3600)
    assert fleet.get("/terminals?lang=en", if_none_match=first.headers["etag"]).status == 200


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


@pytest.mark.parametrize("lang", words.LANGS)
@pytest.mark.parametrize("target", PAGES)
def test_a_hostile_terminal_stays_text(centre: Centre, target: str, lang: str) -> None:
    hostile(centre)
    html = centre.get(f"{target}?lang={lang}").text
    page = Page(html)
    assert page.tags <= TAGS
    assert all(source.startswith("/static/") for source in page.scripts)
    assert not [name for name, _ in page.attributes if name.startswith("on") or name == "style"]
    assert all(
        value.startswith(("/", "?", "#")) for name, value in page.attributes if name in ("href", "src", "action")
    )
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b-\x1f\x7f]", html)


def test_what_a_hostile_terminal_says_is_shown_as_it_is(centre: Centre) -> None:
    hostile(centre)
    assert "{{7*7}}" in Page(centre.get("/terminals/t-evil?lang=en").text).words


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_no_formula_leaves_with_an_export(centre: Centre, kind: str) -> None:
    formula = '=HYPERLINK("http://evil.example")'
    centre.register("t-2", formula)
    centre.post(batch(record(1, **beat(operator="@SUM(1)", iccid="+1+1", technology="-2+3"))), "t-2")
    content = centre.get(f"/terminals.{kind}?q=t-2").body
    if kind == "csv":
        texts = [cell for row in csv.reader(content.decode("utf-8-sig").splitlines()) for cell in row]
        assert f"'{formula}" in texts
        assert not [text for text in texts if text.startswith(("=", "+", "-", "@"))]
    else:
        cells = [cell for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows() for cell in row]
        assert [cell for cell in cells if cell.value == formula]
        assert not [cell for cell in cells if cell.data_type == "f"]


def test_the_export_is_what_is_seen(fleet: Centre) -> None:
    for name in ("t-2", "t-3"):
        fleet.register(name)
    lines = (
        fleet.get("/terminals.csv?status=never&sort=terminal&order=desc&lang=en").body.decode("utf-8-sig").splitlines()
    )
    assert [line.split(",")[0] for line in lines] == ["terminal", "t-3", "t-2"]


@pytest.mark.parametrize("path", ["/", "/terminals", "/alerts", "/reports", "/incidents"])
@pytest.mark.parametrize(
    "query",
    ["lang=<b>", "status=<script>", "after=%22%3E%3Cscript%3E&after_value=%00", "after=" + "x" * 5000,
     "sort=<i>&order=up", "q=%00%25_!'", "month=9999-99", "before=9e9", "by=<u>", "severity=<x>"],
)  # fmt: skip
def test_a_hostile_link_stays_text(centre: Centre, path: str, query: str) -> None:
    answer = centre.get(f"{path}?{query}")
    assert answer.status == 200
    assert Page(answer.text).tags <= TAGS


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
    [
        (0, "0 秒", "0 s"),
        (59, "59 秒", "59 s"),
        (3660, "1 小时 1 分钟", "1 h 1 min"),
        (90_000, "1 天 1 小时", "1 d 1 h"),
    ],
)
def test_durations_are_said_in_two_units(seconds: int, zh: str, en: str) -> None:
    assert (words.duration(seconds, "zh"), words.duration(seconds, "en")) == (zh, en)


def test_words_are_said_once_and_in_both_languages() -> None:
    keys = [key for table in words.TABLES for key in table]
    assert len(keys) == len(set(keys)), {key for key in keys if keys.count(key) > 1}
    assert not [
        key for table in words.TABLES for key, pair in table.items() if not (pair[0].strip() and pair[1].strip())
    ]


def test_no_english_phrase_hides_among_the_chinese_words() -> None:
    chinese = {key: pair[0] for table in words.TABLES for key, pair in table.items()}
    said = {key: re.sub(r"\{\w+\}|posagent-central.*", "", text) for key, text in chinese.items()}
    assert {key: text for key, text in said.items() if re.search("[a-z]{2,} [a-z]{2,}", text)} == {}
