"""Defects planted on purpose: rows that are hidden, altered or gone, and events that are forgotten (facts B14)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from simulators.stripe.delivery import Delivery
from simulators.stripe.events import Event, EventLog
from simulators.stripe.state import Books
from simulators.stripe.tables import Row


def alter(books: Books, row: Row, fields: Mapping[str, Any]) -> None:
    """Give an object other values than it should have, telling nobody; ValueError for a field it does not have.

    ``payout`` of a balance transaction is the payout that lists it.
    """
    named = {("_payout" if name == "payout" and "_payout" in row else name): value for name, value in fields.items()}
    unknown = sorted(set(named) - row.keys())
    if unknown:
        raise ValueError(f"{row['object']} {row['id']} has no field {unknown[0]!r}")
    row.update(named)
    books.tables[row["object"]].reindex(row)


def hide(row: Row) -> None:
    """Leave an object out of every list; it can still be retrieved, and its money still counts."""
    row["_hidden"] = True


def remove(row: Row) -> None:
    """Let an object never have been: not listed, not found, its money gone from the balance."""
    row["_gone"] = True


def forget_events(
    log: EventLog, delivery: Delivery, types: Sequence[str], since: float | None, until: float | None
) -> int:
    """Let Stripe have lost events, by type (``payout.*``; none: all) and time: the number of events forgotten.

    They are no longer listed, and what of them is not delivered yet never will be.
    """
    chosen = [event for event in log.all() if _chosen(event, types, since, until)]
    for event in chosen:
        event.forgotten = True
        delivery.forget(event)
    return len(chosen)


def _chosen(event: Event, types: Sequence[str], since: float | None, until: float | None) -> bool:
    if event.forgotten or (since is not None and event.created < since):
        return False
    if until is not None and event.created > until:
        return False
    return not types or any(fnmatchcase(event.type, each) for each in types)
