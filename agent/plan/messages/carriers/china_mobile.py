"""China Mobile: 10086, its provinces, its IoT numbers 1064… and China Mobile Hong Kong's mainland texts."""

from agent.plan.messages.carriers.base import PROVINCES, Carrier

CARRIER = Carrier(
    "China Mobile",
    "CN",
    names=("中国移动", "移动", "cmcc", "10086", "onelink"),
    signatures=(
        "中国移动",
        "10086",
        "移动手机营业厅",
        "移动手机营业厅",
        "和包",
        "cmcc",
        *(f"{place}移动" for place in PROVINCES),
    ),
    senders=(r"10086\d{0,10}", r"1065[08]\d{3,15}", r"10658\d{3,15}", r"1064[78]\d{3,12}"),
)
