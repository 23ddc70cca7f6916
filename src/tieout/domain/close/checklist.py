"""The checklist of a close: each item with its state, its figure, and what to do (accounting C9)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tieout.domain.close import kinds
from tieout.domain.close.figures import Figures, RefundOwed
from tieout.domain.close.period_proof import off_words
from tieout.domain.close.verdict import unexplained
from tieout.domain.close.words import counted, moment, shown, sums
from tieout.domain.ledger.account import ACCOUNTS, FX, REFUNDS_PAYABLE, SUSPENSE

DONE, OPEN, BLOCKED = "done", "open", "blocked"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to prove. Open is work that goes on; blocked must be cleared, or given a reason, before anybody signs."""

    name: str
    title: str
    state: str
    figure: str
    act: str = ""


def checklist(figures: Figures) -> tuple[Item, ...]:
    """All items, in the order in which they are worked off."""
    return (
        _imported(figures),
        _proof(figures),
        _payouts(figures),
        _transit(figures),
        *_exceptions(figures),
        _balance_left(figures, SUSPENSE, "suspense", "Move it to the right account with an entry and a reason.", BLOCKED),
        _refunds(figures),
        _disputes(figures),
        *_ledger(figures),
        *_reports(figures),
        _foreign(figures),
        _receivables(figures),
        *_owed(figures),
        *_taxes(figures),
    )  # fmt: skip


def blocked(items: Iterable[Item]) -> tuple[Item, ...]:
    """What stands in the way of a signature."""
    return tuple(one for one in items if one.state == BLOCKED)


def _item(name: str, title: str, fine: bool, figure: str, act: str, otherwise: str = BLOCKED) -> Item:
    return Item(name, title, DONE, figure) if fine else Item(name, title, otherwise, figure, act)


def _imported(figures: Figures) -> Item:
    until = moment(figures.imported_until, figures.zone) if figures.imported_until else "nothing yet"
    ended = figures.at >= figures.ends_at
    act = "Wait for the last day to be over." if not ended else "Read the rows: tieout ledger prove"
    fine = ended and figures.imported_until >= figures.ends_at
    return _item("imported", "Every row of Stripe is imported", fine, f"until {until}", act)


def _proof(figures: Figures) -> Item:
    if figures.outside.no_proof:
        act = f"Stripe's balance cannot be read now: {figures.outside.no_proof}"
        return Item("proof", "Rows, Stripe and ledger agree", BLOCKED, "not proven now", act)
    off = off_words(figures.proofs)
    act = "Audit the postings: tieout ledger audit. What is off is named under the open exceptions."
    return _item("proof", "Rows, Stripe and ledger agree", off == "0", f"off by {off}", act)


def _payouts(figures: Figures) -> Item:
    tied, count = sum(one.tied_out for one in figures.payouts), len(figures.payouts)
    without = [one.payout.id for one in figures.payouts if not one.explained]
    if without:
        act = f"Nothing explains {', '.join(without[:3])}. Look at them: tieout payouts --look"
        return Item("payouts", "Every payout is tied out", BLOCKED, f"{tied} of {count}", act)
    act = "Import the bank's statement, or resolve what is open: tieout payouts"
    return _item("payouts", "Every payout is tied out", tied == count, f"{tied} of {count}", act, OPEN)


def _transit(figures: Figures) -> Item:
    words = f"{len(figures.transit)} on the way, {sums((one.currency, one.amount) for one in figures.transit)}"
    act = "Import the bank's statement: tieout bank import FILE. Of what it never shows, ask Stripe."
    return _item("transit", "Nothing is on its way to the bank", not figures.transit, words, act, OPEN)


def _exceptions(figures: Figures) -> Iterator[Item]:
    """Rows that are nowhere stop a close; what is named and open does not, but is shown."""
    lost = figures.unposted + figures.strays
    words = f"{counted(figures.unposted, 'row')}, {counted(figures.strays, 'posting')}"
    act = "Audit the postings: tieout ledger audit"
    yield _item("gaps", "Every row has one posting or one exception", not lost, words, act)
    waiting = [one for one in figures.of_period if one.kind == kinds.ROWS and not one.resolution]
    act = waiting[0].sentence if waiting else ""
    yield _item("rows", "No row waits to be posted", not waiting, counted(len(waiting), "row"), act)
    left = [one for one in figures.open if one.kind != kinds.ROWS]
    act = "Resolve each with an entry and a reason: tieout exceptions"
    yield _item("exceptions", "No exception is open", not left, counted(len(left), "exception"), act, OPEN)
    unknown = unexplained(figures)
    act = "Look at the payouts and audit the postings again; what stays has no name yet."
    yield _item("explained", "Every break is explained", not unknown, f"{unknown} unexplained", act)


def _balance_left(figures: Figures, account: str, name: str, act: str, otherwise: str) -> Item:
    left = figures.standing(account)
    return _item(name, f"{ACCOUNTS[account].title} is empty", not left, sums(left.items()), act, otherwise)


def _refunds(figures: Figures) -> Item:
    """A customer is paid only what was owed on the last day and is owed still; a debit is owed to nobody (case P6)."""
    title = f"{ACCOUNTS[REFUNDS_PAYABLE].title} is empty"
    due = [one for one in figures.refunds if one.owed > 0 and one.now > 0]
    over = [one for one in figures.refunds if one.owed < 0 and one.now < 0]
    gone = len(figures.refunds) - len(due) - len(over)
    parts = [
        f"{sums((one.currency, one.now) for one in due)} owed" if due else "",
        f"{sums((one.currency, -one.now) for one in over)} in debit" if over else "",
        f"{gone} settled since" if gone else "",
    ]
    figure = ", ".join(filter(None, parts)) or "0"
    pay = f"Pay {_named(due)} another way, then post the payment." if due else ""
    look = (
        f"Nothing is owed to {_named(over)}: more was paid back than failed. See tieout explain {over[0].subject}"
        if over
        else ""
    )
    return _item("refunds", title, not (due or over), figure, " ".join(filter(None, (pay, look))), OPEN)


def _named(owed: Sequence[RefundOwed]) -> str:
    names = ", ".join(one.subject for one in owed[:3])
    return f"{names} and {counted(len(owed) - 3, 'other')}" if len(owed) > 3 else names


def _disputes(figures: Figures) -> Item:
    reserve = sums((one.currency, one.reserve) for one in figures.disputes)
    words = f"{counted(len(figures.disputes), 'dispute')}, reserve {reserve}"
    act = figures.outside.no_stages or "Answer them at Stripe; decide whether to reserve what may be lost."
    return _item("disputes", "No dispute is open", not figures.disputes, words, act, OPEN)


def _ledger(figures: Figures) -> Iterator[Item]:
    missing, due = figures.unmapped, figures.journals_due + figures.unjournaled
    act = f"Map {', '.join(missing[:3])}: tieout ledger accounts"
    yield _item("accounts", "Every account has a P21 number", not missing, f"{len(missing)} missing", act)
    words = (
        f"{counted(figures.journals_due, 'journal')} due, {counted(figures.unjournaled, 'entry', 'entries')} in none"
    )
    act = "Write them: tieout ledger post. A parked one says why: tieout runs --state parked"
    yield _item("journals", "Every journal is in P21", not due, words, act)
    act = "Their period was closed in P21 when they were written. Agree on the period with whoever closes P21."
    moved = counted(len(figures.moved), "journal")
    yield _item("moved", "No journal stands in P21 on another day", not figures.moved, moved, act, OPEN)
    off = sums(figures.off_balance)
    yield _item(
        "balanced",
        "The trial balance is balanced",
        not figures.off_balance,
        f"off by {off}",
        "Report this: it is a defect.",
    )
    chain = f"{counted(figures.chain.seq, 'entry', 'entries')}, {figures.chain.hash[:12]}"
    yield _item("chain", "The chain of hashes is whole", not figures.chain.broken, chain, figures.chain.broken)


def _reports(figures: Figures) -> Iterator[Item]:
    """What is only shown: nothing has to be done about it."""
    late = figures.late
    words = f"{late.count} since {late.period} was closed" if late.period else "nothing was closed before"
    yield Item("late", "Late rows of closed periods", DONE, words)
    yield Item("corrections", "Corrections", DONE, counted(figures.corrections_count, "entry", "entries"))
    waiting = sums((one.currency, one.amount) for one in figures.pending)
    act = "No entry is made before Stripe has the money; they come by themselves."
    words = f"{counted(len(figures.pending), 'payment')}, {waiting}"
    yield _item("pending", "No bank payment is pending", not figures.pending, words, act, OPEN)


def _foreign(figures: Figures) -> Item:
    without = [one for one in figures.foreign if one.worth is None]
    if without:
        return Item("revalued", "Foreign money is revalued", BLOCKED, "no rate", f"{without[0].why}. Enter the rate.")
    left = [one for one in figures.foreign if one.difference]
    difference = shown(sum(one.difference for one in left), figures.currency)
    realised = sum(one.closing_value - one.opening_value for one in figures.rolls if one.account == FX)
    due = f"{len(left)} to post, {difference} in all" if left else "nothing to post"
    words = f"{due}; {shown(-realised, figures.currency)} gained in the period"
    act = f"Post it: tieout close revalue {figures.connection} --period {figures.period.name}"
    return _item("revalued", "Foreign money is revalued", not left, words, act, OPEN)


def _owed(figures: Figures) -> Iterator[Item]:
    """That clearing is off by nothing says nothing about what customers owe: a proof of its own (case B3)."""
    title, proof = "What customers owe agrees with P21, by document", figures.outside.owed
    if not figures.p21:
        return
    if proof.unread:
        yield Item("owed", title, OPEN, "not proven now", proof.unread)
        return
    act = f"{proof.apart[0].why}. All of them: tieout ledger prove" if proof.off else ""
    words = f"off by {shown(proof.off, proof.currency) if proof.off else '0'} on {counted(len(proof.apart), 'sale')}"
    yield _item("owed", title, not proof.off, words, act)


def _taxes(figures: Figures) -> Iterator[Item]:
    """What differs must be cleared; what was allowed when it was written, or cannot be proven, goes on."""
    title, proof = "Tax charged is tax on documents and in P21", figures.outside.taxes
    if not figures.p21:
        return
    if proof.unread:
        yield Item("taxes", title, OPEN, "not proven now", proof.unread)
        return
    differ, rest = proof.differ, proof.allowed + proof.unproven
    off = sums((one.currency, one.off) for one in (*differ, *proof.allowed))
    words = f"off by {off} on {counted(len(differ) + len(proof.allowed), 'document')}"
    words = f"{words}, {len(proof.unproven)} not proven" if proof.unproven else words
    first = next(iter(differ + rest), None)
    act = f"{first.named}: {first.why}. All of them: tax_by_document in the close pack" if first else ""
    yield _item("taxes", title, first is None, words, act, BLOCKED if differ else OPEN)


def _receivables(figures: Figures) -> Item:
    found = figures.outside
    if found.no_receivables:
        return Item("receivables", "P21's receivables are aged", OPEN, "not read", found.no_receivables)
    late = [(one.currency, one.late) for one in found.receivables if one.late]
    credits = [(one.currency, -one.credits) for one in found.receivables if one.credits]
    figure = f"{sums(late)} past due"
    figure = f"{figure}, {sums(credits)} of credits open" if credits else figure
    collect = "Collect what is past due, or say in P21 why not." if late else ""
    apply_ = "Apply the open credits to invoices in P21, or pay them back." if credits else ""
    act = " ".join(filter(None, (collect, apply_)))
    return _item("receivables", "P21's receivables are aged", not act, figure, act, OPEN)
