"""`make rig-test`'s checks, in their order; each may build on those before, and says in a line what it saw.

The modem is `posagent simulate` behind the name /dev/posagent-at, which is what the udev rule gives a real one.
"""

import json
import re
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

from rig_machine import Failed, Machine, until
from rig_rounds import Rounds
from rig_tally import Tally

SETTINGS = """[terminal]
id = "pos-1"
[modem]
port = "/dev/posagent-at"
interface = ""
[sample]
light_s = 3
[probe]
internet_anchor = "127.0.0.1:9"
[uplink]
url = "https://127.0.0.1:8443"
ca_file = "/etc/posagent/ca.pem"
heartbeat_s = 5
retry_first_s = 1
retry_cap_s = 5
budget_mb = 1000
[outbox]
routine_write_records = 1
"""
"""Reports every 5 s whatever they cost, each on the disk at once: so there is always something to lose."""
CENTRE = """[server]
listen = "127.0.0.1:8443"
tls_cert = "/etc/posagent-central/cert.pem"
tls_key = "/etc/posagent-central/key.pem"
operator_token_file = "/etc/posagent-central/operator"
rate_per_minute = 0
"""
CERTIFICATE = """cd /etc/posagent-central
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=centre \\
    -addext subjectAltName=IP:127.0.0.1 -keyout key.pem -out cert.pem 2>/dev/null
head -c 24 /dev/urandom | base64 > operator
chgrp posagent-central key.pem operator && chmod 640 key.pem operator
cp cert.pem /etc/posagent/ca.pem && chmod 644 /etc/posagent/ca.pem"""
MODEM = """[Service]
ExecStart=/usr/bin/posagent simulate healthy-lte --link /run/modem
ExecStartPost=/bin/sh -c 'until test -e /run/modem; do sleep 0.1; done; chgrp dialout /run/modem; chmod 660 /run/modem'
ExecStartPost=/bin/ln -sfn /run/modem /dev/posagent-at
[Install]
WantedBy=multi-user.target
"""


FALSE_CLOCK = "/run/systemd/system/posagent.service.d/false-clock.conf"
AGENT_OF_1970 = """import sys, time
real, behind = time.time, time.time() - 600
time.time = lambda: real() - behind
sys.argv = ["posagent", "run"]
from agent.cli import main
sys.exit(main())
"""
FULL = 12
"""Records are enough for an outbox that has something to lose."""
COMPLETE = {
    "bash": """. /usr/share/bash-completion/completions/posagent
COMP_WORDS=(posagent di) COMP_CWORD=1
$(complete -p posagent | sed 's/.*-F \\([^ ]*\\).*/\\1/')
echo ${COMPREPLY[*]}
""",
    "zsh": """zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z 'autoload -Uz compinit && compinit -u -D; PS1=; zstyle ":completion:*" list-prompt ""; echo re""ady'
zpty -r z said '*ready*'
zpty -n -w z $'posagent di\\t'
zpty -r -m z said '*posagent diag*' && echo diag
""",
    "fish": "complete -C 'posagent di' | cut -f1\n",
}
"""What each shell makes of "posagent di" and the tab key."""


class Story:
    def __init__(self, machine: Machine, debs: list[Path], rounds: int) -> None:
        self.at, self.debs, self.rounds = machine, debs, rounds
        self.tally = Tally(machine)

    def boots(self) -> str:
        self.at.make()
        return f"{self.at.boot():.1f} s"

    def both_are_installed_without_a_network(self) -> str:
        for deb in self.debs:
            self.at.put(deb, f"/root/{deb.name}")
        self.at.run("dpkg -i /root/posagent_*.deb /root/posagent-central_*.deb")
        self.at.run("systemctl is-enabled posagent && systemctl is-active posagent && id posagent | grep dialout")
        return "the centre is " + self.at.run("systemctl is-enabled posagent-central || true")

    def commands_manuals_and_completion_are_there(self) -> str:
        self.at.run("posagent --version && posagent-central --help && man -w posagent posagent-central")
        for shell, script in COMPLETE.items():
            self.at.write("/root/complete", script)
            said = self.at.run(f"{shell} /root/complete").split()
            _expect("diag" in said, f"{shell} completes 'posagent di' to {said}")
        return ", ".join(COMPLETE)

    def sandboxes_hold(self) -> str:
        scores = []
        for unit, most in (("posagent", 15), ("posagent-central", 20)):
            said = self.at.run(f"systemd-analyze security --no-pager --threshold={most} {unit}.service | tail -1")
            scores.append(re.sub(r".*: ([\d.]+).*", r"\1", said))
            _expect(not self.at.run(f"systemd-analyze verify {unit}.service"), "systemd has something to say")
        return " and ".join(scores)

    def a_code_enrols_the_terminal(self) -> str:
        self.at.write("/etc/posagent-central/config.toml", CENTRE)
        self.at.run(CERTIFICATE)
        self.at.run("posagent-central check; systemctl enable --now posagent-central")
        self.at.write("/etc/systemd/system/modem.service", MODEM)
        self.at.run("systemctl daemon-reload; systemctl enable --now modem")
        self.at.write("/etc/posagent/config.toml", SETTINGS)
        self.at.run("posagent config check")
        code = self.at.run("runuser -u posagent-central -- posagent-central enroll-code --terminal pos-1 --json")
        found = re.search(r'"code": "([^"]+)"', code)
        self.at.run(f"echo {found.group(1) if found else code} | posagent enroll https://127.0.0.1:8443")
        self.at.run("systemctl restart posagent")
        return self.at.run("stat -c '%U %a' /var/lib/posagent/credential")

    def the_verdict_is_known_and_files_are_for_all(self) -> str:
        until(lambda: self._status()["diag"] and self._status()["diag"]["modem"]["model"], "no look at the modem")
        modes = self.at.run(
            "stat -c '%n %a' /run/posagent/status.json /run/posagent/message.txt /run/posagent/control.sock"
        )
        _expect(re.findall(r" (\d+)$", modes, re.M) == ["644", "644", "660"], modes)
        self.at.run("runuser -u nobody -- cat /run/posagent/status.json >/dev/null")
        diag = self._status()["diag"]
        return f"{diag['verdict']['code']}, {diag['modem']['model']}, clock: {self._why_clock()}"

    def reports_arrive(self) -> str:
        until(lambda: self.tally.arrived("heartbeat") >= 2, "no heartbeat arrived")
        return self.tally.counted()

    def memory(self) -> str:
        sizes = [self.at.run(f"grep VmRSS /proc/$(systemctl show -P MainPID {unit})/status").split()[1] for unit in
                 ("posagent", "posagent-central")]  # fmt: skip
        return " and ".join(f"{int(size) / 1024:.0f} MB" for size in sizes)

    def the_journal_has_fields(self) -> str:
        line = self.at.run("journalctl -u posagent -o json --no-pager -n 1 SYSLOG_IDENTIFIER=posagent")
        fields = json.loads(line.splitlines()[-1])
        return _expect("PRIORITY" in fields, f"only {sorted(fields)}") or f"PRIORITY {fields['PRIORITY']}"

    def a_reload_loses_nothing(self) -> str:
        before = self.at.run("systemctl show -P MainPID posagent; systemctl show -P NRestarts posagent")
        self.at.run("echo '[plan]\nquota_mb = 300' >> /etc/posagent/config.toml; systemctl reload posagent")
        until(lambda: "quota_mb" in self.at.run("posagent config show"), "no settings after the reload")
        after = self.at.run("systemctl show -P MainPID posagent; systemctl show -P NRestarts posagent")
        return _expect(before == after, f"{before} → {after}")

    def it_stops_within_2_s_and_says_so_to_the_centre(self) -> str:
        """By systemd's own clock; the quickest of three, since the machine may have other things to do."""
        quickest = []
        for unit in ("posagent-central", "posagent"):
            quickest.append(min(self._stopped(unit) for _ in range(3)))
            _expect(quickest[-1] <= 2.0, f"{unit}: {quickest[-1]:.1f} s")
        self.tally.back()
        until(lambda: self.tally.arrived("stopped") >= 3, "no last words arrived")
        return " and ".join(f"{one:.1f} s" for one in quickest)

    def a_payments_lock_counts_without_a_daemon(self) -> str:
        """For what people type, and for the agent that starts meanwhile."""
        self.at.run("systemctl stop posagent; test ! -e /run/posagent/status.json")
        self.at.run("systemd-run -q --unit=payment posagent hold 3600; "
                    "while flock -n /run/posagent/hold true; do sleep 0.1; done")  # fmt: skip
        code = self.at.run("posagent at AT >/dev/null 2>&1 || echo $?")
        _expect(code == "4", f"posagent at: {code}")
        self.at.run("systemctl start posagent")
        until(lambda: self._line().get("held"), "the agent does not see the lock")
        said = self._status().get("diag")
        self.at.run("systemctl stop payment")
        until(lambda: self._line().get("held") is False, "the agent does not see its end")
        return _expect(not said, "it looked at the modem") or "nothing looked at while it was held"

    def a_shutdown_is_announced(self) -> str:
        stops = self.tally.arrived("stopped")
        took = self.at.shut_down()
        self.at.boot()
        self.tally.back()
        until(lambda: self.tally.arrived("stopped") > stops, "no last word of the shutdown")
        return f"{took:.1f} s"

    def kills_hangs_and_power_cuts(self) -> str:
        return Rounds(self.at, self.tally, self.rounds).go()

    def the_secret_may_come_from_systemd(self) -> str:
        drop_in = "[Service]\nLoadCredential=credential:/root/secret\n"
        self.at.write("/etc/systemd/system/posagent.service.d/secret.conf", drop_in)
        place = "/run/credentials/posagent.service/credential"
        self.at.run(
            "install -m 600 /var/lib/posagent/credential /root/secret; rm /var/lib/posagent/credential; "
            "systemctl daemon-reload; "
            f"sed -i 's|^ca_file|credential_file = \"{place}\"\\nca_file|' /etc/posagent/config.toml"
        )
        before = self.tally.arrived("started")
        self.at.run("systemctl restart posagent")
        until(lambda: self.tally.arrived("started") > before, "nothing arrived")
        return self.at.run(f"stat -c '%U %a' {place}")

    def a_clock_of_1970_is_said_and_outlived(self) -> str:
        """The agent's clock only: a container has the machine's. docs/packaging.md has a whole machine of 1970."""
        self.at.write("/opt/posagent/agent-of-1970.py", AGENT_OF_1970)
        start = "/opt/posagent/bin/python3 -I /opt/posagent/agent-of-1970.py"
        self.at.write(FALSE_CLOCK, f"[Service]\nExecStart=\nExecStart={start}\n")
        self.at.run("systemctl daemon-reload; systemctl restart posagent")
        until(lambda: "clock.wrong" in self._findings(), "the agent does not say that the clock is wrong")
        said = f"{self._verdict()}; {self.tally.waiting()} wait"
        self.at.run(
            f"rm {FALSE_CLOCK} /opt/posagent/agent-of-1970.py; systemctl daemon-reload; systemctl restart posagent"
        )
        until(lambda: self._findings() and "clock.wrong" not in self._findings(), "it goes on saying so")
        return self.tally.nothing_missing(said)

    def the_port_goes_and_returns_under_another_name(self) -> str:
        was = self.at.run("readlink -f /dev/posagent-at")
        self.at.run("systemctl stop modem; rm /dev/posagent-at")
        until(lambda: self._verdict().startswith(("port.", "modem.")), "the agent did not notice")
        gone = self._verdict()
        # Somebody else has the old number now.
        taken = 'import os, time; os.openpty(); open("/run/taken", "w"); time.sleep(9999)'
        self.at.run(f"systemd-run -q --unit=taken python3 -c '{taken}'; until test -e /run/taken; do sleep 0.1; done")
        self.at.run("systemctl start modem")
        until(lambda: not self._verdict().startswith(("port.", "modem.")), "the agent did not find it again")
        now = self.at.run("readlink -f /dev/posagent-at; systemctl stop taken")
        _expect(was != now, f"the port is {now} as before")
        return f"{gone}; {was} → {now}"

    def a_full_disk_is_said_and_outlived(self) -> str:
        """A small file system in the place of the state, filled to the last block."""
        self.at.run(
            "systemctl stop posagent; mkdir -p /mnt/small; mount -t tmpfs -o size=6M,mode=0750 small /mnt/small; "
            "chown posagent: /mnt/small; cp -a /var/lib/posagent/. /mnt/small; "
            "mount --bind /mnt/small /var/lib/posagent; systemctl start posagent"
        )
        try:
            self.at.run("cat /dev/zero > /var/lib/posagent/filler 2>/dev/null || true; df /var/lib/posagent")
            said = until(self._met_a_full_disk, "the agent does not say that the disk is full")
            before = self.tally.arrived()
            self.at.run("rm /var/lib/posagent/filler")
            until(lambda: self.tally.arrived() > before, "nothing arrives any more")
        finally:
            self.at.run("systemctl stop posagent; cp -a /mnt/small /root/back; rm -f /root/back/filler; "
                        "umount /var/lib/posagent /mnt/small; cp -a /root/back/. /var/lib/posagent; "
                        "systemctl start posagent")  # fmt: skip
        return self.tally.nothing_missing("; ".join(f"{key}: {value}" for key, value in said.items()))

    def an_upgrade_with_a_full_outbox_loses_nothing(self) -> str:
        self.at.run("systemctl stop posagent-central")
        until(self._more_waits, "too little waits")
        waiting = self.tally.waiting()
        self._repack("0.9.0")
        self.at.run("dpkg -i /root/newer/*.deb </dev/null")
        _expect("quota_mb = 300" in self.at.run("cat /etc/posagent/config.toml"), "the settings were replaced")
        self.at.run("systemctl is-active posagent; systemctl start posagent-central")
        before = self.at.run("systemctl show -P MainPID posagent-central")
        self.at.run("dpkg -i /root/newer/posagent-central_*.deb </dev/null; systemctl is-active posagent-central")
        _expect(self.at.run("systemctl show -P MainPID posagent-central") != before, "the centre was not begun anew")
        return self.tally.nothing_missing(f"{waiting} waited")

    def a_downgrade_is_refused(self) -> str:
        said = self.at.run("dpkg -i /root/posagent_*.deb || true")
        _expect("Going back" in said, said)
        return self.at.run("dpkg-query -W -f '${Version}' posagent; systemctl is-active posagent").replace("\n", ", ")

    def nothing_is_lost_and_nothing_doubled(self) -> str:
        return self.tally.nothing_missing()

    def remove_keeps_the_state(self) -> str:
        self.at.run("dpkg -r posagent posagent-central")
        for unit in ("posagent", "posagent-central"):
            _expect(self.at.run(f"systemctl is-active {unit} || true") == "inactive", f"{unit} runs on")
        self.at.run("test ! -e /opt/posagent; test ! -e /lib/systemd/system/posagent.service")
        return self.at.run("test -s /var/lib/posagent/outbox.db; test -s /var/lib/posagent-central/central.db; "
                           "grep -c . /etc/posagent/config.toml >/dev/null")  # fmt: skip

    def purge_takes_all_but_the_user(self) -> str:
        self.at.run("dpkg -P posagent posagent-central")
        left = self.at.run("ls -d /etc/posagent* /var/lib/posagent* /run/posagent* /opt/posagent* "
                           "/usr/share/*/posagent* /etc/systemd/system/*/posagent* 2>/dev/null || true")  # fmt: skip
        _expect(not left, left)
        return self.at.run("getent passwd posagent | cut -d: -f1,7")

    # -- asking -------------------------------------------------------------------------------------------------------

    def _status(self) -> dict[str, Any]:
        """`posagent status --json`; {} parts where the daemon does not answer yet."""
        said = self.at.run("posagent status --json 2>/dev/null || true")
        try:
            known: dict[str, Any] = json.loads(said)
        except ValueError:
            return {"diag": {}, "troubles": {}, "self": {}}
        return known

    def _verdict(self) -> str:
        diag = self._status().get("diag") or {}
        return str(diag.get("verdict", {}).get("code", ""))

    def _line(self) -> dict[str, Any]:
        line: dict[str, Any] = self._status().get("line") or {}
        return line

    def _findings(self) -> list[str]:
        diag = self._status().get("diag") or {}
        return [finding["code"] for finding in diag.get("findings", [])] + [self._verdict()][: bool(diag)]

    def _why_clock(self) -> str:
        return self.at.run("timedatectl show -p NTPSynchronized --value || true").splitlines()[-1]

    # -- doing --------------------------------------------------------------------------------------------------------

    def _stopped(self, unit: str) -> float:
        """Seconds from systemd's SIGTERM to the process's end; then started again."""
        self.at.run(f"systemctl stop {unit}")
        stamps = ("ActiveExitTimestampMonotonic", "ExecMainExitTimestampMonotonic")
        asked, ended = (int(self.at.run(f"systemctl show -P {stamp} {unit}")) for stamp in stamps)
        self.at.run(f"systemctl start {unit}")
        return (ended - asked) / 1e6

    def _met_a_full_disk(self) -> dict[str, str]:
        """Each start has something to write."""
        self.at.run("systemctl kill -s KILL --kill-whom=main posagent", check=False)
        self.at.run("systemctl stop posagent; systemctl start posagent", check=False)
        time.sleep(2)
        troubles: dict[str, str] = self._status()["troubles"]
        return troubles

    def _more_waits(self) -> bool:
        self.at.run("systemctl restart posagent")
        return self.tally.waiting() >= FULL

    def _repack(self, version: str) -> None:
        """The same packages with a later number."""
        with tempfile.TemporaryDirectory() as draft:
            for deb in self.debs:
                tree = Path(draft) / deb.name
                subprocess.run(["dpkg-deb", "-R", deb, tree], check=True)
                for name in ("control", "preinst"):
                    path = tree / "DEBIAN" / name
                    path.write_text(re.sub(r"\b0\.1\.0\b", version, path.read_text()))
                new = Path(draft) / f"new-{deb.name}"
                subprocess.run(
                    ["dpkg-deb", "-Znone", "--root-owner-group", "-b", tree, new], check=True, capture_output=True
                )
                self.at.run("mkdir -p /root/newer")
                self.at.put(new, f"/root/newer/{deb.name}")


def _expect(holds: bool, otherwise: str) -> str:
    if not holds:
        raise Failed(otherwise)
    return ""
