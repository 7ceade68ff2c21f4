"""For the tables: many short words in one string."""


def entries(text: str) -> tuple[str, ...]:
    """ "a b c" as ("a", "b", "c")."""
    return tuple(text.split())
