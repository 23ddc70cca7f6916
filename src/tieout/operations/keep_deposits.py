"""Keeps which bank lines paid which payouts, and posts each: the money is in the bank, no longer in transit (C2 #23, #25)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tieout.domain.audit.act import PROGRAM, Act, Actor
from tieout.domain.ledger.entry import Entry
from tieout.kernel import crash
from tieout.operations.record_act import record_act
from tieout.store import bank, exceptions, journal, payouts
from tieout.store.database import Database
from tieout.store.payouts import BY_PERSON, DepositRow

crash.register("bank.before_match")


def keep_deposits(
    books: Database,
    connection: str,
    found: Sequence[DepositRow],
    entries: Sequence[Entry],
    before: Mapping[str, frozenset[str]],
    actor: str,
    who: Actor = PROGRAM,
) -> bool:
    """Keep matches and their entries, in one transaction; nothing when one of their lines was taken meanwhile.

    ``before`` has the lines that each payout was matched with when it was looked at: nothing is kept when they are others by
    now, or when a person has taken one of these lines back meanwhile. Two processes, two Stripe accounts with one bank, or a
    person may want the same line, or the same payout, at once. Answers whether it was kept.
    """
    at = max(one.at for one in found)
    with books.transaction() as db:
        if bank.taken(db, [one.line for one in found]):
            return False
        for payout, lines in before.items():
            if {one.line for one in payouts.deposits_of(db, connection, payout)} != lines:
                return False
        if any(one.how != BY_PERSON and bank.times_taken_back(db, one.line) for one in found):
            return False
        if journal.sources(db, connection, [one.source for one in entries]):
            return False
        for one in found:
            payouts.put_deposit(db, one)
            payouts.look_again(db, connection, one.payout)
        journal.add(db, connection, entries, actor, at)
        for one in found if who != PROGRAM else ():
            record_act(db, who, _matched(one, entries), at)
        exceptions.close_waiting(db, connection, [one.source for one in entries], at)
        crash.crash_point("bank.before_match")
    return True


def _matched(one: DepositRow, entries: Sequence[Entry]) -> Act:
    after = {"payout": one.payout, "amount": one.amount, "how": one.how}
    return Act("bank.match", one.line, {"payout": ""}, after, next((entry.memo for entry in entries), ""))
