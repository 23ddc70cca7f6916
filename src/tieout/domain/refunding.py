"""What a refund takes back of each line that was sold, to the minor unit (accounting facts C7)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from tieout.kernel.failures import Failed, Fix
from tieout.kernel.money import share_out

ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Sold:
    """What can be given back of one line: ``gross`` with tax, and the ``tax`` in it, in minor units.

    A line that took something off (unused time) is below 0, its tax too; it is given back with the others.
    """

    gross: int
    tax: int = 0
    quantity: Decimal = ONE

    def __post_init__(self) -> None:
        if not min(0, self.gross) <= self.tax <= max(0, self.gross) or self.tax * self.gross < 0 or self.quantity <= 0:
            raise ValueError(f"a line comes to at least its tax and has its sign, got {self}")


@dataclass(frozen=True, slots=True)
class Part:
    """What one refund takes of line number ``line``: ``gross`` with tax, and the ``tax`` in it, in minor units."""

    line: int
    gross: int
    tax: int
    quantity: Decimal = ONE


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody said about one line: how many come back, or how much of its gross; ``tax`` where that is known too."""

    line: int
    gross: int | None = None
    quantity: Decimal | None = None
    tax: int | None = None


def split(
    sold: Sequence[Sold], earlier: Iterable[Sequence[Part]], amount: int, wishes: Sequence[Wish] = ()
) -> tuple[Part, ...]:
    """The parts of a refund of ``amount``: first what is wished, the rest in proportion to the gross that is left.

    What lines below 0 take off is in proportion too. Each part is capped at what ``earlier`` refunds left of its line, in
    whatever order they came; the refund that takes the last of a line takes the last of its tax. The parts sum to the amount.
    Failed(Fix) when more is refunded than is left, or more is wished than fits.
    """
    gone = [part for parts in earlier for part in parts]
    grosses = [one.gross - sum(part.gross for part in gone if part.line == i) for i, one in enumerate(sold)]
    if not 0 < amount <= sum(grosses):
        raise _unfit(f"{amount} minor units cannot be refunded where {max(0, sum(grosses))} are left", amount)
    wished = _wished(sold, grosses, amount, wishes)
    rest = amount - sum(wished)
    left = [gross - wish for gross, wish in zip(grosses, wished, strict=True)]
    takes = [wish + share for wish, share in zip(wished, _shares(rest, left), strict=True)]
    return tuple(_part(sold, gone, i, take, wishes) for i, take in enumerate(takes) if take)


def _shares(rest: int, left: Sequence[int]) -> Sequence[int]:
    """``rest`` shared over what is left of each line; what is below 0 takes its part off, and is made up by the others."""
    if not rest:
        return [0] * len(left)
    whole = sum(left)
    if rest == whole:
        return left
    taken_off = [_rounded(rest * -one, whole) if one < 0 else 0 for one in left]
    given = share_out(rest + sum(taken_off), [max(0, one) for one in left])
    return [gave - took for gave, took in zip(given, taken_off, strict=True)]


def _wished(sold: Sequence[Sold], left: Sequence[int], amount: int, wishes: Sequence[Wish]) -> list[int]:
    wished = [0] * len(sold)
    for wish in wishes:
        if not 0 <= wish.line < len(sold):
            raise _unfit(f"line {wish.line + 1} is asked for, but only {len(sold)} lines were sold", wish.line + 1)
        wished[wish.line] += _gross_of(sold[wish.line], wish, left[wish.line] - wished[wish.line])
    for i, line in enumerate(sold):
        many = sum((wish.quantity or Decimal(0) for wish in wishes if wish.line == i), Decimal(0))
        if many > line.quantity:
            raise _unfit(f"{many} come back of a line of which {line.quantity} were sold", int(many))
    for i, wish_gross in enumerate(wished):
        if not min(0, left[i]) <= wish_gross <= max(0, left[i]):
            raise _unfit(f"line {i + 1} has {left[i]} minor units left to refund, not {wish_gross}", wish_gross)
    if sum(wished) > amount:
        raise _unfit(f"the lines that are asked for come to {sum(wished)} minor units, the refund to {amount}", amount)
    return wished


def _gross_of(line: Sold, wish: Wish, left: int) -> int:
    """What is wished of a line; a count of things is rounded, and the last of them takes what is left."""
    if wish.gross is not None:
        return wish.gross
    many = wish.quantity or Decimal(0)
    if not 0 <= many <= line.quantity:
        raise _unfit(f"{many} come back of a line of which {line.quantity} were sold", int(many))
    many_gross = int((line.gross * many / line.quantity).to_integral_value(ROUND_HALF_UP))
    return min(left, many_gross) if line.gross >= 0 else max(left, many_gross)


def _part(sold: Sequence[Sold], gone: Sequence[Part], i: int, gross: int, wishes: Sequence[Wish]) -> Part:
    line = sold[i]
    before = [part for part in gone if part.line == i]
    given, taxed = sum(part.gross for part in before), sum(part.tax for part in before)
    told = [wish for wish in wishes if wish.line == i]
    tax = sum(wish.tax for wish in told if wish.tax is not None) if _tells_all(told, gross) else None
    sign = -1 if line.gross < 0 else 1
    whole = Sold(sign * line.gross, sign * line.tax)
    fair = _fair_tax(whole, sign * given, sign * taxed, sign * gross, None if tax is None else sign * tax)
    return Part(i, gross, sign * fair, _quantity(line, given, gross, told))


def _fair_tax(line: Sold, given: int, taxed: int, gross: int, told: int | None) -> int:
    """The tax in the next ``gross`` of a line: as told, else in proportion; the last of the line takes the last of its tax."""
    fair = _rounded(line.tax * (given + gross), line.gross) - taxed if told is None else told
    least, most = max(0, (line.tax - taxed) - (line.gross - given - gross)), min(gross, line.tax - taxed)
    return min(max(fair, least), max(least, most))


def _tells_all(told: Sequence[Wish], gross: int) -> bool:
    """Whether Stripe itself said the tax of this part: then it is posted as given."""
    return bool(told) and all(wish.tax is not None for wish in told) and sum(wish.gross or 0 for wish in told) == gross


def _quantity(line: Sold, given: int, gross: int, told: Sequence[Wish]) -> Decimal:
    counted = [wish.quantity for wish in told if wish.quantity]
    if counted:
        return sum(counted, Decimal(0))
    return line.quantity if not given and gross == line.gross else ONE


def _rounded(numerator: int, denominator: int) -> int:
    """Half up."""
    return (2 * numerator + denominator) // (2 * denominator)


def _unfit(words: str, value: int) -> Failed:
    sentence = f"The refund does not fit what was sold: {words}. Correct refund_lines in its metadata, then replay; or enter it by hand."
    return Failed(Fix("refund.split", sentence, field="amount", value=str(value)))
