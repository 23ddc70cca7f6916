"""Refunds of one charge that are under way at the same time: each is credited once, in full."""

from __future__ import annotations

import random
from decimal import Decimal

import sqlalchemy as sa

from simulators.faults import Fault
from simulators.trial import workload
from tests.simulation.books import LEDGER, Books
from tieout.domain.facts import REFUND_MADE, Fact
from tieout.operations.replay import replay_run
from tieout.operations.state_fact import state_facts
from tieout.store import lanes
from tieout.store.tables import events, runs

HOUR = 3600


def test_a_refund_that_was_read_before_another_was_made_is_credited_in_full() -> None:
    world = Books(1)
    sale = workload.brand_new(world, random.Random(1))
    world.sales.append(sale)
    world.settle()
    world.p21_tenant.faults.plan(Fault("down"))
    early = world.stripe_account.refund(sale.paid.charge, 175)
    world.stripe_account.forget_events(types=("refund.*", "charge.refunded"))
    state_facts(world.box, LEDGER, False, [Fact(REFUND_MADE, early)], "found by reading", world.clock.now())
    world.run(world.clock.now() + 120)
    world.stripe_account.refund(sale.paid.charge, 50)
    world.run(world.clock.now() + 120)
    wakes_last(world, early)
    world.settle()
    memos = [-Decimal(row["amount"]) for row in world.p21_tenant.books()["credit_memos"]]
    assert memos == [Decimal("0.50"), Decimal("1.75")], "the one that was read early is credited last"
    assert world.verdict().clean


def wakes_last(world: Books, refund: str) -> None:
    """Let the run of a refund, which has read it and waits for its order, go on an hour from now."""
    later = world.clock.now() + HOUR
    with world.books.transaction() as db:
        run = db.execute(sa.select(runs).where(runs.c.subject == refund)).one()
        assert run.state == "waiting"
        db.execute(sa.update(runs).where(runs.c.id == run.id).values(wake_at=later))
        db.execute(sa.update(events).where(events.c.seq == run.seq).values(due_at=later, waits_for=""))


def test_what_waits_for_a_parked_order_takes_no_room_in_the_engine_and_is_woken_by_its_replay() -> None:
    world = Books(1)
    sale = workload.unknown_item(world, random.Random(1))
    world.sales.append(sale)
    world.run(world.clock.now() + 60)
    world.stripe_account.refund(sale.paid.charge, 175)
    for _ in range(40):
        world.run(world.clock.now() + 3)
        with world.books.reading() as db:
            assert lanes.count_handed_over(db) == 0
    with world.books.reading() as db:
        states = dict(db.execute(sa.select(runs.c.workflow, runs.c.state)).all())
        assert states == {"order_to_cash": "parked", "refund": "waiting"}
        (parked,) = db.execute(sa.select(runs.c.id).where(runs.c.state == "parked")).scalars()
    world.p21_tenant.add_item("UNHEARD-OF", "Now P21 knows it", "19.99")
    replay_run(world.books, parked, world.clock.now())
    world.run(world.clock.now() + 30)
    with world.books.reading() as db:
        assert set(db.execute(sa.select(runs.c.state)).scalars()) == {"applied"}


def test_the_replay_of_another_run_uses_none_of_the_tries_up() -> None:
    world = Books(1)
    world.sales.append(workload.unknown_item(world, random.Random(1)))
    world.run(world.clock.now() + 60)
    sale = workload.brand_new(world, random.Random(2))
    world.stripe_account.forget_events()
    world.stripe_account.refund(sale.paid.charge, 175)
    world.run(world.clock.now() + 30)
    for _ in range(16):
        with world.books.reading() as db:
            parked = db.execute(sa.select(runs.c.id).where(runs.c.state == "parked")).scalars().first()
        if parked:
            replay_run(world.books, parked, world.clock.now())
        world.run(world.clock.now() + 5)
    with world.books.reading() as db:
        refund = db.execute(sa.select(runs).where(runs.c.workflow == "refund")).one()
    assert (refund.state, refund.code) == ("waiting", "original.unseen")
