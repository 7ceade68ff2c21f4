"""Settings: every mistake is named with its place."""

from pathlib import Path

import pytest

from central.config import SECTIONS, ConfigError, Settings, line_of, load, read_operator_token


def written(folder: Path, text: str) -> Path:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path


def complaint(path: Path, flags: dict[str, object] | None = None) -> str:
    with pytest.raises(ConfigError) as caught:
        load(path, flags)
    return str(caught.value)


def test_a_file_and_flags_are_put_together_and_flags_win(tmp_path: Path) -> None:
    path = written(tmp_path, '[server]\nlisten = "127.0.0.1:1"\nrate_burst = 7\n[fleet]\ngrace_share = 1.5\n')
    chosen = load(path, {"listen": "127.0.0.1:2", "rate_burst": None, "database": "sqlite:///x.db"})
    assert (chosen.server.listen, chosen.server.rate_burst, chosen.fleet.rules.grace_share) == ("127.0.0.1:2", 7, 1.5)
    assert chosen.storage.path == Path("x.db")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[server]\n\nlisen = 1\n", ":3: server.lisen: unknown, perhaps listen; known here: listen,"),
        ("\n[serfer]\nlisten = 1\n", ":2: serfer: unknown, perhaps server; known here: server,"),
        ('[server]\nlevel = "info"\n', ":2: server.level: unknown, perhaps [log] level; known here: listen,"),
        ("[server]\nzz = 1\n", ":2: server.zz: unknown; known here: listen,"),
        ("server.lisen = 1\n", ":1: server.lisen: unknown"),
        ('[server]\nlisten = "nowhere"\n', ":2: server.listen: HOST:PORT"),
        ('[server]\nlisten = "127.0.0.1:99999"\n', ":2: server.listen: HOST:PORT"),
        ('# x\n[storage]\ndatabase = "mysql://h/d"\n', ":3: storage.database: a path, sqlite:///path"),
        ("[fleet]\ngrace_share = -1\n", ":2: fleet.grace_share: "),
        ('[log]\nlevel = "loud"\n', ":2: log.level: "),
        ('[server]\ntls_cert = "c.pem"\n', ":1: server: tls_cert and tls_key go together"),
        ("server = 3\n", ":1: server: "),
    ],
)
def test_a_mistake_is_named_with_file_line_and_key(tmp_path: Path, text: str, expected: str) -> None:
    path = written(tmp_path, text)
    assert f"{path}{expected}" in complaint(path)


def test_a_mistake_in_a_flag_names_the_flag(tmp_path: Path) -> None:
    assert complaint(written(tmp_path, ""), {"grace_min_s": "soon"}).startswith("--grace-min-s: ")


def test_every_mistake_is_told_at_once(tmp_path: Path) -> None:
    assert len(complaint(written(tmp_path, "[server]\na = 1\nb = 2\n")).splitlines()) == 2


@pytest.mark.parametrize("text", ["listen =", "[server", "\x00", '[server]\n[server]\nlisten="x"\n'])
def test_a_file_that_is_not_toml_is_said(tmp_path: Path, text: str) -> None:
    assert "not TOML" in complaint(written(tmp_path, text))


def test_a_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    assert "no such file" in complaint(tmp_path / "none.toml")


def test_bytes_that_are_no_text_are_said(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b"\xff\xfe")
    assert "cannot be read" in complaint(path)


def test_keys_are_unique_so_that_each_is_one_flag() -> None:
    keys = [key for model in SECTIONS.values() for key in model.model_fields]
    assert len(keys) == len(set(keys))
    assert set(SECTIONS) == set(Settings.model_fields) - {"platforms"}  # of which there are as many as there are


@pytest.mark.parametrize(
    ("listen", "loopback"),
    [("127.0.0.1:1", True), ("localhost:1", True), ("[::1]:1", True), ("0.0.0.0:1", False), ("[::]:1", False),
     ("127.9.9.9:1", True), ("localhost.example:1", False)],
)  # fmt: skip
def test_loopback_is_told_from_a_network(tmp_path: Path, listen: str, loopback: bool) -> None:
    assert load(written(tmp_path, f'[server]\nlisten = "{listen}"\n')).server.is_loopback is loopback


def test_a_line_is_found_in_its_own_section() -> None:
    text = "[a]\nx = 1\n[b]\nx = 2\n"
    assert (line_of(text, "b", "x"), line_of(text, "b", "y"), line_of(text, "c", "x")) == (4, 3, 1)


@pytest.mark.parametrize("token", ["", "short", "fifteen letters"])
def test_a_token_that_can_be_guessed_is_refused(tmp_path: Path, token: str) -> None:
    (tmp_path / "token").write_text(token)
    with pytest.raises(ConfigError) as caught:
        read_operator_token(tmp_path / "token")
    assert token == "" or token not in str(caught.value)
