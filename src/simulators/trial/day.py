"""A day at a distributor's web store, played against a real Tieout: ``./run``; or a month of money: ``--scenario month``."""

from __future__ import annotations

import argparse
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from simulators.trial.month import run_month
from simulators.trial.odd import run_odd
from simulators.trial.pretend import PretendSystems, all_events, connect
from simulators.trial.processes import Died, Tieout
from simulators.trial.workload import Sale, stories

REST_SECONDS_MAX = 240.0
BETWEEN_SALES_SECONDS = 0.15


def main() -> None:
    """Play the day; the exit status says whether the auditor is content."""
    parser = argparse.ArgumentParser(prog="./run", description=__doc__)
    parser.add_argument("--once", action="store_true", help="end after the day")
    parser.add_argument("--seed", type=int, default=1, help="another seed makes another day")
    parser.add_argument("--orders", type=int, default=30, help="how many orders are paid in the day")
    parser.add_argument(
        "--scenario",
        choices=("day", "month", "odd"),
        default="day",
        help="a day of orders, a month of money, or a day of every ordinary odd case",
    )
    parser.add_argument("--charges", type=int, default=2_000, help="about how many charges the month has")
    chosen = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = Path(tempfile.mkdtemp(prefix="tieout-day-"))
    try:
        if chosen.scenario == "month":
            sys.exit(run_month(folder, chosen.seed, chosen.charges, once=chosen.once))
        if chosen.scenario == "odd":
            sys.exit(run_odd(folder, chosen.seed, once=chosen.once))
        sys.exit(_day(folder, chosen.seed, chosen.orders, once=chosen.once))
    except KeyboardInterrupt:
        print("\nStopped.")
    except Died as death:
        print(f"\n{death}", flush=True)
        sys.exit(1)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _day(folder: Path, seed: int, orders: int, *, once: bool) -> int:
    print("Starting pretend Stripe, Prophet 21 and web store, and a Tieout beside them ...", flush=True)
    systems, tieout = PretendSystems(seed), Tieout(folder)
    try:
        _start(tieout, systems)
        sales = _play(tieout, systems, seed, orders)
        line, clean = _closing(tieout, systems, sales)
        if not once:
            print(f"\nThe same list as a page: {tieout.page}/\nPress Ctrl-C to stop.\n\n{line}", flush=True)
            _stay()
        print(line, flush=True)
        return 0 if clean else 1
    finally:
        tieout.stop()
        systems.close()


def _start(tieout: Tieout, systems: PretendSystems) -> None:
    connect(tieout, systems)
    tieout.start("serve")
    tieout.start("work")
    tieout.wait_until_serving()
    systems.deliver_to(tieout.webhook("stripe"))
    print(f"Tieout is serving: {tieout.page}/\n", flush=True)


def _play(tieout: Tieout, systems: PretendSystems, seed: int, orders: int) -> list[Sale]:
    sales: list[Sale] = []
    shown: set[str] = set()
    for sale in stories(random.Random(f"day {seed}"), orders):
        sales.append(sale(systems))
        time.sleep(BETWEEN_SALES_SECONDS)
        _show(tieout, sales, shown)
    until = time.monotonic() + REST_SECONDS_MAX
    while time.monotonic() < until and not _at_rest(tieout, systems, sales, shown):
        time.sleep(0.5)
    return sales


def _at_rest(tieout: Tieout, systems: PretendSystems, sales: list[Sale], shown: set[str]) -> bool:
    tieout.require_alive()
    _show(tieout, sales, shown)
    return systems.all_ended(tieout)


def _show(tieout: Tieout, sales: list[Sale], shown: set[str]) -> None:
    """Print every payment once, when it has its end."""
    by_payment = {sale.payment: sale for sale in sales}
    for line in reversed(all_events(tieout)):
        sale = by_payment.get(line["subject"])
        if sale and line["run"] and line["state"] in ("applied", "parked") and line["subject"] not in shown:
            shown.add(line["subject"])
            print(_sentence(sale, line), flush=True)


def _sentence(sale: Sale, line: dict[str, Any]) -> str:
    head = f"{line['subject']}  {sale.story:32}"
    if line["state"] == "parked":
        return f"{head} PARKED  {line['sentence']}"
    number = f"order {line['order_no']}" if line["order_no"] else f"invoice {line['invoice_no']}"
    invoice = f", invoice {line['invoice_no']}" if line["order_no"] and line["invoice_no"] else ""
    return f"{head} -> P21 {number}{invoice} -> receipt {line['receipt_no']}"


def _closing(tieout: Tieout, systems: PretendSystems, sales: list[Sale]) -> tuple[str, bool]:
    found = systems.verdict(tieout, sales)
    print(f"\n{len(sales)} orders were paid; Stripe sent {found.acked} events about them.")
    _summarize(tieout, sales)
    for text in found.faults:
        print(f"  WRONG: {text}")
    return found.line(), found.clean


def _summarize(tieout: Tieout, sales: list[Sale]) -> None:
    """What became of the orders, by what was special about them."""
    states = {line["subject"]: line["state"] for line in all_events(tieout) if line["run"]}
    ends = Counter((sale.story, states.get(sale.payment, "open")) for sale in sales)
    for (story, state), number in sorted(ends.items(), key=lambda one: (one[0][1], one[0][0])):
        print(f"  {number:3} {state:8} {story}")


def _stay() -> None:
    while True:
        time.sleep(3600)


if __name__ == "__main__":
    main()
