"""Words of the overview. Chinese first, then English."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "tile_up": ("在线", "up"),
    "tile_late": ("迟报", "late"),
    "tile_silent": ("失联", "silent"),
    "tile_closed": ("门店打烊", "shop closed"),
    "tile_never": ("从未上报", "never heard"),
    "tile_faults": ("在线但有故障", "up, with a fault"),
    "by_cause": ("按原因", "By cause"),
    "total": ("合计", "Total"),
    "not_heard": ("未上报，末次报告正常", "Not heard; the last report was well"),
    "all_well": ("所有终端正常。", "All terminals are well."),
    "share_of": ("{part} / {total}", "{part} of {total}"),
    "renewal_ladder": ("到期阶梯", "Renewal ladder"),
    "to_renewals": ("去续费工作台", "To the renewal desk"),
    "pools_near_end": ("即将用完的流量池", "Pools near their end"),
    "pool_cards": ("{count} 张卡", "cards: {count}"),
    "pool_left": ("剩 {left}（{share}%）", "{left} left ({share} %)"),
    "no_pools": ("没有即将用完的流量池。", "No pool is near its end."),
    "open_incidents": ("未结束的事件", "Open incidents"),
    "no_open_incidents": ("没有未结束的事件。", "No incident is open."),
    "last_hour": ("最近一小时", "The last hour"),
    "last_hour_counts": ("{silent} 台失联，{up} 台恢复", "{silent} fell silent, {up} came back"),
    "nothing_changed": ("没有变化。", "Nothing changed."),
}
