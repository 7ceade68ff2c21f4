"""What cannot be written just now, by where: "outbox", "ledger", "plan", "state". A disk that fails costs records and
figures, never the watching.
"""

from agent.log import logger


class Troubles(dict[str, str]):
    """Where → why. Said in the log when it begins."""

    def met(self, where: str, error: Exception) -> None:
        if where not in self:
            logger("watch").error("cannot write", where=where, why=str(error))
        self[where] = str(error)

    def over(self, where: str) -> None:
        self.pop(where, None)
