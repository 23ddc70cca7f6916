"""Invoices that Stripe sends in the month: paid in parts, outside Stripe, void, given up, credited (Stripe facts B12)."""

from __future__ import annotations

from collections.abc import Callable

from simulators.trial.month_sales import Month, lines

Bill = Callable[[Month], None]


def paid_in_two(month: Month) -> None:
    """Half of it is paid, and later the rest."""
    invoice = _sent(month)
    month.diary.after(3, lambda: month.account.pay_invoice(invoice, 4_000))
    month.diary.after(8, lambda: month.account.pay_invoice(invoice))


def paid_at_once(month: Month) -> None:
    """Paid as it was asked for."""
    invoice = _sent(month)
    month.diary.after(2, lambda: month.account.pay_invoice(invoice))


def voided(month: Month) -> None:
    """Sent by mistake."""
    invoice = _sent(month)
    month.diary.after(2, lambda: month.account.void_invoice(invoice))


def given_up(month: Month) -> None:
    """Nobody will ever pay it."""
    invoice = _sent(month)
    month.diary.after(10, lambda: month.account.mark_uncollectible(invoice))


def paid_elsewhere(month: Month) -> None:
    """The money came by another way than Stripe."""
    invoice = _sent(month)
    month.diary.after(4, lambda: month.account.pay_out_of_band(invoice))


def credited_before_it_was_paid(month: Month) -> None:
    """A credit note lowers what is owed, then the rest is paid."""
    invoice = _sent(month)
    month.diary.after(1, lambda: month.account.credit_note(invoice, 1_000, reason="order_change"))
    month.diary.after(5, lambda: month.account.pay_invoice(invoice))


def credited_and_refunded(month: Month) -> None:
    """A credit note after it was paid gives money back."""
    invoice = _sent(month)
    month.diary.after(1, lambda: month.account.pay_invoice(invoice))
    month.diary.after(6, lambda: month.account.credit_note(invoice, 1_500, refund_amount=1_500))


BILLS: tuple[Bill, ...] = (
    paid_in_two, paid_at_once, voided, given_up, paid_elsewhere, credited_before_it_was_paid, credited_and_refunded,
)  # fmt: skip


def _sent(month: Month) -> str:
    customer = month.dice.choice(month.regulars["usd"])
    bought = [
        *lines(month, "usd"),
        {"sku": "PUMP-100", "description": "Transfer pump 1 hp", "quantity": 1, "unit_amount": 48_900},
    ]
    invoice: str = month.account.open_invoice(customer, lines=[_once(each) for each in _unlike(bought)])
    return invoice


def _unlike(bought: list[dict[str, object]]) -> list[dict[str, object]]:
    return list({line["sku"]: line for line in bought}.values())


def _once(line: dict[str, object]) -> dict[str, object]:
    return {**line, "quantity": 1}
