"""What happens to the money in a pretend account: payouts, the bank, and rows that are there for a checker to miss."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any

from simulators.stripe import bank, payouts
from simulators.stripe.state import Books
from simulators.stripe.tables import Row


class Treasury:
    """A part of ``StripeAccount``; every amount is in minor units."""

    def _open(self) -> AbstractContextManager[Books]:
        raise TypeError("Treasury is a part of StripeAccount")

    def pay_out(
        self,
        currency: str = "",
        amount: int | None = None,
        *,
        automatic: bool = True,
        method: str = "standard",
        descriptor: str | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> str:
        """A new payout's id: automatic of all that is available (negative: a debit), or by hand of ``amount``.

        ``method`` instant (by hand only) takes a fee and also pays out what is still pending. ValueError when there
        is nothing to pay out.
        """
        given = {"descriptor": descriptor, "metadata": metadata}
        with self._open() as books:
            code = currency or books.traits.settlement
            return str(payouts.pay_out(books, code, amount, method, automatic=automatic, **given)["id"])

    def move_payout(self, payout: str, status: str, failure_code: str = "", *, reached_bank: bool = False) -> None:
        """Let a payout become in_transit, paid, failed (also after paid) or canceled at once."""
        with self._open() as books:
            row = books.need(payout, "payout")
            payouts.move_payout(books, row, status, failure_code, reached_bank=reached_bank)

    def reverse_payout(self, payout: str) -> str:
        """Take a paid payout back from the bank; the id of the payout that does it."""
        with self._open() as books:
            return str(payouts.reverse_payout(books, books.need(payout, "payout"))["id"])

    def reconcile_payout(self, payout: str) -> None:
        """Let Stripe have found the rows of an automatic payout, now."""
        with self._open() as books:
            payouts.reconcile(books, books.need(payout, "payout"))

    def trace_payout(self, payout: str, status: str = "supported", value: str | None = None) -> None:
        """Change the trace that Stripe shows: pending, supported with a value, unsupported."""
        with self._open() as books:
            payouts.trace(books, books.need(payout, "payout"), status, value)

    def bank_deposits(self) -> list[Row]:
        """What really reached the bank: payout, date, amount, currency, trace, descriptor."""
        with self._open() as books:
            return bank.deposits(books)

    def alter_deposit(self, payout: str, **fields: Any) -> None:
        """Let the bank have booked another date, amount, currency, trace or descriptor than Stripe sent."""
        with self._open() as books:
            bank.alter_deposit(books.need(payout, "payout"), fields)
