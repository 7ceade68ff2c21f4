import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.state import replace_file


@pytest.fixture
def strict_umask() -> Iterator[None]:
    before = os.umask(0o077)  # as the unit's UMask= has it
    yield
    os.umask(before)


@pytest.mark.usefixtures("strict_umask")
@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644])
def test_a_file_is_as_readable_as_it_was_meant_to_be(tmp_path: Path, mode: int) -> None:
    # The shop's screen runs as another user and reads message.txt.
    path = tmp_path / "message.txt"
    replace_file(path, "卡正常", mode=mode)
    assert path.stat().st_mode & 0o777 == mode
    assert path.read_text(encoding="utf-8") == "卡正常"


def test_a_file_is_whole_or_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    replace_file(path, "old")
    (tmp_path / "state.json.new").mkdir()
    with pytest.raises(OSError, match="state"):
        replace_file(path, "new")
    assert path.read_text() == "old"
