"""Raw AT commands that can put a terminal out of service: refused unless a person insists.

A question (`AT+X?`, `AT+X=?`) is harmless but for the operator scan. What sets something is refused when it can end the
data session, lose a setting for good, cost money, lock the card, change the modem's identity or take its port away.
The list is a fence, not a wall: it does not know every vendor's every command, and says so in the help.
"""

import re

from modem.frozen import dataclass

MAX_COMMAND = 1024


@dataclass(frozen=True, slots=True)
class Denied:
    pattern: re.Pattern[str]
    """Matches from the start of one command: without AT, without spaces, letters outside quotes in upper case."""
    why_en: str
    why_zh: str


def _row(pattern: str, why_en: str, why_zh: str) -> Denied:
    return Denied(re.compile(pattern), why_en, why_zh)


DENIED: tuple[Denied, ...] = (
    _row(r"&F|Z|&W", "replaces the modem's stored settings", "会覆盖模块保存的设置"),
    _row(r"Q1|V0", "the modem would stop answering in words", "模块将不再以文字应答"),
    _row(r"D|A$|O\d?$|\+CGDATA=", "takes the port into a call or into data mode", "串口会进入通话或数据模式"),
    _row(
        r"\+CMUX=|\+IPR=(?!\?)|\+ICF=(?!\?)|&K",
        "changes how the port speaks: we would lose it",
        "改变串口参数会失去连接",
    ),
    _row(r"\+CFUN=(?!\?|1$|1,0$)", "switches the radio off or restarts the modem", "会关闭射频或重启模块"),
    _row(
        r"\+(QPOWD|CPOWD|CPWROFF|CPOF|CRESET|QRST|QRESET|TRB|SHUTDOWN|REBOOT|ZRST|RESET|MRST)|\^(RESET|SMSO|POWEROFF|REBOOT)|"
        r"\*(RESET|PWROFF)|\$(RESET|REBOOT|ZSHUTDOWN)",
        "restarts the modem or powers it off",
        "会重启或关闭模块",
    ),
    _row(
        r"\+(QPRTPARA|CRSTDEF|FACTORY|NVRESTORE|UFACTORY|CFACTORY|QCFGEX?RESTORE|RSTSET)|\^(RSTRIGGER|FACTORY|NVRSTR)",
        "restores factory settings",
        "会恢复出厂设置",
    ),
    _row(r"\+COPS=(?!3(,|$))", "leaves the network, or scans for minutes without data", "会离网或长时间搜网，数据中断"),
    _row(r"\+CG(ATT|ACT)=(?!\?|1)", "ends the data session", "会中断数据连接"),
    _row(
        r"\+CGDCONT=(?!\?)|\+CGAUTH=(?!\?)|\+QICSGP=\d+,", "changes the APN or its credentials", "会修改 APN 或其账号"
    ),
    _row(r"\+CPIN2?=(?!\?)", "a wrong PIN or PUK locks the card for ever", "PIN/PUK 输错会永久锁卡"),
    _row(r"\+(CLCK|CPWD|QPINC?)=(?!\?)", "changes locks and passwords of card or modem", "会修改锁定状态或密码"),
    _row(
        r"\+(CRSM|CSIM|CGLA|CCHO|CRLA)=(?!\?|176,|178,|192,)",
        "can write to the card",
        "可能写入 SIM 卡",
    ),
    _row(
        r"\+CMGD=(?!\?)|\+QMGDA|\+CMGDA",
        "deletes messages, with the carrier's news of the plan",
        "会删除短信（含运营商通知）",
    ),
    _row(r"\+(CMGS|CMSS|CMGC|QCMGS)=(?!\?)|\+CMGC", "sends a message: it costs money", "会发送短信并产生费用"),
    _row(r"\+CUSD=1,", "can order services: use posagent ussd", "可能订购业务，请用 posagent ussd"),
    _row(
        r"[+*^$](EGMR|SIMEI|WIMEI|IMEI|PHYNUM|LCTSN|ESN|MODIMEI|SERIALNUM)=(?!\?|0,)|\+C?GSN=(?!\?|\d$)",
        "changes the modem's identity (IMEI)",
        "会修改模块串号（IMEI）",
    ),
    _row(
        r"[+*^$]\w*(FOTA|DLOAD|DOWNLOAD|FASTBOOT|FWUP|FWDL|UPGRADE|FLASH|BOOTLDR|FDL)",
        "loads firmware or leaves normal operation for it",
        "会刷写固件或进入下载模式",
    ),
    _row(
        r"[+*^$]\w*NV\w*(W|WR|WRITE|FW|SET|IMPORT|BURN)\w*=(?!\?)",
        "writes the modem's calibration memory",
        "会写入 NV 存储",
    ),
    _row(
        r'\+QCFG="[^"]*",|\+QNWPREFCFG="[^"]*",|\+QNWCFG="[^"]*",|\+QNWLOCK=|\+QCELLLOCK|\+QBAND|'
        r"\+(CNMP|CMNB|CNBP|CBANDCFG|CNAOP|CNSMOD|GTACT|GTRAT|GTCELLLOCK|XACT|URAT|UBANDMASK|UBANDSEL|WS46|KSRAT|BND|KBND|CELLLOCK)=(?!\?)|"
        r"\^(SYSCFG|SYSCFGEX|LOCKFREQ|LTEFREQLOCK|FREQLOCK|SXRAT|CELLLOCK|SCELL|PREFMODE|SYSCONFIG)=(?!\?)|\+ZSNT=(?!\?)",
        "locks bands, cells or network modes",
        "会锁定频段、小区或网络制式",
    ),
    _row(
        r"\^(SETPORT|U2DIAG|MODESWITCH|NDISDUP|SETMODE)=(?!\?)|\+(CUSBPIDSWITCH|GTUSBMODE|USBSWITCH|QUSBCFG|DIALMODE|ECMDUP|QNETDEVCTL|ZECMCALL|GTRNDIS|GTUSBCFG)=(?!\?)|"
        r"\$(QCRMCALL|MYCONFIG)=(?!\?)|\+QNETDEVCTL",
        "changes the modem's ports or its network interface",
        "会改变 USB 端口或网卡模式",
    ),
)


def denied(command: str) -> Denied | None:
    """Why this command (a whole line, several joined by ";" perhaps) is refused; None when it may be sent."""
    return next((row for part in parts(command) for row in DENIED if row.pattern.match(part)), None)


def parts(command: str) -> list[str]:
    """The commands of a line as the patterns see them: 'at+cgdcont=1;+csq' → '+CGDCONT=1', '+CSQ'."""
    bare = _folded(command)
    bare = bare[2:] if bare.startswith("AT") else bare
    return [part for part in _split(bare) if part]


def well_formed(command: str) -> bool:
    """One line, begins with AT, printable ASCII or text in quotes, bounded."""
    return len(command) <= MAX_COMMAND and command[:2].upper() == "AT" and all(char.isprintable() for char in command)


def _folded(command: str) -> str:
    """Spaces dropped and letters in upper case, except within quotes."""
    pieces = command.strip().split('"')
    return '"'.join(piece if odd % 2 else "".join(piece.split()).upper() for odd, piece in enumerate(pieces))


def _split(bare: str) -> list[str]:
    """At ";" and before each further extended command of basic ones (ATE0+CMEE=1, ATE0&F), outside quotes."""
    pieces = re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', bare)
    return [small for piece in pieces for small in _basic(piece)]


def _basic(piece: str) -> list[str]:
    """ATE0Q0V1&F runs four basic commands in one line (V.250, 5.2.1)."""
    found: list[str] = []
    rest = piece
    while rest and (match := re.match(r"(?:&?[A-CE-Z]\d*+(?:=\d++)?\??+)(?=.)", rest)) and rest[0] not in "+*^$":
        found.append(match[0])
        rest = rest[match.end() :]
    return [*found, rest]
