"""Before a receipt is sent, P21 is asked what has become of the order that it pays (case A3).

Credits ask for more than that, in a step of their own: ``p21_progress``.
"""

from __future__ import annotations

from tieout.connectors.p21._face import Prophet21
from tieout.domain import writing
from tieout.domain.writing import Document, State
from tieout.kernel.failures import Failed, Fix
from tieout.nodes._node import Context, Pausing
from tieout.operations.keep_intent import Owner, doubt_written, written_as
from tieout.store.intents import KeptIntent


def require_order(context: Context, connection: str, p21: Prophet21, entity: str, document: Document) -> None:
    """Failed(Fix) when the order that a receipt pays was cancelled or deleted there; a replay then enters it anew.

    Pausing while an order that was written just now may only not be seen yet.
    """
    order_no = str(document.get("order_no") or "")
    if entity != "cash_receipt" or not order_no:
        return
    state = p21.order_states((order_no,)).get(order_no)
    if state is not None and not state.void:
        return
    written = written_as(context.ports.books, connection, order_no)
    if written is None:
        raise Failed(_entered_by_hand(order_no))
    raise Failed(_vanished(context, connection, written) if state is None else _cancelled(context, written))


def _vanished(context: Context, connection: str, written: KeptIntent) -> Fix:
    settled = written.at + context.ports.connections.settle_seconds(connection)
    if context.ports.clock() < settled:
        raise Pausing(settled)
    doubt_written(context.ports.books, Owner(context.run, context.path), written, State.QUARANTINED)
    return writing.vanished(written.intent)


def _cancelled(context: Context, written: KeptIntent) -> Fix:
    doubt_written(context.ports.books, Owner(context.run, context.path), written, State.VOIDED)
    return writing.cancelled(written.intent, written.intent.key)


def _entered_by_hand(order_no: str) -> Fix:
    sentence = (
        f"Sales order {order_no}, which this receipt pays, does not stand in P21 any more, and Tieout did not write it. Name the order "
        "that it pays now where order_no comes from, then replay; or give the money back in Stripe."
    )
    return Fix("write.predecessor", sentence, field="order_no", value=order_no)
