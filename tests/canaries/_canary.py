"""What a canary is: a bug as a function that replaces others, its kind, and the harness that must find it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Replace = Callable[[object, str, object], None]
"""Puts a value in the place of an attribute: ``monkeypatch.setattr`` in a test, ``setattr`` in a process of its own."""


@dataclass(frozen=True, slots=True)
class Canary:
    """One planted bug. ``kind``: values, lanes, fences, books or doors. ``harness`` names a function of ``harnesses``."""

    name: str
    kind: str
    harness: str
    plant: Callable[[Replace], None]
