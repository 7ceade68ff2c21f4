"""The settings as a whole: `Config` holds the sections (agent/sections.py) and builds from them what each room takes.

agent/config.py reads the files and has them checked (agent/config_check.py, with pydantic, built from the same fields);
who only uses settings never loads the checker. `posagent config init` and config.example.toml are printed from here.
"""

# ruff: noqa: PLC0415 - each method imports the one room that it serves, so that `config check` loads none of them

from collections.abc import Mapping
from dataclasses import asdict, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.sections import (
    HoldPart,
    HooksPart,
    LogPart,
    ModemPart,
    OutboxPart,
    PathsPart,
    PlanPart,
    ProbePart,
    RecoveryPart,
    SamplePart,
    SignalPart,
    Terminal,
    UplinkPart,
)
from agent.setting import ISO_DATE, Limit, Shape, limit_of
from modem.frozen import dataclass

if TYPE_CHECKING:
    from agent.assess.answer import Limits
    from agent.examine import ExamineSettings
    from agent.examine_network import ProbeSettings
    from agent.hooks import HookSettings
    from agent.outbox.base import Budget
    from agent.plan.desk import DeskSettings
    from agent.plan.plan import PlanSettings
    from agent.recover.hold import HoldSettings
    from agent.recover.room import RecoverySettings
    from agent.uplink.coap import CoapSettings
    from agent.uplink.enrol import EnrolSettings
    from agent.uplink.http import HttpSettings
    from agent.uplink.mqtt import MqttSettings
    from agent.uplink.sender import SenderSettings

__all__ = [
    "ISO_DATE",
    "SECTIONS",
    "Config",
    "HoldPart",
    "HooksPart",
    "Limit",
    "LogPart",
    "ModemPart",
    "OutboxPart",
    "PathsPart",
    "PlanPart",
    "ProbePart",
    "RecoveryPart",
    "SamplePart",
    "Shape",
    "SignalPart",
    "Terminal",
    "UplinkPart",
    "limit_of",
    "of_plain",
    "plain",
]


@dataclass(frozen=True, slots=True)
class Config:
    """Everything, by section. The methods build what the rooms take, so that no room knows this file."""

    terminal: Terminal = field(default_factory=Terminal)
    modem: ModemPart = field(default_factory=ModemPart)
    sample: SamplePart = field(default_factory=SamplePart)
    plan: PlanPart = field(default_factory=PlanPart)
    signal: SignalPart = field(default_factory=SignalPart)
    uplink: UplinkPart = field(default_factory=UplinkPart)
    outbox: OutboxPart = field(default_factory=OutboxPart)
    probe: ProbePart = field(default_factory=ProbePart)
    hold: HoldPart = field(default_factory=HoldPart)
    recovery: RecoveryPart = field(default_factory=RecoveryPart)
    hooks: HooksPart = field(default_factory=HooksPart)
    paths: PathsPart = field(default_factory=PathsPart)
    log: LogPart = field(default_factory=LogPart)

    @property
    def state_dir(self) -> Path:
        return Path(self.paths.state_dir)

    @property
    def run_dir(self) -> Path:
        return Path(self.paths.run_dir)

    @property
    def ledger_file(self) -> Path:
        return self.state_dir / "ledger.db"

    @property
    def outbox_file(self) -> Path:
        return self.state_dir / "outbox.db"

    @property
    def plan_file(self) -> Path:
        return self.state_dir / "plan.db"

    def plan_settings(self) -> "PlanSettings":
        from agent.plan.calendar import CycleRule, parse_date
        from agent.plan.life import Life
        from agent.plan.packages import read_package
        from agent.plan.plan import PlanSettings

        plan = self.plan
        life = Life(
            delivered_on=parse_date(plan.delivered_on),
            test_days=plan.test_days,
            silent_days=plan.silent_days,
            activated_on=parse_date(plan.activated_on),
            term_days=plan.term_days,
            term_months=plan.term_months,
            whole_months=plan.term_whole_months,
            grace_days=plan.grace_days,
            pre_cancel_days=plan.pre_cancel_days,
        )
        return PlanSettings(
            expires_on=plan.expires_on,
            quota_mb=plan.quota_mb,
            balance=plan.balance,
            currency=plan.currency,
            expiring_days=plan.expiring_days,
            used_mb=plan.used_mb,
            used_as_of=plan.used_as_of,
            cycle=CycleRule(
                plan.cycle, plan.cycle_day, plan.cycle_days, parse_date(plan.cycle_anchor), plan.cycle_months
            ),
            life=life,
            packages=tuple(package for text in plan.packages if (package := read_package(text)) is not None),
            pool_mb=plan.pool_mb,
            pool_members=plan.pool_members,
            reminder_days=tuple(int(day) for day in plan.reminder_days.split(",") if day),
        )

    def desk_settings(self) -> "DeskSettings":
        from agent.plan.asking import AskSettings
        from agent.plan.desk import DeskSettings

        plan = self.plan
        return DeskSettings(
            terminal=self.terminal.id,
            timezone=self.terminal.timezone,
            plan=self.plan_settings(),
            ask=AskSettings(plan.ask, plan.ask_every_h, plan.ask_codes, plan.card_services),
            bound=self._card_bound,
        )

    @property
    def _card_bound(self) -> bool | None:
        return {"yes": True, "no": False}.get(self.plan.card_bound)

    def examine_settings(self) -> "ExamineSettings":
        from agent.examine import ExamineSettings

        return ExamineSettings(
            port=self.modem.port,
            baud=self.modem.baud,
            backend=self.modem.backend,
            measure_signal_s=self.modem.measure_signal_s,
            interface=self.modem.interface,
            command_timeout_s=self.modem.command_timeout_s,
            restore_settings=self.modem.restore_settings,
            timezone=self.terminal.timezone,
            plan=self.plan_settings(),
            bound=self._card_bound,
            ledger=self.ledger_file,
            state_dir=self.state_dir,
            probe=self.probe_settings(),
        )

    def probe_settings(self) -> "ProbeSettings":
        from agent.examine_network import ProbeSettings

        up, probe = self.uplink, self.probe
        return ProbeSettings(
            uplink_url=self._probed_url,
            ca_file=Path(up.ca_file) if up.ca_file else None,
            client_cert=_path(up.client_cert),
            client_key=_path(up.client_key),
            credential_file=Path(up.credential_file) if up.credential_file else self.state_dir / "credential",
            bind_interface=up.bind_interface,
            payment_hosts=probe.payment_hosts,
            internet_anchor=probe.internet_anchor,
            pinned=probe.pinned,
            sentinel_url=probe.sentinel_url,
            timeout_s=probe.timeout_s,
            budget_bytes=probe.budget_bytes,
        )

    @property
    def _probed_url(self) -> str:
        """Behind a proxy the centre is reached by sending only; and only HTTPS is probed."""
        url = self.uplink.https_url or self.uplink.url
        return url if url.startswith("http") and not self.uplink.proxy else ""

    def hold_settings(self) -> "HoldSettings":
        from agent.recover.hold import HoldSettings

        return HoldSettings(float(self.hold.max_s), self.hold.share_percent, float(self.hold.patience_s))

    def recovery_settings(self) -> "RecoverySettings":
        """Only where recovery is enabled: this loads it."""
        from agent.recover.ladder import AT_RUNGS, RUNGS, LadderSettings
        from agent.recover.room import RecoverySettings

        part = self.recovery
        absent = {rung for rung in AT_RUNGS if self.modem.backend == "modemmanager"}  # the line is ModemManager's
        absent |= {"power"} if not part.power_command else set()
        absent |= {"reboot"} if not part.reboot_command else set()
        ladder = LadderSettings(
            rungs=tuple(rung for rung in RUNGS if rung in part.rungs and rung not in absent),
            dry_run=part.dry_run,
            patience_s=float(part.patience_s),
            steps_per_hour=part.steps_per_hour,
            steps_per_day=part.steps_per_day,
            resets_per_hour=part.resets_per_hour,
            resets_per_day=part.resets_per_day,
            reboots_per_day=part.reboots_per_day,
        )
        return RecoverySettings(ladder, part.power_command, part.reboot_command, float(part.command_timeout_s))

    def hook_settings(self) -> "HookSettings":
        """Only where there is a hook: this loads what runs it."""
        from agent.hooks import HookSettings

        return HookSettings(self.hooks.on_verdict, self.hooks.on_recovery, float(self.hooks.timeout_s))

    def limits(self) -> "Limits":
        from decimal import Decimal

        from agent.assess.answer import Limits

        return Limits(
            weak_rsrp_dbm=self.signal.weak_rsrp_dbm,
            weak_rssi_dbm=self.signal.weak_rssi_dbm,
            expiring_days=self.plan.expiring_days,
            running_out_percent=self.plan.running_out_percent,
            balance_low=Decimal(self.plan.balance_low or "0"),
            apn_expected=self.modem.apn_expected,
        )

    def outbox_budget(self) -> "Budget":
        from agent.outbox.base import Budget

        part = self.outbox
        return Budget(part.max_mb * 2**20, part.max_records, part.max_age_days * 86_400.0, part.min_free_mb * 2**20)

    def sender_settings(self) -> "SenderSettings":
        from agent.uplink.retry import Pace
        from agent.uplink.sender import SenderSettings

        up = self.uplink
        pace = Pace(up.retry_first_s, up.retry_cap_s)
        return SenderSettings(up.batch_records, up.batch_bytes, up.timeout_s, pace)

    @property
    def credential_file(self) -> Path:
        return Path(self.uplink.credential_file) if self.uplink.credential_file else self.state_dir / "credential"

    def enrol_settings(self) -> "EnrolSettings":
        from agent.uplink.enrol import EnrolSettings
        from agent.uplink.tls import TlsSettings

        up = self.uplink
        tls = TlsSettings(_path(up.ca_file), up.tls, _path(up.client_cert), _path(up.client_key))
        proxy_auth = _path(up.proxy_auth_file)
        return EnrolSettings(up.https_url or up.url, self.credential_file, tls, up.bind_interface, up.proxy, proxy_auth)

    def coap_settings(self) -> "CoapSettings":
        """Only where `uplink.url` is coap+oscore."""
        from agent.uplink.coap import CoapSettings

        up = self.uplink
        return CoapSettings(up.url, self.credential_file, self.state_dir / "coap.json", up.bind_interface)

    def mqtt_settings(self) -> "MqttSettings":
        """Only where `uplink.url` is mqtts."""
        from agent.uplink.mqtt import MqttSettings
        from agent.uplink.tls import TlsSettings

        up = self.uplink
        tls = TlsSettings(_path(up.ca_file), up.tls, _path(up.client_cert), _path(up.client_key))
        return MqttSettings(
            up.url, self.credential_file, tls, up.bind_interface, up.heartbeat_s, up.keep_alive_s, up.mqtt_retain
        )

    def http_settings(self) -> "HttpSettings":
        """Only where `uplink.url` or `uplink.https_url` is set."""
        from agent.uplink.http import HttpSettings
        from agent.uplink.tls import TlsSettings

        up = self.uplink
        return HttpSettings(
            url=up.https_url or up.url,
            credential_file=Path(up.credential_file) if up.credential_file else self.state_dir / "credential",
            tls=TlsSettings(_path(up.ca_file), up.tls, _path(up.client_cert), _path(up.client_key)),
            bind_interface=up.bind_interface,
            keep_alive_s=up.keep_alive_s,
            proxy=up.proxy,
            proxy_auth_file=_path(up.proxy_auth_file),
        )


def _path(name: str) -> Path | None:
    return Path(name) if name else None


def _parts(config: Config) -> dict[str, Any]:
    return {part.name: getattr(config, part.name) for part in fields(config)}


SECTIONS: Mapping[str, type[Any]] = {name: type(part) for name, part in _parts(Config()).items()}
"""Name of a section → its class."""


def plain(config: Config) -> dict[str, dict[str, Any]]:
    """As JSON and TOML have it: section → key → value."""
    return {
        section: {key: list(value) if isinstance(value, tuple) else value for key, value in values.items()}
        for section, values in asdict(config).items()
    }


def of_plain(data: Mapping[str, Mapping[str, Any]]) -> Config:
    """The inverse of `plain`, for data that has been checked."""
    return Config(
        **{
            section: SECTIONS[section](
                **{key: tuple(value) if isinstance(value, list) else value for key, value in values.items()}
            )
            for section, values in data.items()
        }
    )
