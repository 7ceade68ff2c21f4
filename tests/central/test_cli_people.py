"""posagent-central user, token, import, export."""

import asyncio
import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest

from central.accounts import passwords
from central.accounts.sight import Sight
from central.accounts.tokens import Tokens
from central.accounts.users import User, Users
from central.cli import main
from central.registry import Registry
from tests.central.helpers import a_store

PASSWORD = "a sentence to enter with"


@pytest.fixture
def database(tmp_path: Path) -> Path:
    with a_store(tmp_path / "central.db"):
        return tmp_path / "central.db"


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    return lambda text: monkeypatch.setattr("sys.stdin", StringIO(text))


def user(database: Path, name: str) -> User:
    with a_store(database) as store:
        found = asyncio.run(Users(store).get(name))
    assert found is not None
    return found


def run(*words: str, database: Path) -> int:
    return main([*words, "--database", str(database)])


def test_a_password_comes_from_standard_input(database: Path, typed: Callable[[str], None]) -> None:
    typed(PASSWORD + "\n")
    assert run("user", "add", "Ada", "--role", "admin", database=database) == 0
    made = user(database, "ada")
    assert (made.role, made.sight.everything) == ("admin", True)
    assert asyncio.run(passwords.matches(PASSWORD, made.password))


def test_a_password_comes_from_a_file(database: Path, tmp_path: Path) -> None:
    (tmp_path / "first").write_text(PASSWORD + "\nnot this\n", encoding="utf-8")
    words = ("user", "add", "bob", "--role", "technician", "--region", "华东", "--region", "华南", "--tag", "vip")
    assert run(*words, "--password-file", str(tmp_path / "first"), database=database) == 0
    made = user(database, "bob")
    assert made.sight == Sight(regions=frozenset({"华东", "华南"}), tags=frozenset({"vip"}))
    assert asyncio.run(passwords.matches(PASSWORD, made.password))


def test_at_a_terminal_it_is_asked_for_twice(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Screen(StringIO):
        def isatty(self) -> bool:
            return True

    answers = iter([PASSWORD, PASSWORD, PASSWORD, "another one"])
    monkeypatch.setattr("sys.stdin", Screen())
    monkeypatch.setattr("central.cli.people.getpass", lambda _prompt: next(answers))
    assert run("user", "add", "ada", database=database) == 0
    assert run("user", "password", "ada", database=database) == 2


@pytest.mark.parametrize("text", ["", "short\n", "aaaaaaaaaaaaaaa\n", "x" * 2000 + "\n", "ada ada ada\n"])
def test_a_bad_password_makes_nobody(database: Path, typed: Callable[[str], None], text: str) -> None:
    typed(text)
    assert run("user", "add", "ada", database=database) == 2
    with a_store(database) as store:
        assert asyncio.run(Users(store).everybody()) == []


@pytest.mark.parametrize("name", ["", "local", "operator", "a b", "a/b", "x" * 65, "token:x"])
def test_a_bad_name_makes_nobody(database: Path, typed: Callable[[str], None], name: str) -> None:
    typed(PASSWORD + "\n")
    assert run("user", "add", name, database=database) == 1


def test_an_admin_with_half_a_sight_is_refused(
    database: Path, typed: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    typed(PASSWORD + "\n")
    assert run("user", "add", "ada", "--role", "admin", "--region", "x", database=database) == 1
    assert "an admin sees everything" in capsys.readouterr().err


def test_users_change_and_the_last_admin_stays(
    database: Path, typed: Callable[[str], None], capsys: pytest.CaptureFixture[str]
) -> None:
    for name, role in (("ada", "admin"), ("bob", "viewer")):
        typed(PASSWORD + "\n")
        assert run("user", "add", name, "--role", role, database=database) == 0
    assert run("user", "role", "bob", "clerk", "--merchant", "M", database=database) == 0
    assert run("user", "disable", "bob", database=database) == 0
    assert run("user", "disable", "ada", database=database) == 1
    assert run("user", "role", "ada", "viewer", database=database) == 1
    capsys.readouterr()
    assert run("user", "list", "--json", database=database) == 0
    ada, bob = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (ada["role"], ada["disabled_at"]) == ("admin", None)
    assert (bob["role"], bob["sees"], bob["disabled_at"] is not None) == ("clerk", "merchant M", True)
    assert run("user", "enable", "bob", database=database) == 0
    assert user(database, "bob").disabled_at is None


def test_a_lost_authenticator_is_taken_away(database: Path, typed: Callable[[str], None]) -> None:
    typed(PASSWORD + "\n")
    run("user", "add", "ada", database=database)
    with a_store(database) as store:
        from central.registry import Who

        asyncio.run(Users(store).set_totp("ada", "A" * 32, [b"x" * 32], Who("test", 1)))
    assert run("user", "totp-reset", "ada", database=database) == 0
    assert user(database, "ada").totp is None


def test_what_the_command_did_is_in_the_trail(database: Path, typed: Callable[[str], None]) -> None:
    typed(PASSWORD + "\n")
    run("user", "add", "ada", database=database)
    with a_store(database) as store:
        (line,) = asyncio.run(Registry(store).trail(kind="user"))
    assert (line.who.startswith("cli:"), line.object, PASSWORD in repr(line)) == (True, "ada", False)


@pytest.mark.parametrize(
    "words", [("password", "nobody"), ("disable", "nobody"), ("role", "nobody", "viewer"), ("totp-reset", "nobody")]
)
def test_a_user_nobody_knows(database: Path, typed: Callable[[str], None], words: tuple[str, ...]) -> None:
    typed(PASSWORD + "\n")
    assert run("user", *words, database=database) == 1


def test_tokens_are_made_listed_and_revoked(database: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("token", "add", "erp", "--scope", "read", "--scope", "write", "--days", "30", "--region", "华东")
    assert run(*words, "--json", database=database) == 0
    made = json.loads(capsys.readouterr().out)
    with a_store(database) as store:
        known = asyncio.run(Tokens(store, lambda: 0.0).check(made["token"], 0))
    assert known is not None
    assert (known.scopes, known.sight) == (frozenset({"read", "write"}), Sight(regions=frozenset({"华东"})))
    assert run("token", "list", database=database) == 0
    shown = capsys.readouterr().out
    assert (made["id"] in shown, made["token"] in shown, "region 华东" in shown) == (True, False, True)
    assert run("token", "revoke", made["id"], database=database) == 0
    assert run("token", "revoke", made["id"], database=database) == 1


def test_a_sheet_goes_out_and_comes_back(database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = tmp_path / "in.csv"
    sheet.write_text("terminal,shop,note\nt-1,人民路店,'=1+1\n", encoding="utf-8")
    assert run("import", str(sheet), "--check", database=database) == 0
    assert run("import", str(sheet), database=database) == 0
    for name in ("out.csv", "out.xlsx"):
        out = tmp_path / name
        assert run("export", str(out), database=database) == 0
        capsys.readouterr()
        assert run("import", str(out), "--json", database=database) == 0
        assert json.loads(capsys.readouterr().out) == {"created": 0, "changed": 0, "same": 1, "errors": []}
    assert "'=1+1" in (tmp_path / "out.csv").read_text(encoding="utf-8-sig")


def test_cards_go_out_and_come_back(database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sheet = tmp_path / "in.csv"
    sheet.write_text("iccid,batch\n89860000000000000001,b-1\n", encoding="utf-8")
    assert run("import", str(sheet), "--cards", database=database) == 0
    capsys.readouterr()
    for name in ("out.csv", "out.xlsx"):
        out = tmp_path / name
        assert run("export", str(out), "--cards", database=database) == 0
        assert "1 cards" in capsys.readouterr().out
        assert run("import", str(out), "--cards", "--json", database=database) == 0
        assert json.loads(capsys.readouterr().out)["same"] == 1


def test_a_bad_sheet_changes_nothing_and_says_where(
    database: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = tmp_path / "in.csv"
    sheet.write_text("terminal,imei\nt-1,\nt-2,abc\n", encoding="utf-8")
    assert run("import", str(sheet), database=database) == 1
    assert "row 3: imei" in capsys.readouterr().out
    with a_store(database) as store:
        assert asyncio.run(Registry(store).assets()) == []
    sheet.write_bytes(b"\xff\xfe\x00")
    assert run("import", str(sheet), database=database) == 1
    assert run("export", str(tmp_path / "x.pdf"), database=database) == 2


def test_somebody_who_signs_in_elsewhere_has_no_password(database: Path) -> None:
    assert run("user", "add", "ada", "--elsewhere", database=database) == 0
    assert user(database, "ada").password == ""


def test_check_knows_that_somebody_can_sign_in(
    database: Path, typed: Callable[[str], None], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[server]\nlisten = "0.0.0.0:8480"\n', encoding="utf-8")
    assert run("check", "--config", str(config), database=database) == 1
    assert "users or operator_token_file" in capsys.readouterr().out
    typed(PASSWORD + "\n")
    run("user", "add", "ada", "--role", "admin", database=database)
    assert run("check", "--config", str(config), database=database) == 0
