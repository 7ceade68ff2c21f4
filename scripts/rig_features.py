"""`make rig-test`'s features: what people configure, one by one, inside the sandbox of the units as they are installed.

Each check adds its settings in conf.d/rig.toml and takes them away again; the terminal is rig_story.py's.
"""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rig_machine import Failed, Machine, until
from rig_tally import Tally

DOCS = Path(__file__).parents[1] / "docs"
ADDED = "/etc/posagent/conf.d/rig.toml"
CENTRE = "/etc/posagent-central/config.toml"
STATUS = "posagent status --json 2>/dev/null || true"
DROP_IN = "/run/systemd/system/posagent.service.d/rig.conf"

GROUP_MAY = {
    "status": (0, 3),
    "usage": (0,),
    "plan": (0, 4),
    "record /srv/out/seen.toml": (0,),
    "diag --no-network --bundle /srv/out/seen.tar.gz": (0, 3),
}
"""Command → exits that are its answers."""
HOOK = """#!/bin/sh
cat > /var/lib/posagent/hook.json
exec > /var/lib/posagent/hook.txt 2>&1
id -un
ls /root
touch /etc/posagent/mine
timedatectl show -p NTPSynchronized --value
echo $POSAGENT_EVENT $POSAGENT_VERDICT$POSAGENT_RUNG
"""
HOOKED = """[hooks]
on_verdict = ["/etc/posagent/hooks/told"]
[recovery]
enabled = true
patience_s = 10
rungs = ["power"]
power_command = ["/etc/posagent/hooks/told"]
"""
RUDE = """#!/usr/bin/python3
import os, time
for _ in range(1000):
    try:
        if os.fork() == 0:
            break
    except OSError:
        pass
much = []
while True:
    os.write(1, b"x" * 4096)
    much.append(b"x" * 2**20)
"""
"""Takes every task, all the memory, and never ends."""
BROKER = """per_listener_settings false
listener 8883 127.0.0.1
cafile /etc/mosquitto/rig/cert.pem
certfile /etc/mosquitto/rig/cert.pem
keyfile /etc/mosquitto/rig/key.pem
allow_anonymous false
password_file /etc/mosquitto/rig/users
acl_file /etc/mosquitto/rig/acl
"""
CENTRE_MQTT = """[mqtt]
mqtt_url = "mqtts://centre@127.0.0.1"
mqtt_ca_file = "/etc/posagent-central/cert.pem"
mqtt_password_file = "/etc/posagent-central/broker"
"""
BRIDGE = """import os, select, socket
listener = socket.socket(socket.AF_UNIX)
listener.bind("\\0abstract:virtual")
listener.listen(1)
port = os.open("/run/modem-of-manager", os.O_RDWR | os.O_NOCTTY)
while True:
    link, _ = listener.accept()
    while True:
        ready, _, _ = select.select([link, port], [], [])
        if link in ready:
            if not (said := link.recv(4096)):
                break
            os.write(port, said)
        if port in ready:
            link.sendall(os.read(port, 4096))
"""
MANAGER = """systemd-run -q --unit=manager-modem posagent simulate healthy-lte --link /run/modem-of-manager
until test -e /run/modem-of-manager; do sleep 0.1; done
systemd-run -q --unit=manager-bridge python3 /root/bridge.py
systemd-run -q --unit=manager /usr/sbin/ModemManager --test-enable --test-no-udev --no-auto-scan \\
    --test-no-suspend-resume --test-no-qrtr
M=org.freedesktop.ModemManager1; P=/org/freedesktop/ModemManager1
until busctl status $M >/dev/null 2>&1; do sleep 0.2; done
busctl call $M $P $M.Test SetProfile ssas posagent generic 1 abstract:virtual
until mmcli -m any --enable >/dev/null 2>&1; do sleep 0.5; done
"""


WRITTEN = """title = "The carrier has written"
[modem]
persona = "quectel-ec20"
[[sms]]
from = "10086"
text = "尊敬的客户，您的话费余额为88.50元。【中国移动】"
"""
PLAYED = "/run/systemd/system/modem.service.d/written.conf"


class Features:
    def __init__(self, machine: Machine, tally: Tally) -> None:
        self.at, self.tally = machine, tally

    def a_technician_of_the_group_needs_no_root(self) -> str:
        """Who is in the group looks, records and takes a bundle along; he sends no AT. Others are not let in."""
        self.at.run("useradd -m -G posagent technician; useradd -m stranger; install -d -m 777 /srv/out")
        said = self.at.run("runuser -u technician -- posagent diag --json --no-network", check=False)
        _expect(json.loads(said)["via"] == "daemon", said)
        for command, codes in GROUP_MAY.items():
            asked = f"runuser -u technician -- posagent {command} >/dev/null 2>/root/said || code=$?"
            code = self.at.run(f"code=0; {asked}; echo $code")
            _expect(int(code) in codes, f"{command}: {code} {self.at.run('cat /root/said')}")
        _expect("capture.toml" in self.at.run("tar tzf /srv/out/seen.tar.gz"), "no dialogue in the bundle")
        refused = self.at.run("runuser -u technician -- posagent at ATI 2>&1 && echo sent || true")
        _expect("root" in refused and "sent" not in refused, refused)
        for command in ("status", "outbox list", "at ATI"):
            said = self.at.run(f"runuser -u stranger -- posagent {command} 2>&1 && echo let in || true")
            _expect("let in" not in said, said)
        return "status, usage, plan, record, diag --bundle; not at"

    def a_stranger_can_neither_hold_the_line_nor_read_what_is_kept(self) -> str:
        """A payment of his goes on all the same."""
        self.at.run("runuser -u stranger -- posagent hold -- true")
        self.at.run("! runuser -u stranger -- flock -n /run/posagent/hold true 2>/dev/null")
        _expect(not (self._status().get("line") or {}).get("held"), "he holds it")
        for place in ("/var/lib/posagent/credential", "/var/lib/posagent/outbox.db", "/etc/posagent/config.toml"):
            self.at.run(f"! runuser -u stranger -- cat {place} 2>/dev/null")
        self.at.run("! runuser -u stranger -- ln -s /etc/shadow /run/posagent/status.json.new 2>/dev/null")
        self.at.run("! runuser -u technician -- cat /var/lib/posagent/credential 2>/dev/null")
        return self.at.run("stat -c '%n %U:%G %a' /run/posagent/hold").removeprefix("/run/posagent/")

    def roots_lock_counts_though_the_file_is_roots(self) -> str:
        """flock(1) of root's before anything of ours ran."""
        self.at.run("systemctl stop posagent; rm -f /run/posagent/hold; "
                    "systemd-run -q --unit=payment flock -s /run/posagent/hold sleep 3600; "
                    "until test -e /run/posagent/hold; do sleep 0.1; done; systemctl start posagent")  # fmt: skip
        until(lambda: (self._status().get("line") or {}).get("file"), "the agent does not see the lock")
        said = self.at.run("stat -c '%U %a' /run/posagent/hold; systemctl stop payment; rm /run/posagent/hold")
        until(lambda: (self._status().get("line") or {}).get("held") is False, "the agent does not see its end")
        return said

    def hooks_and_the_power_command_run_in_the_sandbox(self) -> str:
        self.at.run("mkdir -p /etc/posagent/hooks")
        self.at.write("/etc/posagent/hooks/told", HOOK)
        self.at.run("chmod 755 /etc/posagent/hooks/told")
        with self._set(HOOKED):
            self.at.run("rm -f /var/lib/posagent/hook.*; systemctl stop modem")
            told = until(lambda: self._hook("verdict"), "no hook at the change of the verdict")
            power = until(lambda: self._hook("power"), "no power command")
            self.at.run("systemctl start modem")
            until(lambda: not self._code().startswith(("port.", "modem.")), "the modem is not seen again")
            return f"{told}; {power}"

    def a_hook_that_takes_everything_is_ended_and_the_agent_goes_on(self) -> str:
        self.at.write("/etc/posagent/hooks/rude", RUDE)
        self.at.run("chmod 755 /etc/posagent/hooks/rude")
        with self._set('[hooks]\non_verdict = ["/etc/posagent/hooks/rude"]\ntimeout_s = 5\n'):
            before = self.at.run("systemctl show -P MainPID posagent; systemctl stop modem").splitlines()[0]
            count = until(self._hooks_failed, "the hook was not ended")
            _expect(before == self.at.run("systemctl show -P MainPID posagent"), "the agent was ended with it")
            # the next change of verdict may have begun it again: what one left behind would stay for ever
            until(lambda: self.at.run("pgrep -f hooks/[r]ude | wc -l") == "0", "some of it are left")
            self.at.run("systemctl start modem")
            return f"ended {count} times or more, none left of it"

    def the_carriers_word_is_read_and_its_words_are_not_kept(self) -> str:
        """The sandbox lets the process that reads it start, and it is gone afterwards."""
        self.at.write("/root/written.toml", WRITTEN)
        played = "[Service]\nExecStart=\nExecStart=/usr/bin/posagent simulate /root/written.toml --link /run/modem\n"
        self.at.write(PLAYED, played)
        try:
            self.at.run("systemctl daemon-reload; systemctl restart modem; systemctl restart posagent")
            said = "posagent plan show --json | grep -o '\"88.50\"' | head -n 1 || true"
            until(lambda: self.at.run(said), "the carrier's message was not read")
            _expect(self.at.run("pgrep -f agent.plan.[a]part || true") == "", "the reader is left")
            memory = self.at.run("grep VmRSS /proc/$(systemctl show -P MainPID posagent)/status").split()[1]
            return f"88.50, {int(memory) / 1024:.0f} MB"
        finally:
            self.at.run(f"rm {PLAYED}; systemctl daemon-reload; systemctl restart modem; systemctl restart posagent")
            until(lambda: not self._code().startswith(("port.", "modem.")), "the modem is not seen again")

    def the_metrics_file_is_readable_for_all(self) -> str:
        self.at.run("install -d -o posagent /var/lib/node-exporter")
        self.at.write(DROP_IN, "[Service]\nReadWritePaths=/var/lib/node-exporter\n")
        try:
            with self._set('[paths]\nmetrics_file = "/var/lib/node-exporter/posagent.prom"\n'):
                read = "runuser -u nobody -- grep -c '^posagent_' /var/lib/node-exporter/posagent.prom || true"
                return until(lambda: self.at.run(read).isdigit() and self.at.run(read), "no metrics") + " samples"
        finally:
            self.at.run(f"rm {DROP_IN}; systemctl daemon-reload; systemctl restart posagent")

    def the_log_has_fields_and_is_bounded(self) -> str:
        """Trouble that repeats itself says little: here two hundred reloads of settings that are wrong."""
        fields = self.at.run("journalctl -b -u posagent -o json --no-pager -q | grep POSAGENT_EVENT | tail -n 1")
        named = sorted(key for key in json.loads(fields) if key.startswith(("POSAGENT_", "PRIORITY", "SYSLOG_")))
        self.at.run("systemctl restart posagent")
        lines = "journalctl -b -u posagent _SYSTEMD_UNIT=posagent.service --no-pager -q | wc -l"
        before = int(self.at.run(lines))
        self.at.run(f"echo 'wrong = ' > {ADDED}; pid=$(systemctl show -P MainPID posagent); "
                    "for i in $(seq 200); do kill -HUP $pid; sleep 0.02; done; sleep 1")  # fmt: skip
        after = int(self.at.run(f"rm {ADDED}; systemctl reload posagent; {lines}"))
        _expect(after - before < 60, f"{after - before} lines for 200 reloads")
        return f"{', '.join(named)}; {after - before} lines for 200 reloads"

    def it_starts_before_there_is_a_network(self) -> str:
        self.at.run("systemctl stop posagent; ip link set lo down; systemctl start posagent")
        try:
            until(self._code, "no verdict without a network")
            return f"active, {self._code()}"
        finally:
            self.at.run("ip link set lo up")

    def reports_go_by_mqtt(self) -> str:
        (acl,) = re.findall(r"```acl\n(.*?)```", (DOCS / "mqtt.md").read_text(encoding="utf-8"), re.DOTALL)
        self.at.write("/etc/mosquitto/rig/acl", acl)
        self.at.write("/etc/mosquitto/conf.d/rig.conf", BROKER)
        self.at.run(
            "cd /etc/mosquitto/rig; cp /etc/posagent-central/cert.pem /etc/posagent-central/key.pem .; touch users; "
            "IFS=: read -r name secret < /var/lib/posagent/credential; "
            'mosquitto_passwd -b users "$name" "$secret"; mosquitto_passwd -b users centre word; '
            "chown -R mosquitto: .; chmod 700 users acl key.pem; systemctl restart mosquitto; "
            "(umask 027; echo word > /etc/posagent-central/broker); chgrp posagent-central /etc/posagent-central/broker"
        )
        try:
            with self._centre(CENTRE_MQTT):
                return self._reports("mqtts://127.0.0.1")
        finally:
            self.at.run("systemctl stop mosquitto")

    def reports_go_by_coap(self) -> str:
        with self._centre('[coap]\ncoap_listen = "127.0.0.1:5683"\n'):
            return self._reports("coap+oscore://127.0.0.1")

    def a_modem_is_read_through_its_manager(self) -> str:
        """ModemManager on the system's bus, by polkit's rule of docs/modemmanager.md."""
        (rule,) = re.findall(r"```js\n(.*?)```", (DOCS / "modemmanager.md").read_text(encoding="utf-8"), re.DOTALL)
        self.at.write("/etc/polkit-1/rules.d/60-posagent.rules", rule)
        self.at.write("/root/bridge.py", BRIDGE)
        self.at.run(MANAGER)
        try:
            with self._set('[modem]\nport = "auto"\nbackend = "modemmanager"\nmeasure_signal_s = 5\n'):
                read = until(self._read_signal, "no signal through ModemManager")
                listed = self.at.run("posagent sms list || true").splitlines()
                return f"{self._code()}, {read} dBm, sms list: {len(listed)} lines"
        finally:
            self.at.run("systemctl stop manager manager-bridge manager-modem")

    # -- helpers ------------------------------------------------------------------------------------------------------

    @contextmanager
    def _set(self, more: str) -> Iterator[None]:
        """The agent with these settings too."""
        self.at.write(ADDED, more)
        self.at.run("posagent config check >/dev/null; systemctl daemon-reload; systemctl restart posagent")
        try:
            yield
        finally:
            self.at.run(f"rm {ADDED}; systemctl restart posagent")

    @contextmanager
    def _centre(self, more: str) -> Iterator[None]:
        """The centre with these settings too."""
        self.at.run(f"cp {CENTRE} /root/centre.toml")
        self.at.write("/root/more", more)
        try:
            self.at.run(f"cat /root/more >> {CENTRE}; posagent-central check >/dev/null")
            self.at.run("systemctl restart posagent-central")
            yield
        finally:
            self.at.run(f"cat /root/centre.toml > {CENTRE}; systemctl restart posagent-central")

    def _reports(self, url: str) -> str:
        """They arrive by this way and no other, and nothing is lost or doubled."""
        with self._set(f'[uplink]\nurl = "{url}"\nhttps_url = ""\n'):
            before = self.tally.arrived()
            until(lambda: self.tally.arrived() > before + 2, "no report arrives")
            memory = self.at.run("grep VmRSS /proc/$(systemctl show -P MainPID posagent)/status").split()[1]
            return self.tally.nothing_missing(f"{int(memory) / 1024:.0f} MB")

    def _status(self) -> dict[str, Any]:
        try:
            known: dict[str, Any] = json.loads(self.at.run(STATUS))
        except ValueError:
            return {}
        return known

    def _code(self) -> str:
        diag = self._status().get("diag") or {}
        return str(diag.get("verdict", {}).get("code", ""))

    def _read_signal(self) -> str:
        signal = (self._status().get("diag") or {}).get("signal") or {}
        return str(signal.get("rsrp_dbm") or signal.get("rssi_dbm") or "")

    def _hook(self, event: str) -> str:
        """What it saw: it is our user's, can ask for the clock, not write settings, not look into root's folder."""
        said = self.at.run("cat /var/lib/posagent/hook.txt 2>/dev/null || true").splitlines()
        if not said or not said[-1].startswith(event):
            return ""
        _expect(said[0] == "posagent" and sum("denied" in line or "Read-only" in line for line in said) == 2, str(said))
        _expect(said[-2] in ("yes", "no"), str(said))
        return f"{said[-1]}, clock: {said[-2]}"

    def _hooks_failed(self) -> str:
        hooks = (self._status().get("self") or {}).get("hooks") or {}
        return str(hooks.get("failures") or "")


def _expect(holds: bool, otherwise: str) -> str:
    if not holds:
        raise Failed(otherwise)
    return ""
