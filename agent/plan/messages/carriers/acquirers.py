"""Acquirers and payment companies that provide the SIM card of a terminal and write about it themselves.

They withhold the fee from the takings ("流量卡费36元/年"): such an amount is a fee, never a balance.
"""

from agent.plan.messages.carriers.base import Carrier

_NAMES = (
    "拉卡拉", "随行付", "易宝支付", "汇付天下", "银盛", "合利宝", "海科融通", "瑞银信", "国通星驿", "盛付通",
    "嘉联支付", "乐刷", "富友", "联动优势", "通联支付",
    "银联商务", "付临门", "新大陆", "开店宝", "中付支付", "杉德", "现代金控", "快钱", "收钱吧", "哆啦宝", "美团收单",
    "客如云", "腾付通", "和融通", "乐富支付", "点刷", "鼎刷", "星驿付",
)  # fmt: skip
CARRIERS = tuple(Carrier(name, "CN", names=(name,), signatures=(name,)) for name in _NAMES)
