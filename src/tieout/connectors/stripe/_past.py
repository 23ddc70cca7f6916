"""Stripe's list of past events, oldest first: for catching up after an outage, up to 30 days back (B3, B14)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal

from tieout.connectors.stripe._calls import Calls, object_path
from tieout.connectors.stripe._object import StripeObject
from tieout.connectors.stripe.webhook import ReceivedEvent, Unreadable, read_event

LAG_SECONDS = 60
WINDOW_SECONDS = 3600
DAYS_MAX = 30


def past_events(
    calls: Calls, since: int, now: int, types: tuple[str, ...] = ()
) -> Iterator[ReceivedEvent | Unreadable]:
    """Events created from ``since`` until a minute ago, in epoch seconds, an hour's worth in memory at a time.

    Stripe lists newest first and is not consistent at once, hence windows and lag. At most 20 ``types``. Raises Failed.
    """
    start = max(since, now - DAYS_MAX * 86_400)
    end = now - LAG_SECONDS
    while start <= end:
        until = min(start + WINDOW_SECONDS, end + 1)
        window: dict[str, object] = {"created": {"gte": start, "lt": until}}
        found = list(calls.every("events", window | ({"types": list(types)} if types else {})))
        for event in reversed(found):
            yield _received(event)
        start = until


def past_event(calls: Calls, event_id: str) -> ReceivedEvent | Unreadable | None:
    """One event by its id, or None when Stripe does not list it any more. Raises Failed."""
    found = calls.find(object_path("events", event_id))
    return _received(found) if found is not None else None


def _received(event: StripeObject) -> ReceivedEvent | Unreadable:
    return read_event(json.dumps(event.fields, default=_plain).encode())


def _plain(value: object) -> str:
    """A fraction (an exchange rate) becomes a text: nothing that is read from a listed event is one."""
    assert isinstance(value, Decimal), "the reader makes no other values"
    return format(value, "f")
