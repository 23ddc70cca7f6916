"""The states that events and runs can be in; the last three are ends."""

from __future__ import annotations

QUEUED, APPLIED, PARKED, IGNORED = "queued", "applied", "parked", "ignored"
RUNNING, WAITING = "running", "waiting"
ENDED = (APPLIED, PARKED, IGNORED)
