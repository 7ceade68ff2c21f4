"""What is spared is not loaded; who has it already keeps it; and afterwards everything is as before."""

import subprocess
import sys

import pytest

from agent.sparing import without


def test_a_module_that_is_spared_cannot_be_imported_within_and_can_be_afterwards() -> None:
    code = (
        "from agent.sparing import without\n"
        "with without('_hashlib'):\n"
        "    import hashlib\n"
        "import sys\n"
        "assert '_hashlib' not in sys.modules\n"
        "assert hashlib.sha256(b'abc').hexdigest().startswith('ba7816bf')\n"
        "import _hashlib\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_what_is_loaded_stays_loaded() -> None:
    with without("json"):
        import json
    assert sys.modules["json"] is json


def test_an_error_within_leaves_nothing_behind() -> None:
    with pytest.raises(ModuleNotFoundError), without("no_such_module_of_ours"):
        import no_such_module_of_ours  # noqa: F401
    assert "no_such_module_of_ours" not in sys.modules


@pytest.mark.parametrize(
    ("way", "unwanted"),
    [
        ("none", ("_hashlib", "ssl", "asyncio", "jeepney", "http.client", "shutil", "pydantic", "greenlet")),
        ("_https", ("_hashlib", "asyncio", "jeepney", "aiocoap", "cryptography", "pydantic")),
        ("_lean", ("_hashlib", "_ssl", "jeepney", "http.client", "pydantic")),
    ],
)
def test_a_daemon_carries_only_what_its_uplink_needs(way: str, unwanted: tuple[str, ...]) -> None:
    code = (
        "import sys\n"
        "from agent import build, daemon\n"
        "from agent.clock import SystemClock\n"
        "from agent.settings import Config, UplinkPart\n"
        "from agent.uplink.meter import Meter\n"
        f"way = {way!r}\n"
        "url = 'coap+oscore://127.0.0.1' if way == '_lean' else 'https://127.0.0.1'\n"
        "config = Config(uplink=UplinkPart(url=url, credential_file='/nowhere'))\n"
        "way == 'none' or getattr(build, way)(config, SystemClock(), Meter(), lambda seconds: True)\n"
        f"print([name for name in {unwanted!r} if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
