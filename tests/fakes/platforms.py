"""Carriers' platforms on 127.0.0.1, as their public descriptions have them: who asks shows who he is in their way,
cards are found by their number, and whoever asks too often is told so.

They check what they are sent with code of their own (hashes, base64) but for the gateway's cipher, which has vectors of
its own in test_des.
"""

import base64
import hashlib
import json
import re
import threading
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from urllib.parse import parse_qsl, urlsplit

from central.platforms.des import encrypt


@dataclass
class FakeCard:
    iccid: str
    msisdn: str = ""
    state: str = "active"
    used_kb: int = 1024
    quota_kb: int = 30_720
    ends: str = "2026-12-31"
    balance: str = "12.30"
    stop: str = "000000000000"
    code: str = ""
    """OneLink: the status as the platform has it, where it is not that of `state` on the newer of its two platforms."""
    product: str = ""


@dataclass
class FakePlatform(ABC):
    """Subclasses answer (status, body, content type) to a request."""

    cards: dict[str, FakeCard] = field(default_factory=dict)
    busy: int = 0
    """So many requests are told that they come too often."""
    asked: list[str] = field(default_factory=list)
    user: str = "fleet"
    secret: str = "s3cret-key"

    def __enter__(self) -> "FakePlatform":
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(60)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def add(self, *cards: FakeCard) -> None:
        self.cards |= {card.iccid: card for card in cards}

    def by_number(self, msisdn: str) -> FakeCard | None:
        return next((card for card in self.cards.values() if card.msisdn == msisdn), None)

    @abstractmethod
    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes, str]:
        """Status, body, content type."""

    def is_busy(self) -> bool:
        self.busy -= 1
        return self.busy >= 0


class FakeJasper(FakePlatform):
    """Cisco Control Center, REST v1."""

    _STATES: ClassVar = {"active": "ACTIVATED", "suspended": "DEACTIVATED", "stock": "INVENTORY", "ended": "RETIRED"}

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes, str]:
        wanted = "Basic " + base64.b64encode(f"{self.user}:{self.secret}".encode()).decode()
        if headers.get("authorization") != wanted:
            return self._error(401, "10000001", "Invalid credentials")
        if self.is_busy():
            return self._error(403, "40000029", "Rate Limit Exceeded")
        found = re.fullmatch(r"/rws/api/v1/devices/(\d+)(/ctdUsages)?", target)
        card = self.cards.get(found[1]) if found else None
        if found is None or card is None:
            return self._error(404, "30000001", "Resource not found")
        if method == "PUT":
            return self._change(card, json.loads(body))
        told = {"iccid": card.iccid, "status": self._STATES[card.state], "ratePlan": card.product or "POS 30MB"}
        more = {"ctdDataUsage": card.used_kb * 1024, "ctdSMSUsage": 0} if found[2] else {"accountCustom1": card.ends}
        return 200, json.dumps(told | more).encode(), "application/json"

    def _change(self, card: FakeCard, change: dict[str, str]) -> tuple[int, bytes, str]:
        if "status" in change:
            card.state = next(ours for ours, theirs in self._STATES.items() if theirs == change["status"])
        card.product = change.get("ratePlan", card.product)
        return 200, json.dumps({"iccid": card.iccid}).encode(), "application/json"

    def _error(self, status: int, code: str, message: str) -> tuple[int, bytes, str]:
        return status, json.dumps({"errorCode": code, "errorMessage": message}).encode(), "application/json"


class FakeOneLink(FakePlatform):
    """China Mobile OneLink, v5: a token, and a transid that never comes twice."""

    tokens: int = 0
    old_tokens: bool = False
    """Every token is good once."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self._good: set[str] = set()
        self._transids: set[str] = set()

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes, str]:
        asked, name = json.loads(body), target.removeprefix("/v5/ec/")
        transid = asked.get("transid", "")
        if method != "POST" or not re.fullmatch(rf"{self.user}\d{{14}}\d{{8}}", transid) or transid in self._transids:
            return self._said("12000", "transid不合法")
        self._transids.add(transid)
        if name == "get/token":
            return self._token(asked)
        if asked.get("token") not in self._good:
            return self._said("12021", "token失效")
        if self.old_tokens:
            self._good.clear()
        if self.is_busy():
            return self._said("12009", "调用频率超限，请稍后再试")
        if name.endswith("/batch"):
            return self._batch(name, asked)
        card = self.cards.get(asked.get("iccid", "")) or self.by_number(asked.get("msisdn", ""))
        return self._said("11022", "卡号不存在") if card is None else self._one(name, card, asked)

    def _token(self, asked: dict[str, str]) -> tuple[int, bytes, str]:
        if (asked.get("appid"), asked.get("password")) != (self.user, self.secret):
            return self._said("12002", "密码错误")
        self.tokens += 1
        self._good.add(f"token-{self.tokens}")
        return self._said("0", "正确", [{"token": f"token-{self.tokens}", "ttl": "3599"}])

    def _batch(self, name: str, asked: dict[str, str]) -> tuple[int, bytes, str]:
        iccids = asked["iccids"].split("_")
        if len(iccids) > 100 or not re.fullmatch(r"\d{6}", asked["queryDate"]):
            return self._said("12016", "参数错误")
        rows = [{"iccid": one, "dataAmount": f"{self.cards[one].used_kb}.00"} for one in iccids if one in self.cards]
        return self._said("0", "正确", [{"dataAmountList": rows}])

    def _one(self, name: str, card: FakeCard, asked: dict[str, str]) -> tuple[int, bytes, str]:
        codes = {"stock": "1", "active": "2", "suspended": "4", "ended": "9"}
        left = {"offeringId": "1", "useAmount": str(card.used_kb), "totalAmount": str(card.quota_kb)}
        left["remainAmount"] = str(card.quota_kb - card.used_kb)
        ends = card.ends.replace("-", "") + "235959"
        told: dict[str, Any] = {
            "query/sim-status": {"cardStatus": card.code or codes[card.state], "lastChangeDate": "20261101000000"},
            "query/sim-stop-reason": {"platformType": "1", "stopReason": card.stop},
            "query/sim-data-margin": {"accmMarginList": [left]},
            "query/balance-info": {"accountId": "200000000001", "accountName": "某公司", "amount": card.balance},
            "query/ordered-offerings": {"offeringInfoList": [
                {"offeringId": "9", "effectiveDate": "20200101000000", "expiriedDate": "20991231235959"},
                {"offeringId": "1", "effectiveDate": "20260101000000", "expiriedDate": ends},
            ]},
        }  # fmt: skip
        if name == "change/sim-status":
            card.state = {"0": "suspended", "1": "active"}[asked["operType"]]
            return self._said("0", "正确", [{"iccid": card.iccid}])
        if name == "order/gprspackage-order":
            card.product = f"{asked['maincommoDity']}/{asked['packageType']}"
            return self._said("0", "正确", [{"orderNum": "20261122000001"}])
        return self._said("0", "正确", [told[name]])

    def _said(self, status: str, message: str, result: list[Any] | None = None) -> tuple[int, bytes, str]:
        told = {"status": status, "message": message, "result": result or []}
        return 200, json.dumps(told, ensure_ascii=False).encode(), "application/json;charset=UTF-8"


class FakeM2m(FakePlatform):
    """China Telecom's older gateway: GET, encrypted, XML or JSON by the method, refusals as text with status 500."""

    key: str = "abc123XYZ"
    _CODES: ClassVar = {"stock": "1", "active": "4", "suspended": "5", "ended": "7"}

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes, str]:
        asked = dict(parse_qsl(urlsplit(target).query, keep_blank_values=True))
        keys = [self.key[0:3], self.key[3:6], self.key[6:9]]
        shown = asked.pop("passWord", ""), asked.pop("sign", "")
        signed = ",".join(sorted([*asked.values(), self.secret]))
        if shown != (encrypt(self.secret, keys), encrypt(signed, keys)) or asked.get("user_id") != self.user:
            return 500, "100001:100001|#|用户签名验证失败".encode(), "text/plain"
        if self.is_busy():
            return 500, "100010:100010|#|接口调用次数超限".encode(), "text/plain"
        card = self.by_number(asked.get("access_number", "")) or self.cards.get(asked.get("iccid", ""))
        if card is None:
            return 500, "170010:170010|#|号码不存在".encode(), "text/plain"
        return self._one(asked["method"], card, asked)

    def _one(self, method: str, card: FakeCard, asked: dict[str, str]) -> tuple[int, bytes, str]:
        if method == "queryCardMainStatus":
            status = {"productMainStatusCd": self._CODES[card.state], "productMainStatusName": card.state}
            told = {"resultMsg": "成功", "result": "0", "productInfo": [status]}
            return 200, json.dumps(told).encode(), "application/json"
        if method == "queryTraffic":
            text = (
                '<root><web:NEW_DATA_TICKET_QRsp xmlns:web="http://www.example.org/webservice"><IRESULT>0</IRESULT>'
                f"<TOTALPAGE></TOTALPAGE><TOTAL_BYTES_CNT>{card.used_kb / 1024:.2f}MB</TOTAL_BYTES_CNT>"
                f"<number>{card.msisdn}</number></web:NEW_DATA_TICKET_QRsp></root>"
            )
        elif method == "prodInstQuery":
            offers = "".join(
                f"<prodOfferInfos><prodOfferName>{name}</prodOfferName><expDate>{end}</expDate></prodOfferInfos>"
                for name, end in (("基础", "2099-12-31 00:00:00"), ("30M", f"{card.ends} 23:59:59"))
            )
            text = f"<SvcCont><resultCode>0</resultCode><result><prodInfos>{offers}</prodInfos></result></SvcCont>"
        else:
            if method == "disabledNumber":
                card.state = {"19": "suspended", "20": "active"}[asked["orderTypeId"]]
            card.product = asked.get("flowValue", card.product)
            text = "<root><RspCode>0000</RspCode><GROUP_TRANSACTIONID>1000000190</GROUP_TRANSACTIONID></root>"
        return 200, text.encode(), "text/xml"


class FakeFiveG(FakePlatform):
    """CTWing, the 5G connection management: POST of JSON, signed in the headers."""

    def answer(self, method: str, target: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes, str]:
        moment = headers.get("timestamp", "")
        wanted = hashlib.md5(body + f"{self.secret}{moment}".encode()).hexdigest()  # noqa: S324 - theirs
        if headers.get("appkey") != self.user or bytes.fromhex(headers.get("sign", "")).decode() != wanted:
            return self._json({"code": "1001", "msg": "签名错误"})
        if self.is_busy():
            return self._json({"code": "1009", "msg": "请求过于频繁"})
        asked = json.loads(body)
        if target == "/api/v1/batchQry/batchQryFlowByMonth":
            found = [card for number in asked["accessNumber"] if (card := self.by_number(number))]
            rows = [{"accessNumber": card.msisdn, "unit": "MB", "flowAmount": f"{card.used_kb / 1024:.2f}",
                     "status": "0"} for card in found]  # fmt: skip
            return self._json({"code": 0, "msg": "查询成功", "data": rows})
        card = self.by_number(asked.get("access_number", ""))
        if card is None:
            return self._json({"result": "-1", "resultMsg": "号码不存在"})
        if target.endswith("queryCardMainStatus"):
            code = FakeM2m._CODES[card.state]
            return self._json({"result": "0", "resultMsg": "ok", "productInfo": [{"productMainStatusCd": code}]})
        if target.endswith("queryTraffic"):
            row = {"IRESULT": "0", "TOTAL_BYTES_CNT": f"{card.used_kb / 1024:.2f}MB"}
            return self._json({"NEW_DATA_TICKET_QRsp": [row]})
        card.state = {"ADD": "suspended", "DEL": "active"}[asked["action"]]
        text = "<SvcCont><Response><RspType>0</RspType><RspCode>0000</RspCode></Response></SvcCont>"
        return 200, text.encode(), "text/xml"

    def _json(self, told: object) -> tuple[int, bytes, str]:
        return 200, json.dumps(told, ensure_ascii=False).encode(), "application/json"


def _handler(platform: FakePlatform) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            platform.asked.append(f"{self.command} {urlsplit(self.path).path}")
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, told, kind = platform.answer(self.command, self.path, headers, body)
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        do_GET = do_POST = do_PUT = _serve  # noqa: N815 - http.server's names

        def log_message(self, *_: object) -> None:
            pass

    return Handler
