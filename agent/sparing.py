"""Importing a library without what it loads for uses that are not ours: the one way in which this is done.

Libraries that can do without something ask by `try: import …`; what is spared here are such things, never one that we
use ourselves. What each saves stands where it is spared. Memory is what a terminal has least of.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast


@contextmanager
def without(*names: str) -> Iterator[None]:
    """Within, these modules are as if they were not installed, unless they are loaded already."""
    spared = [name for name in names if name not in sys.modules]
    sys.modules |= dict.fromkeys(spared, cast("Any", None))
    try:
        yield
    finally:
        for name in spared:
            sys.modules.pop(name, None)
