"""Words for people, by code and language. Codes and numbers stay the same in every language."""

from collections.abc import Mapping
from typing import Literal

from agent.locale.base import Language, Text
from agent.locale.en import ENGLISH
from agent.locale.zh import CHINESE

Lang = Literal["zh", "en"]
LANGUAGES: Mapping[Lang, Language] = {"zh": CHINESE, "en": ENGLISH}


def text(code: str, lang: Lang) -> Text:
    """The words for a code of the catalogue. KeyError for any other."""
    return LANGUAGES[lang].conditions[code]


def title(code: str, lang: Lang) -> str:
    """The condition in a few words; a code of a newer version is its own title."""
    known = LANGUAGES[lang].conditions.get(code)
    return known.title if known else code


def merchant_sentence(code: str, lang: Lang) -> str:
    """What the shop reads on screen, receipt or SMS, with the code to read out; fits one SMS."""
    language = LANGUAGES[lang]
    known = language.conditions.get(code, language.conditions["unsure"])
    return language.call.format(sentence=known.merchant, code=code)


def steps(code: str, lang: Lang, gap: str | None = None) -> tuple[str, ...]:
    """What the technician does, the first thing first; for "unsure" the next test, by what is missing."""
    language = LANGUAGES[lang]
    if code == "unsure" and gap is not None and gap in language.gaps:
        return language.gaps[gap]
    known = language.conditions.get(code)
    return known.technician if known else ()


def steps_from(first: str, lang: Lang) -> tuple[str, ...]:
    """All steps of the test that begins with this one; that one alone if none does."""
    known = (*LANGUAGES[lang].gaps.values(), LANGUAGES[lang].conditions["unsure"].technician)
    return next((steps for steps in known if steps and steps[0] == first), (first,))


def candidate(key: str, lang: Lang) -> str:
    """One possible cause of a refusal, with what would separate it from the others; begins with `may_be`."""
    return label("may_be", lang) + LANGUAGES[lang].candidates.get(key, key)


def label(key: str, lang: Lang) -> str:
    """A word of the text report; an unknown one is shown as it is."""
    return LANGUAGES[lang].labels.get(key, key)


def restart_note(lang: Lang) -> str:
    """Some refusals outlive their cure until the modem restarts; this says so."""
    return LANGUAGES[lang].restart


def evidence(line: str, lang: Lang) -> str:
    """A sentence of ours about what was seen; samplers write them in English."""
    if lang != "zh":
        return line
    from agent.locale.zh_evidence import in_chinese  # noqa: PLC0415 - a table that only Chinese pages need

    return in_chinese(line)


def progress(line: str, lang: Lang) -> str:
    """What a step of looking is called; steps name themselves in English (agent/examine.py)."""
    known = LANGUAGES[lang].progress
    start = next((start for start in known if line.startswith(start)), "")
    return known.get(start, "") + line[len(start) :]
