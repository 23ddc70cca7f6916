"""Reads objects again and says what they state now: for events that were lost, or never generated (Stripe B14 #3)."""

from __future__ import annotations

from collections.abc import Iterator

from tieout.connectors.stripe._calls import Calls
from tieout.connectors.stripe.events import catalogue, statement_of
from tieout.domain.facts import Fact

NOT_FINAL = "invoice.finalization_failed"
FOLDERS = ("charges", "refunds", "disputes", "invoices", "credit_notes", "payouts")


def stated_again(calls: Calls, since: int, until: int) -> Iterator[Fact]:
    """Every fact that objects created in a time (epoch seconds) state as they are now, each once; raises Failed."""
    seen: set[str] = set()
    for folder in FOLDERS:
        types = [one.type for one in catalogue().values() if one.folder == folder]
        for found in calls.every(folder, {"created": {"gte": since, "lt": until}}):
            for name in types:
                if name == NOT_FINAL and not found.part("last_finalization_error"):
                    continue  # a draft is no failure
                statement = statement_of(name, found)
                if isinstance(statement, Fact) and statement.identity not in seen:
                    seen.add(statement.identity)
                    yield statement
