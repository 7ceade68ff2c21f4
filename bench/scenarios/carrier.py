"""The far side of the card: name servers, payment host, centre, portal; healthy, or broken as a scenario says.

Runs in the carrier's own network namespace and listens on the real ports. Knows nothing of posagent.
"""

import contextlib
import ipaddress
import json
import os
import socket
import ssl
import struct
import subprocess
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from email.utils import formatdate
from pathlib import Path

TLS = Path(__file__).parent / "tls"
GATEWAY, CARD = "10.133.7.1", "10.133.7.21"
GATEWAY6, CARD6 = "2001:db8:7::1", "2001:db8:7::21"
DNS1, DNS2, DNS6 = "211.136.112.50", "211.136.150.66", "2001:db8:53::53"
HOSTS = {
    "pay.acquirer.example": ("203.0.113.10", "2001:db8:10::10"),
    "pay2.acquirer.example": ("203.0.113.11", "2001:db8:10::11"),
    "centre.example": ("203.0.113.20", "2001:db8:20::20"),
    "anchor.example": ("203.0.113.99", "2001:db8:99::99"),
}
PORTAL = "203.0.113.30"
PAYMENT_PORT = 8443
SECRET = "terminal-1:" + "A" * 43


@dataclass(frozen=True, slots=True)
class Carrier:
    """`[scenario.carrier]`. Every field says what is broken; the defaults are a healthy network."""

    dns: str = "ok"
    """ok, silent, first_silent, icmp, slow (3 s), empty, garbage, nxdomain, servfail, refused, hijack, hijack_payment,
    hijack_private, hijack_zero, hijack_loopback, payment_private, payment_unknown, rewrite_nonsense,
    four (IPv4 addresses only), dns64."""
    payment: str = "ok"
    """ok, closed, silent."""
    centre: str = "ok"
    """ok, closed, silent, mute, resets, plain, busy, broken, bad_gateway, too_many, unauthorized, unauthorized_page,
    forbidden, not_found, page, redirect, takes (reports too, where a daemon sends some),
    sheds (real reports, with Retry-After; it looks at an empty one)."""
    certificate: str = "good"
    """A file of tls/: good, long (3 KB), expired, early, other-name, self-signed, intercepted."""
    date: str = ""
    """The centre's clock, "2095-01-01"; "": the true time."""
    web: str = "closed"
    """Plain HTTP on port 80: closed, ok, to_https, portal, carrier_portal, page, login."""
    reach: str = "all"
    """all; none: what is sent vanishes; reset: everything is refused; unreachable: ICMP says so;
    wall: one portal answers in everybody's place; gateway_gone: not even ARP; unplugged: no carrier on the line;
    card_dead: only what comes over the card vanishes;
    reset_but_payment: a card for certain hosts only, everybody else is refused."""
    second_payment: str = "ok"
    big_packets: str = "ok"
    """ok; vanish: a hole in the path swallows every packet of 1 KB and more, and nobody says so."""
    floods: bool = False
    """Traffic of the payment application flows by itself."""

    @classmethod
    def of(cls, table: Mapping[str, object]) -> "Carrier":
        known = {field.name for field in fields(cls)}
        if unknown := set(table) - known:
            raise ValueError(f"carrier: {', '.join(sorted(unknown))} is not known")
        return cls(**table)  # type: ignore[arg-type]  # read from TOML, the names are checked


def ip(*words: str) -> None:
    subprocess.run(("ip", *words), check=True, capture_output=True)


def set_up(carrier: Carrier, *, six: bool) -> None:
    """Addresses and routes of the carrier's namespace; carrier0 is there already."""
    ip("link", "set", "lo", "up")
    if not six:
        Path("/proc/sys/net/ipv6/conf/carrier0/disable_ipv6").write_text("1", encoding="ascii")  # it chatters
    if carrier.reach != "unplugged":
        _plug_in(carrier, six=six)


def _plug_in(carrier: Carrier, *, six: bool) -> None:
    ip("link", "set", "carrier0", "up")
    if carrier.reach != "gateway_gone":
        ip("addr", "add", f"{GATEWAY}/24", "dev", "carrier0")
    if six:
        ip("-6", "addr", "add", f"{GATEWAY6}/64", "dev", "carrier0", "nodad")
    if carrier.reach == "card_dead":
        Path("/proc/sys/net/ipv4/conf/carrier0/arp_ignore").write_text("8", encoding="ascii")
    if carrier.reach in ("reset", "wall", "reset_but_payment"):
        ip("route", "add", "local", "0.0.0.0/0", "dev", "lo")
    elif carrier.reach == "unreachable":
        Path("/proc/sys/net/ipv4/ip_forward").write_text("1", encoding="ascii")
        ip("route", "add", "unreachable", "default")
    if carrier.big_packets == "vanish":
        _swallow_big_packets()
    for address in alive(carrier):
        if carrier.reach in ("all", "card_dead"):
            ip(
                "addr",
                "add",
                f"{address}/{128 if ':' in address else 32}",
                "dev",
                "lo",
                *(["nodad"] if ":" in address else []),
            )


def _swallow_big_packets() -> None:
    """A bucket that no frame beyond 1 KB fits into."""
    words = "tc qdisc add dev carrier0 root tbf rate 100mbit burst 1024 latency 200ms"
    subprocess.run(words.split(), check=True, capture_output=True)


def alive(carrier: Carrier) -> list[str]:
    """Addresses at which somebody is; packets to others vanish."""
    down = {"pay.acquirer.example"} if carrier.payment == "silent" else set()
    down |= {"pay2.acquirer.example"} if carrier.second_payment == "silent" else set()
    down |= {"centre.example"} if carrier.centre == "silent" else set()
    hosts = [address for name, both in HOSTS.items() if name not in down for address in both]
    servers = {"silent": [], "first_silent": [DNS2]}.get(carrier.dns, [DNS1, DNS2, DNS6])
    mapped = [_mapped(address) for address in hosts if "." in address] if carrier.dns == "dns64" else []
    return [*hosts, *mapped, *servers, PORTAL]


def serve(carrier: Carrier) -> None:
    """Start every server; they live as long as the process."""
    if carrier.reach == "reset_but_payment":
        _names(DNS1, carrier)
        _listen(PAYMENT_PORT, _payment)
    if carrier.reach not in ("all", "card_dead", "wall"):
        return
    everybody = carrier.reach == "wall"
    for server in (DNS1, DNS2, DNS6):
        if everybody or server in alive(carrier):
            _names(server, carrier)
    if everybody or carrier.payment == "ok":
        _listen(PAYMENT_PORT, _payment)
    if everybody or carrier.centre not in ("closed", "silent"):
        _listen(443, lambda held: _centre(held, carrier))
    if carrier.web != "closed":
        _listen(80, lambda held: _web(held, carrier))


# -- names ------------------------------------------------------------------------------------------------------------


def _names(address: str, carrier: Carrier) -> None:
    if carrier.dns == "icmp":
        return
    six = ":" in address
    held = socket.socket(socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_DGRAM)
    if carrier.reach not in ("all", "card_dead"):
        held.setsockopt(socket.IPPROTO_IP, 15, 1)  # IP_FREEBIND: AnyIP has no such address
    held.bind((address, 53))

    def work() -> None:
        while True:
            asked, sender = held.recvfrom(1500)
            if carrier.dns == "slow":
                threading.Event().wait(3)
            with contextlib.suppress(OSError, ValueError, IndexError):
                held.sendto(dns_answer(asked, carrier), sender)

    threading.Thread(target=work, daemon=True).start()


def dns_answer(asked: bytes, carrier: Carrier) -> bytes:
    labels, at = [], 12
    while asked[at]:
        labels.append(asked[at + 1 : at + 1 + asked[at]].decode("ascii"))
        at += 1 + asked[at]
    name, kind = ".".join(labels), struct.unpack_from(">H", asked, at + 1)[0]
    question = asked[12 : at + 5]
    if carrier.dns == "garbage":
        return os.urandom(40)
    rcode, address = _resolved(name, kind, carrier)
    records = b""
    if address:
        data = ipaddress.ip_address(address).packed
        records = b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 60, len(data)) + data
    return asked[:2] + struct.pack(">5H", 0x8180 | rcode, 1, int(bool(records)), 0, 0) + question + records


_LIES = {
    "hijack": PORTAL,
    "hijack_private": "10.0.0.1",
    "hijack_zero": "0.0.0.0",  # noqa: S104 - an answer, nothing is bound
    "hijack_loopback": "127.0.0.1",
}
_NAT64 = "64:ff9b::"
"""The well-known prefix (RFC 6052)."""


def _mapped(address: str) -> str:
    return str(ipaddress.IPv6Address(int(ipaddress.IPv6Address(_NAT64)) + int(ipaddress.IPv4Address(address))))


def _resolved(name: str, kind: int, carrier: Carrier) -> tuple[int, str]:
    codes = {"nxdomain": 3, "servfail": 2, "refused": 5}
    if carrier.dns in codes:
        return codes[carrier.dns], ""
    if lie := _lie(name, carrier.dns):
        return 0, lie if kind == 1 else ""
    if name not in HOSTS or (carrier.dns == "payment_unknown" and name.startswith("pay")):
        return 3, ""
    return 0, _address(name, kind, carrier.dns)


def _lie(name: str, dns: str) -> str:
    if dns in _LIES:
        return _LIES[dns]
    if dns == "payment_private" and name.startswith("pay"):
        return "192.168.1.1"
    lied = (dns == "hijack_payment" and name.startswith("pay")) or (dns == "rewrite_nonsense" and name not in HOSTS)
    return PORTAL if lied else ""


def _address(name: str, kind: int, dns: str) -> str:
    four, six = HOSTS[name]
    known = {1: four, 28: {"four": "", "dns64": _mapped(four)}.get(dns, six)}
    return "" if dns == "empty" else known.get(kind, "")


# -- doors ------------------------------------------------------------------------------------------------------------


def _listen(port: int, handle: Callable[[socket.socket], None]) -> None:
    server = socket.create_server(("", port), family=socket.AF_INET6, dualstack_ipv6=True, backlog=64)

    def work() -> None:
        while True:
            held, _ = server.accept()
            threading.Thread(target=_handled, args=(handle, held), daemon=True).start()

    threading.Thread(target=work, daemon=True).start()


def _handled(handle: Callable[[socket.socket], None], held: socket.socket) -> None:
    with held, contextlib.suppress(OSError, ValueError):
        held.settimeout(10)
        handle(held)


def _payment(held: socket.socket) -> None:
    held.recv(1)


def _centre(held: socket.socket, carrier: Carrier) -> None:
    if carrier.centre == "mute":
        held.recv(1)
        threading.Event().wait(10)
    elif carrier.centre == "resets":
        held.recv(64)
        held.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    elif carrier.centre == "plain":
        _say(held, "400 Bad Request", "<html>plain HTTP request sent to HTTPS port</html>", "text/html")
    else:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        at_portal = held.getsockname()[0].endswith(PORTAL)  # a hijacker has not the centre's key
        context.load_cert_chain(TLS / f"{'intercepted' if at_portal else carrier.certificate}.pem")
        with context.wrap_socket(held, server_side=True) as secure:
            _report(secure, carrier)


_JSON = "application/json"
_SAID = {
    "busy": ("503 Service Unavailable", '{"error":{"code":"unavailable"}}', _JSON),
    "broken": ("500 Internal Server Error", '{"error":{"code":"internal"}}', _JSON),
    "bad_gateway": ("502 Bad Gateway", "<html>bad gateway</html>", "text/html"),
    "too_many": ("429 Too Many Requests", '{"error":{"code":"too_many"}}', _JSON),
    "unauthorized_page": ("401 Unauthorized", "<html>log in first</html>", "text/html"),
    "unauthorized": ("401 Unauthorized", '{"error":{"code":"unauthorized"}}', _JSON),
    "forbidden": ("403 Forbidden", '{"error":{"code":"forbidden"}}', _JSON),
    "not_found": ("404 Not Found", '{"error":{"code":"not_found"}}', _JSON),
    "page": ("200 OK", "<html>Welcome to nginx</html>", "text/html"),
    "redirect": ("302 Found", "", "text/html"),
}


def _report(held: socket.socket, carrier: Carrier) -> None:
    request = held.recv(4096).decode("latin-1")
    if carrier.centre in _SAID:
        _say(held, *_SAID[carrier.centre], carrier=carrier)
    elif carrier.centre == "takes" and '"records":[{' in request:
        _say(held, "200 OK", json.dumps({"v": 1, "acked": request.count('"seq":')}), _JSON, carrier=carrier)
    elif carrier.centre == "sheds" and "Content-Length: 0\r\n" not in request:
        _say(held, *_SAID["busy"], carrier=carrier, more="Retry-After: 3600\r\n")
    elif request.startswith("POST /v1/reports ") and f"Bearer {SECRET}\r\n" in request:
        _say(held, "400 Bad Request", '{"error":{"code":"bad_batch"}}', _JSON, carrier=carrier)
    elif request.startswith("GET /healthz "):
        _say(held, "200 OK", '{"status":"ok"}', _JSON, carrier=carrier)
    else:
        _say(held, *_SAID["unauthorized"], carrier=carrier)


_PORTALS = {
    "portal": "http://lucky.games.example/welcome",
    "carrier_portal": "http://wap.10086.cn/recharge",
    "unicom_portal": "https://upay.10010.com/npfwap/",
    "to_https": "https://centre.example/healthz",
}


def _web(held: socket.socket, carrier: Carrier) -> None:
    held.recv(4096)
    if carrier.web in _PORTALS:
        _say(held, "302 Found", "", "text/html", location=_PORTALS[carrier.web])
    elif carrier.web == "login":
        _say(held, "511 Network Authentication Required", "<html>log in</html>", "text/html")
    elif carrier.web == "page":
        _say(held, "200 OK", "<html><script>location='http://x'</script></html>", "text/html")
    else:
        _say(held, "200 OK", '{"status":"ok"}', _JSON)


def _say(
    held: socket.socket,
    status: str,
    body: str,
    kind: str,
    *,
    location: str = "",
    more: str = "",
    carrier: Carrier | None = None,
) -> None:
    moved = f"Location: {location}\r\n" if location else ""
    date = f"Date: {_date(carrier)}\r\n" if carrier else ""
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{date}{moved}{more}\r\n"
    held.sendall((head + body).encode())


def _date(carrier: Carrier) -> str:
    if not carrier.date:
        return formatdate(usegmt=True)
    return formatdate(datetime.fromisoformat(carrier.date).replace(tzinfo=UTC).timestamp(), usegmt=True)


def run(carrier: Carrier, ready: int, go: int, *, six: bool) -> None:
    """The carrier's process: says when it is there, waits for its interface, serves until the other end hangs up."""
    os.write(ready, b"1")
    os.read(go, 1)
    set_up(carrier, six=six)
    serve(carrier)
    os.write(ready, b"2")
    os.read(go, 1)
