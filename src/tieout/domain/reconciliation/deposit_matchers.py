"""The bank leg without a reference: amount and day, Stripe's descriptor, exact sums (accounting C3, I5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from functools import cache
from itertools import combinations, islice
from typing import TypeVar

from tieout.domain.reconciliation.bank_days import bank_day
from tieout.domain.reconciliation.bank_leg import BankLine, ExpectedDeposit
from tieout.domain.reconciliation.deposit_pool import Pair, Place, Pool, place

BANK_DAYS_MAX = 3
DESCRIBED_BANK_DAYS_MAX = 10  # after ten business days Stripe says to ask the bank
PARTS_MAX = 8  # of one day; more are only tried as a whole, because sums of many coincide by chance
ENOUGH_TO_CONTEST = 2
STRIPES_OWN_NAME = "stripe"

One = TypeVar("One", ExpectedDeposit, BankLine)
Key = TypeVar("Key", bound=Hashable)
Spot = tuple[str | int, ...]  # what the members of a group share; its bank day comes last


def by_day(pool: Pool) -> bool:
    """Amount and currency equal, at most three bank days apart, and neither side has another choice."""
    return pool.take_alone(_near(pool, BANK_DAYS_MAX, lambda each: ""), "day")


def by_descriptor(pool: Pool) -> bool:
    """Amount equal and the bank's words say Stripe's, up to ten bank days apart."""
    return pool.take_alone(_near(pool, DESCRIBED_BANK_DAYS_MAX, _words), "descriptor")


def _near(pool: Pool, days: int, words_of: Callable[[ExpectedDeposit], str]) -> Iterator[Pair]:
    """Each payout with the lines of its amount near its day that say its words: as many as show that there are several."""
    at = _grouped(pool.lines.values(), place)

    @cache
    def fitting(spot: Place, words: str) -> list[BankLine]:
        return list(islice((line for line in at[spot] if words in _plain(line.descriptor)), ENOUGH_TO_CONTEST))

    for each in pool.payouts.values():
        arrival, words = bank_day(each.arrival_day), words_of(each)
        for day in range(arrival - days, arrival + days + 1):
            spot = each.currency, each.amount, day
            if spot in at:
                yield from (((each,), (line,)) for line in fitting(spot, words))


def _says(each: ExpectedDeposit, line: BankLine) -> bool:
    return _words(each) in _plain(line.descriptor)


def _words(each: ExpectedDeposit) -> str:
    return _plain(each.descriptor) or STRIPES_OWN_NAME


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def one_line_for_many(pool: Pool) -> bool:
    """One line that says Stripe's is the exact sum of several payouts of one day."""
    by_place = _sums(
        _grouped(pool.payouts.values(), lambda each: (each.sender, each.currency, bank_day(each.arrival_day)))
    )
    senders = {each.sender for each in pool.payouts.values()}
    pairs = (
        (payouts, (line,))
        for line in pool.lines.values()
        for sender in sorted(senders)
        for payouts in _summing(by_place, (sender, line.currency), bank_day(line.day), line.amount)
        if all(_says(each, line) for each in payouts)
    )
    return pool.take_alone(list(pairs), "sum")


def many_lines_for_one(pool: Pool) -> bool:
    """Several lines of one account and day, all in one direction and all saying Stripe's, sum to one payout exactly."""
    pairs: list[Pair] = []
    for payouts in _grouped(pool.payouts.values(), lambda each: each.descriptor).values():
        saying = [line for line in pool.lines.values() if _says(payouts[0], line)]
        by_place = _sums(
            _grouped(saying, lambda line: (line.account, line.currency, line.amount < 0, bank_day(line.day)))
        )
        accounts = {line.account for line in saying}
        for each in payouts:
            day, side = bank_day(each.arrival_day), (each.currency, each.amount < 0)
            pairs += (
                ((each,), lines)
                for account in accounts
                for lines in _summing(by_place, (account, *side), day, each.amount)
            )
    return pool.take_alone(pairs, "sum")


MATCHERS = (by_day, by_descriptor, one_line_for_many, many_lines_for_one)


def _grouped(many: Iterable[One], key: Callable[[One], Key]) -> dict[Key, list[One]]:
    groups: dict[Key, list[One]] = defaultdict(list)
    for one in many:
        groups[key(one)].append(one)
    return groups


def _sums(groups: Mapping[Spot, list[One]]) -> dict[Spot, dict[int, list[tuple[One, ...]]]]:
    """Each group's sums of two and more, each with the ways to make it: as many as show that there are several."""
    return {spot: _ways_to_sum([one for one in group if one.amount]) for spot, group in groups.items()}


def _ways_to_sum(group: list[One]) -> dict[int, list[tuple[One, ...]]]:
    sizes = range(2, len(group) + 1) if len(group) <= PARTS_MAX else [len(group)]
    ways: dict[int, list[tuple[One, ...]]] = defaultdict(list)
    for parts in (parts for size in sizes for parts in combinations(group, size)):
        known = ways[sum(one.amount for one in parts)]
        if len(known) < ENOUGH_TO_CONTEST:
            known.append(parts)
    return ways


def _summing(
    by_spot: Mapping[Spot, dict[int, list[tuple[One, ...]]]], spot: Spot, day: int, amount: int
) -> Iterator[tuple[One, ...]]:
    """The groups near ``day`` that sum to ``amount``; none for an amount of nothing."""
    for near in range(day - BANK_DAYS_MAX, day + BANK_DAYS_MAX + 1):
        if amount and (ways := by_spot.get((*spot, near))):
            yield from ways.get(amount, ())
