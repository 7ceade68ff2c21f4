"""Other numbers for real ones, of the same length and shape: what stays tells the maker, the issuer or the carrier.

Kept: an IMEI's type allocation code and its valid check digit, an ICCID's issuer prefix and its valid check digit, an
IMSI's country and network, the first digits of a phone number, the private range of an address. The rest comes from a
keyed hash, so that one number has one stand-in within one file. Nobody keeps the key.
"""

import hashlib
import hmac
import ipaddress
import re
import secrets

_LONG_MNC = ("302", "310", "311", "312", "313", "314", "315", "316", "334", "338", "342", "344", "346", "348", "405",
             "708", "722", "732", "748")  # fmt: skip
"""Countries whose network codes have three digits (ITU E.212)."""
_IMEI_KEPT = 8
"""23.003 §6.2.1: the type allocation code, the same for all modems of a model."""
_IMEI_BODY = 14
_ICCID_KEPT = 6
_LONG_ISSUERS = ("8985231", "8985201", "8985307", "8985302", "8988228", "8988323", "8988307", "8988303", "8901410",
                 "8901260")  # fmt: skip
_PHONE_KEPT = 3
SHORT_CODE = 6
"""Carriers' own numbers (10086, 10010) have at most so many digits and are nobody's."""
_CHINA = re.compile(r"(?:\+|00)?86(?=1\d{10}(?:\d\d)?$)")


class Pseudonyms:
    """Not thread safe. `key` is for tests; without one it is random and dies with the object."""

    def __init__(self, key: bytes | None = None) -> None:
        self._key = key or secrets.token_bytes(32)

    def digits(self, original: str, about: str = "") -> str:
        """As many characters: digits for digits, A to F for those, everything else as it is; the first one differs.

        That it differs keeps runs which begin in a kept prefix from surviving.
        """
        stream = self._stream(f"{about}:{original}", len(original))
        shown = [_exchanged(char, number) for char, number in zip(original, stream, strict=True)]
        for at, char in enumerate(original):
            if char.isdecimal() and char.isascii():
                shown[at] = str((int(char) + 1 + stream[at] % 9) % 10)
                break
        return "".join(shown)

    def imei(self, imei: str) -> str:
        """15 digits (IMEI) or 16 (IMEISV, whose last two are the software version); both share their serial number."""
        body = imei[:_IMEI_KEPT] + self.digits(imei[_IMEI_KEPT:_IMEI_BODY], "imei" + imei[:_IMEI_KEPT])
        if len(imei) == _IMEI_BODY + 1:
            return body + (luhn(body) if luhn(imei[:-1]) == imei[-1] else self.digits(imei[-1], imei))
        return body + imei[_IMEI_BODY:]

    def iccid(self, iccid: str) -> str:
        """19 or 20 characters from 89 on; the shorter form of a number gets the shorter form of its stand-in."""
        kept = _ICCID_KEPT + iccid.startswith(_LONG_ISSUERS)
        body = iccid[:kept] + self.digits(iccid[kept:18], "iccid" + iccid[:kept])
        for at in range(18, len(iccid)):
            is_valid = luhn(iccid[:at]) == iccid[at]
            body += luhn(body) if is_valid else self.digits(iccid[at], f"iccid{at}" + iccid[:18])
        return body

    def imsi(self, imsi: str) -> str:
        kept = 6 if imsi.startswith(_LONG_MNC) else 5
        return imsi[:kept] + self.digits(imsi[kept:], "imsi" + imsi[:kept])

    def phone(self, number: str) -> str:
        """With or without +86, 0086 or 86: the same subscriber is the same stand-in."""
        plain = number.lstrip("+")
        if len(plain) <= SHORT_CODE:
            return number
        country = match[0] if (match := _CHINA.match(number)) else "+" if number.startswith("+") else ""
        national = number[len(country) :]
        return country + national[:_PHONE_KEPT] + self.digits(national[_PHONE_KEPT:], "phone" + national[:_PHONE_KEPT])

    def address(self, text: str) -> str:
        """An IP address: private ones stay in their range, public ones become ones for documentation (RFC 5737)."""
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            return self.digits(text, "address")
        return self._ip4(address) if isinstance(address, ipaddress.IPv4Address) else self._ip6(address, text)

    def _ip4(self, address: ipaddress.IPv4Address) -> str:
        if address.is_unspecified or address.is_loopback or int(address) >= 0xE0000000:
            return str(address)
        if address.is_link_local:
            return self._octets("169.254", address)
        if address in ipaddress.ip_network("100.64.0.0/10"):  # carriers' NAT, RFC 6598
            return self._octets("100." + str(64 + self._byte(address, 9) % 64), address)
        if not address.is_private:
            return f"203.0.113.{1 + self._byte(address, 0) % 254}"
        first, second = str(address).split(".")[:2]
        return self._octets({"192": "192.168", "172": f"172.{second}"}.get(first, first), address)

    def _octets(self, kept: str, address: ipaddress.IPv4Address) -> str:
        missing = 4 - len(kept.split("."))
        return ".".join([kept, *(str(1 + self._byte(address, at) % 254) for at in range(missing))])

    def _byte(self, address: ipaddress.IPv4Address, at: int) -> int:
        return self._stream(f"ip:{address}", 16)[at]

    def _ip6(self, address: ipaddress.IPv6Address, text: str) -> str:
        """The first 32 bits name the carrier's block, or the kind (fe80::/10); the rest is whose it is."""
        if address.is_unspecified or address.is_loopback:
            return text
        groups = address.exploded.split(":")
        rest = self.digits("".join(groups[2:]), "ip6")
        shown = ":".join([*groups[:2], *(rest[at : at + 4] for at in range(0, 24, 4))])
        return ipaddress.ip_address(shown).compressed if "::" in text else shown

    def _stream(self, what: str, length: int) -> bytes:
        stream = b""
        while len(stream) < length:
            block = f"{len(stream)}|{what}".encode("utf-8", "backslashreplace")
            stream += hmac.new(self._key, block, hashlib.sha256).digest()
        return stream[:length]


def _exchanged(char: str, number: int) -> str:
    if char in "0123456789":
        return str(number % 10)
    if char in "ABCDEF":
        return "ABCDEF"[number % 6]
    return "abcdef"[number % 6] if char in "abcdef" else char


def luhn(body: str) -> str:
    """The check digit of ISO/IEC 7812 that belongs behind `body`; "" if that is no number."""
    if not (body.isascii() and body.isdecimal()):
        return ""
    total = 0
    for at, char in enumerate(reversed(body)):
        value = int(char) * (2 - at % 2)
        total += value - 9 * (value > 9)
    return str(-total % 10)
