"""Until when a write that was allowed may still begin: whoever was held up for longer asks anew.

Between the mark "it may be sent" and the first byte a process can be stopped for an hour. By then another may have looked,
found nothing and sent it itself. Only the wire knows the last moment before the first byte, so it asks here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from tieout.kernel.clock import Clock

_expired: ContextVar[Callable[[], bool] | None] = ContextVar("write permit", default=None)


@contextmanager
def begin_before(until: float, clock: Clock) -> Iterator[None]:
    """Writes inside of the block may begin before ``until`` (epoch seconds of that clock), and not later."""
    token = _expired.set(lambda: clock() >= until)
    try:
        yield
    finally:
        _expired.reset(token)


def has_expired() -> bool:
    """Whether a permit was given and it is too late to begin."""
    expired = _expired.get()
    return expired is not None and expired()
