"""An account at each fake platform."""

from collections.abc import Iterator
from contextlib import contextmanager

from central.platforms.base import Platform
from central.platforms.budget import Budget
from central.platforms.jasper import Jasper
from central.platforms.line import Line
from central.platforms.onelink import OneLink
from central.platforms.opening import Opened
from central.platforms.telecom import Telecom
from central.platforms.telecom_doors import FiveG, M2m
from tests.fakes.platforms import FakeCard, FakeFiveG, FakeJasper, FakeM2m, FakeOneLink, FakePlatform

KINDS = ("jasper", "onelink", "telecom-m2m", "telecom-5g", "telecom-5g-batch")
FIRST, SECOND, STRANGE = "89860012345678900001", "89860012345678900002", "89860012345678909999"
NUMBERS = {FIRST: "1064800000001", SECOND: "1064800000002", STRANGE: "1064800009999"}
SECRET = FakeJasper().secret
NOW = 1_795_000_000.0
"""2026-11-18."""


def fake_of(kind: str) -> FakePlatform:
    made = {"jasper": FakeJasper, "onelink": FakeOneLink, "telecom-m2m": FakeM2m}.get(kind, FakeFiveG)()
    made.add(FakeCard(FIRST, NUMBERS[FIRST]), FakeCard(SECOND, NUMBERS[SECOND], used_kb=2048))
    return made


def platform_of(kind: str, fake: FakePlatform, line: Line, secret: str) -> Platform:
    if kind == "jasper":
        return Jasper(line, fake.user, secret, "accountCustom1")
    if kind == "onelink":
        return OneLink(line, fake.user, secret, lambda: NOW)
    if isinstance(fake, FakeM2m):
        return Telecom(M2m(line, fake.user, secret, fake.key), wall=lambda: NOW)
    return Telecom(FiveG(line, fake.user, secret, lambda: NOW), "c-1" if "batch" in kind else "", lambda: NOW)


@contextmanager
def an_account(kind: str, *, secret: str = SECRET, may_act: bool = True) -> Iterator[tuple[FakePlatform, Opened]]:
    with fake_of(kind) as fake:
        line = Line(fake.url, Budget(1000.0, 10_000_000))
        yield fake, Opened(kind, platform_of(kind, fake, line, secret), line, 24.0, may_act)
