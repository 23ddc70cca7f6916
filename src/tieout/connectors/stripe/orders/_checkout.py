"""An order from a Checkout session."""

from __future__ import annotations

from tieout.connectors.stripe import _parties
from tieout.connectors.stripe._calls import Calls, object_path
from tieout.connectors.stripe._object import StripeObject
from tieout.connectors.stripe.orders._custom_fields import po_number, remaining_notes
from tieout.connectors.stripe.orders._lines import figures, quantity, taxable
from tieout.connectors.stripe.orders._metadata import order_number
from tieout.connectors.stripe.orders._skus import Shelf, sku_of, unit_of
from tieout.domain.sale import Order, OrderLine, per_piece


def checkout_order(calls: Calls, session: StripeObject) -> Order:
    """The order of a session, with every line and its product. Raises Failed."""
    shelf = Shelf(calls)
    path = object_path("checkout/sessions", session.id) + "/line_items"
    lines = tuple(_line(one, shelf) for one in calls.every(path, {"expand": ["data.price.product"]}))
    shipping, asked = session.part("shipping_cost"), session.parts("custom_fields")
    buyer = _parties.contact(session.part("customer_details"), session.id_of("customer"))
    ship_to = session.part("collected_information.shipping_details", "shipping_details", "shipping")
    return Order(
        id=session.id,
        source="checkout",
        number=session.text("client_reference_id") or order_number(session.texts("metadata")),
        currency=session.text("currency"),
        lines=lines,
        shipping=shipping.whole("amount_total") - shipping.whole("amount_tax"),
        tax=sum(line.tax for line in lines) + shipping.whole("amount_tax"),
        discount=sum(line.discount for line in lines),
        total=session.amount("amount_total"),
        buyer=buyer,
        ship_to_name=ship_to.text("name"),
        ship_to=_parties.address(ship_to.part("address")),
        po_no=po_number(asked),
        note=remaining_notes(asked),
        metadata=session.texts("metadata"),
        shipping_tax=shipping.whole("amount_tax"),
        tax_exempt=buyer.tax_exempt,
    )


def _line(line: StripeObject, shelf: Shelf) -> OrderLine:
    """``amount_total`` is after discount and with all tax; tax that was not added to the amount is contained in it."""
    price = shelf.price(line.part("price"), line.id_of("price"))
    product = shelf.product(price, "")
    tax, discount, total = line.whole("amount_tax"), line.whole("amount_discount"), line.amount("amount_total")
    amount, many = line.whole("amount_subtotal", total - tax + discount), quantity(line)
    added = total - (amount - discount)
    own = figures(amount, discount, min(max(tax - added, 0), tax))
    return OrderLine(
        id=line.id,
        sku=sku_of(price, product),
        description=line.text("description") or product.text("name"),
        quantity=many,
        unit_amount=per_piece(own.subtotal, many),
        subtotal=own.subtotal,
        discount=own.discount,
        tax=tax,
        net=own.net,
        product_id=product.id or price.id_of("product"),
        price_id=price.id,
        unit=unit_of(line, price, product),
        taxable=True if tax else taxable(line.parts("taxes")),
    )
