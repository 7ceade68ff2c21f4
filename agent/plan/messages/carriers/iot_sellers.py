"""Sellers of data cards in China: names come and go, so the text's "流量卡", "物联卡" tells more than the name."""

from agent.plan.messages.carriers.base import Carrier

CARRIERS = (
    Carrier("IoT card seller", "CN", names=("iot card", "reseller", "物联卡", "流量卡"), signatures=("物联网卡",
        "物联卡", "流量卡", "上网卡", "随身wifi", "纯流量")),
)  # fmt: skip
