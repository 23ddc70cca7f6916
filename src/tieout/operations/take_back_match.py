"""A person takes back what a line of the bank was matched with: the entry is reversed, and no matcher takes the line again."""

from __future__ import annotations

import sqlalchemy as sa

from tieout.domain.ledger.entry import reversal
from tieout.domain.ledger.period import Refused, day_of
from tieout.domain.reconciliation.deposit import bank_source
from tieout.kernel.failures import Failed, Fix
from tieout.operations.decision import Decision, check_approver, check_words
from tieout.store import bank, journal, ledgers, payouts
from tieout.store.database import Database
from tieout.store.payouts import DepositRow


def take_back_match(books: Database, line: str, decision: Decision) -> tuple[str, ...]:
    """Reverse the entry and free the payouts; answers them. A second person must approve.

    Failed(Fix) when the line is matched with nothing, or no period is open for the reversal; then nothing is changed.
    """
    check_words(decision)
    check_approver(decision)
    with books.transaction() as db:
        matched = [one for one in payouts.deposits_of(db) if one.line == line]
        if not matched:
            raise Failed(Fix("bank.free", "That line is matched with no payout.", field="LINE", value=line))
        _reverse(db, line, matched[0], decision)
        payouts.drop_deposits(db, line)
        bank.take_back(db, line)
        for one in matched:
            payouts.look_again(db, one.connection, one.payout)
    return tuple(sorted(one.payout for one in matched))


def _reverse(db: sa.Connection, line: str, matched: DepositRow, decision: Decision) -> None:
    connection, source = matched.connection, bank_source(line, bank.times_taken_back(db, line))
    book = ledgers.book(db, connection)
    day = day_of(int(decision.at), book.zone)
    booked = book.calendar.booked(day, book.policy.closed_period)
    if isinstance(booked, Refused):
        raise Failed(
            Fix("bank.period", f"The match cannot be taken back now: {booked.sentence}", field="day", value=day)
        )
    (posted,) = journal.by_source(db, connection, [source])
    why = f"{decision.reason.strip()} (approved by {decision.approver.strip()})"
    journal.add(db, connection, [reversal(posted.entry, 1, booked.day, why)], decision.actor.strip(), decision.at)
