"""Settings: defaults, merging, and errors that name the place."""

import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.cli.config import example
from agent.config import ConfigError, line_of, load
from agent.config_apart import load_apart
from agent.config_check import checked
from agent.settings import Config, plain

ROOT = Path(__file__).resolve().parents[2]


def write(folder: Path, text: str, name: str = "config.toml") -> Path:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_default_file_everything_has_its_default(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("POSAGENT_CONFIG", raising=False)
    monkeypatch.setattr("agent.config.DEFAULT_PATH", tmp_path / "none.toml")
    assert load() == Config()


def test_a_named_file_that_is_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"gone\.toml: found No such file"):
        load(tmp_path / "gone.toml")


def test_the_environment_names_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSAGENT_CONFIG", str(write(tmp_path, "[sample]\nlight_s = 30\n")))
    assert load().sample.light_s == 30


def test_a_folder_of_settings_that_is_closed_to_this_user_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(_: Path) -> Iterator[Path]:
        raise PermissionError

    (tmp_path / "config.toml").write_text("")
    (tmp_path / "conf.d").mkdir()
    monkeypatch.setattr(Path, "iterdir", closed)
    with pytest.raises(ConfigError, match=r"conf\.d.*a file that can be read"):
        load(tmp_path / "config.toml")


def test_conf_d_is_merged_key_by_key_in_the_order_of_names(tmp_path: Path) -> None:
    main = write(tmp_path, "[sample]\nlight_s = 30\ndeep_s = 300\n")
    write(tmp_path / "conf.d", "[sample]\nlight_s = 40\n", "20-b.toml")
    write(tmp_path / "conf.d", "[sample]\nlight_s = 50\n", "10-a.toml")
    config = load(main)
    assert (config.sample.light_s, config.sample.deep_s) == (40, 300)


@pytest.mark.parametrize(
    ("text", "line", "key", "found", "allowed"),
    [
        ("[modem]\nbaud = 1\n", 2, "modem.baud", "1", "115200"),
        ("\n[sample]\nlight_s = 0\n", 3, "sample.light_s", "0", "1 to 3600"),
        ("sample.light_s = 0\n", 1, "sample.light_s", "0", "1 to 3600"),
        ("[sample]\nlight_s = true\n", 2, "sample.light_s", "True", "whole number"),
        ("[sample]\nlight_s = '60'\n", 2, "sample.light_s", "'60'", "whole number"),
        ("[plan]\nexpires_on = '2026-02-30'\n", 2, "plan.expires_on", "2026-02-30", "a date"),
        ("[uplink]\nurl = 'http://centre.example'\n", 2, "uplink.url", "http://centre.example", "https"),
        ("[probe]\npayment_hosts = ['x']\n", 2, "probe.payment_hosts.0", "'x'", "host:port"),
        ("[terminal]\nname = '\"\"'\nid = 'a b'\n", 3, "terminal.id", "a b", "letters"),
        ("[nonsense]\n", 1, "nonsense", "does not exist", "sections terminal, modem"),
        ("[uplink]\nhartbeat_s = 9\n", 2, "uplink.hartbeat_s", "does not exist, perhaps heartbeat_s", "keys url,"),
        ("[uplink]\nlight_s = 9\n", 2, "uplink.light_s", "does not exist, perhaps [sample] light_s", "keys url,"),
        ("[modems]\n", 1, "modems", "does not exist, perhaps modem", "sections terminal, modem"),
        ("[uplink]\nurl = 'https://centre.example'\n", None, "terminal.id", "nothing", "a name"),
        ("modem = 3\n", 1, "modem", "3", "[modem]"),
        ("[modem]\nport = \n", 2, None, "Invalid value", "TOML"),
    ],
)
def test_an_error_names_line_key_what_was_found_and_what_is_allowed(
    tmp_path: Path, text: str, line: int | None, key: str | None, found: str, allowed: str
) -> None:
    path = write(tmp_path, text)
    with pytest.raises(ConfigError) as caught:
        load(path)
    error = caught.value
    assert (error.file, error.line, error.key) == (str(path), line, key)
    assert found in error.found
    assert allowed in error.allowed


def test_the_file_that_spoke_last_is_blamed(tmp_path: Path) -> None:
    main = write(tmp_path, "[sample]\nlight_s = 30\n")
    extra = write(tmp_path / "conf.d", "[sample]\n\nlight_s = 0\n", "a.toml")
    with pytest.raises(ConfigError) as caught:
        load(main)
    assert (caught.value.file, caught.value.line) == (str(extra), 3)


def test_the_value_of_an_unknown_key_is_not_repeated(tmp_path: Path) -> None:
    path = write(tmp_path, "[uplink]\npassword = 'hunter2'\n")
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert "hunter2" not in str(caught.value)


def test_toml_dates_are_dates(tmp_path: Path) -> None:
    assert load(write(tmp_path, "[plan]\nexpires_on = 2026-12-31\n")).plan.expires_on == "2026-12-31"


def test_a_text_over_many_lines_hides_no_key() -> None:
    text = '[terminal]\nname = """\nid = 1\n"""\nid = "x"\n'
    assert line_of(text, ("terminal", "id")) == 5


@pytest.mark.parametrize("raw", [b"\xff\xfe", b"a = " + b"[" * 5000, b"[" * 100, b"\x00", b"a" * 300_000])
def test_a_file_that_is_no_toml_is_an_error_like_any_other(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "c.toml"
    path.write_bytes(raw)
    with pytest.raises(ConfigError):
        load(path)


@given(st.text(max_size=200), st.lists(st.text(max_size=5), min_size=1, max_size=3))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_looking_for_a_line_never_fails(text: str, keys: list[str]) -> None:
    assert line_of(text, tuple(keys)) is None or text


def test_the_example_is_what_the_code_says() -> None:
    """Renew it with `posagent config init > config.example.toml`."""
    assert (ROOT / "config.example.toml").read_text(encoding="utf-8") == example()


def test_the_example_holds_every_setting_with_its_default_and_a_comment() -> None:
    text = example()
    assert checked(tomllib.loads(text)) == Config()
    assert tomllib.loads(text) == plain(Config())
    lines = text.splitlines()
    keys = [number for number, line in enumerate(lines) if " = " in line and not line.startswith("#")]
    assert all(lines[number - 2].startswith("# ") and len(lines[number - 2]) > 5 for number in keys)
    assert len(keys) == sum(len(section) for section in plain(Config()).values())


def test_checked_in_a_process_of_its_own_the_settings_are_the_same(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[plan]\nexpires_on = 2026-12-31\n[probe]\npayment_hosts = ["pay.example:443"]\n')
    assert load_apart(file) == load(file)


@pytest.mark.parametrize(("word", "bound"), [("yes", True), ("no", False), ("auto", None)])
def test_what_is_said_of_the_cards_lock_reaches_daemon_and_a_look_without_one(word: str, *, bound: bool | None) -> None:
    config = checked({"plan": {"card_bound": word}})
    assert isinstance(config, Config)
    assert config.desk_settings().bound is bound
    assert config.examine_settings().bound is bound


def test_checked_in_a_process_of_its_own_the_error_is_the_same(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[sample]\nlight_s = 0\n")
    with pytest.raises(ConfigError) as here:
        load(file)
    with pytest.raises(ConfigError) as apart:
        load_apart(file)
    assert str(apart.value) == str(here.value)


def test_a_checker_that_cannot_be_started_is_no_fault_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "gone"))
    with pytest.raises(RuntimeError, match="checking the configuration failed"):
        load_apart(write(tmp_path, ""))


def test_without_a_file_nobody_loads_the_checker(tmp_path: Path) -> None:
    code = "import sys; from agent.config import load; load(); print('pydantic' in sys.modules)"
    environment = {**os.environ, "POSAGENT_CONFIG": ""}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


@pytest.mark.parametrize(
    ("text", "rungs"),
    [
        ("", ("reattach", "pdp_cycle", "radio_cycle", "modem_reset", "usb_reset", "ask")),
        ('[recovery]\nrungs = ["reboot", "power", "ask"]\n', ("ask", "reboot")),
        ('[recovery]\nrungs = ["power"]\npower_command = ["/bin/true"]\n', ("power",)),
        ('[modem]\nbackend = "modemmanager"\n', ("usb_reset", "ask")),
    ],
)
def test_recovery_has_the_steps_that_are_allowed_and_possible(
    tmp_path: Path, text: str, rungs: tuple[str, ...]
) -> None:
    (tmp_path / "config.toml").write_text(text)
    assert load(tmp_path / "config.toml").recovery_settings().ladder.rungs == rungs
