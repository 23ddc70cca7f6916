"""CPU seconds per 1,000 events of Tieout's main work beside a bare script that makes the same requests, in one run.

python -m bench.order_to_cash [--orders 120] [--rounds 3]

Tieout is the two real processes, ``tieout serve`` and ``tieout work``, on SQLite. All orders are paid first and then
told of at once. In the end the auditor looks for what was lost or doubled, and the books that the scripts wrote must be
the same: a figure of a wrong run does not count, and the exit status is 1.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench._bare import BlindScript, Script
from bench._world import World, Written, world
from simulators.trial.processes import Tieout, get_json

WARM_ORDERS = 12
ORDERS_MAX = 500  # the page lists 5,000 events, and an order has about nine
REST_SECONDS_MAX = 900.0
TRIES_SHARE_MAX = 0.02  # a request that was tried again makes it no other work
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
SAME, BLIND = "bare script, same requests", "bare script, never looks"
NAMES = ("Tieout", SAME, BLIND)
SCRIPTS = {SAME: Script, BLIND: BlindScript}


@dataclass(frozen=True, slots=True)
class Figures:
    """One run over ``orders``; CPU and wall clock in seconds, ``requests`` as the simulators saw them."""

    orders: int
    events: int
    seconds: float
    web: float
    worker: float
    simulators: float
    requests: Counter[str]
    written: Written

    def row(self) -> tuple[float, ...]:
        """CPU seconds for 1,000 events; events and orders a second; requests for an order; CPU of web, worker, simulators."""
        web, worker, simulators = (cpu / self.events * 1e3 for cpu in (self.web, self.worker, self.simulators))
        rates = self.events / self.seconds, self.orders / self.seconds
        return web + worker, *rates, self.requests.total() / self.orders, web, worker, simulators


class Wrong(Exception):
    """The run did not do its work: what it measured says nothing."""


def of_tieout(orders: int) -> Figures:
    """Measure Tieout over orders that are all paid before the first event is delivered."""
    with world() as there, tempfile.TemporaryDirectory() as folder, _running(there, Path(folder)) as (tieout, pids):
        url = tieout.webhook("stripe")
        there.pay(WARM_ORDERS)
        there.deliver(url)
        _rest(there, tieout)
        there.hold()
        there.pay(orders)
        events, asked, simulators = there.acknowledged(), there.requests(), there.cpu_seconds()
        used, begun = [_cpu_seconds(pid) for pid in pids], time.perf_counter()
        there.deliver(url)
        _rest(there, tieout)
        seconds = time.perf_counter() - begun
        web, worker = (_cpu_seconds(pid) - before for pid, before in zip(pids, used, strict=True))
        simulators = there.cpu_seconds() - simulators
        found = there.verdict()
        if not found.clean or found.applied != WARM_ORDERS + orders:
            raise Wrong("\n".join((found.line(), *found.lost, *found.doubled, *found.unbalanced)))
        requests, events = there.requests() - asked, there.acknowledged() - events
        return Figures(orders, events, seconds, web, worker, simulators, requests, there.written())


def of_script(kind: type[Script], orders: int, events: int) -> Figures:
    """Measure a script over the same orders; ``events`` is how many Stripe has to tell of them."""
    with world() as there:
        script = kind(there.addresses())
        for payment in there.pay(WARM_ORDERS):
            script.apply(payment)
        payments = there.pay(orders)
        asked, simulators = there.requests(), there.cpu_seconds()
        used, begun = time.process_time(), time.perf_counter()
        for payment in payments:
            script.apply(payment)
        cpu, seconds = time.process_time() - used, time.perf_counter() - begun
        simulators = there.cpu_seconds() - simulators
        script.close()
        return Figures(orders, events, seconds, 0.0, cpu, simulators, there.requests() - asked, there.written())


@contextmanager
def _running(there: World, folder: Path) -> Iterator[tuple[Tieout, tuple[int, int]]]:
    """A connected Tieout, and the process ids of its web and its worker."""
    tieout = Tieout(folder)
    there.connect(tieout)
    try:
        pids = _started(tieout, "serve"), _started(tieout, "work")
        tieout.wait_until_serving()
        yield tieout, pids
    finally:
        tieout.stop()


def _started(tieout: Tieout, part: str) -> int:
    before = _children(os.getpid())
    tieout.start(part)
    return (_children(os.getpid()) - before).pop()


def _rest(there: World, tieout: Tieout) -> None:
    until = time.monotonic() + REST_SECONDS_MAX
    while time.monotonic() < until:
        if there.at_rest():
            counts = get_json(f"{tieout.page}/api/counts", 30)
            if counts["open"] == 0 and counts["acked"] == there.acknowledged() and there.at_rest():
                return
        time.sleep(0.1)
    raise Wrong(f"Tieout did not come to rest in {REST_SECONDS_MAX} seconds")


def _cpu_seconds(pid: int) -> float:
    """User and system time of a process, of its children that ended and of those that run; see proc(5)."""
    stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, stat[11:15])) / TICKS_PER_SECOND + sum(map(_cpu_seconds, _children(pid)))


def _children(pid: int) -> set[int]:
    return {int(child) for path in Path(f"/proc/{pid}/task").glob("*/children") for child in path.read_text().split()}


def check(tieout: Figures, scripts: Mapping[str, Figures]) -> None:
    """Raise Wrong unless the scripts wrote the same books, and the first of them by the same requests."""
    for name, found in scripts.items():
        if found.written != tieout.written or found.written.doubled:
            raise Wrong(f"the script ({name}) wrote other books than Tieout: {_unlike(found, tieout)}")
    more, fewer = tieout.requests - scripts[SAME].requests, scripts[SAME].requests - tieout.requests
    if more.total() + fewer.total() > TRIES_SHARE_MAX * tieout.requests.total():
        raise Wrong(f"the script makes other requests: Tieout has {dict(more)} more, {dict(fewer)} fewer")


def _unlike(script: Figures, tieout: Figures) -> str:
    ours, theirs = (Counter([*one.written.orders, *one.written.receipts]) for one in (tieout, script))
    return f"Tieout's alone {dict(ours - theirs)}, its alone {dict(theirs - ours)}, doubled {script.written.doubled}"


def one_round(orders: int) -> dict[str, Figures]:
    """Tieout and every script in turn."""
    tieout = of_tieout(orders)
    scripts = {name: of_script(kind, orders, tieout.events) for name, kind in SCRIPTS.items()}
    check(tieout, scripts)
    return {"Tieout": tieout, **scripts}


def main() -> None:
    """Measure several rounds and print the medians and their ratios."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--orders", type=int, default=120, help=f"paid orders in a round, at most {ORDERS_MAX}")
    parser.add_argument("--rounds", type=int, default=3)
    chosen = parser.parse_args()
    if not 1 <= chosen.orders <= ORDERS_MAX:
        parser.error(f"--orders must be between 1 and {ORDERS_MAX}")
    try:
        rounds = [one_round(chosen.orders) for _ in range(chosen.rounds)]
    except Wrong as wrong:
        sys.exit(f"WRONG, no figures: {wrong}")
    _print(
        {
            name: [statistics.median(of) for of in zip(*(one[name].row() for one in rounds), strict=True)]
            for name in NAMES
        }
    )
    events = statistics.median(one["Tieout"].events for one in rounds)
    print(
        f"medians of {len(rounds)} rounds, each with {chosen.orders} paid orders and {events:.0f} events; nothing lost or doubled"
    )


def _print(medians: Mapping[str, list[float]]) -> None:
    for name, (cpu, events, orders, requests, *_) in medians.items():
        print(
            f"{name:26} {cpu:6.2f} CPU s/1,000 events  {events:5.0f} events/s  {orders:5.1f} orders/s  "
            f"{requests:5.1f} requests/order"
        )
    cpu, *_, web, worker, simulators = medians["Tieout"]
    print(
        f"Tieout uses {cpu / medians[SAME][0]:.2f} times the CPU of the script with the same requests, "
        f"{cpu / medians[BLIND][0]:.2f} times that of the one that never looks (SQLite, rollback journal, full fsync)"
    )
    print(
        f"of it the web {web:.2f} and the worker {worker:.2f}; the simulators beside them {simulators:.2f}, on "
        f"{os.cpu_count()} cores"
    )


if __name__ == "__main__":
    main()
