"""Words of reports. Chinese first, then English."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "month": ("月份", "Month"),
    "availability": ("可用率", "Availability"),
    "available": ("可用率", "Available"),
    "availability_of": ("{month} 可用率报表", "Availability in {month}"),
    "down_by_day": ("每日不可用比例", "Time down, by day"),
    "down_time": ("不可用时长", "Time down"),
    "silences": ("失联次数", "Silences"),
    "terminals_count": ("终端数", "Terminals"),
    "worst_terminal": ("最差终端", "Worst terminal"),
    "by_shop": ("按门店", "By shop"),
    "by_merchant": ("按商户", "By merchant"),
    "by_region": ("按地区", "By region"),
    "by_operator": ("按运营商", "By carrier"),
    "no_group": ("（未登记）", "(not on record)"),
    "left_out": ("仅显示最差的 100 个，另有 {count} 个见导出。", "The worst 100; {count} more are in the export."),
    "downtime_causes": ("不可用的原因", "What kept terminals away"),
    "not_known": ("原因不明", "Not known"),
    "connection.lost": ("与消息服务器的连接突然断开", "The broker lost the connection"),
    "signal.fading": ("信号逐渐变弱", "The signal faded"),
    "no_downtime": ("没有失联。", "No terminal was silent."),
    "counted_so": (
        "不可用指失联的时间（从失联到再次上报）；迟报不算，打烊不算。",
        "Down is the time of silence, until the next report. Late is not down; a closed shop is at rest.",
    ),
    "cost": ("现用卡的费用（按价目表）", "Cost of the cards in use, by the price list"),
    "cost_paid": ("{month} 实际付了多少", "What was paid in {month}"),
    "cost_monthly": ("月费用", "A month"),
    "cards": ("卡数", "Cards"),
    "share": ("占比", "Share"),
    "no_plan": ("未登记套餐", "No plan on record"),
    "price_unknown": ("价格未知", "no price"),
    "used_of_plan": ("本账期已用 / 总量", "Used of all, this cycle"),
}
