"""Reading the settings: TOML files → merged → checked whole → `agent.settings.Config`.

Rules: unknown keys, wrong types and values out of range are errors, never warnings, and each error names the file, the
line, the key, what was found and what is allowed. Settings never hold a secret, only the name of a file that does.
`conf.d/*.toml` beside the main file is merged over it in the order of the names. A default main file that is missing
means: all defaults.

The checker is pydantic (agent/config_check.py); whoever stays in memory uses agent/config_apart.py instead.
"""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_args, get_type_hints

from agent.config_fault import Fault
from agent.settings import SECTIONS, Config, Limit, limit_of
from modem.frozen import dataclass

DEFAULT_PATH = Path("/etc/posagent/config.toml")
ENVIRONMENT = "POSAGENT_CONFIG"
MAX_FILE_BYTES = 256 * 1024


class ConfigError(Exception):
    """A setting that cannot be used; the first one when there are several (`others` counts the rest)."""

    def __init__(self, file: str, line: int | None, key: str | None, found: str, allowed: str, others: int = 0) -> None:
        where = f"{file}:{line}" if line else file
        more = f" (and {others} more)" if others else ""
        super().__init__(f"{where}: {f'{key}: ' if key else ''}found {found}; allowed: {allowed}{more}")
        self.file, self.line, self.key, self.found, self.allowed = file, line, key, found, allowed
        self.said = {"file": file, "line": line, "key": key, "found": found, "allowed": allowed, "others": others}
        """The arguments, for who has to say it again elsewhere."""


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    text: str
    data: dict[str, Any]


def load(path: Path | None = None) -> Config:
    """The settings of `path`, of POSAGENT_CONFIG, or of the default place. ConfigError when they cannot be used."""
    files = [_read(name) for name in files_of(path)]
    if not files:
        return Config()
    from agent.config_check import checked  # noqa: PLC0415 - loads pydantic, only where there is something to check

    config = checked(_merged(files))
    if isinstance(config, Fault):
        raise _explained(config, files)
    return _checked_together(config, files)


def run_dir(path: Path | None = None) -> Path:
    """Where socket and lock are, and nothing else checked: before a payment each moment counts, and the checker takes
    many. ConfigError for a file that cannot be read."""
    paths = _merged([_read(name) for name in files_of(path)]).get("paths")
    named = paths.get("run_dir") if isinstance(paths, dict) else None
    return Path(named) if isinstance(named, str) and named else Config().run_dir


def chosen_path(path: Path | None = None) -> Path:
    """Which main file is meant: the one given, else the environment's, else the default."""
    named = os.environ.get(ENVIRONMENT)
    return path or (Path(named) if named else DEFAULT_PATH)


def files_of(path: Path | None) -> list[Path]:
    """The files to read, in their order; a main file that was asked for is among them, there or not."""
    main = chosen_path(path)
    extra = _pieces(main.parent / "conf.d")
    return [main, *extra] if main != DEFAULT_PATH or _is_there(main) else extra


def _pieces(folder: Path) -> list[Path]:
    """Where this user may not look: the folder itself, so that reading it says so."""
    try:
        return sorted(path for path in folder.iterdir() if path.suffix == ".toml")
    except PermissionError:
        return [folder]
    except OSError:
        return []


def _is_there(path: Path) -> bool:
    """Also where its folder is closed to this user: then reading says so."""
    try:
        return path.exists()
    except PermissionError:
        return True


def _read(path: Path) -> _File:
    import tomllib  # noqa: PLC0415 - not where the checker's process does the reading

    try:
        raw = path.read_bytes()[: MAX_FILE_BYTES + 1]
    except OSError as error:
        raise ConfigError(str(path), None, None, error.strerror or "an error", "a file that can be read") from None
    if len(raw) > MAX_FILE_BYTES:
        raise ConfigError(str(path), None, None, "a larger file", f"at most {MAX_FILE_BYTES} bytes")
    try:
        text = raw.decode("utf-8-sig")
        return _File(path, text, tomllib.loads(text))
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise ConfigError(str(path), line, None, "bytes that are no UTF-8", "text in UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"at line (\d+)", str(error))
        raise ConfigError(str(path), int(at[1]) if at else None, None, str(error), "TOML: key = value") from None
    except RecursionError:
        raise ConfigError(str(path), None, None, "too deep a nesting", "TOML: key = value") from None


def _merged(files: list[_File]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for file in files:
        _merge(merged, file.data)
    return merged


def _merge(onto: dict[str, Any], new: Mapping[str, Any]) -> None:
    """Tables are merged key by key; everything else is replaced, lists too."""
    for key, value in new.items():
        held = onto.get(key)
        if isinstance(held, dict) and isinstance(value, dict):
            _merge(held, value)
        else:
            onto[key] = dict(value) if isinstance(value, dict) else value


def _checked_together(config: Config, files: list[_File]) -> Config:
    """What one key cannot say alone."""
    if config.uplink.url and not config.terminal.id:
        raise _about(files, ("terminal", "id"), "nothing", "a name, since uplink.url is set")
    if config.plan.cycle in ("every_days", "every_months") and not config.plan.cycle_anchor:
        raise _about(files, ("plan", "cycle_anchor"), "nothing", f'a date, since plan.cycle is "{config.plan.cycle}"')
    if config.uplink.retry_first_s > config.uplink.retry_cap_s:
        raise _about(
            files, ("uplink", "retry_first_s"), f"{config.uplink.retry_first_s:g}", "at most uplink.retry_cap_s"
        )
    return config


def _explained(fault: Fault, files: list[_File]) -> ConfigError:
    return _about(files, fault.keys, _found(fault), _allowed(fault), fault.others)


def _about(files: list[_File], keys: tuple[str, ...], found: str, allowed: str, others: int = 0) -> ConfigError:
    """The error with the place where the last file that speaks of this key does so."""
    for file in reversed(files):
        line = line_of(file.text, keys)
        if line is not None:
            return ConfigError(str(file.path), line, ".".join(keys), found, allowed, others)
    path = str(files[-1].path) if files else str(DEFAULT_PATH)
    return ConfigError(path, None, ".".join(keys), found, allowed, others)


def _found(fault: Fault) -> str:
    if fault.kind == "extra_forbidden":
        return f"a key that does not exist{_meant(fault)}"  # its value stays untold: it may be a secret, misplaced
    text = repr(fault.value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _meant(fault: Fault) -> str:
    """`, perhaps heartbeat_s`, where a name is nearly one that is known, here or in another section."""
    import difflib  # noqa: PLC0415 - only for who has made a mistake

    near = difflib.get_close_matches(fault.keys[-1], _known(fault), 1)
    if not near and len(fault.keys) > 1:
        near = [f"[{name}] {fault.keys[1]}" for name, part in SECTIONS.items() if fault.keys[1] in _settings(part)]
    return f", perhaps {near[0]}" if near else ""


def _known(fault: Fault) -> list[str]:
    """The names that may stand where the unknown one does."""
    return list(SECTIONS) if len(fault.keys) == 1 else _settings(SECTIONS[fault.keys[0]])


def _settings(part: type[Any]) -> list[str]:
    return list(part.__dataclass_fields__)


def _allowed(fault: Fault) -> str:
    section = fault.keys[0]
    if fault.kind == "extra_forbidden":
        known = _known(fault)
        return f"{'sections' if len(fault.keys) == 1 else 'keys'} {', '.join(known)}"
    if len(fault.keys) == 1:
        return f"a table: [{section}]"
    setting = SECTIONS[section].__dataclass_fields__.get(fault.keys[1])
    return allowed_text(section, fault.keys[1]) if setting else fault.message


def allowed_text(section: str, key: str) -> str:
    """What a setting may be, in words: '5 to 3600', '"zh" or "en"', 'a date as …'."""
    kind = get_type_hints(SECTIONS[section])[key]
    limit = limit_of(SECTIONS[section].__dataclass_fields__[key])
    if kind == tuple[str, ...]:
        return f"a list of at most {limit.max_length} texts as {limit.like.allowed if limit.like else 'text'}"
    if limit.like:
        return limit.like.allowed
    if words := get_args(kind):
        return " or ".join(f'"{word}"' if isinstance(word, str) else str(word) for word in words)
    return _number_text(kind, limit)


def _number_text(kind: object, limit: Limit) -> str:
    if limit.ge is not None and limit.le is not None:
        return f"{'a whole number, ' if kind is int else ''}{_number(limit.ge)} to {_number(limit.le)}"
    if kind is bool:
        return "true or false"
    return f"text of at most {limit.max_length} characters"


def _number(bound: float) -> str:
    return str(int(bound)) if bound == int(bound) else str(bound)


def line_of(text: str, keys: tuple[str, ...]) -> int | None:
    """The line (from 1) on which `text` sets the key, or else the nearest table around it; None if it has neither."""
    best: tuple[int, int] | None = None
    for line, path in _assignments(text):
        shared = _shared(path, keys)
        if shared and (best is None or shared > best[0]):
            best = (shared, line)
    return best[1] if best else None


def _shared(path: tuple[str, ...], keys: tuple[str, ...]) -> int:
    """How many parts of `keys` this line names; 0 when it speaks of something else."""
    return len(path) if path == keys[: len(path)] else 0


_HEADER = re.compile(r"\s*\[\[?\s*([^\]]+?)\s*\]")
_KEY = re.compile(r"""\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=""")


def _assignments(text: str) -> Iterator[tuple[int, tuple[str, ...]]]:
    """(line, key path) of each header and assignment. Good enough for a file that has been read as TOML before."""
    table: tuple[str, ...] = ()
    quoted: str | None = None
    for number, line in enumerate(text.splitlines(), 1):
        if quoted is None and (header := _HEADER.match(line)):
            table = _parts(header[1])
            yield number, table
        elif quoted is None and (key := _KEY.match(line)):
            yield number, (*table, *_parts(key[1]))
        quoted = _still_quoted(line, quoted)


def _still_quoted(line: str, quoted: str | None) -> str | None:
    """Which triple quote is open at the end of the line."""
    for mark in re.findall(r'"""|\'\'\'', line):
        if quoted is None:
            quoted = mark
        elif quoted == mark:
            quoted = None
    return quoted


def _parts(dotted: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in dotted.split("."))
