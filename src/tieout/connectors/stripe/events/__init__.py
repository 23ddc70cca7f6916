"""What events state, one file for each kind (B2). Kinds without a file are kept and ignored."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from typing import Protocol

from tieout.connectors.stripe._object import StripeObject
from tieout.connectors.stripe.events._event_type import EventType
from tieout.connectors.stripe.events._reasons import reason_for
from tieout.connectors.stripe.webhook import snapshot_type
from tieout.domain.facts import PAYMENT_SUCCEEDED, Ignored, Statement
from tieout.kernel.failures import Defect, Failed
from tieout.kernel.plugs import plugs

__all__ = [
    "EventType",
    "Objects",
    "catalogue",
    "event_types",
    "folder_of",
    "happened_at",
    "reason_for",
    "state_of",
    "statement_of",
]


MOMENTS = {
    "charge.captured": PAYMENT_SUCCEEDED,
    "charge.succeeded": PAYMENT_SUCCEEDED,
    "checkout.session.async_payment_succeeded": PAYMENT_SUCCEEDED,
    "checkout.session.completed": PAYMENT_SUCCEEDED,
    "payment_intent.succeeded": PAYMENT_SUCCEEDED,
}
"""Kinds of events that are made when their fact happens; others may state it later."""


NAMELESS = ("cash_balance",)
"""Objects that have no id: they are of a customer."""


class Objects(Protocol):
    """Where the objects of thin events are read."""

    def event_object(self, event_type: str, object_id: str) -> StripeObject | None:
        """The object as it is now, or None when it is gone."""
        ...


def state_of(event_type: str, body: str, objects: Callable[[], Objects], *, thin: bool = False) -> Statement:
    """What a kept event states. ``objects`` is asked only for a thin event, which does not carry its object.

    Raises Failed: Defect for a body that is not an event, else what reading the object raises.
    """
    name = snapshot_type(event_type)
    if name not in catalogue():
        return _unknown(name)
    event = _event(name, body)
    if not thin:
        return statement_of(name, event.part("data.object"))
    object_id = event.text("related_object.id")
    found = objects().event_object(name, object_id)
    if found is None or found.flag("deleted"):
        return Ignored(f"{object_id or 'its object'} is no longer there to be read")
    return statement_of(name, found)


def happened_at(event_type: str, body: str, kind: str) -> int:
    """When a fact of that kind happened, as the event that stated it says (epoch seconds); 0 where it does not say."""
    if MOMENTS.get(snapshot_type(event_type)) != kind:
        return 0
    try:
        return _event(event_type, body).whole("created")
    except Failed:
        return 0


def statement_of(event_type: str, subject: StripeObject) -> Statement:
    """What an event of that type states of its object; Failed(Defect) when the object has not what it must have."""
    known = catalogue().get(snapshot_type(event_type))
    if known is None:
        return _unknown(event_type)
    named = subject.id or subject.kind in NAMELESS
    return known.states(subject) if named else Ignored("the event carries no object that could be named")


@cache
def catalogue() -> Mapping[str, EventType]:
    """Every kind of event that has a file here, by its Stripe name."""
    return {one.type: one for one in plugs(sys.modules[__name__], "EVENT", EventType)}


def event_types() -> tuple[str, ...]:
    """The names of all of them, as they are subscribed to."""
    return tuple(sorted(catalogue()))


def folder_of(event_type: str) -> str:
    """The path below ``/v1/`` of the objects such events are about; empty for kinds we do not know."""
    known = catalogue().get(snapshot_type(event_type))
    return known.folder if known else ""


def _unknown(event_type: str) -> Ignored:
    name = snapshot_type(event_type)
    return Ignored(reason_for(name) or f"Tieout has no rule for {event_type} yet; the event is kept")


def _event(event_type: str, body: str) -> StripeObject:
    try:
        fields = json.loads(body, parse_float=Decimal)
    except (ValueError, RecursionError):
        fields = None
    if isinstance(fields, dict):
        return StripeObject(fields)
    raise Failed(Defect("stripe.body", f"The kept body of this {event_type} event is not an event. Report this."))
