"""The two gateways of China Telecom's connection management: who asks is shown in different ways.

- `m2m`: api.ct10649.com, `GET /m2m_ec/query.do?method=…`; password and signature encrypted (des.py) with the three
  parts of a nine-letter key. The signature is what the method asks for, sorted and joined with commas.
- `5g`: cmp-api.ctwing.cn:20164 (CTWing, 5G 连接管理), POST of JSON. `Sign` is the hexadecimal of the MD5, itself
  hexadecimal, of the parameters in order, the body, the secret and the moment in GMT as yyyyMMddHHmmss.
"""

import hashlib
import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol
from urllib.parse import urlencode
from xml.parsers import expat

from central.platforms.base import Declined, NotAllowed, PlatformError, Throttled, Unreachable
from central.platforms.des import encrypt
from central.platforms.line import Answer, Line
from central.text import printable

Said = Mapping[str, Any]
_BUSY = re.compile(r"频率|频繁|次数|超限|流控|繁忙|稍后")
_DENIED = re.compile(r"密码|签名|鉴权|权限|白名单|用户不存在|sign|Sign")
_CODED = re.compile(r"\s*(\d{4,8})\s*:(.{0,300})", re.DOTALL)
"""`170001:170001|#|…`: a refusal that is neither JSON nor XML."""
_GOOD = ("0", "0000", "00000")
_RESULTS = ("RESULT", "result", "resultCode", "IRESULT", "RspCode", "code")
_WORDS = ("SMSG", "resultMsg", "RspDesc", "msg", "message")


class Door(Protocol):
    def ask(self, method: str, **asked: str) -> Said:
        """What the platform says, flat: every name once. Raises PlatformError."""

    def many(self, path: str, asked: Said) -> list[Said]:
        """The rows of a question about many cards. Raises PlatformError."""


@dataclass(slots=True)
class M2m:
    line: Line
    user: str
    password: str = field(repr=False)
    key: str = field(repr=False)

    def ask(self, method: str, **asked: str) -> Said:
        keys = [self.key[at : at + 3] for at in (0, 3, 6)]
        signed = ",".join(sorted([self.user, self.password, method, *asked.values()]))
        query = {"method": method, "user_id": self.user, **asked}
        query |= {"passWord": encrypt(self.password, keys), "sign": encrypt(signed, keys)}
        at = "app/serviceAccept.do" if method == "orderFlow" else "query.do"
        return understood(self.line.ask("GET", f"/m2m_ec/{at}?{urlencode(query)}"))

    def many(self, path: str, asked: Said) -> list[Said]:
        raise Declined(f"this gateway answers one card at a time, not {path} of {len(asked)}")


PATHS: Mapping[str, str] = {
    "queryCardMainStatus": "/openapi/v1/prodinst/queryCardMainStatus",
    "queryTraffic": "/api/v1/openbill/queryTraffic",
    "singleCutNet": "/5gcmp/openapi/v1/common/singleCutNet",
}


@dataclass(slots=True)
class FiveG:
    line: Line
    user: str
    """AppKey"""
    secret: str = field(repr=False)
    wall: Callable[[], float] = time.time

    def ask(self, method: str, **asked: str) -> Said:
        return understood(self._post(PATHS[method], asked))

    def many(self, path: str, asked: Said) -> list[Said]:
        answer = self._post(path, asked)
        understood(answer)
        rows = answer.json().get("data")
        return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []

    def _post(self, path: str, asked: Said) -> Answer:
        body = json.dumps(dict(asked), separators=(",", ":")).encode()
        moment = datetime.fromtimestamp(self.wall(), UTC).strftime("%Y%m%d%H%M%S")
        shown = {"AppKey": self.user, "Timestamp": moment, "Sign": sign("", body, self.secret, moment)}
        return self.line.ask("POST", path, {"content-type": "application/json", **shown}, body)


def sign(query: str, body: bytes, secret: str, moment: str) -> str:
    """`query` with its names in order."""
    whole = hashlib.md5(f"{query}{body.decode()}{secret}{moment}".encode(), usedforsecurity=False)
    return whole.hexdigest().encode().hex()


def understood(answer: Answer) -> Said:
    """Raises PlatformError. Refusals come with status 200 and with status 500 alike."""
    if answer.status in (401, 403):
        raise NotAllowed(str(answer.status))
    if answer.status == 429:
        raise Throttled("429")
    text = answer.text()
    if coded := _CODED.match(text):
        raise _refusal(coded[1], coded[2])
    said = _flat(text)
    if said is None:
        raise Unreachable(f"the platform's answer ({answer.status}) is neither JSON nor XML")
    result = next((str(said[name]) for name in _RESULTS if said.get(name) not in (None, "")), "")
    if result not in _GOOD:
        raise _refusal(result, next((str(said[name]) for name in _WORDS if name in said), ""))
    return said


def _refusal(code: str, message: str) -> PlatformError:
    words = f"{printable(code, 20)} {printable(message, 100)}".strip()
    if _BUSY.search(message):
        return Throttled(words)
    if code == "9000":  # the billing system behind the gateway is not there
        return Unreachable(words)
    return NotAllowed(words) if _DENIED.search(message) else Declined(words)


def _flat(text: str) -> dict[str, Any] | None:
    stripped = text.lstrip("\ufeff \r\n\t")
    if stripped.startswith("<"):
        return _flat_xml(stripped)
    try:
        said = json.loads(stripped)
    except (ValueError, RecursionError):
        return None
    found: dict[str, Any] = {}
    _gather(said, found, 0)
    return found if isinstance(said, dict) else None


def _gather(value: Any, found: dict[str, Any], depth: int) -> None:
    """The outermost of those with one name."""
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict) and depth < 6:
        found |= {name: one for name, one in value.items() if not isinstance(one, dict | list) and name not in found}
        for one in value.values():
            _gather(one, found, depth + 1)


def _flat_xml(text: str) -> dict[str, Any] | None:
    """Leaves by their name without its prefix, the first of each; a document with entities of its own is refused."""
    found: dict[str, Any] = {}
    reader, words = expat.ParserCreate(), [""]
    latest: dict[str, list[str]] = {}

    def ended(name: str) -> None:
        word = words[0].strip()
        found.setdefault(name.rpartition(":")[2], word)
        latest.setdefault(name.rpartition(":")[2], []).append(word)
        words[0] = ""

    def refused(*_: object) -> None:
        raise ValueError("an entity")

    def heard(part: str) -> None:
        words[0] += part

    def began(_name: str, _attributes: object) -> None:
        words[0] = ""

    reader.StartElementHandler, reader.EndElementHandler, reader.CharacterDataHandler = began, ended, heard
    reader.EntityDeclHandler = refused
    try:
        reader.Parse(text.encode("utf-8", "replace"), True)  # noqa: FBT003 - expat's own
    except (expat.ExpatError, ValueError):
        return None
    return found | {f"{name}[]": many for name, many in latest.items() if len(many) > 1}
