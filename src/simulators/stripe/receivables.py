"""What happens to receivables in a pretend account: invoices, their payments, credit notes, customers' credits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from simulators.stripe import credit_notes, invoices, payments
from simulators.stripe.amounts import check_invoiced
from simulators.stripe.customer_balance import change_balance
from simulators.stripe.payments import Paid, Terms, buyer_of
from simulators.stripe.pricing import basket, listed_price, unlisted_price
from simulators.stripe.state import Books


class Receivables:
    """A part of ``StripeAccount``; every amount is in minor units."""

    def _open(self) -> AbstractContextManager[Books]:
        raise TypeError("Receivables is a part of StripeAccount")

    def open_invoice(
        self,
        customer: str,
        currency: str = "usd",
        amount: int | None = None,
        lines: Sequence[Mapping[str, Any]] = (),
        *,
        tax: int = 0,
        discount: int = 0,
        shipping_cost: int | Mapping[str, int] = 0,
        days_until_due: int = 30,
        metadata: Mapping[str, Any] | None = None,
        description: str | None = None,
        subscription: str | None = None,
    ) -> str:
        """A finalised invoice's id, unpaid but for what the customer has to the good; figures as for ``pay``."""
        figures: dict[str, Any] = {"tax": tax, "discount": discount, "shipping_cost": shipping_cost}
        about = {"metadata": metadata, "description": description, "subscription": subscription}
        with self._open() as books:
            bought = basket(books, currency, amount, lines, price_of=listed_price, check=check_invoiced, **figures)
            return str(invoices.send(books, bought, books.need(customer, "customer"), days_until_due, **about)["id"])

    def pay_invoice(
        self,
        invoice: str,
        amount: int | None = None,
        *,
        unpaid: bool = False,
        metadata: Mapping[str, Any] | None = None,
        fees: Sequence[Mapping[str, Any]] | None = None,
    ) -> Paid:
        """Pay an invoice, all that remains unless ``amount`` says less (in part) or more (overpaid).

        ``unpaid`` and ``fees`` as for ``pay``. ValueError when it is neither open nor uncollectible.
        """
        with self._open() as books:
            row = books.need(invoice, "invoice")
            invoices.check_payable(row)
            buyer = buyer_of(books, row["customer"], None, None, None)
            much = row["amount_remaining"] if amount is None else amount
            bought = basket(books, row["currency"], much, (), price_of=unlisted_price)
            given: dict[str, Any] = {"metadata": {}, "payment_metadata": metadata or {}, "unpaid": unpaid, "fees": fees}
            return payments.pay_issued(books, row, bought, buyer, Terms.of("invoice", **given))

    def attach_payment(self, invoice: str, charge: str, amount: int) -> None:
        """Count ``amount`` of a payment made elsewhere for an invoice; one payment may be counted for several."""
        with self._open() as books:
            payments.attach(books, books.need(invoice, "invoice"), books.need(charge, "charge"), amount)

    def pay_out_of_band(self, invoice: str) -> None:
        """Note that what remains of an invoice was paid outside Stripe."""
        with self._open() as books:
            invoices.pay_out_of_band(books, books.need(invoice, "invoice"))

    def void_invoice(self, invoice: str) -> None:
        """Take an unpaid invoice back."""
        with self._open() as books:
            invoices.void(books, books.need(invoice, "invoice"))

    def mark_uncollectible(self, invoice: str) -> None:
        """Give an open invoice up; it can still be paid or voided."""
        with self._open() as books:
            invoices.give_up(books, books.need(invoice, "invoice"))

    def credit_note(
        self,
        invoice: str,
        amount: int | None = None,
        lines: Sequence[Mapping[str, Any]] = (),
        *,
        refund_amount: int = 0,
        credit_amount: int = 0,
        out_of_band_amount: int = 0,
        refunds: Sequence[Mapping[str, Any]] = (),
        reason: str | None = None,
        memo: str | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> str:
        """A new credit note's id, over ``lines``, ``amount`` or the whole invoice.

        ``lines`` are ``{"line": "il_…" | "description", "amount", "tax", "quantity"}``. It lowers what is owed first;
        the rest is a refund unless ``refund_amount``, ``credit_amount``, ``out_of_band_amount`` and ``refunds``
        (``{"refund", "amount_refunded"}``) share it out. ValueError when they do not add up or it is too much.
        """
        shares: dict[str, Any] = {"refund_amount": refund_amount, "credit_amount": credit_amount, "refunds": refunds}
        shares["out_of_band_amount"] = out_of_band_amount
        about: dict[str, Any] = {"reason": reason, "memo": memo, "metadata": metadata}
        with self._open() as books:
            row = books.need(invoice, "invoice")
            return str(credit_notes.issue(books, row, lines, amount, **shares, **about)["id"])

    def void_credit_note(self, credit_note: str) -> None:
        """Take back a credit note that only lowered what an open invoice asks for."""
        with self._open() as books:
            credit_notes.void(books, books.need(credit_note, "credit_note"))

    def adjust_customer_balance(
        self, customer: str, amount: int, currency: str = "usd", type: str = "adjustment", description: str = ""
    ) -> str:
        """Give a customer credit (``amount`` below 0) or take it; the customer balance transaction's id."""
        with self._open() as books:
            row = books.need(customer, "customer")
            return str(change_balance(books, row, amount, currency, type, description=description or None)["id"])
