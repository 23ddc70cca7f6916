"""Which settle windows this very process has counted: one that another began is counted anew.

Two processes may have different clocks: a machine was restored, started with a wrong clock, or put its clock back. Were a
window that another process began cut short by that, a write that commits late would be doubled (reliability E13).
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from tieout.domain.writing import Intent

REMEMBERED_MAX = 10_000

Attempt = tuple[str, str, int]


@dataclass(slots=True)
class Settling:
    """The attempts whose window was begun here; one that is forgotten is counted anew, which is safe."""

    _begun: dict[Attempt, None] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, intent: Intent) -> None:
        """The window of this attempt is counted by this process from now on."""
        with self._lock:
            self._begun[_attempt(intent)] = None
            while len(self._begun) > REMEMBERED_MAX:
                del self._begun[next(iter(self._begun))]

    def began_here(self, intent: Intent) -> bool:
        """Whether this process began the window of this attempt."""
        with self._lock:
            return _attempt(intent) in self._begun


def _attempt(intent: Intent) -> Attempt:
    return intent.connection, intent.reference, intent.attempt
