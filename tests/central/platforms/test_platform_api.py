"""Platforms from the outside: settings, JSON, the command."""

import asyncio
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from central.cli import main
from central.config import ConfigError, PlatformAccount, Settings, load
from central.platforms.opening import opened
from central.registry import Registry, Who
from central.store.core import SqlStore
from tests.central.helpers import Answer, Centre, a_store
from tests.central.platforms.helpers_platforms import FIRST, NUMBERS, SECOND, fake_of
from tests.fakes.platforms import FakePlatform

BOSS = Who("boss", 1_790_000_000)
JSON = {"content-type": "application/json"}


@pytest.fixture
def fake() -> Iterator[FakePlatform]:
    with fake_of("jasper") as made:
        yield made


def settings_of(folder: Path, fake: FakePlatform) -> Settings:
    secret = folder / "secret"
    secret.write_text(fake.secret + "\n")
    account = PlatformAccount(
        kind="jasper", url=fake.url, user=fake.user, secret_file=str(secret), expiry_field="accountCustom1",
        calls_per_second=100, calls_per_day=10_000_000, may_act=True,
    )  # fmt: skip
    return Settings(platforms={"unicom": account})


async def fill(store: SqlStore) -> None:
    await store.add_terminal("t-1", "", b"1", 1)
    for iccid in (FIRST, SECOND):
        await Registry(store).put_card(iccid, {"account": "unicom", "msisdn": NUMBERS[iccid]}, BOSS)
    await Registry(store).place(FIRST, "t-1", BOSS)


@pytest.fixture
def centre(tmp_path: Path, fake: FakePlatform) -> Iterator[Centre]:
    with a_store(tmp_path / "central.db") as store:
        asyncio.run(fill(store))
        yield Centre(store, settings_of(tmp_path, fake))


def post(centre: Centre, path: str, **body: str) -> Answer:
    return centre.ask("POST", f"/api/v1/cards/{path}", JSON, (json.dumps(body).encode(),))


def test_a_card_is_suspended_once_a_key_and_its_facts_tell(centre: Centre, fake: FakePlatform) -> None:
    first = post(centre, f"{FIRST}/suspend", key="key-00001")
    again = post(centre, f"{FIRST}/suspend", key="key-00001")
    assert (first.status, first.json, fake.cards[FIRST].state) == (200, again.json, "suspended")
    told = centre.get(f"/api/v1/cards/{FIRST}/facts").json
    assert [one["state"] for one in told["acts"]] == ["done"]


def test_acts_are_refused_with_their_reason(centre: Centre) -> None:
    assert post(centre, "89860012345678907777/suspend", key="key-00001").status == 404
    assert post(centre, f"{FIRST}/order", key="key-00001").json["error"]["code"] == "bad_body"
    assert post(centre, f"{FIRST}/order", key="1", product="x").json["error"]["code"] == "bad_value"


def test_a_sheet_is_brought_in_and_every_word_is_shown_with_who_is_believed(centre: Centre) -> None:
    sheet = f"iccid,used_mb,expires_on\r\n{FIRST},5,2027-01-31\r\n".encode()
    path = "/api/v1/import/card-facts?account=unicom"
    assert centre.ask("POST", path, {"content-type": "text/csv"}, (sheet,)).json["cards"] == 1
    told = centre.get(f"/api/v1/cards/{FIRST}/facts").json
    ends = {one["source"]: (one["value"], one["chosen"]) for one in told["facts"] if one["fact"] == "expires_on"}
    assert ends == {"platform": ("2027-01-31", True), "record": ("2027-01-31", False)}
    (account,) = centre.get("/api/v1/platforms").json["platforms"]
    assert (account["account"] if "account" in account else account["name"], account["cards"]) == ("unicom", 2)


def test_the_figures_of_platforms_are_in_the_metrics(centre: Centre) -> None:
    text = centre.get("/metrics").text
    assert 'posagent_central_platform_cards{platform="unicom"} 2' in text


def config(folder: Path, fake: FakePlatform) -> str:
    settings_of(folder, fake)
    path = folder / "config.toml"
    path.write_text(
        f'[storage]\ndatabase = "{folder / "central.db"}"\n[platforms.unicom]\nkind = "jasper"\nurl = "{fake.url}"\n'
        f'user = "{fake.user}"\nsecret_file = "{folder / "secret"}"\ncalls_per_second = 100\n'
        'calls_per_day = 10000000\nexpiry_field = "accountCustom1"\n[platforms.portal]\nkind = "by-hand"\n'
    )
    return str(path)


def test_the_command_lists_checks_polls_and_brings_in(
    tmp_path: Path, fake: FakePlatform, capsys: pytest.CaptureFixture[str]
) -> None:
    with a_store(tmp_path / "central.db") as store:
        asyncio.run(fill(store))
    path = config(tmp_path, fake)
    sheet = tmp_path / "sheet.csv"
    sheet.write_text(f"iccid,余额\n{SECOND},3.50\n")
    given: list[tuple[list[str], str]] = [
        (["check", "unicom", "--iccid", FIRST], '"state": "active"'), (["poll", "unicom"], '"asked": 2'),
        (["import", "portal", str(sheet)], '"cards": 1'), (["list"], '"platform": "unicom"'),
    ]  # fmt: skip
    for words, expected in given:
        assert main(["platform", *words, "--config", path, "--json"]) == 0
        assert expected in capsys.readouterr().out
    assert main(["check", "--config", path]) == 0


def test_a_platform_that_refuses_is_said_in_one_line(
    tmp_path: Path, fake: FakePlatform, capsys: pytest.CaptureFixture[str]
) -> None:
    path = config(tmp_path, fake)
    (tmp_path / "secret").write_text("wrong-key")
    assert main(["platform", "check", "unicom", "--iccid", FIRST, "--config", path]) == 1
    said = capsys.readouterr().err
    assert "NotAllowed" in said
    assert "wrong-key" not in said


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[platforms.a]\nkind = "x"\n', r":2: platforms\.a\.kind: "),
        ('[platforms.a]\nkind = "onelink"\n', r":1: platforms\.a: user and secret_file are needed"),
        (
            '[platforms.a]\nkind = "by-hand"\nurls = "x"\n',
            r":3: platforms\.a\.urls: unknown, perhaps url; known here: kind, url",
        ),
        (
            '[platforms.a]\nkind = "by-hand"\nurl = "https://u:p@h/x"\n',
            r":1: platforms\.a: url: https://host\[:port\] and nothing more",
        ),
    ],
)
def test_a_mistake_in_an_account_is_named_with_its_place(tmp_path: Path, text: str, expected: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text)
    with pytest.raises(ConfigError) as said:
        load(path)
    assert re.search(expected, str(said.value))


@pytest.mark.parametrize("secret", [None, "", "two words", "line\nline\nline"])
def test_a_secret_that_cannot_be_used_is_said_by_its_file(
    tmp_path: Path, fake: FakePlatform, secret: str | None
) -> None:
    settings = settings_of(tmp_path, fake)
    path = tmp_path / "secret"
    path.unlink() if secret is None else path.write_text(secret)
    with pytest.raises(ConfigError, match=str(path)) as said:
        opened(settings)
    assert not secret or secret not in str(said.value)
