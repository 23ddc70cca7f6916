"""``tieout workflows``: list, export, check, try, publish and retire workflows as files."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from tieout.app.house import shipped
from tieout.cli._printing import NEEDS_A_PERSON
from tieout.cli._shared import (
    ActorName,
    AsJson,
    Folder,
    Reason,
    acting,
    folder_of,
    house_of,
    print_json,
    print_table,
    say,
    text_of,
)
from tieout.domain.workflow import format as workflow_file
from tieout.domain.workflow.checks import check
from tieout.domain.workflow.definition import Workflow
from tieout.domain.workflow.problem import Problem
from tieout.kernel.failures import Failed, Fix
from tieout.nodes._catalogue import node_forms
from tieout.operations.publish_workflow import publish_workflow
from tieout.operations.retire_workflow import retire_workflow
from tieout.processes.try_workflow import Trial, try_workflow
from tieout.queries.lookups import lookup_tables
from tieout.queries.status import active_workflows
from tieout.store import workflows as store

app = typer.Typer(help="Workflows as files: list, export, check, try, publish, retire.", no_args_is_help=True)
File = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="A workflow file (TOML).")]

Name = Annotated[str, typer.Argument(help="The name of the workflow, such as order_to_cash.")]


@app.command("list")
def list_workflows(folder: Folder = None, as_json: AsJson = False) -> None:
    """List the workflows that are active, with their versions."""
    with house_of(folder) as house:
        found = active_workflows(house.books)
    if as_json:
        print_json([{"name": name, "version": version} for name, version in found])
    else:
        print_table(("name", "version"), [(name, str(version)) for name, version in found])


@app.command("check")
def check_file(file: File, folder: Folder = None, as_json: AsJson = False) -> None:
    """Check a workflow file; every problem names its node, its field and what to do.

    Look-ups are checked against the tables of the file and of the installation, where there is one.
    """
    problems = _problems(_read(file), _tables_of(folder))
    if as_json:
        print_json(problems)
    elif problems:
        print_table(("node", "field", "problem"), [(p.node, p.field, p.sentence) for p in problems])
        say(_so_many(problems))
    else:
        say("No problem found.")
    raise typer.Exit(NEEDS_A_PERSON if problems else 0)


@app.command("try")
def try_file(
    file: File,
    payment: Annotated[str, typer.Option(help="A real payment: pi_… or ch_…")],
    connection: Annotated[str, typer.Option(help="The Stripe connection it belongs to.")] = "stripe",
    livemode: Annotated[bool, typer.Option(help="Whether the payment is real money or a test.")] = False,
    folder: Folder = None,
    as_json: AsJson = False,
) -> None:
    """Walk a workflow for a real payment with every write held back, and show what it would have written."""
    _sound(file)
    with house_of(folder) as house:
        workflow = _sound(file, lookup_tables(house.books))
        trial = try_workflow(house.ports, workflow, connection, payment, livemode)
    if as_json:
        print_json(trial)
    else:
        _print_trial(trial)
    raise typer.Exit(0 if trial.detail.line.state == "applied" else NEEDS_A_PERSON)


@app.command("publish")
def publish(
    file: File,
    beside: Annotated[
        list[str] | None,
        typer.Option(help="An active workflow that may write the same records (its conditions differ)."),
    ] = None,
    instead_of: Annotated[str, typer.Option(help="The active workflow that this one takes the place of.")] = "",
    actor: ActorName = "",
    reason: Reason = "",
    folder: Folder = None,
) -> None:
    """Publish a workflow file as the next immutable version; new runs use it, runs under way keep theirs."""
    _sound(file)
    with house_of(folder, new=True) as house:
        workflow = _sound(file, lookup_tables(house.books))
        now, who = house.ports.clock(), acting(actor)
        published = publish_workflow(
            house.books, workflow, now, who, reason, beside=beside or (), instead_of=instead_of
        )
    say(f"{published.name} version {published.version} is active.")


@app.command("retire")
def retire(name: Name, actor: ActorName = "", reason: Reason = "", folder: Folder = None) -> None:
    """Let a workflow start no new run; runs under way finish."""
    with house_of(folder) as house:
        retire_workflow(house.books, name, house.ports.clock(), acting(actor), reason)
    say(f"{name} is retired.")


@app.command("templates")
def templates() -> None:
    """List the shipped templates and where their files are."""
    rows = [(path.stem, workflow_file.read(path.read_text(encoding="utf-8")).note, str(path)) for path in shipped()]
    print_table(("name", "what it does", "file"), rows)


@app.command("export")
def export(name: Name, folder: Folder = None) -> None:
    """Print the active version of a workflow as a file."""
    with house_of(folder) as house, house.books.reading() as db:
        published = store.active(db, name)
        if published is None:
            names = ", ".join(one.name for one in store.all_active(db))
            raise Failed(Fix("workflow.unknown", f"There is no workflow {name!r}; there are: {names}.", value=name))
    typer.echo(published.text, nl=False)


def _print_trial(trial: Trial) -> None:
    line = trial.detail.line
    say(f"The payment would be {line.state}{f' at {line.node}' if line.node else ''}. {line.sentence}".strip())
    for held in trial.held:
        say(f"\nwould write {held.entity} with reference {held.reference}", style="bold")
        print_json(held.document)


def _read(file: Path) -> Workflow:
    text = text_of(file)
    try:
        return workflow_file.read(text)
    except Failed as error:
        raise Failed(replace(error.failure, sentence=f"{file}: {error.failure.sentence}")) from None


def _tables_of(folder: Path | None) -> Collection[str]:
    """The names of the look-up tables that an installation keeps; none where there is no installation."""
    if not folder_of(folder).exists():
        return ()
    with house_of(folder) as house:
        return tuple(lookup_tables(house.books))


def _problems(workflow: Workflow, tables: Collection[str] | None) -> tuple[Problem, ...]:
    return check(workflow, node_forms(), tables)


def _so_many(problems: Sequence[Problem]) -> str:
    return "1 problem" if len(problems) == 1 else f"{len(problems)} problems"


def _sound(file: Path, tables: Collection[str] | None = None) -> Workflow:
    """The workflow of a file without a problem. ``tables``: of the installation; None before there is one."""
    workflow = _read(file)
    if problems := _problems(workflow, tables):
        first = problems[0]
        sentence = f"{file} has {_so_many(problems)}; the first, at {first.node} {first.field}: {first.sentence}"
        raise Failed(Fix("workflow.unsound", sentence, field=first.field))
    return workflow
