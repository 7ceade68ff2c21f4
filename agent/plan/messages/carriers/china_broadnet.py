"""China Broadnet (中国广电): 10099, prefix 192."""

from agent.plan.messages.carriers.base import Carrier

CARRIER = Carrier(
    "China Broadnet",
    "CN",
    names=("中国广电", "广电", "broadnet", "10099", "cbn"),
    signatures=("中国广电", "10099", "广电5g", "广电"),
    senders=(r"10099\d{0,10}",),
)
