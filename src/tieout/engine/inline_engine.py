"""The engine in memory: one thread, a clock that is passed in, and a crash whenever a simulation wants one.

It keeps what a durable engine keeps (work not yet done, when it is due) and loses what a process loses: a leg that dies
is simply called again after the restart.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tieout.engine import Leg, Work


@dataclass(slots=True)
class _Waiting:
    work: Work
    due: float


class InlineEngine:
    """Runs legs when told to; ``dice`` choose among lanes that are ready, so that every interleaving can happen."""

    def __init__(self, leg: Leg, now: Callable[[], float], dice: random.Random) -> None:
        self._leg, self._now, self._dice = leg, now, dice
        self._lanes: dict[str, list[_Waiting]] = {}
        self._known: set[str] = set()
        self._held: set[str] = set()

    def submit(self, work: Work) -> None:
        """Keep the work; an id that is known changes nothing."""
        if work.id in self._known:
            return
        self._known.add(work.id)
        lane = self._lanes.setdefault(work.lane, [])
        lane.append(_Waiting(work, self._now()))
        lane.sort(key=lambda waiting: waiting.work.id)

    def keeps(self, ids: Sequence[str]) -> set[str]:
        """Of these ids, those whose work it has and has not ended."""
        return {waiting.work.id for lane in self._lanes.values() for waiting in lane} & set(ids)

    def step(self) -> bool:
        """Call one leg that is due, if any; whatever the leg raises passes through and its work stays."""
        ready = sorted(
            lane for lane, waiting in self._lanes.items() if waiting[0].due <= self._now() and lane not in self._held
        )
        if not ready:
            return False
        lane = self._dice.choice(ready)
        head = self._lanes[lane][0]
        rest = self._leg(head.work.argument)
        if rest.wait_seconds is not None:
            head.due = self._now() + rest.wait_seconds
            return True
        self._done(lane, head)
        return True

    def hold(self, argument: str) -> list[str]:
        """Let the lanes of the work that has this argument stand; what they are, for ``release``."""
        held = [lane for lane, waiting in self._lanes.items() if any(one.work.argument == argument for one in waiting)]
        self._held.update(held)
        return held

    def release(self, lanes: Sequence[str]) -> None:
        """Let lanes go on."""
        self._held.difference_update(lanes)

    def _done(self, lane: str, head: _Waiting) -> None:
        """Forget the work, unless another has done it meanwhile."""
        rest = [waiting for waiting in self._lanes.get(lane, ()) if waiting is not head]
        if rest:
            self._lanes[lane] = rest
        else:
            self._lanes.pop(lane, None)

    @property
    def next_due(self) -> float | None:
        """When the next leg is due (epoch seconds), or None when there is no work."""
        return min((waiting[0].due for lane, waiting in self._lanes.items() if lane not in self._held), default=None)
