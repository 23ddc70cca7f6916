"""A day at a distributor's web store: who buys what, in which currency, and what is wrong with some of it."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any, Protocol

from simulators.p21.prophet21 import Prophet21
from simulators.stripe import Paid, StripeAccount
from simulators.trial.sold import Buyer, Sold, major, place_of, sold_lines
from simulators.webstore import WooCommerceStore

WARES = (
    ("WIDGET-001", "Widget, small", 1250),
    ("WIDGET-003", "Widget, large", 3400),
    ("GADGET-100", "Gadget", 4500),
    ("PUMP-050", "Transfer pump 1/2 hp", 32900),
    ("VALVE-12", "Ball valve 1/2 in", 1735),
    ("FILTER-A", "Filter cartridge A", 999),
    ("GLOVE-M", "Work gloves, medium", 725),
    ("LAMP-LED", "LED work lamp", 6450),
)
STATING = ("charge.succeeded", "payment_intent.succeeded", "checkout.session.completed")
CURRENCIES = {"usd": 1, "eur": 2, "gbp": 3, "cad": 4, "jpy": 5}
FIRST = ("Anne", "Ben", "Carla", "Dmitri", "Elif", "Farid", "Grace", "Hiro", "Ines", "Jürgen", "Kemi", "Łukasz")
LAST = ("Lee", "Okafor", "Müller", "Sato", "Novak", "Rossi", "Haddad", "Silva", "O'Brien", "Zhang")
UNTAXED = (("Portland", "OR", "97201"), ("Helena", "MT", "59601"), ("Dover", "DE", "19901"), ("Concord", "NH", "03301"))
ABROAD = {"eur": ("Berlin", "", "10115", "DE"), "gbp": ("Leeds", "", "LS1 1UR", "GB"), "jpy": ("Osaka", "", "530-0001", "JP"),
          "cad": ("Toronto", "", "M5H 2N2", "CA")}  # fmt: skip


class World(Protocol):
    """The pretend systems of a trial, as Python objects."""

    @property
    def stripe_account(self) -> StripeAccount:
        """The Stripe account."""
        ...

    @property
    def p21_tenant(self) -> Prophet21:
        """The Prophet 21."""
        ...

    @property
    def web_store(self) -> WooCommerceStore:
        """The web store."""
        ...


@dataclass(frozen=True, slots=True)
class Sale:
    """One paid order that happened. ``story`` says what is special, ``expected`` how it should end (empty: any end).

    ``reason`` is what the sentence of a parked one must speak of. ``sold`` is None where the shop keeps no record.
    """

    story: str
    expected: str
    paid: Paid
    reason: str = ""
    sold: Sold | None = None

    @property
    def payment(self) -> str:
        """What Tieout calls the payment: the intent, or the charge where there is none."""
        return self.paid.payment_intent or self.paid.charge or ""


def prepare(world: World) -> None:
    """Add the customers that the stories need to P21's books."""
    add = world.p21_tenant.add_customer
    for name, mail in (("Acme Tooling", "anne.lee@acme-tooling.example"), ("Birch & Sons", "ben@birch-sons.example")):
        add(name, (mail,), place="OR")
    for name in ("Twin Supply East", "Twin Supply West"):
        add(name, ("pat@twin-supply.example",), place="OR")
    add("Held Back Ltd", ("kim@held-back.example",), place="OR", credit_status="HOLD")


def stated(account: StripeAccount, sales: Sequence[Sale]) -> dict[str, str]:
    """Event id to payment, for the events that state that a payment of these sales succeeded."""
    payments = {
        one: sale.payment for sale in sales for one in (sale.paid.charge, sale.paid.payment_intent, sale.paid.session)
    }
    return {
        str(event["id"]): payments[event["object"]]
        for event in account.events()
        if event["type"] in STATING and event["object"] in payments
    }


def amounts(sales: Sequence[Sale]) -> dict[str, Decimal]:
    """What was paid, by payment, in major units."""
    return {sale.payment: major(sale.paid.amount, sale.paid.currency) for sale in sales if sale.payment}


def stories(dice: random.Random, count: int) -> Iterator[Callable[[World], Sale]]:
    """``count`` sales: every story at least once when there is room, the rest drawn with the dice."""
    every = [*EVERYDAY, *UNUSUAL]
    dice.shuffle(every)
    for number in range(count):
        story = every[number] if number < len(every) else dice.choice(EVERYDAY)
        yield partial(_told, story, dice.random())


def _told(story: Story, seed: float, world: World) -> Sale:
    return story(world, random.Random(seed))


def known_by_mail(world: World, dice: random.Random) -> Sale:
    """A P21 customer whose Stripe customer has the same e-mail address."""
    mail = dice.choice(("anne.lee@acme-tooling.example", "ben@birch-sons.example"))
    told = {"po_number": f"PO-{dice.randint(1000, 9999)}", "order_note": f"Deliver to gate {dice.randint(1, 9)}"}
    known: dict[str, Any] = {"po_no": told["po_number"], "note": told["order_note"]}
    return _checkout(world, dice, "known by e-mail", "applied", email=mail, metadata=told, **known)


def brand_new(world: World, dice: random.Random) -> Sale:
    """Nobody P21 knows: the customer is created."""
    return _checkout(world, dice, "a new customer", "applied", email=_mail(dice))


def abroad(world: World, dice: random.Random) -> Sale:
    """A new customer in another currency, with a discount and freight."""
    currency = dice.choice(sorted(ABROAD))
    return _checkout(world, dice, f"pays in {currency.upper()}", "applied", email=_mail(dice), currency=currency)


def guest(world: World, dice: random.Random) -> Sale:
    """No Stripe customer; the lines stand in the payment's metadata."""
    sku, name, price = dice.choice(WARES)
    lines = f'[{{"sku": "{sku}", "quantity": 2, "unit_amount": {price}, "description": "{name}"}}]'
    marked = {"lines": lines}
    given: dict[str, Any] = {
        "via": "intent",
        "amount": 2 * price,
        "payment_metadata": marked,
        "receipt_email": _mail(dice),
    }
    bought = [{"sku": sku, "description": name, "quantity": 2, "unit_amount": price}]
    return sell(world, dice, "a guest, lines in the metadata", "applied", bought=bought, **given)


def invoiced(world: World, dice: random.Random) -> Sale:
    """A Stripe invoice that was paid."""
    buyer, place = Buyer(_name(dice), _mail(dice)), _address(dice)
    customer = world.stripe_account.add_customer(name=buyer.name, email=buyer.email, address=place)
    given: dict[str, Any] = {"via": "invoice", "customer": customer, "lines": _lines(dice)}
    return sell(world, dice, "a paid Stripe invoice", "applied", buyer=buyer, **given)


def direct_invoice(world: World, dice: random.Random) -> Sale:
    """The payment asks for a direct invoice."""
    marked = {"p21_document": "invoice"}
    return _checkout(world, dice, "a direct invoice", "applied", email=_mail(dice), payment_metadata=marked)


def from_the_store(world: World, dice: random.Random) -> Sale:
    """The web store knows the lines; the payment names its order."""
    lines, mail = _lines(dice), _mail(dice)
    first, last = _name(dice).split(" ", 1)
    place = _address(dice)
    street, code = place.pop("line1"), place.pop("postal_code")
    billing = {"first_name": first, "last_name": last, "email": mail, "address_1": street, "postcode": code, **place}
    number = str(world.web_store.add_order(lines, billing=billing))
    total = sum(line["quantity"] * line["unit_amount"] for line in lines)
    given: dict[str, Any] = {
        "via": "intent",
        "amount": total,
        "payment_metadata": {"ecommerceorderid": number},
        "receipt_email": mail,
    }
    shop = {"name": f"{first} {last}", "address": {**place, "line1": street, "postal_code": code}}
    known: dict[str, Any] = {"bought": lines, "buyer": Buyer(f"{first} {last}", mail), "sent_to": shop, "po_no": number}
    return sell(world, dice, "an order of the web store", "applied", **known, **given)


def ambiguous(world: World, dice: random.Random) -> Sale:
    """Two P21 customers have this e-mail address."""
    return _checkout(
        world, dice, "two customers, one e-mail", "parked", email="pat@twin-supply.example", reason="pat@twin"
    )


def unknown_item(world: World, dice: random.Random) -> Sale:
    """P21 does not have what was sold."""
    ware = [{"sku": "UNHEARD-OF", "description": "A thing P21 does not know", "quantity": 1, "unit_amount": 1999}]
    given: dict[str, Any] = {"email": _mail(dice), "lines": ware, "reason": "UNHEARD-OF"}
    return _checkout(world, dice, "an item P21 does not have", "parked", **given)


def refused(world: World, dice: random.Random) -> Sale:
    """The customer is on credit hold."""
    given = {"email": "kim@held-back.example", "reason": "credit hold"}
    return _checkout(world, dice, "a customer on credit hold", "parked", **given)


def unmapped_currency(world: World, dice: random.Random) -> Sale:
    """Nobody said which P21 currency this is."""
    given = {"email": _mail(dice), "currency": "sek", "reason": "SEK"}
    return _checkout(world, dice, "a currency nobody mapped", "parked", **given)


Story = Callable[[World, random.Random], Sale]
EVERYDAY: tuple[Story, ...] = (known_by_mail, brand_new, abroad, guest, invoiced, from_the_store)
UNUSUAL: tuple[Story, ...] = (ambiguous, unknown_item, refused, direct_invoice, unmapped_currency)


def _checkout(
    world: World, dice: random.Random, story: str, expected: str, *, email: str, currency: str = "usd", **given: Any
) -> Sale:
    place = _address(dice, currency)
    buyer = Buyer(_name(dice), email)
    customer = world.stripe_account.add_customer(name=buyer.name, email=email, address=place)
    lines = given.pop("lines", None) or _lines(dice, currency)
    net = sum(line["quantity"] * line["unit_amount"] for line in lines)
    extra = {"shipping_cost": dice.choice((0, 500, 1200)), "discount": net // 10 if dice.random() < 0.3 else 0}
    shipping = {"name": _name(dice), "address": place}
    chosen = {"via": "checkout", "customer": customer, "currency": currency, "lines": lines, "shipping": shipping}
    return sell(world, dice, story, expected, **{**chosen, **extra, "buyer": buyer, **given})


def sell(
    world: World,
    dice: random.Random,
    story: str,
    expected: str,
    *,
    reason: str = "",
    buyer: Buyer | None = None,
    bought: Sequence[Mapping[str, Any]] = (),
    sent_to: Mapping[str, Any] | None = None,
    po_no: str = "",
    sold_tax: int | None = None,
    note: str = "",
    **given: Any,
) -> Sale:
    """Let one order be paid; ``given`` is what ``StripeAccount.pay`` takes.

    What Stripe is not told the shop says: who buys (``buyer``), what (``bought``), where it goes (``sent_to``, name and
    address), under which order number (``po_no``: the buyer's own, else the store's; of an invoice its own), what the buyer
    adds (``note``), and with how much tax in all (``sold_tax``, minor units) where lines carry it.
    """
    place, name = _address(dice, given.get("currency", "usd")), _name(dice)
    chosen = {"currency": "usd", "billing_address": place, "billing_name": name, **given}
    paid = world.stripe_account.pay(**chosen)
    shipped = sent_to or given.get("shipping")
    freight = chosen.get("shipping_cost", 0)
    net_freight = freight if isinstance(freight, int) else int(freight["amount_subtotal"])
    lines = sold_lines(bought or given["lines"], paid.currency, net_freight, chosen.get("discount", 0))
    sold = Sold(
        document="invoice" if (given.get("payment_metadata") or {}).get("p21_document") == "invoice" else "order",
        buyer=buyer or Buyer(chosen["billing_name"], given.get("receipt_email") or ""),
        billing=place_of("", chosen["billing_address"]),
        ship_to=place_of(shipped["name"], shipped["address"]) if shipped else {},
        at=world.stripe_account.now(),
        lines=lines,
        currency=paid.currency,
        tax=major(chosen.get("tax", 0) if sold_tax is None else sold_tax, paid.currency),
        total=major(paid.amount, paid.currency),
        charge=paid.charge,
        po_no=po_no or (world.stripe_account.seen(paid.invoice)["number"] if paid.invoice else ""),
        note=note,
    )
    return Sale(story, expected, paid, reason, sold)


def _lines(dice: random.Random, currency: str = "usd") -> list[dict[str, Any]]:
    chosen = dice.sample(WARES, dice.randint(1, 3))
    return [
        {"sku": sku, "description": name, "quantity": dice.randint(1, 4), "unit_amount": price}
        for sku, name, price in chosen
    ]


def _address(dice: random.Random, currency: str = "usd") -> dict[str, str]:
    city, state, code, country = ABROAD.get(currency) or (*dice.choice(UNTAXED), "US")
    line = f"{dice.randint(1, 999)} Foundry Road"
    return {"line1": line, "city": city, "state": state, "postal_code": code, "country": country}


def _name(dice: random.Random) -> str:
    return f"{dice.choice(FIRST)} {dice.choice(LAST)}"


def _mail(dice: random.Random) -> str:
    return f"buyer.{dice.randrange(16**8):08x}@example.com"
