"""Reads every figure of a close (accounting C9): one ledger, one period, by sums, so that its length does not matter."""

from __future__ import annotations

import json

import sqlalchemy as sa

from tieout.domain.close.figures import Figures, Outside, Pending
from tieout.domain.close.span import before, closing_period
from tieout.domain.ledger.balances import off_balance, roll_forward
from tieout.domain.ledger.period import Period
from tieout.kernel.failures import Failed, Fix
from tieout.kernel.money import CURRENCIES
from tieout.queries import close_ledger, close_open, close_rows
from tieout.queries.transit import in_transit
from tieout.store import journal, ledgers
from tieout.store.close_log import CloseAct, of_period
from tieout.store.database import Database
from tieout.store.ledgers import CloseRow, LedgerRow
from tieout.store.tables import inbox

PENDING, DECIDED = "charge.pending", ("charge.succeeded", "charge.failed")


def period_named(books: Database, ledger: LedgerRow, name: str) -> Period:
    """The period of that name. Failed(Fix) when there is none, or the books begin later."""
    with books.reading() as db:
        periods = ledgers.read_periods(db, ledger.policy.p21)
    try:
        found = closing_period(name, periods)
    except ValueError as wrong:
        raise Failed(Fix("close.period", f"No such period: {wrong}.", field="--period", value=name)) from None
    if found.ends < ledger.policy.starts:
        sentence = f"{name} ends before the books of {ledger.connection} begin, on {ledger.policy.starts}. Name a later period."
        raise Failed(Fix("close.period", sentence, field="--period", value=name))
    return found


def close_figures(
    books: Database, box: Database, ledger: LedgerRow, period: Period, outside: Outside, at: float
) -> Figures:
    """Everything that is known of a period; ``ledger`` as it was just read, with its last proof of the balance."""
    name, ends_at = ledger.connection, close_open.moments(period, ledger)[1]
    with books.reading() as db:
        past = before(period, ledgers.read_periods(db, ledger.policy.p21))
        rolls = roll_forward(journal.day_sums(db, name, ends=period.ends), period.begins, period.ends)
        stripe = {currency: int(proof["stripe"]) for currency, proof in ledger.proof.items()}
        found = close_ledger.corrections(db, name, period)
        due, free = close_ledger.not_in_p21(db, ledger, period)
        rates = ledgers.read_rates(db, ledger.policy.ledger_currency)
        open_ = close_open.open_lines(db, ledger, at)
        return Figures(
            connection=name,
            period=period,
            before=past,
            currency=ledger.policy.ledger_currency,
            zone=ledger.policy.time_zone,
            p21=ledger.policy.p21,
            at=at,
            ends_at=ends_at,
            imported_until=ledger.imported_until,
            proofs=close_rows.period_proofs(db, ledger, period, rolls, stripe),
            proved_at=ledger.proved_at,
            payouts=close_open.payout_lines(books, ledger, period, open_),
            open=open_,
            resolved=close_open.resolved_lines(db, ledger, period, at),
            unposted=close_rows.lost_rows(db, name, period),
            strays=close_rows.stray_postings(db, name, period),
            rolls=rolls,
            off_balance=tuple(off_balance(rolls).items()),
            fees=close_ledger.fees(db, name, period, past),
            corrections=found[0],
            corrections_count=found[1],
            late=close_ledger.late_entries(db, name, period),
            moved=close_ledger.moved_journals(db, ledger, period),
            disputes=close_open.dispute_lines(db, name, outside.stages),
            refunds=close_open.refunds_owed(db, name, period.ends),
            transit=in_transit(db, name, period.ends),
            foreign=close_ledger.foreign(db, name, rolls, rates, period),
            journals_due=due,
            unjournaled=free,
            unmapped=close_ledger.unmapped(ledger, rolls),
            pending=pending_payments(box, name, ends_at),
            chain=close_ledger.chain(db),
            outside=outside,
        )


def pending_payments(box: Database, connection: str, until: float) -> tuple[Pending, ...]:
    """Bank payments that Stripe announced before ``until`` (epoch seconds) and that no later event decided (C2 #6)."""
    announced = sa.select(inbox.c.object_id, inbox.c.body, inbox.c.received_at).where(
        inbox.c.connection == connection, inbox.c.type == PENDING, inbox.c.received_at < until, inbox.c.readable
    )
    decided = sa.select(inbox.c.object_id).where(inbox.c.connection == connection, inbox.c.type.in_(DECIDED))
    with box.reading() as db:
        rows = db.execute(announced.where(inbox.c.object_id.not_in(decided)).order_by(inbox.c.seq)).all()
    found = {row.object_id: _pending(row.object_id, row.body, row.received_at) for row in rows}
    return tuple(one for one in found.values() if one)


def _pending(charge: str, body: str, received_at: float) -> Pending | None:
    """None where no amount is told, as in a thin event: what was kept years ago may be of any shape (case D7)."""
    said = json.loads(body)
    for name in ("data", "object"):
        said = said.get(name) if isinstance(said, dict) else None
    shown = said if isinstance(said, dict) else {}
    currency, amount = shown.get("currency"), shown.get("amount")
    known = isinstance(currency, str) and currency in CURRENCIES
    return Pending(charge, str(currency), amount, received_at) if known and type(amount) is int else None


def close_of(books: Database, connection: str, period: str) -> tuple[CloseRow, list[CloseAct]]:
    """How far the close of a period is, and everything that was done in it, oldest first."""
    with books.reading() as db:
        row = next((one for one in ledgers.read_closes(db, connection) if one.period == period), None)
        return row or CloseRow(connection, period), of_period(db, connection, period)
