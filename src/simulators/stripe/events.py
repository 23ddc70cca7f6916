"""Events: what happened, with the object as it was, snapshot and thin (Stripe facts B3, B5)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from simulators.faults import Faults
from simulators.stripe.state import Books, Cause
from simulators.stripe.tables import Row
from simulators.stripe.versions import shown

MEMORY_SECONDS = 30 * 86_400
PATHS = {
    "charge": "charges", "payment_intent": "payment_intents", "customer": "customers", "invoice": "invoices",
    "checkout.session": "checkout/sessions", "invoice_payment": "invoice_payments", "product": "products",
    "price": "prices", "refund": "refunds", "balance_transaction": "balance_transactions", "event": "events",
    "webhook_endpoint": "webhook_endpoints", "payout": "payouts", "dispute": "disputes", "topup": "topups",
    "credit_note": "credit_notes", "payment_method": "payment_methods",
}  # fmt: skip


@dataclass(slots=True)
class Event:
    """One event; ``states`` says for each endpoint: pending, delivered, failed, dropped or forgotten."""

    id: str
    type: str
    created: int
    snapshot: str
    previous: str
    cause: Cause
    subject: Row
    thin_id: str = ""
    states: dict[str, str] = field(default_factory=dict)
    forgotten: bool = False

    @property
    def acknowledged(self) -> bool:
        """Whether some endpoint answered 2xx."""
        return "delivered" in self.states.values()


class EventLog:
    """All events of the account, made on request of the books."""

    def __init__(self, books: Books, faults: Faults) -> None:
        self._books, self._faults = books, faults
        self._thin: dict[str, Event] = {}

    def record(self, event_type: str, row: Row, previous: Row | None) -> list[Event]:
        """Events for one change: one, two when twins strike, none when Stripe never generates it."""
        if self._faults.draw(event_type, "never_generated"):
            return []
        count = 2 if self._faults.draw(event_type, "twin") else 1
        snapshot, before = json.dumps(row), json.dumps(previous) if previous is not None else ""
        return [self._keep(event_type, row, snapshot, before) for _ in range(count)]

    def _keep(self, event_type: str, row: Row, snapshot: str, previous: str) -> Event:
        books = self._books
        subject = {"id": row.get("id", ""), "type": row["object"]}
        place = f"/v1/{PATHS.get(row['object'], row['object'] + 's')}/{subject['id']}"
        subject["url"] = "/v1/balance" if row["object"] == "balance" else place
        event = Event(books.ids.new("event"), event_type, int(books.now()), snapshot, previous, books.cause, subject)
        books.put({"id": event.id, "object": "event", "created": event.created, "type": event_type, "_event": event})
        return event

    def all(self) -> list[Event]:
        """Every event, oldest first, however old."""
        return [row["_event"] for row in self._books.tables["event"].rows]

    def with_thin_id(self, event: Event) -> Event:
        """The same event, now known under a thin id as well."""
        if not event.thin_id:
            event.thin_id = self._books.ids.new("thin event")
            self._thin[event.thin_id] = event
        return event

    def thin(self, thin_id: str) -> Event | None:
        """The event with this thin id, for 30 days."""
        event = self._thin.get(thin_id)
        return event if event and self.remembered(event) else None

    def remembered(self, event: Event) -> bool:
        """Whether the API still shows the event, and shows it already."""
        age = self._books.now() - event.created
        return not event.forgotten and self._books.traits.events_lag_seconds <= age <= MEMORY_SECONDS


def event_shown(books: Books, event: Event, version: str) -> Row:
    """A snapshot event in the shape of ``version``."""
    content: dict[str, Any] = {"object": shown(books, json.loads(event.snapshot), version)}
    if event.previous:
        content["previous_attributes"] = json.loads(event.previous)
    return {
        "id": event.id,
        "object": "event",
        "api_version": version,
        "created": event.created,
        "data": content,
        "livemode": books.traits.livemode,
        "pending_webhooks": sum(state == "pending" for state in event.states.values()),
        "request": {"id": event.cause.request_id, "idempotency_key": event.cause.idempotency_key},
        "type": event.type,
    }


def thin_shown(books: Books, event: Event) -> Row:
    """A thin event: what changed and where to read it."""
    cause = event.cause
    request = {"id": cause.request_id, "idempotency_key": cause.idempotency_key or ""}
    return {
        "id": event.thin_id,
        "object": "v2.core.event",
        "context": None,
        "created": datetime.fromtimestamp(event.created, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        "livemode": books.traits.livemode,
        "reason": {"type": "request", "request": request} if cause.request_id else None,
        "related_object": dict(event.subject),
        "snapshot_event": event.id,
        "type": f"v1.{event.type}",
    }
