"""Which interface carries the modem's data, from trees like the kernel's; never a guess."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.sample.kernel import (
    Roots,
    Route,
    default_routes,
    parse_if_inet6,
    parse_ipv4_routes,
    parse_ipv6_routes,
)
from agent.sample.link import LinkPart, ipv4_of, read_link

HEAD = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n"


def route(interface: str, metric: int = 0, gateway: str = "0102030A", flags: str = "0003") -> str:
    return f"{interface}\t00000000\t{gateway}\t{flags}\t0\t0\t{metric}\t00000000\t0\t0\t0\n"


class Tree:
    """A machine's /sys and /proc."""

    def __init__(self, root: Path) -> None:
        self.roots = Roots(root / "sys", root / "proc")
        self.addresses: dict[str, tuple[str, ...]] = {}
        (self.roots.proc / "net").mkdir(parents=True)
        (self.roots.sys / "class/net").mkdir(parents=True)
        self.routes("")

    def usb(self, path: str) -> Path:
        device = self.roots.sys / "devices/usb1" / path
        device.mkdir(parents=True, exist_ok=True)
        (device / "idVendor").write_text("2c7c\n")
        return device

    def net(self, name: str, at: Path | None = None, *, operstate: str = "up", flags: str = "0x1003") -> None:
        interface = self.roots.sys / "class/net" / name
        (interface / "statistics").mkdir(parents=True)
        (interface / "ifindex").write_text("7\n")
        (interface / "operstate").write_text(operstate + "\n")
        (interface / "flags").write_text(flags + "\n")
        (interface / "statistics/rx_bytes").write_text("12345\n")
        (interface / "statistics/tx_bytes").write_text("678\n")
        if at is not None:
            at.mkdir(parents=True, exist_ok=True)
            (interface / "device").symlink_to(at)

    def tty(self, name: str, at: Path) -> None:
        at.mkdir(parents=True, exist_ok=True)
        (self.roots.sys / "class/tty" / name).mkdir(parents=True)
        (self.roots.sys / "class/tty" / name / "device").symlink_to(at)

    def routes(self, lines: str) -> None:
        (self.roots.proc / "net/route").write_text(HEAD + lines)

    def read(self, setting: str = "auto", device: str | None = "/dev/ttyUSB2", modem: tuple[str, ...] = ()) -> LinkPart:
        return read_link(setting, device, modem, self.roots, lambda name: self.addresses.get(name, ()))


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    return Tree(tmp_path)


def name_of(part: LinkPart) -> str | None:
    return part.interface.name if part.interface else None


def test_the_interface_on_the_same_usb_device_is_the_modem_s(tree: Tree) -> None:
    modem, other = tree.usb("1-1"), tree.usb("1-2")
    tree.tty("ttyUSB2", modem / "1-1:1.2/ttyUSB2")
    tree.net("wwan0", modem / "1-1:1.4")
    tree.net("wwan1", other / "1-2:1.4")
    assert name_of(tree.read()) == "wwan0"


def test_of_two_interfaces_on_it_the_one_with_the_modem_s_address(tree: Tree) -> None:
    modem = tree.usb("1-1")
    tree.tty("ttyUSB2", modem / "1-1:1.2/ttyUSB2")
    tree.net("wwan0", modem / "1-1:1.4")
    tree.net("usb0", modem / "1-1:1.5")
    assert name_of(tree.read()) is None
    tree.addresses = {"usb0": ("10.1.2.3",)}
    assert name_of(tree.read(modem=("10.1.2.3",))) == "usb0"


def test_a_ppp_link_is_known_by_the_modem_s_address(tree: Tree) -> None:
    tree.net("ppp0")
    tree.net("ppp1")
    tree.net("eth0")
    tree.addresses = {"ppp1": ("10.9.9.9",), "eth0": ("192.168.1.5",)}
    assert name_of(tree.read(modem=("10.9.9.9",))) == "ppp1"


def test_the_only_cellular_interface_is_taken(tree: Tree) -> None:
    tree.net("eth0")
    tree.net("wwan0")
    assert name_of(tree.read(device=None)) == "wwan0"


def test_two_cellular_interfaces_are_no_answer(tree: Tree) -> None:
    tree.net("wwan0")
    tree.net("ppp0")
    tree.routes(route("ppp0"))
    part = tree.read(device=None)
    assert part.interface is None
    assert part.elsewhere == "ppp0"


def test_a_lone_ethernet_interface_is_not_taken_for_the_modem_s(tree: Tree) -> None:
    tree.net("eth0")
    assert name_of(tree.read()) is None


def test_the_configured_one_goes_before_everything(tree: Tree) -> None:
    tree.net("wwan0")
    tree.net("eth1")
    assert name_of(tree.read("eth1")) == "eth1"


def test_none_configured_means_nothing_is_looked_at(tree: Tree) -> None:
    tree.net("wwan0")
    assert tree.read("") == LinkPart()


def test_a_configured_one_that_is_gone_is_down(tree: Tree) -> None:
    part = tree.read("wwan9")
    assert part.interface is not None
    assert part.interface.up is False
    assert [item.text for item in part.evidence] == ["wwan9: no such interface"]


def test_everything_about_it_is_read(tree: Tree) -> None:
    tree.net("wwan0")
    tree.addresses = {"wwan0": ("10.1.2.3",)}
    (tree.roots.proc / "net/if_inet6").write_text(
        "240e047e32f10eca18cab5aed4e9a2ca 07 40 00 80    wwan0\nfe800000000000000000000000000001 07 40 20 80    wwan0\n"
    )
    tree.routes(route("wwan0", 700) + route("eth0", 800))
    part = tree.read()
    view = part.interface
    assert view is not None
    assert (view.up, view.default_route, view.rx_bytes, view.tx_bytes) == (True, True, 12345, 678)
    assert view.addresses == ("10.1.2.3", "240e:47e:32f1:eca:18ca:b5ae:d4e9:a2ca")
    assert (part.counter, part.gateway, part.elsewhere) == ("if7", "10.3.2.1", None)


def test_the_default_route_with_the_lower_metric_counts(tree: Tree) -> None:
    tree.net("wwan0")
    tree.routes(route("wwan0", 700) + route("eth0", 100))
    part = tree.read()
    assert part.interface is not None
    assert part.interface.default_route is False
    assert (part.elsewhere, part.gateway) == ("eth0", "10.3.2.1")


@pytest.mark.parametrize(
    ("operstate", "flags", "carrier", "up"),
    [
        ("up", "0x1003", "1", True),
        ("unknown", "0x10d1", "1", True),
        ("unknown", "0x10d1", "0", False),
        ("unknown", "0x10d0", "1", False),
        ("down", "0x1003", "1", False),
        ("up", "rubbish", "1", None),
    ],
)
def test_up_is_what_kernel_and_driver_say(
    tree: Tree, operstate: str, flags: str, carrier: str, up: bool | None
) -> None:
    tree.net("wwan0", operstate=operstate, flags=flags)
    (tree.roots.sys / "class/net/wwan0/carrier").write_text(carrier)
    view = tree.read().interface
    assert view is not None
    assert view.up is up


def test_a_rejecting_default_route_is_none() -> None:
    assert parse_ipv4_routes(HEAD + route("lo", flags="0201")) == []


def test_ipv6_default_routes_come_after_ipv4_ones(tmp_path: Path) -> None:
    (tmp_path / "net").mkdir()
    (tmp_path / "net/route").write_text(HEAD + route("eth0", 900))
    zeros = "0" * 32
    (tmp_path / "net/ipv6_route").write_text(
        f"{zeros} 00 {zeros} 00 fe800000000000000000000000000001 00000400 00000001 00000000 00000003    wwan0\n"
        f"{zeros} 00 {zeros} 00 {zeros} ffffffff 00000001 00000000 00200200       lo\n"
    )
    assert default_routes(Roots(proc=tmp_path)) == [
        Route("eth0", "10.3.2.1", 900),
        Route("wwan0", "fe80::1", 1024),
    ]


@given(st.text(max_size=300))
def test_no_text_makes_a_parser_raise(text: str) -> None:
    parse_ipv4_routes(HEAD + text)
    parse_ipv6_routes(text)
    parse_if_inet6(text)


def test_this_machine_s_own_loopback_is_read() -> None:
    view = read_link("lo", None, ()).interface
    assert view is not None
    assert view.up is True
    assert "127.0.0.1" in view.addresses
    assert view.rx_bytes is not None


def test_an_interface_that_is_not_there_has_no_address() -> None:
    assert ipv4_of("no-such-thing") == ()
