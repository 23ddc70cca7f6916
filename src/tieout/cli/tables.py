"""``tieout tables``: look-up tables of items, currencies and accounts, apart from workflows, with versions of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from tieout.cli._shared import (
    ActorName,
    AsJson,
    Folder,
    Reason,
    acting,
    house_of,
    print_json,
    print_table,
    say,
    text_of,
)
from tieout.domain.lookup_table import Row, read_csv
from tieout.kernel.clock import iso
from tieout.operations.keep_lookup import replace_rows, restore_rows, set_rows
from tieout.queries.lookups import table_history, table_lines, table_rows

app = typer.Typer(
    help="Look-up tables (items with units, currencies, accounts): list, show, set, import.", no_args_is_help=True
)
Name = Annotated[str, typer.Argument(help="The table: items, currencies, accounts, or one of your own.")]


@app.command("list")
def list_tables(folder: Folder = None, as_json: AsJson = False) -> None:
    """List the tables: rows, version, and who changed each last, when and why."""
    with house_of(folder) as house:
        lines = table_lines(house.books)
    if as_json:
        print_json(lines)
        return
    rows = [(one.name, str(one.rows), str(one.version), iso(one.changed_at), one.who, one.reason) for one in lines]
    print_table(("table", "rows", "version", "changed", "by", "why"), rows)


@app.command("show")
def show(name: Name, folder: Folder = None, as_json: AsJson = False) -> None:
    """Show the rows of a table."""
    with house_of(folder) as house:
        rows = table_rows(house.books, name)
    if as_json:
        print_json([{"key": key, "value": row.value, "unit": row.unit} for key, row in rows.items()])
        return
    print_table(("key", "value", "unit"), [(key, row.value, row.unit) for key, row in rows.items()])


@app.command("set")
def set_row(
    name: Name,
    key: Annotated[str, typer.Argument(help="The key: a SKU, 'name:Blue hat', 'fee:*', a currency …")],
    value: Annotated[
        str, typer.Argument(help="What it stands for: a P21 item, an account … (empty with --remove).")
    ] = "",
    unit: Annotated[str, typer.Option(help="The P21 unit that the quantity counts (table items).")] = "",
    remove: Annotated[bool, typer.Option("--remove", help="Take the row away.")] = False,
    reason: Reason = "",
    actor: ActorName = "",
    folder: Folder = None,
) -> None:
    """Set one row of a table, or take it away."""
    row = None if remove else Row(value, unit)
    with house_of(folder) as house:
        version = set_rows(house.books, name, {key: row}, acting(actor), reason, house.ports.clock())
    _say(name, version)


@app.command("import")
def import_file(
    name: Name,
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="A CSV file with a header: key, value, unit.")
    ],
    replace: Annotated[bool, typer.Option("--replace", help="Rows that are not in the file are taken away.")] = False,
    reason: Reason = "",
    actor: ActorName = "",
    folder: Folder = None,
) -> None:
    """Import rows from a CSV file; all of them or none."""
    rows = read_csv(name, text_of(file))
    with house_of(folder) as house:
        who, now = acting(actor), house.ports.clock()
        if replace:
            version = replace_rows(house.books, name, rows, who, reason, now)
        else:
            version = set_rows(house.books, name, rows, who, reason, now, what="import")
    _say(name, version)


@app.command("history")
def history(name: Name, folder: Folder = None, as_json: AsJson = False) -> None:
    """Show every version of a table: when, by whom, why, and which rows it changed."""
    with house_of(folder) as house:
        found = table_history(house.books, name)
    if as_json:
        print_json(found)
        return
    for one in found:
        say(f"{one.version}  {iso(one.at)}  {one.who or one.user}: {one.reason}", "bold")
        for key, row in list(one.changes.items())[:20]:
            say(f"    {key} = {row.value} {row.unit}".rstrip() if row else f"    {key} taken away")
        if len(one.changes) > 20:
            say(f"    and {len(one.changes) - 20} more")


@app.command("restore")
def restore(
    name: Name,
    version: Annotated[int, typer.Argument(min=0, help="The version whose rows shall count again (0: none).")],
    reason: Reason = "",
    actor: ActorName = "",
    folder: Folder = None,
) -> None:
    """Let a table be what it was in a version; that is a new version."""
    with house_of(folder) as house:
        made = restore_rows(house.books, name, version, acting(actor), reason, house.ports.clock())
    _say(name, made)


def _say(name: str, version: int) -> None:
    say(f"Table {name} is now version {version}; runs use it from their next step." if version else "Nothing changed.")
