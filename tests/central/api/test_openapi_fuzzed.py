"""Whatever the description allows, and what it does not, gets an orderly answer: schemathesis on a centre that listens
on 127.0.0.1, with some of everything in it.
"""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.strategies import SearchStrategy
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from central.registry import Registry, Who
from tests.central.helpers import Centre, Process, a_store, registered

BOSS = Who("boss", 1_790_000_000)
EXAMPLES = 3
"""Of each operation; more of them with `hypothesis`'s profiles is a matter of time, not of another test."""
CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance]
SESSION = requests.Session()
CARD = "89860012345678900001"


async def fill(path: Path) -> None:
    with a_store(path) as store:
        registry = Registry(store)
        await registry.put_plan("p-1", {"name": "30M", "price": "3"}, BOSS)
        await registry.put_card(CARD, {"plan": "p-1", "msisdn": "1064800000001"}, BOSS)
        await registry.place(CARD, "t-1", BOSS)


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    path = tmp_path_factory.mktemp("fuzzed") / "central.db"
    registered(path, "t-1", "t-2")
    asyncio.run(fill(path))
    with Process(path) as made:
        yield made


def description() -> dict[str, Any]:
    """As the application gives it."""
    with TemporaryDirectory() as folder, a_store(Path(folder) / "central.db") as store:
        found: dict[str, Any] = Centre(store).get("/api/v1/openapi.json").json
    return found


SCHEMA = schemathesis.openapi.from_dict(
    description(), config=schemathesis.Config.from_dict({"generation": {"mode": "all"}})
)
OPERATIONS = sorted((found.ok().path, found.ok().method) for found in SCHEMA.get_all_operations())


def cases(path: str, method: str) -> SearchStrategy[schemathesis.Case]:
    """What the description allows; of what changes something, also what it does not."""
    operation = SCHEMA[path][method]
    good = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    return good if method == "get" else good | operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_operation_answers_in_order(centre: Process, path: str, method: str) -> None:
    @settings(
        max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate],
        derandomize=True, database=None,
    )  # fmt: skip
    @given(case=cases(path, method))
    def check(case: schemathesis.Case) -> None:
        answer = case.call(base_url=f"http://127.0.0.1:{centre.port}", session=SESSION)
        case.validate_response(answer, checks=CHECKS)

    check()
