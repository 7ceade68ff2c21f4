"""China Unicom: 10010 and 10011; its IoT month runs from the 27th to the 26th."""

from agent.plan.messages.carriers.base import PROVINCES, Carrier

CARRIER = Carrier(
    "China Unicom",
    "CN",
    names=("中国联通", "联通", "unicom", "10010", "cucc"),
    signatures=("中国联通", "10010", "联通", *(f"{place}联通" for place in PROVINCES)),
    senders=(r"1001[01]\d{0,10}", r"10655\d{3,15}", r"1064[56]\d{3,12}"),
    used=("套餐内流量", "产生的总流量", "总流量"),
)
