"""Asks about orders that somebody cancelled or deleted in P21 while the money for them is kept (case A3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tieout.kernel.money import Money
from tieout.nodes._ports import Ports
from tieout.operations.keep_cancelled import keep_cancelled, payments_asked_about
from tieout.queries.written_orders import WrittenOrder, written_orders
from tieout.store.exceptions import ExceptionRow

CANCELLED = "break.order"
DAYS, DAY_SECONDS = 90, 86_400
ORDERS_MAX = 500  # a gateway is asked for each by itself


def ask_about_cancelled(ports: Ports, account: str) -> int:
    """Look at the newest orders of a Stripe account, and at those that are asked about; answers how many questions are open.

    Failed when P21 cannot be asked.
    """
    now = ports.clock()
    open_before = payments_asked_about(ports.books, account, CANCELLED)
    written = written_orders(ports.books, account, now - DAYS * DAY_SECONDS, ORDERS_MAX, open_before)
    asked = [
        one for order, void in _lost(ports, written) if (one := _question(ports, account, order, void)) is not None
    ]
    keep_cancelled(ports.books, account, CANCELLED, asked, now)
    return len(asked)


def _lost(ports: Ports, written: Sequence[WrittenOrder]) -> Iterator[tuple[WrittenOrder, bool]]:
    """The orders that do not stand any more, and whether P21 still shows them, as cancelled. One that was written just now may
    only not be seen yet."""
    for connection in dict.fromkeys(one.connection for one in written):
        _, p21 = ports.connections.p21(connection)
        settled = ports.clock() - ports.connections.settle_seconds(connection)
        mine = [one for one in written if one.connection == connection and one.at <= settled]
        states = p21.order_states([one.order_no for one in mine])
        for one in mine:
            state = states.get(one.order_no)
            if state is None or state.void:
                yield one, state is not None


def _question(ports: Ports, account: str, order: WrittenOrder, void: bool) -> ExceptionRow | None:
    payment = ports.connections.stripe(account).payment(order.payment)
    kept = payment.amount - payment.amount_refunded if payment.paid else 0
    if kept <= 0:
        return None
    happened = "was cancelled in P21" if void else "is not in P21 any more"
    sentence = (
        f"Sales order {order.order_no} {happened}, and {Money(payment.currency, kept)} of {order.payment} are kept. Give them back in "
        "Stripe; or enter the order again in P21 by hand, and accept this."
    )
    return ExceptionRow(account, CANCELLED, order.payment, kept, payment.currency, sentence, theirs=order.order_no)
