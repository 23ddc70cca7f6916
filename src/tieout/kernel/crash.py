"""Crash points: every place where dying would hurt has a name, so that tests can die there.

In production ``crash_point`` only calls a hook that does nothing. The registry is filled when modules are imported
(``register("p21.before_send")``), so a test can walk through all of them and none can be forgotten (reliability D2).
"""

from __future__ import annotations

from collections.abc import Callable

_registered: set[str] = set()
_hook: list[Callable[[str], None]] = []


def register(*names: str) -> None:
    """Declare crash points by name, ``<place>.<moment>``."""
    _registered.update(names)


def registered() -> tuple[str, ...]:
    """All declared crash points, sorted."""
    return tuple(sorted(_registered))


def crash_point(name: str) -> None:
    """Mark a moment; KeyError when the name was never registered."""
    if name not in _registered:
        raise KeyError(f"crash point {name!r} is not registered")
    for act in _hook:
        act(name)


def on_crash_point(act: Callable[[str], None]) -> Callable[[], None]:
    """Call ``act`` at every crash point from now on; the answer takes it away again."""
    _hook.append(act)
    return lambda: _hook.remove(act)
