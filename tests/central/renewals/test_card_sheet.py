"""Cards with plan, account and ends come in as one sheet, whole or not at all, and go out again."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.central.databases import KINDS, store_of
from tests.central.helpers import Answer, Centre
from tests.central.renewals.desk_helpers import CARDS, Fleet, wait

HEAD = "iccid,terminal,plan,account,expires_on,use_by\r\n"


@pytest.fixture(params=KINDS)
def fleet(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Fleet]:
    with store_of(request.param, tmp_path) as store:
        yield Fleet(store)


def bring(fleet: Fleet, text: str, query: str = "") -> Answer:
    centre = Centre(fleet.store, clock=fleet.clock)
    return centre.ask("POST", f"/api/v1/import/cards{query}", {"content-type": "text/csv"}, (text.encode(),))


def test_cards_come_in_whole_and_go_out_again(fleet: Fleet) -> None:
    sheet = f"{HEAD}{CARDS[0]},t-0,year,新账户,2027-01-01,\r\n{CARDS[4]},,,,,2027-03-01\r\n{CARDS[5]},t-1,year,,,\r\n"
    looked = bring(fleet, sheet, "?check=1")
    assert (looked.status, looked.json["created"], looked.json["changed"]) == (200, 2, 1)
    assert wait(fleet.registry.card(CARDS[4])) is None
    assert bring(fleet, sheet).json == looked.json
    assert bring(fleet, sheet).json["same"] == 3
    card, moved = wait(fleet.registry.card(CARDS[0])), wait(fleet.registry.card(CARDS[5]))
    assert card is not None
    assert moved is not None
    assert (card.account, card.expires_on, moved.terminal) == ("新账户", "2027-01-01", "t-1")
    out = Centre(fleet.store, clock=fleet.clock).get("/api/v1/export/cards.csv")
    assert bring(fleet, out.body.decode("utf-8-sig")).json["same"] == 5
    assert "card.csv" not in json.dumps(out.headers)


@pytest.mark.parametrize(
    "row", [f"{CARDS[0]},t-0,none,,,", "123,,,,,", f"{CARDS[0]},t-0,,,soon,", f"{CARDS[4]},nobody,,,,",
            f"{CARDS[4]},,,,,\r\n{CARDS[4]},,,,,"],
)  # fmt: skip
def test_one_wrong_row_keeps_all_cards_out(fleet: Fleet, row: str) -> None:
    done = bring(fleet, f"{HEAD}{CARDS[5]},,year,,,\r\n{row}\r\n")
    assert done.status == 400
    assert len(done.json["errors"]) == 1
    assert wait(fleet.registry.card(CARDS[5])) is None
