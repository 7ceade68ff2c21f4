"""Words of the console: people. Chinese first, then English."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {}
