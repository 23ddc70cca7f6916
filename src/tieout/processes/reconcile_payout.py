"""Proves a payout: Stripe's lines against the books, the books against P21, the payout against the bank (M9; C3).

It may be looked at any number of times; each look reads Stripe and P21 afresh and replaces the verdict of the last.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from tieout.connectors.stripe.client import Stripe
from tieout.domain.ledger.balance_change import BalanceChange
from tieout.domain.ledger.posting import Book
from tieout.domain.reconciliation.match import Break, row_breaks
from tieout.domain.reconciliation.statement import Payout
from tieout.domain.reconciliation.verdict import (
    BROKEN,
    NOT_BOOKED,
    WAITING,
    Lines,
    Verdict,
    line_breaks,
    own_breaks,
    verdict,
)
from tieout.kernel import crash
from tieout.kernel.failures import Failed, Fix
from tieout.kernel.log import log
from tieout.nodes._ports import Ports
from tieout.operations.judge_payout import judge_payout
from tieout.operations.keep_changes import keep_changes
from tieout.operations.keep_payout import keep_payout, keep_payout_lines
from tieout.processes._documents import Documents
from tieout.processes._sights import sights_of
from tieout.processes._transit import settle_transit
from tieout.store import balance, exceptions, ledgers, payouts
from tieout.store.payouts import received

crash.register("reconcile.after_page", "reconcile.before_verdict")


@dataclass(slots=True)
class _Look:
    """One look under way: what was added up, what does not match, and what it must wait for."""

    lines: Lines
    breaks: list[Break] = field(default_factory=list)
    looked_at: list[str] = field(default_factory=list)
    waits: set[str] = field(default_factory=set)


def reconcile_payout(ports: Ports, connection: str, payout_id: str) -> Verdict:
    """Look at a payout and keep the verdict. Failed(Fix) when Stripe has no such payout; Failed(Retry) when one is away."""
    stripe = ports.connections.stripe(connection)
    payout = stripe.payout(payout_id)
    if payout is None:
        raise Failed(Fix("payout.missing", f"Stripe has no payout {payout_id}.", field="payout", value=payout_id))
    keep_payout(ports.books, connection, payout)
    with ports.books.reading() as db:
        book = ledgers.book(db, connection)
    look = _Look(Lines(payout))
    documents = Documents(ports, connection, book.policy.p21)
    if payout.automatic and payout.complete:
        for page in _pages(stripe, payout.id):
            _look_at(ports, connection, page, book, look, documents)
        look.breaks += line_breaks(look.lines)
    look.breaks += own_breaks(payout, _own_rows(ports, connection, stripe, payout, book))
    settle_transit(ports, connection, payout, book)
    crash.crash_point("reconcile.before_verdict")
    found = _verdict(ports, connection, look)
    state = judge_payout(ports.books, connection, look.lines, found, look.looked_at, ports.clock())
    found = replace(found, state=state)
    log(
        "payout looked at", logging.INFO, payout=payout.id, verdict=found.state, breaks=len(found.breaks), why=found.why
    )
    return found


def _pages(stripe: Stripe, payout: str) -> Iterator[tuple[BalanceChange, ...]]:
    after = ""
    while True:
        page = stripe.payout_page(payout, after)
        yield page.changes
        if not page.after:
            return
        after = page.after


def _look_at(
    ports: Ports, connection: str, shown: tuple[BalanceChange, ...], book: Book, look: _Look, documents: Documents
) -> None:
    """Post what of a page is not posted yet, then compare it line by line with Stripe and with P21."""
    keep_changes(ports.books, connection, shown, book, ports.clock())
    keep_payout_lines(ports.books, connection, look.lines.payout.id, [one.id for one in shown])
    crash.crash_point("reconcile.after_page")
    since = tuple(one for one in shown if book.begun(one.created))
    for before in (one for one in shown if not book.begun(one.created)):
        look.lines.add(before, before.net)  # it is in the opening balance
    for sight in sights_of(ports.books, connection, since):
        assert sight.shown is not None, "the sights of what Stripe shows"
        look.breaks += row_breaks(sight, book)
        unposted = sight.entry is None and sight.excepted
        if unposted:
            look.waits.add("some of its rows are not posted; see the open exceptions")
        look.lines.add(sight.shown, sight.entry.cleared if sight.entry else sight.shown.net if unposted else 0)
    look.looked_at += [one.id for one in shown]
    seen = documents.look(since)
    look.breaks += seen.breaks
    look.waits |= seen.waits
    look.looked_at += seen.looked_at


def _own_rows(ports: Ports, connection: str, stripe: Stripe, payout: Payout, book: Book) -> dict[str, BalanceChange]:
    """The rows by which the payout left the balance and came back, read now if they are not kept."""
    wanted = [one for one in (payout.own_row, payout.return_row) if one]
    with ports.books.reading() as db:
        kept = {one.id: one for one in balance.numbered(db, connection, wanted)}
    fresh = [row for one in wanted if one not in kept and (row := stripe.balance_change(one))]
    if fresh:
        keep_changes(ports.books, connection, fresh, book, ports.clock())
    return kept | {one.id: one for one in fresh}


def _verdict(ports: Ports, connection: str, look: _Look) -> Verdict:
    payout = look.lines.payout
    with ports.books.reading() as db:
        matched = payouts.deposits_of(db, connection, payout.id)
        if exceptions.opened(db, connection, payout=payout.id, code=exceptions.PERIOD):
            look.waits.add(NOT_BOOKED)
    found = verdict(payout, look.breaks, received(matched))
    if look.waits and found.state != BROKEN:
        return Verdict(WAITING, why="; ".join(sorted(look.waits)))
    return found
