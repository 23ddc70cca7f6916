"""Money of the month that belongs to no sale: fees, reserves, conversions, and payouts in every state (Stripe facts B8, B9)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from simulators.trial.month_sales import Month

EARLY, MORNING, NOON = 0.5, 9.0, 12.0
OPENING, LATER = 50_000, 30_000
WEEKLY = (
    ("stripe_fee", 1_890, "Radar for Fraud Teams"),
    ("stripe_fee", 4_250, "Billing - Usage Fee"),
    ("tax_fee", 520, "Sales tax on Stripe fees"),
    ("network_cost", 1_133, "Network costs of cards"),
    ("stripe_fx_fee", 267, "Fee for currency conversion"),
)
KEPT_ON_THE_WAY = 2_500


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
    on(6, EARLY, partial(_one, month, ("pending", "in_transit"), _fails_on_its_way))
    on(13, EARLY, partial(_one, month, ("paid",), _fails_after_it_was_paid))
    on(20, EARLY, partial(_one, month, ("pending",), _is_called_off))
    on(month.diary.days - 8, EARLY, partial(_one, month, ("paid",), _is_reversed))
    on(month.diary.days - 6, EARLY, partial(_one, month, ("paid",), _arrives_short))


def _one(month: Month, states: tuple[str, ...], act: Callable[[Month, str, int], None]) -> None:
    """Let it happen to the newest automatic payout in dollars that is in one of these states; tomorrow, if there is none."""
    rows = [row for row in month.objects("payout") if row["automatic"] and row["currency"] == "usd"]
    fits = [
        row for row in rows if row["status"] in states and not row["reversed_by"] and row["amount"] > KEPT_ON_THE_WAY
    ]
    if fits:
        newest = max(fits, key=lambda row: int(row["created"]))
        act(month, newest["id"], newest["amount"])
    elif month.diary.clock.now() < month.diary.last:
        month.diary.after(1, partial(_one, month, states, act))


def _fails_on_its_way(month: Month, payout: str, _amount: int) -> None:
    month.account.move_payout(payout, "failed", "could_not_process")


def _fails_after_it_was_paid(month: Month, payout: str, _amount: int) -> None:
    month.account.move_payout(payout, "failed", "account_closed", reached_bank=True)


def _is_called_off(month: Month, payout: str, _amount: int) -> None:
    month.account.move_payout(payout, "canceled")


def _is_reversed(month: Month, payout: str, _amount: int) -> None:
    month.account.reverse_payout(payout)


def _arrives_short(month: Month, payout: str, amount: int) -> None:
    """A bank on the way keeps something of it for itself."""
    month.account.alter_deposit(payout, amount=amount - KEPT_ON_THE_WAY)
