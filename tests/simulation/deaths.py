"""A world that dies at the commit of one operation, before or after it: every operation is a crash point of its own."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

from tests.simulation.books import Books
from tests.simulation.world import Crash, Luck, Shape
from tieout.kernel import crash

COMMITS = ("store.before_commit", "store.after_commit")
OPERATIONS = "/tieout/operations/"
Place = tuple[str, str]


class Dying(Books):
    """It notes where it commits; at ``fatal`` (an operation and a moment) it dies, the first time it is passed."""

    def __init__(self, shape: Shape, fatal: Place | None = None) -> None:
        self.passed, self.fatal = dict[Place, int](), fatal
        super().__init__(1, Luck(), shape)

    def _maybe_die(self, name: str) -> None:
        if name not in COMMITS:
            return
        for operation in operations_under_way():
            self.passed[operation, name] = self.passed.get((operation, name), 0) + 1
            if (operation, name) == self.fatal:
                self.fatal = None
                raise Crash

    def person(self, act: Callable[[], Any], is_done: Callable[[], bool]) -> None:
        """What a person does with a command: when it dies under their hands they look, and do it again until it is done."""
        while not is_done():
            stop = crash.on_crash_point(self._maybe_die)
            try:
                act()
            except Crash:
                self._restart()
            finally:
                stop()


def operations_under_way() -> Iterator[str]:
    """The operations on the stack, as ``file.function``."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        code = frame.f_code
        if OPERATIONS in code.co_filename:
            yield f"{code.co_filename.rpartition('/')[2].removesuffix('.py')}.{code.co_name}"
            return
        frame = frame.f_back
