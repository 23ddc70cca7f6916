"""What a refund takes back of an order that may not have left: credited is only what was invoiced (case A3)."""

from __future__ import annotations

from dataclasses import dataclass

ROUNDING = 5  # minor units by which P21's own total of an order may miss ours


@dataclass(frozen=True, slots=True)
class Standing:
    """Minor units: what was sold, what the order's lines come to now, what of them is invoiced.

    ``refunded`` is what all refunds of the payment come to, ``credited`` what memos took back before.
    """

    sold: int
    now: int
    invoiced: int
    refunded: int
    credited: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What to credit of a refund (minor units), or what must be cancelled first: then ``to_cancel`` is above 0."""

    credit: int
    to_cancel: int = 0


def verdict(standing: Standing, amount: int) -> Verdict:
    """What a refund of ``amount`` becomes.

    What was cancelled needs no memo. What is neither invoiced nor cancelled must be cancelled, or invoiced, before anybody can
    say which it is.
    """
    cancelled = _rounded(standing.sold - standing.now)
    still_open = _rounded(standing.now - standing.invoiced)
    by_others = max(0, standing.refunded - amount - standing.credited)
    left = amount - min(amount, max(0, cancelled - by_others))
    if not left:
        return Verdict(0)
    if still_open:
        return Verdict(0, min(left, still_open))
    return Verdict(left)


def _rounded(amount: int) -> int:
    return amount if amount > ROUNDING else 0
