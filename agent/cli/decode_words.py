"""A modem's readings as sentences in Chinese and English, for `posagent decode`."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any

from agent.cli.context import Lang
from modem import causes
from modem.decode import Refused
from modem.errors import is_not_offered
from modem.values import (
    Address,
    Attach,
    Capability,
    Cause,
    Clock,
    ContextActive,
    ContextParams,
    Contexts,
    ErrorCause,
    Functionality,
    Iccid,
    Operator,
    Operators,
    Reading,
    Registration,
    Signal,
    Sim,
    SimSlots,
    Sms,
    SmsStorage,
    Temperature,
    Ussd,
    Voltage,
)

Words = Mapping[str, tuple[str, str]]
"""Key → (English, Chinese)."""

KINDS: Words = {
    "identity": ("modem", "模块"),
    "sim": ("SIM card", "SIM 卡"),
    "sim_slots": ("SIM slots", "SIM 卡槽"),
    "iccid": ("card number (ICCID)", "卡号（ICCID）"),
    "imsi": ("IMSI", "IMSI"),
    "own_number": ("own number", "本机号码"),
    "signal": ("signal", "信号"),
    "registration": ("registration", "网络注册"),
    "operator": ("operator", "运营商"),
    "operators": ("networks heard", "搜到的网络"),
    "attach": ("packet data", "分组数据"),
    "contexts": ("data context", "数据上下文"),
    "context_active": ("data context", "数据上下文"),
    "address": ("address", "地址"),
    "context_params": ("data connection", "数据连接"),
    "counters": ("data counters", "流量计数"),
    "clock": ("modem clock", "模块时钟"),
    "functionality": ("radio", "射频"),
    "temperature": ("temperature", "温度"),
    "voltage": ("supply voltage", "供电电压"),
    "sms": ("message", "短信"),
    "sms_storage": ("message store", "短信存储"),
    "ussd": ("USSD", "USSD"),
    "cell": ("cell", "小区"),
    "network_info": ("network", "网络"),
    "error_cause": ("last failure", "最近一次失败原因"),
    "capability": ("values it takes", "支持的取值"),
}
STATES: Words = {
    "home": ("registered, home network", "已注册（本地网）"),
    "roaming": ("registered, roaming", "已注册（漫游）"),
    "searching": ("not registered, searching", "未注册，正在搜网"),
    "denied": ("registration denied by the network", "网络拒绝注册"),
    "idle": ("not registered, not searching", "未注册，也未搜网"),
    "emergency_only": ("emergency calls only", "仅限紧急呼叫"),
    "unknown": ("not known", "未知"),
    "ready": ("ready", "就绪"),
    "absent": ("no card", "未插卡"),
    "pin_required": ("waits for its PIN", "需要 PIN 码"),
    "puk_required": ("blocked, needs the PUK", "已锁，需要 PUK 码"),
    "network_locked": ("locked to another network or terminal", "网络锁或机卡锁"),
    "failure": ("card failure", "卡故障"),
    "busy": ("busy or starting", "忙或正在启动"),
    "excellent": ("excellent", "极好"),
    "good": ("good", "良好"),
    "fair": ("fair", "一般"),
    "poor": ("poor", "差"),
    "none": ("none", "无"),
    "limited": ("limited service", "受限服务"),
    "valid": ("in service", "有服务"),
    "sleep": ("asleep", "休眠"),
}
DOMAINS: Words = {
    "cs": ("voice/SMS (CS)", "语音/短信域（CS）"),
    "ps": ("2G/3G data (PS)", "2G/3G 数据域（PS）"),
    "eps": ("LTE (EPS)", "LTE（EPS）"),
    "5gs": ("5G (5GS)", "5G（5GS）"),
}
TECHNOLOGIES: Words = {
    "gsm": ("GSM", "GSM"),
    "edge": ("EDGE", "EDGE"),
    "umts": ("UMTS", "UMTS"),
    "hspa": ("HSPA", "HSPA"),
    "lte": ("LTE", "LTE"),
    "lte_m": ("LTE-M", "LTE-M"),
    "nb_iot": ("NB-IoT", "NB-IoT"),
    "nr_nsa": ("5G NSA", "5G NSA"),
    "nr": ("5G SA", "5G SA"),
}
FIELDS: Words = {
    "manufacturer": ("maker", "厂商"),
    "model": ("model", "型号"),
    "firmware": ("firmware", "固件"),
    "imei": ("IMEI", "IMEI"),
    "imsi": ("number", "号码"),
    "carrier": ("carrier", "归属运营商"),
    "msisdn": ("number", "号码"),
    "name": ("name", "名称"),
    "technology": ("technology", "制式"),
    "serving": ("serving", "服务小区"),
    "plmn": ("network", "网络号"),
    "lac": ("LAC", "LAC"),
    "tac": ("TAC", "TAC"),
    "cell_id": ("CI", "CI"),
    "pci": ("PCI", "PCI"),
    "channel": ("channel", "频点"),
    "band": ("band", "频段"),
    "operator": ("operator", "运营商"),
    "service": ("service", "服务状态"),
    "rx_bytes": ("received", "接收"),
    "tx_bytes": ("sent", "发送"),
    "cid": ("context", "上下文"),
    "scope": ("counted over", "统计范围"),
    "index": ("no.", "序号"),
    "storage": ("in", "位置"),
    "status": ("status", "状态"),
    "sender": ("from", "发件人"),
    "recipient": ("to", "收件人"),
    "time": ("at", "时间"),
    "text": ("text", "内容"),
    "pdu": ("PDU", "PDU"),
    "dcs": ("coding", "编码"),
}
LEVELS: Mapping[int, tuple[str, str]] = {
    0: ("minimum: SIM and radio off", "最小功能：SIM 和射频关闭"),
    1: ("full", "全功能"),
    4: ("radio off (flight mode)", "射频关闭（飞行模式）"),
}
_AVAILABLE: Mapping[int, tuple[str, str]] = {1: ("available", "可用"), 2: ("current", "当前"), 3: ("forbidden", "禁用")}
_UNITS = {"dbm": "dBm", "db": "dB", "c": "°C", "mv": "mV", "bytes": "B", "minutes": "min"}


def word(words: Words, key: str | None, lang: Lang) -> str:
    """The word for `key`; the key itself where no catalogue has it."""
    pair = words.get(key or "")
    return (key or "") if pair is None else pair[1 if lang == "zh" else 0]


def explained(reading: Reading, lang: Lang) -> str:
    """One reading as "kind: what it means"."""
    writer = _WRITERS.get(type(reading), _plainly)
    return f"{word(KINDS, reading.kind, lang)}: {writer(reading, lang) or word(STATES, 'unknown', lang)}"


_FAILED: dict[Lang, str] = {"en": "failed", "zh": "失败"}
_LACKED: dict[Lang, str] = {"en": "not offered", "zh": "不支持"}


def refused(error: Refused, lang: Lang) -> str:
    """Why a command failed, and for network causes what they mean for the card; or that the modem lacks it."""
    meaning = causes.error_meaning(error.family, error.code, lang) or error.meaning or ""
    number = f"{(error.family or '').upper()} {error.code}" if error.code is not None else ""
    told = " ".join(part for part in (number, meaning) if part)
    title = _LACKED[lang] if is_not_offered(error.family, error.code) else _FAILED[lang]
    network = causes.cause_of_cme(error.code) if error.family == "cme" else None
    detail = f" [{cause_words(network, lang)}]" if network else ""
    return f"{title}: {told}{detail}" if told else title


def cause_words(cause: Cause, lang: Lang) -> str:
    """ "EMM #8: …"; the layer belongs to the number."""
    text = causes.cause_text(cause.layer, cause.number, lang) or cause.text or ""
    number = f"{(cause.layer or '').upper()} #{cause.number}" if cause.number is not None else ""
    return ": ".join(part for part in (number.strip(), text) if part) or word(STATES, "unknown", lang)


def _registration(reading: Registration, lang: Lang) -> str:
    parts = [f"{word(DOMAINS, reading.domain, lang)} {word(STATES, reading.status, lang)}"]
    if reading.sms_only:
        parts.append("SMS only" if lang == "en" else "仅短信")
    parts += [word(TECHNOLOGIES, reading.technology, lang)] if reading.technology else []
    parts += [f"{name} {value}" for name, value in (("TAC", reading.tac), ("LAC", reading.lac)) if value]
    parts += [f"CI {reading.cell_id}"] if reading.cell_id else []
    parts += [cause_words(reading.reject_cause, lang)] if reading.reject_cause else []
    return ", ".join(parts)


def _signal(reading: Signal, lang: Lang) -> str:
    figures = (
        ("RSRP", reading.rsrp_dbm, "dBm"),
        ("RSCP", reading.rscp_dbm, "dBm"),
        ("RSSI", reading.rssi_dbm, "dBm"),
        ("RSRQ", reading.rsrq_db, "dB"),
        ("SINR", reading.sinr_db, "dB"),
        ("Ec/Io", reading.ecio_db, "dB"),
    )
    shown = [f"{name} {value:g} {unit}" for name, value, unit in figures if value is not None]
    if not shown:
        return "not measured" if lang == "en" else "未测得"
    head = [word(TECHNOLOGIES, reading.technology, lang)] if reading.technology else []
    quality = [word(STATES, reading.quality, lang)] if reading.quality else []
    return ", ".join(head + quality + shown)


def _operator(reading: Operator, lang: Lang) -> str:
    named = " ".join(part for part in (reading.name, reading.plmn) if part)
    available = _AVAILABLE.get(reading.available) if reading.available is not None else None
    extra = [word(TECHNOLOGIES, reading.technology, lang)] if reading.technology else []
    extra += [available[1 if lang == "zh" else 0]] if available else []
    nobody = "none" if lang == "en" else "无"
    return ", ".join([named or nobody, *extra])


def _sim(reading: Sim, lang: Lang) -> str:
    shown = [word(STATES, reading.state, lang)] if reading.state != "unknown" else []
    tries = (("PIN", reading.pin_retries), ("PUK", reading.puk_retries))
    left = "tries left" if lang == "en" else "剩余次数"
    return ", ".join(shown + [f"{name} {left} {value}" for name, value in tries if value is not None])


def _slots(reading: SimSlots, lang: Lang) -> str:
    used, unused = ("in use", "not in use") if lang == "en" else ("使用中", "未使用")
    shown = []
    for slot in reading.slots:
        use = [] if slot.active is None else [used if slot.active else unused]
        state = [word(STATES, slot.state, lang)] if slot.state else []
        shown.append(" ".join([str(slot.slot), *use, *state, *filter(None, [slot.iccid])]))
    return "; ".join(shown)


def _active(reading: ContextActive, lang: Lang) -> str:
    state = ("active", "已激活") if reading.active else ("not active", "未激活")
    return f"{reading.cid} {state[1 if lang == 'zh' else 0]}"


def _attach(reading: Attach, lang: Lang) -> str:
    state = ("attached", "已附着") if reading.attached else ("not attached", "未附着")
    return state[1 if lang == "zh" else 0]


def _contexts(reading: Contexts, _lang: Lang) -> str:
    return "; ".join(
        " ".join(str(part) for part in (one.cid, one.type, one.apn, *one.addresses) if part) for one in reading.contexts
    )


def _params(reading: ContextParams, _lang: Lang) -> str:
    named = (("APN", reading.apn), ("gw", reading.gateway), ("MTU", reading.mtu))
    shown = [str(reading.cid), *reading.addresses, *(f"{name} {value}" for name, value in named if value)]
    return ", ".join(shown + ([f"DNS {' '.join(reading.dns)}"] if reading.dns else []))


def _clock(reading: Clock, lang: Lang) -> str:
    return reading.time or ("never set" if lang == "en" else "未校时")


def _level(reading: Functionality, lang: Lang) -> str:
    pair = LEVELS.get(reading.level)
    return f"{reading.level}" + (f" {pair[1 if lang == 'zh' else 0]}" if pair else "")


def _temperature(reading: Temperature, _lang: Lang) -> str:
    return "" if reading.temperature_c is None else f"{reading.temperature_c:g} °C"


def _voltage(reading: Voltage, _lang: Lang) -> str:
    return "" if reading.voltage_mv is None else f"{reading.voltage_mv} mV"


def _sms(reading: Sms, lang: Lang) -> str:
    """Who, when, which part, then what: the text if there is one, else what else is known."""
    other = reading.sender or (f"→ {reading.recipient}" if reading.recipient else None)
    part = f"{reading.part}/{reading.parts}" if reading.part and reading.parts else None
    place = " ".join(str(one) for one in (reading.storage, reading.index) if one is not None)
    time = reading.time.replace("T", " ") if reading.time else None
    head = ", ".join(one for one in (place, other, time, part, reading.delivery) if one)
    return f"{head}: {_said(reading, lang)}".removesuffix(": ")


def _said(reading: Sms, lang: Lang) -> str:
    if reading.text is not None:
        return reading.text
    if reading.data:
        return f"{'data' if lang == 'en' else '数据'} {reading.data}"
    return "; ".join(reading.problems)


def _ussd(reading: Ussd, lang: Lang) -> str:
    pair = _SESSIONS.get(reading.status) if reading.status is not None else None
    state = pair[1 if lang == "zh" else 0] if pair else ""
    return ": ".join(one for one in (state, reading.text) if one)


_SESSIONS: Mapping[int, tuple[str, str]] = {
    0: ("answer", "应答"),
    1: ("the network waits for a reply", "网络等待回复"),
    2: ("ended by the network", "网络已结束会话"),
    3: ("another client answered", "其他程序已应答"),
    4: ("not supported", "不支持"),
    5: ("the network timed out", "网络超时"),
}
"""27.007 §7.15 <m>."""


def _stores(reading: SmsStorage, _lang: Lang) -> str:
    return ", ".join(f"{store.name} {store.used}/{store.total}" for store in dict.fromkeys(reading.stores))


def _plainly(reading: Reading, lang: Lang) -> str:
    """Name and value of every known field, for kinds that need no sentence."""
    return ", ".join(
        f"{word(FIELDS, field.name, lang)} {_value(field.name, getattr(reading, field.name), lang)}"
        for field in fields(reading)
        if getattr(reading, field.name) not in (None, (), "")
    )


def _value(name: str, value: Any, lang: Lang) -> str:
    if name == "technology":
        return word(TECHNOLOGIES, str(value), lang)
    if name == "service":
        return word(STATES, str(value), lang)
    if isinstance(value, bool):
        return ("yes" if value else "no") if lang == "en" else ("是" if value else "否")
    unit = _UNITS.get(name.rpartition("_")[2])
    return f"{value} {unit}" if unit and "_" in name else str(value)


_WRITERS: Mapping[type[Reading], Callable[[Any, Lang], str]] = {
    Registration: _registration,
    Signal: _signal,
    Operator: _operator,
    Operators: lambda reading, lang: "; ".join(_operator(one, lang) for one in reading.operators),
    Sim: _sim,
    SimSlots: _slots,
    Iccid: lambda reading, _lang: " ".join(part for part in (reading.iccid, reading.issuer) if part),
    Attach: _attach,
    ContextActive: _active,
    Contexts: _contexts,
    ContextParams: _params,
    Address: lambda reading, _lang: " ".join((str(reading.cid), *reading.addresses)),
    Clock: _clock,
    Functionality: _level,
    Temperature: _temperature,
    Voltage: _voltage,
    Sms: _sms,
    SmsStorage: _stores,
    Ussd: _ussd,
    ErrorCause: lambda reading, lang: cause_words(reading.cause, lang),
    Capability: lambda reading, _lang: f"{reading.command} {' '.join(reading.values)}",
}
