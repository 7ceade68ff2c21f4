"""A thread for one piece of work, which the system may refuse: where a hook took every task of the unit (TasksMax=)."""

import threading
from collections.abc import Callable

NO_THREAD = "the system gives no thread"


def beside(work: Callable[[], object], name: str) -> bool:
    """Begun, on a thread that nobody waits for; False where there is none to be had."""
    try:
        threading.Thread(target=work, name=name, daemon=True).start()
    except RuntimeError:
        return False
    return True
