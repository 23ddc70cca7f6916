"""``tieout audit``: who changed what, when and why."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from tieout.cli._figures import so_many
from tieout.cli._seals import check_books
from tieout.cli._shared import AsJson, Folder, house_of, print_json, print_table, say
from tieout.cli._tables import print_csv
from tieout.kernel.clock import iso
from tieout.kernel.failures import Failed, Fix
from tieout.queries.audit import every_act, newest_acts
from tieout.store.acts import KeptAct

VALUE_CHARACTERS_SHOWN = 60

app = typer.Typer(help="The audit trail: who changed what, when and why.", no_args_is_help=True)


@app.command("list")
def list_acts(
    what: Annotated[str, typer.Option(help="Only acts that begin so, such as close or ledger.rates.")] = "",
    about: Annotated[str, typer.Option(help="Only acts about this: a workflow, a run (R12), a connection …")] = "",
    by: Annotated[str, typer.Option(help="Only acts of this person: user of the system, or stated name.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=5000, help="So many at most.")] = 50,
    folder: Folder = None,
    as_json: AsJson = False,
) -> None:
    """List the newest acts: when, who by both names, what, what it was before and after, and why."""
    with house_of(folder) as house:
        found = newest_acts(house.books, limit, what=what, about=about, name=by)
    if as_json:
        print_json(found)
    elif found:
        columns = ("number", "when", "user", "stated name", "what", "about", "before", "after", "why")
        print_table(columns, [_cells(one) for one in found])
    else:
        say("No act is kept that fits.")


@app.command("verify")
def verify(
    against: Annotated[
        list[Path] | None, typer.Option("--against", help="A file of heads, or the folder of a signed pack.")
    ] = None,
    folder: Folder = None,
) -> None:
    """Check that no act was changed, added or taken away behind the product's back; the books with them."""
    with house_of(folder) as house:
        check_books(house, against or [])


@app.command("export")
def export(
    file: Annotated[
        Path, typer.Argument(dir_okay=False, help="A new file; .csv gives CSV, else one JSON object a line.")
    ],
    folder: Folder = None,
) -> None:
    """Write every act into a file, the oldest first."""
    with house_of(folder) as house:
        written = _write(file, list(every_act(house.books)))
    say(f"{so_many(written, 'act')} written to {file}.")


def _write(file: Path, found: list[KeptAct]) -> int:
    try:
        with file.open("x", encoding="utf-8", newline="") as out:
            if file.suffix.lower() == ".csv":
                columns = tuple(KeptAct.__dataclass_fields__)
                print_csv(columns, [_plain(one) for one in found], out)
            else:
                out.writelines(json.dumps(asdict(one)) + "\n" for one in found)
    except FileExistsError:
        raise Failed(Fix("audit.file", f"{file} is there already. Name a new file.", field=str(file))) from None
    except OSError as error:
        sentence = f"{file} cannot be written ({error.strerror}). Name another file."
        raise Failed(Fix("audit.file", sentence, field=str(file))) from None
    return len(found)


def _plain(one: KeptAct) -> tuple[str, ...]:
    return tuple(json.dumps(value) if isinstance(value, dict) else str(value) for value in asdict(one).values())


def _cells(one: KeptAct) -> tuple[str, ...]:
    name = f"{one.name}, approved by {one.approver}" if one.approver else one.name
    before, after = _short(one.before), _short(one.after)
    return str(one.seq), iso(one.at), one.user, name, one.what, one.about, before, after, one.reason


def _short(values: Mapping[str, Any]) -> str:
    told = (
        f"{name} {json.dumps(value) if isinstance(value, dict | list) else value}" for name, value in values.items()
    )
    text = ", ".join(told)
    return text if len(text) <= VALUE_CHARACTERS_SHOWN else f"{text[:VALUE_CHARACTERS_SHOWN]}…"
