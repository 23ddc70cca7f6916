"""Planted defects found, rows per second, and how the time for a row grows with their number; beside a bare insert.

python -m bench.reconcile [--rows 10000 100000 1000000] [--seed 7]

Each size runs in a process of its own, on a file, through the processes of the product: import and post every row, audit
every row, match the bank, look at every payout with its documents in P21, prove the balance. The reference puts the same
rows into SQLite with the same pragmas, a page of 100 in one transaction, and does nothing else. A figure of a run that
missed a defect or raised a false one does not count, and the exit status is 1.
"""

from __future__ import annotations

import argparse
import resource
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from operator import attrgetter
from pathlib import Path
from typing import TypeVar

from bench._books_of import books_of
from bench._planted import Defect, Seen
from bench._planting import plant
from bench._statement_world import CURRENCIES, StatementWorld

SIZES = (10_000, 100_000, 1_000_000)
PAYOUT_ROWS = 1_600
PAYOUTS_MIN = 60
PAGE = 100
COLUMNS = ("id", "type", "category", "amount", "fee", "net", "currency", "created", "available_on")
_COLUMNS_OF = attrgetter(*COLUMNS)
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Time:
    """Seconds by the clock, which wait for the disk too, and seconds of CPU."""

    wall: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Figures:
    """One size: time for import with posting, for all looks, for the bare insert; peak memory in MiB; what was seen."""

    rows: int
    payouts: int
    posting: Time
    looking: Time
    bare: Time
    memory: float
    defects: tuple[Defect, ...]
    seen: frozenset[Seen]

    @property
    def false(self) -> frozenset[Seen]:
        """What was said of that in which nothing is wrong."""
        return self.seen - {one.wanted for one in self.defects}.union(*(one.also for one in self.defects))

    @property
    def found(self) -> Counter[str]:
        """How many defects of each kind were found."""
        return Counter(one.kind for one in self.defects if one.wanted in self.seen)


def measure(rows: int, seed: int) -> Figures:
    """Run one size in this process."""
    world = StatementWorld(seed, rows, max(PAYOUTS_MIN, rows // PAYOUT_ROWS))
    world.planted = plant(world, seed)
    with tempfile.TemporaryDirectory() as folder, books_of(world, Path(folder)) as books:
        posting, count = _timed(books.take_in)
        books.link_documents()
        books.edit_behind_our_back()
        world.settled = True
        looking, seen = _timed(books.look)
        bare, _ = _timed(lambda: _bare_insert(world, Path(folder) / "bare.sqlite"))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Figures(count, world.payouts_count, posting, looking, bare, memory, world.planted.defects, frozenset(seen))


def _timed(work: Callable[[], Answer]) -> tuple[Time, Answer]:
    began, used = time.perf_counter(), time.process_time()
    answer = work()
    return Time(time.perf_counter() - began, time.process_time() - used), answer


def _bare_insert(world: StatementWorld, path: Path) -> None:
    """The rows alone, nine columns of each."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode=DELETE")
    db.execute("PRAGMA synchronous=EXTRA")
    db.execute(f"CREATE TABLE rows ({', '.join(COLUMNS)}, PRIMARY KEY (id))")
    for number in range(world.days * len(CURRENCIES)):
        rows = [_COLUMNS_OF(one) for one in world.group(number)]
        for begin in range(0, len(rows), PAGE):
            db.execute("BEGIN IMMEDIATE")
            db.executemany(f"INSERT INTO rows VALUES ({', '.join('?' * len(COLUMNS))})", rows[begin : begin + PAGE])
            db.execute("COMMIT")
    db.close()


def _apart(rows: int, seed: int) -> Figures:
    """The same in a process of its own: its peak memory is that of one size."""
    here, there = get_context("spawn").Pipe()
    process = get_context("spawn").Process(target=_answer, args=(rows, seed, there))
    process.start()
    there.close()
    figures: Figures = here.recv()
    process.join()
    return figures


def _answer(rows: int, seed: int, pipe: Connection) -> None:
    pipe.send(measure(rows, seed))


def _print_defects(found: Figures) -> None:
    planted = Counter(one.kind for one in found.defects)
    print(f"\n{found.rows} rows, {found.payouts} payouts\n{'kind':32} planted  found")
    for kind, count in planted.items():
        print(f"{kind:32} {count:7} {found.found[kind]:6}")
    print(f"{'in all':32} {planted.total():7} {found.found.total():6}   false {len(found.false)}")


def _print_growth(all_found: list[Figures]) -> None:
    print(
        f"\n{'rows':>9}  {'posted/s':>8} {'looked/s':>8} {'bare/s':>8} {'x bare':>6}  {'CPU us a row':>12} {'grows':>6}  {'peak MiB':>8}"
    )
    for one in all_found:
        each, first = _cpu_a_row(one), _cpu_a_row(all_found[0])
        rates = (f"{one.rows / each_time.wall:8.0f}" for each_time in (one.posting, one.looking, one.bare))
        times = one.posting.wall / one.bare.wall
        print(
            f"{one.rows:9}  {' '.join(rates)} {times:6.1f}  {each * 1e6:12.0f} {each / first:5.2f}x  {one.memory:8.0f}"
        )
    print("posted: read, kept and posted; looked: audited, matched with the bank and P21, proven; x bare: posting only")


def _cpu_a_row(one: Figures) -> float:
    """Seconds of CPU for one row, posting and looking."""
    return (one.posting.cpu + one.looking.cpu) / one.rows


def main() -> None:
    """Measure every size, the smallest first, and print what was found and how it grows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--seed", type=int, default=7)
    chosen = parser.parse_args()
    all_found = []
    for rows in sorted(chosen.rows):
        all_found.append(_apart(rows, chosen.seed))
        _print_defects(all_found[-1])
    _print_growth(all_found)
    sys.exit(any(one.false or one.found.total() < len(one.defects) for one in all_found))


if __name__ == "__main__":
    main()
