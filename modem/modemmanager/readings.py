"""ModemManager's properties → the readings that AT answers give. Pure. Unknown there is None here.

ModemManager merges the domains into one registration state; its access technology tells whose it is. A modem that is
not enabled is not watched: its "unknown" or "idle" are no observations, and make no reading.
"""

import re
from collections.abc import Iterator
from ipaddress import ip_address

from modem.causes import cause
from modem.iccid import carrier_of_imsi, issuer, normalise
from modem.modemmanager import tables
from modem.modemmanager.manager import MODEM, MODEM_3GPP, SIGNAL, ModemObject
from modem.modemmanager.objects import Properties, integer
from modem.operators import plmn_of
from modem.registration import STATUS
from modem.signal import is_measured, signal
from modem.values import (
    Address,
    Attach,
    Cause,
    Clock,
    Context,
    ContextActive,
    ContextParams,
    Contexts,
    Counters,
    Domain,
    ErrorCause,
    Functionality,
    Iccid,
    Identity,
    Imsi,
    Operator,
    OwnNumber,
    Reading,
    Registration,
    Signal,
    Sim,
    SimStatus,
    Sms,
    Technology,
)

_IMEI = re.compile(r"\d{15}")
_IMSI = re.compile(r"\d{6,15}")
_HEX = re.compile(r"[0-9A-F]{1,10}")
_UNKNOWN_STATE, _UNKNOWN_COUNT = 4, 999
_MAX_SMS_TEXT = 4096


def is_enabled(modem: ModemObject) -> bool:
    """Does ModemManager watch the network for this modem?"""
    return (modem[MODEM].number("State") or 0) >= tables.ENABLED


def identity(modem: ModemObject) -> Identity:
    said = modem[MODEM]
    imei = modem[MODEM_3GPP].text("Imei") or said.text("EquipmentIdentifier") or ""
    return Identity(
        manufacturer=said.text("Manufacturer"),
        model=said.text("Model"),
        firmware=said.text("Revision"),
        imei=imei if _IMEI.fullmatch(imei) else None,
    )


def power(modem: ModemObject) -> Iterator[Reading]:
    level = tables.FUNCTIONALITY.get(modem[MODEM].number("PowerState") or 0)
    if level is not None:
        yield Functionality(level)


def sim_state(modem: ModemObject) -> SimStatus:
    """By the reason of a failure, else by the lock, else by there being a card object at all."""
    said = modem[MODEM]
    if said.number("State") == tables.FAILED:
        return tables.SIM_OF_FAILURE.get(said.number("StateFailedReason") or 0, "unknown")
    state = tables.SIM_OF_LOCK.get(said.number("UnlockRequired") or 0, "unknown")
    return "unknown" if state == "ready" and said.path("Sim") is None else state


def card(modem: ModemObject, sim: Properties) -> Iterator[Reading]:
    """`sim`: the properties of the object that Modem.Sim names; empty when there is none."""
    retries = modem[MODEM].table("UnlockRetries")
    yield Sim(sim_state(modem), _count(retries, tables.SIM_PIN), _count(retries, tables.SIM_PUK))
    number = sim.text("Imsi") or ""
    imsi = number if _IMSI.fullmatch(number) else None
    iccid = normalise(sim.text("SimIdentifier") or "")
    if iccid:
        yield Iccid(iccid, issuer(iccid, imsi))
    if imsi:
        yield Imsi(imsi, carrier_of_imsi(imsi))
    if own := modem[MODEM].texts("OwnNumbers"):
        yield OwnNumber(own[0])


def _count(retries: Properties, lock: int) -> int | None:
    """MM_UNLOCK_RETRIES_UNKNOWN is 999."""
    count = retries.number(str(lock))
    return count if count is not None and 0 <= count < _UNKNOWN_COUNT else None


def technology(bits: int | None) -> Technology | None:
    """The best of the technologies in use."""
    if not bits:
        return None
    if bits & tables.NR_BIT and bits & tables.LTE_BIT:
        return "nr_nsa"
    return next((word for mask, word in tables.ACCESS if bits & mask), None)


def domain_of(used: Technology | None, *, packet: bool | None = None) -> Domain | None:
    """Whose registration it is that ModemManager tells. Below LTE the packet service decides, where it is known."""
    if used is None:
        return None
    if used == "nr":
        return "5gs"
    if used in tables.EPS:
        return "eps"
    return "ps" if packet else "cs"


def attachment(modem: ModemObject) -> bool | None:
    """PacketServiceState (1.20 and later): 1 detached, 2 attached."""
    return {1: False, 2: True}.get(modem[MODEM_3GPP].number("PacketServiceState") or 0)


def network(modem: ModemObject, location: Properties | None = None) -> Iterator[Reading]:
    """Registration and operator. `location`: what GetLocation answered."""
    if not is_enabled(modem):
        return
    said = modem[MODEM_3GPP]
    used, attached = technology(modem[MODEM].number("AccessTechnologies")), attachment(modem)
    if attached is not None:
        yield Attach(attached)
    stat, refusal = said.number("RegistrationState"), rejection(said)
    domain = domain_of(used, packet=attached) or (refusal[0] if refusal else None)
    if domain and stat is not None and stat in STATUS:
        lac, tac, cell_id = _place(location, domain)
        reason = refusal[1] if refusal and refusal[0] == domain else None
        yield Registration(domain, stat, STATUS[stat], lac, tac, cell_id, technology=used, reject_cause=reason)
    name, code = said.text("OperatorName"), plmn_of(said.text("OperatorCode"))
    if name or code:
        yield Operator(name=name, plmn=code, technology=used)


def rejection(said: Properties) -> tuple[Domain, Cause] | None:
    """NetworkRejection (1.24 and later): the 3GPP cause (24.008, 24.301), and the access technology it came from."""
    refused = said.table("NetworkRejection")
    number, used = refused.number("error"), technology(refused.number("access-technology"))
    if not number:
        return None
    domain = domain_of(used, packet=True) or "ps"
    return domain, cause(tables.LAYER_OF_DOMAIN[domain] if used else None, number)


def _place(location: Properties | None, domain: Domain) -> tuple[str | None, str | None, str | None]:
    """ "MCC,MNC,LAC,CI,TAC" in hexadecimal; 0 and FFFE stand for not known → (lac, tac, cell id)."""
    text = location.text(str(tables.LOCATION_3GPP)) if location else None
    parts = (text or "").upper().split(",")
    if len(parts) < 4:
        return None, None, None
    lac, cell, tac = _hex(parts[2]), _hex(parts[3]), _hex(parts[4]) if len(parts) > 4 else None
    # 27.007, 7.2: with AcT 7 the <lac> of +CREG is the tracking area code; plugins that ask +CREG alone leave TAC at 0.
    return (None, tac or lac, cell) if domain in ("eps", "5gs") else (lac, None, cell)


def _hex(text: str) -> str | None:
    digits = text.strip()
    return digits if _HEX.fullmatch(digits) and digits.strip("0") and digits.lstrip("0") != "FFFE" else None


def signals(modem: ModemObject) -> Iterator[Signal]:
    """Modem.Signal; empty unless somebody asked ModemManager to measure. A figure it lacks is a huge negative number,
    which `signal` leaves out. SignalQuality is a percentage on a scale of each plugin's own: no figure comes of it."""
    said = modem[SIGNAL]
    lte, umts, gsm, nr = (said.table(name) for name in ("Lte", "Umts", "Gsm", "Nr5g"))
    measured = (
        signal("lte", rssi=lte.real("rssi"), rsrp=lte.real("rsrp"), rsrq=lte.real("rsrq"), sinr=lte.real("snr")),
        signal("nr", rsrp=nr.real("rsrp"), rsrq=nr.real("rsrq"), sinr=nr.real("snr")),
        signal("umts", rssi=umts.real("rssi"), rscp=umts.real("rscp"), ecio=umts.real("ecio")),
        signal("gsm", rssi=gsm.real("rssi")),
    )
    yield from (one for one in measured if is_measured(one))


def bearer(said: Properties, place: int) -> Iterator[Reading]:
    """One bearer object. `place`: its place in the list, for a bearer without a profile (<cid>) of its own."""
    profile = said.number("ProfileId")
    cid = profile if profile is not None and 0 < profile < 256 else place
    asked = said.table("Properties")
    addresses, dns, gateway = _addressed(said)
    ip_type = tables.IP_TYPE.get(asked.number("ip-type") or 0)
    yield Contexts((Context(cid, ip_type, asked.text("apn"), addresses),))
    connected = said.flag("Connected")
    if connected is not None:
        yield ContextActive(cid, connected)
    if addresses or dns:
        yield ContextParams(cid, apn=asked.text("apn"), addresses=addresses, gateway=gateway, dns=dns)
    if addresses:
        yield Address(cid, addresses)
    stats = said.table("Stats")
    received, sent = stats.number("rx-bytes"), stats.number("tx-bytes")
    if connected and received is not None and sent is not None:
        yield Counters(received, sent, cid, "session")
    if failed := connection_error(said):
        yield ErrorCause(failed)


def _addressed(said: Properties) -> tuple[tuple[str, ...], tuple[str, ...], str | None]:
    """Addresses, name servers and the first gateway of both families."""
    families = [said.table(name) for name in ("Ip4Config", "Ip6Config")]
    addresses = [_ip(family.text("address")) for family in families]
    servers = [_ip(family.text(f"dns{number}")) for family in families for number in (1, 2, 3)]
    gateways = [_ip(family.text("gateway")) for family in families]
    return (
        tuple(address for address in addresses if address),
        tuple(server for server in servers if server),
        next((gateway for gateway in gateways if gateway), None),
    )


def _ip(text: str | None) -> str | None:
    try:
        found = ip_address(text or "")
    except ValueError:
        return None
    return None if found.is_unspecified else found.compressed


def connection_error(said: Properties) -> Cause | None:
    """Bearer.ConnectionError (1.18 and later): D-Bus name and text of why the last attempt failed; it stays."""
    pair = said.pair("ConnectionError")
    if pair is None or not isinstance(pair[0], str) or not pair[0]:
        return None
    found = tables.SESSION_ERRORS.get(pair[0].rpartition(".")[2]) if ".MobileEquipment." in pair[0] else None
    if found:
        return cause(*found, possibly_past=True)
    text = Properties({"text": pair[1]}).text("text") or Properties({"text": pair[0]}).text("text")
    return Cause(None, None, text, possibly_past=True)


def clock(text: str | None) -> Iterator[Reading]:
    """GetNetworkTime: "2026-11-21T18:00:00+08", the offset perhaps without minutes."""
    if text:
        yield Clock(text)


def sms(said: Properties, index: int) -> Sms | None:
    """One message object; None for one that is only half here."""
    state = said.number("State")
    if state is None or state not in tables.SMS_STATE:
        return None
    received = state == tables.SMS_RECEIVED
    number = said.text("Number")
    return Sms(
        index=index,
        storage=tables.SMS_STORAGE.get(said.number("Storage") or 0),
        status=tables.SMS_STATE[state],
        sender=number if received else None,
        recipient=None if received else number,
        time=said.text("Timestamp"),
        text=_message(said.values.get("Text")),
        reference=integer(said.values.get("MessageReference")) or None,
    )


def _message(text: object) -> str | None:
    """As it came: whoever shows it makes it printable; a carrier's words are read as they are."""
    return text[:_MAX_SMS_TEXT] if isinstance(text, str) and text else None
