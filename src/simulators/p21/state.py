"""What one company's Prophet 21 knows: its tables, its next numbers, and the commits that are still to come."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from simulators.faults import Fault
from simulators.p21.columns import SCHEMAS
from simulators.p21.options import Options
from simulators.p21.site_rules import SiteRule
from simulators.p21.tables import BORN, Row, Table
from simulators.p21.twists import twisted
from simulators.p21.values import stamp
from simulators.world import World

_FIRST = {"order": 1_000_001, "invoice": 3_000_001, "party": 100_001, "contact": 17_001, "payment": 500_001}


class State:
    """All tables behind all surfaces. Its owner must let in one thread at a time.

    ``twist`` holds the faults that bend the write in progress, ``horizon`` hides rows born later from look-ups,
    ``rules`` are those of the site, asked before a row is added.
    """

    def __init__(self, world: World, options: Options) -> None:
        self.world, self.options, self.company = world, options, options.company
        self.tables = {name: Table(name, schema) for name, schema in SCHEMAS.items()}
        self.twist: dict[str, Fault] = {}
        self.rules: list[SiteRule] = []
        self.horizon: float | None = None
        self._numbers: dict[str, int] = {}
        self._pending: list[tuple[float, int, Callable[[], object]]] = []
        self._moment: float | None = None
        self._born_later = 0.0
        self._undo: list[Callable[[], None]] | None = None

    def __getitem__(self, table: str) -> Table:
        return self.tables[table]

    def now(self) -> float:
        """The time the present write happens at, in seconds since 1970."""
        return self.world.clock.now() if self._moment is None else self._moment

    def stamp(self) -> str:
        """Now, as P21 writes moments."""
        return stamp(self.now())

    def today(self) -> str:
        """Today at midnight, as P21 writes moments."""
        return self.stamp()[:10] + "T00:00:00"

    def next(self, kind: str) -> int:
        """The next number of that kind; numbers of refused writes are lost, as in P21."""
        self._numbers[kind] = self._numbers.get(kind, _FIRST.get(kind, 1) - 1) + 1
        return self._numbers[kind]

    def insert(self, table: str, values: Mapping[str, Any]) -> Row:
        """Add a row, stamped with now and bent by the faults of the write in progress. Refused by a rule of the site."""
        kept, now = self.tables[table], self.now()
        self._obey_rules(table, values)
        stamps = {"date_created": stamp(now), "date_last_modified": stamp(now), "created_by": "SIM"}
        shown = {name: value for name, value in stamps.items() if name in kept.columns}
        row = kept.insert({**shown, **twisted(self.twist, table, values), BORN: now + self._born_later})
        if self._undo is not None:
            self._undo.append(lambda: kept.remove(row))
        return row

    def change(self, table: str, row: Row, values: Mapping[str, Any]) -> None:
        """Change a row and its date_last_modified."""
        kept, before = self.tables[table], {name: row[name] for name in values}
        stamps = {"date_last_modified": self.stamp()} if "date_last_modified" in kept.columns else {}
        kept.change(row, {**values, **stamps})
        if self._undo is not None:
            self._undo.append(lambda: kept.change(row, before))

    def _obey_rules(self, table: str, values: Mapping[str, Any]) -> None:
        for rule in self.rules:
            if rule.table == table:
                rule.check(values, self.tables[table].rows)

    @contextmanager
    def atomic(self) -> Iterator[None]:
        """All of the block is written or, when it raises, nothing."""
        if self._undo is not None:
            yield
            return
        self._undo = []
        try:
            yield
        except BaseException:
            for step in reversed(self._undo):
                step()
            raise
        finally:
            self._undo = None

    @contextmanager
    def born_later(self, seconds: float) -> Iterator[None]:
        """What the block writes is there, but look-ups see it only so many seconds later."""
        self._born_later = seconds
        try:
            yield
        finally:
            self._born_later = 0.0

    def later(self, seconds: float, commit: Callable[[], object]) -> None:
        """Let ``commit`` happen that much later by the world's clock."""
        heapq.heappush(self._pending, (self.now() + seconds, self.next("pending"), commit))

    def settle(self) -> None:
        """Apply every commit that is due, each at its own time; must precede whatever is served next."""
        while self._pending and self._pending[0][0] <= self.world.clock.now():
            due, _, commit = heapq.heappop(self._pending)
            self._moment = due
            try:
                commit()
            finally:
                self._moment = None

    def pending(self) -> int:
        """How many commits are still to come."""
        return len(self._pending)

    def seen(self, row: Row) -> bool:
        """Whether a look-up sees that row now."""
        return self.horizon is None or row[BORN] <= self.horizon
