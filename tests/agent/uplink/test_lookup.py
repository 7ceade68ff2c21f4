"""A name's addresses, where the system has nothing left to ask with."""

import socket

import pytest

from agent.clock import Deadline
from agent.uplink.base import SendError
from agent.uplink.lookup import Lookup
from agent.uplink.meter import Meter
from tests.fakes.clock import FakeClock
from tests.fakes.no_threads import no_threads

ADDRESS = (socket.AF_INET, ("192.0.2.1", 443))


def test_a_name_that_no_thread_could_ask_for_is_asked_for_again() -> None:
    clock = FakeClock()
    lookup = Lookup("centre.example", 443, clock, Meter(), lambda _host, _port: [ADDRESS])
    with no_threads(), pytest.raises(SendError, match="no thread"):
        lookup.addresses(Deadline.after(10.0, clock))
    assert lookup.addresses(Deadline.after(10.0, clock)) == [ADDRESS]
