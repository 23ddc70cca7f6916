"""P21's side of the three-way match: the documents that carry what the journal does not (accounting C3 I6, I7; M9).

Documents are found by link and read back in groups; a document that was voided or changed by hand is a break.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
            every = [link for found in links.values() for link in found]
            written = intents.documents_of(db, self.p21, every)
        _, p21 = self.ports.connections.p21(self.p21)
        records = p21.documents(entity, sorted({link.key for link in every})) if every else {}
        for subject in subjects:
            found = links.get(subject.id, [])
            if not found:
                self._unlinked(subject, seen)
                continue
            wanted = _wanted(subject, [written.get(link.reference, {}) for link in found])
            seen.breaks += _compared(wanted, [link.key for link in found], records)
        seen.looked_at += ids

    def _unlinked(self, subject: _Subject, seen: Seen) -> None:
        if not subject.amount or (subject.entity == MEMO and self._failed(subject.id)):
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

    def _failed(self, refund: str) -> bool:
        """Whether a refund came back: there may never have been anything to credit."""
        with self.ports.books.reading() as db:
            return any(row.category == "refund_failure" for row in balance.of_source(db, refund))


def _payment(name: str, rows: Sequence[BalanceChange]) -> _Subject:
    """What the receipt of a payment should be: captured, less what was not, less what bounced."""
    seen = [one.origin.amount if one.amount >= 0 else -one.origin.amount for one in rows]
    first = rows[0]
    currency = first.origin.currency or first.currency
    return _Subject(name, RECEIPT, sum(seen), currency, max(one.created for one in rows))


def _wanted(subject: _Subject, documents: Sequence[Mapping[str, object]]) -> _Subject:
    """The same subject; a credit memo may stand for more than its refund (a credit note), and is what was written."""
    totals = [Decimal(str(one["total"])) for one in documents if one.get("total")]
    if subject.entity != MEMO or not totals:
        return subject
    return replace(subject, amount=Money.rounded(sum(totals, Decimal(0)), subject.currency).minor)


def _compared(subject: _Subject, keys: Sequence[str], records: Mapping[str, DocumentRecord]) -> Iterable[Break]:
    """All the documents of a subject together are what it came to; one that is void or gone counts for nothing."""
    named = f"{subject.entity.replace('_', ' ')} {', '.join(keys)}"
    money = Money(subject.currency, subject.amount)
    live = [records[key] for key in keys if key in records and not records[key].void]
    if not live:
        if subject.amount:
            how = "is voided in P21" if any(key in records for key in keys) else "is no longer in P21"
            words = f"The {named} for {subject.id} ({money}) {how}. Enter it again in P21, or say why it is right."
            yield Break(DRIFT, "p21.void", subject.id, subject.amount, subject.currency, words, keys[0], subject.id)
        return
    stands = sum((one.amount for one in live), Decimal(0))
    if not subject.amount:
        words = f"{subject.id} came to nothing, but P21 still has the {named} of {stands}. Reverse it in P21."
        over = -Money.rounded(stands, subject.currency).minor
        yield Break(UNEXPECTED, "p21.receipt", subject.id, over, subject.currency, words, keys[0], subject.id)
        return
    apart = subject.amount - Money.rounded(stands, subject.currency).minor
    if apart:
        words = f"P21 shows {stands} on the {named}, but {subject.id} is {money}. Correct it in P21."
        yield Break(DRIFT, "p21.amount", subject.id, apart, subject.currency, words, keys[0], subject.id)
