"""A simulated world that bills: Stripe's invoices and credit notes are written to P21 and booked, to be looked at by figures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from tests.simulation.books import LEDGER, PLAIN, Books
from tests.simulation.world import Shape
from tieout.app.house import template
from tieout.operations.publish_workflow import publish_workflow
from tieout.store.tables import alerts, runs

GATEWAY = Shape(p21_settings={"dialect": "gateway"})
DIALECTS = {"the middleware": PLAIN, "a REST gateway": GATEWAY}
BAD_DEBT, OTHER_BANK = "64620", "1"


class Billing(Books):
    """A world with ``stripe_invoice`` and ``credit_note`` published; ``settings`` are those of ``stripe_invoice`` that are set."""

    def __init__(self, seed: int = 1, shape: Shape = PLAIN, *, policy: Mapping[str, Any] | None = None) -> None:
        super().__init__(seed, shape=shape, policy=policy)
        self.publish()
        self.customer = self.stripe_account.add_customer(name="Ada Oregon", email="ada@oregon.example")

    def publish(self, **settings: str) -> None:
        """Publish both, with these settings."""
        invoices = template("stripe_invoice")
        assert set(settings) <= set(invoices.settings)
        drawn = replace(invoices, settings={**invoices.settings, **settings})
        publish_workflow(self.books, drawn, self.clock.now())
        publish_workflow(self.books, template("credit_note"), self.clock.now())

    def invoice(self, *amounts: int, **given: Any) -> str:
        """A final invoice with lines of these amounts, in minor units."""
        lines = [{"description": f"Line {i}", "unit_amount": each} for i, each in enumerate(amounts, 1)]
        made = self.stripe_account.open_invoice(self.customer, lines=lines, **given)
        self.rest()
        return made

    def rest(self) -> None:
        """Let everything happen, and post it."""
        self.settle()
        self.do("periods", "import", "documents")

    def stands(self, *names: str) -> dict[str, int]:
        """What these accounts of the books come to in dollars' cents; those of the sum of receivables and credits by default."""
        kept = self.balances()
        return {
            name: kept.get((name, "usd"), (0, 0))[0] for name in names or ("accounts_receivable", "customer_credits")
        }

    def p21(self, kind: str) -> list[Decimal]:
        """The amounts of the live records of ours in P21: invoices, credit_memos, payments."""
        return [
            Decimal(row["amount"]) for row in self.p21_tenant.books()[kind] if row["reference"] and not row["voided"]
        ]

    def parked(self) -> list[str]:
        """The sentences of what is parked."""
        with self.books.reading() as db:
            found = db.execute(sa.select(runs.c.sentence).where(runs.c.state == "parked")).scalars()
            return [str(one) for one in found]

    def told(self) -> str:
        """What people were told, one sentence a line."""
        with self.books.reading() as db:
            return "\n".join(str(one) for one in db.execute(sa.select(alerts.c.sentence)).scalars())


def kinds(world: Billing) -> set[str]:
    """The kinds of entries in the books."""
    from tieout.store import journal

    with world.books.reading() as db:
        return {one.entry.kind for one in journal.walk(db, LEDGER)}
