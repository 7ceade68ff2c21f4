"""Registration: +CREG, +CGREG, +CEREG and +C5GREG (27.007 §7.2, §10.1.20, §10.1.22, §10.1.47) in all their shapes.

The answer has <n> in front, the URC has not; both come in 1 to 11 fields, with or without quotes, and some modems
send the URC in the shape of the answer (Ericsson MD400, Samsung Wave). So a line's shape decides, and the question
that was asked only where the shape does not.
"""

from collections.abc import Callable, Mapping

from modem import causes
from modem.fields import Field, body_of, hex_id, hexadecimal, integer, prefix_of, split
from modem.values import Cause, Domain, Registration, RegistrationStatus, Technology

PREFIXES: Mapping[str, Domain] = {"+CREG:": "cs", "+CGREG:": "ps", "+CEREG:": "eps", "+C5GREG:": "5gs"}
LAYERS: Mapping[Domain, causes.Layer] = {"cs": "mm", "ps": "gmm", "eps": "emm", "5gs": "5gmm"}

STATUS: Mapping[int, RegistrationStatus] = {
    0: "idle",  # not registered and not searching
    1: "home",
    2: "searching",
    3: "denied",
    4: "unknown",  # out of coverage, says 27.007
    5: "roaming",
    6: "home",  # SMS only: normal for the CS domain on LTE
    7: "roaming",  # SMS only
    8: "emergency_only",
    9: "home",  # CSFB not preferred
    10: "roaming",  # CSFB not preferred
    11: "emergency_only",  # access to RLOS only
    90: "idle",  # nRF91: not registered because the card failed
}
SMS_ONLY = {6, 7}

TECHNOLOGY: Mapping[int, Technology] = {
    0: "gsm",
    1: "gsm",  # GSM compact
    2: "umts",
    3: "edge",
    4: "hspa",  # HSDPA
    5: "hspa",  # HSUPA
    6: "hspa",  # both
    7: "lte",
    8: "lte_m",  # so say BG96, SARA-R4 and ME910; 27.007's EC-GSM-IoT never had a network
    9: "nb_iot",
    10: "lte",  # E-UTRA on a 5G core
    11: "nr",
    12: "nr",  # NG-RAN
    13: "nr_nsa",  # E-UTRA-NR dual connectivity
    14: "nb_iot",  # satellite E-UTRAN, NB-S1
    15: "lte",  # satellite E-UTRAN, WB-S1
    16: "nr",  # satellite NG-RAN
}
_MAX_N = 5
_STAT_CHARS = 3
_RAC_CHARS = 4
_LEAST_5GS = 7
"""<AcT> of a 5G core, or of the LTE beside it; a lesser one was cut."""
_ACTS = 256
"""Some say 99 or 100 where 27.007 knows no such network; an id is longer."""
_NONE = ("", "-")
_MAX_CAUSE, _MAX_VENDOR_CAUSE = 255, 65535
"""An octet (24.008 §10.5.3.6); vendors' own numbers are a little longer."""


def stat_of(field: Field) -> int | None:
    """A status is a bare number up to 11, zero padded at most ("001", "0011")."""
    value = integer(field.text)
    return value if value in STATUS and not field.quoted else None


def has_mode_in_front(fields: tuple[Field, ...]) -> bool:
    """Does the line have the shape of an answer: <n>,<stat>,…?"""
    if len(fields) < 2 or stat_of(fields[1]) is None or fields[0].quoted:
        return False
    mode = integer(fields[0].text)
    if mode is None or not 0 <= mode <= _MAX_N:
        return False
    if len(fields[1].text) <= _STAT_CHARS:
        return True
    return len(fields) > 2 and fields[2].quoted  # "002,0011,"0f0d"" is an answer, "2, 0001, 00000100, 7" a URC


def is_unsolicited(line: str) -> bool:
    """True if the line is a registration line that cannot answer AT+CREG? and its like."""
    prefix = prefix_of(line)
    if prefix not in PREFIXES:
        return False
    fields = split(body_of(line))
    if prefix == "+C5GREG:" and len(fields) == 1:
        return False  # Fibocom FM350 answers AT+C5GREG? with <n> alone
    return not has_mode_in_front(fields)


def parse(line: str, *, answer: bool | None = None) -> Registration | None:
    """One registration line. `answer`: was it asked for? None lets the shape alone decide."""
    prefix = prefix_of(line)
    domain = PREFIXES.get(prefix) if prefix is not None else None
    fields = split(body_of(line))
    if domain is None or not fields:
        return None
    has_mode = has_mode_in_front(fields)
    if has_mode:
        fields = fields[1:]
    elif answer and len(fields) == 1 and domain == "5gs" and integer(fields[0].text) is not None:
        return Registration(domain=domain, stat=None, status="unknown")
    elif len(fields) == 2 and fields[1].text != "" and not fields[1].quoted:
        return None  # no form of it has two: "2,12"
    stat = stat_of(fields[0])
    if stat is None or (not has_mode and not _is_place(fields[1:])):
        return None
    return from_status(domain, stat, fields[1:] if _is_place(fields[1:]) else ())


def _is_place(fields: tuple[Field, ...]) -> bool:
    """Can these be area, cell and network? What lost a field, a comma or a quote has one in another's place: a cell
    without an area, one of the two in quotes, an id where the network's number belongs."""
    get = _getter(fields)
    area, cell, act = get(0), get(1), get(2)
    if any(not _is_id(field) for field in (area, cell)):
        return False
    if _has_rac_behind_area(get):
        return True
    if len(fields) == 1 and area.text and not area.quoted:
        return False  # cut behind the area, or within it
    if hex_id(cell.text) and (not area.text or area.quoted != cell.quoted or (not act.text and _is_act(cell))):
        return False
    return act.text in _NONE or integer(act.text) in range(_ACTS)


def _is_id(field: Field) -> bool:
    """Hexadecimal, or masked within its quotes; a quote in its midst parted it from another one."""
    return '"' not in field.text and (field.quoted or field.text in _NONE or hexadecimal(field.text) is not None)


def _has_rac_behind_area(get: Callable[[int], Field]) -> bool:
    """Novatel: area, RAC, cell, act."""
    is_rac = bool(get(0).text) and hexadecimal(get(1).text) is not None and len(get(1).text) <= _RAC_CHARS
    return is_rac and _is_act(get(3)) and hexadecimal(get(2).text) is not None and not _is_act(get(2))


def from_status(
    domain: Domain, stat: int, fields: tuple[Field, ...], technology: Technology | None = None
) -> Registration:
    """`fields` from behind <stat> on. `technology`: told in another way than by <AcT> (MediaTek)."""
    place, rest = _split_place(domain, fields)
    area, cell, act, rac = place
    act = None if domain == "5gs" and act is not None and act < _LEAST_5GS else act
    technology = TECHNOLOGY.get(act) if act is not None else technology
    return Registration(
        domain=domain,
        stat=stat,
        status=STATUS[stat],
        lac=area if domain in ("cs", "ps") else None,
        tac=area if domain in ("eps", "5gs") else None,
        cell_id=cell,
        rac=rac,
        act=act,
        technology=technology,
        reject_cause=_reject_cause(domain, rest),
        sms_only=stat in SMS_ONLY,
    )


Place = tuple[str | None, str | None, int | None, str | None]


def _split_place(domain: Domain, fields: tuple[Field, ...]) -> tuple[Place, tuple[Field, ...]]:
    """(area, cell, act, rac) and what is left: cause type, cause, timers (or, in 5GS, the NSSAI before them)."""
    get = _getter(fields)
    if _has_rac_behind_area(get):
        return (hex_id(get(0).text), hex_id(get(2).text), integer(get(3).text), _rac(get(1))), fields[4:]
    act = integer(get(2).text) if _is_act(get(2)) else None
    area, cell, rest = hex_id(get(0).text), hex_id(get(1).text), fields[3:]
    if _begins_with_rac(domain, get(0), rest):
        is_moved_act = act is None and get(0).quoted and _is_act(rest[0])
        return (area, cell, act, None if is_moved_act else _rac(rest[0])), rest[1:]
    return (area, cell, act, None), rest


def _begins_with_rac(domain: Domain, area: Field, rest: tuple[Field, ...]) -> bool:
    """+CGREG has a RAC always, +CEREG on some modems (u-blox <rac_or_mme>): then the number of fields is odd.

    A bare number alone, behind an area in quotes or behind none, is the type of a cause whose line was cut.
    """
    if not rest or domain in ("cs", "5gs"):
        return False
    is_bare = bool(area.text) and not area.quoted
    return domain == "ps" or rest[0].quoted or (len(rest) % 2 == 1 and (len(rest) > 1 or is_bare))


def _getter(fields: tuple[Field, ...]) -> Callable[[int], Field]:
    return lambda index: fields[index] if index < len(fields) else Field("")


def _is_act(field: Field) -> bool:
    value = integer(field.text)
    return not field.quoted and value in TECHNOLOGY and len(field.text) <= _STAT_CHARS


def _rac(field: Field) -> str | None:
    return hex_id(field.text) if len(field.text) <= 4 else None


def _reject_cause(domain: Domain, rest: tuple[Field, ...]) -> Cause | None:
    """<cause_type>,<reject_cause>: type 0 is the cause of the domain's own layer, 1 the vendor's own number."""
    if domain == "5gs":
        rest = rest[2:]  # <Allowed_NSSAI_length>,<Allowed_NSSAI> come first
    if len(rest) < 2:
        return None
    kind, value = integer(rest[0].text), integer(rest[1].text)
    if kind not in (0, 1) or value is None or not 0 < value <= (_MAX_CAUSE if kind == 0 else _MAX_VENDOR_CAUSE):
        return None
    return causes.cause(LAYERS[domain] if kind == 0 else "vendor", value)


_BEST_FIRST: tuple[Domain, ...] = ("5gs", "eps", "ps", "cs")
_REGISTERED = ("home", "roaming")


def overall_registration(statuses: Mapping[Domain, RegistrationStatus]) -> RegistrationStatus:
    """One word for all domains, for a terminal that needs data.

    Registered in a data domain wins, the best domain first: a denied CS beside a registered EPS is a data-only card and
    healthy. Then a refusal of data (LTE or packets) is the news; then a CS registration; then whatever the best domain
    that knows anything does. Domains that are missing or "unknown" say nothing.
    """
    in_order = [statuses[domain] for domain in _BEST_FIRST if domain in statuses]
    data = [statuses[domain] for domain in _BEST_FIRST[:3] if domain in statuses]
    for status in data:
        if status in _REGISTERED:
            return status
    if "denied" in [statuses.get("eps"), statuses.get("ps")]:
        return "denied"
    if statuses.get("cs") in _REGISTERED:
        return statuses["cs"]
    for quiet in (("unknown", "idle"), ("unknown",)):
        for status in in_order:
            if status not in quiet:
                return status
    return "unknown"
