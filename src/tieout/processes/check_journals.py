"""Reads written journals back from P21: one that was changed or voided there by hand is a break (accounting C3 I7)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from decimal import Decimal

from tieout.connectors.p21._face import DocumentRecord
from tieout.domain.reconciliation.match import DRIFT, Break
from tieout.kernel.slices import slices
from tieout.nodes._ports import Ports
from tieout.operations.keep_document_breaks import keep_document_breaks
from tieout.store import ledgers, postings
from tieout.store.postings import JournalRow

ENTITY = "journal_entry"
BATCH = 40


def check_journals(ports: Ports, connection: str) -> list[Break]:
    """Compare every written journal with P21; answers the breaks. Raises Failed."""
    with ports.books.reading() as db:
        ledger = ledgers.get(db, connection)
        written = postings.in_state(db, postings.WRITTEN, connection)
    if ledger is None or not ledger.policy.p21:
        return []
    _, p21 = ports.connections.p21(ledger.policy.p21)
    found: list[Break] = []
    for batch in slices(written, BATCH):
        records = p21.documents(ENTITY, [row.key for row in batch])
        for row in batch:
            found += _compared(row, records.get(row.key), ledger.policy.ledger_currency)
        subjects = [_about(row) for row in batch]
        keep_document_breaks(ports.books, connection, subjects, found, ports.clock())
    return found


def _about(row: JournalRow) -> str:
    return f"journal_{row.id}"


def _compared(row: JournalRow, record: DocumentRecord | None, currency: str) -> Iterable[Break]:
    if record is None or record.void:
        how = "is voided" if record else "is gone"
        words = f"Journal {row.key} of {row.booked} ({row.name}) {how} in P21. Enter it again there, or reverse its entries here."
        yield Break(DRIFT, "p21.journal", _about(row), 0, currency, words, row.name, row.key)
        return
    wanted = Counter[tuple[str, Decimal]]((line["account"], Decimal(line["amount"])) for line in row.document["lines"])
    stands = Counter[tuple[str, Decimal]]((line.account, line.amount) for line in record.lines)
    if wanted == stands:
        return
    account, amount = next(iter((wanted - stands) or (stands - wanted)))
    words = f"Journal {row.key} of {row.booked} was changed in P21: account {account} should have {amount}. Put it right there."
    yield Break(DRIFT, "p21.journal", _about(row), 0, currency, words, row.name, row.key)
