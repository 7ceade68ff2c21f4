"""Our own sentences in the evidence, in Chinese: samplers write them in English, and they travel and are kept so.

What others said inside of them (names, addresses, a modem's line, a system's error) stays as it is. Each rule is
anchored to our wording; a sentence that no rule knows is shown as it was written. Tested against the samplers' tables.
"""

import re
from collections.abc import Mapping

_WHO: Mapping[str, str] = {
    "the centre": "中心",
    "the anchor": "互联网参照点",
    "payment host": "收单主机",
    "name server": "域名服务器",
}
_OUTCOMES: Mapping[str, str] = {
    "answers": "有应答",
    "refused": "被拒绝",
    "timed out": "超时",
    "host unreachable": "主机不可达",
    "network unreachable": "网络不可达",
    "the interface cannot be used": "网络接口不能用",
    "not allowed by this machine": "本机不允许",
    "failed": "失败",
    "Network is unreachable": "网络不可达",
    "No route to host": "没有到主机的路由",
    "Permission denied": "被禁止",
    "Connection refused": "连接被拒绝",
    "Connection reset by peer": "连接被对方中断",
    "the connection was closed": "连接被关闭",
    "the answer is too long": "回答过长",
    "this is not HTTP": "不是 HTTP 应答",
    "the budget for probes is spent": "探测流量预算已用完",
    "no name server is known": "没有域名服务器",
    "No such device": "没有该设备",
}
_WHO_PATTERN = "|".join(map(re.escape, _WHO))
_RULES: tuple[tuple[str, str], ...] = (
    # names (agent/sample/net/lookups.py, names.py)
    (r"^look-up of a name that cannot exist: ", "查询一个不存在的域名："),
    (r"^look-up of (\S+) as the routes say: ", r"按路由查询 \1："),
    (r"^look-up of (\S+): ", r"查询 \1："),
    (r"(^|：)no answer from (.+)$", r"\1\2 没有应答"),
    (r"(\S+) says that there is no such name", r"\1 回答没有这个域名"),
    (r"(\S+) knows the name, but no address", r"\1 知道这个域名，但没有地址"),
    (r"(^|：)([0-9a-f.:]+) failed$", r"\1\2 出错"),
    (r"(^|：)([0-9a-f.:]+) refused$", r"\1\2 拒绝回答"),
    (r"(^|：)the question could not be sent: ", r"\1查询发不出去："),
    (r" \(by (\S+)\)$", r"（\1 的回答）"),
    (r"^(.+): no answer; the card's own (\S+) answers$", r"\1 没有应答；上网卡自带的 \2 有应答"),
    (r"^(\S+) should be (.+)$", r"\1 应为 \2"),
    (r"^(\S+) should not be (.+), where nobody answers$", r"\1 不应是 \2，那里没有人应答"),
    (r"^(\S+) has the same address as a name that cannot exist$", r"\1 与一个不存在的域名解析到同一地址"),
    # doors
    (rf"^connection to ({_WHO_PATTERN})", r"连接\1"),
    (r"(\S+) port (\d+): ", r"\1 端口 \2："),
    (r"^even (\S+) answers, where nobody lives: .*$", r"连没有主机的地址 \1 都有应答：有设备冒充所有主机应答"),
    (r"^something answers in everybody's place$", "有设备冒充所有主机应答"),
    (r"^the name servers answer neither UDP nor TCP$", "域名服务器对 UDP 和 TCP 都没有应答"),
    (r"^not tried: no time was left for it$", "未测试：时间不够"),
    (r"^not tried: no name could be looked up$", "未测试：域名都解析不出"),
    (r"no way to (\S+) \((.+)\)", r"没有到 \1 的路由（\2）"),
    (r"no route to (\S+)", r"没有到 \1 的路由"),
    (r"over (\S+), as the routes say: ", r"按路由经 \1："),
    (r"^traffic flows: (\d+) bytes came in while we looked$", r"有业务流量：检查期间收到 \1 字节"),
    (r"^(?:gateway )?(\S+) is there$", r"网关 \1 在"),
    (r"^(?:gateway )?(\S+) does not answer ARP$", r"网关 \1 不应答 ARP"),
    # the centre and plain HTTP (agent/sample/net/meanings.py)
    (r"^(the centre )?answers: ", r"\1有应答："),
    (r"is connected, but was not asked to the end: ", "已连上，但没有问完："),
    (r"does not accept this terminal's credential: ", "不接受本终端的凭证："),
    (r"this terminal has no credential: ", "本终端没有凭证："),
    (r"refuses reports: ", "拒收报告："),
    (r"something else answers in its place, with its certificate: ", "别的服务用它的证书应答："),
    (r"cannot take reports now: ", "现在不能接收报告："),
    (r"is connected, but gives no answer: ", "已连上，但没有回答："),
    (r"no TLS: ", "TLS 不通："),
    (r"its certificate has expired: ", "证书已过期："),
    (r"its certificate is not yet valid: ", "证书尚未生效："),
    (r"its certificate is valid, only not by this machine's clock: ", "证书有效，只是本机时钟不对："),
    (r"its certificate is for another name: ", "证书是给别的域名的："),
    (r"nobody we trust has signed its certificate: ", "证书不是可信机构签发的："),
    (r"; issued by (.+) for (.+), (\S+) to (\S+)$", r"；由 \1 签发给 \2，\3 至 \4"),
    (r"^plain HTTP gets through: ", "明文 HTTP 能通："),
    (r"^plain HTTP is redirected within the same host: ", "明文 HTTP 在同一主机内跳转："),
    (r"^plain HTTP is redirected to a carrier's host: ", "明文 HTTP 被跳转到运营商的主机："),
    (r"^plain HTTP is answered by somebody else: ", "明文 HTTP 由别人应答："),
    (r"^plain HTTP brings nothing: ", "明文 HTTP 没有结果："),
    (r"^plain HTTP to (\S+): ", r"到 \1 的明文 HTTP："),
    (r", within the handshake$", "（握手过程中）"),
    (r" during the handshake$", "（握手过程中）"),
    (r"^sending to the centre: ", "向中心发送："),
    (r"^it takes reports$", "正常接收报告"),
    (r"^its name was not found$", "找不到它的域名"),
    # this machine (agent/sample/link.py, system.py, examine.py)
    (
        r"^probes go as the routes say: which interface is the card's is not known$",
        "按路由探测：不知道哪个网络接口属于上网卡",
    ),
    (r"^probes are bound to (\S+)$", r"探测经由 \1"),
    (r"^policy rule for other programs: (.+)$", r"针对其他程序的策略路由：\1"),
    (r"^way to (\S+): ", r"到 \1 的路由："),
    (r"^(\S+): no such interface$", r"\1：没有这个网络接口"),
    (r"^(\S+): (up|down|state not known), (.+); (no default route|default route through \S+)$", r"\1：\2，\3；\4"),
    (r"：up，", "：已启用，"),
    (r"：down，", "：未启用，"),
    (r"：state not known，", "：状态不明，"),
    (r"，no address", "，没有地址"),
    (r"；no default route$", "；没有默认路由"),
    (r"；default route through (\S+)$", r"；默认路由经 \1"),
    (r"^this machine's clock: ", "本机时钟："),
    (r"it shows (.+?), and this program was made in 2026$", r"显示 \1，而本程序制作于 2026 年"),
    (r"synchronised with a time server$", "已与时间服务器同步"),
    (r"it shows (.+?), but was already right at (.+)$", r"显示 \1，而此前已正确走到 \2"),
    (r"set from the hardware clock rtc0 at start$", "开机时取自硬件时钟 rtc0"),
    (r"nobody vouches for it: not synchronised, no hardware clock$", "无从核实：没有同步，也没有硬件时钟"),
    (r"agrees with the mobile network's time$", "与移动网络的时间一致"),
    (r"agrees with the centre's time$", "与中心的时间一致"),
    (r"it shows (.+?), the mobile network (.+)$", r"显示 \1，移动网络为 \2"),
    (r"it shows (.+?), the centre (.+)$", r"显示 \1，中心为 \2"),
    (r"^no port on this machine looks like a modem's$", "本机没有像通信模块的串口"),
    (r"^no modem found; no answer on (.+)$", r"没有找到通信模块；\1 没有应答"),
    (r"^(\S+): held by (.+)$", r"\1：被 \2 占用"),
    (
        r"^(\S+): not allowed \(is this user in the group of the device, usually dialout\?\)$",
        r"\1：不允许打开（当前用户是否在该设备的用户组里？通常是 dialout）",
    ),
    (r"^(\S+): no such device.*$", r"\1：没有这个设备"),
    (r"^the port was lost or closed before$", "串口已丢失或关闭"),
    (r"^(.+): no final result within (\S+) s$", r"\1：\2 秒内没有应答"),
    (r"\(no answer within (\S+) s\)$", r"（\1 秒内没有应答）"),
    # the ledger (agent/plan/standing.py)
    (r"^data last came over this card on (\S+): (\S+) MB that day$", r"这张卡最近一次有流量是 \1，当天 \2 MB"),
    (
        r"^used today: (\S+ MB); on an ordinary day (\S+ MB), odd above (\S+ MB)$",
        r"今日已用 \1；平时每天约 \2，超过 \3 即为异常",
    ),
    (r"^the carrier counts (\S+ MB): (\S+ MB) more than this terminal did$", r"运营商计 \1，比本机计数多 \2"),
    # values that nobody quoted
    (r"^a cause without a number$", "没有编号的原因"),
)
_COMPILED = tuple((re.compile(pattern), words) for pattern, words in _RULES)
_TAIL = re.compile(rf"(^|[：（])({'|'.join(map(re.escape, _OUTCOMES))})(?=$|[）；;（])")
_NAMED = re.compile(rf"(?<![A-Za-z])({_WHO_PATTERN})(?![A-Za-z])(:?) ?")


def in_chinese(text: str) -> str:
    """One line of evidence, or a probe's detail."""
    parts = text.split("; ") if text.startswith(("payment host", "the anchor")) else [text]
    return "；".join(_one(part) for part in parts)


def _one(text: str) -> str:
    shown = text
    for pattern, words in _COMPILED:
        shown = pattern.sub(words, shown)
    if shown != text or _NAMED.match(shown):
        shown = _NAMED.sub(_named, shown, count=1)
    return _TAIL.sub(
        lambda found: found[1] + _OUTCOMES[found[2]],
        re.sub(r"^((?:收单主机|互联网参照点) \S+) answers$", r"\1：answers", shown),
    )


def _named(found: re.Match[str]) -> str:
    alone = found[1] == "the centre"
    return _WHO[found[1]] + ("：" if found[2] or (alone and not found.start()) else "" if alone else " ")
