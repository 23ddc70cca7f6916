"""Stripe fetch: reads what a fact is about, or what belongs to it, afresh from Stripe."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from tieout.connectors.stripe.client import Stripe
from tieout.connectors.stripe.events import happened_at
from tieout.domain.billing import CreditNote, CustomerCredit, StripeInvoice
from tieout.domain.facts import PAYMENT_SUCCEEDED, object_of
from tieout.domain.mapping.shapes import schema_of, values_of
from tieout.domain.metadata_keys import as_paid, remarks_of
from tieout.domain.remark import Remark
from tieout.domain.sale import Order, Payment, disagreement
from tieout.domain.taken_back import Dispute, Refund
from tieout.domain.workflow.definition import Setting
from tieout.domain.workflow.form import NodeForm, SettingField
from tieout.nodes._node import Context, Done, NodeType, unfit
from tieout.nodes._orders import ORDER_SETTINGS, ready_order
from tieout.queries.documents import unposted_of
from tieout.store import inbox

GRANTED = "credit_granted"
UNPAID = {
    "processing": "its money is under way, which takes some days with a bank debit. Nothing is to be done",
    "requires_payment_method": "nothing was paid: the way to pay was refused or not given. Ask the customer to pay again",
    "requires_action": "nothing was paid: the customer must confirm it with the bank. Ask the customer to do so",
    "requires_confirmation": "nothing was paid: the shop has not confirmed the payment. Confirm it there",
    "canceled": "it was canceled, nothing was paid. Ask the customer to pay again if something is owed",
}
SHAPES: Mapping[str, type] = {
    "payment": Payment,
    "order": Order,
    "refund": Refund,
    "dispute": Dispute,
    "invoice": StripeInvoice,
    "credit_note": CreditNote,
    "customer_credit": CustomerCredit,
}


def _run(context: Context) -> Done:
    stripe = context.ports.connections.stripe(context.run.connection)
    what = context.text("what", "payment")
    if what == "payment":
        payment = _payment(context, stripe)
        return Done(values_of(payment), remarks=remarks_of(payment))
    if what == "order":
        order, remarks = _order(context, stripe, _payment(context, stripe))
        return Done(values_of(order), remarks=remarks)
    if what == "invoice":
        return _invoice(context, stripe)
    if what == "customer_credit":
        return Done(values_of(_unposted(context, stripe.customer_credit(_id(context)))))
    reads: Mapping[str, Callable[[str], object]] = {
        "refund": stripe.refund,
        "dispute": stripe.dispute,
        "credit_note": stripe.credit_note,
    }
    return Done(values_of(reads[what](_id(context))))


def _id(context: Context) -> str:
    """What is read: the object that the step names, else the one the fact is about."""
    return str(context.evaluate("id") or object_of(context.run.subject))


def _unposted(context: Context, found: CustomerCredit) -> CustomerCredit:
    """Without what the books have already; without a ledger only the newest change is new."""
    new = unposted_of(context.ports.books, context.run.connection, [one.id for one in found.granted], GRANTED)
    return replace(found, granted=tuple(one for one in found.granted if one.id in new))


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
            f"payment {payment.id} is {payment.status}, and {why_no_money(payment)}",
            "status",
            payment.status,
        )
    return replace(payment, created=max(_happened_at(context), payment.created))


def _happened_at(context: Context) -> int:
    """When the payment became certain, as its event says: a bank debit is taken days before (case A7)."""
    if context.run.fact != f"{PAYMENT_SUCCEEDED}:{_id(context)}":
        return 0
    with context.ports.box.reading() as db:
        kept = inbox.find(db, context.run.seq)
    return happened_at(kept.type, kept.body, PAYMENT_SUCCEEDED) if kept else 0


def why_no_money(payment: Payment) -> str:
    """What a payment lacks, and what a person can do about it in the status that it is in."""
    told = UNPAID.get(payment.status)
    if told:
        return f"{told}; replay when it is paid"
    if payment.captured:
        return "its money did not come, or went back: its bank returned it. Bill the customer anew, or replay when it is paid"
    return "nothing was captured. Capture it in Stripe, then replay"


def _order(context: Context, stripe: Stripe, payment: Payment) -> tuple[Order, tuple[Remark, ...]]:
    order = stripe.order(payment)
    if order is None:
        raise unfit(
            context,
            f"nothing tells what payment {payment.id} was for: it has no Checkout session, no invoice, and no order in "
            "its metadata. Put the web store's order id into the metadata as ecommerceorderid, or the lines as lines, then replay",
            "metadata",
        )
    order = as_paid(_shipped_to(order, payment), payment.metadata)
    order, remarks = ready_order(context, order, f"{order.source} {order.id}")
    if words := disagreement(order, payment.amount, payment.currency):
        raise unfit(context, words, "total")
    return order, remarks


def _shipped_to(order: Order, payment: Payment) -> Order:
    """Where the goods go, as the order tells it, else as the payment does: never a part of each."""
    if order.ship_to.line1 or not payment.ship_to.line1:
        return order
    return replace(order, ship_to=payment.ship_to, ship_to_name=payment.ship_to_name or order.ship_to_name)


def _invoice(context: Context, stripe: Stripe) -> Done:
    invoice = stripe.invoice(_id(context))
    order = as_paid(invoice.order, invoice.metadata)
    order, remarks = ready_order(context, order, f"invoice {invoice.number or invoice.id}", required=False)
    return Done(values_of(replace(invoice, order=order)), remarks=remarks)


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
            *ORDER_SETTINGS,
        ),
        _shape,
        note="Always as it is now, not as the event had it. The order is that of Checkout, an invoice or metadata.",
    ),
    _run,
)
