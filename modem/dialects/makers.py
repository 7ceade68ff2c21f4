"""Who makes what: the words by which a modem is known, and the file that speaks its dialect. Nothing is imported here,
so that only the dialect that is needed gets loaded (1.5 MB and 30 ms for all of them).
"""

import re
from collections.abc import Iterator, Mapping

WORDS: Mapping[str, tuple[str, ...]] = {
    "quectel": ("quectel",),
    "simcom": ("simcom", "sim800", "sim900", "sim70", "sim76", "a767", "a7600", "a7608", "a763", "a768", "sim5360"),
    "huawei": ("huawei", "td tech", "td-tech", "tdtech", "mt5700", "mt5710"),  # TD Tech's modules are Huawei's Balong
    "ublox": ("u-blox", "sara-", "lara-", "toby-", "lisa-", "lexi-"),
    "fibocom": ("fibocom", "fm350", "fm150", "fm190", "l850", "l860", "nl668", "nl678", "xmm7"),
    "zte": ("zte", "tozed", "zm9000", "gosuncn"),
    "sierra": ("sierra wireless", "airprime"),
    "luat": ("airm2m", "luat", "air724", "air720", "air780"),
    "telit": ("telit",),
    "foxconn": ("foxconn", "t99w", "t77w", "dw5821", "dw5930"),
    "nordic": ("nordic semiconductor", "nrf91"),
    "sequans": ("sequans",),
    "cinterion": ("cinterion", "gemalto", "thales"),
    "meig": ("meig", "slm7", "srm8"),
    "neoway": ("neoway", "logicrom"),
    "mikrotik": ("mikrotik", "r11e"),
    "cmiot": ("cmiot", "ml30", "mn316", "m5310", "m5311"),
    "option": ("option n.v", "option nv", "gtm601"),
    "mediatek": ("mediatek", "dwm-157"),
    "wavecom": ("wavecom",),
    "ericsson": ("ericsson",),
    "icera": ("icera",),
    "qualcomm": ("qualcomm",),
}
"""Name of a dialect → words in what its modems say of themselves (manufacturer, model, ATI), in lower case.

The special before the general: the first that fits wins.
"""

IN_PLAIN = frozenset({"neoway", "mikrotik", "wavecom", "ericsson", "icera", "qualcomm"})
"""These share modem.dialects.plain; every other dialect has the module of its name."""


# fmt: off
MODELS: Mapping[str, tuple[str, ...]] = {
    "quectel": (
        "ec20", "ec21", "ec25", "ec600", "ec800", "eg06", "eg12", "eg18", "eg2", "eg8", "eg9", "em05", "em06", "em12",
        "em16", "ep06", "bg6", "bg7", "bg9", "bc2", "bc3", "bc6", "bc9", "rg20", "rg25", "rg5", "rg6", "rm25", "rm5",
        "uc15", "uc20", "ug9", "ag35", "ag55", "m26", "m35", "m66", "m95", "mc60",
    ),
    "simcom": ("sim808", "sim86", "sim82", "sim83", "sim52", "sim53", "sim63", "a79"),
    "huawei": (
        "e15", "e16", "e17", "e18", "e220", "e226", "e270", "e3131", "e3276", "e3272", "e3372", "e35", "e36", "e39",
        "e8372", "k3715", "k4505", "k4605", "k5005", "k5150", "me909", "mu509", "mu609", "mu709", "mg301", "mg323",
        "mh5000", "em770w", "em820w",
    ),
    "fibocom": (
        "l610", "l716", "l718", "l810", "l816", "l831", "fg101", "fg132", "fg150", "fg160", "fg36", "fg650", "fg621",
        "fm101", "fm160", "fm650", "ma510", "mc116", "mc615", "mc661", "mc665", "nl952",
    ),
    "zte": ("mf1", "mf6", "mf8", "me36", "me37", "mc801", "mc888", "gm510", "k3565-z", "k3765-z", "k4505-z"),
    "sierra": (
        "em73", "em74", "em75", "em76", "em91", "em92", "mc73", "mc74", "mc77", "mc83", "mc87", "mc88", "wp75", "wp76",
        "wp77", "wp85", "hl75", "hl76", "hl77", "hl78", "rc76",
    ),
    "telit": (
        "le910", "le866", "ln920", "ln940", "lm940", "lm960", "fn980", "fn990", "fn920", "me910", "me310", "me866",
        "ml865", "ne310", "nl865", "he910", "he863", "ue910", "ue866", "ul865", "ge910", "ge866", "gl865", "gc864",
        "gm862", "de910", "uc864",
    ),
    "nordic": ("nrf9",),
    "sequans": ("gm01", "gm02", "vz12", "vz20", "cb410"),
    "cinterion": (
        "ehs", "els", "pls", "phs", "pvs", "ph8", "bgs", "bg2", "egs", "exs", "ems31", "ens22", "cls8", "als",
        "dls", "tc35", "tc63", "tc65", "mc35", "mc39", "mc52", "mc55", "mc75", "tx62",
    ),
    "meig": ("slm", "srm8"),
    "neoway": ("n10", "n11", "n20", "n25", "n27", "n58", "n70", "n71", "n72", "n75", "m590", "m660"),
    "ericsson": ("f3507", "f3607", "f5521", "c5621", "h5321", "md400"),
}
# fmt: on
"""Name → how its models begin, in small letters: for modems of which nothing is known but +CGMM."""

_MOST_OF_MODEL = 24
_MODEL = re.compile(r"(?![0-9a-f]{7})[a-z]{1,5}-?[0-9]{1,5}[a-z0-9._-]*")
"""Letters, then digits; seven hexadecimal digits in a row are data."""


def is_made_by(name: str, manufacturer: str, model: str, ati: str) -> bool:
    """Does the modem that said this speak the dialect `name`? Capitals or not."""
    return name in _named(manufacturer, model, ati)


def _named(manufacturer: str, model: str, ati: str) -> list[str]:
    """By words wherever they stand; where there are none, and no maker either, by the model."""
    said = f"{manufacturer}\n{model}\n{ati}".lower()
    found = [name for name, words in WORDS.items() if any(word in said for word in words)]
    return found if found or manufacturer.strip() else _by_model(said)


def _by_model(said: str) -> list[str]:
    """A line that holds a model and nothing else: "EC25", "+CGMM: LE910C1-EU"."""
    lines = (line.removeprefix("+cgmm:").removeprefix("#cgmm:").strip(' "') for line in said.splitlines())
    models = [line for line in lines if len(line) <= _MOST_OF_MODEL and _MODEL.fullmatch(line)]
    return [name for name, starts in MODELS.items() if any(model.startswith(starts) for model in models)]


def homes_of(manufacturer: str, model: str, ati: str) -> Iterator[str]:
    """The modules that may know it, the special before the general, each once."""
    yield from dict.fromkeys(map(home_of, _named(manufacturer, model, ati)))


def home_of(name: str) -> str:
    return "plain" if name in IN_PLAIN else name
