"""What the checker says of settings that cannot be used, before anybody knows in which file and line they stand."""

from modem.frozen import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """What the checker found first: the key's path, the kind of mistake, what was there."""

    keys: tuple[str, ...]
    kind: str
    """pydantic's word: "extra_forbidden", "missing", "int_type" …"""
    value: object
    message: str
    others: int = 0
