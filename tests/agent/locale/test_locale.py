"""Words in both languages: complete, and short enough for where they are shown."""

import pytest

from agent.assess import causes
from agent.assess.conditions import CATALOGUE
from agent.cli.columns import width
from agent.locale import LANGUAGES, Lang, candidate, label, merchant_sentence, progress, steps, text, title

EACH = pytest.mark.parametrize(("lang", "code"), [(lang, code) for lang in LANGUAGES for code in CATALOGUE])
TITLE_COLUMNS: dict[Lang, int] = {"zh": 40, "en": 60}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_code_has_words_and_no_word_is_without_a_code(lang: Lang) -> None:
    assert set(LANGUAGES[lang].conditions) == set(CATALOGUE)


@EACH
def test_title_fits_a_line(lang: Lang, code: str) -> None:
    assert 0 < width(title(code, lang)) <= TITLE_COLUMNS[lang]


@EACH
def test_merchants_sentence_and_the_code_to_read_out_fit_one_sms(lang: Lang, code: str) -> None:
    sentence = merchant_sentence(code, lang)
    assert code in sentence
    if lang == "zh":
        assert len(sentence.encode("utf-16-be")) <= 2 * 70  # UCS-2
    else:
        assert len(sentence) <= 160
        assert sentence.isascii()
        assert not set(sentence) & set("[]{}\\^~|`")  # not in GSM 7-bit, or two septets each


@EACH
def test_technicians_steps_fit_a_terminal(lang: Lang, code: str) -> None:
    assert steps(code, lang)
    assert [step for step in steps(code, lang) if width(step) > 78] == []


@EACH
def test_centre_and_what_tells_it_apart_are_said(lang: Lang, code: str) -> None:
    assert text(code, lang).centre
    assert text(code, lang).apart


def test_titles_tell_conditions_apart() -> None:
    for lang in LANGUAGES:
        titles = [title(code, lang) for code in CATALOGUE]
        assert len(set(titles)) == len(titles)


def test_both_languages_know_the_same_words() -> None:
    zh, en = LANGUAGES["zh"], LANGUAGES["en"]
    assert set(zh.candidates) == set(en.candidates)
    assert set(zh.labels) == set(en.labels)
    assert set(zh.gaps) == set(en.gaps)


def test_every_candidate_of_a_refusal_can_be_told_and_none_is_left_over() -> None:
    named = {key for known in causes.MEANINGS.values() for key in known.candidates}
    named |= {key for code in CATALOGUE for key in causes.candidates(code)}
    assert named == set(LANGUAGES["en"].candidates)


def test_unsure_is_told_by_what_is_missing() -> None:
    assert "20 s" in steps("unsure", "en", "sim_busy")[0]
    assert steps("unsure", "zh", None) == text("unsure", "zh").technician


def test_code_of_a_newer_version_is_shown_as_it_is() -> None:
    assert title("modem.possessed", "zh") == "modem.possessed"
    assert steps("modem.possessed", "zh") == ()
    assert "modem.possessed" in merchant_sentence("modem.possessed", "en")
    assert candidate("gremlins", "en").endswith("gremlins")
    assert label("no.such", "zh") == "no.such"


def test_progress_is_told_in_chinese_and_unknown_steps_as_they_are() -> None:
    assert progress("opening /dev/ttyUSB2", "zh") == "打开 /dev/ttyUSB2"
    assert progress("counting sheep", "zh") == "counting sheep"
    assert progress("opening /dev/ttyUSB2", "en") == "opening /dev/ttyUSB2"
