"""Money of the month that belongs to no sale: fees, reserves, conversions, and payouts in every state (Stripe facts B8, B9)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from simulators.stripe.tables import Row
from simulators.trial.month_calendar import PLAYED_DAYS
from simulators.trial.month_sales import Month

MORNING, NOON = 9.0, 12.0
OPENING, LATER = 50_000, 30_000
WEEKLY = (
    ("stripe_fee", 1_890, "Radar for Fraud Teams"),
    ("stripe_fee", 4_250, "Billing - Usage Fee"),
    ("tax_fee", 520, "Sales tax on Stripe fees"),
    ("network_cost", 1_133, "Network costs of cards"),
    ("stripe_fx_fee", 267, "Fee for currency conversion"),
)
SHORT_AT_THE_BANK = 2_500


def plan(month: Month) -> None:
    """Note all of it in the diary."""
    on, account = month.diary.on, month.account
    on(0, MORNING, lambda: account.top_up(OPENING))
    for week in range(4):
        for place, (kind, amount, text) in enumerate(WEEKLY):
            on(7 * week + place, NOON, partial(account.add_row, type=kind, amount=-amount - 7 * week, description=text))
    on(8, NOON, lambda: account.add_row(type="reserve_hold", amount=-12_000, description="Reserve"))
    on(22, NOON, lambda: account.add_row(type="reserve_release", amount=12_000, description="Reserve released"))
    on(10, NOON, lambda: account.add_row(type="contribution", amount=-300, description="Stripe Climate"))
    on(11, NOON, lambda: account.convert(1_500, "eur", "usd"))
    on(16, NOON, lambda: account.add_row(type="goodwill_gift", amount=137, description="A kind nobody has heard of"))
    _plan_payouts(month)


def _plan_payouts(month: Month) -> None:
    """Every midnight pays out each currency by itself; these are the ones that a person or a bank has a hand in."""
    on, account = month.diary.on, month.account
    on(9, MORNING, lambda: account.top_up(LATER))
    on(9, NOON, lambda: account.pay_out("usd", 20_000, automatic=False, descriptor="BY HAND"))
    on(14, NOON, lambda: account.pay_out("usd", 5_000, automatic=False, method="instant"))
    on(6, MORNING, lambda: _move(month, ("pending", "in_transit"), "failed", "could_not_process"))
    on(13, MORNING, lambda: _move(month, ("paid",), "failed", "account_closed", reached_bank=True))
    on(20, 0.5, lambda: _move(month, ("pending",), "canceled"))
    on(PLAYED_DAYS - 8, MORNING, lambda: account.reverse_payout(_newest(month, ("paid",))["id"]))
    on(PLAYED_DAYS - 6, MORNING, lambda: _short(month))


def _move(month: Month, states: tuple[str, ...], status: str, code: str = "", *, reached_bank: bool = False) -> None:
    month.account.move_payout(_newest(month, states)["id"], status, code, reached_bank=reached_bank)


def _short(month: Month) -> None:
    """A bank on the way keeps something of a payout for itself."""
    payout = _newest(month, ("paid",))
    month.account.alter_deposit(payout["id"], amount=payout["amount"] - SHORT_AT_THE_BANK)


def _newest(month: Month, states: tuple[str, ...]) -> Row:
    """The newest automatic payout in dollars that is in one of these states and was not reversed."""
    return max(
        payouts(month, lambda row: row["status"] in states and not row["reversed_by"]), key=lambda row: row["created"]
    )


def payouts(month: Month, fits: Callable[[Row], bool]) -> list[Row]:
    """The automatic payouts in dollars that fit and bring money, oldest first."""
    rows = month.account.books()["objects"].values()
    every = [row for row in rows if row["object"] == "payout" and row["automatic"] and row["currency"] == "usd"]
    return [row for row in every if row["amount"] > SHORT_AT_THE_BANK and fits(row)]
