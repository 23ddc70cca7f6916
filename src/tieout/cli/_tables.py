"""Tables of figures: money to the right for people, CSV that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping, Sequence
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from tieout.cli._figures import STYLES, is_number
from tieout.cli._shared import out
from tieout.kernel.redact import printable

FORMULA = ("=", "+", "-", "@", "\t", "\r")

AsCsv = Annotated[bool, typer.Option("--csv", help="Print CSV for a spreadsheet.")]
Rows = Sequence[Sequence[str]]


def print_figures(
    columns: Sequence[str], rows: Rows, footer: Sequence[str] = (), styles: Mapping[str, str] = STYLES
) -> None:
    """Print rows; a column whose title begins with ``>`` is set to the right. ``footer`` is a last row, in bold."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for title in columns:
        side = "right" if title.startswith(">") else "left"
        table.add_column(title.removeprefix(">"), justify=side, no_wrap=True)  # type: ignore[arg-type]
    for row in rows:
        table.add_row(*(Text(printable(cell), styles.get(cell, "")) for cell in row))
    if footer:
        table.add_row(*(Text(printable(cell), "bold") for cell in footer))
    out.print(table)


def print_csv(columns: Sequence[str], rows: Rows) -> None:
    """Print rows as CSV; a cell that a spreadsheet would run begins with an apostrophe."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(cell) for cell in row] for row in rows)


def _cell(cell: str) -> str:
    """Without control characters, which can hide a formula as well; numbers stay numbers."""
    shown = printable(cell) if not cell.startswith(FORMULA) else cell[0] + printable(cell[1:])
    return f"'{shown}" if shown.startswith(FORMULA) and not is_number(shown) else shown
