"""A person says which payout a line of the bank is, where the matchers could not or must not (M9; accounting C3 I5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tieout.domain.ledger.entry import Entry
from tieout.domain.ledger.period import Refused
from tieout.domain.ledger.standing import standing
from tieout.domain.reconciliation.deposit import BankLine
from tieout.kernel.failures import Failed, Fix
from tieout.kernel.money import Money
from tieout.nodes._ports import Ports
from tieout.operations.decision import Decision, check_approver, check_words
from tieout.operations.take_back_match import take_back_match
from tieout.processes._deposits import Keeper
from tieout.processes.reconcile_payout import reconcile_payout
from tieout.queries.bank_leg import Sent, sent_by_every
from tieout.store import bank, payouts
from tieout.store.payouts import BY_PERSON, DepositRow

LINE_CHARS_MIN = 4


def match_line(ports: Ports, line_id: str, names: Sequence[str], decision: Decision) -> dict[str, str]:
    """Keep that a line is a payout's, or exactly what is open of several; post it, and look at them again: their verdicts.

    ``line_id`` may be the beginning of an id. What no payout stands for, such as a top-up, is named by its row, must be the
    whole line, and has no verdict. What a line has less or more than its one payout stays a break. Where its period is
    closed, an approver lets it stand in the next open one. Failed(Fix) says what does not fit, and then nothing is kept.
    """
    check_words(decision)
    if decision.approver.strip():
        check_approver(decision)
    line = _line(ports, line_id)
    sent = _sender(ports, names)
    names = tuple(dict.fromkeys(sent.named(name, line.amount) for name in names))
    _check_free(ports, line)
    found = [_deposit(sent, name, line, share) for name, share in _shares(sent, names, line).items()]
    keeper = Keeper(ports, sent.connection, sent, lambda entry: _stand(sent, entry, decision))
    if waits := keeper.keep(found, {line.id: line}, decision.actor.strip(), _why(decision), decision.who):
        told = f"The line cannot be matched with {' and '.join(names)} now: {waits.sentence}"
        raise Failed(replace(waits, sentence=told))
    return _looked_at(ports, sent.connection, [name for name in names if name in sent.payouts])


def free_line(ports: Ports, line_id: str, decision: Decision) -> tuple[str, ...]:
    """Take back what a line was matched with, by a matcher or a person; answers the payouts that are free again."""
    return take_back_match(ports.books, _line(ports, line_id).id, decision)


def _line(ports: Ports, line_id: str) -> BankLine:
    with ports.books.reading() as db:
        found = bank.beginning(db, line_id)
    if len(line_id) < LINE_CHARS_MIN:
        why = f"name at least {LINE_CHARS_MIN} characters of it"
    elif len(found) == 1:
        return found[0]
    else:
        why = "several lines begin so" if found else "no line of the bank begins so"
    sentence = f"{line_id!r}: {why}. List them with: tieout bank lines"
    raise Failed(Fix("bank.line", sentence, field="LINE", value=line_id))


def _check_free(ports: Ports, line: BankLine) -> None:
    with ports.books.reading() as db:
        matched = sorted({one.payout for one in payouts.deposits_of(db) if one.line == line.id})
    if matched:
        sentence = f"That line is matched with {', '.join(matched)} already. Free it first: tieout bank unmatch"
        raise Failed(Fix("bank.taken", sentence, field="LINE", value=line.id))


def _sender(ports: Ports, names: Sequence[str]) -> Sent:
    every = sent_by_every(ports.books).values()
    for name in names:
        if not any(sent.named(name) in sent for sent in every):
            sentence = (
                f"No payout since a ledger began, and no top-up, is {name!r} in the books. "
                "List payouts with: tieout payouts"
            )
            raise Failed(Fix("payout.unknown", sentence, field="PAYOUT", value=name))
    for sent in every:
        if all(sent.named(name) in sent for name in names):
            return sent
    sentence = f"{' and '.join(names)} are not of one ledger. Name payouts of one Stripe account."
    raise Failed(Fix("payout.unknown", sentence, field="PAYOUT", value=names[0]))


def _deposit(sent: Sent, name: str, line: BankLine, share: int) -> DepositRow:
    returning = name in sent.payouts and sent.payouts[name].returned and bool(sent.shown(name))
    return DepositRow(sent.connection, name, line.id, share, BY_PERSON, line.day, back=returning)


def _shares(sent: Sent, names: Sequence[str], line: BankLine) -> dict[str, int]:
    """How much of the line is each payout's: all of it, or what the bank has still to show of each of several."""
    for name in names:
        _check_currency(sent, name, line)
    if len(names) == 1:
        _check_fit(sent, names[0], line)
        return {names[0]: line.amount}
    shares = {name: _due(sent, name) for name in names}
    shown = {name: str(Money(line.currency, share)) for name, share in shares.items()}
    if sum(shares.values()) != line.amount:
        sentence = (
            f"The line is {Money(line.currency, line.amount)}, and what the bank has still to show comes to "
            f"{Money(line.currency, sum(shares.values()))}: {', '.join(f'{name} {open_}' for name, open_ in shown.items())}. "
            "A line of several payouts must be all of it, exactly. Name the payouts that it is."
        )
        raise Failed(Fix("bank.amount", sentence, field="LINE", value=line.id))
    return shares


def _check_currency(sent: Sent, name: str, line: BankLine) -> None:
    if line.currency != sent.currency(name):
        sentence = f"The line is in {line.currency.upper()}, and {name} is in {sent.currency(name).upper()}. Name another line."
        raise Failed(Fix("bank.currency", sentence, field="LINE", value=line.id))


def _check_fit(sent: Sent, name: str, line: BankLine) -> None:
    """A line must bring nearer what the bank has still to show of it; of a top-up it is all of it."""
    due = _due(sent, name)
    whole = name in sent.rows
    if line.amount == due if whole else abs(due - line.amount) < abs(due):
        return
    asked = "is not exactly that" if whole else "does not bring it nearer"
    sentence = (
        f"The bank has still to show {Money(line.currency, due)} of {name}; a line of {Money(line.currency, line.amount)} "
        f"{asked}. Name another line or payout."
    )
    raise Failed(Fix("bank.amount", sentence, field="LINE", value=line.id))


def _due(sent: Sent, name: str) -> int:
    if due := sent.due(name):
        return due
    sentence = f"The bank has nothing of {name} to show any more. Name another payout."
    raise Failed(Fix("bank.amount", sentence, field="PAYOUT", value=name))


def _why(decision: Decision) -> str:
    approved = f" (approved by {decision.approver.strip()})" if decision.approver.strip() else ""
    return f"{decision.reason.strip()}{approved}"


def _stand(sent: Sent, entry: Entry, decision: Decision) -> Entry | Fix:
    """By the ledger's policy; where that asks an approver, one may be named at once."""
    policy = sent.book.policy.closed_period
    found = standing(entry, sent.book.calendar, policy)
    if isinstance(found, Refused) and policy == "approver" and decision.approver.strip():
        found = standing(entry, sent.book.calendar, "next_open")
    if isinstance(found, Refused):
        approve = " Or name a second person: --approver." if policy == "approver" else ""
        return Fix("bank.period", f"{found.sentence}{approve}", field="day", value=entry.day)
    return found


def _looked_at(ports: Ports, connection: str, names: Sequence[str]) -> dict[str, str]:
    verdicts, failed = dict[str, str](), list[Failed]()
    for name in names:
        try:
            verdicts[name] = reconcile_payout(ports, connection, name).state
        except Failed as error:
            again = f"The line is {name} now, but the payout could not be looked at: {error.failure.sentence}"
            failed.append(Failed(replace(error.failure, sentence=again)))
    if failed:
        raise failed[0] from None
    return verdicts
