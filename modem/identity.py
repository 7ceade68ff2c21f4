"""Who the modem is: +CGMI, +CGMM, +CGMR, +CGSN (27.007 §5), ATI and +GCAP."""

import re

from modem.events import Reply
from modem.fields import body_of, holds_another, prefix_of, split, texts
from modem.replies import MAX_LINES
from modem.values import Capability, Identity, Reading

_IMEI = re.compile(r"(?<![0-9])[0-9]{15}(?![0-9])")
_LABELLED = re.compile(
    r"\s*(manufacturer|vendor|model|revision|firmware|imei|svn|esn|meid|hwver|mpn)\s*:\s*(.*)", re.IGNORECASE
)
_UBLOX_TYPE = re.compile(r"(?:SARA|LARA|TOBY|LISA|LENA|LEXI)-[A-Z]\d{1,4}[A-Z]?(?:-\d\d[A-Z](?:-\d\d)?)?", re.ASCII)
"""All that u-blox answers to ATI: the type number (UBX-13002752, AT commands manual, +I)."""
_NAMED = {"manufacturer": "manufacturer", "vendor": "manufacturer", "model": "model", "revision": "firmware"}


_OWN_PREFIXES = {
    *("+CGMI:", "+GMI:", "+CGMM:", "+GMM:", "+CGMR:", "+GMR:", "+CGSN:", "+GSN:", "+CIMI:"),
    "+GTPKGVER:",  # Fibocom
    *("#CGMI:", "#CGMM:", "#CGMR:", "#CGSN:", "#CIMI:"),  # Telit LE910Cx: the answers of 27.007 with a prefix
    *("+QGSN:", "+SIMEI:", "+EGMR:"),  # Quectel M95, SIM7600, MediaTek's way in Quectel's modules
}


def own_text(line: str) -> str | None:
    """Free text, with or without the prefix and the quotes that Luat and Fibocom put around it.

    Any other prefix is news that came between and that no dialect knows: "+UREG: 7" is no model.
    """
    prefix = prefix_of(line)
    if prefix is not None and prefix not in _OWN_PREFIXES:
        return None
    text = body_of(line).strip()
    if holds_another(text):
        return None
    if text.startswith('"') and '","' in text:  # Fibocom: "L860 LTE Module","L860", the long name and the short one
        text = next((field.text for field in split(text)), "")
    return text.strip('"').strip() or None


def manufacturer(line: str) -> Identity | None:
    return Identity(manufacturer=text) if (text := own_text(line)) else None


def model(line: str) -> Identity | None:
    return Identity(model=" ".join(text.split())) if (text := own_text(line)) else None


def firmware(line: str) -> Identity | None:
    """+CGMR; some modems write "Revision: …" or "revision=" in front."""
    text = re.sub(r"^revision\s*[:=]\s*", "", own_text(line) or "", flags=re.IGNORECASE)
    return Identity(firmware=text) if text else None


def imei(line: str) -> Identity | None:
    """The 15 digits anywhere in the line; a serial number (AT+CGSN=0) is no IMEI."""
    match = _IMEI.search((own_text(line) or "")[:128])
    return Identity(imei=match[0]) if match else None


_MAKER_AND_MODEL = 2


def ati(reply: Reply) -> tuple[Reading, ...]:
    """ATI: "Model: …" lines where the modem labels them, else maker, model, "Revision: …" by position (Quectel)."""
    found: dict[str, str] = {}
    plain: list[str] = []
    for line in reply.lines[:MAX_LINES]:
        match = _LABELLED.match(line)
        if match:
            _note(found, match[1].lower(), match[2].strip())
        elif not line.startswith("+") and prefix_of(line) is None and not holds_another(line):
            plain += [text] if (text := line.strip().strip('"')) not in plain else []
    if len(plain) >= 2 and (len(plain) == _MAKER_AND_MODEL or not found) and not {"manufacturer", "model"} & set(found):
        found |= {"manufacturer": plain[0], "model": plain[1]}
    elif len(plain) == 1 and not found:
        is_type = _UBLOX_TYPE.fullmatch(plain[0])
        found["model" if is_type else "firmware"] = plain[0]  # "SIM7000G R1529", "LuatOS-Air_V4032…"
    identity = Identity(**{name: text for name, text in found.items() if text})
    return (identity,) if any(found.values()) else ()


def _note(found: dict[str, str], label: str, text: str) -> None:
    if label == "imei":
        match = _IMEI.search(text)
        found |= {"imei": match[0]} if match else {}
    elif label in _NAMED:
        found.setdefault(_NAMED[label], text)


def gcap(line: str) -> Capability:
    """+GCAP: +CGSM,+DS,+ES."""
    return Capability("+GCAP", tuple(text for text in texts(line) if text))
