"""What the numbers mean: +CME and +CMS errors, and the causes by which networks refuse.

Sources: 27.007 §9.2 (+CME), 27.005 §3.2.5 (+CMS), 24.008 §10.5.3.6, §10.5.5.14, §10.5.6.6 (MM, GMM, SM), 24.301
§9.9.3.9, §9.9.4.4 (EMM, ESM), 24.501 §9.11.3.2, §9.11.4.2 (5GMM, 5GSM). A cause belongs to its layer: EMM 8 ("EPS
and non-EPS services not allowed") is not ESM 8 ("operator determined barring").
"""

import re
from collections.abc import Mapping
from typing import Literal

from modem.values import Cause, CauseLayer, SimStatus

Layer = CauseLayer
Lang = Literal["zh", "en"]
Meaning = tuple[str, str]
"""(English, Chinese)."""

CME: Mapping[int, Meaning] = {
    0: ("phone failure", "设备故障"),
    1: ("no connection to phone", "与设备无连接"),
    2: ("phone-adaptor link reserved", "设备链路被占用"),
    3: ("operation not allowed", "操作不允许"),
    4: ("operation not supported", "操作不支持"),
    5: ("PH-SIM PIN required", "需要机卡锁 PIN"),
    6: ("PH-FSIM PIN required", "需要首卡锁 PIN"),
    7: ("PH-FSIM PUK required", "需要首卡锁 PUK"),
    10: ("SIM not inserted", "未插入 SIM 卡"),
    11: ("SIM PIN required", "需要 SIM 卡 PIN 码"),
    12: ("SIM PUK required", "需要 SIM 卡 PUK 码"),
    13: ("SIM failure", "SIM 卡故障"),
    14: ("SIM busy", "SIM 卡忙"),
    15: ("SIM wrong", "SIM 卡不正确"),
    16: ("incorrect password", "密码错误"),
    17: ("SIM PIN2 required", "需要 PIN2 码"),
    18: ("SIM PUK2 required", "需要 PUK2 码"),
    20: ("memory full", "存储已满"),
    21: ("invalid index", "序号无效"),
    22: ("not found", "未找到"),
    23: ("memory failure", "存储故障"),
    24: ("text string too long", "文本过长"),
    25: ("invalid characters in text string", "文本含无效字符"),
    26: ("dial string too long", "拨号串过长"),
    27: ("invalid characters in dial string", "拨号串含无效字符"),
    30: ("no network service", "无网络服务"),
    31: ("network timeout", "网络超时"),
    32: ("network not allowed - emergency calls only", "网络不允许，仅限紧急呼叫"),
    40: ("network personalization PIN required", "需要网络锁 PIN"),
    41: ("network personalization PUK required", "需要网络锁 PUK"),
    42: ("network subset personalization PIN required", "需要子网锁 PIN"),
    43: ("network subset personalization PUK required", "需要子网锁 PUK"),
    44: ("service provider personalization PIN required", "需要运营商锁 PIN"),
    45: ("service provider personalization PUK required", "需要运营商锁 PUK"),
    46: ("corporate personalization PIN required", "需要企业锁 PIN"),
    47: ("corporate personalization PUK required", "需要企业锁 PUK"),
    48: ("hidden key required", "需要隐藏密钥"),
    49: ("EAP method not supported", "不支持的 EAP 方式"),
    50: ("incorrect parameters", "参数错误"),
    51: ("command implemented but currently disabled", "命令暂时停用"),
    52: ("command aborted by user", "命令被用户中止"),
    53: ("not attached to network due to MT functionality restrictions", "设备功能受限，未附着网络"),
    54: ("modem not allowed - MT restricted to emergency calls only", "设备仅限紧急呼叫"),
    55: ("operation not allowed because of MT functionality restrictions", "设备功能受限，操作不允许"),
    56: ("fixed dial number only allowed", "仅允许固定号码"),
    57: ("temporarily out of service due to other MT usage", "设备被占用，暂不可用"),
    58: ("language/alphabet not supported", "不支持的语言或字符集"),
    59: ("unexpected data value", "数据值异常"),
    60: ("system failure", "系统故障"),
    61: ("data missing", "缺少数据"),
    62: ("call barred", "呼叫被限制"),
    63: ("message waiting indication subscription failure", "留言指示订阅失败"),
    100: ("unknown", "未知错误"),
    103: ("illegal MS", "非法用户"),
    106: ("illegal ME", "非法设备"),
    107: ("GPRS services not allowed", "不允许数据业务"),
    108: ("GPRS services and non-GPRS services not allowed", "不允许数据和非数据业务"),
    111: ("PLMN not allowed", "不允许使用该网络"),
    112: ("location area not allowed", "不允许在此位置区使用"),
    113: ("roaming not allowed in this location area", "此位置区不允许漫游"),
    114: ("GPRS services not allowed in this PLMN", "该网络不允许数据业务"),
    115: ("no suitable cells in location area", "位置区内无合适小区"),
    122: ("congestion", "网络拥塞"),
    126: ("insufficient resources", "网络资源不足"),
    127: ("missing or unknown APN", "APN 缺失或未知"),
    128: ("unknown PDP address or PDP type", "PDP 地址或类型未知"),
    129: ("user authentication failed", "用户鉴权失败"),
    130: ("activation rejected by GGSN, serving GW or PDN GW", "网关拒绝激活"),
    131: ("activation rejected, unspecified", "激活被拒绝，原因未说明"),
    132: ("service option not supported", "业务选项不支持"),
    133: ("requested service option not subscribed", "未订购该业务"),
    134: ("service option temporarily out of order", "业务暂时不可用"),
    140: ("feature not supported", "功能不支持"),
    141: ("semantic errors in the TFT operation", "TFT 操作语义错误"),
    142: ("syntactical errors in the TFT operation", "TFT 操作语法错误"),
    143: ("unknown PDP context", "PDP 上下文未知"),
    144: ("semantic errors in packet filter(s)", "分组过滤器语义错误"),
    145: ("syntactical errors in packet filter(s)", "分组过滤器语法错误"),
    146: ("PDP context without TFT already activated", "已有无 TFT 的 PDP 上下文"),
    148: ("unspecified GPRS error", "未说明的数据业务错误"),
    149: ("PDP authentication failure", "PDP 鉴权失败"),
    150: ("invalid mobile class", "移动台类别无效"),
    171: ("last PDN disconnection not allowed", "不允许断开最后一个 PDN"),
    172: ("semantically incorrect message", "消息语义错误"),
    173: ("invalid mandatory information", "必选信息无效"),
    174: ("message type non-existent or not implemented", "消息类型不存在"),
    175: ("conditional IE error", "条件信息单元错误"),
    176: ("protocol error, unspecified", "协议错误"),
    177: ("operator determined barring", "运营商限制（停机或欠费限制）"),
    178: ("maximum number of PDP contexts reached", "PDP 上下文数已达上限"),
    179: ("requested APN not supported in current RAT and PLMN combination", "当前制式和网络不支持该 APN"),
    180: ("request rejected, bearer control mode violation", "请求被拒绝，承载控制模式冲突"),
    181: ("unsupported QCI value", "QCI 值不支持"),
    189: ("requested service option not authorized in this PLMN", "该网络未授权该业务"),
    190: ("network failure", "网络故障"),
}
"""+CME ERROR numbers → (English as in 27.007, Chinese)."""

CMS: Mapping[int, Meaning] = {
    1: ("unassigned (unallocated) number", "空号"),
    8: ("operator determined barring", "运营商限制"),
    10: ("call barred", "呼叫被限制"),
    21: ("short message transfer rejected", "短信被拒绝"),
    27: ("destination out of service", "对方不在服务区"),
    28: ("unidentified subscriber", "用户未识别"),
    29: ("facility rejected", "业务被拒绝"),
    30: ("unknown subscriber", "用户未知"),
    38: ("network out of order", "网络故障"),
    41: ("temporary failure", "临时故障"),
    42: ("congestion", "网络拥塞"),
    47: ("resources unavailable, unspecified", "资源不可用"),
    50: ("requested facility not subscribed", "未订购短信业务"),
    69: ("requested facility not implemented", "业务未实现"),
    17: ("network failure", "网络故障"),
    22: ("memory capacity exceeded", "存储容量不足"),
    81: ("invalid short message transfer reference value", "短信传输参考号无效"),
    95: ("semantically incorrect message", "消息语义错误"),
    96: ("invalid mandatory information", "必选信息无效"),
    97: ("message type non-existent or not implemented", "消息类型不存在"),
    98: ("message not compatible with short message protocol state", "消息与短信协议状态不符"),
    99: ("information element non-existent or not implemented", "信息单元不存在"),
    111: ("protocol error, unspecified", "协议错误"),
    127: ("interworking, unspecified", "互通错误"),
    128: ("telematic interworking not supported", "不支持远程信息处理互通"),
    129: ("short message type 0 not supported", "不支持 0 类型短信"),
    130: ("cannot replace short message", "不能替换短信"),
    143: ("unspecified TP-PID error", "协议标识错误"),
    144: ("data coding scheme not supported", "不支持的编码方式"),
    145: ("message class not supported", "不支持的短信类别"),
    159: ("unspecified TP-DCS error", "编码方式错误"),
    160: ("command cannot be actioned", "命令无法执行"),
    161: ("command unsupported", "不支持的命令"),
    175: ("unspecified TP-Command error", "命令错误"),
    176: ("TPDU not supported", "不支持的传输单元"),
    192: ("SC busy", "短信中心忙"),
    193: ("no SC subscription", "未在短信中心开户"),
    194: ("SC system failure", "短信中心系统故障"),
    195: ("invalid SME address", "短信号码无效"),
    196: ("destination SME barred", "对方号码被限制"),
    197: ("SM rejected, duplicate SM", "短信重复被拒绝"),
    198: ("TP-VPF not supported", "不支持的有效期格式"),
    199: ("TP-VP not supported", "不支持的有效期"),
    208: ("SIM SMS storage full", "SIM 卡短信已满"),
    209: ("no SMS storage capability in SIM", "SIM 卡不能存短信"),
    210: ("error in MS", "终端错误"),
    211: ("memory capacity exceeded", "存储容量不足"),
    212: ("SIM application toolkit busy", "SIM 卡应用忙"),
    213: ("SIM data download error", "SIM 卡数据下载错误"),
    255: ("unspecified error cause", "未说明的错误"),
    300: ("ME failure", "设备故障"),
    301: ("SMS service of ME reserved", "短信功能被占用"),
    302: ("operation not allowed", "操作不允许"),
    303: ("operation not supported", "操作不支持"),
    304: ("invalid PDU mode parameter", "PDU 模式参数无效"),
    305: ("invalid text mode parameter", "文本模式参数无效"),
    310: ("SIM not inserted", "未插入 SIM 卡"),
    311: ("SIM PIN required", "需要 SIM 卡 PIN 码"),
    312: ("PH-SIM PIN required", "需要机卡锁 PIN"),
    313: ("SIM failure", "SIM 卡故障"),
    314: ("SIM busy", "SIM 卡忙"),
    315: ("SIM wrong", "SIM 卡不正确"),
    316: ("SIM PUK required", "需要 SIM 卡 PUK 码"),
    317: ("SIM PIN2 required", "需要 PIN2 码"),
    318: ("SIM PUK2 required", "需要 PUK2 码"),
    320: ("memory failure", "存储故障"),
    321: ("invalid memory index", "存储序号无效"),
    322: ("memory full", "短信存储已满"),
    330: ("SMSC address unknown", "短信中心号码未知"),
    331: ("no network service", "无网络服务"),
    332: ("network timeout", "网络超时"),
    340: ("no +CNMA acknowledgement expected", "不需要短信确认"),
    500: ("unknown error", "未知错误"),
}
"""+CMS ERROR numbers → (English as in 27.005, Chinese)."""

_REGISTRATION: Mapping[int, Meaning] = {
    2: ("IMSI unknown in HSS", "网络中查无此卡（可能已销号或未开通）"),
    3: ("illegal UE", "非法用户（卡被注销、停用或鉴权失败）"),
    5: ("IMEI not accepted", "网络不接受本机 IMEI（可能机卡绑定）"),
    6: ("illegal ME", "非法设备（可能机卡锁定）"),
    7: ("EPS services not allowed", "不允许数据业务（停机、无套餐或卡类型不符）"),
    8: ("EPS services and non-EPS services not allowed", "数据和语音业务均不允许（停机或未开通）"),
    9: ("UE identity cannot be derived by the network", "网络无法识别终端身份"),
    10: ("implicitly detached", "被网络隐式去附着"),
    11: ("PLMN not allowed", "不允许使用该网络"),
    12: ("tracking area not allowed", "不允许在此区域使用（可能区域限制）"),
    13: ("roaming not allowed in this tracking area", "此区域不允许漫游"),
    14: ("EPS services not allowed in this PLMN", "该网络不允许数据业务"),
    15: ("no suitable cells in tracking area", "区域内无合适小区"),
    16: ("MSC temporarily not reachable", "MSC 暂时不可达"),
    17: ("network failure", "网络故障"),
    18: ("CS domain not available", "电路域不可用"),
    19: ("ESM failure", "会话管理失败"),
    20: ("MAC failure", "鉴权 MAC 错误"),
    21: ("synch failure", "鉴权同步失败"),
    22: ("congestion", "网络拥塞"),
    23: ("UE security capabilities mismatch", "终端安全能力不匹配"),
    24: ("security mode rejected, unspecified", "安全模式被拒绝"),
    25: ("not authorized for this CSG", "未获该 CSG 授权"),
    26: ("non-EPS authentication unacceptable", "非 EPS 鉴权不可接受"),
    31: ("redirection to 5GCN required", "需重定向到 5G 核心网"),
    35: ("requested service option not authorized in this PLMN", "该网络未授权该业务"),
    39: ("CS service temporarily not available", "电路业务暂不可用"),
    40: ("no EPS bearer context activated", "无已激活的 EPS 承载"),
    42: ("severe network failure", "严重网络故障"),
    78: ("PLMN not allowed at the present UE location", "当前位置不允许使用该网络"),
    95: ("semantically incorrect message", "消息语义错误"),
    96: ("invalid mandatory information", "必选信息无效"),
    97: ("message type non-existent or not implemented", "消息类型不存在"),
    98: ("message type not compatible with protocol state", "消息类型与协议状态不符"),
    99: ("information element non-existent or not implemented", "信息单元不存在"),
    100: ("conditional IE error", "条件信息单元错误"),
    101: ("message not compatible with protocol state", "消息与协议状态不符"),
    111: ("protocol error, unspecified", "协议错误"),
}

_SESSION: Mapping[int, Meaning] = {
    8: ("operator determined barring", "运营商限制（停机、欠费或超量）"),
    25: ("LLC or SNDCP failure", "LLC 或 SNDCP 故障"),
    26: ("insufficient resources", "网络资源不足"),
    27: ("missing or unknown APN", "APN 缺失或未知"),
    28: ("unknown PDN type", "PDN 类型未知"),
    29: ("user authentication failed", "用户鉴权失败（账号密码错误或已停用）"),
    30: ("request rejected by serving GW or PDN GW", "网关拒绝请求（可能余额或流量用尽）"),
    31: ("request rejected, unspecified", "请求被拒绝，原因未说明"),
    32: ("service option not supported", "业务选项不支持"),
    33: ("requested service option not subscribed", "未订购该业务（无流量套餐或套餐到期）"),
    34: ("service option temporarily out of order", "业务暂时不可用"),
    35: ("PTI already in use", "PTI 已被使用"),
    36: ("regular deactivation", "正常去激活"),
    37: ("EPS QoS not accepted", "QoS 不被接受"),
    38: ("network failure", "网络故障"),
    39: ("reactivation requested", "请求重新激活"),
    40: ("feature not supported", "功能不支持"),
    41: ("semantic error in the TFT operation", "TFT 操作语义错误"),
    42: ("syntactical error in the TFT operation", "TFT 操作语法错误"),
    43: ("invalid EPS bearer identity", "承载标识无效"),
    44: ("semantic errors in packet filter(s)", "分组过滤器语义错误"),
    45: ("syntactical errors in packet filter(s)", "分组过滤器语法错误"),
    46: ("PDP context without TFT already activated", "已有无 TFT 的 PDP 上下文"),
    47: ("PTI mismatch", "PTI 不匹配"),
    49: ("last PDN disconnection not allowed", "不允许断开最后一个 PDN"),
    50: ("PDN type IPv4 only allowed", "仅允许 IPv4"),
    51: ("PDN type IPv6 only allowed", "仅允许 IPv6"),
    52: ("single address bearers only allowed", "仅允许单地址承载"),
    53: ("ESM information not received", "未收到 ESM 信息"),
    54: ("PDN connection does not exist", "PDN 连接不存在"),
    55: ("multiple PDN connections for a given APN not allowed", "同一 APN 不允许多个连接"),
    56: ("collision with network initiated request", "与网络发起的请求冲突"),
    57: ("PDN type IPv4v6 only allowed", "仅允许 IPv4v6"),
    58: ("PDN type non IP only allowed", "仅允许非 IP"),
    59: ("unsupported QCI value", "QCI 值不支持"),
    60: ("bearer handling not supported", "不支持的承载处理"),
    65: ("maximum number of EPS bearers reached", "承载数已达上限"),
    66: ("requested APN not supported in current RAT and PLMN combination", "当前制式和网络不支持该 APN"),
    81: ("invalid PTI value", "PTI 值无效"),
    95: ("semantically incorrect message", "消息语义错误"),
    96: ("invalid mandatory information", "必选信息无效"),
    97: ("message type non-existent or not implemented", "消息类型不存在"),
    98: ("message type not compatible with protocol state", "消息类型与协议状态不符"),
    99: ("information element non-existent or not implemented", "信息单元不存在"),
    100: ("conditional IE error", "条件信息单元错误"),
    101: ("message not compatible with protocol state", "消息与协议状态不符"),
    111: ("protocol error, unspecified", "协议错误"),
    112: ("APN restriction value incompatible with active EPS bearer context", "APN 限制值与已激活承载冲突"),
}

_GMM_WORDS: Mapping[int, Meaning] = {
    2: ("IMSI unknown in HLR", _REGISTRATION[2][1]),
    3: ("illegal MS", _REGISTRATION[3][1]),
    7: ("GPRS services not allowed", _REGISTRATION[7][1]),
    8: ("GPRS services and non-GPRS services not allowed", _REGISTRATION[8][1]),
    12: ("location area not allowed", _REGISTRATION[12][1]),
    13: ("roaming not allowed in this location area", _REGISTRATION[13][1]),
    14: ("GPRS services not allowed in this PLMN", _REGISTRATION[14][1]),
    15: ("no suitable cells in location area", _REGISTRATION[15][1]),
}
_MM_WORDS: Mapping[int, Meaning] = {
    **_GMM_WORDS,
    4: ("IMSI unknown in VLR", "拜访地查无此卡"),
    32: ("service option not supported", "业务选项不支持"),
    33: ("requested service option not subscribed", "未订购该业务"),
    34: ("service option temporarily out of order", "业务暂时不可用"),
}
_5GMM_WORDS: Mapping[int, Meaning] = {
    5: ("PEI not accepted", _REGISTRATION[5][1]),
    7: ("5GS services not allowed", _REGISTRATION[7][1]),
    27: ("N1 mode not allowed", "不允许使用 5G（N1 模式）"),
    43: ("LADN not available", "本地数据网不可用"),
    62: ("no network slices available", "无可用网络切片"),
    65: ("maximum number of PDU sessions reached", "PDU 会话数已达上限"),
    67: ("insufficient resources for specific slice and DNN", "切片与 DNN 资源不足"),
    69: ("insufficient resources for specific slice", "切片资源不足"),
    71: ("ngKSI already in use", "ngKSI 已被使用"),
    72: ("non-3GPP access to 5GCN not allowed", "不允许非 3GPP 接入"),
    73: ("serving network not authorized", "服务网络未授权"),
    90: ("payload was not forwarded", "载荷未转发"),
    91: ("DNN not supported or not subscribed in the slice", "切片中 DNN 不支持或未订购"),
    92: ("insufficient user-plane resources for the PDU session", "用户面资源不足"),
}
_5GSM_WORDS: Mapping[int, Meaning] = {
    27: ("missing or unknown DNN", "DNN（APN）缺失或未知"),
    28: ("unknown PDU session type", "PDU 会话类型未知"),
    29: ("user authentication or authorization failed", _SESSION[29][1]),
    67: ("insufficient resources for specific slice and DNN", "切片与 DNN 资源不足"),
    68: ("not supported SSC mode", "SSC 模式不支持"),
    69: ("insufficient resources for specific slice", "切片资源不足"),
    70: ("missing or unknown DNN in a slice", "切片中 DNN 缺失或未知"),
}

CAUSES: Mapping[Layer | None, Mapping[int, Meaning]] = {
    "mm": {**_REGISTRATION, **_MM_WORDS},
    "gmm": {**_REGISTRATION, **_GMM_WORDS},
    "emm": _REGISTRATION,
    "5gmm": {**_REGISTRATION, **_5GMM_WORDS},
    "sm": _SESSION,
    "esm": _SESSION,
    "5gsm": {**_SESSION, **_5GSM_WORDS},
}

CME_CAUSES: Mapping[int, tuple[Layer, int]] = {
    177: ("esm", 8),
    178: ("esm", 65),
    179: ("esm", 66),
    189: ("emm", 35),
    190: ("esm", 38),
    149: ("esm", 29),
}
"""Where the rule "100 + cause" of 27.007 §9.2.2 does not hold: those numbers were taken already."""

_REGISTRATION_CME = {102, 103, 105, 106, 107, 108, 111, 112, 113, 114, 115, 117, 119, 122, 125}
_SESSION_CME = {*range(126, 135), 136, 140, 141, 142, 143, 144, 145, 146}
_SIM_STATES: Mapping[int, SimStatus] = {
    5: "network_locked",
    6: "network_locked",
    7: "network_locked",
    10: "absent",
    11: "pin_required",
    12: "puk_required",
    13: "failure",
    14: "busy",
    15: "failure",
    **dict.fromkeys(range(40, 49), "network_locked"),
}


def cme_meaning(code: int | None, lang: Lang = "en") -> str | None:
    """What +CME ERROR: `code` says; a number that only carries a network cause is explained by that cause."""
    known = _said(CME, code, lang)
    network = cause_of_cme(code)
    return known or (cause_text(network.layer, network.number, lang) if network else None)


def cms_meaning(code: int | None, lang: Lang = "en") -> str | None:
    """What +CMS ERROR: `code` says."""
    return _said(CMS, code, lang)


def error_meaning(family: str | None, code: int | None, lang: Lang = "en") -> str | None:
    """The same by family, "cme" or "cms"."""
    return cme_meaning(code, lang) if family == "cme" else cms_meaning(code, lang) if family == "cms" else None


def cme_code(words: str) -> int | None:
    """The number of an error that was spelled out (AT+CMEE=2): "SIM not inserted" → 10. Vendors' own words → None."""
    return _NUMBERS_CME.get(_plain(_CAUSE_BEHIND.sub("", words)))


def cms_code(words: str) -> int | None:
    """The same for +CMS ERROR."""
    return _NUMBERS_CMS.get(_plain(words))


def error_code(family: str | None, code: int | None, final: str) -> int | None:
    """The number of a refusal: as given, or found by the words of `final` ("+CME ERROR: SIM busy" → 14)."""
    if code is not None:
        return code
    words = final.partition(":")[2]
    return cme_code(words) if family == "cme" else cms_code(words) if family == "cms" else None


def sim_state_of_cme(code: int | None) -> SimStatus | None:
    """The state of the card that a refusal tells; None when the number is about something else."""
    return _SIM_STATES.get(code) if code is not None else None


def cause_of_cme(code: int | None) -> Cause | None:
    """The network's cause inside a +CME number: 100 + cause, but for the exceptions of `CME_CAUSES`."""
    if code is None:
        return None
    if code in CME_CAUSES:
        return cause(*CME_CAUSES[code])
    if code in _REGISTRATION_CME:
        return cause("emm", code - 100)
    return cause("esm", code - 100) if code in _SESSION_CME else None


def cause(layer: Layer | None, number: int | None, *, possibly_past: bool = False) -> Cause:
    """A cause with its English meaning, where a table has one."""
    return Cause(layer, number, cause_text(layer, number), possibly_past)


def cause_text(layer: Layer | None, number: int | None, lang: Lang = "en") -> str | None:
    """What the network means by `number` in `layer`; vendors' own numbers have no meaning here."""
    return _said(CAUSES.get(layer, {}), number, lang)


def cause_in_words(text: str, *, possibly_past: bool = True) -> Cause:
    """A cause that came as text (+CEER): known names give layer and number, "#33" gives the number, else the text.

    "EPS_AND_NON_EPS_SERVICES_NOT_ALLOWED" (Altair) → EMM 8. "No cause information available" → nothing known.
    """
    shown = text.strip().strip('"').strip()
    plain = _plain(shown)
    if plain.lstrip("0") in _NOTHING or plain.startswith("nocause"):
        return Cause(None, None, None, possibly_past)
    named = _LAYER_IN_TEXT.search(shown)  # "SM34 (Service option …)", Sierra WP76
    if named:
        layer = _LAYERS_BY_NAME[named[1].upper()]
        return Cause(layer, int(named[2]), cause_text(layer, int(named[2])), possibly_past)
    named = _LAYER_BEFORE_WORDS.match(shown)  # "EMM_CAUSE_ESM_FAILURE"
    if named:
        layer = _LAYERS_BY_NAME[named[1]]
        by_words = {_plain(meaning[0]): number for number, meaning in CAUSES[layer].items()}
        if (number := by_words.get(_plain(named[2]))) is not None:
            return Cause(layer, number, cause_text(layer, number), possibly_past)
    for names, layer in _BY_WORDS:
        found = names.get(plain) or next((names[name] for name in names if len(name) > 11 and name in plain), None)
        if found is not None:
            return Cause(layer, found, cause_text(layer, found), possibly_past)
    match = _NUMBER_IN_TEXT.search(shown)
    words = shown.replace('"', "")  # of u-blox: "CC release",16,"Normal call clearing"
    return Cause(None, int(match[1]) if match else None, words, possibly_past)


def _said(table: Mapping[int, Meaning], number: int | None, lang: Lang) -> str | None:
    meaning = table.get(number) if number is not None else None
    return meaning[1 if lang == "zh" else 0] if meaning else None


def _plain(words: str) -> str:
    """Words without case, blanks and punctuation, so that spelling variants of vendors meet."""
    return re.sub(r"[^0-9a-z]", "", words[:200].lower())


_CAUSE_BEHIND = re.compile(r"\s*\(#\d{1,3}\)\s*$")
"""Fibocom and u-blox: "requested service option not subscribed (#33)"."""
_NOTHING = {"", "none", "noerror", "unknown", "normal", "normalcallclearing"}
_LAYERS_BY_NAME: Mapping[str, Layer] = {
    "MM": "mm",
    "GMM": "gmm",
    "EMM": "emm",
    "SM": "sm",
    "ESM": "esm",
}
_LAYER_IN_TEXT = re.compile(
    r"(?<![A-Za-z])(G?MM|EMM|E?SM)(?:[ _]cause)?[ _:,\"]{0,3}#?([0-9]{1,3})(?![0-9A-Za-z])", re.IGNORECASE
)
"""Also "ESM cause 27", "ESM_CAUSE_27" and u-blox's '"EMM cause",15'."""
_LAYER_BEFORE_WORDS = re.compile(r"(G?MM|EMM|E?SM)[_ ]CAUSE[_ ](.{3,80})")
_NUMBER_IN_TEXT = re.compile(r"(?:#|cause[ :=]{1,2})\s*([0-9]{1,3})\b", re.IGNORECASE)
_SPELLED_OTHERWISE = {
    "simnotpresent": 10,
    "nosim": 10,
    "nosimcard": 10,
    "simpinnecessary": 11,
    "simpuknecessary": 12,
    "invalidmemoryindex": 21,
    "networknotallowedemergencycallonly": 32,
    "activationrejectedbyggsn": 130,
    "simblocked": 12,
    "invalidparameter": 50,
    "invalidparameters": 50,
    "unknownerror": 100,
    "emergencycallsonly": 32,
}
"""Other spellings met in manuals. Words that mean something of the vendor's own ("invalid command line") stay words."""
_NUMBERS_CME = {_plain(words[0]): code for code, words in CME.items()} | _SPELLED_OTHERWISE
_NUMBERS_CMS = {_plain(words[0]): code for code, words in CMS.items()}
_TABLES_BY_WORDS: tuple[tuple[Mapping[int, Meaning], Layer], ...] = (
    (_REGISTRATION, "emm"),
    (_SESSION, "esm"),
    (_GMM_WORDS, "gmm"),
    (_5GMM_WORDS, "5gmm"),
    (_5GSM_WORDS, "5gsm"),
)
_BY_WORDS: tuple[tuple[Mapping[str, int], Layer], ...] = (
    ({"epsandnonepsservicesnotallowed": 8}, "emm"),
    (
        {
            "unknownpdpaddressorpdptype": 28,
            "unknownpdptype": 28,
            "pdptypeipv4onlyallowed": 50,
            "pdptypeipv6onlyallowed": 51,
        },
        "sm",
    ),  # 24.008, 10.5.6.6: as 2G and 3G call them
    *(({_plain(words[0]): number for number, words in table.items()}, layer) for table, layer in _TABLES_BY_WORDS),
)
