"""Compares one row of Stripe's balance with what is kept and what is posted, to the minor unit (accounting C3 I1, I7)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tieout.domain.ledger.balance_change import BalanceChange
from tieout.domain.ledger.entry import Entry
from tieout.domain.ledger.posting import Book, Posted, again, rates_on
from tieout.kernel.money import Money

PAYMENTS = "payments"
MISSING, UNEXPECTED, DRIFT = "missing", "unexpected", "drift"


@dataclass(frozen=True, slots=True)
class Break:
    """What does not match: ``kind`` is missing, unexpected or drift; ``code`` says which and of what.

    ``amount`` is what the two sides are apart, in minor units of ``currency``. ``ours`` and ``theirs`` are the two ids.
    """

    kind: str
    code: str
    about: str
    amount: int
    currency: str
    sentence: str
    ours: str = ""
    theirs: str = ""


@dataclass(frozen=True, slots=True)
class Sight:
    """All that is known of one row: as Stripe shows it now, as it was kept, its entry (and its number), and whether an
    exception for it is open."""

    shown: BalanceChange | None
    kept: BalanceChange | None
    entry: Entry | None
    number: int = 0
    excepted: bool = False


def row_breaks(sight: Sight, book: Book) -> Iterator[Break]:
    """What is wrong with one row, if anything."""
    shown, kept = sight.shown, sight.kept
    if shown is None:
        if kept is not None:
            yield _unknown_to_stripe(kept, sight)
        return
    if kept is None:
        words = f"Stripe has {shown.id} ({shown.category}, {_money(shown)}), and Tieout does not. It is read again."
        yield Break(MISSING, "row", shown.id, shown.net, shown.currency, words, theirs=shown.id)
        return
    yield from _row_drift(shown, kept)
    yield from _posting(shown, sight, book)


def _unknown_to_stripe(kept: BalanceChange, sight: Sight) -> Break:
    ours = f"entry {sight.number}" if sight.entry else kept.id
    words = f"{ours} stands for {kept.id} ({_money(kept)}), but Stripe does not list that row. Ask Stripe; then reverse the entry."
    return Break(UNEXPECTED, "posting", kept.id, -kept.net, kept.currency, words, ours=ours)


def _row_drift(shown: BalanceChange, kept: BalanceChange) -> Iterator[Break]:
    if shown.currency != kept.currency:
        yield _drift("currency", shown, kept, f"is in {shown.currency.upper()} and was in {kept.currency.upper()}")
    elif (shown.amount, shown.fee, shown.net) != (kept.amount, kept.fee, kept.net):
        turned = shown.net == -kept.net and shown.net
        yield _drift("sign" if turned else "amount", shown, kept, f"is {_money(shown)} net and was {_money(kept)}")


def _drift(code: str, shown: BalanceChange, kept: BalanceChange, how: str) -> Break:
    words = f"Stripe's row {shown.id} {how} when it was kept. Look it up in Stripe, then correct it with an entry."
    apart = shown.net - (kept.net if kept.currency == shown.currency else 0)
    return Break(DRIFT, f"row.{code}", shown.id, apart, shown.currency, words, ours=kept.id, theirs=shown.id)


def _posting(shown: BalanceChange, sight: Sight, book: Book) -> Iterator[Break]:
    entry = sight.entry
    if entry is None:
        if not sight.excepted:
            words = f"{shown.id} ({shown.category}, {_money(shown)}) has no posting and no open exception. It is posted again."
            yield Break(MISSING, "posting", shown.id, shown.net, shown.currency, words, theirs=shown.id)
        return
    ours = f"entry {sight.number}"
    if entry.currency != shown.currency:
        words = f"{ours} is in {entry.currency.upper()}, but {shown.id} in {shown.currency.upper()}."
        yield Break(DRIFT, "posting.currency", shown.id, shown.net, shown.currency, words, ours, shown.id)
    elif shown.balance_type == PAYMENTS and entry.cleared != shown.net:
        turned = entry.cleared == -shown.net
        words = f"{ours} moves clearing by {Money(entry.currency, entry.cleared)}, but {shown.id} by {_money(shown)}."
        code = "posting.sign" if turned else "posting.amount"
        yield Break(DRIFT, code, shown.id, shown.net - entry.cleared, shown.currency, words, ours, shown.id)
    else:
        yield from _derived(shown, entry, ours, book)


def _derived(shown: BalanceChange, entry: Entry, ours: str, book: Book) -> Iterator[Break]:
    """The entry, made again from the row, must be the one that stands: accounts, fees and values in the ledger's currency."""
    made = again(shown, entry, book)
    if not isinstance(made, Posted):
        return
    strange = [name for name, rate in rates_on(entry).items() if not book.rates.knows(name, rate)]
    if made.entry.legs == entry.legs and not strange:
        return
    amounts, posted = _sums(made.entry, 0), _sums(entry, 0)
    if strange or (amounts == posted and _sums(made.entry, 1) != _sums(entry, 1)):
        code, what = "posting.fx", "its value in the ledger's currency"
    elif amounts != posted:
        code, what = "posting.account", "the accounts it moves"
    else:
        return
    wanted, stands = _sums(made.entry, 1), _sums(entry, 1)
    apart = max((abs(wanted.get(name, 0) - stands.get(name, 0)) for name in {*wanted, *stands}), default=0)
    words = f"{ours} for {shown.id} differs in {what} by {Money(entry.ledger_currency, apart)} from what the row says."
    yield Break(DRIFT, code, shown.id, apart, entry.ledger_currency, words, ours, shown.id)


def _sums(entry: Entry, column: int) -> dict[str, int]:
    found: dict[str, int] = {}
    for line in entry.lines():
        found[line.account] = found.get(line.account, 0) + (line.value if column else line.amount)
    return {name: total for name, total in found.items() if total}


def _money(change: BalanceChange) -> str:
    return str(Money(change.currency, change.net))
