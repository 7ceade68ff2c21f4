"""Data contexts and the addresses inside them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from modem import contexts
from modem.commands import defined_contexts
from modem.values import Address, Context, ContextActive, ContextParams, Contexts
from tests.fakes.replies import reply


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10.1.2.3", ("10.1.2.3",)),
        ("010.001.002.003", ("10.1.2.3",)),
        ("0.0.0.0", ()),
        ("0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0", ()),
        ("254.128.0.0.0.0.0.0.0.0.0.37.88.136.248.1", ("fe80::25:5888:f801",)),
        ("240e:047e:32f1:0eca:18ca:b5ae:d4e9:a2ca", ("240e:47e:32f1:eca:18ca:b5ae:d4e9:a2ca",)),
        ("IPV4:10.32.140.122    IPV6:::18C9:CE33:97B7:75BD", ("10.32.140.122", "::18c9:ce33:97b7:75bd")),
        ("999.1.1.1", ()),
        ("a.b.c.d", ()),
        (".".join("abcdefghijklmnop"), ()),
        ("::1", ()),
        ("", ()),
    ],
)
def test_addresses(text: str, expected: tuple[str, ...]) -> None:
    assert contexts.addresses(text) == expected


@pytest.mark.parametrize(
    "line",
    [
        (
            '+CGCONTRDP: 4,5,"ibox.tim.it.mnc001.mcc222.gprs","2.197.17.49.255.255.255.255",'
            '"2.197.17.49","10.207.43.46","10.206.56.132","0.0.0.0","0.0.0.0",0'
        ),
        (
            '+CGCONTRDP: 4,5,"ibox.tim.it.mnc001.mcc222.gprs","2.197.17.49","255.255.255.255",'
            '"2.197.17.49","10.207.43.46","10.206.56.132","0.0.0.0","0.0.0.0"'
        ),
    ],
)
def test_mask_joined_or_apart_is_the_same_connection(line: str) -> None:
    assert contexts.cgcontrdp(line) == ContextParams(
        cid=4,
        bearer=5,
        apn="ibox.tim.it",
        addresses=("2.197.17.49",),
        mask="255.255.255.255",
        gateway="2.197.17.49",
        dns=("10.207.43.46", "10.206.56.132"),
    )


def test_ipv6_connection() -> None:
    found = contexts.cgcontrdp(
        '+CGCONTRDP: 1,5,"internetipv6.mnc003.mcc260.gprs","254.128.0.0.0.0.0.0.0.0.0.37.88.136.248.1","",'
        '"42.1.23.0.0.2.255.255.0.0.0.0.0.0.159.1","42.1.23.0.0.3.255.255.0.0.0.0.0.0.152.34","","",0,0'
    )
    assert found is not None
    assert found.addresses == ("fe80::25:5888:f801",)
    assert found.gateway is None
    assert found.dns == ("2a01:1700:2:ffff::9f01", "2a01:1700:3:ffff::9822")


@pytest.mark.parametrize(
    ("fields", "gateway"),
    [
        ('"10.1.2.3","","10.1.2.1"', None),  # 27.007: no gateway, then the servers
        ('"10.1.2.3","","","10.1.2.1"', None),
        ('"10.1.2.3","",,"10.1.2.1","8.8.8.8"', None),
    ],
)
def test_what_stands_behind_an_empty_field_is_no_gateway(fields: str, gateway: str | None) -> None:
    found = contexts.cgcontrdp(f'+CGCONTRDP: 1,5,"cmiot",{fields}')
    assert found is not None
    assert (found.addresses, found.mask, found.gateway) == (("10.1.2.3",), None, gateway)


@pytest.mark.parametrize(
    ("fields", "mask", "gateway", "dns"),
    [
        ('"","","","1.1.1.1","8.8.8.8"', None, None, ()),
        ('"10.1.2.3","","","1.1.1.1","8.8.8.8"', None, None, ("1.1.1.1", "8.8.8.8")),  # Luat: a mask that is empty
        ('"10.1.2.3","","1.1.1.1","8.8.8.8"', None, None, ("1.1.1.1", "8.8.8.8")),
        ('"10.1.2.3","10.1.2.1","","8.8.8.8"', None, "10.1.2.1", ("8.8.8.8",)),
        ('"10.1.2.3.255.255.255.0","","","8.8.8.8"', "255.255.255.0", None, ("8.8.8.8",)),
    ],
)
def test_an_empty_mask_is_told_from_an_empty_gateway(
    fields: str, mask: str | None, gateway: str | None, dns: tuple[str, ...]
) -> None:
    found = contexts.cgcontrdp(f'+CGCONTRDP: 1,5,"cmiot",{fields}')
    assert found is not None
    assert (found.mask, found.gateway, found.dns if found.addresses else ()) == (mask, gateway, dns)


@pytest.mark.parametrize(
    "fields",
    ['"10.1.2.3","","","",""', '"36.14.4.126.50.241.14.202.24.202.181.174.212.233.162.202","","","8.8.8.8",""'],
)
def test_what_is_empty_moves_nothing_behind_it(fields: str) -> None:
    found = contexts.cgcontrdp(f'+CGCONTRDP: 1,5,"cmiot",{fields},"",0,0,1500')
    assert found is not None
    assert found.mtu == 1500


def test_nothing_known_of_an_active_context() -> None:
    assert contexts.cgcontrdp('+CGCONTRDP: 4,5,""') == ContextParams(cid=4, bearer=5)


def test_mtu_stands_behind_the_servers() -> None:
    found = contexts.cgcontrdp('+CGCONTRDP: 1,5,"cmiot","10.1.2.3","10.1.2.1","1.1.1.1","","","",0,0,1500')
    assert found is not None
    assert found.mtu == 1500


def test_all_defined_contexts_are_one_reading() -> None:
    found = defined_contexts(
        reply('+CGDCONT: 1,"IPV4V6","cmiot","0.0.0.0",0,0', '+CGDCONT: 2,"IP","ims.mnc000.mcc460.gprs","10.1.2.3",0,0')
    )
    assert found == (Contexts((Context(1, "IPV4V6", "cmiot"), Context(2, "IP", "ims", ("10.1.2.3",)))),)


def test_active_and_address_lines() -> None:
    assert contexts.cgact("+CGACT: 5, 1") == ContextActive(5, active=True)
    assert contexts.cgact("+CGACT: 5,7") is None
    assert contexts.cgpaddr('+CGPADDR: 1,"10.5.116.238","0.0.0.0"') == Address(1, ("10.5.116.238",))
    assert contexts.cgpaddr("+CGPADDR: 3") == Address(3, ())


@given(st.text(max_size=120) | st.text(alphabet='0123456789.,":ABCDEFf ', max_size=120))
def test_no_text_makes_it_fail(text: str) -> None:
    for reader in (contexts.cgdcont, contexts.cgact, contexts.cgpaddr, contexts.cgcontrdp):
        reader(f"+CGX: {text}")
    contexts.addresses(text)
    contexts.apn_network_identifier(text)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("+CGDCONT: 1", None),
        ('+CGDCONT: x,"IP"', None),
        ('+CGDCONT: 256,"IP"', None),
        ('+CGDCONT: -1,"IP"', None),
        ("+CGDCONT:", None),
        ('+CGDCONT: 255,"ip"', Context(255, "IP")),
        ('+CGDCONT: 0,"","cmiot"', Context(0, None, "cmiot")),
        ('+CGDCONT: 1,"IP","cmiot","10.1.2.3"', Context(1, "IP", "cmiot", ("10.1.2.3",))),
    ],
)
def test_a_defined_context_may_be_short(line: str, expected: Context | None) -> None:
    assert contexts.cgdcont(line) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10.1.2.3.255.255.255.0", ("10.1.2.3", "255.255.255.0")),
        ("10.1.2.3.255.255.255.x", (None, None)),
        ("10.1.2.3", ("10.1.2.3", None)),
        (".".join(["254", "128", *["0"] * 13, "1", *["255"] * 8, *["0"] * 8]), ("fe80::1", "ffff:ffff:ffff:ffff::")),
        ("1.2.3.4.5.6.7.8.9.10.11.12.13.14.15.256", (None, None)),
        ("10.1.2.3/32", ("10.1.2.3", None)),
        ("1.2.3.4.5", (None, None)),
    ],
)
def test_address_and_mask(text: str, expected: tuple[str | None, str | None]) -> None:
    assert contexts.address_and_mask(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("255.255.255.0", True), ("255.255.255.255", True), ("0.0.0.0", False), ("255.0.255.0", False), ("x", False)],
)
def test_a_mask_is_ones_then_zeros(text: str, expected: bool) -> None:
    assert contexts.is_mask(text) is expected


@pytest.mark.parametrize(("mtu", "expected"), [("0", None), ("1", 1), ("65535", 65535), ("65536", None), ("-1", None)])
def test_an_mtu_has_sixteen_bits(mtu: str, expected: int | None) -> None:
    found = contexts.cgcontrdp(f'+CGCONTRDP: 1,5,"cmiot","10.1.2.3","10.1.2.1","1.1.1.1","","","",0,0,{mtu}')
    assert found is not None
    assert found.mtu == expected


def test_both_families_in_one_line() -> None:
    """RM520N: the IPv6 address stands before the gateway."""
    six = "36.14.4.126.50.241.14.202.24.202.181.174.212.233.162.202"
    found = contexts.cgcontrdp(f'+CGCONTRDP: 1,5,"cmnet","10.1.2.3","{six}","10.1.2.1","1.1.1.1","8.8.8.8"')
    assert found is not None
    assert found.addresses == ("10.1.2.3", "240e:47e:32f1:eca:18ca:b5ae:d4e9:a2ca")
    assert (found.gateway, found.dns) == ("10.1.2.1", ("1.1.1.1", "8.8.8.8"))


@pytest.mark.parametrize("line", ["+CGCONTRDP: 1", "+CGCONTRDP: x,5", "+CGCONTRDP:"])
def test_a_connection_without_its_number_or_bearer_says_nothing(line: str) -> None:
    assert contexts.cgcontrdp(line) is None


@pytest.mark.parametrize("line", ["+CGACT: 1", "+CGACT: x,1", "+CGACT: 256,1", "+CGACT: 1,x"])
def test_a_state_of_no_context_says_nothing(line: str) -> None:
    assert contexts.cgact(line) is None


def test_a_context_that_is_not_active_says_so() -> None:
    assert contexts.cgact("+CGACT: 1,0") == ContextActive(1, active=False)
    assert contexts.cgpaddr("+CGPADDR: x") is contexts.cgpaddr("+CGPADDR:") is None


def test_the_operators_part_of_an_apn() -> None:
    names = {"a.b.mnc01.mcc222.gprs": "a.b", "a.mnc001.mcc222": "a", ".mnc001.mcc222.gprs": None, " a ": "a"}
    assert {name: contexts.apn_network_identifier(name) for name in names} == names
    assert contexts.apn_network_identifier(None) is None


def test_blanks_around_an_address_mean_nothing() -> None:
    assert contexts.addresses(" 10.0.0.1 ") == ("10.0.0.1",)
    assert contexts.address_and_mask(" 10.0.0.1 ") == ("10.0.0.1", None)
    assert contexts.address_and_mask(" 2.197.17.49.255.255.255.255 ") == ("2.197.17.49", "255.255.255.255")
    assert contexts.is_mask(" 255.255.255.0 ")


def test_a_field_that_was_cut_within_its_quotes_is_not_told() -> None:
    """A log or a cable that loses the end of a line: "cm" is no APN, and 10.1.2.3 may have been 10.1.2.34."""
    assert contexts.cgdcont('+CGDCONT: 1,"I') is None
    assert contexts.cgdcont('+CGDCONT: 1,"IP","cm') == Context(1, "IP", None, ())
    assert contexts.cgdcont('+CGDCONT: 1,"IP","cmiot","10.1.2.3') == Context(1, "IP", "cmiot", ())
    assert contexts.cgpaddr('+CGPADDR: 1,"10.1.2.3","36.9') == Address(1, ("10.1.2.3",))
    params = contexts.cgcontrdp('+CGCONTRDP: 1,5,"cmiot","10.1.2.3","","8.8.8')
    assert params is not None
    assert (params.apn, params.addresses, params.gateway) == ("cmiot", ("10.1.2.3",), None)
    assert contexts.cgdcont('+CGDCONT: 1,"IP","cm"iot') == Context(1, "IP", 'cm"iot', ())
    assert contexts.cgdcont('+CGDCONT: 1,"IP,"cmiot"') == Context(1, "IP", "cmiot", ())
