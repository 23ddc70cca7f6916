"""P21's side of the three-way match: the documents that carry what the journal does not (accounting C3 I6, I7; M9).

Documents are found by link and read back in groups; a document that was voided or changed by hand is a break.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from tieout.connectors.p21._face import DocumentRecord
from tieout.domain.ledger.balance_change import BalanceChange
from tieout.domain.reconciliation.match import DRIFT, MISSING, UNEXPECTED, Break
from tieout.kernel.money import Money
from tieout.nodes._ports import Ports
from tieout.store import balance, intents, runs

OF_RECEIPT = ("charge", "partial_capture_reversal", "charge_failure")
GRACE_SECONDS = 3600.0
RECEIPT, MEMO = "cash_receipt", "credit_memo"


@dataclass(slots=True)
class Seen:
    """What a look at P21 found: breaks, what is still on its way, and the subjects that were looked at."""

    breaks: list[Break] = field(default_factory=list)
    waits: set[str] = field(default_factory=set)
    looked_at: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Subject:
    """One payment or refund: what of it P21 should show (minor units as the customer saw them), and how old it is."""

    id: str
    entity: str
    amount: int
    currency: str
    newest: int


@dataclass(frozen=True, slots=True)
class Documents:
    """Looks at the P21 documents of rows; without a P21 there is nothing to look at."""

    ports: Ports
    connection: str
    p21: str

    def look(self, rows: Sequence[BalanceChange]) -> Seen:
        """Compare the receipts of payments and the credit memos of refunds with what Stripe says."""
        seen = Seen()
        if self.p21:
            for entity, subjects in ((RECEIPT, self._payments(rows)), (MEMO, self._refunds(rows))):
                self._compare(entity, subjects, seen)
        return seen

    def _payments(self, rows: Iterable[BalanceChange]) -> list[_Subject]:
        wanted = sorted({one.origin.payment for one in rows if one.category in OF_RECEIPT and one.origin.payment})
        with self.ports.books.reading() as db:
            whole = balance.of_payments(db, self.connection, wanted)
        return [_payment(name, [one for one in found if one.category in OF_RECEIPT]) for name, found in whole.items()]

    def _refunds(self, rows: Iterable[BalanceChange]) -> list[_Subject]:
        return [
            _Subject(one.source, MEMO, abs(one.origin.amount), one.origin.currency or one.currency, one.created)
            for one in rows
            if one.category == "refund" and one.source
        ]

    def _compare(self, entity: str, subjects: Sequence[_Subject], seen: Seen) -> None:
        if not subjects:
            return
        ids = [one.id for one in subjects]
        with self.ports.books.reading() as db:
            links = intents.linked_many(db, self.p21, self.connection, ids, entity)
            written = intents.documents_of(db, self.p21, links.values())
        _, p21 = self.ports.connections.p21(self.p21)
        records = p21.documents(entity, [link.key for link in links.values()]) if links else {}
        for subject in subjects:
            link = links.get(subject.id)
            if link is None:
                self._unlinked(subject, seen)
            else:
                document = written.get(link.reference, {})
                seen.breaks += _compared(subject, entity, link.key, records.get(link.key), document)
        seen.looked_at += ids

    def _unlinked(self, subject: _Subject, seen: Seen) -> None:
        if not subject.amount:
            return
        if self.ports.clock() - subject.newest < GRACE_SECONDS:
            seen.waits.add("P21 does not have all of its documents yet")
            return
        with self.ports.books.reading() as db:
            parked = runs.parked_about(db, self.connection, subject.id)
        why = (
            f"run {parked} is parked; fix and replay it"
            if parked
            else "no run has written it; replay or enter it by hand"
        )
        title = subject.entity.replace("_", " ")
        money = Money(subject.currency, subject.amount)
        words = f"P21 has no {title} for {subject.id} ({money}): {why}."
        seen.breaks.append(
            Break(MISSING, "p21.missing", subject.id, subject.amount, subject.currency, words, parked, subject.id)
        )


def _payment(name: str, rows: Sequence[BalanceChange]) -> _Subject:
    """What the receipt of a payment should be: captured, less what was not, less what bounced."""
    seen = [one.origin.amount if one.amount >= 0 else -one.origin.amount for one in rows]
    first = rows[0]
    currency = first.origin.currency or first.currency
    return _Subject(name, RECEIPT, sum(seen), currency, max(one.created for one in rows))


def _compared(
    subject: _Subject, entity: str, key: str, record: DocumentRecord | None, document: Mapping[str, object]
) -> Iterable[Break]:
    title = f"{entity.replace('_', ' ')} {key}"
    money = Money(subject.currency, subject.amount)
    if record is None or record.void:
        if subject.amount:
            how = "is voided in P21" if record else "is no longer in P21"
            words = f"The {title} for {subject.id} ({money}) {how}. Enter it again in P21, or say why it is right."
            yield Break(DRIFT, "p21.void", subject.id, subject.amount, subject.currency, words, key, subject.id)
        return
    if not subject.amount:
        words = f"{subject.id} came to nothing, but P21 still has the {title} of {record.amount}. Reverse it in P21."
        yield Break(UNEXPECTED, "p21.receipt", subject.id, 0, subject.currency, words, key, subject.id)
        return
    stands = Money.rounded(record.amount, subject.currency).minor
    wanted = _written_amount(document, subject)
    if stands != wanted:
        words = f"P21 shows {record.amount} on the {title}, but {subject.id} is {Money(subject.currency, wanted)}. Correct it in P21."
        yield Break(DRIFT, "p21.amount", subject.id, wanted - stands, subject.currency, words, key, subject.id)


def _written_amount(document: Mapping[str, object], subject: _Subject) -> int:
    """What Stripe says; for a payment applied in parts, what the part was written for."""
    total = document.get("total") if subject.entity == MEMO else document.get("amount")
    if subject.entity == MEMO and isinstance(total, str):
        return Money.rounded(Decimal(total), subject.currency).minor
    return subject.amount
