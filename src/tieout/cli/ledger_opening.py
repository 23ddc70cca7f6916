"""``tieout ledger opening``: what was open on the first day of the books, document by document (case B3)."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Annotated

import typer

from tieout.cli._figures import so_many, sums
from tieout.cli._shared import ActorName, Folder, Reason, acting, house_of, say, text_of
from tieout.cli.payouts import Ledger
from tieout.domain.ledger.opening import COLUMNS, OpeningDocument, opening_document
from tieout.kernel.failures import Failed, Fix
from tieout.operations.keep_opening_list import keep_opening_list
from tieout.queries.ledger import kept_ledger


def opening(
    file: Annotated[
        Path, typer.Argument(metavar="FILE.csv", help=f"A CSV file; its first line is {','.join(COLUMNS)}.")
    ],
    ledger: Ledger = "",
    actor: ActorName = "",
    reason: Reason = "",
    folder: Folder = None,
) -> None:
    """Keep the opening list: open invoices, unapplied credits and deposits of customers who pay through Stripe."""
    with house_of(folder) as house:
        row = kept_ledger(house.books, ledger)
        listed = _listed(file, row.policy.ledger_currency)
        done = keep_opening_list(house.books, row.connection, listed, acting(actor), reason, house.ports.clock())
    total = sums((one.currency, one.open if one.kind == "invoice" else -one.open) for one in listed)
    known = f", {done.known:,} known already" if done.known else ""
    say(f"{so_many(len(listed), 'document')}, {total}: {done.fresh:,} kept{known}. Prove it with: tieout ledger prove")


def _listed(file: Path, home: str) -> list[OpeningDocument]:
    rows = csv.DictReader(io.StringIO(text_of(file).lstrip("\ufeff")))
    header = tuple(name.strip().lower() for name in rows.fieldnames or ())
    if header != COLUMNS:
        sentence = f"{file}: the first line must be {','.join(COLUMNS)}; it is {','.join(header) or 'empty'}."
        raise Failed(Fix("ledger.opening", sentence, field=str(file), value=",".join(header)))
    rows.fieldnames = list(COLUMNS)
    return [
        _document(file, place, {name: row.get(name) or "" for name in COLUMNS}, home)
        for place, row in enumerate(rows, 2)
    ]


def _document(file: Path, place: int, row: dict[str, str], home: str) -> OpeningDocument:
    try:
        return opening_document(row, home)
    except ValueError as wrong:
        raise Failed(
            Fix("ledger.opening", f"{file}, line {place}: {wrong}.", field=str(file), value=str(place))
        ) from None
