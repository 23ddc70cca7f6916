"""What follows a sale in the month: refunds of every kind, and disputes through all their ends (Stripe facts B10)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from simulators.trial.month_sales import Month, whole
from simulators.trial.workload import Sale

COUNTER_FEE = 1_500

Sequel = Callable[[Month, Sale], None]


def refunded(month: Month, sale: Sale) -> None:
    """All of it goes back."""
    month.diary.after(2, lambda: month.account.refund(sale.paid.charge, reason="requested_by_customer"))


def refunded_in_part(month: Month, sale: Sale) -> None:
    """A third goes back."""
    month.diary.after(3, lambda: month.account.refund(sale.paid.charge, _share(sale, 3)))


def refunded_in_parts(month: Month, sale: Sale) -> None:
    """A tenth goes back, and again, and again."""
    for days in (1, 3, 6):
        month.diary.after(days, lambda: month.account.refund(sale.paid.charge, _share(sale, 10)))


def refunded_slowly(month: Month, sale: Sale) -> None:
    """A refund is pending for some days before it succeeds."""

    def begin() -> None:
        refund = month.account.refund(sale.paid.charge, _share(sale, 2), status="pending")
        month.diary.after(4, lambda: month.account.move_refund(refund, "succeeded"))

    month.diary.after(2, begin)


def refund_pending(month: Month, sale: Sale) -> None:
    """A refund is still pending when the month has ended."""
    month.diary.after(20, lambda: month.account.refund(sale.paid.charge, _share(sale, 4), status="pending"))


def refund_failed(month: Month, sale: Sale) -> None:
    """A refund that had succeeded comes back: the customer's account is closed."""

    def begin() -> None:
        refund = month.account.refund(sale.paid.charge, _share(sale, 2))
        month.diary.after(5, lambda: month.account.move_refund(refund, "failed", "lost_or_stolen_card"))

    month.diary.after(2, begin)


def dispute_won(month: Month, sale: Sale) -> None:
    """Contested for a fee, and won."""
    _disputed(month, sale, ((3, "under_review", {"counter_fee": COUNTER_FEE}), (9, "won", {"fee_back": COUNTER_FEE})))


def dispute_lost(month: Month, sale: Sale) -> None:
    """Accepted, and lost."""
    _disputed(month, sale, ((7, "lost", {}),))


def dispute_lost_in_part(month: Month, sale: Sale) -> None:
    """A part comes back."""
    _disputed(month, sale, ((2, "under_review", {}), (8, "lost", {"amount": _share(sale, 3)})))


def dispute_won_after_it_was_lost(month: Month, sale: Sale) -> None:
    """Lost first, and won by appeal."""
    _disputed(month, sale, ((4, "lost", {}), (9, "won", {})))


def dispute_open(month: Month, sale: Sale) -> None:
    """Still open when the month has ended."""
    _disputed(month, sale, (), days=15)


def inquiry(month: Month, sale: Sale) -> None:
    """The bank only asked: no money moves."""
    _disputed(month, sale, ((5, "warning_closed", {}),), status="warning_needs_response")


def dispute_prevented(month: Month, sale: Sale) -> None:
    """It was resolved before it became a dispute."""
    _disputed(month, sale, (), status="prevented")


SEQUELS: tuple[tuple[Sequel, float], ...] = (
    (refunded, 0.02), (refunded_in_part, 0.015), (refunded_in_parts, 0.005), (refunded_slowly, 0.003),
    (refund_pending, 0.001), (refund_failed, 0.002), (dispute_won, 0.002), (dispute_lost, 0.003),
    (dispute_lost_in_part, 0.001), (dispute_won_after_it_was_lost, 0.001), (dispute_open, 0.001), (inquiry, 0.002),
    (dispute_prevented, 0.001),
)  # fmt: skip


def _share(sale: Sale, parts: int) -> int:
    return whole(sale.paid.currency, sale.paid.amount // parts)


def _disputed(
    month: Month,
    sale: Sale,
    moves: tuple[tuple[int, str, Mapping[str, int]], ...],
    status: str = "needs_response",
    days: int = 4,
) -> None:
    def begin() -> None:
        dispute = month.account.dispute(sale.paid.charge, status=status)
        for after, end, money in moves:
            month.diary.after(after, lambda end=end, money=money: month.account.move_dispute(dispute, end, **money))  # type: ignore[misc]

    month.diary.after(days, begin)
