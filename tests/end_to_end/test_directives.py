"""A real centre asks a real daemon; what it asked for is done once, and acknowledged."""

import asyncio
import json
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.uplink.credential import read_credential
from agent.uplink.enrol import _NOBODY, _pending
from central import auth
from central.store.sqlite import SqliteStore
from modem.simulator import VirtualModem
from tests.fakes.agent_process import AgentProcess
from tests.fakes.centre_process import ROOT, CentreProcess
from tests.fakes.eventually import eventually


class Shop:
    def __init__(self, folder: Path) -> None:
        self.centre = CentreProcess(folder)
        self.agent = AgentProcess(folder, str(folder / "modem"))
        self.credential = self.centre.register("T1")
        self.centre.start()
        self.agent.uplink = f'url = "{self.centre.url}"\ncredential_file = "{self.credential}"'

    def send(self, kind: str, **body: object) -> str:
        words = ["directive", "send", "T1", kind, "-", "--json", "--database", str(self.centre.folder / "central.db")]
        done = subprocess.run(
            [sys.executable, "-m", "central.cli", *words],
            cwd=ROOT, check=True, capture_output=True, text=True, input=json.dumps(body),
        )  # fmt: skip
        return str(json.loads(done.stdout)["id"])

    def outcome(self, name: str) -> str:
        """Once there is one."""
        eventually(lambda: self._shown(name)["outcome"], f"{name} is acknowledged\n{self.agent.log()}")
        return str(self._shown(name)["outcome"])

    def result(self, name: str) -> dict[str, Any]:
        (said,) = [
            record["body"] for record in self.centre.records("T1")
            if record["type"] == "directive" and record["body"]["id"] == name and record["body"]["outcome"] != "part"
        ]  # fmt: skip
        return dict(said)

    def _shown(self, name: str) -> dict[str, Any]:
        answer = eventually(lambda: self.centre.ask("/api/v1/terminals/T1/directives"), "the centre answers")
        return next(one for one in answer["directives"] if one["id"] == name)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    made = Shop(tmp_path)
    try:
        with VirtualModem("healthy-lte", link=tmp_path / "modem"):
            made.agent.start()
            yield made
    finally:
        made.agent.end()
        made.centre.stop()


def test_the_centre_asks_for_a_diagnosis_and_gets_it(shop: Shop) -> None:
    name = shop.send("run-diag", lang="en")
    assert shop.outcome(name) == "done"
    assert shop.result(name)["result"]["schema"] == "posagent.diag/1"


def test_the_centres_facts_are_the_plan_of_the_card(shop: Shop) -> None:
    name = shop.send("plan-facts", facts=[{"fact": "expires_on", "value": "2031-12-31"}])
    assert shop.outcome(name) == "done"
    eventually(
        lambda: (shop.agent.ask("status") or {}).get("diag", {}).get("plan", {}).get("expires_on") == "2031-12-31",
        "the plan shows it",
        20.0,
    )


def test_a_cadence_outlives_a_restart(shop: Shop) -> None:
    assert shop.outcome(shop.send("cadence", heartbeat_s=3600)) == "done"
    shop.agent.stop()
    shop.agent.start()
    # the phase decides when in the hour: within two seconds only once in 1800 terminals, and T1 is none of them
    eventually(lambda: (shop.agent.ask("status") or {}).get("next_heartbeat_s", 0) > 2, "the hour is in force again")


def test_the_credential_is_renewed_and_reports_go_on(shop: Shop) -> None:
    old = read_credential(shop.credential).secret
    assert shop.outcome(shop.send("rotate-credential")) == "done"
    assert read_credential(shop.credential).secret != old
    name = shop.send("accept-card")
    assert shop.outcome(name) == "done"


def test_a_renewal_whose_answer_the_power_cut_took_goes_on_by_itself(shop: Shop) -> None:
    eventually(lambda: shop.centre.verdict("T1") == "ok", "it reports")
    shop.agent.stop()
    fresh = _pending(shop.credential, _NOBODY)
    store = SqliteStore(shop.centre.folder / "central.db")
    asyncio.run(store.rotate("T1", auth.digest(fresh), 1))
    store.close()
    shop.agent.start()
    eventually(lambda: read_credential(shop.credential).secret == fresh, f"it has it\n{shop.agent.log()}")
    assert shop.outcome(shop.send("accept-card")) == "done"


def test_the_bundle_comes_in_parts_and_is_whole_again(shop: Shop, tmp_path: Path) -> None:
    name = shop.send("send-bundle")
    assert shop.outcome(name) == "done"
    file = tmp_path / "bundle.tar.gz"
    words = ["directive", "fetch", "T1", name, str(file), "--database", str(shop.centre.folder / "central.db")]
    subprocess.run([sys.executable, "-m", "central.cli", *words], cwd=ROOT, check=True, capture_output=True)
    with tarfile.open(file) as bundle:
        assert any(member.name.endswith("report.json") or "report" in member.name for member in bundle.getmembers())
