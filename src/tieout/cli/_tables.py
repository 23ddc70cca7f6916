"""Tables of figures: money to the right for people, CSV that no spreadsheet takes for a formula."""

from __future__ import annotations

import csv
import sys
from collections.abc import Mapping, Sequence
from typing import Annotated, TextIO

import typer
from rich.cells import cell_len
from rich.table import Table
from rich.text import Text

from tieout.cli._figures import STYLES
from tieout.cli._shared import out
from tieout.kernel.redact import printable
from tieout.kernel.spreadsheet import harmless

GAP = 2
WORDS_WIDTH = 30  # the least that words are broken to

AsCsv = Annotated[bool, typer.Option("--csv", help="Print CSV for a spreadsheet.")]
Rows = Sequence[Sequence[str]]


def print_figures(columns: Sequence[str], rows: Rows, footer: Rows = (), styles: Mapping[str, str] = STYLES) -> None:
    """Print rows. A title with ``>`` before it is a column of figures, to the right; one with ``~`` holds words, and only
    words are broken over lines where the screen is narrow. ``footer`` are last rows, in bold."""
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, GAP, 0, 0))
    cells = [[printable(cell) for cell in row] for row in (*rows, *footer)]
    widths = [_add_column(table, title, [row[place] for row in cells]) for place, title in enumerate(columns)]
    for row in cells[: len(rows)]:
        table.add_row(*(Text(cell, styles.get(cell, "")) for cell in row))
    for row in cells[len(rows) :]:
        table.add_row(*(Text(cell, "bold") for cell in row))
    needed = sum(width + GAP for width in widths)
    table.width = needed if needed > out.width else None
    out.print(table)


def _add_column(table: Table, title: str, cells: Sequence[str]) -> int:
    """Add a column; answers the least width that cuts nothing off."""
    shown = title.lstrip("~>")
    width = max(map(cell_len, (shown, *cells)))
    if title.startswith("~"):
        table.add_column(shown, overflow="fold", no_wrap=False)
        return min(width, WORDS_WIDTH)
    table.add_column(shown, justify="right" if title.startswith(">") else "left", no_wrap=True, min_width=width)
    return width


def print_csv(columns: Sequence[str], rows: Rows, to: TextIO | None = None) -> None:
    """Print rows as CSV, or write them; a cell that a spreadsheet would run begins with an apostrophe."""
    writer = csv.writer(to or sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
