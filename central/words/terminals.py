"""Words of the console: terminals. Chinese first, then English."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {}
