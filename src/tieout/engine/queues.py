"""All queues, in one list."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Queue:
    """A queue: at most ``waiting_max`` pieces of work under way (most of them waiting), ``threads`` legs at once."""

    name: str
    waiting_max: int
    threads: int
    poll_seconds: float


QUEUE = Queue("events", waiting_max=400, threads=8, poll_seconds=0.1)
