"""Who the modem is, in every shape that modems say it."""

import pytest

from modem import identity
from modem.values import Capability, Identity
from tests.fakes.replies import reply


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("Quectel", "Quectel"),
        ('+CGMI: "AirM2M"', "AirM2M"),  # Luat
        ("+GMI: Telit", "Telit"),
        ("+GMR: 12.00.224", "12.00.224"),
        ("+GSN: 356938035643809", "356938035643809"),
        ('+GTPKGVER: "19500.0000.00"', "19500.0000.00"),  # Fibocom
        ('"L860 LTE Module","L860"', "L860 LTE Module"),  # Fibocom
        ('L850 LTE Module","L850', 'L850 LTE Module","L850'),
        ('"A",B', 'A",B'),
        ("A, B", "A, B"),
        ("+UREG: 7", None),
        ('""', None),
        ("", None),
    ],
)
def test_free_text_with_or_without_prefix_and_quotes(line: str, text: str | None) -> None:
    assert identity.own_text(line) == text
    assert identity.manufacturer(line) == (Identity(manufacturer=text) if text else None)


def test_blanks_within_a_model_are_one() -> None:
    assert identity.model("LE910  EU") == Identity(model="LE910 EU")
    assert identity.model("+UREG: 7") is None


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("Revision: 11.617.01", "11.617.01"),
        ("revision=V1.0", "V1.0"),
        ("+CGMR: M95FAR02A08", "M95FAR02A08"),
        ("revision:", None),
        ('""', None),
        ("+UREG: 7", None),
    ],
)
def test_a_firmware_with_or_without_its_label(line: str, text: str | None) -> None:
    assert identity.firmware(line) == (Identity(firmware=text) if text else None)


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("867566010000017", "867566010000017"),
        ('+CGSN: "867566010000017"', "867566010000017"),
        ("IMEI 867566010000017", "867566010000017"),
        ("8675660100000170", None),
        ("MPA23A1C2B", None),
        ("+UREG: 867566010000017", None),
    ],
)
def test_an_imei_has_fifteen_digits(line: str, number: str | None) -> None:
    assert identity.imei(line) == (Identity(imei=number) if number else None)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (("Quectel", "EC25", "Revision: EC25EFAR06A01M4G"), Identity("Quectel", "EC25", "EC25EFAR06A01M4G")),
        (("+WIND 4", "Quectel", "EC25"), Identity("Quectel", "EC25")),
        (("^RSSI: 3", "Quectel", "EC25"), Identity("Quectel", "EC25")),
        (("Manufacturer: A", "x", "y"), Identity("A")),
        (("Vendor: A", "Model: M", "IMEI: 867566010000017"), Identity("A", "M", imei="867566010000017")),
        (("Model: M", "x", "y"), Identity(model="M")),
        (("Manufacturer: A", "Model:"), Identity("A")),
        (("Model: M", "IMEI: -", "SVN: 01"), Identity(model="M")),
        (("Manufacturer: A", "Manufacturer: B"), Identity("A")),
        (("SIM7000G R1529",), Identity(firmware="SIM7000G R1529")),
        (("Model: M", "SIM7000G R1529"), Identity(model="M")),
        (("Model:",), None),
        (('""',), None),
        ((), None),
    ],
)
def test_ati_with_labels_or_by_position(lines: tuple[str, ...], expected: Identity | None) -> None:
    assert identity.ati(reply(*lines, command="ATI")) == ((expected,) if expected else ())


def test_what_it_can_do() -> None:
    assert identity.gcap("+GCAP: +CGSM,,+DS") == Capability("+GCAP", ("+CGSM", "+DS"))
