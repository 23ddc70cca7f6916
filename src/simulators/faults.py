"""Faults on demand: what shall go wrong, where, how often."""

from __future__ import annotations

import random
import threading
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Fault:
    """One planned misbehaviour.

    ``kind`` is a word the simulator knows. ``operation`` is a prefix of the operation's name (empty: any).
    It strikes with ``probability`` until it has struck ``times`` (None: for ever). ``seconds`` is for delays.
    """

    kind: str
    operation: str = ""
    probability: float = 1.0
    times: int | None = None
    seconds: float = 0.0
    detail: dict[str, Any] = field(default_factory=dict)


class Faults:
    """The planned faults of one simulator, drawn with seeded dice; safe to use from several threads."""

    def __init__(self, dice: random.Random, kinds: frozenset[str]) -> None:
        self._dice, self._kinds, self._planned, self._lock = dice, kinds, list[Fault](), threading.Lock()
        self.struck: dict[str, int] = {}

    def plan(self, *faults: Fault) -> None:
        """Add faults; ValueError for a kind this simulator does not know."""
        for fault in faults:
            if fault.kind not in self._kinds:
                raise ValueError(f"unknown fault {fault.kind!r}; known: {', '.join(sorted(self._kinds))}")
        with self._lock:
            self._planned.extend(faults)

    def clear(self) -> None:
        """Plan nothing any more."""
        with self._lock:
            self._planned.clear()

    def draw(self, operation: str, *kinds: str) -> Fault | None:
        """The fault that strikes ``operation`` now, among ``kinds`` (none named: all), if any."""
        with self._lock:
            for fault in self._planned:
                if (kinds and fault.kind not in kinds) or not operation.startswith(fault.operation):
                    continue
                if fault.times == 0 or self._dice.random() >= fault.probability:
                    continue
                if fault.times is not None:
                    fault.times -= 1
                self.struck[fault.kind] = self.struck.get(fault.kind, 0) + 1
                return fault
        return None
