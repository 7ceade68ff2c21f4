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
    "{name}: a text of at most {most} characters": "{name}：最多 {most} 个字",
    "{name}: a whole number up to {most}, or null": "{name}：不超过 {most} 的整数，或留空",
    "{name}: 1 to {most}, or null": "{name}：1 至 {most}，或留空",
    "{name}: a date such as 2026-12-31": "{name}：日期，如 2026-12-31",
    "{name}: unknown; known here: {names}": "{name}：没有这一项；可用：{names}",
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


def _said(name: str, value: str) -> str:
    """States have words of their own, and a refusal may stand in another; all else is a name or a number."""
    if name == "why":
        return refusal(value, "zh")
    return word(f"rn_{value}", "zh") if name in ("state", "to") and known(f"rn_{value}") else value
