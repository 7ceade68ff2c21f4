"""Does a test notice? Each table row left out, each branch taken always or never, each word compared as it came, one
at a time: what no test notices.

    python -m bench.mutants                                      all of modem's readers (READERS)
    python -m bench.mutants modem/dialects/fibocom.py [FILE…]    these files
        --tests tests/modem/test_dialects_small.py …   only these tests        --jobs N      so many at once
        --limit S    a sample: so many seconds a file                          --patience S  the likeliest tests only

First every test runs once, to learn how long it takes and which functions it enters. Then each mutant is put into a
forked copy of what is loaded (bench/mutants_graft.py), which runs the likeliest tests until one fails: those that enter
the changed function, those that noticed the neighbours, the quick ones. What ran as things were loaded, a table or a
function, and seems to live is tried again with everything imported anew, since others may keep what came of it. Each
line printed is a mutant that no test noticed.
Accepted survivors stand in mutants_accepted.toml, each with its reason. Exit code 1 when another one lives.
"""

import argparse
import builtins
import gc
import importlib
import itertools
import json
import os
import random
import re
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, partial
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any, TypeVar

import pytest
from hypothesis import Phase, settings

from bench.mutants_graft import caches, functions, graft
from bench.mutants_sites import MODULE, Mutant, Source, accepted, probed, source

_SHARED = (
    "belongs card causes commands contexts decode fields final iccid identity known lines messages operators "
    "registration replies signal slots text transcript ussd ussd_text values"
)
READERS = ("modem/dialects/*.py", *(f"modem/{name}.py" for name in _SHARED.split()), "modem/sms/*.py")
_WORDS = re.compile("'([^']{2,40})'")
"""What a row is called by."""
SLOW_S = 0.1
"""Processor time of a test that is left out."""
GRAFTED_S = 0.5
"""As much of the tests for what is tried anew later with all of them."""
_QUIETLY = (
    "-o",
    "addopts=",
    "--import-mode=importlib",
    "-s",
    "-p",
    "no:terminal",
    "-p",
    "no:cacheprovider",
    "-p",
    "no:xdist",
    "-W",
)
_HUNG = "it hung or crashed"
_OUT = os.dup(1)
"""Where a silenced child tells what lives, at once."""
_BYTES = 3 << 30


@dataclass(frozen=True, slots=True)
class Test:
    """One test as it ran without a mutant."""

    id: str
    seconds: float
    entered: frozenset[str]

    @property
    def file(self) -> str:
        return self.id.partition("::")[0]


@dataclass(slots=True)
class Tally:
    """What became of one file's mutants."""

    file: str
    mutants: int
    tried: int = 0
    noticed: int = 0
    alive: list[Mutant] = field(default_factory=list)
    accepted: int = 0


T = TypeVar("T")


class _Loader(SourceFileLoader):
    def __init__(self, name: str, file: str, code: CodeType) -> None:
        super().__init__(name, str(Path(file).absolute()))
        self._code = code

    def get_code(self, _name: str) -> CodeType:
        return self._code


class _Changed(MetaPathFinder):
    """Imports modules with the given code instead of their file's: module → (file, code)."""

    def __init__(self, codes: Mapping[str, tuple[str, CodeType]]) -> None:
        self._codes = codes

    def find_spec(self, name: str, _path: object, _target: ModuleType | None = None) -> ModuleSpec | None:
        if name not in self._codes:
            return None
        loader = _Loader(name, *self._codes[name])
        return spec_from_file_location(name, loader.path, loader=loader)


def module_of(file: str) -> str:
    return file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def in_child(work: Callable[[], object]) -> int:
    """A forked process that does `work` in silence; its descriptor gives the result as JSON, nothing if it dies."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writing)
        _CHILDREN[reading] = pid
        return reading
    try:
        silence = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(silence, stream)
        with os.fdopen(writing, "w") as out:
            json.dump(work(), out)
    finally:
        os._exit(0)


_CHILDREN: dict[int, int] = {}
"""Descriptor → process."""


def result(reading: int) -> Any:
    """What the child of this descriptor says, _HUNG when it says nothing."""
    with os.fdopen(reading) as answer:
        text = answer.read()
    os.waitpid(_CHILDREN.pop(reading), 0)
    return json.loads(text) if text else _HUNG


def spread(todo: Iterable[T], jobs: int, start: Callable[[T], int]) -> Iterator[tuple[T, Any]]:
    """Each of `todo` with the result of the child that `start` makes for it, `jobs` at once."""
    running: dict[int, T] = {}
    for one in todo:
        running[start(one)] = one
        if len(running) >= jobs:
            reading = next(iter(running))
            yield running.pop(reading), result(reading)
    for reading, one in running.items():
        yield one, result(reading)


def baseline(session: pytest.Session, entered: set[str]) -> dict[str, list[tuple[str, float, list[str]]] | list[str]]:
    """Every collected test once: what it costs and enters; which failed."""
    found: list[tuple[str, float, list[str]]] = []
    failed: list[str] = []
    for item, following in zip(session.items, [*session.items[1:], None], strict=True):
        entered.clear()
        before, start = session.testsfailed, time.process_time()
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed > before:
            failed.append(item.nodeid)
        else:
            found.append((item.nodeid, time.process_time() - start, sorted(entered)))
    return {"tests": found, "failed": failed}


def first_failing(session: pytest.Session, items: Mapping[str, pytest.Item], wanted: Sequence[str]) -> str | None:
    """The first of `wanted` that fails; None when all pass."""
    chosen = [items[name] for name in wanted if name in items]
    for item, following in zip(chosen, [*chosen[1:], None], strict=True):
        session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.testsfailed:
            return item.nodeid
    return None


def _bounded(cpu_s: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s))
    resource.setrlimit(resource.RLIMIT_AS, (_BYTES, _BYTES))


def wanted_for(mutant: Mutant, tests: Sequence[Test], killers: Counter[str], patience_s: float) -> list[str]:
    """The likeliest tests for a mutant, as many as `patience_s` allows: those that enter its function, so that there
    may be none; for a table those named after its row, that enter its file, or stand in a test file that names it."""
    here, file, stem = f"{mutant.file}:{mutant.scope}", f"{mutant.file}:", Path(mutant.file).stem

    def by_function(test: Test) -> tuple[object, ...]:
        return -killers[test.id], stem not in test.file, test.seconds

    def by_table(test: Test) -> tuple[object, ...]:
        is_far = not any(name.startswith(file) for name in test.entered)
        is_other = not any(word in test.id for word in _WORDS.findall(mutant.what))
        return is_other, -killers[test.id], is_far, stem not in _text(test.file), test.seconds

    is_table = mutant.scope == MODULE
    likely = tests if is_table else [test for test in tests if here in test.entered]
    spent, wanted = 0.0, []
    for test in sorted(likely, key=by_table if is_table else by_function):
        spent += test.seconds
        if spent > patience_s:
            break
        wanted.append(test.id)
    return wanted


@cache
def _text(file: str) -> str:
    return Path(file).read_text()


@dataclass(slots=True)
class Hunt:
    """One run over several files, inside a pytest session that collects nothing by itself."""

    files: Sequence[str]
    tests: Sequence[str]
    jobs: int
    patience_s: float
    limit_s: float | None
    tallies: list[Tally] = field(default_factory=list)
    loading: frozenset[str] = frozenset()
    """The functions that ran as the tests and the files were imported: others may keep what these gave."""

    def pytest_collection(self) -> bool:
        return True

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        quick = settings(database=None, derandomize=True, phases=[Phase.explicit, Phase.generate], deadline=None)
        settings.register_profile("mutants", quick)
        settings.load_profile("mutants")
        said = result(in_child(lambda: self._loaded(session)))
        if said == _HUNG:
            raise pytest.UsageError("the tests do not run without a mutant either")
        for name in said["failed"]:
            print(f"left out, since it fails by itself: {name}", flush=True)
        self.loading = frozenset(said["loading"])
        tests = [Test(name, seconds, frozenset(entered)) for name, seconds, entered in said["tests"]]
        print(f"# {len(tests)} tests of {sum(test.seconds for test in tests):.0f} s", flush=True)
        for file in self.files:
            self.tallies.append(self._anew(session, source(file), _quick(tests), said["killers"][file]))
        return True

    def _loaded(self, session: pytest.Session) -> dict[str, object]:
        """In a child: everything is loaded and each mutant grafted into a copy; file → mutant → who noticed."""
        entered: set[str] = set()
        vars(builtins)["__reached__"] = entered.add
        sys.meta_path.insert(0, _Changed({module_of(file): (file, probed(file)) for file in self.files}))
        items = {one.nodeid: one for one in session.perform_collect(list(self.tests))}
        for file in self.files:
            importlib.import_module(module_of(file))
        self.loading = frozenset(entered)
        said: dict[str, Any] = result(in_child(lambda: baseline(session, entered)))
        tests = _quick([Test(name, seconds, frozenset(entered)) for name, seconds, entered in said["tests"]])
        caches()
        functions()
        gc.freeze()
        killers = {file: self._grafted(session, source(file), tests, items) for file in self.files}
        return said | {"loading": sorted(self.loading), "killers": killers}

    def _grafted(
        self, session: pytest.Session, of: Source, tests: Sequence[Test], items: Mapping[str, pytest.Item]
    ) -> dict[str, str | None]:
        killers, trusted, found = Counter[str](), dict[str, bool](), dict[str, str | None]()

        def tried(mutant: Mutant | None, wanted: Sequence[str]) -> str | None:
            _bounded(int(3 * self.patience_s) + 20)
            graft(module_of(of.file), of.code(mutant))
            return first_failing(session, items, wanted)

        def start(mutant: Mutant) -> int:
            able = [test for test in tests if trusted.get(test.id, True)]
            patience_s = min(GRAFTED_S, self.patience_s) if self._is_kept(mutant) else self.patience_s
            wanted = wanted_for(mutant, able, killers, patience_s)
            return in_child(lambda: tried(mutant, wanted))

        for mutant, killer in spread(self._sample(of), self.jobs, start):
            if killer in items and killer not in trusted:
                trusted[killer] = result(in_child(partial(tried, None, [killer]))) is None
            noticed = killer if killer is None or trusted.get(killer, True) else None
            found[mutant.what] = noticed
            if noticed is None and not self._is_kept(mutant) and mutant.key not in accepted():
                os.write(_OUT, f"{mutant.file}:{mutant.line}: {mutant.what}\n".encode())
            killers.update([noticed] if noticed else [])
        return found

    def _is_kept(self, mutant: Mutant) -> bool:
        """Others may keep what came of it as they were loaded: a graft does not reach that."""
        return mutant.scope == MODULE or f"{mutant.file}:{mutant.scope}" in self.loading

    def _sample(self, of: Source) -> Iterator[Mutant]:
        todo, end = list(of.mutants), time.monotonic() + (self.limit_s or float("inf"))
        if self.limit_s is not None:
            random.Random(of.file).shuffle(todo)
        return itertools.takewhile(lambda _: time.monotonic() < end, todo)

    def _anew(
        self, session: pytest.Session, of: Source, tests: Sequence[Test], killers: Mapping[str, str | None]
    ) -> Tally:
        """Of what lived, what ran as things were loaded is tried again with everything imported anew."""
        tally, known = Tally(of.file, len(of.mutants), len(killers)), accepted()
        lived = [mutant for mutant in of.mutants if mutant.what in killers and killers[mutant.what] is None]
        inside = [mutant for mutant in lived if not self._is_kept(mutant)]
        kept = [replace(mutant, scope=MODULE) for mutant in lived if self._is_kept(mutant)]
        tally.accepted = sum(mutant.key in known for mutant in inside)
        tally.alive += [mutant for mutant in inside if mutant.key not in known]
        counted = Counter[str]()

        def tried(mutant: Mutant, wanted: Sequence[str]) -> str | None:
            _bounded(int(3 * self.patience_s) + 20)
            sys.meta_path.insert(0, _Changed({module_of(of.file): (of.file, of.code(mutant))}))
            files = list(dict.fromkeys(name.partition("::")[0] for name in wanted))
            items = {one.nodeid: one for one in session.perform_collect(files)}
            return "collection" if session.testsfailed else first_failing(session, items, wanted)

        def start(mutant: Mutant) -> int:
            wanted = wanted_for(mutant, tests, counted, self.patience_s)
            return in_child(lambda: tried(mutant, wanted))

        for mutant, killer in spread(kept, self.jobs, start):
            counted.update([killer] if killer else [])
            if killer is None and mutant.key in known:
                tally.accepted += 1
            elif killer is None:
                tally.alive.append(mutant)
                print(f"{mutant.file}:{mutant.line}: {mutant.what}", flush=True)
        tally.noticed = tally.tried - len(tally.alive) - tally.accepted
        print(row(tally), flush=True)
        return tally


def _quick(tests: Sequence[Test]) -> list[Test]:
    return [test for test in tests if test.seconds <= SLOW_S]


def row(tally: Tally) -> str:
    figures = (tally.mutants, tally.tried, tally.noticed, len(tally.alive), tally.accepted)
    return f"| `{tally.file}` | {' | '.join(map(str, figures))} |"


def hunt(files: Sequence[str], tests: Sequence[str], **how: float | None) -> list[Tally]:
    """Every mutant of `files` against `tests` (paths as seen from the current folder)."""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    jobs, patience, limit = how.get("jobs") or 1, how.get("patience_s") or 0.5, how.get("limit_s")
    work = Hunt(files, tests, int(jobs), patience, limit)
    plugins = ("-p", "_hypothesis_pytestplugin", "-p", "pytest_timeout")
    done = pytest.main([*_QUIETLY, "ignore::pytest.PytestAssertRewriteWarning", *plugins, *tests], [work])
    if done not in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        raise SystemExit(2)
    return work.tallies


def _files(patterns: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(str(path) for pattern in patterns for path in sorted(Path().glob(pattern))))


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", default=READERS, help="files or patterns")
    parser.add_argument("--tests", nargs="+", default=["tests/modem/test_*.py"], metavar="FILE")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, metavar="N")
    parser.add_argument("--patience", type=float, default=0.5, metavar="S", help="processor seconds of tests a mutant")
    parser.add_argument("--limit", type=float, metavar="S", help="seconds a file; a fixed sample is taken")
    args = parser.parse_args(argv)
    how = {"jobs": args.jobs, "patience_s": args.patience, "limit_s": args.limit}
    tallies = hunt(_files(args.files), _files(args.tests), **how)
    print("\n| file | mutants | tried | noticed | alive | accepted |\n|---|--:|--:|--:|--:|--:|")
    for tally in tallies:
        print(row(tally))
    alive = [mutant for tally in tallies for mutant in tally.alive]
    sums = [sum(getattr(tally, name) for tally in tallies) for name in ("mutants", "tried", "noticed")]
    print(f"| all | {sums[0]} | {sums[1]} | {sums[2]} | {len(alive)} | {sum(t.accepted for t in tallies)} |")
    return 1 if alive else 0


if __name__ == "__main__":
    sys.exit(main())
