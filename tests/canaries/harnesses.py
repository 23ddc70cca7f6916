"""The harnesses in a quick form. Each answers what is wrong, in words; nothing for a Tieout that is right."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from simulators.faults import Fault
from simulators.trial import workload
from simulators.trial.sold import Buyer
from tests.canaries.doorstep import door
from tests.simulation.books import Books, sell_some
from tests.simulation.standing import Standing
from tests.simulation.steps import ADDRESS, ONE_LINE, WIDGET, end, ends, pay_lines, written
from tests.simulation.world import Luck, Shape, SimulatedWorld
from tieout.engine.inline_engine import InlineEngine
from tieout.operations.keep_statement import keep_statement
from tieout.operations.replay import replay_run
from tieout.processes.dispatch import reclaim
from tieout.store.tables import runs

HOUR = 3600.0
STORIES = (workload.known_by_mail, workload.brand_new, workload.abroad, workload.guest, workload.from_the_store,
           workload.known_by_mail, workload.invoiced, workload.brand_new, workload.ambiguous, workload.refused)  # fmt: skip
DIALECTS: Mapping[str, Shape] = {
    "middleware": Shape(p21_settings={"receipts_by": "window"}),
    "gateway": Shape(p21_settings={"dialect": "gateway"}),
}
STANDS_AT = (("write.after_claim", 2), ("write.before_mark", 2), ("p21.write.before_send", 2))


def mirror() -> Iterator[str]:
    """What was sold against what P21 keeps, nothing going wrong, in both dialects (``./simulate`` with the auditor)."""
    for name, shape in DIALECTS.items():
        world, dice = SimulatedWorld(3, Luck(), shape), random.Random("canaries")
        for story in STORIES:
            world.sales.append(story(world, dice))
            world.run(world.clock.now() + 20)
        yield from (f"{name}: {words}" for words in _at_rest(world))


def standstill() -> Iterator[str]:
    """A worker stands still for ten minutes, another does its work, the first wakes up (tests/simulation/test_standstill)."""
    for moment, passing in STANDS_AT:
        world = Standing(moment, passing, DIALECTS["middleware"])
        world.sales.append(workload.brand_new(world, random.Random(1)))
        yield from (f"{moment}: {words}" for words in _at_rest(world))


def one_record() -> Iterator[str]:
    """Two first payments of one buyer make one customer, whatever became of the first (tests/simulation/test_one_record)."""
    for world in (_two_at_once(), _after_a_parked_one()):
        world.run(world.clock.now() + HOUR / 4)
        if waiting := [line.subject for line in ends(world) if not line.ended_at]:
            yield f"{waiting} wait for nothing"
            continue
        yield from _at_rest(world)
        if (made := len(written(world, "customers"))) != 1:
            yield f"{made} customers were created for one buyer"
        if "applied" not in {line.state for line in ends(world)}:
            yield "neither payment was written"


def _two_at_once() -> SimulatedWorld:
    """The second payment is walked from end to end while the first stands before it marks its first write."""
    world = Standing("write.before_mark", 1, DIALECTS["middleware"], taken_over=False)
    for _ in range(2):
        _pay_first(world)
    world.run(world.clock.now() + HOUR)
    return world


def _after_a_parked_one() -> SimulatedWorld:
    """The first payment is parked, and what became of the customer it sent is open."""
    world = SimulatedWorld(5)
    world.p21_tenant.faults.plan(Fault("cut", "POST /api/entity/customers", times=1))
    _pay_first(world)
    world.run(world.clock.now() + 20)
    world.p21_tenant.faults.plan(Fault("server_error", "odata"))
    world.run(world.clock.now() + 20_000)
    world.p21_tenant.faults.clear()
    _pay_first(world)
    return world


def _pay_first(world: SimulatedWorld) -> None:
    customer = world.stripe_account.add_customer(name="Ada Byron", email="ada@example.com", address=ADDRESS)
    given: dict[str, Any] = {"via": "checkout", "customer": customer, "lines": [WIDGET]}
    buyer = Buyer("Ada Byron", "ada@example.com")
    sale = workload.sell(world, random.Random(1), "a first payment", "", buyer=buyer, **given)
    world.sales.append(replace(sale, sold=None))


def late_answers() -> Iterator[str]:
    """P21 commits late, or commits and answers with an error (``./simulate`` with faults)."""
    for kind, operation in (("late_commit", "POST /api/sales/orders"), ("error_after_commit", "tapi CashReceipts")):
        world = SimulatedWorld(4, Luck(), DIALECTS["middleware"])
        world.p21_tenant.faults.plan(Fault(kind, operation, times=1, seconds=45))
        world.sales.append(workload.known_by_mail(world, random.Random(3)))
        world.run(world.clock.now() + HOUR)
        yield from _at_rest(world)


def bent_records() -> Iterator[str]:
    """P21 drops a line of what it is sent: what is applied must be what was sold."""
    world = SimulatedWorld(4)
    world.p21_tenant.faults.plan(Fault("drop_line", "POST /api/sales/orders", times=1))
    world.sales.append(replace(workload.known_by_mail(world, random.Random(6)), expected=""))
    world.run(world.clock.now() + HOUR)
    yield from _at_rest(world)


def tries() -> Iterator[str]:
    """A payment that P21 never takes is parked after so many tries, for a person."""
    world = SimulatedWorld(1)
    world.p21_tenant.faults.plan(Fault("server_error", "odata"))
    pay_lines(world, ONE_LINE)
    world.run(world.clock.now() + 20_000)
    if (line := end(world)).state != "parked":
        yield f"after hours of errors the run is {line.state}"


def order_kept() -> Iterator[str]:
    """While the first event of a payment waits for P21, the others of that payment wait behind it."""
    world = SimulatedWorld(2)
    world.p21_tenant.faults.plan(Fault("down"))
    sale = workload.brand_new(world, random.Random(1))
    world.run(world.clock.now() + HOUR)
    of_sale = {sale.paid.charge, sale.paid.payment_intent, sale.paid.session}
    told = [one for one in world.stripe_account.events() if one["object"] in of_sale]
    stating = {str(one["id"]) for one in told if one["type"] in workload.STATING}
    with world.books.reading() as db:
        ended = db.exec_driver_sql("SELECT event_id FROM events WHERE ended_at IS NOT NULL").scalars()
        overtaking = stating & set(ended)
    yield from (f"{one} has its end before the first event of its payment" for one in sorted(overtaking))


def woken() -> Iterator[str]:
    """A refund that waits for its parked order goes on when that is replayed (tests/simulation/test_refunds_meet)."""
    world = Books(1)
    sale = workload.unknown_item(world, random.Random(1))
    world.run(world.clock.now() + 60)
    world.stripe_account.refund(sale.paid.charge, 175)
    world.run(world.clock.now() + HOUR)
    with world.books.reading() as db:
        (parked,) = db.execute(sa.select(runs.c.id).where(runs.c.state == "parked")).scalars()
    world.p21_tenant.add_item("UNHEARD-OF", "Now P21 knows it", "19.99")
    replay_run(world.books, parked, world.clock.now())
    world.run(world.clock.now() + 30)
    with world.books.reading() as db:
        waiting = db.execute(sa.select(runs.c.workflow).where(runs.c.state == "waiting")).scalars().all()
    yield from (f"{workflow} still waits for the order that was replayed" for workflow in waiting)


def lost_work() -> Iterator[str]:
    """What the engine's file has lost is handed over again (tests/simulation/test_outages)."""
    world = SimulatedWorld(2)
    world.sales.append(workload.brand_new(world, random.Random(1)))
    world.p21_tenant.faults.plan(Fault("server_error", "odata", times=6))
    world.run(world.clock.now() + 5)
    world.engine = InlineEngine(world.leg, world.clock.now, world.dice)
    world.run(world.clock.now() + HOUR)
    reclaim(world.ports, world.engine)
    yield from _at_rest(world)


def books() -> Iterator[str]:
    """A refund, a dispute, a fee and a payout: the books against Stripe's rows and P21's ledger (tests/simulation/test_books)."""
    world = _with_money()
    world.everything()
    yield from world.verdict().faults
    for check in (world.identities, world.p21_agrees):
        try:
            check()
        except AssertionError as error:
            yield str(error) or check.__name__
    yield from (f"open: {code}" for code in world.open_codes())


def short_bank() -> Iterator[str]:
    """The bank received less than Stripe paid out: no such payout is tied out."""
    world = _with_money()
    world.bank_tells = lambda: _a_cent_short(world)  # type: ignore[method-assign]
    world.everything()
    if "tied_out" in world.verdicts().values():
        yield "a payout is tied out that the bank received a cent short"


def _a_cent_short(world: Books) -> None:
    lines = [replace(line, amount=line.amount - 1) for line in world.bank_lines()]
    keep_statement(world.books, lines, "statement", world.clock.now())


def _with_money() -> Books:
    world, dice = Books(1), random.Random(1)
    charges = sell_some(world, dice, 3)
    world.settle()
    world.stripe_account.refund(charges[0], 100)
    world.stripe_account.dispute(charges[1])
    world.stripe_account.add_row(type="stripe_fee", amount=-100)
    world.pass_days(3)
    world.stripe_account.pay_out()
    world.pass_days(3)
    return world


def _at_rest(world: SimulatedWorld) -> Sequence[str]:
    try:
        world.settle()
    except AssertionError as error:
        return (str(error),)
    found = world.verdict()
    return found.faults or (() if found.clean else (found.line(),))


HARNESSES: Mapping[str, Callable[[], Iterator[str]]] = {
    one.__name__: one
    for one in (mirror, standstill, one_record, late_answers, bent_records, tries, order_kept, woken, lost_work, books,
                short_bank, door)
}  # fmt: skip
