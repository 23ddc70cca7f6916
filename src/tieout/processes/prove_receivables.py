"""Proves receivables, now: what the books say that customers owe is what P21 has open of our documents, sale by sale (case B3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from tieout.connectors.p21._face import MadeInvoice, OpenReceivable, Prophet21
from tieout.domain.ledger.documents import Document
from tieout.domain.ledger.posting import Book
from tieout.domain.ledger.valuing import NoRate
from tieout.domain.reconciliation.receivables import OpenDocument, ReceivablesProof, Sale, explained, sales_of
from tieout.kernel.failures import Failed
from tieout.kernel.money import CURRENCIES, Money
from tieout.nodes._ports import Ports
from tieout.operations.ask_for_rate import ask_for_rate
from tieout.operations.post_entries import post_entries
from tieout.processes.post_documents import ACTOR, post_documents, standing_entry
from tieout.queries.receivables import paid_before, receivables_standing
from tieout.store import ledgers

ASKED_MAX = 500
MADE = "p21:"


def prove_receivables(ports: Ports, connection: str) -> ReceivablesProof:
    """The proof, sale by sale. What P21 cannot tell is said in ``unread``, and nothing is proven then. Raises Failed."""
    with ports.books.reading() as db:
        book = ledgers.book(db, connection)
    home = book.policy.ledger_currency
    if not book.policy.p21:
        return ReceivablesProof(home, (), 0, 0, "No P21 is connected to this ledger.")
    post_documents(ports, connection)
    _, p21 = ports.connections.p21(book.policy.p21)
    try:
        found = list(_valued(p21.open_receivables(), book))
        look = _Look(ports, connection, p21, book, found)
        sales, others = look.sales()
        if look.post_invoices(sales):
            sales, others = look.sales()
        told = look.told([look.with_held(one) for one in sales])
    except NoRate as missing:
        return ReceivablesProof(home, (), 0, 0, f"P21's receivables cannot be valued: {missing}. Enter the rate.")
    left = tuple(one for one in told if one.booked or one.open or one.held)
    return ReceivablesProof(home, left, sum(one.value for one in others), len(others))


def receivables_or_why(ports: Ports, connection: str, currency: str) -> ReceivablesProof:
    """The proof, or why there is none now."""
    try:
        return prove_receivables(ports, connection)
    except Failed as error:
        return ReceivablesProof(currency, (), 0, 0, error.failure.sentence)


@dataclass(slots=True)
class _Look:
    ports: Ports
    connection: str
    p21: Prophet21
    book: Book
    open: Sequence[OpenDocument]
    asked: int = 0

    def sales(self) -> tuple[tuple[Sale, ...], tuple[OpenDocument, ...]]:
        """The sales as the books are now, and what else P21 has open."""
        with self.ports.books.reading() as db:
            found = receivables_standing(db, self.connection, self.book.policy.p21)
        return sales_of(found.booked, found.records, found.together, self.open)

    def post_invoices(self, sales: Iterable[Sale]) -> int:
        """Post what P21 has invoiced of our orders, where the books and P21 differ; answers how many."""
        orders: dict[str, tuple[str, str]] = {}
        for sale in (one for one in sales if one.off and one.orders):
            for order in sale.orders:
                number = order.key if order.entity == "sales_order" else order.order_no
                if number and len(orders) < ASKED_MAX:
                    orders[number] = (order.reference, sale.subjects[0])
        made = list(self.p21.invoices_of({number: reference for number, (reference, _) in orders.items()}))
        for one in made:
            self._post(one, orders[one.order_no][1])
        return len(made)

    def _post(self, made: MadeInvoice, subject: str) -> None:
        currency = made.currency if made.currency in CURRENCIES else self.book.policy.ledger_currency
        total, tax, freight = (_minor(one, currency) for one in (made.total, made.tax, made.freight))
        parts = {"net": total - tax - freight, "freight": freight, "tax": tax, "total": total}
        said = Document("invoice", f"{MADE}{made.invoice_no}", subject, made.day, currency, parts)
        at = self.ports.clock()
        try:
            entry = standing_entry(said, self.book)
        except NoRate as missing:
            ask_for_rate(self.ports.books, self.connection, said.source, missing, at)
            return
        post_entries(self.ports.books, self.connection, [entry], ACTOR, at)

    def with_held(self, sale: Sale) -> Sale:
        """The sale with what P21 keeps of its payments on an order that is not invoiced, outside of its receivables."""
        if not sale.off or not sale.orders or not self.p21.holds_on_orders():
            return sale
        if self.asked >= ASKED_MAX:
            return replace(sale, unread=True, why=f"not looked at: more than {ASKED_MAX} orders wait for their invoice")
        self.asked += 1
        keys = [one.key for one in sale.records if one.entity == "cash_receipt"]
        receipts = self.p21.documents("cash_receipt", keys) if keys else {}
        paid = sum(self._value(one.amount, one.currency) for one in receipts.values() if not one.void)
        numbers = {(one.key if one.entity == "sales_order" else one.order_no): one.reference for one in sale.orders}
        made = sum(self._value(one.total, one.currency) for one in self.p21.invoices_of(numbers))
        return replace(sale, held=-max(0, paid - made))

    def _value(self, amount: Decimal, currency: str) -> int:
        code = currency if currency in CURRENCIES else self.book.policy.ledger_currency
        today = datetime.fromtimestamp(self.ports.clock(), self.book.zone).date().isoformat()
        return self.book.rates.value(_minor(amount, code), code, today)

    def told(self, sales: Sequence[Sale]) -> list[Sale]:
        """Each sale that disagrees, with the reason that can be told."""
        starts = self.book.policy.starts
        names = [name for one in sales if one.off for name in one.subjects]
        began = int(datetime.fromisoformat(starts).replace(tzinfo=self.book.zone).timestamp()) if starts else 0
        with self.ports.books.reading() as db:
            before = paid_before(db, self.connection, names, began) if began and names else set()
        return [explained(one, sorted(before), starts) for one in sales]


def _valued(found: Iterator[OpenReceivable], book: Book) -> Iterator[OpenDocument]:
    for one in found:
        currency = one.currency if one.currency in CURRENCIES else book.policy.ledger_currency
        value = book.rates.value(_minor(one.open, currency), currency, one.invoice_date[:10])
        yield OpenDocument(one.invoice_no, one.customer_id, one.order_no, value)


def _minor(amount: Decimal, currency: str) -> int:
    return Money.rounded(amount, currency).minor
