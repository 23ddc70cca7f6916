"""A person says which payout a line of the bank is, where the matchers could not or must not (M9; accounting C3 I5)."""

from __future__ import annotations

from dataclasses import replace

from tieout.domain.reconciliation.deposit import BankLine
from tieout.kernel.failures import Failed, Fix
from tieout.nodes._ports import Ports
from tieout.operations.decision import Decision, check_words
from tieout.processes._deposits import Keeper
from tieout.processes.reconcile_payout import reconcile_payout
from tieout.queries.bank_leg import Sent, sent_by_every
from tieout.store import bank, payouts
from tieout.store.payouts import BY_PERSON, DepositRow

LINE_CHARS_MIN = 4


def match_line(ports: Ports, line_id: str, paid: str, decision: Decision) -> str:
    """Keep that a line is a payout's or a top-up's, post it, and look at the payout again; answers its verdict.

    ``line_id`` may be the beginning of an id; a top-up is named by its row, and has no verdict. What the line has less or
    more than the payout stays a break. Failed(Fix) says what does not fit, and then nothing is kept.
    """
    check_words(decision)
    line = _free_line(ports, line_id)
    connection, sent = _sender(ports, paid)
    currency = sent.currency(paid)
    if line.currency != currency:
        sentence = f"The line is in {line.currency.upper()}, and {paid} is in {currency.upper()}. Name another line."
        raise Failed(Fix("bank.currency", sentence, field="LINE", value=line_id))
    keeper = Keeper(ports, connection, sent.book, sent.left())
    found = [DepositRow(connection, paid, line.id, line.amount, BY_PERSON, line.day)]
    if why := keeper.keep(found, {line.id: line}, decision.actor.strip(), decision.reason.strip()):
        raise Failed(replace(why, sentence=f"The line cannot be matched with {paid} now: {why.sentence}"))
    is_top_up = any(paid == one.id for one in sent.top_ups)
    return "" if is_top_up else reconcile_payout(ports, connection, paid).state


def _free_line(ports: Ports, line_id: str) -> BankLine:
    with ports.books.reading() as db:
        found = bank.beginning(db, line_id) if len(line_id) >= LINE_CHARS_MIN else []
        matched = [one for one in payouts.deposits_of(db) if found and one.line == found[0].id]
    if len(found) != 1:
        why = "several lines begin so" if found else "no line of the bank begins so"
        sentence = f"{line_id!r}: {why}. List those that are open with: tieout bank lines --unmatched"
        raise Failed(Fix("bank.line", sentence, field="LINE", value=line_id))
    if matched:
        named = ", ".join(sorted({one.payout for one in matched}))
        raise Failed(Fix("bank.taken", f"That line is matched with {named} already.", field="LINE", value=line_id))
    return found[0]


def _sender(ports: Ports, paid: str) -> tuple[str, Sent]:
    for connection, sent in sent_by_every(ports.books).items():
        if paid in sent.left():
            return connection, sent
    sentence = f"No payout and no top-up {paid!r} is in the books. List them with: tieout payouts"
    raise Failed(Fix("payout.unknown", sentence, field="PAYOUT", value=paid))
