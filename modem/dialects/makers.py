"""Who makes what: the words by which a modem is known, and the file that speaks its dialect. Nothing is imported here,
so that only the dialect that is needed gets loaded (1.5 MB and 30 ms for all of them).
"""

from collections.abc import Iterator, Mapping

WORDS: Mapping[str, tuple[str, ...]] = {
    "quectel": ("quectel",),
    "simcom": ("simcom", "sim800", "sim900", "sim70", "sim76", "a767", "a7600", "a7608", "a763", "a768", "sim5360"),
    "huawei": ("huawei", "td tech", "td-tech", "tdtech", "mt5700", "mt5710"),  # TD Tech's modules are Huawei's Balong
    "ublox": ("u-blox", "sara-", "lara-", "toby-", "lisa-"),
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


def is_made_by(name: str, manufacturer: str, model: str, ati: str) -> bool:
    """Does the modem that said this speak the dialect `name`? Capitals or not."""
    said = f"{manufacturer}\n{model}\n{ati}".lower()
    return any(word in said for word in WORDS[name])


def homes_of(manufacturer: str, model: str, ati: str) -> Iterator[str]:
    """The modules that may know it, the special before the general, each once."""
    yield from dict.fromkeys(home_of(name) for name in WORDS if is_made_by(name, manufacturer, model, ati))


def home_of(name: str) -> str:
    return "plain" if name in IN_PLAIN else name
