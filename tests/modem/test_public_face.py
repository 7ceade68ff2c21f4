"""The library's face: every promised name is there, and importing the face alone costs nothing."""

import subprocess
import sys

import pytest

import modem


@pytest.mark.parametrize("name", modem.__all__)
def test_every_promised_name_can_be_imported(name: str) -> None:
    assert getattr(modem, name) is not None


def test_a_name_that_is_not_promised_is_refused() -> None:
    with pytest.raises(AttributeError, match="no attribute 'own_prefixes'"):
        modem.own_prefixes  # noqa: B018  (asking is the test)


def test_one_cheap_name_does_not_bring_the_dialects() -> None:
    code = "import sys; from modem.text import printable; print('modem.dialects' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
