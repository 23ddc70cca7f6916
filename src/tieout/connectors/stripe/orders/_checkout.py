"""An order from a Checkout session."""

from __future__ import annotations

from tieout.connectors.stripe import _parties
from tieout.connectors.stripe._calls import Calls, object_path
from tieout.connectors.stripe._object import StripeObject
from tieout.connectors.stripe.orders._lines import po_number, quantity, unit_amount
from tieout.connectors.stripe.orders._skus import Shelf, sku_of
from tieout.domain.sale import Order, OrderLine


def checkout_order(calls: Calls, session: StripeObject) -> Order:
    """The order of a session, with every line and its product. Raises Failed."""
    shelf = Shelf(calls)
    path = object_path("checkout/sessions", session.id) + "/line_items"
    lines = tuple(_line(one, shelf) for one in calls.every(path, {"expand": ["data.price.product"]}))
    shipping = session.part("shipping_cost")
    ship_to = session.part("collected_information.shipping_details", "shipping_details", "shipping")
    return Order(
        id=session.id,
        source="checkout",
        number=session.text("client_reference_id"),
        currency=session.text("currency"),
        lines=lines,
        shipping=shipping.whole("amount_total") - shipping.whole("amount_tax"),
        tax=sum(line.tax for line in lines) + shipping.whole("amount_tax"),
        discount=session.whole("total_details.amount_discount", sum(line.discount for line in lines)),
        total=session.amount("amount_total"),
        buyer=_parties.contact(session.part("customer_details"), session.id_of("customer")),
        ship_to_name=ship_to.text("name"),
        ship_to=_parties.address(ship_to.part("address")),
        po_no=po_number(session.parts("custom_fields")),
        metadata=session.texts("metadata"),
    )


def _line(line: StripeObject, shelf: Shelf) -> OrderLine:
    """``amount_total`` is after discount and with all tax, exclusive or inclusive: net is what remains without tax."""
    price = shelf.price(line.part("price"), line.id_of("price"))
    product = shelf.product(price, "")
    tax, discount = line.whole("amount_tax"), line.whole("amount_discount")
    net = line.amount("amount_total") - tax
    return OrderLine(
        id=line.id,
        sku=sku_of(price, product),
        description=line.text("description") or product.text("name"),
        quantity=quantity(line),
        unit_amount=unit_amount(line, price, net + discount),
        subtotal=net + discount,
        discount=discount,
        tax=tax,
        net=net,
        product_id=product.id or price.id_of("product"),
        price_id=price.id,
    )
