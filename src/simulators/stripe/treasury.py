"""What happens to the money in a pretend account: payouts, the bank, and rows that are there for a checker to miss."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from simulators.stripe import bank, disputes, payments, payouts, planting, refunds, sundry
from simulators.stripe.balance import balance_shown, release
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

    def move_refund(self, refund: str, status: str, failure_reason: str = "unknown") -> None:
        """Let a refund succeed, fail (also after it has succeeded), be canceled or require action."""
        with self._open() as books:
            refunds.move_refund(books, books.need(refund, "refund"), status, failure_reason)

    def bounce(self, charge: str, failure_code: str = "account_closed") -> None:
        """Let the bank take back a bank payment that had succeeded."""
        with self._open() as books:
            payments.bounce(books, books.need(charge, "charge"), failure_code)

    def dispute(
        self,
        charge: str,
        amount: int | None = None,
        reason: str = "fraudulent",
        status: str = "needs_response",
        *,
        fee: int = disputes.FEE,
        due_days: int = 9,
    ) -> str:
        """Let a charge be disputed, all of it unless ``amount`` says otherwise (it may be more); the dispute's id."""
        with self._open() as books:
            row = books.need(charge, "charge")
            much = row["amount_captured"] if amount is None else amount
            opened = disputes.open_dispute(books, row, much, reason, status, fee=fee, due_days=due_days)
            return str(opened["id"])

    def move_dispute(
        self, dispute: str, status: str, *, amount: int | None = None, counter_fee: int = 0, fee_back: int = 0
    ) -> None:
        """Let a dispute come to a status, with the money that belongs to it.

        ``amount`` comes back when it is lost or won in part, ``counter_fee`` is taken for contesting it and returned
        when it is won, ``fee_back`` is returned of the first fee.
        """
        with self._open() as books:
            row, given = books.need(dispute, "dispute"), {"counter_fee": counter_fee, "fee_back": fee_back}
            disputes.move_dispute(books, row, status, amount=amount, **given)

    def release_funds(self) -> int:
        """Let everything that is pending be available now; the number of balance transactions."""
        with self._open() as books:
            return release(books)

    def announce_balance(self) -> None:
        """Tell of the balance that is available now (balance.available); it never happens by itself."""
        with self._open() as books:
            books.emit("balance.available", balance_shown(books))

    def bank_deposits(self) -> list[Row]:
        """What really reached the bank: payout, date, amount, currency, trace, descriptor."""
        with self._open() as books:
            return bank.deposits(books)

    def alter_deposit(self, payout: str, **fields: Any) -> None:
        """Let the bank have booked another date, amount, currency, trace or descriptor than Stripe sent."""
        with self._open() as books:
            bank.alter_deposit(books.need(payout, "payout"), fields)

    def add_row(
        self,
        *,
        type: str,
        amount: int,
        category: str = "",
        currency: str = "",
        fee: int | None = None,
        fee_details: Sequence[Mapping[str, Any]] = (),
        source: str | None = None,
        description: str | None = None,
        balance_type: str = "payments",
        available_days: int = 0,
        exchange_rate: str | None = None,
    ) -> str:
        """A new balance transaction's id, of any type and category, known or not; of either sign or 0.

        ``category`` and ``currency`` are the type's own and the settlement's unless given; ``fee`` is what
        ``fee_details`` (``{"type", "amount"}``) add up to. Rows of a fee have their ``amount`` below 0.
        """
        with self._open() as books:
            row = sundry.add_row(
                books,
                type,
                amount,
                category=category,
                currency=currency,
                fee=fee,
                fee_details=fee_details,
                available_days=available_days,
                exchange_rate=exchange_rate,
                source=source,
                description=description,
                balance_type=balance_type,
            )
            return str(row["id"])

    def convert(self, amount: int, source: str, target: str, received: int | None = None) -> list[str]:
        """Change money of one currency's balance into another's; the ids of the two rows, out and in."""
        with self._open() as books:
            return [str(row["id"]) for row in sundry.convert(books, amount, source, target, received)]

    def top_up(self, amount: int, currency: str = "", status: str = "succeeded") -> str:
        """Bring money from the bank, there at once or (pending) after ``move_topup``; the top-up's id."""
        with self._open() as books:
            code = currency or books.traits.settlement
            return str(sundry.top_up(books, amount, code, status=status)["id"])

    def move_topup(self, topup: str, status: str) -> None:
        """Let a top-up become succeeded, failed, canceled or reversed."""
        with self._open() as books:
            sundry.move_topup(books, books.need(topup, "topup"), status)

    def alter_row(self, row: str, **fields: Any) -> None:
        """Give any object other values, e.g. a balance transaction another net or ``payout``; nobody is told."""
        with self._open() as books:
            planting.alter(books, books.need(row), fields)

    def hide_row(self, row: str) -> None:
        """Leave any object out of lists; it can still be retrieved and its money counts."""
        with self._open() as books:
            planting.hide(books.need(row))

    def remove_row(self, row: str) -> None:
        """Let any object never have been: not listed, not found, not in the balance."""
        with self._open() as books:
            planting.remove(books.need(row))
