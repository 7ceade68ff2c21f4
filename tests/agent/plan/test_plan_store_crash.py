"""What was heard is on the disk when the call returns: killed right after, nothing is lost and nothing is doubled."""

import os
import signal
from contextlib import closing
from pathlib import Path

from agent.plan.renewal import Before, begin, proof_from
from agent.plan.store import Asked, PlanStore
from agent.sample.base import PlanFact

CARD = "89860000000000000001"
ROUNDS = 12


def killed_after(path: Path, number: int) -> None:
    """A process of its own says one thing of each kind and is killed."""
    child = os.fork()
    if child == 0:
        try:
            store = PlanStore(path)
            store.hear(CARD, [PlanFact("balance", f"{number}.00", "carrier_sms", float(number))])
            store.note_ask(CARD, Asked("ussd:*100#", float(number), "sent"))
            store.keep("proof", begin(CARD, float(number), Before()).json())
            os.kill(os.getpid(), signal.SIGKILL)
        finally:
            os._exit(1)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status)


def test_nothing_that_was_heard_is_lost_when_the_process_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "plan.db"
    for number in range(1, ROUNDS + 1):
        killed_after(path, number)
        with closing(PlanStore(path)) as store:
            assert store.problem is None
            assert [fact.value for fact in store.facts(CARD)] == [f"{heard}.00" for heard in range(1, number + 1)]
            assert len(store.asked(CARD)) == number
            proof = proof_from(store.kept("proof"))
        assert proof is not None
        assert proof.started_at == number
