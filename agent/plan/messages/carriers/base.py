"""What a carrier's table may say."""

from agent.plan.messages.table import entries
from modem.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Carrier:
    name: str
    """As shown, and in `posagent plan explain --json`."""
    country: str | None
    """ISO 3166; decides currency, order of day and month, decimal mark. None: many countries."""
    names: tuple[str, ...] = ()
    """Other names that --carrier may give, in lower case."""
    signatures: tuple[str, ...] = ()
    """Words in the text that only this carrier signs with, in plain form (normal.folded)."""
    senders: tuple[str, ...] = ()
    """Patterns of the numbers or names its SMS come from, whole."""
    used: tuple[str, ...] = ()
    """Phrases that mean "used" with this carrier though the grammar reads them otherwise."""


PROVINCES = entries(
    "北京 上海 天津 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 湖北 湖南 "
    "广东 海南 四川 贵州 云南 陕西 甘肃 青海 内蒙古 广西 西藏 宁夏 新疆 "
    "深圳 广州 东莞 佛山 成都 杭州 宁波 南京 苏州 武汉 西安 郑州 长沙 青岛 济南 大连 厦门 合肥"
)
"""Chinese carriers sign with the province, or a big city, before their name: 上海联通, 深圳移动."""
