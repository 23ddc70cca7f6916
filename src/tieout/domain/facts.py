"""What happened in the world, in our words: the facts that events state."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened to one subject.

    ``kind`` is a word of ours (``payment_succeeded``), ``subject`` the Stripe id it happened to. The same fact stated
    by several events is one fact: ``identity`` is equal, and only the first of them starts a run.
    """

    kind: str
    subject: str

    @property
    def identity(self) -> str:
        """What makes two statements the same fact, inside one connection and mode."""
        return f"{self.kind}:{self.subject}"


@dataclass(frozen=True, slots=True)
class Ignored:
    """An event that states no fact we act on, and the rule that says so."""

    reason: str


Statement = Fact | Ignored

PAYMENT_SUCCEEDED = "payment_succeeded"
KINDS = (PAYMENT_SUCCEEDED,)
