"""A bank statement from a file, whose format is told by what is inside (accounting C3, C4)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from typing import Protocol

from tieout.connectors.bank._bai2 import Bai2File
from tieout.connectors.bank._camt import CamtFile
from tieout.connectors.bank._columns import CsvColumns
from tieout.connectors.bank._csv_file import CsvFile
from tieout.connectors.bank._kinds import format_of
from tieout.connectors.bank._mt940 import Mt940File
from tieout.connectors.bank._ofx import OfxFile
from tieout.connectors.bank._refusal import refusal
from tieout.connectors.bank._statement import Balance, Booking, Format, Statement, lines_of

BYTES_MAX = 50 * 1024 * 1024


class StatementFile(Protocol):
    """A file of one format, read while ``bookings`` is walked; ``balances`` is whole after that."""

    balances: list[Balance]

    def bookings(self) -> Iterator[Booking]:
        """Every booked line; Failed(Fix) says what cannot be read, and where."""
        ...


READERS: dict[str, Callable[[str, bytes], StatementFile]] = {
    "ofx": OfxFile,
    "camt.053": CamtFile,
    "mt940": Mt940File,
    "bai2": Bai2File,
}


def read_statement(name: str, content: bytes, columns: CsvColumns | None = None) -> Statement:
    """The statement in ``content``; ``name`` is what it is called in sentences. ``columns`` are needed for CSV and QIF.

    Amounts come in minor units, money in positive; where a statement gives opening and closing balance, its lines
    were checked to lead from one to the other. Failed(Fix) with a code ``bank.…`` names place, value and what to do.
    """
    _check_size(name, content)
    kind = format_of(name, content)
    if kind in READERS:
        file = READERS[kind](name, content)
        lines = lines_of(name, file.bookings())
        return Statement(name, kind, hashlib.sha256(content).hexdigest(), lines, tuple(file.balances))
    table = CsvFile(name, content, _needed(name, kind, columns))
    lines = lines_of(name, table.bookings())
    digest = hashlib.sha256(content).hexdigest()
    return Statement(name, kind, digest, lines, tuple(table.balances), tuple(table.asides))


def is_table(name: str, content: bytes) -> bool:
    """Whether the file is of a format that does not say what its columns are, nor whose it is. Failed(Fix) as above."""
    _check_size(name, content)
    return format_of(name, content) not in READERS


def _check_size(name: str, content: bytes) -> None:
    if not content.strip():
        raise refusal("empty", f"{name} is empty. Export the statement again.")
    if len(content) > BYTES_MAX:
        sentence = f"{name} has {len(content):,} bytes, more than {BYTES_MAX:,}. Export a shorter period."
        raise refusal("too_big", sentence, "bytes", str(len(content)))


def _needed(name: str, kind: Format, columns: CsvColumns | None) -> CsvColumns:
    if columns is None:
        sentence = f"{name} is a {kind.upper()} file, which does not say what its columns are. Say so: --columns FILE"
        raise refusal("no_columns", sentence, "columns")
    return columns
