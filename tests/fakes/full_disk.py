"""Run by test_full_disk in a mount namespace of its own: a daemon whose state lies on a tmpfs that is filled to the
last byte while the centre is away; then the centre comes back, then the room. Prints what the centre has.
"""

import asyncio
import errno
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from modem.simulator import VirtualModem
from tests.fakes.agent_process import AgentProcess
from tests.fakes.centre import RealCentre, real_centre
from tests.fakes.eventually import eventually


def main() -> None:
    with tempfile.TemporaryDirectory() as name, VirtualModem("healthy-lte") as port:
        folder = Path(name)
        agent = AgentProcess(folder, port, hurry=60.0)
        agent.state_dir.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(agent.state_dir)], check=True)
        try:
            told = story(folder, agent)
        finally:
            agent.end()
            subprocess.run(["umount", "--lazy", str(agent.state_dir)], check=True)
    sys.stdout.write(json.dumps(told) + "\n")


def story(folder: Path, agent: AgentProcess) -> dict[str, object]:
    with real_centre(folder) as centre:
        agent.uplink = f'url = "{centre.url}"\ncredential_file = "{centre.credential}"\ntimeout_s = 5'
        address = centre.port
        agent.start()
        eventually(lambda: len(centre.stored()) > 3, f"reports arrive\n{agent.log()}")
    filler = fill(agent.state_dir)
    eventually(lambda: "outbox" in trouble_of(agent), f"the full disk is met\n{agent.log()}")
    with real_centre(folder, port=address) as centre:
        eventually(lambda: "agent.storage" in codes(centre), f"the centre hears of it\n{agent.log()}")
        filler.unlink()
        eventually(lambda: "outbox" not in trouble_of(agent), f"there is room again\n{agent.log()}")
        eventually(lambda: codes(centre)[-1] == "ok", f"and the centre hears of it\n{agent.log()}")
        code, _ = agent.stop()
        rows = asyncio.run(centre.store.reports("shop-1", limit=1000))
    keys = [(row.position.epoch_number, row.position.seq) for row in rows]
    return {"exit": code, "keys": sorted(keys), "types": [row.type for row in rows]}


def fill(folder: Path) -> Path:
    """To the last byte."""
    filler = folder / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (65_536, 4096, 1):
            try:
                while True:
                    file.write(bytes(size))
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
    return filler


def trouble_of(agent: AgentProcess) -> list[str]:
    return list((agent.ask("status", lang="en") or {}).get("troubles", ["outbox"]))


def codes(centre: RealCentre) -> list[str]:
    return [json.loads(row["body"])["code"] for row in centre.stored() if row["type"] == "verdict"] or [""]


if __name__ == "__main__":
    main()
