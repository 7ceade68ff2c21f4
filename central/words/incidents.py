"""Words of incidents. Chinese first, then English."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    "members_listed": ("在终端列表中处理", "In the list of terminals"),
    "of_incident": ("只列出这次事件中仍缺的终端", "Only those still missing in this incident"),
    "cause": ("原因", "Cause"),
    "cause_everyone": ("全部终端（中心或其入口）", "Everybody (the centre, or the way to it)"),
    "cause_cell": ("基站", "Cell"),
    "cause_plan_batch": ("卡批次", "Batch of cards"),
    "cause_carrier": ("运营商", "Carrier"),
    "cause_apn": ("APN", "APN"),
    "cause_agent_version": ("程序版本", "Version of the agent"),
    "still_missing": ("仍缺", "Still missing"),
    "since_when": ("开始", "Since"),
    "members": ("受影响", "Members"),
    "opened": ("开始", "Opened"),
    "ended": ("结束", "Ended"),
    "still_open": ("未结束", "open"),
    "only_open": ("仅未结束", "Open ones"),
    "no_incidents": ("没有事件。", "No incidents."),
    "no_such_incident": ("没有这个事件。", "There is no such incident."),
    "joined": ("加入", "Joined"),
    "left": ("离开", "Left"),
    "incident_of": ("{cause}：同时失联", "{cause}: silent together"),
    "incident_lasts": ("持续", "Lasted"),
}
