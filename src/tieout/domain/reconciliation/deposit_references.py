"""The bank leg by reference: a trace id or a payout id that the bank repeats (accounting C3, I5; Stripe B9)."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from tieout.domain.reconciliation.bank_leg import BankLine, ExpectedDeposit, Way
from tieout.domain.reconciliation.deposit_pool import Lines, Pair, Payouts, Pool

TRACE_IN_TEXT_CHARS_MIN = 6  # shorter ones stand in a bank's words by chance


def settle_references(pool: Pool) -> None:
    """What carries one reference belongs together: equal amounts first, then the sum; a difference is a break."""
    wanted = _References(pool.payouts.values())
    named = {line.id: wanted.of(line) for line in pool.lines.values()}
    for payouts, lines, by in _families(pool, named):
        payouts, lines = _equal_amounts(pool, payouts, lines, by)
        if not payouts or not lines:
            continue
        same = {each.currency for each in payouts} == {line.currency for line in lines}
        if len(payouts) > 1 and len(lines) > 1:
            pool.hold((payouts, lines))
        elif same and sum(each.amount for each in payouts) == sum(line.amount for line in lines):
            pool.match((payouts, lines), by)
        else:
            pool.split((payouts, lines))


class _References:
    """Which payouts a line names: by its trace field, else by a payout id or a trace among its words."""

    def __init__(self, payouts: Iterable[ExpectedDeposit]) -> None:
        self._traces: dict[str, list[ExpectedDeposit]] = defaultdict(list)
        self._words: dict[str, list[ExpectedDeposit]] = defaultdict(list)
        for each in payouts:
            trace = _trace_key(each.trace)
            if trace:
                self._traces[trace].append(each)
            if len(trace) >= TRACE_IN_TEXT_CHARS_MIN:
                self._words[trace].append(each)
            self._words[each.payout.casefold()].append(each)

    def of(self, line: BankLine) -> tuple[list[ExpectedDeposit], Way]:
        by_trace = _same_sign(self._traces.get(_trace_key(line.trace), ()), line)
        if by_trace:
            return by_trace, "trace"
        words = {each.lstrip("0") for each in re.findall(r"[0-9a-z_]+", f"{line.trace} {line.descriptor}".casefold())}
        found = {each.payout: each for word in words for each in self._words.get(word, ())}
        return _same_sign(found.values(), line), "named"


def _trace_key(trace: str) -> str:
    return re.sub(r"[^0-9a-z]", "", trace.casefold()).lstrip("0")


def _same_sign(payouts: Iterable[ExpectedDeposit], line: BankLine) -> list[ExpectedDeposit]:
    """Money that comes back carries the trace of the payout too, and is none of its deposit."""
    return [each for each in payouts if (each.amount < 0) == (line.amount < 0)]


def _families(pool: Pool, named: dict[str, tuple[list[ExpectedDeposit], Way]]) -> Iterator[tuple[Payouts, Lines, Way]]:
    """The payouts and lines that references tie together, each family once."""
    lines_of: dict[str, list[str]] = defaultdict(list)
    for name, (payouts, _) in named.items():
        for each in payouts:
            lines_of[each.payout].append(name)
    seen: set[str] = set()
    for start in lines_of:
        if start not in seen:
            members, ids = _reached(start, lines_of, named)
            seen |= members
            by: Way = "trace" if all(named[name][1] == "trace" for name in ids) else "named"
            yield tuple(pool.payouts[p] for p in sorted(members)), tuple(pool.lines[n] for n in sorted(ids)), by


def _reached(
    start: str, lines_of: dict[str, list[str]], named: dict[str, tuple[list[ExpectedDeposit], Way]]
) -> tuple[set[str], set[str]]:
    payouts, ids, ahead = {start}, set[str](), [start]
    while ahead:
        for name in lines_of[ahead.pop()]:
            if name not in ids:
                ids.add(name)
                new = {each.payout for each in named[name][0]} - payouts
                payouts |= new
                ahead += new
    return payouts, ids


def _equal_amounts(pool: Pool, payouts: Payouts, lines: Lines, by: Way) -> Pair:
    """Match those of a family whose amount is on either side once; what is left of it."""
    sent = Counter((each.currency, each.amount) for each in payouts)
    booked = Counter((line.currency, line.amount) for line in lines)
    once = {key for key in sent if sent[key] == booked[key] == 1}
    by_amount = {(line.currency, line.amount): line for line in lines}
    for each in payouts:
        if (each.currency, each.amount) in once:
            pool.match(((each,), (by_amount[each.currency, each.amount],)), by)
    return (
        tuple(each for each in payouts if (each.currency, each.amount) not in once),
        tuple(line for line in lines if (line.currency, line.amount) not in once),
    )
