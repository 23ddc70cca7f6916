"""The sections of a close pack about what customers owe: sale by sale, and customer by customer (case B3)."""

from __future__ import annotations

from tieout.domain.close.figures import Figures
from tieout.domain.close.pack import CODE, MONEY, NUMBER, WORDS, Column, Rows, Section
from tieout.domain.close.words import counted, shown
from tieout.domain.reconciliation.receivables import ReceivablesProof
from tieout.kernel.money import Money

CURRENCY = Column("currency")


def owed_equation(proof: ReceivablesProof) -> str:
    """``USD: booked −50.00 = open in P21 −50.00, off by 0; 12 other documents in P21 come to 3,400.00``."""
    if proof.unread:
        return f"Not proven: {proof.unread}"
    booked, at_p21 = (shown(one, proof.currency) for one in (proof.booked, proof.at_p21))
    same = "=" if proof.booked == proof.at_p21 else "≠"
    off = shown(proof.off, proof.currency) if proof.off else "0"
    rest = f"{counted(proof.others_count, 'other document')} in P21, no link of ours, come to {shown(proof.others, proof.currency)}"
    unread = sum(one.unread for one in proof.sales)
    left = f" {counted(unread, 'sale')} not looked at." if unread else ""
    return f"Customers owe {booked} in the books {same} {at_p21} open in P21 for the same documents, off by {off}. {rest}.{left}"


def owed_by_document(figures: Figures) -> Section:
    """Every sale on which something is open, in the books or in P21."""
    columns = (
        Column("customer in P21", CODE), Column("of", CODE), Column("P21 records", WORDS), CURRENCY, Column("booked", MONEY),
        Column("open in P21", MONEY), Column("held on orders", MONEY), Column("off by", MONEY), Column("why", WORDS),
    )  # fmt: skip
    proof = figures.outside.owed
    home = proof.currency or figures.currency
    rows: Rows = tuple(
        (
            one.customer, ", ".join(one.subjects[:3]), one.documents, home.upper(), Money(home, one.booked),
            Money(home, sum(each.value for each in one.open)), Money(home, one.held), Money(home, one.off), one.why,
        )
        for one in sorted(proof.sales, key=lambda one: (-abs(one.off), one.customer, one.subjects))
    )  # fmt: skip
    empty = "Nothing is open on a document of ours." if not proof.unread else ""
    return Section(
        "owed_by_document", "What customers owe, by document", columns, rows, empty or f"Not proven: {proof.unread}",
        (owed_equation(proof),), "Receivables, credits and deposits together. P21 tells what is open now.",
    )  # fmt: skip


def owed_by_customer(figures: Figures) -> Section:
    """The same by customer, and in sum."""
    columns = (
        Column("customer in P21", CODE),
        CURRENCY,
        Column("booked", MONEY),
        Column("in P21", MONEY),
        Column("off by", MONEY),
        Column("sales", NUMBER),
    )
    proof = figures.outside.owed
    home = proof.currency or figures.currency
    count: dict[str, int] = {}
    for sale in proof.sales:
        count[sale.customer] = count.get(sale.customer, 0) + 1
    rows: Rows = tuple(
        (
            customer or "none",
            home.upper(),
            Money(home, booked),
            Money(home, at_p21),
            Money(home, booked - at_p21),
            count[customer],
        )
        for customer, (booked, at_p21) in proof.customers().items()
    )
    foot = f"In all {shown(proof.booked, home)} booked, {shown(proof.at_p21, home)} in P21." if rows else ""
    return Section(
        "owed_by_customer",
        "What customers owe, by customer",
        columns,
        rows,
        "No customer owes or is owed anything.",
        (),
        foot,
    )
