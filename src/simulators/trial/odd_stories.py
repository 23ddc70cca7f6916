"""The ordinary odd cases of a day: what happens in each, and what a controller would call right, by hand-written figures."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from simulators.trial import workload
from simulators.trial.sold import Buyer
from simulators.trial.workload import Sale, World

WIDGET = {"sku": "WIDGET-001", "description": "Widget, small", "quantity": 2, "unit_amount": 1250}
AUSTIN = {"line1": "9 Congress Avenue", "city": "Austin", "state": "TX", "postal_code": "78701", "country": "US"}
PORTLAND = {"line1": "1 Mill Road", "city": "Portland", "state": "OR", "postal_code": "97201", "country": "US"}
BERLIN = {"line1": "Allee 1", "city": "Berlin", "state": "", "postal_code": "10115", "country": "DE"}
LONG_STREET = "Building 7, Loading Dock 12, Southwest Industrial Park, 4711 Old River Road East"
BILLING = {"first_name": "Ada", "last_name": "Byron", "email": "ada@shop.example", "address_1": "1 Mill Road",
           "city": "Portland", "state": "OR", "postcode": "97201", "country": "US"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Odd:
    """One story: its case, what happens in words, how it begins, and what must have become of it.

    ``asked``: words that a sentence of Tieout must have, because a person has to decide. Else it must be right: the sale is
    held against P21's documents, and ``records`` are the amounts of the P21 documents of one kind that must be there.
    ``then`` happens after the first act has its end.
    """

    case: str
    words: str
    begin: Callable[[World, random.Random], Sale | str]
    asked: str = ""
    then: Callable[[World, Sale | str], str] | None = None
    records: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def odd_stories() -> tuple[Odd, ...]:
    """Every story, in the order of the cases."""
    return (
        Odd("A3", "an order is refunded before anything of it was shipped", _bought("an order that is refunded"), "receipt",
            then=_refund),
        Odd("A4", "an order was cancelled in the web store, and is paid all the same", _store_order_in("cancelled"), "cancelled"),
        Odd("A4", "an order failed in the web store, and is paid all the same", _store_order_in("failed"), "failed"),
        Odd("A5", "a price that contains its tax", _price_with_tax),
        Odd("A5", "a price in euros beside its price in dollars", _other_currency),
        Odd("A6", "goods and freight that are both taxed", _taxed_freight),
        Odd("A6", "tax that P21 would not have computed", _tax_nobody_knows, "tax_policy"),
        Odd("A8", "Stripe's customer is deleted before the order is read", _deleted_customer),
        Odd("A9", "a metered line of quantity nothing on a paid invoice", _nothing_sold, records={"invoices": ("25.00",)}),
        Odd("A10", "three pieces of an item that P21 sells by the case", partial(_washers, "EA")),
        Odd("A10", "three of an item that P21 sells by the case and each, and nobody says which", partial(_washers, ""), "sold by"),
        Odd("A11", "a bank debit that bounces days after it succeeded", _bank_debit, "took", then=_bounce),
        Odd("A12", "a cent of rounding in a store with discounts", _odd_cent),
        Odd("A13", "a street of eighty letters", _long_street),
        Odd("A13", "a street that no two lines of P21 can hold", _too_long_street, "ship_to_line1"),
        Odd("A14", "a purchase order number that stands on the Checkout session alone", _session_metadata),
        Odd("A15", "a buyer without name and e-mail", _nobody, "house_account"),
        Odd("A15", "a line of the store without a SKU", _no_sku, "no SKU"),
        Odd("B1", "an invoice in mid-period: 60.00 less 24.00 unused time", partial(_invoice, (-2400, 6000)),
            records={"invoices": ("36.00",)}),
        Odd("B2", "an invoice below nothing", partial(_invoice, (-9100, 3500)), records={"credit_memos": ("-56.00",)}),
        Odd("B5", "a credit note of half an invoice", partial(_invoice, (8000,)), then=_credit, records={"credit_memos": ("-40.00",)}),
        Odd("B6", "an invoice that is void", partial(_invoice, (7700,)), then=_void, records={"credit_memos": ("-77.00",)}),
    )  # fmt: skip


def _bought(story: str, **given: Any) -> Callable[[World, random.Random], Sale]:
    return lambda world, dice: _checkout(world, dice, story, **given)


def _checkout(world: World, dice: random.Random, story: str, *, to: Mapping[str, str] = PORTLAND, **given: Any) -> Sale:
    buyer = Buyer(_name(dice), _mail(dice))
    customer = world.stripe_account.add_customer(name=buyer.name, email=buyer.email, address=dict(to))
    chosen: dict[str, Any] = {"via": "checkout", "customer": customer, "lines": [WIDGET], "buyer": buyer}
    chosen |= {"shipping": {"name": buyer.name, "address": dict(to)}, "billing_name": buyer.name}
    return workload.sell(world, dice, story, "", **{**chosen, **given})


def _refund(world: World, sale: Sale | str) -> str:
    assert isinstance(sale, Sale)
    assert sale.paid.charge
    return world.stripe_account.refund(sale.paid.charge)


def _bank_debit(world: World, dice: random.Random) -> Sale:
    sale = _checkout(world, dice, "a bank debit", unpaid=True)
    assert sale.paid.charge
    world.stripe_account.settle(sale.paid.charge)
    return sale


def _bounce(world: World, sale: Sale | str) -> str:
    assert isinstance(sale, Sale)
    assert sale.paid.charge
    world.stripe_account.bounce(sale.paid.charge)
    return sale.paid.charge


def _store_order_in(status: str) -> Callable[[World, random.Random], Sale]:
    def begin(world: World, dice: random.Random) -> Sale:
        number = world.web_store.add_order([WIDGET], billing=BILLING)
        world.web_store.orders()[str(number)]["status"] = status
        return _paid_for(world, dice, number, 2500)

    return begin


def _paid_for(world: World, dice: random.Random, number: int | str, amount: int) -> Sale:
    given: dict[str, Any] = {"payment_metadata": {"ecommerceorderid": str(number)}, "receipt_email": BILLING["email"]}
    return workload.sell(
        world, dice, "an order of the store", "", via="intent", amount=amount, bought=[WIDGET], **given
    )


def _price_with_tax(world: World, dice: random.Random) -> Sale:
    gross = {**WIDGET, "unit_amount": 1700, "tax_included": 200}
    net = [{**WIDGET, "unit_amount": 1600}]
    return _checkout(world, dice, "gross", to=AUSTIN, lines=[gross], bought=net, sold_tax=200)


def _other_currency(world: World, dice: random.Random) -> Sale:
    product = world.stripe_account.add_product("Widget", {"sku": "WIDGET-001"})
    price = world.stripe_account.add_price(product, 2000)
    line = [{"price": price, "quantity": 1, "unit_amount": 1840}]
    sold = [{"sku": "WIDGET-001", "quantity": 1, "unit_amount": 1840}]
    return _checkout(world, dice, "euros", to=BERLIN, currency="eur", lines=line, bought=sold)


def _taxed_freight(world: World, dice: random.Random) -> Sale:
    gadget = {"sku": "GADGET-100", "description": "Gadget", "quantity": 1, "unit_amount": 4500, "tax": 281}
    freight = {"amount_subtotal": 1000, "amount_tax": 63}
    return _checkout(world, dice, "Texas", to=AUSTIN, lines=[gadget], shipping_cost=freight, sold_tax=344)


def _tax_nobody_knows(world: World, dice: random.Random) -> Sale:
    return _checkout(world, dice, "too much tax", to=AUSTIN, lines=[{**WIDGET, "tax": 400}])


def _deleted_customer(world: World, dice: random.Random) -> Sale:
    sale = _checkout(world, dice, "a customer that is gone")
    held = world.stripe_account.seen(str(sale.paid.payment_intent)).get("customer")
    world.stripe_account.delete_customer(str(held))
    return sale


def _nothing_sold(world: World, dice: random.Random) -> str:
    customer = world.stripe_account.add_customer(name="Ines Metered", email=_mail(dice), address=PORTLAND)
    metered = {"sku": "PLAN-BASIC", "description": "API calls", "quantity": 0, "unit_amount": 0}
    return str(
        world.stripe_account.pay(via="invoice", currency="usd", customer=customer, lines=[WIDGET, metered]).invoice
    )


def _washers(unit: str, world: World, dice: random.Random) -> Sale:
    item = "WASHER"
    if not world.p21_tenant.rows("inv_mast", item_id=item):
        world.p21_tenant.add_item(item, "Washer", "60.00", units=("CS", "EA"))
    product = world.stripe_account.add_product("Washer", {"sku": item, **({"p21_unit": unit} if unit else {})})
    price = world.stripe_account.add_price(product, 500)
    sold = [{"sku": item, "quantity": 3, "unit_amount": 500}]
    return _checkout(world, dice, "washers", lines=[{"price": price, "quantity": 3}], bought=sold)


def _odd_cent(world: World, dice: random.Random) -> Sale:
    number = world.web_store.add_order([{**WIDGET, "quantity": 3, "unit_amount": 333}], billing=BILLING)
    world.web_store.orders()[str(number)]["total"] = "10.00"
    return _store_sale(world, dice, number, 1000)


def _store_sale(world: World, dice: random.Random, number: int | str, amount: int) -> Sale:
    """A sale that is judged by its total alone: the lines carry the odd cent."""
    sale = _paid_for(world, dice, number, amount)
    return Sale(sale.story, sale.expected, sale.paid, sale.reason)


def _long_street(world: World, dice: random.Random) -> Sale:
    sale = _checkout(world, dice, "a long street", to={**PORTLAND, "line1": LONG_STREET})
    return Sale(sale.story, sale.expected, sale.paid, sale.reason)


def _too_long_street(world: World, dice: random.Random) -> Sale:
    return _checkout(world, dice, "two long streets", to={**PORTLAND, "line1": LONG_STREET, "line2": LONG_STREET})


def _session_metadata(world: World, dice: random.Random) -> Sale:
    return _checkout(world, dice, "on the session", metadata={"po_number": "PO 77"}, payment_metadata={}, po_no="PO 77")


def _nobody(world: World, dice: random.Random) -> Sale:
    line = '[{"sku": "WIDGET-001", "quantity": 2, "unit_amount": 1250}]'
    given: dict[str, Any] = {"via": "intent", "amount": 2500, "payment_metadata": {"lines": line}, "bought": [WIDGET]}
    return workload.sell(world, dice, "nobody", "", billing_name="", billing_address={}, **given)


def _no_sku(world: World, dice: random.Random) -> Sale:
    number = world.web_store.add_order([{**WIDGET, "sku": "", "description": "Blue hat"}], billing=BILLING)
    return _paid_for(world, dice, number, 2500)


def _invoice(amounts: tuple[int, ...], world: World, dice: random.Random) -> str:
    customer = world.stripe_account.add_customer(name=_name(dice), email=_mail(dice), address=PORTLAND)
    lines = [{"description": f"Line {number}", "unit_amount": each} for number, each in enumerate(amounts, 1)]
    return str(world.stripe_account.open_invoice(customer, lines=lines))


def _credit(world: World, invoice: Sale | str) -> str:
    world.stripe_account.credit_note(str(invoice), 4000)
    return str(invoice)


def _void(world: World, invoice: Sale | str) -> str:
    world.stripe_account.void_invoice(str(invoice))
    return str(invoice)


def _name(dice: random.Random) -> str:
    return f"{dice.choice(workload.FIRST)} {dice.choice(workload.LAST)}"


def _mail(dice: random.Random) -> str:
    return f"odd.{dice.randrange(16**8):08x}@example.com"
