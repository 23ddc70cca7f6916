"""An order from a Stripe invoice, in the shapes before and after 2025-03-31 (B1)."""

from __future__ import annotations

from tieout.connectors.stripe import _parties
from tieout.connectors.stripe._calls import Calls, object_path
from tieout.connectors.stripe._object import StripeObject
from tieout.connectors.stripe.orders._custom_fields import po_number, remaining_notes
from tieout.connectors.stripe.orders._lines import billing_credit, figures, quantity, taxable
from tieout.connectors.stripe.orders._skus import Shelf, sku_of, unit_of
from tieout.domain.sale import Order, OrderLine, Party, per_piece


def invoice_order(calls: Calls, invoice_id: str) -> Order:
    """The order that an invoice bills, with every line and its product. Raises Failed."""
    path = object_path("invoices", invoice_id)
    invoice, shelf = calls.get(path), Shelf(calls)
    lines = tuple(_line(one, shelf) for one in calls.every(f"{path}/lines"))
    shipping, ship_to = invoice.part("shipping_cost"), invoice.part("customer_shipping", "shipping_details")
    asked = invoice.parts("custom_fields")
    return Order(
        id=invoice.id,
        source="invoice",
        number=invoice.text("number"),
        currency=invoice.text("currency"),
        lines=lines,
        shipping=shipping.whole("amount_total") - shipping.whole("amount_tax"),
        tax=sum(line.tax for line in lines) + shipping.whole("amount_tax"),
        discount=sum(line.discount for line in lines),
        total=invoice.amount("total"),
        buyer=_buyer(invoice),
        ship_to_name=ship_to.text("name"),
        ship_to=_parties.address(ship_to.part("address")),
        po_no=po_number(asked),
        note="; ".join(text for text in (invoice.text("description").strip(), remaining_notes(asked)) if text),
        metadata=told_of(invoice),
        shipping_tax=shipping.whole("amount_tax"),
        tax_exempt=_parties.exemption(invoice.text("customer_tax_exempt")),
    )


def told_of(invoice: StripeObject) -> dict[str, str]:
    """The metadata of an invoice, with that of its subscription as it was when the invoice was made; its own wins."""
    subscribed = ("parent.subscription_details.metadata", "subscription_details.metadata")
    of_subscription = {key: value for path in subscribed for key, value in invoice.texts(path).items()}
    return {**of_subscription, **invoice.texts("metadata")}


def _buyer(invoice: StripeObject) -> Party:
    return Party(
        id=invoice.id_of("customer", "customer_account"),
        name=invoice.text("customer_name"),
        email=invoice.text("customer_email"),
        phone=invoice.text("customer_phone"),
        address=_parties.address(invoice.part("customer_address")),
        tax_exempt=_parties.exemption(invoice.text("customer_tax_exempt")),
    )


def _line(line: StripeObject, shelf: Shelf) -> OrderLine:
    """``amount`` is before discounts and before tax that is added; tax that is contained is taken out of it.

    Billing credits lower what the line comes to as a discount does.
    """
    price = shelf.price(line.part("price", "plan"), line.id_of("pricing.price_details.price", "price"))
    product = shelf.product(price, line.id_of("pricing.price_details.product"))
    taxes = line.parts("taxes", "tax_amounts")
    contained = sum(tax.whole("amount") for tax in taxes if _is_contained(tax))
    discount = sum(one.whole("amount") for one in line.parts("discount_amounts")) + billing_credit(line)
    own, many = figures(line.amount("amount"), discount, contained), quantity(line)
    return OrderLine(
        id=line.id,
        sku=sku_of(price, product),
        description=line.text("description") or product.text("name"),
        quantity=many,
        unit_amount=per_piece(own.subtotal, many),
        subtotal=own.subtotal,
        discount=own.discount,
        tax=sum(tax.whole("amount") for tax in taxes),
        net=own.net,
        product_id=product.id,
        price_id=price.id,
        unit=unit_of(line, price, product),
        taxable=taxable(taxes),
    )


def _is_contained(tax: StripeObject) -> bool:
    return tax.text("tax_behavior") == "inclusive" or tax.flag("inclusive")
