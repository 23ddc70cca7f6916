"""The sections of a close pack about tax: charged, on our documents and in P21, by jurisdiction and by document."""

from __future__ import annotations

from tieout.domain.close.figures import Figures
from tieout.domain.close.pack import CODE, MONEY, NUMBER, WORDS, Cell, Column, Rows, Section
from tieout.domain.close.words import counted, shown, sums
from tieout.domain.reconciliation.taxes import PlaceSum, Taxed, TaxProof
from tieout.kernel.money import Money

CURRENCY = Column("currency")
THREE = (Column("charged", MONEY), Column("on our documents", MONEY), Column("in P21", MONEY), Column("off by", MONEY))
NONE = "No order, invoice or credit memo was written of this period."
FOOT = (
    "Credit memos are negative. Charged is what the source told; Stripe tells no tax of a refund, so that is the part which "
    "was split from the sale. P21 tells what it keeps now. Sums are of the documents that are proven."
)


def tax_equations(proof: TaxProof) -> tuple[str, ...]:
    """``USD: tax charged 2.81 = on our documents 2.81 = in P21 2.81, off by 0 on 3 documents``, for each currency."""
    if proof.unread:
        return (f"Not proven: {proof.unread}",)
    places = proof.places()
    return tuple(
        _equation(currency, [one for one in places if one.currency == currency])
        for currency in sorted({one.currency for one in places})
    )


def _equation(currency: str, places: list[PlaceSum]) -> str:
    charged, sent, at_p21, off, left = (
        sum(each)
        for each in zip(*((one.charged, one.sent, one.at_p21, one.off, one.left) for one in places), strict=True)
    )
    unproven, count = sum(one.unproven for one in places), sum(one.documents for one in places)
    words = f"tax charged {shown(charged, currency)} {_sign(charged, sent)} on our documents {shown(sent, currency)}"
    words = f"{words} {_sign(sent, at_p21)} in P21 {shown(at_p21, currency)}"
    words = f"{words}, off by {shown(off, currency) if off else '0'} on {counted(count, 'document')}"
    if not unproven:
        return f"{words}."
    return f"{words}; {unproven} of them not proven, with {shown(left, currency)} on our documents, and in no sum."


def _sign(one: int, other: int) -> str:
    return "=" if one == other else "≠"


def tax_by_jurisdiction(figures: Figures) -> Section:
    """Every jurisdiction and currency with the three sums."""
    proof = figures.outside.taxes
    columns = (
        Column("jurisdiction", CODE), CURRENCY, Column("documents", NUMBER), *THREE, Column("differ", NUMBER),
        Column("not proven", NUMBER), Column("of those on our documents", MONEY),
    )  # fmt: skip
    rows: Rows = tuple(
        (
            one.place, one.currency.upper(), one.documents, *(Money(one.currency, each) for each in
            (one.charged, one.sent, one.at_p21, one.off)), one.differ, one.unproven, Money(one.currency, one.left),
        )
        for one in proof.places()
    )  # fmt: skip
    empty = f"Not proven: {proof.unread}" if proof.unread else NONE
    return Section("tax_by_jurisdiction", "Tax by jurisdiction", columns, rows, empty, tax_equations(proof), FOOT)


def tax_by_document(figures: Figures) -> Section:
    """Every document of the period, those that differ or are not proven first."""
    proof = figures.outside.taxes
    columns = (
        Column("document"), Column("number", CODE), Column("of", CODE), Column("day"), Column("jurisdiction", CODE), CURRENCY,
        *THREE, Column("charged is", WORDS), Column("why", WORDS),
    )  # fmt: skip
    order = sorted(proof.documents, key=lambda one: (-one.off, one.proven, one.place, one.day, one.key))
    rows: Rows = tuple(_row(one) for one in order)
    empty = f"Not proven: {proof.unread}" if proof.unread else NONE
    off = sums((one.currency, one.off) for one in proof.documents)
    foot = f"Off by {off} in all. An empty amount is not known, not nothing." if rows else ""
    return Section("tax_by_document", "Tax by document", columns, rows, empty, (), foot)


def _row(one: Taxed) -> tuple[Cell, ...]:
    title, _, _ = one.named.rpartition(" ")
    amounts = (None if each is None else Money(one.currency, each) for each in (one.charged, one.sent, one.at_p21))
    return (
        title, one.key, one.subject, one.day, one.place, one.currency.upper(), *amounts, Money(one.currency, one.off),
        one.how, one.why,
    )  # fmt: skip
