"""Whether two numbers name the same card or machine: people, carriers and modules do not write them alike. Pure."""


def same_card(one: str, other: str) -> bool:
    """The same ICCID, one of them perhaps without its last digit (ITU-T E.118: a check digit)."""
    if one == other:
        return True
    a, b = sorted((one.upper().rstrip("F"), other.upper().rstrip("F")), key=len)
    return a == b or (len(a) == 19 and len(b) == 20 and b.startswith(a))


def same_machine(one: str, other: str) -> bool:
    """The same IMEI: after its 14 digits come a check digit, nothing, or two of the software (3GPP TS 23.003, 6.2)."""
    return one[:14] == other[:14]
