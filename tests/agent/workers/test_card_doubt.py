"""What the modem says of its card is a doubt at once, and only a full look that begins later is a word about it."""

from pathlib import Path

from agent.workers.modem import ModemBody
from agent.workers.opening import ModemSettings
from agent.workers.orders import Look
from modem.port import Port
from modem.simulator import MemoryPort, load
from tests.fakes.clock import FakeClock

SWAP = """
[modem]
persona = "quectel-ec20"

[[change]]
at_s = 20
urc = [{out}]
[change.set]
sim = "absent"
eps = 0
attached = false
active = false

[[change]]
at_s = 25
urc = [{back}]
[change.set]
sim = "ready"
iccid = "89860000000000000077"
eps = 1
attached = true
active = true
"""


class Bench:
    def __init__(self, folder: Path, out: str = "", back: str = "") -> None:
        self.clock = FakeClock()
        self.looks: list[Look] = []
        self.doubts: list[float] = []
        self.opened = 0
        self.scenario = folder / "swap.toml"
        self.scenario.write_text(SWAP.format(out=out, back=back))
        settings = ModemSettings(port="/dev/modem", light_s=60.0, deep_s=900.0)
        self.body = ModemBody(settings, self.clock, self.looks.append, self._open, doubt=self._doubt)

    def _open(self, _device: str) -> Port:
        self.opened += 1
        return MemoryPort(load(self.scenario), self.clock)

    def _doubt(self) -> None:
        self.doubts.append(self.clock.monotonic())

    def turn(self) -> None:
        """As the worker's thread: work, then sleep in the port until something comes or is due."""
        due = self.body.step(self.clock.monotonic())
        before = self.clock.monotonic()
        self.body.wait(max(0.0, min(due - before, 1.0)))
        self.clock.advance(max(0.0, min(due, before + 1.0) - self.clock.monotonic()))

    def run_for(self, seconds: float) -> None:
        until = self.clock.monotonic() + seconds
        while self.clock.monotonic() < until:
            self.turn()

    def cards(self) -> list[tuple[float | None, str | None]]:
        return [(look.card_asked, look.part.sim.iccid) for look in self.looks]


def test_a_card_that_is_taken_out_and_put_in_is_two_doubts_and_a_look_after_each(tmp_path: Path) -> None:
    bench = Bench(tmp_path, out='"+CPIN: NOT READY"', back='"+CPIN: READY"')
    began = bench.clock.monotonic()
    bench.run_for(70.0)
    assert [round(at - began) for at in bench.doubts] == [0, 20, 25]
    first, last = bench.cards()[0], bench.cards()[-1]
    assert last[1] == "89860000000000000077" != first[1]
    named = [asked for asked, iccid in bench.cards() if iccid == last[1] and asked is not None]
    assert bench.doubts[-1] < named[0] < bench.doubts[-1] + 33.0, "two seconds after it, thirty after another look"


def test_a_swap_that_the_modem_keeps_to_itself_is_no_doubt_of_ours(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.run_for(70.0)
    assert len(bench.doubts) == 1, "the start's"


def test_light_looks_keep_the_cards_number_and_are_no_word_about_it(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.run_for(130.0)
    light = [look for look in bench.looks if look.depth == "light"]
    assert light
    assert {look.card_asked for look in light} == {None}
    assert {look.card_asked is None for look in bench.looks if look.depth == "deep"} == {False}


def test_a_modem_that_comes_back_is_a_doubt_and_its_going_is_none(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.scenario.write_text(
        '[modem]\npersona = "quectel-ec20"\n[[fault]]\nkind = "disappear"\nfrom_s = 20\nto_s = 25\n'
    )
    bench.run_for(60.0)
    assert [look for look in bench.looks if look.port.problem is not None], "it went"
    assert len(bench.doubts) == bench.opened > 1
    asked = [look.card_asked for look in bench.looks if look.card_asked is not None]
    assert asked[-1] >= bench.doubts[-1], "the card was looked at after it"
