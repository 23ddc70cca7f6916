"""Tieout's own books for a pretend Stripe account, driven by the processes of the product."""

from __future__ import annotations

import calendar
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import cast

import sqlalchemy as sa

from bench._planted import Seen
from bench._statement_world import BEGAN, DAY_SECONDS, StatementWorld, day_name, payout_id
from tieout.connectors.p21._face import Prophet21
from tieout.connectors.stripe.client import Stripe
from tieout.domain.ledger.period import Period
from tieout.domain.ledger.policy import Policy
from tieout.domain.reconciliation.match import Break
from tieout.nodes._ports import Connections, Ports
from tieout.operations.keep_payout import keep_payout
from tieout.operations.keep_statement import keep_statement
from tieout.processes.audit_rows import audit_rows
from tieout.processes.import_balance import import_balance
from tieout.processes.match_bank import match_bank
from tieout.processes.prove_balance import prove_balance
from tieout.processes.reconcile_payout import reconcile_payout
from tieout.store import exceptions, intents, ledgers
from tieout.store.database import open_file, open_memory
from tieout.store.exceptions import BREAK
from tieout.store.tables import book_tables, inbox_tables

STRIPE, P21 = "stripe", "p21"
POLICY = Policy(p21=P21, closed_period="reject")
RATES = {"eur": "1.0%02d7", "gbp": "1.2%02d3", "jpy": "0.0066%02d"}


@dataclass(frozen=True, slots=True)
class _Desk:
    """The connections of a world: Stripe, P21 and nothing else."""

    world: StatementWorld

    def stripe(self, _name: str) -> Stripe:
        return cast(Stripe, self.world)

    def p21(self, _name: str = "") -> tuple[str, Prophet21]:
        return P21, cast(Prophet21, self.world)


@dataclass(frozen=True, slots=True)
class Books:
    """The books of one world, in one file."""

    world: StatementWorld
    path: Path
    ports: Ports

    def take_in(self) -> int:
        """Import every row and post it; answers how many rows were seen."""
        return import_balance(self.ports, STRIPE).rows

    def link_documents(self) -> None:
        """As if workflows had written a receipt for every payment and a memo for every refund."""
        for number in range(self.world.payouts_count):
            rows = [
                {"connection": P21, "reference": key, "entity": entity, "key": key, "origin": STRIPE,
                 "subject": subject, "run": "R1", "at": 0.0}
                for entity, subject, key in self.world.links(number)
            ]  # fmt: skip
            with self.ports.books.transaction() as db:
                intents.link(db, rows)

    def edit_behind_our_back(self) -> None:
        """Run the planted statements on a connection of its own, triggers off."""
        with sqlite3.connect(self.path) as db:
            for (trigger,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
                db.execute(f"DROP TRIGGER {trigger}")
            for source, statement in self.world.planted.edits:
                (entry,) = db.execute("SELECT seq FROM entries WHERE source = ?", (source,)).fetchone()
                assert db.execute(statement, {"entry": entry}).rowcount
        db.close()

    def look(self) -> set[Seen]:
        """Audit every row, match the bank, look at every payout, prove the balance: all that was said, as (about, code)."""
        seen = {(one.about, one.code) for one in self.audit()}
        self.receive_bank()
        for payout in range(self.world.payouts_count):
            seen |= {(one.about, one.code) for one in reconcile_payout(self.ports, STRIPE, payout_id(payout)).breaks}
        prove_balance(self.ports, STRIPE)
        with self.ports.books.reading() as db:
            opened = exceptions.opened(db, STRIPE)
        return seen | {(one.about, one.code.removeprefix(BREAK)) for one in opened}

    def audit(self) -> list[Break]:
        """The breaks of an audit of every row."""
        since = BEGAN - 3 * DAY_SECONDS
        return list(audit_rows(self.ports, STRIPE, since, self.world.ends).breaks)

    def receive_bank(self) -> None:
        """Keep every payout and the bank's lines, and match them."""
        for payout in self.world.payouts(0, self.world.ends):
            keep_payout(self.ports.books, STRIPE, payout)
        keep_statement(self.ports.books, self.world.statement(), "statement", self.ports.clock())
        match_bank(self.ports, STRIPE)

    def verdicts(self) -> Counter[str]:
        """How many payouts have which verdict."""
        with self.ports.books.reading() as db:
            return Counter(db.execute(sa.text("SELECT verdict FROM payouts")).scalars())


@contextmanager
def books_of(world: StatementWorld, folder: Path) -> Iterator[Books]:
    """New books in a folder, with policy, rates and periods; October 2026 is closed."""
    path = folder / "books.sqlite"
    books, box = open_file(path, book_tables), open_memory(inbox_tables)
    with books.transaction() as db:
        ledgers.put_policy(db, STRIPE, POLICY, 0.0)
        ledgers.put_rates(db, POLICY.ledger_currency, _rates(world))
        ledgers.put_periods(db, P21, _periods(world))
    desk = cast(Connections, _Desk(world))
    try:
        yield Books(world, path, Ports(box, books, lambda: float(world.ends), lambda: 0.5, desk))
    finally:
        books.close()
        box.close()


def _rates(world: StatementWorld) -> Iterator[tuple[str, str, Decimal]]:
    for place, moment in enumerate(range(BEGAN - 7 * DAY_SECONDS, world.ends, 3 * DAY_SECONDS)):
        yield from ((currency, day_name(moment), Decimal(form % (place % 100))) for currency, form in RATES.items())


def _periods(world: StatementWorld) -> Iterator[Period]:
    """Months from October 2026 until everything has arrived."""
    begins, number = date(2026, 10, 1), 0
    while begins.isoformat() <= day_name(world.ends):
        ends = begins.replace(day=calendar.monthrange(begins.year, begins.month)[1])
        yield Period(begins.year, begins.month, begins.isoformat(), ends.isoformat(), closed=not number)
        begins, number = ends + timedelta(days=1), number + 1
