"""China Telecom: 10001, and the hotline 10000 that also sends."""

from agent.plan.messages.carriers.base import PROVINCES, Carrier

CARRIER = Carrier(
    "China Telecom",
    "CN",
    names=("中国电信", "电信", "ctcc", "10001", "10000", "ctwing"),
    signatures=("中国电信", "10001", "电信", *(f"{place}电信" for place in PROVINCES)),
    senders=(r"1000[01]\d{0,10}", r"10659\d{3,15}", r"10649\d{3,12}", r"118114\d{0,6}"),
)
