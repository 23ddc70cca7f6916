"""Ties tax out, now: what was charged, what our documents say and what P21 keeps of them, document by document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from tieout.connectors.p21._face import DocumentRecord, MadeInvoice, Prophet21
from tieout.domain.ledger.period import Period
from tieout.domain.reconciliation.taxes import Taxed, TaxProof
from tieout.kernel.failures import Failed
from tieout.kernel.money import Money
from tieout.nodes._ports import Ports
from tieout.queries.taxes import MEMO, SentTax, sent_taxes
from tieout.store.ledgers import LedgerRow

ASKED_MAX = 2_000
ORDER = "sales_order"


def taxes_or_why(ports: Ports, ledger: LedgerRow, period: Period) -> TaxProof:
    """The proof of a period, or why there is none now."""
    if not ledger.policy.p21:
        return TaxProof((), "No P21 is connected to this ledger.")
    try:
        return prove_taxes(ports, ledger, period)
    except Failed as error:
        return TaxProof((), error.failure.sentence)


def prove_taxes(ports: Ports, ledger: LedgerRow, period: Period) -> TaxProof:
    """Every document of the period; what P21 cannot be asked for is not proven. Raises Failed."""
    home, p21_name = ledger.policy.ledger_currency, ledger.policy.p21
    with ports.books.reading() as db:
        sent = sent_taxes(db, ledger.connection, p21_name, period, home)
    _, p21 = ports.connections.p21(p21_name)
    asked = {one.reference for one in sent[:ASKED_MAX]}
    read = [one for one in sent if one.reference in asked]
    records = {entity: p21.documents(entity, [one.key for one in read if one.entity == entity])
               for entity in sorted({one.entity for one in read})}  # fmt: skip
    made = _made(p21, [one for one in read if one.entity == ORDER])
    rest = tuple(_taxed(one, None, f"not looked at: more than {ASKED_MAX} documents") for one in sent[ASKED_MAX:])
    return TaxProof(tuple(_compared(one, records[one.entity], made.get(one.key, [])) for one in read) + rest)


def _made(p21: Prophet21, orders: Sequence[SentTax]) -> dict[str, list[MadeInvoice]]:
    """What P21 has invoiced of these orders, by order."""
    found: dict[str, list[MadeInvoice]] = {}
    for one in p21.invoices_of({each.key: each.reference for each in orders}):
        found.setdefault(one.order_no, []).append(one)
    return found


def _compared(sent: SentTax, records: Mapping[str, DocumentRecord], made: Sequence[MadeInvoice]) -> Taxed:
    record = records.get(sent.key)
    if record is None:
        return _taxed(sent, 0, "it is not in P21 any more, so P21 keeps no tax of it")
    if record.void:
        return _void(sent)
    at_p21 = _at_p21(sent, record, made)
    if at_p21 is None:
        return _taxed(sent, None, _untold(sent, record))
    return _taxed(sent, at_p21, *_why(sent, at_p21))


def _at_p21(sent: SentTax, record: DocumentRecord, made: Sequence[MadeInvoice]) -> int | None:
    """The tax of the record and, once all of an order is invoiced, of its invoices: the one that differs more.

    A line for tax is there when the total is.
    """
    if record.tax is None:
        return None
    own = _minor(record.tax, sent.currency)
    if sent.item_tax:
        return own + sent.item_tax if _minor(record.amount, sent.currency) == sent.total else None
    billed = sum((one.total for one in made), Decimal(0))
    if not made or billed < record.amount:
        return own
    invoiced = _minor(sum((one.tax for one in made), Decimal(0)), sent.currency)
    return max(own, invoiced, key=lambda one: abs(one - (sent.sent or 0)))


def _untold(sent: SentTax, record: DocumentRecord) -> str:
    if record.tax is None:
        return "P21 does not tell the tax of it"
    total = Money.rounded(record.amount, sent.currency)
    return f"the tax stands on a line, and P21's total is {total} instead of {Money(sent.currency, sent.total)}"


def _void(sent: SentTax) -> Taxed:
    """What was called off and given back whole has no tax left anywhere."""
    if sent.entity != MEMO and 0 < sent.total <= sent.given_back:
        why = "cancelled in P21, and its payment was given back whole: no tax of it is left"
        return _row(sent, 0 if sent.charged is not None else None, 0, 0, why, True)
    return _taxed(sent, 0, "it is cancelled or voided in P21, so P21 keeps no tax of it")


def _why(sent: SentTax, at_p21: int) -> tuple[str, bool]:
    """What is to be said of it, and whether it was allowed."""
    known = {one for one in (sent.charged, sent.sent, at_p21) if one is not None}
    p21, own = (Money(sent.currency, one) for one in (at_p21, sent.sent or 0))
    if len(known) == 1:
        return _missing(sent), False
    if at_p21 == sent.expected:
        return f"P21 computed {p21} when it was written, which tax_tolerance allows", True
    if at_p21 != sent.sent and sent.sent is not None:
        words = f"P21 keeps {p21} of tax, but {own} was sent"
        if sent.entity == ORDER and 0 <= at_p21 < sent.sent and sent.given_back:
            return f"{words}; {Money(sent.currency, sent.given_back)} was given back, so lines may be cancelled", True
        return f"{words}: correct it in P21, or credit the difference", False
    charged = Money(sent.currency, sent.charged or 0)
    if sent.split == sent.sent:
        return f"the credit note tells {charged} of tax; {own} was split from the sale, line by line", True
    return f"{charged} was charged, but {own} stands on our document: correct the field map and the record", False


def _missing(sent: SentTax) -> str:
    if sent.sent is None:
        return "linked by hand: Tieout sent no document of it"
    return "the source told no tax of it that is still on record" if sent.charged is None else ""


def _taxed(sent: SentTax, at_p21: int | None, why: str, allowed: bool = False) -> Taxed:
    return _row(sent, sent.charged, sent.sent, at_p21, why, allowed)


def _row(sent: SentTax, charged: int | None, own: int | None, at_p21: int | None, why: str, allowed: bool) -> Taxed:
    sign = -1 if sent.entity == MEMO else 1
    amounts = [None if one is None else sign * one for one in (charged, own, at_p21)]
    return Taxed(
        sent.entity, sent.key, sent.subject, sent.day, sent.place, sent.currency, amounts[0], sent.how, amounts[1],
        amounts[2], why, allowed,
    )  # fmt: skip


def _minor(amount: Decimal, currency: str) -> int:
    return Money.rounded(amount, currency).minor
