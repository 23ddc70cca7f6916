"""The command line of Tieout with a bomb or a planted bug: python -m tests.crash.child serve|work|…

TIEOUT_TEST_DIE_AT=<crash point> kills the process there with SIGKILL, the TIEOUT_TEST_DIE_AFTER-th time it is passed (0:
the first). TIEOUT_TEST_PLANT names a bug that the harness must find; it exists only in this process.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

from tests.crash import planted
from tieout.cli import main
from tieout.kernel import crash


def arm(point: str, after: int) -> None:
    """Die at a crash point."""
    passed = [0]

    def act(name: str) -> None:
        if name == point:
            passed[0] += 1
            if passed[0] > after:
                os.kill(os.getpid(), signal.SIGKILL)

    crash.on_crash_point(act)


def start() -> None:
    """Read the environment and run the command line."""
    if point := os.environ.get("TIEOUT_TEST_DIE_AT"):
        arm(point, int(os.environ.get("TIEOUT_TEST_DIE_AFTER", "0")))
    if name := os.environ.get("TIEOUT_TEST_PLANT"):
        plant: Callable[[], None] = planted.BUGS[name]
        plant()
    main()


if __name__ == "__main__":
    start()
