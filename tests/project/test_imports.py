"""Who may import whom. A ban has a reason, and a module named here that no longer exists fails the test too."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OURS = ("agent", "modem", "central")
PACKAGES = {"serial", "pydantic", "tenacity", "structlog", "starlette", "uvicorn", "jinja2"}


@dataclass(frozen=True)
class Direction:
    """Modules under `of` may import, of our code and of packages, nothing but what begins with one of `may`."""

    of: str
    may: tuple[str, ...]
    why: str
    but_not: tuple[str, ...] = ()


DIRECTIONS = (
    Direction("modem", ("modem",), "a library: usable with no daemon, no pydantic and no POS in sight"),
    Direction("agent.wire", ("agent.wire", "pydantic"), "the leaf that the centre shares"),
    Direction(
        "agent.assess",
        ("agent.assess", "agent.sample.base", "modem.values", "modem.frozen", "modem.again"),
        "judging does no I/O",
    ),
    Direction(
        "agent.outbox", ("agent.outbox", "modem.frozen"), "it keeps opaque bytes and does not know what they say"
    ),
    Direction(
        "agent.uplink",
        (
            *("agent.uplink", "agent.outbox.base", "agent.wire", "agent.clock", "agent.beside"),
            *("modem.frozen", "modem.text", "tenacity", "pydantic"),
        ),
        "sending knows records and time, not modems or rules",
    ),
    Direction(
        "agent.sample",
        (
            *("agent.sample", "agent.clock", "modem.values", "modem.text", "modem.frozen", "modem.again"),
            *("agent.uplink.meter", "agent.uplink.authorities", "agent.uplink.http_answer"),
        ),
        "samplers observe, the way to the centre with the uplink's eyes; only agent.sample.modem speaks to a modem",
        but_not=("agent.sample.modem", "agent.sample.modemmanager"),
    ),
    Direction("agent.sample.modemmanager", ("agent.sample", "agent.clock", "modem"), "it speaks to it through another"),
    Direction("agent.sample.modem", ("agent.sample", "agent.clock", "modem"), "the one sampler that speaks to a modem"),
    Direction(
        "central",
        ("central", "agent.wire", "pydantic", "starlette", "uvicorn", "jinja2"),
        "the centre shares the wire with the terminal and nothing else",
    ),
)
ONLY_IN = {
    "serial": (("modem.port", "modem.discover"), "one place that opens ports"),
    "jeepney": (("modem.modemmanager.bus",), "an optional library: without it we still run, and read /proc"),
    "psycopg": (("central.store.postgres", "central.store.opening"), "the centre runs on SQLite without it"),
    "aiocoap": (
        (
            "agent.uplink.coap",
            "agent.wire.oscore",
            *(f"central.ingest.coap{room}" for room in ("", "_keys", "_blocks")),
        ),
        "CoAP is for metered cards; nobody else loads it, nor cryptography with it",
    ),
    "paho": (("agent.uplink.mqtt", "central.ingest.mqtt"), "MQTT is for who has a broker; nobody else loads it"),
    "structlog": (("agent",), "modem logs through stdlib logging, as a library should"),
}


def module_name(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def sources() -> dict[str, Path]:
    return {module_name(path): path for top in OURS for path in sorted((ROOT / top).rglob("*.py"))}


def imports(path: Path) -> Iterator[tuple[int, str]]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def within(name: str, prefix: str) -> bool:
    return name == prefix or name.startswith(prefix + ".")


@pytest.mark.parametrize("direction", DIRECTIONS, ids=lambda direction: direction.of)
def test_imports_go_one_way(direction: Direction) -> None:
    modules = {
        name: path
        for name, path in sources().items()
        if within(name, direction.of) and not any(within(name, other) for other in direction.but_not)
    }
    assert modules, f"{direction.of} is gone: mend this table"
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {imported}"
        for name, path in modules.items()
        for line, imported in imports(path)
        if imported.split(".")[0] in PACKAGES.union(OURS)
        and not any(within(imported, allowed) for allowed in direction.may)
        and not (name.startswith("modem.") and name in ONLY_IN["serial"][0] and within(imported, "serial"))
    ]
    assert not wrong, f"{direction.of}: {direction.why}\n" + "\n".join(wrong)


@pytest.mark.parametrize("package", sorted(ONLY_IN))
def test_a_package_is_imported_only_in_its_rooms(package: str) -> None:
    rooms, why = ONLY_IN[package]
    assert all((ROOT / room.replace(".", "/")).with_suffix(".py").exists() or (ROOT / room).is_dir() for room in rooms)
    wrong = [
        f"{path.relative_to(ROOT)}:{line}"
        for name, path in sources().items()
        if not any(within(name, room) for room in rooms)
        for line, imported in imports(path)
        if within(imported, package)
    ]
    assert not wrong, f"{package}: {why}\n" + "\n".join(wrong)


def loaded_by(module: str) -> set[str]:
    code = f"import sys, {module}; print('\\n'.join(sorted(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("agent.wire", ("serial", "structlog", "sqlite3", "agent.daemon")),
        ("agent.daemon", ("pydantic", "rich", "requests", "httpx", "starlette", "uvicorn", "jinja2", "central")),
        ("agent.daemon", ("agent.recover.room", "agent.recover.ladder", "agent.hooks")),
        ("modem", ("pydantic", "structlog", "tenacity", "asyncio")),
        ("central.app", ("serial", "structlog", "agent.daemon", "agent.outbox")),
    ],
)
def test_what_an_import_must_not_pull_in(module: str, unwanted: tuple[str, ...]) -> None:
    loaded = loaded_by(module)
    assert not [name for name in unwanted if name in loaded]


def test_the_folder_systemd_is_never_imported() -> None:
    # A folder of that name in the working directory imports as an empty package and fails late and confusingly.
    wrong = [name for name, path in sources().items() for _, imported in imports(path) if within(imported, "systemd")]
    assert not wrong
