"""What is sent when, after a command expired, and what is believed: lines and moments in, probes out. No engine."""

import pytest

from modem.events import Command
from modem.final import read_final
from modem.resync import (
    PATIENCE_S,
    PAUSE_S,
    PROBES,
    QUIET_LIMIT_S,
    QUIET_S,
    REFUSED_QUIET_S,
    REFUSED_S,
    SETTLE_LIMIT_S,
    SETTLE_S,
    Resync,
)

CMEE, S3, CREG, S4, CGREG, S5 = (probe.text for probe in PROBES)
CMEE_SIGN, CGREG_SIGN = "+CMEE: (0-2)", "+CGREG: (0-2)"


def begun(command: str = "AT+COPS?") -> Resync:
    return Resync(0.0, Command(command))


def next_sent(resync: Resync) -> tuple[str, float]:
    """Let time pass to the next probe: its text, and when it went out."""
    now = resync.deadline
    assert not resync.tick(now)
    return resync.outgoing().decode().rstrip("\r"), now


def hear(resync: Resync, now: float, *lines: str) -> bool:
    """True if the last of `lines` was a probe's."""
    return [resync.line(line, read_final(line), now) for line in lines][-1]


def silent_round(resync: Resync) -> float:
    """All six probes, none answered: when the last one went out."""
    return [next_sent(resync)[1] for _ in PROBES][-1]


# -- before the first probe


def test_a_modem_in_the_middle_of_its_answer_may_finish_it_but_not_for_ever() -> None:
    resync = begun()
    assert resync.deadline == QUIET_S
    hear(resync, 0.2, "+COPS: 0")
    assert resync.deadline == pytest.approx(0.2 + QUIET_S)
    hear(resync, 1.4, "+COPS: 0")
    assert resync.deadline == QUIET_LIMIT_S


def test_before_a_probe_is_out_nothing_is_its_sign() -> None:
    resync = begun()
    assert not hear(resync, 0.1, "013")
    assert not resync.could_be_late("013")
    assert not hear(resync, 0.1, "OK")


def test_late_finals_before_the_first_probe_do_not_stand_for_its_answer() -> None:
    resync = begun()
    hear(resync, 0.1, *["ERROR"] * len(PROBES))
    assert next_sent(resync)[0] == CMEE


# -- signs


@pytest.mark.parametrize(
    ("probe", "line", "is_sign"),
    [
        (0, "+CMEE: (0-2)", True),
        (0, "+CMEE:(0,1,2)", True),
        (0, "+CMEE: 1", False),
        (1, "013", True),
        (1, "0 13", True),
        (1, "0131", False),
        (1, "13", False),
    ],
)
def test_what_is_a_sign(probe: int, line: str, is_sign: bool) -> None:
    assert PROBES[probe].signed(line) is is_sign


@pytest.mark.parametrize("text", ["AT+CMEE=?", "at+cmee=?", "AT+CMEE?", "AT+CSQ;+CMEE=2"])
def test_what_was_asked_just_now_is_no_probe(text: str) -> None:
    assert next_sent(begun(text))[0] == S3


def test_after_the_sign_its_final_is_waited_for() -> None:
    resync = begun()
    next_sent(resync)
    assert hear(resync, 1.2, CMEE_SIGN)
    assert resync.deadline == pytest.approx(1.2 + PATIENCE_S[-1])
    assert hear(resync, 1.3, "OK")
    assert resync.deadline == pytest.approx(1.3 + SETTLE_S)
    assert resync.tick(1.5)
    assert resync.sure


def test_what_is_neither_sign_nor_final_does_not_hurry_the_next_probe() -> None:
    resync = begun()
    _, sent_at = next_sent(resync)
    hear(resync, 0.4, "+COPS: 0")
    assert resync.deadline == pytest.approx(sent_at + PATIENCE_S[0])


def test_a_final_without_sign_brings_the_next_probe_soon() -> None:
    resync = begun()
    next_sent(resync)
    assert not hear(resync, 0.4, "ERROR")
    assert resync.deadline == pytest.approx(0.4 + REFUSED_S)


def test_a_sign_that_came_too_late_is_asked_for_again() -> None:
    resync = begun()
    next_sent(resync)
    assert next_sent(resync)[0] == S3
    assert hear(resync, 1.5, CMEE_SIGN, "OK")
    assert next_sent(resync)[0] == CMEE


def test_a_probe_is_not_repeated_while_one_of_its_answers_is_still_to_come() -> None:
    resync = begun()
    silent_round(resync)
    assert [next_sent(resync)[0] for _ in range(2)] == [CMEE, S3]
    hear(resync, resync.deadline - 1.0, CGREG_SIGN, "OK")  # of the round before
    assert [next_sent(resync)[0] for _ in range(4)] == [CGREG, S4, CGREG, S5]
    hear(resync, resync.deadline - 1.0, CGREG_SIGN, "OK")  # one of two
    assert next_sent(resync)[0] == CMEE


# -- rounds


def test_a_silent_round_is_followed_by_a_pause_that_one_answer_does_not_shorten() -> None:
    resync = begun()
    last = silent_round(resync)
    assert resync.deadline == pytest.approx(last + PATIENCE_S[-1] + PAUSE_S)
    hear(resync, last + 0.1, "ERROR")
    assert resync.deadline == pytest.approx(last + PATIENCE_S[-1] + PAUSE_S)


def refused_round(resync: Resync, last: tuple[str, ...]) -> float:
    """All probes but the last two are refused; to the last one the modem says `last`. When that was."""
    for _ in PROBES[:-2]:
        _, now = next_sent(resync)
        hear(resync, now + 0.1, "ERROR")
    next_sent(resync)
    _, now = next_sent(resync)
    hear(resync, now + 0.1, *last)
    return now + 0.1


def test_a_modem_that_refuses_every_probe_is_believed_after_a_long_quiet() -> None:
    resync = begun()
    now = refused_round(resync, ("ERROR", "ERROR"))
    assert resync.deadline == pytest.approx(now + REFUSED_S)
    now = resync.deadline
    assert not resync.tick(now)
    assert (resync.outgoing(), resync.sure) == (b"", False)
    assert resync.deadline == pytest.approx(now + REFUSED_QUIET_S)
    hear(resync, now + 3.0, "noise")
    assert resync.deadline == pytest.approx(now + 3.0 + REFUSED_QUIET_S)
    for second in range(4, 12):
        hear(resync, now + second, "noise")
    assert resync.deadline == pytest.approx(now + 3 * REFUSED_QUIET_S)


def test_a_sign_that_came_while_the_last_probe_was_out_is_asked_for_once_more() -> None:
    resync = begun()
    refused_round(resync, (CGREG_SIGN, "OK", "ERROR"))
    assert next_sent(resync)[0] == CGREG
    now = resync.deadline - 1.0
    assert hear(resync, now, CGREG_SIGN, "OK")
    assert resync.sure
    assert resync.tick(now + SETTLE_S)


# -- the end of it


def test_after_the_answer_with_the_sign_the_line_settles_but_not_for_ever() -> None:
    resync = begun()
    next_sent(resync)
    hear(resync, 1.0, CMEE_SIGN, "OK")
    assert not resync.tick(1.1)
    for tenth in range(11, 50):
        hear(resync, tenth / 10, "backlog")
    assert resync.deadline == pytest.approx(1.0 + SETTLE_LIMIT_S)


def test_a_restart_while_the_line_settles_changes_nothing() -> None:
    resync = begun()
    next_sent(resync)
    hear(resync, 1.0, CMEE_SIGN, "OK")
    resync.restarted(1.1)
    assert resync.deadline == pytest.approx(1.0 + SETTLE_S)


def test_a_restart_begins_a_new_round_soon() -> None:
    resync = begun()
    last = silent_round(resync)
    resync.restarted(last + 3.0)
    assert resync.deadline == pytest.approx(last + 3.0 + QUIET_S)
    assert next_sent(resync)[0] == CMEE
