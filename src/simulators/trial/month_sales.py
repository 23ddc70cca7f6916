"""Who pays in the month, and how: regular customers of four currencies, delayed bank debits, part captures, odd fees."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from simulators.stripe.tables import Row
from simulators.trial import workload
from simulators.trial.month_calendar import Diary
from simulators.trial.pretend import PretendSystems
from simulators.trial.sold import Buyer, major
from simulators.trial.workload import ABROAD, UNTAXED, WARES, Sale

SETTLEMENTS = ("usd", "eur", "jpy", "kwd")
CURRENCY_IDS = {**workload.CURRENCIES, "kwd": 6}
PLACES = {**ABROAD, "kwd": ("Kuwait City", "", "13001", "KW")}
SHARES = {"usd": 62, "eur": 14, "jpy": 11, "kwd": 7, "gbp": 4, "cad": 2}
REGULARS = 5
HOLIDAY = range(17, 21)  # nobody pays in dinars on these days
FEES = (("stripe_fee", 41), ("tax", 8), ("payment_method_passthrough_fee", 13))
KWD_STEP = 10  # Stripe's last of three decimals is 0


@dataclass(slots=True)
class Month:
    """A month while it is played: the systems, the dice, the diary, and what was sold and billed."""

    systems: PretendSystems
    dice: random.Random
    diary: Diary
    sales: list[Sale] = field(default_factory=list)
    bounced: list[Sale] = field(default_factory=list)
    regulars: dict[str, list[str]] = field(default_factory=dict)

    @property
    def account(self) -> Any:
        """The Stripe account."""
        return self.systems.stripe_account

    def objects(self, kind: str) -> list[Row]:
        """Every Stripe object of a kind, as it is now."""
        return [row for row in self.account.books()["objects"].values() if row["object"] == kind]

    def sold(self, sale: Sale) -> Sale:
        """Keep a sale whose money came and stayed."""
        self.sales.append(sale)
        return sale


Seller = Callable[[Month], Sale]


def open_accounts(month: Month) -> None:
    """Customers that Stripe and P21 know by the same e-mail address, some for each currency."""
    for currency in SHARES:
        city, state, code, country = PLACES.get(currency) or (*UNTAXED[0], "US")
        for number in range(REGULARS):
            mail, name = f"buyer{number}@{currency}-trade.example", f"{city} Trading {number + 1}"
            month.systems.p21_tenant.add_customer(
                name, (mail,), place=state, country=country, currency_id=CURRENCY_IDS[currency]
            )
            address = {"line1": f"{number + 1} Harbour Street", "city": city, "state": state, "postal_code": code}
            customer = month.account.add_customer(name=name, email=mail, address={**address, "country": country})
            month.regulars.setdefault(currency, []).append(customer)


def everyday(month: Month) -> Sale:
    """Any ordinary sale."""
    day = int(month.diary.clock.now() - month.diary.clock.begins) // 86_400
    currency = month.dice.choices(list(SHARES), list(SHARES.values()))[0]
    if currency == "usd" or (currency == "kwd" and day in HOLIDAY):
        story = month.dice.choice((_regular_dollars, _regular_dollars, _told(workload.guest), _told(workload.brand_new),
                                   _told(workload.from_the_store), _told(workload.known_by_mail)))  # fmt: skip
        return month.sold(story(month))
    return month.sold(_regular(month, currency))


def unusual(story: Callable[..., Sale]) -> Seller:
    """A sale as the day's workload tells it, such as one that a person must look at."""
    return lambda month: month.sold(_told(story)(month))


def odd_fees(month: Month) -> Sale:
    """Stripe takes its fee in three parts: its own, tax on it, and what the network asks."""
    fees = [{"type": kind, "amount": amount} for kind, amount in FEES]
    return month.sold(_regular(month, "usd", story="a fee in three parts", fees=fees))


def converted(month: Month) -> Sale:
    """Paid in a currency that the account does not keep, so that Stripe converts it."""
    return month.sold(_regular(month, month.dice.choice(("gbp", "cad"))))


def captured_in_part(month: Month) -> Sale:
    """Three were authorised, two are there: the third is never captured."""
    sku, name, price = month.dice.choice(WARES)
    marked = json.dumps([{"sku": sku, "quantity": 2, "unit_amount": price, "description": name}])
    given: dict[str, Any] = {
        "via": "intent",
        "amount": 3 * price,
        "captured": False,
        "payment_metadata": {"lines": marked},
    }
    given["receipt_email"] = f"part.{month.dice.randrange(16**8):08x}@example.com"
    bought = [{"sku": sku, "quantity": 2, "unit_amount": price, "description": name}]
    sale = workload.sell(month.systems, month.dice, "captured in part", "applied", bought=bought, **given)
    month.diary.after(1, lambda: month.account.capture(sale.paid.charge, 2 * price))
    assert sale.sold is not None, "sell keeps a record"
    known = replace(sale.sold, total=major(2 * price, "usd"), at=None)
    return month.sold(replace(sale, paid=replace(sale.paid, amount=2 * price), sold=known))


def bank_debit(month: Month) -> Sale:
    """A bank debit that takes some days to succeed."""
    sale = month.sold(_regular(month, "usd", story="a bank debit", unpaid=True))
    month.diary.after(3, lambda: month.account.settle(sale.paid.charge))
    return sale


def bank_debit_failed(month: Month) -> Sale:
    """A bank debit that never succeeds."""
    sale = _regular(month, "usd", story="a bank debit that failed", unpaid=True)
    month.bounced.append(sale)
    month.diary.after(3, lambda: month.account.settle(sale.paid.charge, succeeded=False))
    return sale


def bank_debit_bounced(month: Month) -> Sale:
    """A bank debit that succeeds, and is taken back by the bank days later."""
    sale = _regular(month, "usd", story="a bank debit that bounced", unpaid=True)
    month.bounced.append(sale)
    month.diary.after(2, lambda: month.account.settle(sale.paid.charge))
    month.diary.after(6, lambda: month.account.bounce(sale.paid.charge, "insufficient_funds"))
    return sale


def dinars_before_the_holiday(month: Month) -> Sale:
    """Paid in dinars and given back in the holiday, when nothing else comes in: the payout of that day is a debit."""
    sale = month.sold(_regular(month, "kwd", story="given back in a holiday"))
    month.diary.on(HOLIDAY[1], 15, lambda: month.account.refund(sale.paid.charge))
    return sale


def lines(month: Month, currency: str) -> list[dict[str, Any]]:
    """What somebody buys, at prices that the currency has."""
    step = KWD_STEP if currency == "kwd" else 1
    return [
        {"sku": sku, "description": name, "quantity": month.dice.randint(1, 4), "unit_amount": price // step * step}
        for sku, name, price in month.dice.sample(WARES, month.dice.randint(1, 3))
    ]


def whole(currency: str, amount: int) -> int:
    """The amount, or a little less where Stripe wants a 0 at its end."""
    return amount // KWD_STEP * KWD_STEP if currency == "kwd" else amount


def _told(story: Callable[..., Sale]) -> Seller:
    return lambda month: story(month.systems, month.dice)


def _regular_dollars(month: Month) -> Sale:
    return _regular(month, "usd")


def _regular(month: Month, currency: str, story: str = "", **given: Any) -> Sale:
    number = month.dice.randrange(REGULARS)
    city, state, code, country = PLACES.get(currency) or (*UNTAXED[0], "US")
    place = {"line1": f"{number + 1} Harbour Street", "city": city, "state": state, "postal_code": code}
    bought = lines(month, currency)
    net = sum(line["quantity"] * line["unit_amount"] for line in bought)
    chosen: dict[str, Any] = {
        "via": "checkout", "customer": month.regulars[currency][number], "currency": currency, "lines": bought,
        "shipping": {"name": f"{city} Trading {number + 1}", "address": {**place, "country": country}},
        "billing_address": {**place, "country": country}, "shipping_cost": month.dice.choice((0, 500, 1200)),
        "discount": whole(currency, net // 10) if month.dice.random() < 0.2 else 0,
    }  # fmt: skip
    told = story or f"a regular customer, {currency.upper()}"
    buyer = Buyer(f"{city} Trading {number + 1}", f"buyer{number}@{currency}-trade.example")
    sale = workload.sell(month.systems, month.dice, told, "applied", buyer=buyer, **{**chosen, **given})
    if sale.sold and given.get("unpaid"):
        return replace(sale, sold=replace(sale.sold, at=None))
    return sale
