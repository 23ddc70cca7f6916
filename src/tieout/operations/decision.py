"""What a person decides about the books: who, why, and who approved."""

from __future__ import annotations

from dataclasses import dataclass

from tieout.domain.audit.act import Actor
from tieout.kernel.failures import Failed, Fix

WORDS_MAX = 500


@dataclass(frozen=True, slots=True)
class Decision:
    """Who decides, and why, in words; ``approver`` is the second person where one is needed. ``at`` in epoch seconds.

    ``user`` is the operating system's user who asked for it.
    """

    actor: str
    reason: str
    at: float
    approver: str = ""
    user: str = ""

    @property
    def who(self) -> Actor:
        """Whom the audit trail names."""
        return Actor(self.user, self.actor, self.approver)


def check_words(decision: Decision) -> None:
    """Failed(Fix) when nobody decided, or nobody said why."""
    for name, text in (("--reason", decision.reason), ("--actor", decision.actor)):
        if not text.strip():
            raise Failed(Fix("exception.words", f"{name} is missing: the books keep who decided and why.", field=name))
        if len(text) > WORDS_MAX:
            raise Failed(
                Fix("exception.words", f"{name} has more than {WORDS_MAX} characters; shorten it.", field=name)
            )


def check_approver(decision: Decision) -> None:
    """Failed(Fix) when there is no second person."""
    approver, actor = decision.approver.strip().casefold(), decision.actor.strip().casefold()
    if not approver:
        sentence = "--approver is missing: this needs a second person."
        raise Failed(Fix("exception.approver", sentence, field="--approver"))
    if approver == actor:
        sentence = f"--approver {decision.approver.strip()!r} is the actor too. Another person must approve."
        raise Failed(Fix("exception.approver", sentence, field="--approver", value=decision.approver))
