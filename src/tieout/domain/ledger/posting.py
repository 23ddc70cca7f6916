"""From a row of Stripe's balance to its entry, or to the reason why there is none yet (accounting C2, C3 I1 and I7)."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field, replace
from decimal import Decimal
from zoneinfo import ZoneInfo

from tieout.domain.ledger.account import SUSPENSE
from tieout.domain.ledger.balance_change import BalanceChange, unsound
from tieout.domain.ledger.entry import Entry
from tieout.domain.ledger.period import Calendar, Refused, day_of, late_words
from tieout.domain.ledger.policy import Policy
from tieout.domain.ledger.rules import Terms, booked_legs, rule_for
from tieout.domain.ledger.valuing import NoRate, Rates
from tieout.kernel.money import CURRENCIES, Money

RATE = "rate_"


@dataclass(frozen=True, slots=True)
class Book:
    """What a row is posted by: the ledger's policy, its rates and its calendar."""

    policy: Policy
    rates: Rates
    calendar: Calendar
    zone: ZoneInfo = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "zone", self.policy.zone())

    def begun(self, moment: int) -> bool:
        """Whether the ledger had begun at a moment (epoch seconds); what was before is in the opening balance."""
        return day_of(moment, self.zone) >= self.policy.starts

    def as_for(self, entry: Entry | None) -> Book:
        """The same book with the rates an entry was made with, whatever rates were entered since."""
        return self if entry is None else replace(self, rates=replace(self.rates, fixed=rates_on(entry)))


@dataclass(frozen=True, slots=True)
class Open:
    """An open exception: its code, and a sentence that says what happened and what to do."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Posted:
    """The entry of a row; ``open`` is set when it went into suspense and a person must name it."""

    entry: Entry
    open: Open | None = None


def post(change: BalanceChange, book: Book) -> Posted | Open:
    """The entry of one row, the same whenever and in whatever order it is posted."""
    if words := _unpostable(change):
        return Open("row.unsound", f"Stripe's row {change.id} does not add up: {words}. Ask Stripe; it is not posted.")
    day = day_of(change.available_on if book.policy.dated_by == "available_on" else change.created, book.zone)
    booked = book.calendar.booked(day, book.policy.closed_period)
    if isinstance(booked, Refused):
        return Open(booked.code, f"{Money(change.currency, change.net)} of {change.id}: {booked.sentence}")
    origin_day = day_of(change.origin.created, book.zone) if change.origin.created else day
    try:
        legs = booked_legs(change, Terms(book.policy, book.rates, day, origin_day))
    except NoRate as missing:
        return Open("rate.missing", f"{change.id} cannot be valued: {missing}. Enter the rate, then post again.")
    entry = Entry(
        source=change.id,
        kind=rule_for(change).name,
        day=day,
        booked=booked.day,
        currency=change.currency,
        ledger_currency=book.policy.ledger_currency,
        legs=legs,
        subject=change.origin.payment or change.source,
        memo=_memo(change, day, booked.day),
        labels=_labels(change) + _rates(change, book, day, origin_day),
    )
    return Posted(entry, _unnamed(change, entry))


def _unpostable(change: BalanceChange) -> str:
    if change.currency not in CURRENCIES:
        return f"{change.currency!r} is no currency that is known here"
    return unsound(change)


def _unnamed(change: BalanceChange, entry: Entry) -> Open | None:
    amount = entry.moved(SUSPENSE)
    if not any(line.account == SUSPENSE for line in entry.lines()) and not rule_for(change).suspense:
        return None
    what = f"category {change.category or '(none)'}, type {change.type or '(none)'}"
    fees = ", ".join(part.kind for part in change.fees)
    return Open(
        "row.unknown",
        f"{Money(change.currency, -amount)} went into suspense: nobody has said what {what}"
        f"{f' with fees {fees}' if fees else ''} is. Look it up in Stripe, then move it to the right account.",
    )


def _memo(change: BalanceChange, day: str, booked: str) -> str:
    return f"{rule_for(change).title} {change.source or change.id}{late_words(day, booked)}"


def again(change: BalanceChange, entry: Entry, book: Book) -> Posted | Open:
    """The entry of a row as it was made: by the rates that stand on it, whatever rates were entered since (C5)."""
    return post(change, book.as_for(entry))


def rates_on(entry: Entry) -> dict[str, Decimal]:
    """The rates an entry was made with, by currency."""
    return {name.removeprefix(RATE): Decimal(value) for name, value in entry.labels if name.startswith(RATE)}


def _rates(change: BalanceChange, book: Book, day: str, origin_day: str) -> tuple[tuple[str, str], ...]:
    """The rates that were used, so that the entry can be made again: one known later changes nothing."""
    used = {change.origin.currency: origin_day, change.currency: day}
    found = []
    for currency, on in sorted(used.items()):
        if currency not in ("", book.policy.ledger_currency):
            with suppress(NoRate):
                found.append((f"{RATE}{currency}", str(book.rates.rate(currency, on))))
    return tuple(found)


def _labels(change: BalanceChange) -> tuple[tuple[str, str], ...]:
    origin = change.origin
    found = {
        "category": change.category,
        "type": change.type,
        "branch": origin.branch,
        "location": origin.location,
        "product": origin.product,
    }
    return tuple((name, value) for name, value in found.items() if value)
