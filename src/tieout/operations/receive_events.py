"""Keeps what Stripe sent, many events in one transaction: only after it may they be acknowledged."""

from __future__ import annotations

from collections.abc import Sequence

from tieout.kernel import crash
from tieout.store import inbox
from tieout.store.database import Database

crash.register("intake.before_commit", "intake.after_commit")


def receive_events(box: Database, arrivals: Sequence[inbox.Kept]) -> None:
    """Keep every event once; a redelivered one changes nothing."""
    with box.transaction() as db:
        inbox.add(db, arrivals)
        crash.crash_point("intake.before_commit")
    crash.crash_point("intake.after_commit")
