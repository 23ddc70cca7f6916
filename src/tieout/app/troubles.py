"""What goes wrong with a file while a worker runs: a sentence in the log, and an alert as soon as one can be kept (case T6)."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field

from tieout.app.house import House
from tieout.app.installation import failed_file
from tieout.kernel.clock import iso
from tieout.kernel.failures import Fix
from tieout.kernel.log import log
from tieout.operations.raise_alert import raise_alert

PENDING_MAX = 20


@dataclass(slots=True)
class Troubles:
    """Remembers what could not be told yet: books that are locked, full or damaged take no alert."""

    house: House
    _pending: dict[tuple[str, str], str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def known(self, what: str, error: Exception) -> bool:
        """Say what it means when the error is one of a file; False when it is something else."""
        told = failed_file(self.house.settings.folder, error)
        if told is None:
            return False
        self._say(what, told.failure)
        return True

    def tell(self) -> None:
        """Keep the alerts that could not be kept before. Raises what the database raises."""
        with self._lock:
            waiting = list(self._pending.items())
        for (code, about), sentence in waiting:
            raise_alert(self.house.books, code, sentence, about, self.house.ports.clock())
            with self._lock:
                self._pending.pop((code, about), None)

    def _say(self, what: str, failure: object) -> None:
        assert isinstance(failure, Fix), "what is wrong with a file is for a person"
        log("file trouble", logging.ERROR, what=what, code=failure.code, sentence=failure.sentence)
        day = iso(self.house.ports.clock())[:10]
        with self._lock:
            if len(self._pending) < PENDING_MAX:
                self._pending[failure.code, f"{failure.field} {day}"] = failure.sentence
