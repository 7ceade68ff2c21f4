"""Every setting, once: its default, its words, what it may be. Plain frozen values and no validator.

`posagent config init` and config.example.toml are printed from here.
"""

from typing import ClassVar, Literal

from agent.setting import (
    AMOUNT,
    ANCHOR,
    APN,
    BIND,
    CURRENCY,
    DAYS,
    DIRECTORY,
    FILE,
    HOST_PORT,
    HTTPS_URL,
    ID,
    INTERFACE,
    ISO_DATE,
    PACKAGE,
    PINNED,
    PLAIN_URL,
    PORT,
    PROXY,
    QUERY,
    RUNG,
    URL,
    WORD,
    ZONE,
    setting,
)
from modem.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Terminal:
    words: ClassVar[str] = "Which terminal this is, and how it speaks to people."

    id: str = setting("", "the centre's name for this terminal; needed as soon as uplink.url is set", like=ID)
    name: str = setting("", "for people: shop and counter", max_length=64)
    language: Literal["zh", "en"] = setting("zh", "of sentences on the screen and of the journal")
    timezone: str = setting("Asia/Shanghai", "where the carrier's days begin: cards expire at its midnight", like=ZONE)


@dataclass(frozen=True, slots=True)
class ModemPart:
    words: ClassVar[str] = "The modem and its way to the network."

    port: str = setting(
        "auto", '"auto" looks for a port that answers; a name from /dev/serial/by-path never moves', like=PORT
    )
    baud: Literal[9600, 19200, 38400, 57600, 115200, 230400, 460800, 921600] = setting(
        115200, "bits per second; matters on real UARTs only, USB modems ignore it"
    )
    backend: Literal["at", "modemmanager"] = setting(
        "at", '"at": on a serial port of ours; "modemmanager": through the ModemManager that has it'
    )
    measure_signal_s: int = setting(
        0, 'with "modemmanager": have it measure the signal this often; 0 = leave that to others', ge=0, le=3600
    )
    inhibit_modemmanager: bool = setting(
        default=False, words='with "at": have ModemManager leave the device when it holds our port; the daemon only'
    )
    interface: str = setting(
        "auto", 'the interface that carries its data; "" when there is none to watch', like=INTERFACE
    )
    apn_expected: str = setting("", "the card's APN; another one in the modem is then part of the diagnosis", like=APN)
    command_timeout_s: float = setting(
        5.0, "seconds for an ordinary command; slow ones have their manual's time", ge=0.5, le=60
    )
    restore_settings: bool = setting(
        default=False, words="leave echo, error format and reporting modes as we found them; for a shared modem"
    )
    announce_messages: bool = setting(
        default=False, words="have the modem tell of each new message at once (AT+CNMI), and set that back on leaving"
    )
    pin_file: str = setting(
        "", 'the card\'s PIN in a file of mode 0600, entered at most once; "" = a person does that', like=FILE
    )


@dataclass(frozen=True, slots=True)
class SamplePart:
    words: ClassVar[str] = "How often we look. Looking is local and costs no data."

    light_s: int = setting(60, "signal, registration, counters: one short exchange", ge=1, le=3600)
    deep_s: int = setting(900, "everything else; also at once when something changes", ge=5, le=86400)


@dataclass(frozen=True, slots=True)
class PlanPart:
    words: ClassVar[str] = (
        "The data card's plan, as far as it is known beforehand. Newer facts from the centre or the carrier win."
    )

    expires_on: str = setting("", 'last day of the card, "2026-12-31"; "" = not known', like=ISO_DATE)
    quota_mb: int = setting(0, "MB in a cycle, as carriers count (2^20 bytes); 0 = not known", ge=0, le=10000000)
    balance: str = setting("", 'money on the card, "12.30"; "" = not known', like=AMOUNT)
    currency: str = setting("CNY", "ISO 4217", like=CURRENCY)
    balance_low: str = setting("5.00", "below this the card is nearly empty", like=AMOUNT)
    expiring_days: int = setting(15, "say so this many days before the card expires", ge=0, le=366)
    running_out_percent: int = setting(10, "say so when less than this is left", ge=0, le=100)
    cycle: Literal["calendar_month", "day_of_month", "every_days", "every_months"] = setting(
        "calendar_month", "when the quota starts anew"
    )
    cycle_day: int = setting(
        1, 'first day, for cycle = "day_of_month"; 27 where the bill runs to the 26th', ge=1, le=31
    )
    cycle_days: int = setting(30, 'length in days, for cycle = "every_days": 28, 30, 31', ge=1, le=3660)
    cycle_months: int = setting(12, 'length in months, for cycle = "every_months": 12 for year cards', ge=1, le=120)
    cycle_anchor: str = setting(
        "", 'a day on which a cycle began, for cycle = "every_days" and "every_months"', like=ISO_DATE
    )
    used_mb: int = setting(0, "MB used when this was written, with its day below", ge=0, le=10000000)
    used_as_of: str = setting("", 'the day of used_mb; "" = used_mb says nothing', like=ISO_DATE)
    packages: tuple[str, ...] = setting(
        (), "data packages beside quota_mb, each with its own end", max_length=16, like=PACKAGE
    )
    pool_mb: int = setting(0, "MB in a pool that several cards share; 0 = none", ge=0, le=1_000_000_000)
    pool_members: int = setting(0, "how many cards share it; 0 = not known", ge=0, le=1_000_000)
    delivered_on: str = setting("", "first day of the card's test or silent period", like=ISO_DATE)
    test_days: int = setting(0, "length of the test period", ge=0, le=366)
    silent_days: int = setting(0, "length of the silent period; its end activates the card", ge=0, le=3660)
    activated_on: str = setting("", "day of the activation; the term counts from it", like=ISO_DATE)
    term_days: int = setting(0, "the card's term in days; 0 = not counted in days", ge=0, le=36600)
    term_months: int = setting(0, "the card's term in months; 0 = not counted in months", ge=0, le=1200)
    term_whole_months: bool = setting(default=False, words="the month of activation counts as the first whole month")
    grace_days: int = setting(0, "after the end the number is kept so long, and a renewal revives it", ge=0, le=3660)
    pre_cancel_days: int = setting(0, "then so long until the number is gone for good", ge=0, le=3660)
    reminder_days: str = setting("30,14,7,3,1,0,-1", "when to remind of the card's end, each once", like=DAYS)
    ask: Literal["off", "free", "paid"] = setting(
        "free", 'ask the carrier for balance and data: "free" only where that costs nothing, "paid" also elsewhere'
    )
    ask_every_h: int = setting(24, "at most one question in so many hours", ge=12, le=8760)
    ask_codes: tuple[str, ...] = setting(
        (), "what to ask with instead of the built-in codes; the owner vouches for them", max_length=8, like=QUERY
    )
    card_services: Literal["auto", "none", "sms", "ussd", "both"] = setting(
        "auto", 'what the card can do besides data; "none" for most IoT cards'
    )
    card_bound: Literal["auto", "yes", "no"] = setting(
        "auto", 'is the card cut off in another modem; "auto": by issuer, APN and number'
    )


@dataclass(frozen=True, slots=True)
class SignalPart:
    words: ClassVar[str] = (
        "From where on a signal is called weak. Places differ: an antenna that works at -118 is no fault."
    )

    weak_rsrp_dbm: int = setting(-115, "LTE and 5G, dBm", ge=-156, le=-44)
    weak_rssi_dbm: int = setting(-105, "2G and 3G, dBm", ge=-130, le=-25)


@dataclass(frozen=True, slots=True)
class UplinkPart:
    words: ClassVar[str] = "The way to the centre."

    url: str = setting("", '"https://centre.example"; "" keeps reports in the outbox', like=URL)
    https_url: str = setting(
        "",
        'beside an mqtts or coap url: the centre\'s "https://…", to renew the credential and where UDP is blocked',
        like=HTTPS_URL,
    )
    credential_file: str = setting(
        "", 'this terminal\'s secret, in a file only its user can read; "" = state_dir/credential', like=FILE
    )
    ca_file: str = setting("", 'the certificate authority to trust; "" = the system\'s', like=FILE)
    heartbeat_s: int = setting(900, "how often all is said to be well; changes go at once", ge=1, le=86400)
    timeout_s: float = setting(30, "one deadline for a whole exchange with the centre", ge=1, le=300)
    retry_first_s: float = setting(5, "wait after the first failure, then doubled", ge=1, le=3600)
    retry_cap_s: float = setting(3600, "the longest wait between attempts", ge=1, le=86400)
    batch_records: int = setting(64, "records in one request at most", ge=1, le=500)
    batch_bytes: int = setting(65536, "bytes in one request at most", ge=1024, le=1048576)
    bind_interface: str = setting("", 'send through this interface only; "" = as the routes say', like=BIND)
    budget_mb: float = setting(
        0,
        "MB a cycle that we may cost the card; 0 = 3 MB, or a tenth of the plan if that is less",
        ge=0,
        le=100000,
    )
    keep_alive_s: float = setting(
        225, "first guess of the silence a NAT bears; learned from there; 0 = connect anew each time", ge=0, le=1800
    )
    tls: Literal["1.2", "1.3"] = setting(
        "1.2", 'the newest TLS tried first; "1.3" costs nearly 900 bytes a reconnection more'
    )
    client_cert: str = setting("", "our own certificate (PEM), where the centre's proxy asks for one", like=FILE)
    client_key: str = setting("", "its key (PEM, without a password)", like=FILE)
    proxy: str = setting("", '"http://host:port" of a proxy that does CONNECT; "" = none', like=PROXY)
    proxy_auth_file: str = setting("", "user:password for it, in a file only its user can read", like=FILE)
    mqtt_retain: bool = setting(
        default=False, words="with an mqtts url: keep the newest verdict at the broker, for others who watch it"
    )


@dataclass(frozen=True, slots=True)
class OutboxPart:
    words: ClassVar[str] = "What waits to be sent. When it is full, routine history goes first and changes last."

    max_mb: int = setting(8, "MiB on the disk", ge=1, le=1024)
    max_records: int = setting(50000, "count", ge=100, le=1000000)
    max_age_days: int = setting(45, "longer than a billing cycle", ge=1, le=3660)
    min_free_mb: int = setting(8, "MiB of the disk left to others: with less, routine gives way", ge=0, le=10240)
    routine_write_s: int = setting(
        900, "routine records wait in memory this long: flash wears by the commit", ge=0, le=86400
    )
    routine_write_records: int = setting(64, "… or until they are this many", ge=1, le=1000)


@dataclass(frozen=True, slots=True)
class ProbePart:
    words: ClassVar[str] = "What is tried when the modem looks well and still nothing flows."

    payment_hosts: tuple[str, ...] = setting(
        (),
        'the acquirer\'s addresses, ["pay.example:443"]: connected to, never spoken to',
        max_length=8,
        like=HOST_PORT,
    )
    timeout_s: float = setting(5, "seconds for one name or one connection", ge=0.5, le=60)
    internet_anchor: str = setting(
        "", 'a host somewhere in the internet, "host:port"; cards limited to some hosts never reach it', like=ANCHOR
    )
    sentinel_url: str = setting(
        "",
        'our own page in plain HTTP, where walled gardens show themselves; "" = the centre\'s /healthz',
        like=PLAIN_URL,
    )
    pinned: tuple[str, ...] = setting(
        (), 'addresses that names must have, ["pay.example=203.0.113.7"]', max_length=16, like=PINNED
    )
    budget_bytes: int = setting(8000, "bytes that one diagnosis may cost the card", ge=500, le=100_000)


@dataclass(frozen=True, slots=True)
class HoldPart:
    words: ClassVar[str] = "The payment application's lease: while it lasts nothing of ours is sent (docs/hold.md)."

    max_s: int = setting(120, "the longest lease", ge=5, le=600)
    share_percent: int = setting(50, "of the time, in the long run, that the line may be held", ge=10, le=90)
    patience_s: int = setting(900, "watching that has waited so long gets its turn: half a minute", ge=60, le=86400)


@dataclass(frozen=True, slots=True)
class RecoveryPart:
    words: ClassVar[str] = (
        "Helping itself where a step can cure the cause, never for money, locks or coverage (docs/recovery.md)."
    )

    enabled: bool = setting(default=False, words="take steps by itself")
    dry_run: bool = setting(default=False, words="only say which step would be taken, and when")
    rungs: tuple[str, ...] = setting(
        ("reattach", "pdp_cycle", "radio_cycle", "modem_reset", "usb_reset", "ask"),
        "what may be done, of the ladder reattach pdp_cycle radio_cycle modem_reset usb_reset power ask reboot",
        max_length=8,
        like=RUNG,
    )
    patience_s: int = setting(300, "trouble must have lasted so long before the first step", ge=5, le=86400)
    steps_per_hour: int = setting(4, "of any kind", ge=1, le=60)
    steps_per_day: int = setting(12, "of any kind, over reboots too", ge=1, le=500)
    resets_per_hour: int = setting(2, "of modem, port, power or machine", ge=1, le=20)
    resets_per_day: int = setting(6, "of modem, port, power or machine, over reboots too", ge=1, le=100)
    reboots_per_day: int = setting(1, "of this machine", ge=0, le=10)
    power_command: tuple[str, ...] = setting(
        (),
        'for "power": program and arguments, ["/usr/sbin/uhubctl", "-l", "1-1", "-p", "2", "-a", "cycle"]',
        like=WORD,
        max_length=32,
    )
    reboot_command: tuple[str, ...] = setting(
        ("/usr/bin/systemctl", "reboot"), 'for "reboot": program and arguments', like=WORD, max_length=32
    )
    command_timeout_s: int = setting(60, "for either", ge=1, le=600)


@dataclass(frozen=True, slots=True)
class HooksPart:
    words: ClassVar[str] = "Programs of yours that are run when something happens, without a shell (docs/hooks.md)."

    on_verdict: tuple[str, ...] = setting(
        (), "program and arguments, at each change of the verdict; [] = none", like=WORD, max_length=32
    )
    on_recovery: tuple[str, ...] = setting(
        (), "program and arguments, at each recovery step; [] = none", like=WORD, max_length=32
    )
    timeout_s: int = setting(30, "then it is ended, with all it began", ge=1, le=600)


@dataclass(frozen=True, slots=True)
class PathsPart:
    words: ClassVar[str] = "Where things are kept."

    state_dir: str = setting("/var/lib/posagent", "survives a power cut: outbox, ledger", like=DIRECTORY)
    run_dir: str = setting("/run/posagent", "gone after a restart: socket, status, message", like=DIRECTORY)
    metrics_file: str = setting(
        "", "for Prometheus, a .prom file in the folder of node_exporter's textfile collector", like=FILE
    )


@dataclass(frozen=True, slots=True)
class LogPart:
    words: ClassVar[str] = "What goes to standard error, which is the journal under systemd."

    level: Literal["debug", "info", "warning", "error"] = setting("info", "the least that is shown")
    format: Literal["auto", "json", "text"] = setting(
        "auto", '"auto": for the journal when it listens, else for people'
    )
