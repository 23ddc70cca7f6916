"""A customer's tax id was added."""

from __future__ import annotations

from functools import partial

from tieout.connectors.stripe.events._event_type import EventType
from tieout.connectors.stripe.events._notices import tax_id

EVENT = EventType("customer.tax_id.created", "Tax id added", "customer", "tax_ids", partial(tax_id, "added"))
