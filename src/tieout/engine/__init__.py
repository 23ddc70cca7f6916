"""The engine door: what may be said to an engine, whichever it is.

Work has an id, a lane and an argument. The engine calls the leg with the argument until the leg says that it is done;
between two legs it waits as long as the leg asked, across restarts. Work of one lane runs one after the other, in the
order of the ids. A leg may be called again after a crash: it keeps its own checkpoints.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Work:
    """One thing to do. Submitting the same id again changes nothing; ids sort by arrival."""

    id: str
    lane: str
    argument: str


@dataclass(frozen=True, slots=True)
class Rest:
    """What a leg asks for: to be called again after so many seconds, or (None) never again."""

    wait_seconds: float | None = None


Leg = Callable[[str], Rest]


class Engine(Protocol):
    """Takes work and sees that it is done."""

    def submit(self, work: Work) -> None:
        """Keep the work durably; it will be done."""
        ...

    def keeps(self, ids: Sequence[str]) -> set[str]:
        """Of these ids, those whose work it has and has not ended."""
        ...
