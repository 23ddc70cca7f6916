"""A person takes back what a line of the bank was matched with: the entry is reversed, and no matcher takes the line again."""

from __future__ import annotations

import sqlalchemy as sa

from tieout.domain.audit.act import Act
from tieout.domain.ledger.entry import reversal
from tieout.domain.ledger.period import Refused, day_of
from tieout.domain.ledger.standing import correcting
from tieout.domain.reconciliation.deposit import bank_source
from tieout.kernel.failures import Failed, Fix
from tieout.operations.decision import Decision, check_approver, check_words
from tieout.operations.record_act import record_act
from tieout.store import bank, journal, ledgers, payouts
from tieout.store.database import Database
from tieout.store.payouts import RESOLVED, DepositRow


def take_back_match(books: Database, line: str, decision: Decision) -> tuple[str, ...]:
    """Reverse the entry, and what was settled by hand beside it, and free the payouts; answers them. Two people must agree.

    Failed(Fix) when the line is matched with nothing, or no period is open for the reversal; then nothing is changed.
    """
    check_words(decision)
    check_approver(decision)
    with books.transaction() as db:
        matched = [one for one in payouts.deposits_of(db) if one.line == line]
        if not matched:
            raise Failed(Fix("bank.free", "That line is matched with no payout.", field="LINE", value=line))
        _reverse(db, matched[0].connection, bank_source(line, bank.times_taken_back(db, line)), decision)
        payouts.drop_deposits(db, line)
        bank.take_back(db, line)
        for one in matched:
            _take_back_settled(db, one, decision)
            payouts.look_again(db, one.connection, one.payout)
        was = {"payouts": sorted(one.payout for one in matched)}
        record_act(db, decision.who, Act("bank.unmatch", line, was, {"payouts": []}, decision.reason), decision.at)
    return tuple(sorted(one.payout for one in matched))


def _take_back_settled(db: sa.Connection, freed: DepositRow, decision: Decision) -> None:
    """What a person settled was the difference to the line that is gone."""
    for one in payouts.deposits_of(db, freed.connection, freed.payout):
        if one.how == RESOLVED:
            _reverse(db, one.connection, one.line, decision)
            payouts.drop_deposits(db, one.line)


def _reverse(db: sa.Connection, connection: str, source: str, decision: Decision) -> None:
    book = ledgers.book(db, connection)
    (posted,) = journal.by_source(db, connection, [source])
    today = day_of(int(decision.at), book.zone)
    found = correcting(
        book.calendar, posted.entry.booked, today, book.policy.closed_period, ledgers.approved_periods(db, connection)
    )
    if isinstance(found, Refused):
        raise Failed(
            Fix("bank.period", f"The match cannot be taken back now: {found.sentence}", field="day", value=today)
        )
    why = f"{decision.reason.strip()} (approved by {decision.approver.strip()})"
    journal.add(db, connection, [reversal(posted.entry, 1, found[1], why)], decision.actor.strip(), decision.at)
