"""`make rig-test`: both packages on a Debian 12 that boots, treated badly. One line a check; exits 1 if one fails.

The modem is `posagent simulate` behind the name /dev/posagent-at, which is what the udev rule gives a real one. What
the outbox holds on the disk is noted down after each kill and each power cut, and the centre counts: each of these is
there once, or declared missing by a "gap". (Routine that waits in memory may go with the power.)
Real serial ports, udev, lost writes and a clock of 1970 need a virtual machine: docs/packaging.md has how that went.
"""

import argparse
import json
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from rig_machine import Failed, Machine, until

ROOT = Path(__file__).parents[1]
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
[outbox]
routine_write_s = 5
"""
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
COUNT = r"""
import json, sqlite3
def rows(path, query): return sqlite3.connect(f"file:{path}?mode=ro", uri=True).execute(query).fetchall()
there = rows("/var/lib/posagent-central/central.db",
    "SELECT e.epoch, r.seq, r.type, r.at, r.body FROM reports r "
    "JOIN epochs e ON e.terminal = r.terminal AND e.number = r.epoch_number")
((epoch,),) = rows("/var/lib/posagent/outbox.db", "SELECT epoch FROM meta")
kinds = [row[2] for row in there]
print(json.dumps({
    "arrived": [row[:2] for row in there],
    "waiting": [(epoch, seq) for (seq,) in rows("/var/lib/posagent/outbox.db", "SELECT seq FROM entry")],
    "dropped": [(one, seq) for one, _, kind, _, body in there if kind == "gap"
        for part in json.loads(body)["dropped"] for seq in range(part["first_seq"], part["last_seq"] + 1)],
    "same": len(there) - len({row[2:] for row in there}),
    "kinds": {kind: kinds.count(kind) for kind in kinds}}))
"""
DURABLE = "SELECT epoch, seq FROM meta, entry"


Key = tuple[str, int]


class Story:
    """The checks, in their order; each may build on those before."""

    def __init__(self, machine: Machine, debs: list[Path], rounds: int) -> None:
        self.at, self.debs, self.rounds = machine, debs, rounds
        self.chance = random.Random(7)
        self.durable: set[Key] = set()
        """What the terminal's disk was seen to hold, at any time."""

    def boots(self) -> str:
        self.at.make()
        return f"{self.at.boot():.1f} s"

    def both_are_installed_without_a_network(self) -> str:
        for deb in self.debs:
            self.at.put(deb, f"/root/{deb.name}")
        self.at.run("dpkg -i /root/posagent_*.deb /root/posagent-central_*.deb", 180)
        self.at.run("systemctl is-enabled posagent && systemctl is-active posagent && id posagent | grep dialout")
        return "the centre is " + self.at.run("systemctl is-enabled posagent-central || true")

    def commands_manuals_and_completion_are_there(self) -> str:
        self.at.run("posagent --version && posagent-central --help && test -s /usr/share/man/man1/posagent.1.gz")
        said = self.at.run(
            "bash -c '. /usr/share/bash-completion/completions/posagent; COMP_WORDS=(posagent di); COMP_CWORD=1; "
            '$(complete -p posagent | sed "s/.*-F \\([^ ]*\\).*/\\1/"); echo ${COMPREPLY[*]}\''
        )
        return _expect(said == "diag", said)

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
        until(lambda: self._status()["diag"] and self._status()["diag"]["modem"]["model"], 60, "no look at the modem")
        modes = self.at.run(
            "stat -c '%n %a' /run/posagent/status.json /run/posagent/message.txt /run/posagent/control.sock"
        )
        _expect(re.findall(r" (\d+)$", modes, re.M) == ["644", "644", "660"], modes)
        self.at.run("runuser -u nobody -- cat /run/posagent/status.json >/dev/null")
        diag = self._status()["diag"]
        return f"{diag['verdict']['code']}, {diag['modem']['model']}, clock: {self._why_clock()}"

    def reports_arrive(self) -> str:
        until(lambda: self._count()["kinds"].get("heartbeat", 0) >= 2, 60, "no heartbeat arrived")
        return self._counted()

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
        until(lambda: "quota_mb" in self.at.run("posagent config show"), 30, "no settings after the reload")
        after = self.at.run("systemctl show -P MainPID posagent; systemctl show -P NRestarts posagent")
        return _expect(before == after, f"{before} → {after}")

    def it_stops_within_2_s_and_says_so_to_the_centre(self) -> str:
        times = []
        for unit in ("posagent", "posagent-central"):
            stops = self._count()["kinds"].get("stopped", 0)
            began = time.monotonic()
            self.at.run(f"systemctl stop {unit}")
            times.append(time.monotonic() - began)
            _expect(times[-1] <= 2.5, f"{unit}: {times[-1]:.1f} s")
            _expect(unit != "posagent" or self._count()["kinds"].get("stopped", 0) > stops, "no last word arrived")
            self.at.run(f"systemctl start {unit}")
        return " and ".join(f"{one:.1f} s" for one in times)

    def a_shutdown_is_announced(self) -> str:
        stops = self._count()["kinds"].get("stopped", 0)
        took = self.at.shut_down()
        self.at.boot()
        self._back()
        until(lambda: self._count()["kinds"].get("stopped", 0) > stops, 60, "no last word of the shutdown")
        return f"{took:.1f} s"

    def kills_of_the_agent(self) -> str:
        return self._kills("posagent")

    def kills_of_the_centre(self) -> str:
        return self._kills("posagent-central")

    def power_cuts(self) -> str:
        for _ in range(self.rounds):
            time.sleep(self.chance.uniform(0, 4))
            self.at.cut_power()
            self._look_at_the_disk()
            self.at.boot()
        return self._nothing_missing(f"{self.rounds} of the whole machine")

    def the_secret_may_come_from_systemd(self) -> str:
        drop_in = "[Service]\nLoadCredential=credential:/root/secret\n"
        self.at.write("/etc/systemd/system/posagent.service.d/secret.conf", drop_in)
        place = "/run/credentials/posagent.service/credential"
        self.at.run(
            "install -m 600 /var/lib/posagent/credential /root/secret; rm /var/lib/posagent/credential; "
            "systemctl daemon-reload; "
            f"sed -i 's|^ca_file|credential_file = \"{place}\"\\nca_file|' /etc/posagent/config.toml"
        )
        before = self._count()["kinds"].get("started", 0)
        self.at.run("systemctl restart posagent")
        until(lambda: self._count()["kinds"].get("started", 0) > before, 60, "nothing arrived")
        return self.at.run(f"stat -c '%U %a' {place}")

    def a_hang_is_ended_by_the_watchdog(self) -> str:
        self.at.run("mkdir -p /run/systemd/system/posagent.service.d")
        self.at.write("/run/systemd/system/posagent.service.d/quick.conf", "[Service]\nWatchdogSec=8\nRestartSec=1\n")
        self.at.run("systemctl daemon-reload; systemctl restart posagent")
        restarts = int(self.at.run("systemctl show -P NRestarts posagent"))
        began = time.monotonic()
        self.at.run("systemctl kill -s STOP --kill-whom=main posagent")
        until(lambda: int(self.at.run("systemctl show -P NRestarts posagent")) > restarts, 120, "it was not restarted")
        self.at.run("rm -r /run/systemd/system/posagent.service.d; systemctl daemon-reload; systemctl restart posagent")
        return self._nothing_missing(f"after {time.monotonic() - began:.0f} s")

    def the_port_goes_and_returns_under_another_name(self) -> str:
        was = self.at.run("readlink -f /dev/posagent-at")
        self.at.run("systemctl stop modem; rm /dev/posagent-at")
        until(lambda: self._verdict().startswith(("port.", "modem.")), 180, "the agent did not notice")
        gone = self._verdict()
        # Somebody else has the old number now.
        self.at.run("systemd-run -q --unit=taken python3 -c 'import os, time; os.openpty(); time.sleep(999)'")
        self.at.run("systemctl start modem")
        until(lambda: not self._verdict().startswith(("port.", "modem.")), 180, "the agent did not find it again")
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
        before = len(self._count()["arrived"])
        self.at.run("cat /dev/zero > /var/lib/posagent/filler 2>/dev/null || true; df /var/lib/posagent")
        self.at.run("systemctl kill -s KILL --kill-whom=main posagent; sleep 1; systemctl start posagent", check=False)
        self.at.run("systemctl stop modem")  # something to tell
        said = until(lambda: self._status()["troubles"], 180, "the agent does not say that the disk is full")
        self.at.run("rm /var/lib/posagent/filler; systemctl start modem")
        until(lambda: len(self._count()["arrived"]) > before, 180, "nothing arrives any more")
        self.at.run("systemctl stop posagent; cp -a /mnt/small /root/back; umount /var/lib/posagent /mnt/small; "
                    "cp -a /root/back/. /var/lib/posagent; systemctl start posagent")  # fmt: skip
        return self._nothing_missing("; ".join(f"{key}: {value}" for key, value in said.items()))

    def an_upgrade_with_a_full_outbox_loses_nothing(self) -> str:
        self.at.run("systemctl stop posagent-central")
        for _ in range(5):
            self.at.run("systemctl restart posagent; sleep 1")
        waiting = len(self._count()["waiting"])
        _expect(waiting >= 10, f"only {waiting} wait")
        self._repack("0.9.0")
        self.at.run("dpkg -i /root/newer/*.deb </dev/null", 180)
        _expect("quota_mb = 300" in self.at.run("cat /etc/posagent/config.toml"), "the settings were replaced")
        self.at.run("systemctl is-active posagent; systemctl start posagent-central")
        return self._nothing_missing(f"{waiting} waited")

    def a_downgrade_is_refused(self) -> str:
        said = self.at.run("dpkg -i /root/posagent_*.deb || true", 120)
        _expect("Going back" in said, said)
        return self.at.run("dpkg-query -W -f '${Version}' posagent; systemctl is-active posagent").replace("\n", ", ")

    def nothing_is_lost_and_nothing_doubled(self) -> str:
        return self._nothing_missing("")

    def remove_keeps_the_state(self) -> str:
        self.at.run("dpkg -r posagent posagent-central", 120)
        _expect(self.at.run("systemctl is-active posagent || true") == "inactive", "it runs on")
        self.at.run("test ! -e /opt/posagent; test ! -e /lib/systemd/system/posagent.service")
        return self.at.run("test -s /var/lib/posagent/outbox.db; test -s /var/lib/posagent-central/central.db; "
                           "grep -c . /etc/posagent/config.toml >/dev/null")  # fmt: skip

    def purge_takes_all_but_the_user(self) -> str:
        self.at.run("dpkg -P posagent posagent-central", 120)
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

    def _why_clock(self) -> str:
        return self.at.run("timedatectl show -p NTPSynchronized --value || true").splitlines()[-1]

    def _count(self) -> dict[str, Any]:
        self.at.write("/root/count.py", COUNT)
        said = self.at.run("python3 /root/count.py", 120)
        counted: dict[str, Any] = json.loads(said)
        self.durable |= _keys(counted["waiting"])
        return counted

    def _counted(self) -> str:
        known = self._count()
        arrived, gone = _keys(known["arrived"]), _keys(known["dropped"])
        lost = self.durable - arrived - gone - _keys(known["waiting"])
        doubled = len(known["arrived"]) - len(arrived) + known["same"]
        _expect(not lost and not doubled, f"lost: {sorted(lost)[:20]}, doubled: {doubled}")
        return f"{len(arrived)} arrived, of {len(self.durable)} seen on the disk none lost, none doubled"

    def _look_at_the_disk(self) -> None:
        """While the agent is down: what it must not lose from now on."""
        with tempfile.TemporaryDirectory() as draft:
            for file in (self.at.folder / "disk/var/lib/posagent").glob("outbox.db*"):
                shutil.copy(file, draft)
            with closing(sqlite3.connect(Path(draft) / "outbox.db")) as outbox:
                self.durable |= set(outbox.execute(DURABLE))

    def _back(self) -> None:
        until(lambda: self.at.run("systemctl is-active posagent posagent-central || true") == "active\nactive", 60,
              "the services do not come back")  # fmt: skip

    def _nothing_missing(self, what: str) -> str:
        """Waits until the outbox has been emptied, and counts."""
        self._back()
        until(self._flushed, 180, "the outbox does not empty")
        return ", ".join(part for part in (what, self._counted()) if part)

    def _flushed(self) -> bool:
        self.at.run("posagent outbox flush >/dev/null 2>&1 || true")
        return len(self._count()["waiting"]) <= 1

    def _kills(self, unit: str) -> str:
        for _ in range(self.rounds):
            time.sleep(self.chance.uniform(0, 2))
            self.at.run(f"systemctl kill -s KILL --kill-whom=main {unit} && sleep 0.1", check=False)
            if unit == "posagent":
                self._look_at_the_disk()
            self.at.run(f"systemctl start {unit}")
        return self._nothing_missing(f"{self.rounds} of {unit}")

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


def _keys(listed: list[list[Any]]) -> set[Key]:
    return {(str(epoch), int(seq)) for epoch, seq in listed}


def _expect(holds: bool, otherwise: str) -> str:
    if not holds:
        raise Failed(otherwise)
    return ""


def main() -> int:
    parser = argparse.ArgumentParser(prog="rig-test", description="both packages on a real boot, treated badly")
    parser.add_argument(
        "--deb-dir", type=Path, default=ROOT / "dist", help="where the .debs are (else built: make deb)"
    )
    parser.add_argument("--rounds", type=int, default=50, help="kills and power cuts of each kind (50)")
    parser.add_argument(
        "--skip", default="", help="leave out checks whose name holds one of these words, comma-separated"
    )
    parser.add_argument(
        "--folder", type=Path, default=Path("/var/tmp/posagent-rig-test"), help="where machines are kept"
    )
    parser.add_argument("--keep", action="store_true", help="leave the machine's disk")
    chosen = parser.parse_args()
    if not list(chosen.deb_dir.glob("posagent*_*.deb")):
        subprocess.run([ROOT / "scripts/make-deb"], check=True)
    debs = [max(chosen.deb_dir.glob(f"{name}_*.deb")) for name in ("posagent", "posagent-central")]
    machine = Machine(chosen.folder)
    story = Story(machine, debs, chosen.rounds)
    checks = [getattr(story, name) for name in vars(Story) if not name.startswith("_")]
    skipped = [word for word in chosen.skip.split(",") if word]
    checks = [check for check in checks if not any(word in check.__name__ for word in skipped)]
    try:
        failed = sum(map(_tell, checks))
    finally:
        machine.cut_power() if chosen.keep else machine.remove()
    print(f"{len(checks)} checks, {failed} failed")
    return 1 if failed else 0


def _tell(check: Callable[[], str]) -> bool:
    """Runs it and says how it went; True if it failed."""
    began = time.monotonic()
    try:
        said, failed = check(), False
    except (Failed, OSError, subprocess.SubprocessError, ValueError, LookupError) as why:
        said, failed = f"{type(why).__name__}: {why}", True
    words = check.__name__.replace("_", " ")
    print(f"{'FAIL' if failed else 'ok  '}  {words:52} {time.monotonic() - began:6.1f} s  {said}", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
