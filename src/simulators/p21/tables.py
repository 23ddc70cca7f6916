"""Rows in memory: typed columns, length checks, an index for every column that look-ups ask for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from simulators.p21.refusals import Refused

Row = dict[str, Any]
BORN = "_born"  # the second a row came to be; never shown
_KINDS = {":": "text", "#": "number", "@": "moment"}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: ``kind`` is text, number or moment; ``length`` limits text."""

    name: str
    kind: str
    length: int
    initial: Any
    indexed: bool

    @classmethod
    def of(cls, words: str) -> Column:
        """Read one column of a schema line, like ``*po_no:50`` or ``credit_limit#=0``."""
        spelled, _, initial = words.partition("=")
        indexed, spelled = spelled.startswith("*"), spelled.lstrip("*")
        mark = next(mark for mark in _KINDS if mark in spelled)
        name, _, length = spelled.partition(mark)
        value: Any = Decimal(initial) if mark == "#" and initial else initial or None
        return cls(name, _KINDS[mark], int(length or 0), value, indexed)


def fold(value: Any) -> Any:
    """A value as comparisons see it: text regardless of case and trailing blanks, as SQL Server's usual collation."""
    return value.rstrip().lower() if isinstance(value, str) else value


class Table:
    """One table. Not safe for several threads by itself."""

    def __init__(self, name: str, schema: str) -> None:
        columns = [Column.of(words) for words in schema.split()]
        self.name, self.rows = name, list[Row]()
        self.columns = {column.name: column for column in columns}
        self._blank = {column.name: column.initial for column in columns}
        self._index: dict[str, dict[Any, list[Row]]] = {column.name: {} for column in columns if column.indexed}

    def insert(self, values: Mapping[str, Any]) -> Row:
        """Add a row; Refused when a text is too long, KeyError for a column the table does not have."""
        row = dict(self._blank)
        for name, value in values.items():
            row[name] = self._checked(name, value)
        self.rows.append(row)
        for name, index in self._index.items():
            index.setdefault(fold(row[name]), []).append(row)
        return row

    def remove(self, row: Row) -> None:
        """Take a row out again."""
        if self.rows[-1] is row:
            self.rows.pop()
        else:
            self.rows[:] = [other for other in self.rows if other is not row]
        for name, index in self._index.items():
            self._unindex(index, row[name], row)

    def change(self, row: Row, values: Mapping[str, Any]) -> None:
        """Set some columns of a row of this table."""
        for name, value in values.items():
            checked = self._checked(name, value)
            if name in self._index:
                self._unindex(self._index[name], row[name], row)
                self._index[name].setdefault(fold(checked), []).append(row)
            row[name] = checked

    def indexed(self, column: str) -> bool:
        """Whether ``among`` is fast for that column."""
        return column in self._index

    def among(self, column: str, values: Iterable[Any]) -> list[Row]:
        """The rows whose indexed column has one of the values."""
        index = self._index[column]
        return [row for value in dict.fromkeys(map(fold, values)) for row in index.get(value, ())]

    def where(self, **equals: Any) -> list[Row]:
        """The rows in which every named column has the given value; the first one named should be indexed."""
        first, *rest = equals.items()
        rows = self._index[first[0]].get(fold(first[1]), []) if first[0] in self._index else self._scan(*first)
        return [row for row in rows if all(fold(row[name]) == fold(value) for name, value in rest)]

    def one(self, **equals: Any) -> Row | None:
        """The first such row, or None."""
        return next(iter(self.where(**equals)), None)

    def _scan(self, name: str, value: Any) -> list[Row]:
        return [row for row in self.rows if fold(row[name]) == fold(value)]

    def _checked(self, name: str, value: Any) -> Any:
        column = self.columns.get(name)
        if column is None:
            if name == BORN:
                return value
            raise KeyError(f"table {self.name} has no column {name}")
        if column.kind == "text" and value is not None:
            value = value if isinstance(value, str) else str(value)
            if len(value) > column.length:
                raise Refused(
                    f"The value of {self.name}.{name} has {len(value)} characters; the maximum is {column.length}.",
                    code="too_long",
                    field=name,
                    synthetic=True,
                )
        return value

    @staticmethod
    def _unindex(index: dict[Any, list[Row]], value: Any, row: Row) -> None:
        index[fold(value)] = [other for other in index.get(fold(value), ()) if other is not row]
