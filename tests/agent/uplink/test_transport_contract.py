"""What every carrier promises the sender, kept by each of them against the real centre.

A carrier is added to CARRIERS: a function that makes it, given the centre.
"""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.clock import Deadline, SystemClock
from agent.uplink.base import SendError, Transport
from agent.uplink.http import HttpSettings, HttpTransport
from agent.uplink.meter import Meter
from agent.uplink.tls import TlsSettings
from tests.fakes.centre import RealCentre, real_centre
from tests.fakes.http_server import AUTHORITY

CLOCK = SystemClock()
EPOCH = "00112233445566aa"
Make = Callable[[RealCentre, Meter], Transport]


def over_http(centre: RealCentre, meter: Meter) -> Transport:
    return HttpTransport(HttpSettings(centre.url, centre.credential, TlsSettings(AUTHORITY)), CLOCK, meter)


def over_http_anew(centre: RealCentre, meter: Meter) -> Transport:
    settings = HttpSettings(centre.url, centre.credential, TlsSettings(AUTHORITY), keep_alive_s=0.0)
    return HttpTransport(settings, CLOCK, meter)


def over_stream(centre: RealCentre, meter: Meter) -> Transport:
    settings = HttpSettings(centre.url, centre.credential, TlsSettings(AUTHORITY), stream_after=1)
    return HttpTransport(settings, CLOCK, meter)


CARRIERS: dict[str, tuple[Make, bool]] = {
    "http": (over_http, False),
    "https": (over_http, True),
    "https, a connection each": (over_http_anew, True),
    "http, as a stream": (over_stream, False),
    "https, as a stream": (over_stream, True),
}
"""Name → how to make it, and whether the centre speaks TLS."""


class Bench:
    def __init__(self, centre: RealCentre, make: Make) -> None:
        self.centre = centre
        self.make = make
        self.meter = Meter()
        self.transport = make(centre, self.meter)

    def send(self, *records: dict[str, Any], epoch: str = EPOCH, sent_at: float | None = None) -> Any:
        now = int(CLOCK.wall()) if sent_at is None else int(sent_at)
        batch = {"v": 1, "epoch": epoch, "sent_at": now, "records": list(records)}
        return self.transport.send(json.dumps(batch).encode(), Deadline.after(10.0, CLOCK))


@pytest.fixture(params=CARRIERS)
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    make, secure = CARRIERS[request.param]
    with real_centre(tmp_path, secure=secure) as centre:
        made = Bench(centre, make)
        yield made
        made.transport.close()


def beat(seq: int, **news: object) -> dict[str, Any]:
    body = {"next_due_s": 900, "agent": "0.1.0", "verdict": "ok", "iccid": "8986", "used_bytes": seq * 1000} | news
    return {"seq": seq, "type": "heartbeat", "at": int(CLOCK.wall()), "body": body}


def test_what_is_sent_is_stored_word_for_word(bench: Bench) -> None:
    sent = [beat(seq, rsrp_dbm=-90.0 - seq, operator="中国移动" if seq % 2 else None) for seq in range(1, 7)]
    for record in sent:
        record["body"] = {key: value for key, value in record["body"].items() if value is not None}
        assert bench.send(record).acked == 1
    stored = [row | {"body": json.loads(row["body"])} for row in bench.centre.stored()]
    assert stored == sent


def test_said_twice_is_stored_once(bench: Bench) -> None:
    record = beat(1)
    assert [bench.send(record).acked for _ in range(3)] == [1, 1, 1]
    assert len(bench.centre.stored()) == 1


def test_a_rejected_record_is_named_and_the_next_report_goes_on(bench: Bench) -> None:
    bench.send(beat(1))
    answer = bench.send(beat(2, verdict="no code"), beat(3))
    assert (answer.acked, [bad.seq for bad in answer.rejected]) == (1, [2])
    assert bench.send(beat(4)).acked == 1
    assert [row["seq"] for row in bench.centre.stored()] == [1, 3, 4]


def test_a_new_epoch_begins_anew(bench: Bench) -> None:
    bench.send(beat(7))
    assert bench.send(beat(1), epoch="ffffffffffffffff").acked == 1
    assert bench.send(beat(2), epoch="ffffffffffffffff").acked == 1
    assert len(bench.centre.stored()) == 3


def test_the_centres_time_is_known_when_clocks_differ_and_when_they_agree(bench: Bench) -> None:
    wrong = CLOCK.wall() - 86_400
    for record in (beat(1), beat(2)):
        assert abs(bench.send(record, sent_at=wrong).server_time - CLOCK.wall()) < 60
    assert abs(bench.send(beat(3)).server_time - CLOCK.wall()) < 60


def test_a_revoked_credential_is_refused_as_such(bench: Bench) -> None:
    bench.send(beat(1))
    bench.centre.revoke()
    with pytest.raises(SendError) as caught:
        bench.send(beat(2))
    assert (caught.value.kind, caught.value.status) == ("status", 401)


def test_what_is_sent_is_counted(bench: Bench) -> None:
    bench.send(beat(1))
    bench.meter.take()
    bench.send(beat(2))
    assert bench.meter.take()["report"].sent > 100


def test_a_deadline_that_has_passed_ends_it_at_once(bench: Bench) -> None:
    bench.send(beat(1))
    batch = json.dumps({"v": 1, "epoch": EPOCH, "sent_at": 1, "records": [beat(2)]}).encode()
    with pytest.raises(SendError):
        bench.transport.send(batch, Deadline(CLOCK.monotonic() - 1))


def test_a_centre_that_was_started_anew_gets_the_next_report(tmp_path: Path) -> None:
    """It has drawn a new key for sessions, and holds the last heartbeat on disk only."""
    with real_centre(tmp_path) as centre:
        bench = Bench(centre, over_http)
        bench.send(beat(1))
        bench.send(beat(2))
        port = centre.port
    with real_centre(tmp_path, port=port) as again:
        assert bench.send(beat(3)).acked == 1
        assert [row["seq"] for row in again.stored()] == [1, 2, 3]
    bench.transport.close()


def test_a_centre_restored_from_an_old_backup_gets_the_whole_report(tmp_path: Path) -> None:
    with real_centre(tmp_path) as centre:
        bench = Bench(centre, over_http)
        bench.send(beat(1))
        port = centre.port
    backup = {file: file.read_bytes() for file in tmp_path.glob("central.db*")}
    with real_centre(tmp_path, port=port):
        bench.send(beat(2))
    for file in tmp_path.glob("central.db*"):
        file.unlink()
    for file, data in backup.items():
        file.write_bytes(data)
    with real_centre(tmp_path, port=port) as restored:
        assert bench.send(beat(3)).acked == 1
        assert [row["seq"] for row in restored.stored()] == [1, 3]
    bench.transport.close()
