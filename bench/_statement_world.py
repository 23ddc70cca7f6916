"""A pretend Stripe account of any size: rows made from a seed when they are asked for, so that a million need no memory.

Rows come in groups: one for each day and currency, paid out at the end of the day. The last day is not paid out yet.
P21's receipts and credit memos of the same rows, and the bank's lines, come from the same place.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache, lru_cache

from bench._planted import NOTHING, Planted
from tieout.connectors.p21._face import DocumentRecord
from tieout.connectors.stripe.balance import Page
from tieout.domain.ledger.balance_change import BalanceChange, FeePart, Origin
from tieout.domain.reconciliation.bank_leg import BankLine
from tieout.domain.reconciliation.statement import Payout
from tieout.kernel.money import Money

CURRENCIES = ("usd", "eur", "jpy")
DAY_SECONDS = 86_400
BEGAN = 1_793_534_400  # 2026-11-01 12:00 UTC, in the morning of the same day in New York
SPAN_SECONDS = 36_000
PAGE = 100
RECEIPT, MEMO = "cash_receipt", "credit_memo"
OF_RECEIPT = ("charge", "partial_capture_reversal", "charge_failure")
KINDS = ("charge",) * 80 + (
    "refund", "refund", "refund", "refund", "partial_capture_reversal", "charge_failure", "dispute", "dispute_reversal",
    "fee", "fee", "tax", "network_cost", "risk_reserved_funds", "refund_failure", "topup", "transfer", "contribution",
    "payout_minimum_balance_hold", "fee_credit_funding", "platform_earning",
)  # fmt: skip


def day_name(moment: int) -> str:
    """The day of a moment in which nothing happens near midnight, YYYY-MM-DD."""
    return datetime.fromtimestamp(moment, UTC).date().isoformat()


@dataclass(slots=True)
class StatementWorld:
    """Stripe as ``tieout.connectors.stripe.client.Stripe`` shows it, P21 by its documents, and the bank.

    ``planted`` is what is wrong from the beginning, ``settled`` tells the phase: rows that turn up late do so when it is
    set, and so does what Stripe shows otherwise than before.
    """

    seed: int
    rows: int
    payouts_count: int = 60
    planted: Planted = NOTHING
    settled: bool = False
    _read: tuple[tuple[int, int, bool], list[BalanceChange]] | None = field(default=None, init=False)

    @property
    def days(self) -> int:
        """How many days have rows; the last is not paid out."""
        return -(-self.payouts_count // len(CURRENCIES)) + 1

    @property
    def ends(self) -> int:
        """A moment after everything, when the bank has all payouts (epoch seconds)."""
        return BEGAN + (self.days + 5) * DAY_SECONDS

    @property
    def group_rows(self) -> int:
        """How many rows one group has."""
        return max(1, self.rows // (self.days * len(CURRENCIES)))

    # What Stripe shows.

    def balance_began(self) -> int:
        """When the oldest row was created."""
        return min([BEGAN, *(one.created for one in self.planted.closed)])

    def balance_page(self, since: int, until: int, after: str = "") -> Page:
        """Rows created in a time, newest first; a row at the end of a page stands on the next one too, as it may happen."""
        found = self._between(since, until)
        start = next(place for place, one in enumerate(found) if one.id == after) if after else 0
        page = found[start : start + PAGE]
        return Page(tuple(page), page[-1].id if len(page) == PAGE and start + PAGE < len(found) else "")

    def payout_page(self, payout: str, after: str = "") -> Page:
        """The rows of a payout, its own first."""
        number = number_of(payout)
        found = [self._own_row(number), *reversed(self._in_payout(number))]
        start = int(after) if after else 0
        page = found[start : start + PAGE]
        return Page(tuple(page), str(start + PAGE) if start + PAGE < len(found) else "")

    def payout(self, payout: str) -> Payout:
        """One payout, paid and complete."""
        number = number_of(payout)
        own = self._own_row(number)
        return Payout(
            payout, -own.amount, own.currency, "paid", True, own.created, day_name(own.created + 2 * DAY_SECONDS),
            complete=True, own_row=own.id, trace=f"TRACE{number:06d}",
        )  # fmt: skip

    def payouts(self, since: int, until: int) -> Iterator[Payout]:
        """The payouts created in a time."""
        found = (self.payout(payout_id(number)) for number in range(self.payouts_count))
        return (one for one in found if since <= one.created < until)

    def balance(self) -> Mapping[str, tuple[int, int]]:
        """What the balance stands at: what is not paid out."""
        stands = dict.fromkeys(CURRENCIES, 0)
        for number in range(self.payouts_count, self.days * len(CURRENCIES)):
            stands[currency_of(number)] += sum(one.net for one in self.group(number))
        for payout, short in self.planted.short.items():
            stands[currency_of(number_of(payout))] += short
        for late in self.planted.closed:
            stands[late.currency] += late.net
        return {currency: (0, pending) for currency, pending in stands.items()}

    def balance_change(self, change: str) -> BalanceChange:
        """One row."""
        number = number_of(change)
        return next(one for one in [*self.group(number), self._own_row(number)] if one.id == change)

    # What P21 and the bank have.

    def documents(self, entity: str, keys: Sequence[str]) -> Mapping[str, DocumentRecord]:
        """The documents under these numbers: as they were written, but for what is planted."""
        return {key: self._document(entity, key) for key in keys}

    def links(self, number: int) -> Iterator[tuple[str, str, str]]:
        """The documents of a group: entity, the Stripe id it stands for, and its number in P21."""
        for payment in sorted({one.origin.payment for one in self.group(number) if one.category in OF_RECEIPT}):
            yield RECEIPT, payment, f"R{payment}"
        yield from ((MEMO, one.source, f"M{one.id}") for one in self.group(number) if one.category == "refund")

    def statement(self) -> list[BankLine]:
        """What the bank booked; every fifth line without the trace."""
        return [self._bank_line(self.payout(payout_id(number))) for number in range(self.payouts_count)]

    def group(self, number: int) -> tuple[BalanceChange, ...]:
        """The rows of one group as they truly are, oldest first."""
        found = _group(self.seed, number, self.group_rows)
        unknown = self.planted.unknown
        if any(number_of(one) == number for one in unknown):
            found = tuple(
                replace(one, category="quantum", type="quantum") if one.id in unknown else one for one in found
            )
        return found

    def _own_row(self, number: int) -> BalanceChange:
        short = self.planted.short.get(payout_id(number), 0)
        amount = _net(self.seed, number, self.group_rows) - short
        moment = BEGAN + number // len(CURRENCIES) * DAY_SECONDS + SPAN_SECONDS
        return BalanceChange(
            f"txn_{number:05d}_payout", "payout", "payout", -amount, 0, -amount, currency_of(number), moment, moment,
            payout_id(number), origin=Origin("payout", payout=payout_id(number)),
        )  # fmt: skip

    def _in_payout(self, number: int) -> list[BalanceChange]:
        own = [self.planted.altered.get(one.id, one) if self.settled else one for one in self.group(number)]
        return own + [twin for twin in self.planted.twins if number_of(twin.id) == number]

    def _listed(self, number: int) -> list[BalanceChange]:
        """A group and its payout as the list of the balance shows them now."""
        found = self._in_payout(number)
        if not self.settled:
            found = [one for one in found if one.id not in self.planted.late]
            found += [stray for stray in self.planted.strays if number_of(stray.id) == number]
        return [*found, self._own_row(number)] if number < self.payouts_count else found

    def _between(self, since: int, until: int) -> list[BalanceChange]:
        key = (since, until, self.settled)
        if self._read is None or self._read[0] != key:
            first, last = (max(0, (moment - BEGAN) // DAY_SECONDS) for moment in (since, until - 1))
            count = len(CURRENCIES)
            listed = [
                one for number in range(first * count, min(last + 1, self.days) * count) for one in self._listed(number)
            ] + list(self.planted.closed)
            found = [one for one in listed if since <= one.created < until]
            self._read = key, sorted(found, key=lambda one: (one.created, one.id), reverse=True)
        return self._read[1]

    def _document(self, entity: str, key: str) -> DocumentRecord:
        subject = key[1:]
        number = number_of(subject)
        if entity == RECEIPT:
            amounts = _receipts(self.seed, number, self.group_rows)
            currency, amount = amounts[subject]
        else:
            row = next(one for one in self.group(number) if one.id == subject)
            currency, amount = row.origin.currency, row.origin.amount
        shown = Money(currency, amount).decimal() + self.planted.edited.get(subject, Decimal(0))
        return DocumentRecord(entity, key, key, shown, currency, subject in self.planted.voided)

    def _bank_line(self, payout: Payout) -> BankLine:
        number = number_of(payout.id)
        amount = payout.amount - self.planted.bank_short.get(payout.id, 0)
        known = number % 5 or payout.id in self.planted.bank_short
        trace = payout.trace if known else ""
        return BankLine(
            f"line_{number:05d}",
            f"{payout.currency} account",
            payout.arrival_day,
            amount,
            payout.currency,
            trace,
            "STRIPE",
        )


def number_of(name: str) -> int:
    """The group of a row, payment or payout."""
    return int(name.split("_")[1])


def currency_of(number: int) -> str:
    """The currency of a group."""
    return CURRENCIES[number % len(CURRENCIES)]


def payout_id(number: int) -> str:
    """The payout of a group."""
    return f"po_{number:05d}"


@lru_cache(maxsize=2 * len(CURRENCIES))
def _group(seed: int, number: int, count: int) -> tuple[BalanceChange, ...]:
    luck = random.Random(f"{seed}:{number}")
    made: list[BalanceChange] = []
    for place in range(count):
        made.append(_row(luck, made, number, place, count))
    return tuple(made)


@cache
def _net(seed: int, number: int, count: int) -> int:
    """What a group comes to."""
    return sum(one.net for one in _group(seed, number, count))


@lru_cache(maxsize=2 * len(CURRENCIES))
def _receipts(seed: int, number: int, count: int) -> dict[str, tuple[str, int]]:
    """What the customers of a group paid, by payment: currency and minor units."""
    found: dict[str, tuple[str, int]] = {}
    for one in _group(seed, number, count):
        if one.category in OF_RECEIPT:
            _, known = found.get(one.origin.payment, ("", 0))
            found[one.origin.payment] = (
                one.origin.currency,
                known + (1 if one.amount >= 0 else -1) * one.origin.amount,
            )
    return found


def _row(luck: random.Random, made: list[BalanceChange], number: int, place: int, count: int) -> BalanceChange:
    category, currency = KINDS[luck.randrange(100)], currency_of(number)
    moment = BEGAN + number // len(CURRENCIES) * DAY_SECONDS + place * SPAN_SECONDS // count
    name = f"{number:05d}_{place:05d}"
    size = luck.randrange(500, 500_000)
    payment, seen, worth = f"pi_{name}", currency, size
    amount, fee = size, 0
    if category == "charge":
        if currency != "jpy" and not luck.randrange(8):
            seen, worth = "gbp", size * 8 // 10 + luck.randrange(50)
        fee = size * 29 // 1000 + 30
    elif category in ("partial_capture_reversal", "charge_failure", "refund"):
        before = luck.choice(made) if made else None
        if before is None or before.category != "charge":
            category, amount = "fee", -size // 100
        else:
            # No more than was paid, whole or in part; a customer of another currency gets the same share of it.
            share = luck.randrange(1, 5)
            amount, worth = -(before.amount // (4 * share)), before.origin.amount // (4 * share)
            seen = before.origin.currency
            fee = -(before.fee // 8) if category == "refund" and not luck.randrange(3) else 0
            payment = before.origin.payment
    elif category in ("dispute", "dispute_reversal"):
        amount, fee = (-size, 1500) if category == "dispute" else (size, -1500)
    elif category in ("fee", "tax", "network_cost", "contribution", "transfer"):
        amount = -(size // 100)
    elif category in ("risk_reserved_funds", "payout_minimum_balance_hold"):
        amount = 0 if not luck.randrange(4) else luck.choice((-size // 50, size // 50))
    fees = (FeePart("stripe_fee", fee - fee // 6), FeePart("tax", fee // 6)) if fee else ()
    return BalanceChange(
        f"txn_{name}", category, category, amount, fee, amount - fee, currency, moment, moment + 2 * DAY_SECONDS,
        f"src_{name}", fees=fees, origin=Origin(category, worth, seen, moment, payment=payment),
    )  # fmt: skip
