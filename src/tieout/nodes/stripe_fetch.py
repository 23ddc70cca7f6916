"""Stripe fetch: reads what a fact is about, or what belongs to it, afresh from Stripe."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tieout.connectors.stripe.client import Stripe
from tieout.domain.billing import CreditNote, StripeInvoice
from tieout.domain.facts import object_of
from tieout.domain.mapping.shapes import schema_of, values_of
from tieout.domain.sale import Order, Payment, disagreement, imbalance, unbalanced
from tieout.domain.taken_back import Dispute, Refund
from tieout.domain.workflow.definition import Setting
from tieout.domain.workflow.form import NodeForm, SettingField
from tieout.nodes._node import Context, Done, NodeType, unfit

SHAPES: Mapping[str, type] = {
    "payment": Payment,
    "order": Order,
    "refund": Refund,
    "dispute": Dispute,
    "invoice": StripeInvoice,
    "credit_note": CreditNote,
}


def _run(context: Context) -> Done:
    stripe = context.ports.connections.stripe(context.run.connection)
    what = context.text("what", "payment")
    if what in ("payment", "order"):
        payment = _payment(context, stripe)
        return Done(values_of(payment if what == "payment" else _order(context, stripe, payment)))
    reads: Mapping[str, Callable[[str], object]] = {
        "refund": stripe.refund,
        "dispute": stripe.dispute,
        "invoice": stripe.invoice,
        "credit_note": stripe.credit_note,
    }
    return Done(values_of(reads[what](_id(context))))


def _id(context: Context) -> str:
    """What is read: the object that the step names, else the one the fact is about."""
    return str(context.evaluate("id") or object_of(context.run.subject))


def _payment(context: Context, stripe: Stripe) -> Payment:
    payment = stripe.payment(_id(context))
    if payment.livemode != context.run.livemode:
        raise unfit(
            context,
            "the payment is of the other mode (live or test) than its event. Connect the account in the mode of its webhook, then replay",
            "livemode",
        )
    if not (payment.paid and payment.captured):
        raise unfit(
            context,
            f"payment {payment.id} is {payment.status}, and {_why_no_money(payment)}",
            "status",
            payment.status,
        )
    return payment


def _why_no_money(payment: Payment) -> str:
    if payment.captured:
        return "its money did not come, or went back: its bank returned it. Bill the customer anew, or replay when it is paid"
    return "nothing was captured. Capture it in Stripe, then replay"


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
    return schema_of(SHAPES.get(str(settings.get("what")), Payment))


NODE = NodeType(
    NodeForm(
        "stripe_fetch",
        "Read from Stripe",
        "read",
        (
            SettingField("what", "choice", "What to read", required=True, choices=tuple(SHAPES)),
            SettingField("id", "expression", "Its id (empty: what the fact is about)", type="text"),
        ),
        _shape,
        note="Always as it is now, not as the event had it. The order is that of Checkout, an invoice or metadata.",
    ),
    _run,
)
