"""China's virtual operators (号段 162, 165, 167, 170, 171): each signs with its own brand, from any gateway."""

from agent.plan.messages.carriers.base import Carrier

_NAMES = (
    "小米移动", "阿里通信", "亲心通信", "京东通信", "苏宁互联", "远特通信", "蜗牛移动", "苏州蜗牛", "分享通信",
    "迪信通信",
    "迪加通信", "国美极信", "极信通信", "乐语通信", "话机世界", "天音通信", "天音移动", "长城移动", "鹏博士移动",
    "红豆电信",
    "海航通信", "民生通讯", "民生通信", "星美通信", "懂的通信", "用友通信", "中麦通信", "日日顺通信", "海尔通信",
    "青牛移动",
    "朗玛移动", "朗玛通信", "中期移动", "三五通信", "优友通信", "连连科技", "华翔联信", "富连网", "凤凰通信",
    "银盛通信",
    "网信移动", "云米互联", "爱施德通信",
)  # fmt: skip
CARRIERS = tuple(Carrier(name, "CN", names=(name,), signatures=(name,)) for name in _NAMES)
