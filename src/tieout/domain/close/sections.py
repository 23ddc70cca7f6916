"""The sections of a close pack, from its figures, in the order in which a controller reads them (accounting C9)."""

from __future__ import annotations

from collections.abc import Iterable

from tieout.domain.close.ages import DUE_AGES
from tieout.domain.close.checklist import checklist
from tieout.domain.close.figures import Figures
from tieout.domain.close.pack import CODE, MONEY, NUMBER, STATE, WORDS, Cell, Column, Rows, Section
from tieout.domain.close.period_proof import PeriodProof
from tieout.domain.close.sections_open import exceptions_by_age, exceptions_listed, payouts
from tieout.domain.close.sections_owed import owed_by_customer, owed_by_document
from tieout.domain.close.sections_tax import tax_by_document, tax_by_jurisdiction
from tieout.domain.close.words import MINUS, counted, moment, shown, sums
from tieout.domain.ledger.account import ACCOUNTS, FX, TRANSIT
from tieout.kernel.money import Money

CURRENCY = Column("currency")


def sections(figures: Figures, reasons: Iterable[tuple[str, str, str]] = ()) -> tuple[Section, ...]:
    """Every section; ``reasons`` are what people gave for items that are blocked: item, reason, who."""
    return (
        _checklist(figures, {name: f"{why} ({who})" for name, why, who in reasons}),
        _proof(figures),
        payouts(figures),
        _transit(figures),
        exceptions_by_age(figures),
        exceptions_listed(figures),
        _trial_balance(figures),
        _fees(figures),
        _receivables(figures),
        owed_by_document(figures),
        owed_by_customer(figures),
        tax_by_jurisdiction(figures),
        tax_by_document(figures),
        _corrections(figures),
        _moved(figures),
        _disputes(figures),
        _foreign(figures),
        _pending(figures),
    )


def _checklist(figures: Figures, reasons: dict[str, str]) -> Section:
    columns = (
        Column("item", CODE), Column("what", WORDS), Column("state", STATE), Column("figure"), Column("to do", WORDS),
        Column("reason given", WORDS),
    )  # fmt: skip
    rows = [
        (one.name, one.title, one.state, one.figure, one.act, reasons.get(one.name, "")) for one in checklist(figures)
    ]
    return Section("checklist", "Checklist", columns, tuple(rows), "")


def _proof(figures: Figures) -> Section:
    titles = (
        "opening",
        "activity",
        "payouts",
        "closing",
        "since then",
        "Stripe now",
        "ledger clearing",
        "booked later",
    )
    columns = (
        Column("account"), CURRENCY, *(Column(title, MONEY) for title in titles), Column("waits", MONEY),
        Column("off by", MONEY), Column("rows", NUMBER),
    )  # fmt: skip
    rows: Rows = tuple((figures.connection, one.currency.upper(), *_amounts(one), one.rows) for one in figures.proofs)
    lines = tuple(f"{figures.connection} {equation(one)}" for one in figures.proofs)
    when = f"Stripe's balance was read {moment(figures.proved_at, figures.zone)}." if figures.proved_at else ""
    return Section(
        "proof", "Proof of the balance", columns, rows, "Stripe has no balance in any currency.", lines, when
    )


def equation(proof: PeriodProof) -> str:
    """``USD: opening 0.00 + activity 90.00 − payouts 60.00 = closing 30.00 = Stripe's balance = ledger clearing, off by 0``."""
    left = f"opening {_bare(proof, proof.opening)} + activity {_bare(proof, proof.activity)}"
    left = f"{left} {MINUS} payouts {_bare(proof, proof.payouts)} = closing {_bare(proof, proof.closing)}"
    off = _bare(proof, proof.off) if proof.off else "0"
    return f"{proof.currency.upper()}: {left}{_stripe_words(proof)}{_ledger_words(proof)}, off by {off}"


def _stripe_words(proof: PeriodProof) -> str:
    same, stripe = "≠" if proof.off_stripe else "=", _bare(proof, proof.stripe)
    if proof.since:
        sign = MINUS if proof.since < 0 else "+"
        return f" ({sign} {_bare(proof, abs(proof.since))} since {same} Stripe's balance {stripe})"
    return f" {same} Stripe's balance{f' {stripe}' if proof.off_stripe else ''}"


def _ledger_words(proof: PeriodProof) -> str:
    parts = ((proof.later, "booked later"), (proof.unposted, "waiting to be posted"))
    more = "".join(f" + {_bare(proof, amount)} {what}" for amount, what in parts if amount)
    told = f" {_bare(proof, proof.clearing)}{more}" if more or proof.off_ledger else ""
    return f" {'≠' if proof.off_ledger else '='} ledger clearing{told}"


def _bare(proof: PeriodProof, minor: int) -> str:
    return shown(minor, proof.currency).rpartition(" ")[0]


def _amounts(proof: PeriodProof) -> tuple[Money, ...]:
    amounts = (
        proof.opening, proof.activity, -proof.payouts, proof.closing, proof.since, proof.stripe, proof.clearing,
        proof.later, proof.unposted, proof.off,
    )  # fmt: skip
    return tuple(Money(proof.currency, amount) for amount in amounts)


def _trial_balance(figures: Figures) -> Section:
    columns = (
        Column("group"), Column("account"), CURRENCY, Column("opening", MONEY), Column("debits", MONEY),
        Column("credits", MONEY), Column("closing", MONEY), Column("closing value", MONEY, "ledger currency"),
        Column("lines", NUMBER),
    )  # fmt: skip
    order = list(ACCOUNTS)
    rolls = sorted(figures.rolls, key=lambda one: (order.index(one.account), one.currency))
    rows: Rows = tuple(
        (
            ACCOUNTS[one.account].group, ACCOUNTS[one.account].title, one.currency.upper(),
            *(Money(one.currency, amount) for amount in (one.opening, one.debits, one.credits, one.closing)),
            Money(one.ledger_currency, one.closing_value), one.lines,
        )
        for one in rolls
    )  # fmt: skip
    foot = f"All closing values together: {sums(figures.off_balance)}."
    return Section("trial_balance", "Trial balance and roll-forward", columns, rows, "There is no entry yet.", (), foot)


def _fees(figures: Figures) -> Section:
    then = figures.before.name
    columns = (
        CURRENCY, Column("kind"), Column("fees", MONEY), Column("charged", MONEY), Column("rate %", NUMBER),
        Column(f"fees {then}", MONEY), Column(f"charged {then}", MONEY), Column(f"rate % {then}", NUMBER),
    )  # fmt: skip
    rows: Rows = tuple(
        (
            one.currency.upper(), one.kind, Money(one.currency, one.fees), Money(one.currency, one.volume), one.rate,
            Money(one.currency, one.fees_before), Money(one.currency, one.volume_before), one.rate_before,
        )
        for one in figures.fees
    )  # fmt: skip
    empty = "No fee was taken and nothing was charged."
    foot = "The rate is the fees of the period over what customers were charged in it."
    return Section("fees", "Fees", columns, rows, empty, (), foot if rows else "")


def _receivables(figures: Figures) -> Section:
    columns = (
        CURRENCY,
        *(Column(age, MONEY) for age in DUE_AGES),
        Column("open", MONEY),
        Column("documents", NUMBER),
    )
    found = figures.outside
    rows: Rows = tuple(
        (one.currency.upper(), *(Money(one.currency, amount) for amount in (*one.ages, one.total)), one.count)
        for one in found.receivables
    )
    empty = f"Not read: {found.no_receivables}" if found.no_receivables else "P21 has no open receivable."
    if not figures.p21:
        empty = "No P21 is connected to this ledger."
    foot = f"What P21 has open now, by days past due on {figures.period.ends}; documents dated after it are left out."
    return Section("receivables", "Receivables in P21 by age", columns, rows, empty, (), foot if rows else "")


def _corrections(figures: Figures) -> Section:
    columns = (
        Column("entry", NUMBER), Column("belongs to"), Column("stands on"), Column("source", CODE),
        Column("about", CODE), CURRENCY, Column("amount", MONEY), Column("why"), Column("what", WORDS),
    )  # fmt: skip
    rows: Rows = tuple(
        (one.entry, one.day, one.booked, one.source, one.subject, one.currency.upper(), Money(one.currency, one.amount), one.why, one.memo)
        for one in figures.corrections
    )  # fmt: skip
    empty = "No entry of this period corrects another."
    cut = figures.corrections_count - len(rows)
    late = figures.late
    foot = f"{counted(late.count, 'entry', 'entries')} came after {late.period} was closed." if late.period else ""
    foot = f"{foot} {counted(cut, 'more entry', 'more entries')}: tieout ledger.".strip() if cut else foot
    return Section("corrections", "Corrections", columns, rows, empty, (), foot)


def _moved(figures: Figures) -> Section:
    columns = (
        Column("journal", CODE), Column("number in P21", CODE), Column("stands here on"), Column("stands in P21 on"),
        Column("amount", MONEY),
    )  # fmt: skip
    rows: Rows = tuple(
        (one.name, one.key, one.booked, one.written, Money(figures.currency, one.amount)) for one in figures.moved
    )
    empty = "P21 has every journal on the day it has here."
    return Section("moved_journals", "Journals that P21 took on another day", columns, rows, empty, ())


def _transit(figures: Figures) -> Section:
    columns = (Column("payout or top-up", CODE), Column("since"), CURRENCY, Column("on its way", MONEY))
    rows: Rows = tuple(
        (one.name, one.since, one.currency.upper(), Money(one.currency, one.amount)) for one in figures.transit
    )
    total = sums((one.currency, one.amount) for one in figures.transit)
    foot = f"In all {total}: what the account {ACCOUNTS[TRANSIT].title} stands at." if rows else ""
    empty = "The bank has shown all that left Stripe."
    return Section("transit", f"Cash in transit on {figures.period.ends}", columns, rows, empty, (), foot)


def _disputes(figures: Figures) -> Section:
    columns = (
        Column("dispute", CODE), Column("since"), Column("stage"), CURRENCY, Column("owed", MONEY), Column("reserve", MONEY),
    )  # fmt: skip
    rows: Rows = tuple(
        (
            one.dispute,
            one.day,
            one.stage,
            one.currency.upper(),
            Money(one.currency, one.owed),
            Money(one.currency, one.reserve),
        )
        for one in figures.disputes
    )
    foot = f"What may be lost: {sums((one.currency, one.reserve) for one in figures.disputes)}." if rows else ""
    lines = (f"Stages were not read: {figures.outside.no_stages}",) if figures.outside.no_stages and rows else ()
    return Section(
        "disputes", "Disputes with money on them", columns, rows, "No money stands on a dispute.", lines, foot
    )


def _foreign(figures: Figures) -> Section:
    columns = (
        Column("account"), CURRENCY, Column("balance", MONEY), Column("in the books", MONEY, "ledger currency"), Column("rate", NUMBER),
        Column("worth", MONEY, "ledger currency"), Column("to post", MONEY, "ledger currency"),
    )  # fmt: skip
    rows: list[tuple[Cell, ...]] = []
    for one in figures.foreign:
        home = one.ledger_currency
        worth = None if one.worth is None else Money(home, one.worth)
        rows.append(
            (ACCOUNTS[one.account].title, one.currency.upper(), Money(one.currency, one.amount), Money(home, one.booked), one.rate, worth,
             Money(home, one.difference))
        )  # fmt: skip
    gained = sum(one.opening_value - one.closing_value for one in figures.rolls if one.account == FX)
    lines: tuple[str, ...] = (
        (f"Gained in the period, losses taken off: {shown(gained, figures.currency)}.",) if gained else ()
    )
    lines += tuple(dict.fromkeys(f"{one.currency.upper()}: {one.why}." for one in figures.foreign if one.why))
    empty = "No money at Stripe, or on its way, is in a foreign currency."
    return Section("fx", "Foreign currency", columns, tuple(rows), empty, lines)


def _pending(figures: Figures) -> Section:
    columns = (Column("charge", CODE), Column("announced"), CURRENCY, Column("amount", MONEY))
    rows: Rows = tuple(
        (one.charge, moment(one.received_at, figures.zone), one.currency.upper(), Money(one.currency, one.amount))
        for one in figures.pending
    )
    return Section("pending", "Bank payments that are pending", columns, rows, "No bank payment is pending.")
