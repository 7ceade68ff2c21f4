from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.central.helpers import Centre, a_store


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Centre]:
    """One terminal, t-1, is registered."""
    with a_store(tmp_path / "central.db") as store:
        made = Centre(store)
        made.register()
        yield made
