"""The proof of receivables: what the books say that customers owe, sale by sale, is what P21 has open of its documents (case B3).

That clearing is off by nothing says nothing about it. All figures are minor units of the ledger's currency; what a customer
owes is positive, what is owed to one negative: receivables, customer credits and deposits together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

SUBJECT, ORDER, INVOICE, MEMO, PAYMENT = "subject", "order", "invoice", "memo", "payment"
Name = tuple[str, str]
RETURN = "RMA "


@dataclass(frozen=True, slots=True)
class Booked:
    """What the entries about one Stripe object, or one document of the opening list, come to."""

    subject: str
    value: int
    customer: str = ""
    document: str = ""


@dataclass(frozen=True, slots=True)
class Named:
    """A P21 record that our links name: its kind and number, the objects it stands for, and the numbers it names itself."""

    entity: str
    key: str
    reference: str
    subjects: tuple[str, ...]
    customer: str = ""
    order_no: str = ""
    invoice_no: str = ""

    def names(self) -> tuple[Name, ...]:
        """Everything by which it belongs to a sale."""
        found = [(SUBJECT, one) for one in self.subjects]
        found.append(_own(self.entity, self.key))
        found += [(ORDER, self.order_no)] if self.order_no else []
        return tuple(found + ([(INVOICE, self.invoice_no)] if self.invoice_no else []))


@dataclass(frozen=True, slots=True)
class OpenDocument:
    """What P21 has open: an invoice, or an open credit (negative)."""

    number: str
    customer: str
    order_no: str
    value: int


@dataclass(frozen=True, slots=True)
class Sale:
    """Everything that belongs together: the objects, the P21 records, what is booked and what P21 has open.

    ``held`` is what P21 keeps for the customer outside its receivables: a payment on an order that is not invoiced yet.
    """

    subjects: tuple[str, ...]
    records: tuple[Named, ...]
    customer: str
    booked: int
    open: tuple[OpenDocument, ...] = ()
    held: int = 0
    why: str = ""
    unread: bool = False

    @property
    def at_p21(self) -> int:
        """What P21 has open of its documents, with what it holds on an order."""
        return sum(one.value for one in self.open) + self.held

    @property
    def off(self) -> int:
        """What the books and P21 are apart; nothing while P21 was not asked."""
        return 0 if self.unread else self.booked - self.at_p21

    @property
    def orders(self) -> tuple[Named, ...]:
        """The orders of it, which P21 invoices by itself."""
        return tuple(one for one in self.records if one.entity in ("sales_order", "invoice"))

    @property
    def documents(self) -> str:
        """The P21 records in words: ``order 1000005, receipt 500005``."""
        return ", ".join(f"{_WORDS.get(one.entity, one.entity)} {one.key}" for one in self.records)


@dataclass(frozen=True, slots=True)
class ReceivablesProof:
    """All sales on which something is open, here or there, and the rest of P21's receivables, which never touched Stripe."""

    currency: str
    sales: tuple[Sale, ...]
    others: int
    others_count: int
    unread: str = ""

    @property
    def booked(self) -> int:
        """What the books say that customers owe."""
        return sum(one.booked for one in self.sales)

    @property
    def at_p21(self) -> int:
        """What P21 has open of the documents that our links name."""
        return sum(one.at_p21 for one in self.sales)

    @property
    def off(self) -> int:
        """By how much they disagree, sale by sale: two that cancel each other out do not agree."""
        return sum(abs(one.off) for one in self.sales)

    @property
    def apart(self) -> tuple[Sale, ...]:
        """The sales that disagree, the largest first."""
        return tuple(sorted((one for one in self.sales if one.off), key=lambda one: (-abs(one.off), one.subjects)))

    def customers(self) -> Mapping[str, tuple[int, int]]:
        """By P21 customer: booked, and open at P21."""
        found: dict[str, tuple[int, int]] = {}
        for one in self.sales:
            booked, at_p21 = found.get(one.customer, (0, 0))
            found[one.customer] = (booked + one.booked, at_p21 + one.at_p21)
        return dict(sorted(found.items()))

    def document(self) -> dict[str, object]:
        """Its figures for machines."""
        return {
            "currency": self.currency,
            "booked": self.booked,
            "at_p21": self.at_p21,
            "off": self.off,
            "others": {"open": self.others, "documents": self.others_count},
            "unread": self.unread,
            "sales": [
                {
                    "customer": one.customer, "subjects": list(one.subjects), "documents": one.documents, "booked": one.booked,
                    "open": {each.number: each.value for each in one.open}, "held": one.held, "off": one.off, "why": one.why,
                }
                for one in self.sales
            ],
        }  # fmt: skip


def sales_of(
    booked: Iterable[Booked],
    records: Sequence[Named],
    together: Iterable[tuple[str, str]],
    open_: Iterable[OpenDocument],
) -> tuple[tuple[Sale, ...], tuple[OpenDocument, ...]]:
    """The sales, and what P21 has open besides. ``together`` are pairs of objects that are one sale, such as refund and payment."""
    groups = _Groups()
    for record in records:
        groups.join(record.names())
    for pair in together:
        groups.join([(SUBJECT, one) for one in pair])
    posted = list(booked)
    for one in posted:
        groups.join([(SUBJECT, one.subject), *([(INVOICE, one.document)] if one.document else [])])
    places: dict[Name, _Draft] = {}
    for one in posted:
        draft = places.setdefault(groups.of((SUBJECT, one.subject)), _Draft())
        draft.booked += one.value
        draft.subjects.append(one.subject)
        draft.customer = draft.customer or one.customer
    for record in records:
        draft = places.setdefault(groups.of(record.names()[0]), _Draft())
        draft.records.append(record)
        draft.customer = draft.customer or record.customer
    others = []
    for document in open_:
        place = next((groups.of(name) for name in _names(document) if groups.knows(name)), None)
        if place is None or place not in places:
            others.append(document)
        else:
            places[place].open.append(document)
    return tuple(one.sale() for one in places.values()), tuple(others)


def explained(sale: Sale, before: Sequence[str], starts: str) -> Sale:
    """A sale that disagrees, with the reason that can be told; ``before`` are payments that were made before ``starts``."""
    if not sale.off:
        return sale
    old = [one for one in sale.subjects if one in before]
    if old:
        why = (
            f"{old[0]} was paid before {starts}, the first day of the books: what P21 had open of it then belongs in the "
            "opening list (tieout ledger opening FILE.csv)"
        )
    elif not sale.records:
        why = "no P21 record stands for it: see tieout runs, or enter it in P21"
    elif not sale.booked:
        why = f"P21 has it open on {', '.join(one.number for one in sale.open)}: apply it there, or find out who changed it"
    else:
        why = f"P21 and the books differ on {sale.documents}: see tieout explain {sale.subjects[0] if sale.subjects else ''}"
    return replace(sale, why=why)


@dataclass(slots=True)
class _Draft:
    subjects: list[str]
    records: list[Named]
    open: list[OpenDocument]
    booked: int = 0
    customer: str = ""

    def __init__(self) -> None:
        self.subjects, self.records, self.open, self.booked, self.customer = [], [], [], 0, ""

    def sale(self) -> Sale:
        names = dict.fromkeys([*self.subjects, *(name for one in self.records for name in one.subjects)])
        return Sale(tuple(names), tuple(self.records), self.customer, self.booked, tuple(self.open))


class _Groups:
    """Which names are of one sale."""

    def __init__(self) -> None:
        self._above: dict[Name, Name] = {}

    def knows(self, name: Name) -> bool:
        return name in self._above

    def of(self, name: Name) -> Name:
        above = self._above.setdefault(name, name)
        while above != self._above[above]:
            above = self._above[above]
        self._above[name] = above
        return above

    def join(self, names: Sequence[Name]) -> None:
        first = self.of(names[0])
        for other in names[1:]:
            self._above[self.of(other)] = first


def _own(entity: str, key: str) -> Name:
    if key.startswith(RETURN):
        return ORDER, key.removeprefix(RETURN)
    kinds = {"sales_order": ORDER, "credit_memo": MEMO, "cash_receipt": PAYMENT, "refund_payment": PAYMENT}
    return kinds.get(entity, INVOICE), key


def _names(document: OpenDocument) -> tuple[Name, ...]:
    own = (INVOICE, document.number) if document.value > 0 else (MEMO, document.number)
    found = (own, (INVOICE, document.number))
    return (*found, (ORDER, document.order_no)) if document.order_no else found


_WORDS = {
    "sales_order": "order", "invoice": "invoice", "ar_invoice": "invoice", "credit_memo": "credit memo",
    "cash_receipt": "receipt", "refund_payment": "refund payment",
}  # fmt: skip
