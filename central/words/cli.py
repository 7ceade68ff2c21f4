"""`posagent-central` in Chinese: its help, and what it says. English sentence → Chinese; a text in {braces} stands for
whatever is said there. tests/central/test_cli_chinese.py finds one that is missing. Loaded for who reads Chinese only.
"""

import re
from collections.abc import Mapping

from central.words.refusals import refusal

HELP: Mapping[str, str] = {
    # argparse's own words
    "positional arguments": "参数",
    "options": "选项",
    "show this help message and exit": "显示本帮助",
    "show program's version number and exit": "显示版本号",
    "usage: ": "用法：",
    "exit codes:": "退出码：",
    "examples:": "示例：",
    # every command
    "The centre of a fleet of posagent terminals.": "posagent 终端的管理中心。",
    "default: /etc/posagent-central/config.toml": "配置文件，默认 /etc/posagent-central/config.toml",
    "a path, sqlite:///path or postgresql://…": "数据库：路径、sqlite:///路径 或 postgresql://…",
    "facts as JSON, for programs": "输出 JSON，供程序读取",
    "language (default: the locale's)": "语言（默认随系统）",
    # one line a command
    "take reports in, show the console": "接收上报，提供控制台",
    "register terminals: add, list, rotate, revoke": "登记终端：add、list、rotate、revoke",
    "make single-use codes with which terminals get their credential": "生成一次性注册码，终端凭它领取凭据",
    "people who sign in: add, list, role, password, disable, enable, totp-reset":
        "登录用户：add、list、role、password、disable、enable、totp-reset",
    "tokens for programs: add, list, revoke": "程序用的令牌：add、list、revoke",
    "bring in where terminals stand, from a sheet": "从表格导入终端位置资料",
    "write where terminals stand as a sheet": "把终端位置资料导出为表格",
    "ask something of terminals: send, list, withdraw": "向终端下达指令：send、list、withdraw",
    "what is to be renewed: list, export an order, who is paid for and still dead":
        "续费：待续费清单、导出订单、已付款仍不通的卡",
    "carriers' platforms: list, check, poll now, bring in a portal's sheet":
        "运营商平台：列表、检查、立即查询、导入平台表格",
    "bring the database up to date": "升级数据库",
    "thin out old history now": "立即精简旧历史",
    "check alert rules, send a test message, show what was sent": "检查告警规则、发送测试消息、查看发送记录",
    "copy the database while it is in use": "在线备份数据库",
    "bring a copy back": "从备份恢复",
    "a fleet of simulated terminals, for trying things out": "模拟一批终端，供试用",
    "check configuration, files and database, and say what is wrong": "检查配置、文件和数据库，指出问题",
    # what a command does
    "Take reports in from terminals and show the console, until SIGTERM.":
        "接收终端上报并提供控制台，直到收到 SIGTERM。",
    "Register terminals. A credential is shown once: the centre keeps only a digest of it.":
        "登记终端。凭据只显示一次：中心只保存它的摘要。",
    "Make codes with which terminals get their own credential, once each: `posagent enroll URL` asks for one.":
        "生成注册码，每个可用一次：终端上运行 `posagent enroll URL` 时输入，换取自己的凭据。",
    "People who sign in to the console. Passwords are asked for, or come from standard input or a file.":
        "登录控制台的用户。密码现场输入，或来自标准输入或文件。",
    "Tokens for programs that use the API. A token is shown once: the centre keeps only a digest of it.":
        "程序调用 API 用的令牌。令牌只显示一次：中心只保存它的摘要。",
    "Bring in where terminals stand, or the cards, from a sheet (CSV or XLSX): all its rows, or none when one has\n"
    "an error.":
        "从表格（CSV 或 XLSX）导入终端位置或卡片资料：全部导入；有一行出错则全不导入。",
    "Write where all terminals stand, with their cards, or all cards as a sheet; `import` takes it back.":
        "把全部终端的位置和卡，或全部卡片导出为表格；可用 `import` 再导入。",
    "Ask something of terminals. It goes along with the answer to their next report, until they acknowledge it.":
        "向终端下达指令。指令随下一次上报的应答送达，直到终端确认。",
    "The renewal desk from a terminal: what is due, what was paid and does not work, orders as sheets.":
        "命令行续费台：哪些到期、哪些已付款仍不通、把订单导出为表格。",
    "Carriers' platforms: who is asked about which cards, and how it goes (docs/platforms.md).":
        "运营商平台：向谁查询哪些卡，情况如何（docs/platforms.md）。",
    "Bring the database up to date. `serve` does the same when it starts; going back is not possible.":
        "升级数据库。`serve` 启动时也会自动升级；升级后不能退回。",
    "Thin out old history now, as section [history] says. `serve` does the same once an hour.":
        "按 [history] 的设置立即精简旧历史。`serve` 每小时自动做一次。",
    "Alerts: check the rules and channels, send a test message, show what was sent.":
        "告警：检查规则和渠道、发送测试消息、查看发送记录。",
    "Copy the database into FILE while it is in use. The copy is checked before it gets its name (mode 0600).":
        "把使用中的数据库备份到 FILE。备份校验通过后才落到该文件名（权限 0600）。",
    "Bring a copy made by `backup` back. Stop the centre first.": "恢复 `backup` 生成的备份。请先停止中心。",
    "A fleet of simulated terminals that report to a centre, in the real wire code: most are well, some cards\n"
    "expire, run out or are lost, some signals fade. Registers the terminals sim-00001 … in the database first. For"
    " trying\nthings out: not for the database of a real fleet.":
        "模拟一批终端，用真实的报文代码向中心上报：多数正常，有的卡到期、流量用完或丢失，有的信号变弱。先在数据库中登记终端"
        " sim-00001 …。仅供试用，勿用于正式数据库。",
    "Check the configuration, the files it names and the database; nothing is changed.":
        "检查配置、配置里的文件和数据库；不做任何修改。",
    "A new token, shown this once.": "新令牌，只显示这一次。",
    # exit codes
    "stopped in order": "正常停止",
    "it could not start, or failed": "无法启动，或运行失败",
    "wrong usage": "用法错误",
    "configuration not valid": "配置无效",
    "done": "完成",
    "not done": "未完成",
    "not done: taken, unknown, or no database": "未完成：已存在、不存在，或数据库不可用",
    "not done: no database": "未完成：数据库不可用",
    "not done: unknown, or no database": "未完成：不存在，或数据库不可用",
    "not done: an error in the sheet, or no database": "未完成：表格有错，或数据库不可用",
    "not done: no database, or the file cannot be written": "未完成：数据库不可用，或文件无法写入",
    "not done: not known, no such directive": "未完成：终端或指令不存在",
    "not done: no such batch, no database, or the file cannot be written":
        "未完成：没有这个批次、数据库不可用，或文件无法写入",
    "not done: a platform refused, an error in the sheet, or no database":
        "未完成：平台拒绝、表格有错，或数据库不可用",
    "up to date": "已是最新",
    "not sent, or not valid": "未发送，或规则无效",
    "copied": "已备份",
    "not copied": "未备份",
    "restored": "已恢复",
    "not restored; nothing was changed": "未恢复，没有任何改动",
    "the time is over": "时间到",
    "reports were refused, or the database is not new": "上报被拒绝，或数据库不是新的",
    "all is well": "一切正常",
    "something is not": "有问题",
    # settings
    "settings, section [{section}]": "设置，[{section}] 一节",
    "HOST:PORT; one that is not loopback needs users or operator_token_file":
        "主机:端口；不是本机回环地址时须有用户或 operator_token_file",
    "certificate chain, PEM; with tls_key: serve HTTPS": "证书链（PEM）；与 tls_key 一起即提供 HTTPS",
    "private key, PEM": "私钥（PEM）",
    "file with the operators' token, 16 characters or more": "操作员令牌文件，至少 16 个字符",
    "32 bytes or more that all processes of one centre share; drawn at start without it":
        "同一中心各进程共用，至少 32 字节；不设则启动时生成",
    "an idle connection is kept this long": "空闲连接保留的秒数",
    "beyond these, requests get 503": "超过此连接数，请求得到 503",
    "requests a terminal may send; 0 = no limit": "每台终端每分钟可发的请求数；0 = 不限",
    "requests a terminal may send at once": "每台终端可连续发的请求数",
    "a terminal is late this long after its report was due …": "上报到期后过这么多秒，终端算迟到……",
    "… or this share of its interval, if longer": "……或其上报间隔的这个比例，取较长者",
    "silent: late for so many intervals": "迟到这么多个间隔即为失联",
    "of shops' hours, days of expiry and quiet hours": "营业时间、到期日和免打扰时段的时区",
    "for a terminal that announced none yet": "终端还没报过间隔时按此计算（秒）",
    "every report is kept so long": "每条上报保留的天数",
    "then one row an hour, until so old": "此后每小时一行，直到这么多天",
    "then one row a day; changes of state are kept as long": "再后每天一行；状态变化也保留这么多天",
    "channels and rules of alerts, TOML; empty = no alerts": "告警渠道和规则文件（TOML）；空 = 不告警",
    "cards that end within so many days are due": "这么多天内到期的卡列入待续费",
    "working days until a carrier has booked an order": "运营商入账所需的工作日",
    "seconds between looks at what was paid for": "每隔多少秒核对已付款的卡",
    "seconds until the worklist knows what terminals told": "续费清单每隔多少秒采纳终端上报",
    "order sheets of your own, TOML; empty = the shipped ones": "自定义订单表格（TOML）；空 = 用自带的",
    "mqtts://user@host[:port] of a broker to take reports from": "从哪个 MQTT 代理接收上报，mqtts://用户@主机[:端口]",
    "file with our password at the broker": "在该代理上的密码文件",
    "the authority to trust; empty = the system's": "信任的证书颁发机构；空 = 系统自带",
    "centres of one group share what comes in": "同组的中心分担收到的上报",
    "HOST:PORT for CoAP with OSCORE over UDP; empty = none": "CoAP+OSCORE（UDP）的 主机:端口；空 = 不启用",
    "signed out after so long without a look": "多少分钟不操作即退出登录",
    "signed out after so long in any case": "最长多少小时须重新登录",
    "roles that need a second step, with commas, for example admin,clerk; empty = none":
        "须两步验证的角色，逗号分隔，如 admin,clerk；空 = 无",
    "addresses of our own proxies, with commas; their X-Forwarded-For is believed":
        "自己的反向代理地址，逗号分隔；采信其 X-Forwarded-For",
    "where browsers reach the console, https://centre.example": "浏览器访问控制台的地址，如 https://centre.example",
    "a provider to sign in by (OpenID Connect); empty = none": "统一登录提供方（OpenID Connect）；空 = 无",
    "what people call it": "人们对它的称呼",
    "what the provider calls us": "本中心在提供方的 client id",
    "file with our secret at the provider": "本中心在提供方的密钥文件",
    "which claim is the user's name here, the first time": "首次登录时用哪个声明作为这里的用户名",
    "how much is logged": "日志级别",
    "text for people; json: an object a line, values by name": "text 供人阅读；json 每行一个对象，值带名称",
    # flags
    "register a terminal and make its credential": "登记终端并生成凭据",
    "make a new credential; the old one is refused within two seconds": "生成新凭据；旧凭据两秒内失效",
    "refuse its credential, within two seconds; its history stays": "吊销凭据，两秒内生效；历史保留",
    "all terminals with their status": "全部终端及状态",
    "1 to 64 letters, digits, '.', '_' or '-'": "1 至 64 个字母、数字、“.”“_”或“-”",
    "write it here (0600) instead of showing it": "写入此文件（0600），不显示",
    "for this one, new or known; a known one gets a new secret": "给这台终端，新的或已有的；已有的会换新密钥",
    "each for a new terminal: with the id it asks for, or a drawn one": "每个给一台新终端：用它要的编号，或自动编号",
    "codes that have not expired: whose, until when, used by whom": "未过期的注册码：给谁、到何时、被谁用过",
    "the codes for this terminal are good no more": "作废这台终端的注册码",
    "what people call the terminal": "终端的名称",
    "30m, 12h, 7d (the default), at most 90d": "有效期：30m、12h、7d（默认），最长 90d",
    "so many, with --new (at most {most})": "与 --new 一起：生成多少个（最多 {most}）",
    "somebody new, with a password": "新用户，设密码",
    "another role, or another sight": "改角色或可见范围",
    "a new password; he is signed out everywhere": "改密码；其所有登录随即退出",
    "refuse him, at once; his name stays in the trail": "立即停用；操作记录保留",
    "let him in again": "重新启用",
    "take his second step away: he lost his authenticator": "取消其两步验证：验证器丢失时用",
    "who may come in, as what, and sees what": "谁可以登录、什么角色、能看什么",
    "what is seen: everything, or the terminals of these (each as often as needed)":
        "可见范围：全部，或以下终端（可多次给出）",
    "1 to 64 letters, digits, '.', '_', '@', '+' or '-'": "1 至 64 个字母、数字、“.”“_”“@”“+”或“-”",
    "what he may do (default: viewer)": "角色（默认 viewer）",
    "without a password: he signs in by oidc_issuer": "不设密码：由 oidc_issuer 统一登录",
    "take it from this file's first line; - and no terminal: from standard input; else it is asked for twice":
        "取文件第一行；- 且无终端：取自标准输入；否则要求输入两次",
    "those of this merchant": "此商户的终端",
    "those in this region": "此地区的终端",
    "those with this tag": "带此标签的终端",
    "viewer, technician, clerk, admin": "viewer（查看）、technician（技术员）、clerk（文员）、admin（管理员）",
    "a new one": "新建",
    "all of them, without what would let one in": "全部列出，不含可用于登录的内容",
    "refuse it, within five seconds": "吊销，五秒内生效",
    "what it may; several are allowed": "权限；可多次给出",
    "good for so long (default: until it is revoked)": "有效天数（默认：直到吊销）",
    "as the list shows it": "列表中的编号",
    "a sheet as `export` writes it; - for standard input": "`export` 格式的表格；- 表示标准输入",
    "cards instead of terminals": "卡片资料，而不是终端",
    "only look, change nothing": "只检查，不修改",
    "ends in .csv or .xlsx; - for CSV on standard output": "以 .csv 或 .xlsx 结尾；- 表示以 CSV 写到标准输出",
    "ask for something": "下达指令",
    "what was asked, newest first, and what became of it": "下达过的指令及结果，新的在前",
    "the bundle that send-bundle brought, as a file": "把 send-bundle 取回的诊断包存成文件",
    "ask no more": "撤回指令",
    "the terminal": "终端编号",
    "one of {kinds}": "以下之一：{kinds}",
    "its JSON body, - = standard input (docs/directives.md)": "指令的 JSON 内容，- = 标准输入（docs/directives.md）",
    "30m, 12h, 7d (the default), at most 30d": "有效期：30m、12h、7d（默认），最长 30d",
    "its id": "指令编号",
    "a new file, .tar.gz": "新文件，.tar.gz",
    "who ends, or is to be ordered, the most urgent first": "谁将到期或须下单，最急的在前",
    "paid a day ago or more, and still not working": "付款一天以上仍不通的",
    "a batch as the carrier's portal reads it": "按运营商平台的格式导出一个批次",
    "within so many days; default: worklist_days": "多少天之内；默认 worklist_days",
    "its id, as the console and the API show it": "批次编号，见控制台或 API",
    "accounts, their cards, what went wrong last": "账户、名下的卡、最近的错误",
    "ask about one card and show what the platform says; nothing is kept": "查询一张卡并显示平台的回答；不保存",
    "ask about the cards whose turn it is, once, within the account's limits":
        "在账户限额内，把轮到的卡查询一遍",
    "what a carrier's portal exports: CSV or XLSX": "运营商平台导出的表格：CSV 或 XLSX",
    "as [platforms.ACCOUNT] has it": "即 [platforms.账户] 的名称",
    "default: one of the account's cards": "默认：该账户的任一张卡",
    "as the cards have it": "与卡片资料中的一致",
    "a sheet with a column iccid; - for standard input": "含 iccid 列的表格；- 表示标准输入",
    "read alerts_file and say what is wrong with it": "读取 alerts_file 并指出错误",
    "send a test message to a channel": "向一个渠道发送测试消息",
    "the newest deliveries, with their errors": "最近的发送记录及错误",
    "put the database that is there aside": "把现有数据库移到旁边",
    "1 to 100000": "1 至 100000",
    "of the centre (default %(default)s)": "中心的地址（默认 %(default)s）",
    "between reports": "上报间隔（秒）",
    "how long": "持续多少秒",
    "instead: 48 terminals with two weeks behind them, told to a new database that nobody serves yet":
        "改为：48 台已运行两周的终端，写入一个尚未启用的新数据库",
    "instead: so many hours that end now, on a fast clock, told to a new database that nobody serves yet":
        "改为：用快进的时钟演完到现在为止的这么多小时，写入一个尚未启用的新数据库",
    "another seed, another story": "换个种子，换个故事",
    "halfway through, nobody of this carrier gets through": "过半之后，这家运营商全部不通",
    "likewise: carrier:46000, apn:cmmtm, cell:5A1B-00C7, agent_version:0.0.9 (as often as needed)":
        "同上：carrier:46000、apn:cmmtm、cell:5A1B-00C7、agent_version:0.0.9（可多次给出）",
    "{names} …": "{names} 等",
}  # fmt: skip

SAID: Mapping[str, str] = {
    # argparse's complaints
    "the following arguments are required: {names}": "缺少参数：{names}",
    "unrecognized arguments: {words}": "不认识的参数：{words}",
    "argument {name}: invalid choice: {found} (choose from {names})": "参数 {name}：没有 {found}，可选 {names}",
    "argument {name}: invalid {kind} value: {found}": "参数 {name}：{found} 不是有效的值",
    "argument {name}: expected one argument": "参数 {name}：须给一个值",
    "argument {name}: not allowed with argument {other}": "参数 {name} 不能与 {other} 同时使用",
    "one of the arguments {names} is required": "须给出以下参数之一：{names}",
    # errors
    "not a terminal id: {found}; {why}": "终端编号不对：{found}；{why}",
    "not a terminal id: {found}": "终端编号不对：{found}",
    "no layout {name}; there is {names}": "没有 {name} 格式，现有 {names}",
    "no such batch, or nothing in it": "没有这个批次，或批次是空的",
    "no such directive waits": "没有等待中的这条指令",
    "{name}: not JSON: {why}": "{name}：不是 JSON：{why}",
    "--count: 1 to {most}, and more than 1 only with --new": "--count：1 至 {most}，大于 1 只能与 --new 一起",
    "--expires: 1m to 90d, found {found}": "--expires：1m 至 90d，实为 {found}",
    "{file}: the name ends in .csv or .xlsx": "{file}：文件名须以 .csv 或 .xlsx 结尾",
    "--terminals 1 to 100000, --interval 1 or more, --for 0 or more":
        "--terminals 1 至 100000，--interval 至少 1，--for 至少 0",
    "--url {found}: http:// or https:// and a host": "--url {found}：须为 http:// 或 https:// 加主机",
    "--fast 1 to 8784 hours": "--fast：1 至 8784 小时",
    "no section [platforms.{name}] that can be asked": "没有可查询的 [platforms.{name}] 一节",
    "{file}: the password cannot be read: {why}": "{file}：无法读取密码：{why}",
    "the two passwords are not the same": "两次输入的密码不一致",
    "no alerts_file is set in section [alerts]": "[alerts] 一节没有设置 alerts_file",
    "{file}: No such file or directory": "{file}：没有这个文件或目录",
    "{file}: Permission denied": "{file}：没有权限",
    "{file}: File exists": "{file}：文件已存在",
    "{file} exists: --replace puts it aside and takes the copy": "{file} 已存在：加 --replace 会先把它移到旁边再恢复",
    "{database} is not empty: a copy goes into a new database (createdb)":
        "{database} 不是空的：请恢复到新建的数据库（createdb）",
    "{place}: {name}: unknown, perhaps {near}; known here: {names}":
        "{place}：{name}：没有这项设置，是否 {near}？可用：{names}",
    "{place}: {name}: unknown; known here: {names}": "{place}：{name}：没有这项设置；可用：{names}",
    "row {row}: {why}": "第 {row} 行：{why}",
    # what was done
    "{terminal} is revoked": "{terminal} 已吊销",
    "credential of {terminal} written to {file}": "{terminal} 的凭据已写入 {file}",
    "ready": "就绪",
    "not ready": "未就绪",
    "note: database {file} will be made": "提示：将新建数据库 {file}",
    "{count} cards in {file}": "{file}：{count} 张卡",
    "{count} terminals in {file}": "{file}：{count} 台终端",
    "{count} bytes written to {file}": "已写入 {file}，{count} 字节",
    "{count} withdrawn": "已作废 {count} 个",
    "{file}: {count} bytes": "{file}：{count} 字节",
    "sent {sent}, refused {refused}, kept silent {silent}": "已发送 {sent}，被拒绝 {refused}，未发声 {silent}",
    "{hours} hours: sent {sent}, kept silent {silent}, incidents {count}":
        "{hours} 小时：已发送 {sent}，未发声 {silent}，群体故障 {count} 起",
    "{count} terminals with two weeks behind them": "{count} 台已运行两周的终端",
    "{new} new, {changed} changed, {same} as they were: done": "新增 {new}，修改 {changed}，未变 {same}：完成",
    "{new} new, {changed} changed, {same} as they were: nothing was changed":
        "新增 {new}，修改 {changed}，未变 {same}：没有写入",
    "{database} restored; what was there is {kept}": "{database} 已恢复；原有的在 {kept}",
    "{database} restored": "{database} 已恢复",
    "{count} cards asked about; then: {why}": "已查询 {count} 张卡；随后：{why}",
    "{count} cards asked about": "已查询 {count} 张卡",
    "{database}: up to date": "{database}：已是最新",
    "{channel}: sent": "{channel}：已发送",
    "{channel}: not sent: {why}": "{channel}：未发送：{why}",
    "reports summed up: {reports}, hours: {hours}; dropped: days {days}, changes {changes}":
        "汇总上报 {reports} 条、小时 {hours} 个；删除天 {days} 个、状态变化 {changes} 条",
}  # fmt: skip
_DEFAULT = re.compile(r"(.*) \(default ([^()]*)\)", re.DOTALL)
_PLACE = re.compile(r"\\{(\w+)\\}")


def _patterns(words: Mapping[str, str]) -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple(
        (re.compile(_PLACE.sub(r"(?P<\1>.{1,1000}?)", re.escape(english)), re.DOTALL), chinese)
        for english, chinese in words.items()
        if "{" in english
    )


_HELP, _SAID = _patterns(HELP), _patterns(SAID)


def help_said(english: str) -> str:
    """A sentence of the help in Chinese; one that nobody translated stays as it is."""
    if english in HELP:
        return HELP[english]
    if (found := _DEFAULT.fullmatch(english)) and found[1] in HELP:
        return f"{HELP[found[1]]}（默认 {found[2]}）"
    return _by(_HELP, english) or english


def said(english: str) -> str:
    """What a command says, in Chinese; a refusal of the centre's as the console has it."""
    if english in SAID:
        return SAID[english]
    return _by(_SAID, english) or refusal(english, "zh")


def _by(patterns: tuple[tuple[re.Pattern[str], str], ...], english: str) -> str | None:
    for pattern, chinese in patterns:
        if found := pattern.fullmatch(english):
            values = found.groupdict()
            if "why" in values:
                values["why"] = said(help_said(values["why"]))
            return chinese.format_map(values)
    return None
