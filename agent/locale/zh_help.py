"""Chinese words of `posagent COMMAND --help`: English sentence → Chinese. tests/agent/cli/test_frame.py finds one that
is missing. Loaded only for a help that is shown in Chinese.
"""

from collections.abc import Mapping

HELP: Mapping[str, str] = {
    # argparse's own words
    "positional arguments": "参数",
    "options": "选项",
    "explain": "explain 的参数",
    "actions": "动作",
    "usage: ": "用法：",
    "exit codes:": "退出码：",
    "examples:": "示例：",
    "show this help message and exit": "显示本帮助",
    "show program's version number and exit": "显示版本号",
    # every command
    "settings (default: $POSAGENT_CONFIG, else /etc)": "配置文件（默认 $POSAGENT_CONFIG，否则在 /etc）",
    "language (default: the locale's)": "语言（默认随系统）",
    "for programs": "输出 JSON，供程序读取",
    "settings": "配置文件",
    "language": "语言",
    # what a command does
    "say what is wrong with this terminal, why, and what to try first": "检查终端：哪里有问题、依据是什么、先做什么",
    "what the running daemon knows now, and how old it is": "守护进程当前掌握的情况，以及是多久以前的",
    "data used in this billing cycle, by source, and what the agent itself caused": (
        "本计费周期的流量（按来源），以及本程序自身的用量"
    ),
    "expiry, balance and quota of the data card, and where each fact came from": (
        "流量卡的有效期、余额和套餐量，以及各自的来源"
    ),
    "candidate AT ports: device, USB ids, interface, purpose, who holds it; with --probe, does it answer": (
        "可用的 AT 串口：设备、USB 编号、接口、用途、占用者；加 --probe 看是否应答"
    ),
    "send raw AT commands through the daemon's channel, or directly when there is none": (
        "发送 AT 指令：有守护进程时经它发送，否则直接发送"
    ),
    "list, read, send and delete text messages; sending costs what the card's tariff says": (
        "查看、阅读、发送和删除短信；发送按资费收费"
    ),
    "send a USSD code and show the network's answer; some codes order services": (
        "发送 USSD 代码并显示网络答复；有些代码会订购业务"
    ),
    "explain an AT dialogue": "解释一段 AT 对话",
    "capture a real AT dialogue, redacted, for posagent simulate and for support": (
        "录制真实的 AT 对话（已脱敏），供 posagent simulate 回放和技术支持"
    ),
    "play a virtual modem: a capture of a real one, or a scenario": "虚拟模块：回放真实模块的录制，或演一个场景",
    "what waits to be sent": "等待上报的记录",
    "the payment application's lease: nothing is sent to modem or network while it is held": (
        "支付应用的占用：占用期间不向模块和网络发送任何内容"
    ),
    "get this terminal's own credential from the centre, with a code that is good once": (
        "用一次性注册码从中心领取本终端的凭据"
    ),
    "check, show or begin a configuration": "检查、显示或生成配置",
    "the daemon: watch, judge, report; in the foreground, until SIGTERM": (
        "守护进程：监测、判断、上报；前台运行，收到 SIGTERM 退出"
    ),
    "everything on this machine: virtual modem, agent, centre, console, as a story that runs by itself": (
        "全部在本机：虚拟模块、终端程序、中心、控制台，自动演完一个故事"
    ),
    # diag, status
    "look at this AT port ourselves, whatever a daemon does": "直接检查这个 AT 串口，不管有没有守护进程",
    "only what is cheap: a few questions, no probes": "只做最省的检查：问几条指令，不探测网络",
    "send nothing: no look-ups, no connections": "不发任何数据：不查域名，不建连接",
    "show only the last four digits of card and modem": "卡号和模块号只显示末四位",
    "look again until all is well: on Enter, or --every": "反复检查直到正常：按回车再查，或用 --every",
    "with --watch: look again so often": "配合 --watch：每隔多少秒再查",
    "with --watch: no longer (600)": "配合 --watch：最多多少秒（默认 600）",
    "write all findings, redacted, to a new .tar.gz": "把全部结果（已脱敏）写入新的 .tar.gz",
    "with --bundle: replace FILE if it exists": "配合 --bundle：文件已存在时覆盖",
    "show the result as a QR code for a phone (blocks need a UTF-8 terminal)": (
        "用二维码显示结果，供手机扫描（blocks 需要 UTF-8 终端）"
    ),
    "let the daemon look first (its user or root)": "让守护进程先查一次（须为其用户或 root）",
    # usage, plan
    "show the plan (the default)": "显示套餐（默认）",
    "say by hand what is known of the plan": "手工登记已知的套餐资料",
    "drop what was said about one fact": "删除某一项资料",
    "the card that is in, and the modem it is in, are right": "确认当前的卡和模块没有插错",
    "prove a renewal: carrier asked, data seen to flow; asked again, shows how it stands": (
        "验证续费：询问运营商并确认能上网；再次运行则显示进展"
    ),
    "read one carrier message": "解读一条运营商消息",
    "expires_on, balance, quota_mb, used_mb, remaining_mb, suspended": (
        "expires_on 到期日、balance 余额、quota_mb 总量、used_mb 已用、remaining_mb 剩余、suspended 停机"
    ),
    "expires_on, balance, quota_bytes, …": "expires_on、balance、quota_bytes 等",
    "another card than the one that is in: it is to come": "将要换上的另一张卡",
    "the new end that was bought": "续费后的新到期日",
    "the radio may be switched off and on for it": "允许为此关闭再打开射频",
    "begin anew, though one is pending or proved today": "重新开始，即使今天已在验证或已验证",
    "the message (else standard input)": "消息内容（不给则读标准输入）",
    "whose message it is: 'China Mobile', 中国联通, 'MTN NG' …": "哪家运营商：'China Mobile'、中国联通、'MTN NG' 等",
    "number or name it came from; a private number's text is not read": "发送号码或名称；私人号码的内容不解读",
    "how it came: a USSD answer is the network's own": "来源：USSD 答复出自网络本身",
    "YYYY-MM-DD, the day it came: for dates without a year, 'in 3 days'": (
        "收到日期 YYYY-MM-DD，用于没有年份的日期和“3 天后”"
    ),
    "ISO 3166, for currency and day/month order; else from the text": (
        "ISO 3166 国家代码，用于币种和日月顺序；不给则由内容判断"
    ),
    # ports, at, sms, ussd
    "open each port and send AT, which changes nothing": "打开每个串口发送 AT，不改变任何设置",
    "AT+CSQ, ATI …; one after the other": "AT+CSQ、ATI 等；依次发送",
    "send even what can put the terminal out of service": "可能使终端停用的指令也发送",
    "seconds for each (default 10)": "每条等待秒数（默认 10）",
    "without a daemon: this port instead of the configured one": "没有守护进程时：用这个串口，不用配置的",
    "list what is refused without --force": "列出不加 --force 就拒绝的指令",
    "read N, delete N, send NUMBER [TEXT] (else stdin)": (
        "read 序号、delete 序号、send 号码 [内容]（不给内容则读标准输入）"
    ),
    "only this message store": "只看这个短信存储",
    "delete: really": "delete：确认删除",
    "*100#, in quotes because of the shell": "*100# 等，须加引号",
    "answer to a menu; again for the next": "回复菜单；可重复，依次回复",
    "seconds for each answer (60)": "每次答复等待秒数（默认 60）",
    # decode, record, simulate
    "whose modem it is, if it does not say so": "模块的厂商，模块没有自报时用",
    "a paste, or a log of ModemManager, wvdial …; none: stdin": (
        "粘贴的对话，或 ModemManager、wvdial 等的日志；不给则读标准输入"
    ),
    "a new .toml file, readable by you only": "新的 .toml 文件，仅本人可读",
    "this port instead of the configured one": "用这个串口，不用配置的",
    "then listen, sending nothing": "之后只听不发多少秒",
    "send this too (not what posagent at would refuse)": "另外发送这条（posagent at 会拒绝的除外）",
    "replace FILE if it exists": "文件已存在时覆盖",
    "capture (.toml, .json), scenario (.toml) or name": "录制文件（.toml、.json）、场景文件（.toml）或名称",
    "the scenarios that come with posagent": "自带的场景",
    "keep a symbolic link on the device": "为设备保留一个符号链接",
    "end after so many seconds": "多少秒后结束",
    "how fast the script's time runs": "剧本时间的快慢",
    "unsolicited lines of a capture": "录制中的主动上报行",
    "show the dialogue on standard error": "在标准错误上显示对话",
    # outbox, hold, enroll, config, run, demo
    "flush: send now, through the daemon": "flush：经守护进程立即发送",
    "those the centre will never take, newest first": "中心永不接收的记录，新的在前",
    "list: at most so many (default 50)": "list：最多显示多少条（默认 50）",
    "export: write to this new file, one JSON a line": "export：写入这个新文件，每行一条 JSON",
    "an outbox.db in another place": "别处的 outbox.db",
    "how long at most, in seconds (60), and after -- a command to run meanwhile, with its arguments": (
        "最多占用多少秒（默认 60）；-- 之后是占用期间运行的命令及其参数"
    ),
    "https:// address of the centre": "中心的 https:// 地址",
    "the code (else asked for, or read from a pipe)": "注册码文件（不给则提示输入，或从管道读取）",
    "write here (else as uplink.credential_file)": "凭据写到这里（默认为 uplink.credential_file）",
    "trust these authorities (else as uplink.ca_file)": "信任这些证书机构（默认为 uplink.ca_file）",
    "init prints an example with every setting": "init 输出含全部设置的示例",
    "init: write to this new file instead of standard output": "init：写入这个新文件，不写标准输出",
    "look once, say what was found, send nothing, and exit": "只检查一次并说明结果，不上报，然后退出",
    "play the story to its end, say what the centre knows, exit": "演完故事，说明中心掌握的情况，然后退出",
    "of the story, where the machine keeps up (default 1.25)": "故事的速度，机器跟得上时（默认 1.25）",
    "keep everything in this directory (default: a temporary one)": "全部文件放在这个目录（默认为临时目录）",
}
EXITS: Mapping[str, str] = {
    "nothing wrong": "没有问题",
    "nothing wrong (information only)": "没有问题（最多有提示）",
    "the bundle cannot be written": "诊断包写不了",
    "wrong usage": "用法错误",
    "problems found": "发现问题",
    "cannot tell: an essential reading is missing, the daemon cannot look now, or a payment holds the line": (
        "无法判断：缺少关键读数，守护进程现在不能检查，或支付正占用串口"
    ),
    "configuration not valid": "配置无效",
    "modem port absent, busy or not allowed": "串口不存在、被占用或无权限",
    "cannot tell: nothing is known yet, or an essential reading is missing": "无法判断：还没有结果，或缺少关键读数",
    "no daemon": "守护进程未运行",
    "told": "已显示",
    "cannot tell: nothing was counted yet": "无法判断：还没有计到流量",
    "nothing wrong with the plan; explain: read, whatever it says": "套餐没有问题；explain：已解读，不论内容",
    "wrong usage: not a date, not a fact, no text to explain": "用法错误：日期不对、没有这一项、没有要解读的内容",
    "expired, exhausted, suspended or about to expire; verify: failed": (
        "到期、用完、停机或即将到期；verify：验证失败"
    ),
    "cannot tell: nobody said anything about the plan yet; verify: still pending": (
        "无法判断：还没有套餐资料；verify：仍在等待"
    ),
    "no daemon, and the modem's port is absent, busy or not allowed (verify, accept)": (
        "没有守护进程，且串口不存在、被占用或无权限（verify、accept）"
    ),
    "there are some; with --probe: one answers, or is held by the daemon": (
        "有串口；加 --probe：有一个应答，或由守护进程占用"
    ),
    "with --probe: a payment holds the line (posagent hold)": "加 --probe：支付正占用串口（posagent hold）",
    "there is none, or none does": "没有串口，或都不应答",
    "every command was accepted": "每条指令都已接受",
    "the modem gave no answer in time": "模块没有按时应答",
    "wrong usage, or a command that can put the terminal out of service (see --denied, --force)": (
        "用法错误，或指令可能使终端停用（见 --denied、--force）"
    ),
    "the modem refused a command": "模块拒绝了一条指令",
    "a payment holds the line (posagent hold)": "支付正占用串口（posagent hold）",
    "done": "完成",
    "the modem gave no answer in time, or refused": "模块没有按时应答，或拒绝",
    "there is no such message, or it was not sent, or not all of it": "没有这条短信，或没有发出，或没有全部发出",
    "the network answered": "网络已答复",
    "the network does not know the code, or ended the session": "网络不认识这个代码，或结束了会话",
    "cannot tell: no answer in time, or it will come as a message (posagent sms list); or a payment holds the line": (
        "无法判断：没有按时答复，或将以短信答复（posagent sms list）；或支付正占用串口"
    ),
    "read (also when some lines could not be)": "已解读（有些行读不懂也算）",
    "wrong usage: no such file, vendor not known": "用法错误：没有这个文件，或不认识的厂商",
    "recorded, also when the modem was silent: then the file says so": "已录制；模块无应答时文件里会写明",
    "the file cannot be written": "文件写不了",
    "wrong usage, or the file exists already": "用法错误，或文件已存在",
    "modem port absent, busy or not allowed, or the daemon did not give the dialogue": (
        "串口不存在、被占用或无权限，或守护进程没有给出对话"
    ),
    "played to its end, or stopped": "已演完，或被停止",
    "the file cannot be used, or wrong usage": "文件不能用，或用法错误",
    "listed or exported; flush: nothing waits any more": "已列出或导出；flush：已全部发出",
    "the outbox cannot be read": "待发队列读不了",
    "flush: something still waits": "flush：还有未发出的",
    "flush: no daemon": "flush：守护进程未运行",
    "held as long as asked; with a command: whatever the command exits with": (
        "已按要求占用；带命令时：该命令的退出码"
    ),
    "the command cannot be run (as a shell has it: 126, 127); 128 + N when signal N ended it": (
        "命令运行不了（同 shell：126、127）；被信号 N 终止时为 128 + N"
    ),
    "the lease was refused, or ended early (without a command)": "占用被拒绝或提前结束（不带命令时）",
    "configuration not readable (without a command)": "配置读不了（不带命令时）",
    "the credential is written": "凭据已写入",
    "no credential: no way to the centre, or the file cannot be written": "没有凭据：连不上中心，或文件写不了",
    "wrong usage, or a code that is mistyped": "用法错误，或注册码输错",
    "the centre refused the code": "中心拒绝了注册码",
    "the settings can be used": "配置可用",
    "ended by a signal": "被信号结束",
    "unexpected failure": "意外错误",
    "the story was told to its end": "故事已演完",
    "a part did not start or died; its log is shown": "有一部分没有启动或中途退出；已显示其日志",
}
