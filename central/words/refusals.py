"""Why something was refused, in Chinese. The refusal itself is raised in English where it arises, for the API and the
log; pages show it to people in theirs. A text in {braces} stands for whatever was said there."""

import re
from collections.abc import Mapping

from central.words import Lang, known, word

CHINESE: Mapping[str, str] = {
    "somebody else changed it; look again": "刚被别人改过，请刷新再看",
    "no such batch": "没有这个批次",
    "no such renewal": "没有这笔续费",
    "no such card": "没有这张卡",
    "no such terminal": "没有这台终端",
    "part of this batch lies outside of what you see": "批次中有你无权查看的终端",
    "a renewal that is {state} cannot become {to}": "续费现为“{state}”，不能变为“{to}”",
    "a renewal that is {state} cannot be verified": "续费现为“{state}”，无法核实",
    "the card of {terminal} is not known": "不知道 {terminal} 里是哪张卡",
    "card {iccid} is being renewed already, or was for {period}": "卡 {iccid} 正在续费，或 {period} 已续过",
    "card {iccid} is retired": "卡 {iccid} 已停用",
    "these are on their way to the platform, or may be ordered there already":
        "这些订单正在发往平台，或可能已在平台下单",
    "it may have been ordered at the platform: look there, and say what you found":
        "可能已在平台下单：请到平台查看，再填写结果",
    "nothing of this batch can be ordered at a platform": "此批次没有能在平台下单的卡",
    "card {iccid}: without a plan nobody knows what to order": "卡 {iccid} 没有登记套餐，不知道该订什么",
    "no order of this card waits for a word": "这张卡没有等待确认的订单",
    "some of these are not ordered, or are paid already": "其中有的还没下单，或已付款",
    "nothing of this batch waits to be paid": "此批次没有待付款的续费",
    "nothing can be asked of the terminal now": "现在无法询问终端",
    "{most} vouchers are kept for a batch": "每个批次最多保存 {most} 份凭证",
    "a voucher is a PDF, PNG, JPEG, WebP, OFD or XML file of at most {most} MB":
        "凭证须为 PDF、PNG、JPEG、WebP、OFD 或 XML 文件，不超过 {most} MB",
    "amount: such as 1234.50": "金额：如 1234.50",
    "price: such as 36.00": "价格：如 36.00",
    "currency: three capital letters, such as CNY": "币种：三个大写字母，如 CNY",
    "paid_on: a date such as 2026-12-31": "付款日期：如 2026-12-31",
    "ends_on: a date such as 2026-12-31": "到期日：如 2026-12-31",
    "reason: one of {names}": "原因：须为 {names} 之一",
    "group: one of {names}": "分组：须为 {names} 之一",
    "key: 8 to 64 letters, digits, '_' or '-'": "key：8 至 64 个字母、数字、“_”或“-”",
    "key: 8 to 64 letters, digits, '.', '_' or '-', drawn anew for every act":
        "key：8 至 64 个字母、数字、“.”“_”或“-”，每次操作都要新的",
    "this key was of another act": "这个 key 已用于别的操作",
    "1 to {most} cards": "1 至 {most} 张卡",
    "product: what to order, and only then": "product：下单时才填，写要订的产品",
    "pools are kept by those who see everything": "流量池由可查看全部终端的人维护",
    "what a carrier says of cards is brought in by those who see everything": "运营商数据由可查看全部终端的人导入",
    "a pool's id has 1 to 64 letters, digits, '.', '_' or '-'": "流量池编号：1 至 64 个字母、数字、“.”“_”或“-”",
    "a plan's id has 1 to 64 letters, digits, '.', '_' or '-'": "套餐编号：1 至 64 个字母、数字、“.”“_”或“-”",
    "terminal: 1 to 64 letters, digits, '.', '_' or '-'": "终端号：1 至 64 个字母、数字、“.”“_”或“-”",
    "the card's account is at no platform that this centre knows": "这张卡的账户不在本中心已接入的平台上",
    "platform {name} is only asked, never told (may_act = true would allow it)":
        "平台 {name} 只查询、不操作（配置 may_act = true 可放开）",
    "something was done to this card in the last half hour: wait, and look what came of it":
        "半小时内对这张卡操作过：请稍候，先看结果",
    "nobody knows whether it was done: {why}": "不知道做成了没有：{why}",
    "it is so already: {why}": "已经是这样：{why}",
    "the platform does not know this card": "平台没有这张卡",
    "the platform does not answer: {why}": "平台没有回答：{why}",
    "the platform answers {status}": "平台回答 {status}",
    "the platform gives no token": "平台没有给出令牌",
    "the platform's answer is no object": "平台的回答格式不对",
    "the platform's answer ({status}) is not JSON": "平台的回答（{status}）不是 JSON",
    "the platform's answer ({status}) is neither JSON nor XML": "平台的回答（{status}）既不是 JSON 也不是 XML",
    "the platform's answer ends too early: {why}": "平台的回答中断：{why}",
    "the platform's answer is larger than 4 MB": "平台的回答超过 4 MB",
    "the platform is not asked in the clear (in_the_clear = true would allow it)":
        "不以明文访问平台（配置 in_the_clear = true 可放开）",
    "the card's number is not on record; this platform goes by it": "没有登记这张卡的号码，该平台按号码查询",
    "this gateway answers one card at a time, not {path} of {count}": "这个网关一次只回答一张卡",
    "product: main commodity and package, {names}": "product：主商品与套餐，{names}",
    "no card has the account {account}: name one": "没有属于账户 {account} 的卡：请指定一张",
    "it is being asked already, and its answer is still awaited": "正在查询，还在等它回答",
    "no answer in {seconds} s: a slow platform, or its rate is used up":
        "{seconds} 秒没有回答：平台慢，或查询次数已用完",
    "that merchant, region and tags are not yours to give": "你无权设置这个商户、地区或标签",
    "{what} are changed by those who see everything": "{what} 由可查看全部终端的人修改",
    "an ICCID has 18 to 20 digits": "ICCID 为 18 至 20 位数字",
    "iccid: 18 to 20 digits": "ICCID：18 至 20 位数字",
    "imei: 14 to 16 digits": "IMEI：14 至 16 位数字",
    "no plan {plan}": "没有套餐 {plan}",
    "tags: a list of at most 50 texts": "标签：最多 50 个",
    "{field}: a text of at most {most} characters": "{field}：最多 {most} 个字",
    "{field}: a whole number up to {most}, or null": "{field}：不超过 {most} 的整数，或留空",
    "{field}: 1 to {most}, or null": "{field}：1 至 {most}，或留空",
    "{field}: a date such as 2026-12-31": "{field}：日期，如 2026-12-31",
    "{field}: unknown; known here: {names}": "{field}：没有这一项；可用：{names}",
    "{name} is there twice": "{name} 出现了两次",
    "the file is larger than {most} MB": "文件超过 {most} MB",
    "the file is empty": "文件是空的",
    "the first line names each column, each name once": "第一行须写明每列的名称，且不重复",
    "row {number}: a formula; paste its value instead": "第 {number} 行：是公式，请粘贴为数值",
    "row {number}: more cells than the first line has names": "第 {number} 行：格数多于第一行的列名",
    "row {number}: a number that the spreadsheet has rounded; make the column text and enter it anew":
        "第 {number} 行：数字已被表格软件四舍五入，请把该列设为文本后重新填写",
    "a cell of more than {most} characters": "有一格超过 {most} 个字",
    "more than {most} rows": "超过 {most} 行",
    "not CSV: {error}": "不是 CSV：{error}",
    "not a workbook that can be read ({error})": "不是能读的工作簿（{error}）",
    "the file unpacks to too much": "文件解压后过大",
    "the text is neither UTF-8 nor GB 18030": "文字既不是 UTF-8 也不是 GB 18030",
    "XLSX needs openpyxl: pip install 'posagent[central]'; CSV works without":
        "读 XLSX 需要 openpyxl：pip install 'posagent[central]'；CSV 不需要",
    "not on the worklist: {names}": "不在待续费清单里：{names}",
    "cards: a list of ICCIDs of the worklist": "卡：须为待续费清单里的 ICCID",
    "renewals: a list of ids": "续费：须为编号的列表",
    "lines: 2027-02-05..2027-02-11 off 春节": "节假日：每行如 2027-02-05..2027-02-11 off 春节",
    "month: such as 2026-11": "月份：如 2026-11",
    "layout: one of {names}": "版式：须为 {names} 之一",
    "cost_group: one of {names}": "分组：须为 {names} 之一",
    "no such sheet: order.csv or order.xlsx": "没有这个文件：只有 order.csv 和 order.xlsx",
    "no such voucher": "没有这份凭证",
    # people, programs, codes
    "name: 1 to 64 letters, digits, '.', '_', '@', '+' or '-'": "用户名：1 至 64 个字母、数字、“.”“_”“@”“+”或“-”",
    "role: one of {names}": "角色：须为 {names} 之一",
    "an admin sees everything": "管理员须能看到所有终端",
    "user {name} exists already": "用户 {name} 已存在",
    "no such user": "没有这个用户",
    "the last admin stays": "这是最后一位管理员，不能停用，也不能改成别的角色",
    "lang: zh or en": "语言：zh 或 en",
    "zone: a name of the time zone database, for example Asia/Shanghai": "时区：如 Asia/Shanghai",
    "name a merchant, a region or a tag, or choose everything": "请选至少一个商户、地区或标签，或选“所有终端”",
    "at most {most} names of {length} characters": "最多 {most} 个名称，每个不超过 {length} 个字",
    "sees: null for everything, or lists of {names}": "可见范围：留空为全部，或 {names} 的列表",
    "sees: lists of at most {most} names": "可见范围：最多 {most} 个名称",
    "sees: names of 1 to {most} characters": "可见范围：每个名称 1 至 {most} 个字",
    "name: 1 to 100 characters": "用途：1 至 100 个字",
    "scopes: some of {names}": "权限：请至少选一项（{names}）",
    "a token with the scope admin sees everything": "有 admin 权限的令牌须能看到所有终端",
    "no such token": "没有这个令牌",
    "name: at most 200 characters": "名称：最多 200 个字",
    "the code is not known": "没有这个注册码",
    "the code was used": "注册码已用过",
    "the code was used, or has expired": "注册码已用过，或已过期",
    "a code of that name exists already": "这个注册码已存在，请再生成一次",
    "a terminal of that id exists already": "这个终端号已存在",
    # terminals, alerts
    "terminal {name} is not known, or revoked": "没有终端 {name}，或已吊销",
    "terminal is not watched: it was never heard, or is revoked": "这台终端从未上报，或已吊销，不能设营业时间",
    "{most} directives wait for terminal {name} already": "终端 {name} 已有 {most} 条指令在等待",
    "not a directive that there is": "没有这种指令",
    "the directive {kind} cannot say that: {error}": "指令“{kind}”填写的内容不对（{error}）",
    "a directive is good for 60 s to {days} days": "指令的有效期为 60 秒至 {days} 天",
    "heartbeat_s: a number of seconds, 0 to {most}": "上报间隔：0 至 {most} 的秒数",
    "expected: a date such as 2026-12-31": "新的到期日：如 2026-12-31",
    "at most {most} saved views": "最多保存 {most} 个视图",
    "opening hours are written like: mon-fri 9:00-21:00; sat,sun 10:00-18:00":
        "营业时间写成：周一-周五 9:00-21:00; 周六,周日 10:00-18:00",
    "an hour is 0:00 to 24:00, and a part is not empty": "时间为 0:00 至 24:00，起止不能相同",
    "days are {names}": "星期写成：周一、周二、周三、周四、周五、周六、周日",
    "nothing of the kind fires, or it is acknowledged already": "这条告警已结束，或已有人确认",
    "no channel {name}": "没有告警渠道 {name}",
    "no such channel": "没有这个告警渠道",
    "answered {status}": "对方回答 {status}",
    "no answer: {error}": "没有回应：{error}",
    "apprise is not installed: pip install 'posagent[alerts]'": "没有安装 apprise：pip install 'posagent[alerts]'",
    "apprise does not know this URL": "apprise 不认识这个地址",
    "apprise could not deliver it": "apprise 没有送达",
    "not all of it has come: {got} of {all} parts": "还没有收全：{all} 份中的 {got} 份",
    "the parts do not fit together": "各份内容对不上",
    "csv or xlsx": "只有 csv 和 xlsx",
    "there are terminals already: a fleet on a fast clock needs a new database": "已有终端：快进模拟须用新数据库",
    "there are terminals already: the past of a fleet is told to a new database": "已有终端：演示数据只写入新的数据库",
    # forms and the way in
    "the page is out of date: load it again and repeat what you did": "页面已过期，没有保存：请重新打开页面，再做一次",
    "a form is needed": "须用页面上的表单提交",
    "a form of another site": "表单来自别的网站，没有接受",
    "the form cannot be read": "无法读取提交的内容",
    "a form has at most {most} bytes": "提交的内容过大（不超过 {most} 字节）",
    "the browser has gone": "浏览器中断了提交",
    "the path cannot be read": "无法读取这个地址",
    "the database is not available now": "数据库暂时不可用，请稍后再试",
    "the token's scopes, or your role, do not reach that far": "您的角色或令牌没有这项权限",
    "sign in, or use a token": "请先登录",
    "an operator token is needed": "需要操作员令牌",
    "without an operator token or users only http://localhost is served":
        "还没有用户，也没有操作员令牌：只能在本机通过 http://localhost 访问",
    "choose a password of your own first": "请先改成自己的密码",
    "turn on the second step first": "请先开启两步验证",
    "Method Not Allowed": "这个地址不能直接打开，请从页面上操作",
    "content-type: application/json": "须以 application/json 提交",
    "not JSON": "不是 JSON",
    "a JSON object is needed": "须为一个 JSON 对象",
    "a body has at most {most} bytes": "内容过大（不超过 {most} 字节）",
    "cursor: as an answer's `next` gave it": "翻页参数不对，请从第一页开始",
    # of any field, and so the last
    "{field}: {least} to {most}": "{field}：{least} 至 {most}",
    "{field}: at most {most} characters": "{field}：最多 {most} 个字",
    "at most {most} characters": "最多 {most} 个字",
    "row {number}: {why}": "第 {number} 行：{why}",
}  # fmt: skip

_WORD_OF: Mapping[str, str] = {"state": "rn_{}", "to": "rn_{}", "kind": "directive_{}"}
"""What stands in a place → the key of its word."""
_FIELDS: Mapping[str, str] = {
    "name": "名称", "merchant": "商户", "shop": "门店", "region": "地区", "address": "地址", "contact": "联系人",
    "note": "备注", "tags": "标签", "terminal": "终端号", "msisdn": "号码", "plan": "套餐", "batch": "批次",
    "account": "账户", "pool": "流量池", "carrier": "运营商", "apn": "APN", "product": "产品编号", "price": "价格",
    "currency": "币种", "tiers": "批量价", "quota_mb": "流量", "months": "月数", "lead_days": "入账需要的工作日",
    "order_day": "每月受理日", "total_mb": "总流量", "cycle_day": "账期起始日", "ends_on": "到期日",
    "expires_on": "到期日", "received_on": "入库日期", "use_by": "启用期限", "paid_on": "付款日期", "title": "标题",
    "reference": "流水号", "amount": "金额", "days": "有效天数", "count": "数量",
    "iccid": "ICCID", "why": "原因", "reason": "原因", "period": "账期", "directive": "指令编号", "scopes": "权限",
    "codes": "注册码", "platform": "平台", "key": "操作编号", "voucher": "凭证", "size": "字节数", "sha256": "SHA-256",
    "detail": "说明", "by": "经手", "role": "角色", "sees": "可见范围", "hours": "营业时间",
}  # fmt: skip
_PLACE = re.compile(r"\\{(\w+)\\}")


def _pattern(english: str) -> re.Pattern[str]:
    return re.compile(_PLACE.sub(r"(?P<\1>.{1,400}?)", re.escape(english)), re.DOTALL)


_PATTERNS = tuple((_pattern(english), chinese) for english, chinese in CHINESE.items())


def refusal(text: str, lang: Lang) -> str:
    """`text`, a refusal as it was raised, in `lang`; one that nobody translated stays as it is."""
    if lang == "en":
        return text
    for pattern, chinese in _PATTERNS:
        if found := pattern.fullmatch(text):
            return chinese.format_map({name: _said(name, value) for name, value in found.groupdict().items()})
    return text


def field(name: str, lang: Lang) -> str:
    """What a field of a form or a sheet is called."""
    return _FIELDS.get(name, name) if lang == "zh" else name


def _said(name: str, value: str) -> str:
    """What has a word of its own, or is a refusal within another; all else is a name or a number."""
    if name == "why":
        return refusal(value, "zh")
    if name == "field":
        return field(value, "zh")
    key = _WORD_OF.get(name, "{}").format(value)
    return word(key, "zh") if name in _WORD_OF and known(key) else value
