"""All objects of one kind in order of birth, found by id, by some fields, and page by page (Stripe facts B6)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from simulators.stripe.errors import missing

Row = dict[str, Any]
Test = Callable[[Row], bool]


class Table:
    """Rows are added, changed in place and never removed; ``indexed`` names fields that are looked up by value."""

    def __init__(self, kind: str, indexed: tuple[str, ...] = ()) -> None:
        self.kind = kind
        self.rows: list[Row] = []
        self._place: dict[str, int] = {}
        self._places: dict[str, dict[Any, list[int]]] = {name: {} for name in indexed}

    def add(self, row: Row) -> None:
        """Keep a new row."""
        self._place[row["id"]] = len(self.rows)
        self.rows.append(row)
        for name in self._places:
            self._index(name, row)

    def get(self, object_id: str) -> Row | None:
        """The row with this id."""
        place = self._place.get(object_id)
        return None if place is None else self.rows[place]

    def first(self, wanted: dict[str, Any]) -> Row | None:
        """The oldest row with the ``wanted`` values."""
        rows = (self.rows[place] for place in self.among(wanted))
        return next((row for row in rows if all(row.get(name) == value for name, value in wanted.items())), None)

    def reindex(self, row: Row) -> None:
        """Tell the table that fields of ``row`` have changed."""
        for name in self._places:
            self._index(name, row)

    def _index(self, name: str, row: Row) -> None:
        places, place = self._places[name].setdefault(row.get(name), []), self._place[row["id"]]
        at = bisect_left(places, place)
        if at == len(places) or places[at] != place:
            places.insert(at, place)

    def among(self, wanted: dict[str, Any]) -> Sequence[int]:
        """Places of the rows that may have the ``wanted`` values, in order of birth."""
        known = [self._places[name].get(value, []) for name, value in wanted.items() if name in self._places]
        return min(known, key=len) if known else range(len(self.rows))

    def page(
        self, wanted: dict[str, Any], tests: Sequence[Test], limit: int, after: str = "", before: str = ""
    ) -> tuple[list[Row], bool]:
        """Newest first: up to ``limit`` rows, and whether there are more in the direction of travel.

        ``after`` is ``starting_after`` (older rows), ``before`` is ``ending_before`` (newer rows). Refusal when
        the cursor names no row.
        """
        found: list[Row] = []
        for row in self._walk(self.among(wanted), after, before):
            if all(row.get(name) == value for name, value in wanted.items()) and all(test(row) for test in tests):
                found.append(row)
                if len(found) > limit:
                    break
        rows = found[:limit]
        return (rows[::-1] if before else rows), len(found) > limit

    def _walk(self, places: Sequence[int], after: str, before: str) -> Iterator[Row]:
        if before:
            start = bisect_right(places, self._cursor(before, "ending_before"))
            return (self.rows[places[at]] for at in range(start, len(places)))
        end = bisect_left(places, self._cursor(after, "starting_after")) if after else len(places)
        return (self.rows[places[at]] for at in range(end - 1, -1, -1))

    def _cursor(self, object_id: str, param: str) -> int:
        if object_id not in self._place:
            raise missing(self.kind.replace("_", " "), object_id, param, 400)
        return self._place[object_id]
