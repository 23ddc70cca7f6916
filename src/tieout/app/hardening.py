"""What a process of ours gives up at its start (security S56; case D14)."""

from __future__ import annotations

import logging
import os
import resource

from tieout.kernel.log import log


def harden() -> None:
    """Leave no core dump, which would hold secrets; and say a word when this is root, who needs none of its rights here."""
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (0, most))
    if os.geteuid() == 0:
        log(
            "running as root",
            logging.WARNING,
            why="Tieout needs no right of root; give it a user of its own, as docs/how-to/run-as-a-service.md shows",
        )
