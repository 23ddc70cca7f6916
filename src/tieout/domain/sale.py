"""A sale as Tieout reads it, whichever API shape or store it came from; amounts are whole minor units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from tieout.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address; what is unknown is an empty text. ``country`` is a two-letter ISO code."""

    line1: str = ""
    line2: str = ""
    city: str = ""
    state: str = ""
    postal_code: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Party:
    """Who buys: ``id`` is the Stripe customer (``cus_…``), empty for a guest or in a web store.

    ``tax_exempt`` is why no tax is charged: ``exempt`` or ``reverse`` (the buyer owes it); empty for everybody else.
    """

    id: str = ""
    name: str = ""
    email: str = ""
    phone: str = ""
    address: Address = Address()
    metadata: Mapping[str, str] = field(default_factory=dict)
    deleted: bool = False
    tax_exempt: str = ""


@dataclass(frozen=True, slots=True)
class Payment:
    """Money that was taken, as re-read from Stripe: ``id`` is the payment intent, or the charge where there is none.

    ``amount`` is what was captured, in minor units of ``currency`` (lower case). ``created`` is when the money was taken or
    became certain (epoch seconds), whenever somebody first meant to pay.
    ``holder`` names the Stripe object that carries the metadata (``payment_intent`` or ``charge``). ``beside`` is the metadata
    of its Checkout session or invoice; in ``metadata`` the payment's own counts before that.
    """

    id: str
    charge_id: str
    payment_intent_id: str
    holder: str
    amount: int
    amount_refunded: int
    currency: str
    created: int
    status: str
    paid: bool
    captured: bool
    livemode: bool
    method: str
    description: str
    statement: str
    receipt_email: str
    balance_transaction_id: str
    invoice_id: str
    metadata: Mapping[str, str]
    customer: Party
    billing: Party
    ship_to_name: str
    ship_to: Address
    session_id: str = ""
    beside: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One thing sold. ``subtotal`` is before discount and tax, ``net`` after discount and before tax (minor units).

    ``unit_amount`` is ``subtotal`` divided by ``quantity`` (minor units with a fraction): no other price has its basis.
    ``sku`` is what maps to a P21 item, ``unit`` what the quantity counts, where somebody said it. ``taxable`` is what was told
    of the line's tax, None when nothing was. ``kind`` is goods, fee, gift_card or rounding; ``item_id`` is the P21 item, where that is known.
    """

    id: str
    sku: str
    description: str
    quantity: Decimal
    unit_amount: Decimal
    subtotal: int
    discount: int
    tax: int
    net: int
    product_id: str = ""
    price_id: str = ""
    unit: str = ""
    taxable: bool | None = None
    kind: str = "goods"
    item_id: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """What was bought: from the web store, Checkout, an invoice or metadata (``source`` says which).

    ``store`` names the connection to the store it stands in; empty when Stripe told it.

    ``total`` is what the buyer was asked to pay: sum of line ``net``, ``shipping``, ``tax``; all minor units.
    ``shipping_tax`` is the part of ``tax`` that is on shipping, ``gift_cards`` what gift cards paid beside the payment.
    ``called_off`` is the store's own word for an order that is not to be delivered, empty for every other.
    """

    id: str
    source: str
    number: str
    currency: str
    lines: tuple[OrderLine, ...]
    shipping: int
    tax: int
    discount: int
    total: int
    buyer: Party
    ship_to_name: str
    ship_to: Address
    po_no: str = ""
    note: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)
    store: str = ""
    shipping_tax: int = 0
    tax_exempt: str = ""
    gift_cards: int = 0
    called_off: str = ""


def per_piece(amount: int, quantity: Decimal) -> Decimal:
    """Minor units for one of ``quantity``; the whole amount where nothing was counted."""
    return Decimal(amount) / quantity if quantity else Decimal(amount)


def imbalance(order: Order) -> int:
    """Minor units by which the order's parts miss its total; 0 when it adds up (lines net, shipping, tax)."""
    return sum(line.net for line in order.lines) + order.shipping + order.tax - order.total


def disagreement(order: Order, amount: int, currency: str) -> str:
    """What an order and the money taken for it do not agree about, and what to do, in words; empty when they agree.

    ``amount`` is in minor units of ``currency``.
    """
    asked = Money(order.currency.lower(), order.total)
    taken = Money(currency.lower(), amount)
    if asked == taken:
        return ""
    return (
        f"the payment is {taken}, but {order.source} order {order.number or order.id} comes to {asked}. Tieout writes no order "
        "that was not paid exactly: correct the order (or the id that names it), then replay; a payment in parts or in "
        "another currency is entered by a person"
    )


def unbalanced(named: str, missing: int) -> str:
    """What is wrong with an order whose parts miss its total, and what to do, in words."""
    which = "more" if missing > 0 else "less"
    return (
        f"lines, shipping and tax of {named} come to {abs(missing)} minor units {which} than its total, which is no rounding. "
        "Correct its quantities or amounts where they come from, then replay"
    )
