"""alerts.toml: what is wrong is said, secrets are not."""

from pathlib import Path

import pytest

from central.alerts.plan import read
from central.config import ConfigError

GOOD = """
[[channel]]
name = "ops"
url = "json://localhost"
[[channel]]
name = "hook"
url = "https://desk.example/hook"
secret = "0123456789abcdef"
[[rule]]
name = "all"
to = ["ops", "hook"]
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "alerts.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_good_file_is_read(tmp_path: Path) -> None:
    plan = read(written(tmp_path, GOOD))
    assert [one.name for one in plan.channel] == ["ops", "hook"]
    assert plan.rule[0].codes == ["*"]


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ('to = ["ops", "hook"]', 'to = ["nobody"]', "rule all: no channel nobody"),
        ('secret = "0123456789abcdef"', 'secret = "hunter2"', "16 characters"),
        ('name = "hook"', 'name = "ops"', "each used once"),
        ('name = "all"', 'name = "all"\nspeed = 1', "rule.0.speed"),
        ('name = "all"', 'name = "all"\nescalate_minutes = 5', "go together"),
        ('name = "ops"', 'name = "ops"\nquiet = "late"', "quiet"),
        ("[[rule]]", "[[rule", "not TOML"),
    ],
)
def test_a_mistake_is_said_without_secrets(tmp_path: Path, was: str, now: str, said: str) -> None:
    with pytest.raises(ConfigError, match=said) as caught:
        read(written(tmp_path, GOOD.replace(was, now)))
    assert "hunter2" not in str(caught.value)


def test_a_file_that_is_missing_is_said(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        read(tmp_path / "none.toml")
