"""Words of the console: now. Chinese first, then English."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {}
