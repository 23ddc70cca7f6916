"""``tieout ledger rates``: the site's own daily rates, entered once (accounting C5)."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from tieout.cli._figures import checked_day, so_many
from tieout.cli._shared import ActorName, AsJson, Folder, Reason, acting, house_of, print_json, say, text_of
from tieout.cli._tables import print_figures
from tieout.cli.payouts import Ledger
from tieout.domain.ledger.valuing import parsed_rate
from tieout.kernel.failures import Failed, Fix
from tieout.operations.keep_ledger import keep_rates
from tieout.queries.ledger import kept_ledger, kept_rates

RATES_SHOWN = 60
RATE_COLUMNS = ("currency", "day", "rate")


def rates(
    words: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[FILE.csv | CURRENCY DAY RATE]", help="A CSV file with a header currency,day,rate; or one rate."
        ),
    ] = None,
    ledger: Ledger = "",
    actor: ActorName = "",
    reason: Reason = "",
    folder: Folder = None,
    as_json: AsJson = False,
) -> None:
    """Show the daily rates, or add some: units of the ledger's currency for one unit of another."""
    with house_of(folder) as house:
        home = kept_ledger(house.books, ledger).policy.ledger_currency
        if words:
            given = _given_rates(words, home)
            keep_rates(house.books, home, given, house.ports.clock(), acting(actor), reason)
            say(
                f"{so_many(len(given), 'rate')} kept. Rows that waited for one are posted at the next import: tieout ledger import"
            )
            return
        found = kept_rates(house.books, home)
    if as_json:
        print_json(found)
        return
    print_figures(
        ("currency", "day", f">{home.upper()} for one"),
        [(one.currency.upper(), one.day, str(one.rate)) for one in found[:RATES_SHOWN]],
    )
    if len(found) > RATES_SHOWN:
        say(f"… and {so_many(len(found) - RATES_SHOWN, 'rate')} more; all with --json", "dim")
    if not found:
        say(f"No rate is kept. A ledger that has only {home.upper()} needs none.")


def _given_rates(words: Sequence[str], home: str) -> list[tuple[str, str, Decimal]]:
    if len(words) == 3:
        return [_rate(words[0], words[1], words[2], home, "")]
    if len(words) == 1:
        return _rates_of(Path(words[0]), home)
    sentence = f"Give a CSV file, or currency, day and rate such as: eur 2026-09-30 1.0832; got {' '.join(words)!r}."
    raise Failed(Fix("rate.words", sentence, field="rate"))


def _rates_of(file: Path, home: str) -> list[tuple[str, str, Decimal]]:
    rows = csv.DictReader(io.StringIO(text_of(file).lstrip("\ufeff")))
    header = tuple(name.strip().lower() for name in rows.fieldnames or ())
    if header != RATE_COLUMNS:
        sentence = f"{file}: the first line must be {','.join(RATE_COLUMNS)}; it is {','.join(header) or 'empty'}."
        raise Failed(Fix("rate.columns", sentence, field=str(file), value=",".join(header)))
    rows.fieldnames = list(RATE_COLUMNS)
    return [_rate(*_cells(row), home, f"{file}, line {place}: ") for place, row in enumerate(rows, 2)]


def _cells(row: Mapping[str, str | None]) -> tuple[str, str, str]:
    return (row.get("currency") or "").strip(), (row.get("day") or "").strip(), (row.get("rate") or "").strip()


def _rate(currency: str, day: str, text: str, home: str, where: str) -> tuple[str, str, Decimal]:
    if currency.lower() == home:
        sentence = f"{where}{currency.upper()} is the ledger's own currency; it needs no rate."
        raise Failed(Fix("rate.currency", sentence, field="currency", value=currency))
    try:
        return parsed_rate(currency.lower(), home, checked_day(day, f"{where}day"), text.strip())
    except ValueError as wrong:
        raise Failed(Fix("rate.value", f"{where}{wrong}.", field="rate", value=text)) from None
