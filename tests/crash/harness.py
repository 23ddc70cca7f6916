"""Kills a Tieout again and again while money moves every way, lets it come to rest, and asks the auditor.

The state accumulates over all cycles. P21 commits up to 8 seconds late, cuts connections and answers with errors after it
has committed. The window in which processes are killed is longer than the longest delay.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from simulators.faults import Fault
from simulators.trial.auditor import Audit
from simulators.trial.pretend import PretendSystems, connect
from simulators.trial.processes import Tieout, get_json
from simulators.trial.workload import Sale, brand_new, from_the_store, known_by_mail, stories
from tests.crash.money import Money

CHILD = ("-m", "tests.crash.child")
SETTLE_SECONDS = 10
LATE_SECONDS_MAX = 8.0
REST_SECONDS_MAX = 400.0
STILL_SECONDS_MAX = 60.0
DEATH_SECONDS_MAX, LAST_DEATH_SECONDS_MAX = 25.0, 90.0
PARTS = ("serve", "work")
SECOND = "worker-2"
EVERYBODY = (*PARTS, SECOND)
START_SECONDS_MAX = 1.5
FROZEN_SECONDS_MAX = 14.0
DIALECTS: Mapping[str, Mapping[str, str]] = {"middleware": {}, "gateway": {"dialect": "gateway"}}
WRITES: Mapping[str, tuple[str, ...]] = {
    "middleware": ("POST /api/sales/orders/", "tapi CashReceipts", "POST /api/entity/customers/", "tapi CreditMemo",
                   "POST /api/accounting/gl/", "tapi Order"),
    "gateway": ("POST /api/v2/salesorders", "POST /api/v2/customers", "POST /api/v2/creditmemos", "POST /api/v2/invoices",
                "POST /api/v2/gl/journalentries"),
}  # fmt: skip
"""Dialect → what P21 is told to write, by the operations that faults know; refund payments are cash receipts."""
SALES_FOR_ALL_POINTS = (known_by_mail, brand_new, from_the_store)


@dataclass(slots=True)
class Trial:
    """A Tieout under fire and the systems around it."""

    tieout: Tieout
    systems: PretendSystems
    dice: random.Random
    sales: list[Sale]
    waiting: Iterator[Callable[[PretendSystems], Sale]]
    money: Money

    def pay(self, count: int) -> None:
        """Let some orders be paid; their events are delivered in the background."""
        for _ in range(count):
            self.sales.append(next(self.waiting)(self.systems))
        self.money.move(self.dice, self.sales)

    def ensure_running(self) -> None:
        """Start what is not running, and wait until it answers."""
        self._start_what_is_dead({})
        self.tieout.wait_until_serving()

    def die_at(self, point: str, after: int, seconds: float) -> bool:
        """Start both processes anew with a bomb at a crash point; whether one of them died of it."""
        self.kill(PARTS)
        self._start_what_is_dead({"TIEOUT_TEST_DIE_AT": point, "TIEOUT_TEST_DIE_AFTER": str(after)})
        for story in SALES_FOR_ALL_POINTS:
            self.sales.append(story(self.systems, self.dice))
        self.money.move(self.dice, self.sales)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if any(self.tieout.was_killed(part) for part in PARTS):
                return True
            assert all(self.tieout.alive(part) for part in PARTS), f"a process gave up; see {self.tieout.folder}"
            time.sleep(0.02)
        return False

    def _start_what_is_dead(self, variables: Mapping[str, str]) -> None:
        for part in PARTS:
            if not self.tieout.alive(part):
                self.tieout.start(part, **variables)

    def die_starting(self) -> None:
        """Start what is dead, and kill everything before it may have come up."""
        self._start_what_is_dead({})
        time.sleep(self.dice.uniform(0.0, START_SECONDS_MAX))
        self.kill(PARTS)

    def second_worker(self) -> None:
        """A second worker on the same files."""
        if not self.tieout.alive(SECOND):
            self.tieout.start(SECOND)

    def freeze(self, part: str) -> None:
        """Let one process stand still for a while, as if its machine slept."""
        self.tieout.freeze(part)
        time.sleep(self.dice.uniform(1.0, FROZEN_SECONDS_MAX))
        self.tieout.thaw(part)

    def kill(self, parts: Sequence[str]) -> None:
        """Kill -9."""
        for part in parts:
            self.tieout.kill(part)

    def rest(self) -> Audit:
        """Nothing is killed any more: wait until every event has its end, then audit."""
        self.ensure_running()
        self._wait_until_all_ended()
        self.money.pay_out()
        self.money.bank_tells()
        disagreements = self.money.disagreements()
        self._wait_until_all_ended()
        return self.money.audit(self.systems.evidence(self.tieout, self.sales), disagreements)

    def _wait_until_all_ended(self) -> None:
        """Or until nothing has ended for a while: a refund whose order a person must see to waits for that person."""
        until, still_since, open_before = time.monotonic() + REST_SECONDS_MAX, time.monotonic(), -1
        while time.monotonic() < until and not self.systems.all_ended(self.tieout):
            time.sleep(0.5)
            open_now = get_json(f"{self.tieout.page}/api/counts", 30)["open"]
            if open_now != open_before:
                still_since, open_before = time.monotonic(), open_now
            if time.monotonic() - still_since > STILL_SECONDS_MAX:
                return


@contextmanager
def trial(
    folder: Path, seed: int, *, plant: str = "", late: bool = True, dialect: str = "middleware"
) -> Iterator[Trial]:
    """A connected Tieout that is not yet running, with faults planned in P21."""
    systems = PretendSystems(seed, settle_seconds=1.0, retry_first_seconds=1.0, p21_options={"ships_at_once": True})
    variables = {
        "TIEOUT_TEST_PLANT": plant,
        "TIEOUT_RETRY_FIRST_SECONDS": "0.5",
        "TIEOUT_RETRY_ATTEMPTS_MAX": "50",
        "TIEOUT_BOOKKEEPING_PACE": "0.005",
    }
    tieout = Tieout(folder, CHILD, variables)
    dice = random.Random(f"crash {seed}")
    try:
        p21 = {"read_seconds": "4", **DIALECTS[dialect]}
        connect(Tieout(folder), systems, p21, settle_seconds=SETTLE_SECONDS)
        if late:
            systems.p21_tenant.faults.plan(*unkind(dice, WRITES[dialect]))
        systems.deliver_to(tieout.webhook("stripe"))
        money = Money(folder, systems, "refund_payment" if dialect == "middleware" else "journal_entry")
        yield Trial(tieout, systems, dice, [], stories(dice, 1_000_000), money)
        money.close()
    finally:
        tieout.stop()
        systems.close()


def deaths(folder: Path, points: Sequence[str], seed: int) -> tuple[Audit, list[str]]:
    """Die once at every crash point, the first, second or third time it is passed; the points that nobody reached."""
    with trial(folder, seed) as under_fire:
        unreached = []
        for point in points:
            late = under_fire.dice.choice((0, 0, 1, 2))
            died = under_fire.die_at(point, late, DEATH_SECONDS_MAX)
            if not died and not under_fire.die_at(point, 0, LAST_DEATH_SECONDS_MAX):
                unreached.append(point)
        under_fire.kill(PARTS)
        return under_fire.rest(), unreached


def unkind(dice: random.Random, writes: Sequence[str]) -> tuple[Fault, ...]:
    """What a P21, or the gateway before it, does to writes on a bad day."""
    late = [
        Fault("late_commit", write, 0.15, None, dice.uniform(2.0, LATE_SECONDS_MAX)) for write in writes for _ in (1, 2)
    ]
    rest = [Fault(kind, write, 0.08) for write in writes for kind in ("cut_after_commit", "error_after_commit", "cut")]
    lag = [Fault("early_answer", write, 0.05, None, dice.uniform(0.5, SETTLE_SECONDS / 3)) for write in writes]
    return (*late, *rest, *lag, Fault("server_error", "GET ", 0.01), Fault("pool_exhausted", "POST ", 0.005))


def random_cycles(
    folder: Path,
    cycles: int,
    seed: int,
    *,
    plant: str = "",
    dialect: str = "middleware",
    say: Callable[[str], None] = print,
) -> Audit:
    """``cycles`` times: pay, let it run for a random while, kill some processes; then rest and audit.

    In some cycles a second worker helps, one process stands still for a while, or everything dies while it starts.
    """
    with trial(folder, seed, plant=plant, dialect=dialect) as under_fire:
        for cycle in range(cycles):
            dice = under_fire.dice
            if dice.random() < 0.2:
                under_fire.die_starting()
            under_fire.ensure_running()
            if dice.random() < 0.4:
                under_fire.second_worker()
            under_fire.pay(dice.randint(1, 3))
            time.sleep(dice.uniform(0.3, 3.0 if cycle % 4 else LATE_SECONDS_MAX + 2))
            if dice.random() < 0.3:
                under_fire.freeze(dice.choice(("work", "work", "serve", SECOND)))
            under_fire.kill(dice.choice((EVERYBODY, EVERYBODY, ("work",), ("serve",), (SECOND,))))
            if cycle % 10 == 9:
                say(f"{cycle + 1} cycles, {len(under_fire.sales)} orders paid")
        return under_fire.rest()
