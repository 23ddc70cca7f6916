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
from simulators.webstore import WooCommerceStore
from simulators.webstore.baskets import decimals_of

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
    """One paid order that happened. ``story`` says what is special, ``expected`` how it should end."""

    story: str
    expected: str
    paid: Paid

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
    return {
        sale.payment: Decimal(sale.paid.amount).scaleb(-decimals_of(sale.paid.currency))
        for sale in sales
        if sale.payment
    }


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
    return _checkout(world, dice, "known by e-mail", "applied", email=mail)


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
    given = {"via": "intent", "amount": 2 * price, "payment_metadata": marked, "receipt_email": _mail(dice)}
    return sell(world, dice, "a guest, lines in the metadata", "applied", **given)


def invoiced(world: World, dice: random.Random) -> Sale:
    """A Stripe invoice that was paid."""
    customer = _customer(world, dice, _mail(dice))
    return sell(world, dice, "a paid Stripe invoice", "applied", via="invoice", customer=customer, lines=_lines(dice))


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
    marked = {"ecommerceorderid": str(world.web_store.add_order(lines, billing=billing))}
    total = sum(line["quantity"] * line["unit_amount"] for line in lines)
    given = {"via": "intent", "amount": total, "payment_metadata": marked, "receipt_email": mail}
    return sell(world, dice, "an order of the web store", "applied", **given)


def ambiguous(world: World, dice: random.Random) -> Sale:
    """Two P21 customers have this e-mail address."""
    return _checkout(world, dice, "two customers, one e-mail", "parked", email="pat@twin-supply.example")


def unknown_item(world: World, dice: random.Random) -> Sale:
    """P21 does not have what was sold."""
    ware = [{"sku": "UNHEARD-OF", "description": "A thing P21 does not know", "quantity": 1, "unit_amount": 1999}]
    return _checkout(world, dice, "an item P21 does not have", "parked", email=_mail(dice), lines=ware)


def refused(world: World, dice: random.Random) -> Sale:
    """The customer is on credit hold."""
    return _checkout(world, dice, "a customer on credit hold", "parked", email="kim@held-back.example")


def unmapped_currency(world: World, dice: random.Random) -> Sale:
    """Nobody said which P21 currency this is."""
    return _checkout(world, dice, "a currency nobody mapped", "parked", email=_mail(dice), currency="sek")


Story = Callable[[World, random.Random], Sale]
EVERYDAY: tuple[Story, ...] = (known_by_mail, brand_new, abroad, guest, invoiced, from_the_store)
UNUSUAL: tuple[Story, ...] = (ambiguous, unknown_item, refused, direct_invoice, unmapped_currency)


def _checkout(
    world: World, dice: random.Random, story: str, expected: str, *, email: str, currency: str = "usd", **given: Any
) -> Sale:
    place = _address(dice, currency)
    customer = _customer(world, dice, email, place)
    lines = given.pop("lines", None) or _lines(dice, currency)
    net = sum(line["quantity"] * line["unit_amount"] for line in lines)
    extra = {"shipping_cost": dice.choice((0, 500, 1200)), "discount": net // 10 if dice.random() < 0.3 else 0}
    shipping = {"name": _name(dice), "address": place}
    chosen = {"via": "checkout", "customer": customer, "currency": currency, "lines": lines, "shipping": shipping}
    return sell(world, dice, story, expected, **{**chosen, **extra, **given})


def sell(world: World, dice: random.Random, story: str, expected: str, **given: Any) -> Sale:
    """Let one order be paid; ``given`` is what ``StripeAccount.pay`` takes."""
    place = _address(dice, given.get("currency", "usd"))
    chosen = {"currency": "usd", "billing_address": place, "billing_name": _name(dice), **given}
    return Sale(story, expected, world.stripe_account.pay(**chosen))


def _customer(world: World, dice: random.Random, email: str, place: Mapping[str, str] | None = None) -> str:
    return world.stripe_account.add_customer(name=_name(dice), email=email, address=place or _address(dice))


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
