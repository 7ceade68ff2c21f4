"""What is shipped beside the code: units that systemd accepts, data files inside the packages, a clean tree."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

from agent.cli import main
from agent.config import ConfigError
from agent.settings import Config

ROOT = Path(__file__).parents[2]
UNITS = sorted((ROOT / "systemd").glob("*.service"))


def test_both_units_are_shipped() -> None:
    assert {unit.name for unit in UNITS} == {"posagent.service", "posagent-central.service"}


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_finds_nothing_to_say_about_the_unit(unit: Path, tmp_path: Path) -> None:
    # verify exits 0 on an unknown key and checks that ExecStart exists: point it at a real file, and allow no output.
    text = re.sub(r"^(ExecStart\w*|ExecReload)=\S+", rf"\1={shutil.which('true')}", unit.read_text(), flags=re.M)
    copy = tmp_path / unit.name
    copy.write_text(text)
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", copy], capture_output=True, text=True, check=False)
    assert (done.stdout + done.stderr).strip() == ""
    assert done.returncode == 0


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
@pytest.mark.parametrize("key", ["Type=notify", "WatchdogSec=", "Restart=", "NoNewPrivileges=", "ProtectSystem=strict"])
def test_units_say_what_the_design_promises(unit: Path, key: str) -> None:
    assert re.search(rf"^{re.escape(key)}", unit.read_text(), flags=re.M)


@pytest.mark.parametrize(("name", "tenths"), [("posagent.service", 15), ("posagent-central.service", 20)])
def test_units_stay_hardened(name: str, tenths: int) -> None:
    command = ["systemd-analyze", "security", "--offline=yes", "--no-pager", f"--threshold={tenths}"]
    done = subprocess.run([*command, ROOT / "systemd" / name], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout.splitlines()[-1:]


def test_serial_devices_are_allowed_by_class_not_by_path() -> None:
    # A rule for a path that is absent at start is dropped, and the service then gets EPERM until it is restarted.
    unit = (ROOT / "systemd" / "posagent.service").read_text()
    rules = re.findall(r"^DeviceAllow=(\S+)", unit, flags=re.M)
    assert {"char-188", "char-166"} <= set(rules)
    assert not [rule for rule in rules if rule.startswith("/dev/tty")]


def test_versions_agree() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert (
        f"## {version}" in (ROOT / "CHANGELOG.md").read_text() or "## Unreleased" in (ROOT / "CHANGELOG.md").read_text()
    )


def test_every_package_data_file_is_declared() -> None:
    config = tomllib.loads((ROOT / "pyproject.toml").read_text())
    declared = config["tool"]["setuptools"]["package-data"]
    for package in ("agent", "modem", "central"):
        matched = {path for pattern in declared[package] for path in (ROOT / package).glob(pattern)}
        data = {
            path
            for path in (ROOT / package).rglob("*")
            if path.is_file() and path.suffix not in {".py", ".pyc"} and "__pycache__" not in path.parts
        }
        assert data == matched


def test_everything_a_package_brings_is_pinned_to_one_version() -> None:
    # That nothing else is installed beside it, debian/environment looks at while it builds.
    pins = [line for line in (ROOT / "constraints.txt").read_text().splitlines() if line and not line.startswith("#")]
    assert [pin for pin in pins if not re.fullmatch(r"[\w.-]+==[\w.]+", pin)] == []
    named = {_plain(pin.partition("==")[0]) for pin in pins}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = {name: wanted for name, wanted in project["optional-dependencies"].items() if name != "dev"}
    wanted = [one for some in (project["dependencies"], *extras.values()) for one in some]
    names = {_plain(re.split(r"[\s\[<>=!~;]", one)[0]) for one in wanted}
    assert names - named <= {"posagent"}


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("package", ["posagent", "posagent-central"])
def test_a_package_brings_the_pages_that_its_readme_names(package: str) -> None:
    brought = (ROOT / "debian" / f"{package}.docs").read_text().split()
    named = re.findall(r"\]\((?:docs/)?([\w./-]+)\)", (ROOT / "README.md").read_text())
    pages = {name for name in named if (ROOT / name).is_file() and name.endswith(".md")}
    assert "SECURITY.md" in pages
    assert pages <= set(brought)
    assert "docs" in brought


def test_the_bill_of_materials_is_made_when_the_installers_are_gone() -> None:
    made = (ROOT / "debian" / "environment").read_text()
    assert made.index("pip uninstall -q -y pip setuptools") < made.index("/bin/cyclonedx-py")


def test_a_centre_that_runs_is_begun_anew_by_an_upgrade_and_ended_by_a_removal() -> None:
    """debhelper does neither for a service that it does not start (dh_installsystemd --no-start)."""
    rules = (ROOT / "debian" / "rules").read_text()
    assert re.search(r"^\tdh_installsystemd -p posagent-central .*--restart-after-upgrade$", rules, flags=re.M)
    prerm = ROOT / "debian" / "posagent-central.prerm"
    assert "deb-systemd-invoke stop posagent-central.service" in prerm.read_text()


def test_the_check_of_the_settings_may_take_nearly_as_long_as_the_unit_gives_a_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A busy machine took more than a minute for it after a power cut, and the start failed."""
    given: list[float] = []

    def load_apart(path: Path | None = None, patience_s: float = 0.0) -> Config:
        given.append(patience_s)
        raise ConfigError("config.toml", None, None, "it was asked for", "nothing")

    monkeypatch.setattr("agent.config_apart.load_apart", load_apart)
    assert main(["run"]) == 10
    unit = (ROOT / "systemd" / "posagent.service").read_text()
    allowed = re.search(r"^TimeoutStartSec=(\d+)$", unit, flags=re.M)
    assert allowed is not None
    assert 0.5 < given[0] / float(allowed[1]) < 0.9
