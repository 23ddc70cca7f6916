"""One sale and all that may befall it, and what must stand in the end by a reference that is written by hand.

The reference knows Stripe's and P21's own records and nothing of Tieout. It follows one payment: what was taken, what went
back, whether the goods left, whether somebody cancelled the order. Where P21 does not show what the reference says, a person
must have been asked, by name: a parked run, an open exception or an alert.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from simulators.faults import Fault
from simulators.trial import workload
from simulators.trial.workload import Sale
from tests.simulation.books import LEDGER, Books
from tests.simulation.world import Luck, Shape
from tieout.operations.replay import replay_run
from tieout.store import exceptions
from tieout.store.tables import alerts, runs

RECEIVABLE, DEPOSITS = "11000", "21500"
DIALECTS: Mapping[str, Shape] = {
    "middleware": Shape(p21_settings={"receipts_by": "window"}),
    "gateway": Shape(p21_settings={"dialect": "gateway"}),
}
MANGLED: tuple[Mapping[str, Any], ...] = (
    {"kind": "duplicate", "probability": 0.3},
    {"kind": "reorder", "probability": 0.3},
)
LOST: Mapping[str, Any] = {"kind": "drop", "probability": 0.3}
ACTS_MAX = 5


@dataclass(slots=True)
class Story:
    """One sale under way; ``told`` is what happened to it, in words."""

    world: Books
    dice: random.Random
    told: list[str] = field(default_factory=list)
    sale: Sale | None = None

    def begin(self) -> None:
        """It is paid: by card, or by a debit that may bounce."""
        bank = self.dice.random() < 0.3
        self.sale = debited(self.world, self.dice) if bank else workload.known_by_mail(self.world, self.dice)
        self.told.append("paid by bank debit" if bank else "paid")

    # -- what may befall it

    def act(self) -> None:
        """One thing happens, some time later."""
        self.world.run(self.world.clock.now() + self.dice.choice((1.0, 30.0, 600.0, 90_000.0)))
        act = self.dice.choice((self.ship, self.cancel, self.refund, self.refund, self.refund_all, self.fail_refund,
                                self.dispute, self.bounce, self.replay))  # fmt: skip
        with suppress(ValueError):  # it cannot happen now
            act()

    def ship(self) -> None:
        """The warehouse ships the order."""
        for row in self._orders():
            if row["approved"] and not self._invoices(row["key"]):
                self.world.p21_tenant.ship(row["key"])
                self.told.append("shipped")

    def cancel(self) -> None:
        """A clerk cancels the order in P21."""
        for row in self._orders():
            if not self._invoices(row["key"]):
                self.world.p21_tenant.edit("oe_hdr", {"cancel_flag": "Y"}, order_no=row["key"])
                self.told.append("cancelled in P21")

    def refund(self) -> None:
        """A part is given back, at once or pending."""
        status = self.dice.choice(("succeeded", "succeeded", "pending"))
        self.world.stripe_account.refund(self.charge, self.dice.randint(50, 900), status=status)
        self.told.append(f"refunded in part, {status}")

    def refund_all(self) -> None:
        """What is left is given back."""
        self.world.stripe_account.refund(self.charge)
        self.told.append("refunded whole")

    def fail_refund(self) -> None:
        """The last refund fails, or succeeds after all when it was pending."""
        refunds = [one for one in self.objects("refund") if one["status"] in ("pending", "succeeded")]
        if refunds:
            status = "failed" if self.dice.random() < 0.7 else "succeeded"
            self.world.stripe_account.move_refund(refunds[-1]["id"], status)
            self.told.append(f"a refund {status}")

    def dispute(self) -> None:
        """It is disputed, and won or lost some days later."""
        dispute = self.world.stripe_account.dispute(self.charge)
        end = self.dice.choice(("won", "lost", ""))
        self.told.append(f"disputed, {end or 'still open'}")
        if end:
            self.world.run(self.world.clock.now() + 200_000)
            self.world.stripe_account.move_dispute(dispute, end)

    def bounce(self) -> None:
        """The bank takes the debit back."""
        self.world.stripe_account.bounce(self.charge)
        self.told.append("bounced")

    def replay(self) -> None:
        """A person replays what is parked."""
        with self.world.books.reading() as db:
            parked = db.execute(sa.select(runs.c.id).where(runs.c.state == "parked")).scalars().all()
        for run in parked:
            replay_run(self.world.books, run, self.world.clock.now())
            self.told.append("replayed")

    # -- what both sides show

    @property
    def charge(self) -> str:
        """The charge of the sale."""
        assert self.sale is not None, "it was begun"
        return self.sale.paid.charge

    def objects(self, kind: str) -> list[dict[str, Any]]:
        """Stripe's objects of a kind, in order of making."""
        return [one for one in self.world.stripe_account.books()["objects"].values() if one["object"] == kind]

    def _orders(self) -> list[dict[str, Any]]:
        return [row for row in self.world.p21_tenant.books()["orders"] if row["reference"] and not row["voided"]]

    def _invoices(self, order: str) -> list[dict[str, Any]]:
        return [row for row in self.world.p21_tenant.books()["invoices"] if row["order"] == order]

    def wrongs(self) -> Iterator[str]:
        """Where P21 is not what the reference says."""
        taken, back = self._taken(), self._given_back()
        live, shipped, due = self._orders(), self._shipped(), self._customer_account()
        wanted = shipped - taken + back - self._credited(shipped)
        if due != wanted:
            yield f"the customer's account comes to {due} instead of {wanted}"
        if len(live) > 1:
            yield f"{len(live)} orders stand for one payment"
        if taken > 0 and back < taken and not live and "cancelled in P21" not in self.told:
            yield f"{taken - back} is kept of the customer's money, and there is no order"
        if live and not shipped and taken - back - self._lost() <= 0:
            yield "nothing is kept of the money, and an order stands that may still be shipped"
        if not live and taken - back > 0 and "cancelled in P21" in self.told:
            yield f"the order is cancelled, and {taken - back} of the customer's money is kept"

    def _taken(self) -> Decimal:
        rows = [one for one in self.objects("charge") if one["id"] == self.charge]
        return Decimal(sum(one["amount_captured"] for one in rows if one["status"] == "succeeded")).scaleb(-2)

    def _given_back(self) -> Decimal:
        """What left Stripe for the customer; a refund that failed came back."""
        gone = [one for one in self.objects("refund") if one["status"] == "succeeded"]
        return Decimal(sum(one["amount"] for one in gone)).scaleb(-2)

    def _lost(self) -> Decimal:
        """What was disputed and lost."""
        lost = [one for one in self.objects("dispute") if one["status"] == "lost"]
        return Decimal(sum(one["amount"] for one in lost)).scaleb(-2)

    def _shipped(self) -> Decimal:
        rows = [row for row in self.world.p21_tenant.books()["invoices"] if row["order"]]
        return sum((Decimal(row["amount"]) for row in rows), Decimal(0))

    def _credited(self, shipped: Decimal) -> Decimal:
        """What was given back of goods that had left is credited; what never left was never owed."""
        under_way = [one for one in self.objects("refund") if one["status"] in ("succeeded", "pending")]
        return min(Decimal(sum(one["amount"] for one in under_way)).scaleb(-2), shipped)

    def _customer_account(self) -> Decimal:
        """Receivables and deposits in P21's ledger, debit positive."""
        rows = self.world.p21_tenant.rows("gl")
        return sum((row["amount"] for row in rows if row["account_number"] in (RECEIVABLE, DEPOSITS)), Decimal(0))

    def questions(self) -> list[str]:
        """What a person is asked now or was told."""
        with self.world.books.reading() as db:
            parked = db.execute(sa.select(runs.c.sentence).where(runs.c.state == "parked")).scalars()
            asked = [one.sentence for one in exceptions.opened(db, LEDGER)]
            told = db.execute(sa.select(alerts.c.sentence)).scalars()
            return [*parked, *asked, *told]


def debited(world: Books, dice: random.Random) -> Sale:
    """Somebody pays by a bank debit, which counts as paid some time later."""
    lines = '[{"sku": "WIDGET-001", "quantity": 2, "unit_amount": 1250, "description": "Widget, small"}]'
    bought = [{"sku": "WIDGET-001", "description": "Widget, small", "quantity": 2, "unit_amount": 1250}]
    paid: dict[str, Any] = {"via": "intent", "amount": 2500, "payment_metadata": {"lines": lines}, "unpaid": True}
    paid["receipt_email"] = "anne.lee@acme-tooling.example"
    sale = workload.sell(world, dice, "a bank debit", "", bought=bought, **paid)
    world.run(world.clock.now() + dice.uniform(0, 100_000))
    world.stripe_account.settle(sale.paid.charge)
    return sale


def play(dialect: str, seed: int) -> Story:
    """A story from beginning to end: everything has been told, looked at and posted."""
    dice = random.Random(f"story {dialect} {seed}")
    faults = (*MANGLED, LOST) if seed % 3 == 0 else MANGLED if seed % 3 == 1 else ()
    world = Books(seed, Luck(), DIALECTS[dialect])
    story = Story(world, dice)
    world.stripe_account.plan(*(Fault(**one) for one in faults))
    story.begin()
    for _ in range(dice.randint(1, ACTS_MAX)):
        story.act()
    world.heal()
    world.pass_days(2)
    world.everything()
    return story
