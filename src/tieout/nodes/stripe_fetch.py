"""Stripe fetch: reads the payment, or what was bought, afresh from Stripe."""

from __future__ import annotations

from collections.abc import Mapping

from tieout.connectors.stripe.client import Stripe
from tieout.domain.mapping.shapes import schema_of, values_of
from tieout.domain.sale import Order, Payment, disagreement, imbalance, unbalanced
from tieout.domain.workflow.definition import Setting
from tieout.domain.workflow.form import NodeForm, SettingField
from tieout.nodes._node import Context, Done, NodeType, unfit


def _run(context: Context) -> Done:
    stripe = context.ports.connections.stripe(context.run.connection)
    payment = _payment(context, stripe)
    if context.text("what", "payment") == "payment":
        return Done(values_of(payment))
    return Done(values_of(_order(context, stripe, payment)))


def _payment(context: Context, stripe: Stripe) -> Payment:
    payment = stripe.payment(context.run.subject)
    if payment.livemode != context.run.livemode:
        raise unfit(
            context,
            "the payment is of the other mode (live or test) than its event. Connect the account in the mode of its webhook, then replay",
            "livemode",
        )
    if not (payment.paid and payment.captured):
        raise unfit(
            context,
            f"payment {payment.id} is {payment.status}: nothing was captured. Capture it in Stripe, then replay",
            "status",
            payment.status,
        )
    return payment


def _order(context: Context, stripe: Stripe, payment: Payment) -> Order:
    order = stripe.order(payment)
    if order is None:
        raise unfit(
            context,
            f"nothing tells what payment {payment.id} was for: it has no Checkout session, no invoice, and no order in "
            "its metadata. Put the web store's order id into the metadata as ecommerceorderid, or the lines as lines, then replay",
            "metadata",
        )
    if missing := imbalance(order):
        raise unfit(context, unbalanced(f"{order.source} {order.id}", missing), "total")
    if words := disagreement(order, payment.amount, payment.currency):
        raise unfit(context, words, "total")
    return order


def _shape(settings: Mapping[str, Setting]) -> Mapping[str, str]:
    return schema_of(Order if settings.get("what") == "order" else Payment)


NODE = NodeType(
    NodeForm(
        "stripe_fetch",
        "Read from Stripe",
        "read",
        (SettingField("what", "choice", "What to read", required=True, choices=("payment", "order")),),
        _shape,
        note="The payment as it is now (not as the event had it), or the order from Checkout, invoice or metadata.",
    ),
    _run,
)
