"""Tells at once that a bank took money back for which records were written: the order may still be held (case A11)."""

from __future__ import annotations

import json
from collections.abc import Sequence

from tieout.domain.ledger.balance_change import BalanceChange
from tieout.kernel.failures import Failed, Retry
from tieout.kernel.money import Money
from tieout.nodes._ports import Ports
from tieout.operations.raise_alert import raise_alert
from tieout.queries.links import LinkLine, links_of
from tieout.store import inbox
from tieout.store.lanes import EventRow

FAILURES = ("charge.failed", "payment_intent.payment_failed", "checkout.session.async_payment_failed")
TAKEN_BACK = "charge_failure"  # the reporting category of such a row
BOUNCED = "payment.bounced"
HELD = {"sales_order": "order", "invoice": "invoice"}


def tell_if_bounced(ports: Ports, event: EventRow) -> None:
    """One alert for a payment that was written to P21 and has failed since; a first try that failed is none."""
    if event.type not in FAILURES:
        return
    with ports.box.reading() as db:
        kept = inbox.of_event(db, event.connection, event.livemode, event.event_id)
    thing = json.loads(kept.body).get("data", {}).get("object", {}) if kept and not kept.thin else {}
    names = [str(one) for one in (thing.get("payment_intent"), thing.get("id")) if isinstance(one, str)]
    for payment in names:
        written = [one for one in links_of(ports.books, payment) if one.origin == event.connection]
        if written and not _is_paid(ports, event.connection, payment):
            amount = Money(str(thing.get("currency") or "usd").lower(), int(thing.get("amount") or 0))
            sentence = _sentence(payment, amount, written)
            raise_alert(ports.books, BOUNCED, sentence, payment, ports.clock())
            return


def tell_if_taken_back(ports: Ports, connection: str, change: BalanceChange) -> None:
    """The same alert for a row of the balance that takes a payment back, whether or not an event told of it."""
    if change.category != TAKEN_BACK:
        return
    origin = change.origin
    for payment in dict.fromkeys(filter(None, (origin.payment, origin.charge))):
        written = [one for one in links_of(ports.books, payment) if one.origin == connection]
        if written:
            amount = Money(origin.currency or change.currency, abs(origin.amount or change.amount))
            raise_alert(ports.books, BOUNCED, _sentence(payment, amount, written), payment, ports.clock())
            return


def _is_paid(ports: Ports, connection: str, payment: str) -> bool:
    """Whether it is paid as it stands now: another try may have succeeded."""
    try:
        found = ports.connections.stripe(connection).payment(payment)
    except Failed as error:
        if isinstance(error.failure, Retry):
            raise
        return False
    return found.paid and found.status == "succeeded"


def _sentence(payment: str, amount: Money, written: Sequence[LinkLine]) -> str:
    held = [f"{HELD[one.entity]} {one.key}" for one in written if one.entity in HELD]
    receipts = [f"receipt {one.key}" for one in written if one.entity == "cash_receipt"]
    acts = [f"hold {' and '.join(dict.fromkeys(held))} if it has not left"] if held else []
    acts += [f"reverse {' and '.join(dict.fromkeys(receipts))}"] if receipts else []
    return (
        f"The bank took {amount} of payment {payment} back: {', '.join(acts) or 'see what was written for it'} in P21."
    )
