"""A person ends an open exception: by a new entry, by a reason, or by posting a row elsewhere; never by an edit (C2 #49; M9)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

import sqlalchemy as sa

from tieout.domain.audit.act import Act
from tieout.domain.ledger.account import ACCOUNTS, CLEARING, OPENING, ROUNDING, SUSPENSE, TRANSIT
from tieout.domain.ledger.entry import Entry, Leg, Line, reversal
from tieout.domain.ledger.period import Refused, day_of
from tieout.domain.ledger.posting import Book, Open, post
from tieout.domain.ledger.standing import correcting
from tieout.domain.ledger.valuing import NoRate
from tieout.domain.reconciliation.deposit import bank_source
from tieout.kernel.failures import Failed, Fix
from tieout.kernel.money import Money
from tieout.operations.decision import Decision, check_approver, check_words
from tieout.operations.follow_verdict import follow_verdict
from tieout.operations.record_act import record_act
from tieout.store import balance, bank, exceptions, journal, ledgers, payouts
from tieout.store.database import Database
from tieout.store.exceptions import ACCEPTED, BREAK, NEXT_OPEN, ExceptionRow
from tieout.store.payouts import RESOLVED, DepositRow

KIND = "resolution"
BANK_SHORT = f"{BREAK}bank.amount"
REVERSIBLE = (f"{BREAK}posting", f"{BREAK}stray")
PERIOD_CLOSED = "period.closed"
REFUSED = {
    CLEARING: "only rows of Stripe's balance move it. Name another account",
    OPENING: "it is what Stripe's balance began with, and no row changes that. Name the account that it belongs to",
    SUSPENSE: "that is where it stands. Name the account that it belongs to",
    ROUNDING: "that is a write-off. Use --write-off with --approver",
}


@dataclass(frozen=True, slots=True)
class Resolved:
    """How it ended: the exception, and the number of the entry that was made (0 when there was none to make).

    ``verdict`` is what its payout says now, empty where only the next look can tell.
    """

    exception: ExceptionRow
    entry: int
    verdict: str = ""


def move_to_account(books: Database, number: int, account: str, decision: Decision) -> Resolved:
    """Move what stands in suspense, or what the bank is short of, to an account. Failed(Fix) says why it cannot be."""
    _check_account(account)
    return _resolve(books, number, decision, lambda db, one: _moved(db, one, account, decision))


def write_off(books: Database, number: int, decision: Decision) -> Resolved:
    """Write the amount off to rounding; a second person must approve (C2 #49). Failed(Fix) says why it cannot be."""
    check_approver(decision)
    return _resolve(books, number, decision, lambda db, one: _moved(db, one, ROUNDING, decision))


def accept(books: Database, number: int, decision: Decision) -> Resolved:
    """Accept a break as it is; no entry is made. Failed(Fix) when it holds money that must be moved."""
    return _resolve(books, number, decision, _accepted)


def post_in_open_period(books: Database, number: int, decision: Decision) -> Resolved:
    """Post a row whose period is closed into the next open one, as an approver says (C4). Failed(Fix) if that may not be."""
    check_approver(decision)
    return _resolve(books, number, decision, lambda db, one: _posted(db, one, decision))


def reverse(books: Database, number: int, decision: Decision) -> Resolved:
    """Undo the entry of a row that Stripe does not list, and count the row no more; a second person must approve."""
    check_approver(decision)
    return _resolve(books, number, decision, lambda db, one: _reversed(db, one, decision))


def _resolve(
    books: Database, number: int, decision: Decision, act: Callable[[sa.Connection, ExceptionRow], Entry | str]
) -> Resolved:
    """One transaction: the entry, and the exception closed with who, why and by what; ``act`` answers it, or how it ends."""
    check_words(decision)
    with books.transaction() as db:
        one = _open(db, number)
        outcome, made = act(db, one), 0
        if isinstance(outcome, Entry):
            entry = outcome
            if journal.add(db, one.connection, [entry], decision.actor, decision.at):
                raise Failed(_unfit(one, f"{entry.source} is posted already as something else"))
            made = journal.by_source(db, one.connection, [entry.source])[0].seq
        approved = f" (approved by {decision.approver.strip()})" if decision.approver else ""
        resolution = outcome.source if isinstance(outcome, Entry) else outcome
        reason = f"{decision.reason.strip()}{approved}"
        exceptions.close(db, one.connection, [number], decision.at, resolution, reason, decision.actor.strip())
        verdict = follow_verdict(db, one.connection, one.payout, decision.at, settled=one.code == BANK_SHORT)
        closed = exceptions.get(db, number)
        assert closed is not None, "it was just closed"
        record_act(db, decision.who, _resolved(one, closed, made, decision), decision.at)
    return Resolved(closed, made, verdict)


def _resolved(one: ExceptionRow, closed: ExceptionRow, made: int, decision: Decision) -> Act:
    was = {"code": one.code, "about": one.about, "amount": one.amount, "currency": one.currency}
    return Act("resolve", str(one.id), was, {"resolution": closed.resolution, "entry": made}, decision.reason)


def _moved(db: sa.Connection, one: ExceptionRow, account: str, decision: Decision) -> Entry:
    book = ledgers.book(db, one.connection)
    if one.code == BANK_SHORT:
        return _bank_difference(db, one, account, book, decision)
    return _out_of_suspense(db, one, account, book, decision)


def _out_of_suspense(db: sa.Connection, one: ExceptionRow, account: str, book: Book, decision: Decision) -> Entry:
    posted = journal.by_source(db, one.connection, [one.about])
    amount = posted[0].entry.moved(SUSPENSE) if posted else 0
    if not amount:
        raise Failed(_unfit(one, "nothing of it stands in suspense"))
    original = posted[0].entry
    value = sum(line.value for line in original.lines() if line.account == SUSPENSE)
    legs = (Leg("resolution", (Line(account, amount, value), Line(SUSPENSE, -amount, -value))),)
    subject = original.subject or original.source
    return _entry(db, one, legs, book, decision, subject, original.currency, original.labels, original.booked)


def _bank_difference(db: sa.Connection, one: ExceptionRow, account: str, book: Book, decision: Decision) -> Entry:
    """What the bank kept is no longer in transit; the payout has its whole amount again (C3 I5)."""
    row = payouts.get(db, one.about, one.connection)
    matched = payouts.deposits_of(db, one.connection, one.about)
    if row is None or not matched:
        raise Failed(_unfit(one, "the bank's line for it is gone"))
    owed = 0 if row.payout.returned else row.payout.amount
    amount = owed - sum(deposit.amount for deposit in matched)
    if account == TRANSIT:
        raise Failed(_unfit(one, "it stands in transit already; name where it went"))
    if amount != one.amount:
        now = f"{Money(row.payout.currency, amount)} of it is open by now, not {Money(one.currency, one.amount)}"
        raise Failed(_unfit(one, f"{now}; look at the payout again with: tieout payout {one.about} --look"))
    left = next(iter(journal.by_source(db, one.connection, [row.payout.own_row])), None)
    as_left = book.as_for(left.entry if left else None)
    try:
        value = as_left.rates.value(amount, row.payout.currency, day_of(row.payout.created, book.zone))
    except NoRate as missing:
        raise Failed(_unfit(one, f"{missing}. Enter it with: tieout ledger rates")) from None
    legs = (Leg("resolution", (Line(account, amount, value), Line(TRANSIT, -amount, -value))),)
    last = max(kept.entry.booked for kept in journal.by_source(db, one.connection, _bank_sources(db, matched)))
    entry = _entry(db, one, legs, book, decision, one.about, row.payout.currency, (), last)
    deposit = DepositRow(one.connection, one.about, entry.source, amount, RESOLVED, entry.day, at=decision.at)
    payouts.put_deposit(db, deposit)
    return entry


def _bank_sources(db: sa.Connection, matched: Sequence[DepositRow]) -> list[str]:
    """What the entries are posted for by which a payout's money reached the bank, or was settled."""
    return [
        one.line if one.how == RESOLVED else bank_source(one.line, bank.times_taken_back(db, one.line))
        for one in matched
    ]


def _entry(
    db: sa.Connection,
    one: ExceptionRow,
    legs: tuple[Leg, ...],
    book: Book,
    decision: Decision,
    subject: str,
    currency: str,
    labels: tuple[tuple[str, str], ...],
    wrong: str,
) -> Entry:
    day, booked = _day(db, one, book, wrong, decision)
    memo, home = f"Exception {one.id}, {one.about}: {decision.reason.strip()}", book.policy.ledger_currency
    return Entry(f"exc:{one.id}", KIND, day, booked, currency, home, legs, subject, memo, labels)


def _accepted(_db: sa.Connection, one: ExceptionRow) -> str:
    if not one.is_break:
        sentence = f"{Money(one.currency, one.amount)} of it is not where it belongs. {_instead(one)}"
        raise Failed(_unfit(one, sentence))
    return ACCEPTED


def _posted(db: sa.Connection, one: ExceptionRow, decision: Decision) -> Entry | str:
    if one.code != PERIOD_CLOSED:
        raise Failed(_unfit(one, f"its period is not what is wrong. {_instead(one)}"))
    book = ledgers.book(db, one.connection)
    if book.policy.closed_period != "approver":
        sentence = (
            f"the ledger's policy for closed periods is {book.policy.closed_period}, so nobody may choose. "
            "Open the period in P21, or keep the ledger with --closed-period approver"
        )
        raise Failed(_unfit(one, sentence))
    change = next(iter(balance.numbered(db, one.connection, [one.about])), None)
    if change is None:
        later = book.calendar.booked(one.ours, "next_open")  # an entry of our own: it is made at the next look
        if isinstance(later, Refused):
            raise Failed(_unfit(one, later.sentence))
        return NEXT_OPEN
    outcome = post(change, replace(book, policy=replace(book.policy, closed_period="next_open")))
    if isinstance(outcome, Open):
        raise Failed(_unfit(one, outcome.sentence))
    if outcome.open:
        unknown = replace(one, code=outcome.open.code, sentence=outcome.open.sentence, amount=change.net)
        exceptions.open_(db, [unknown], decision.at)
    return outcome.entry


def _reversed(db: sa.Connection, one: ExceptionRow, decision: Decision) -> Entry:
    if one.code not in REVERSIBLE:
        raise Failed(_unfit(one, f"its entry stands for a row that Stripe has. {_instead(one)}"))
    posted = journal.by_source(db, one.connection, [one.about])
    if not posted:
        raise Failed(_unfit(one, "no entry was made for it"))
    book = ledgers.book(db, one.connection)
    _, booked = _day(db, one, book, posted[0].entry.booked, decision)
    balance.withdraw(db, one.connection, one.about)
    return reversal(posted[0].entry, 1, booked, decision.reason.strip())


def _day(db: sa.Connection, one: ExceptionRow, book: Book, wrong: str, decision: Decision) -> tuple[str, str]:
    """The day of a correction, and where it stands; ``wrong`` is where that stands which it corrects."""
    today, approved = day_of(int(decision.at), book.zone), ledgers.approved_periods(db, one.connection)
    found = correcting(book.calendar, wrong, today, book.policy.closed_period, approved)
    if isinstance(found, Refused):
        raise Failed(_unfit(one, found.sentence))
    return found


def _open(db: sa.Connection, number: int) -> ExceptionRow:
    found = exceptions.get(db, number)
    if found is None:
        sentence = f"There is no exception {number}. List what is open with: tieout exceptions"
        raise Failed(Fix("exception.unknown", sentence, field="exception", value=str(number)))
    if found.closed_at is not None:
        sentence = f"Exception {number} is closed already, by {found.actor}: {found.reason} ({found.resolution})."
        raise Failed(Fix("exception.closed", sentence, field="exception", value=str(number)))
    return found


def _check_account(account: str) -> None:
    if why := REFUSED.get(account):
        raise Failed(Fix("exception.account", f"--to {account}: {why}.", field="--to", value=account))
    if account not in ACCOUNTS:
        close = ", ".join(get_close_matches(account, ACCOUNTS, 3, 0.4))
        near = f"near: {close}" if close else "name one of Tieout's own, such as processing_fees"
        sentence = (
            f"--to {account!r} is no account; {near}. "
            "All are shown, with the P21 number of each, by: tieout ledger accounts"
        )
        raise Failed(Fix("exception.account", sentence, field="--to", value=account))


def _instead(one: ExceptionRow) -> str:
    ways = {
        "row.unknown": f"Move it to its account: tieout resolve {one.id} --to ACCOUNT",
        "rate.missing": "Enter the rate (tieout ledger rates), then import again (tieout ledger import)",
        PERIOD_CLOSED: "Open the period in P21, or let an approver post it (--post-in-open-period)",
        BANK_SHORT: f"Post it where it went: tieout resolve {one.id} --to ACCOUNT, such as processing_fees",
        "account.missing": "Add the account to the map: tieout ledger accounts",
    }
    return ways.get(one.code, "Correct its cause; it closes by itself at the next look")


def _unfit(one: ExceptionRow, why: str) -> Fix:
    sentence = f"Exception {one.id} ({one.about}) cannot be resolved so: {why.rstrip('.')}."
    return Fix("exception.unfit", sentence, field="exception", value=str(one.id))
