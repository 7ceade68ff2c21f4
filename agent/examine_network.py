"""The network side of a look: what the configuration wants to know, what the machine already knows, then the probes.

Only who probes loads what probing needs (TLS, above all): `posagent diag --quick` must be quick.
"""

# ruff: noqa: PLC0415

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from agent.clock import Clock, Deadline
from agent.sample.link import LinkPart
from agent.sample.net.part import NetPart
from modem.frozen import dataclass

if TYPE_CHECKING:
    from agent.sample.net.centre import Centre
    from agent.sample.net.scene import NetSettings

MAX_S = 11.0
"""For all probes together; a look has 20 s, and the modem wants its share."""
PORTS = {"https": 443, "http": 80, "mqtts": 8883}


@dataclass(frozen=True, slots=True)
class ProbeSettings:
    """What probing needs of the configuration."""

    uplink_url: str = ""
    ca_file: Path | None = None
    client_cert: Path | None = None
    client_key: Path | None = None
    credential_file: Path | None = None
    bind_interface: str = ""
    payment_hosts: tuple[str, ...] = ()
    internet_anchor: str = ""
    pinned: tuple[str, ...] = ()
    sentinel_url: str = ""
    timeout_s: float = 5.0
    budget_bytes: int = 8000


def look_behind_card(
    settings: ProbeSettings,
    link: LinkPart,
    servers: tuple[str, ...],
    network_time: float | None,
    flowed_bytes: int,
    clock: Clock,
    deadline: Deadline,
) -> NetPart:
    """`servers`: those that the network gave the modem; `flowed_bytes`: what came in while the modem was asked."""
    from agent.sample.net.look import look_at_network
    from agent.sample.net.names import configured_servers
    from agent.sample.net.scene import Around
    from agent.sample.net.way import Way

    interface = link.interface
    device = interface.name if interface else settings.bind_interface
    around = Around(
        way=Way(device, interface.addresses if interface else ()),
        routed=link.routed,
        first=interface.default_route if interface else None,
        elsewhere=link.elsewhere if interface else None,
        gateway=link.gateway,
        servers=servers,
        configured=configured_servers(),
        network_time=network_time,
        flowed_bytes=flowed_bytes,
    )
    until = Deadline(min(deadline.at, clock.monotonic() + MAX_S))
    return look_at_network(net_settings(settings), around, until, clock)


def net_settings(settings: ProbeSettings) -> "NetSettings":
    from agent.sample.net.scene import NetSettings, pins

    bearer, trouble = _credential(settings)
    return NetSettings(
        centre=centre_of(settings, bearer),
        credential_trouble=trouble,
        payment_hosts=settings.payment_hosts,
        anchor=settings.internet_anchor,
        pinned=pins(settings.pinned),
        sentinel_url=settings.sentinel_url,
        timeout_s=settings.timeout_s,
        budget_bytes=settings.budget_bytes,
    )


def centre_of(settings: ProbeSettings, bearer: str | None = None) -> "Centre | None":
    """None without a centre, and for ways to it that no TCP connection can try."""
    from agent.sample.net.centre import Centre

    try:
        parts = urlsplit(settings.uplink_url)
        port = parts.port or PORTS.get(parts.scheme)
    except ValueError:
        return None
    if not parts.hostname or port is None or parts.scheme not in PORTS:
        return None
    secure, speaks = parts.scheme != "http", parts.scheme != "mqtts"
    return Centre(
        parts.hostname,
        port,
        parts.path.rstrip("/"),
        secure,
        settings.ca_file,
        settings.client_cert,
        settings.client_key,
        bearer,
        speaks,
    )


def _credential(settings: ProbeSettings) -> tuple[str | None, str]:
    """What to show the centre; or why there is nothing to show. What we may not read may well be there."""
    if settings.credential_file is None or not settings.uplink_url:
        return None, ""
    from agent.uplink.credential import CredentialError, read_credential

    try:
        return read_credential(settings.credential_file).bearer, ""
    except CredentialError as error:
        return None, "" if isinstance(error.__context__, PermissionError) else str(error)
