"""``tieout ledger accounts``: which P21 account stands for which of ours, checked before it is taken (accounting C1)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from tieout.cli._figures import so_many
from tieout.cli._printing import NEEDS_A_PERSON, REFUSED
from tieout.cli._shared import AsJson, Folder, Reason, house_of, print_json, print_table, say, text_of
from tieout.cli._tables import print_figures
from tieout.domain.ledger.account import ACCOUNTS, INTERBRANCH
from tieout.kernel.failures import Failed, Fix
from tieout.processes.check_accounts import AccountProblem, check_kept_accounts, needed_accounts, take_accounts
from tieout.queries.ledger import kept_ledger, stripe_names
from tieout.store.ledgers import LedgerRow


def accounts(
    words: Annotated[
        list[str] | None, typer.Argument(metavar="[STRIPE] [FILE]", help="The map to take, a TOML file.")
    ] = None,
    template: Annotated[bool, typer.Option("--template", help="Print a map to fill in.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Check the map in use against P21 as it is now.")] = False,
    reason: Reason = "",
    folder: Folder = None,
    as_json: AsJson = False,
) -> None:
    """Show which P21 account stands for which of ours; with a file, check it against P21's chart and take it."""
    if template:
        typer.echo(_template(), nl=False)
        return
    with house_of(folder) as house:
        stripe, file = _stripe_and_file(words or [], stripe_names(house.books))
        row = kept_ledger(house.books, stripe)
        problems: tuple[AccountProblem, ...] = ()
        if file:
            problems = take_accounts(house.ports, row.connection, text_of(file), reason)
        elif check:
            problems = check_kept_accounts(house.ports, row.connection)
        row = kept_ledger(house.books, row.connection)
    if as_json:
        print_json(problems if file or check else row.accounts.rules if row.accounts else ())
    else:
        _print_outcome(row, file, check, problems)
    raise typer.Exit((REFUSED if file else NEEDS_A_PERSON) if problems else 0)


def _stripe_and_file(words: Sequence[str], names: Sequence[str]) -> tuple[str, Path | None]:
    """One word is a connection if one is called so, else a file."""
    if len(words) > 2:
        sentence = f"Give a connection and a file at most; got {len(words)} words: {' '.join(words)}."
        raise Failed(Fix("cli.words", sentence, field="FILE", value=words[2]))
    if len(words) == 2:
        return words[0], Path(words[1])
    if words and words[0] not in names:
        return "", Path(words[0])
    return (words[0] if words else ""), None


def _print_outcome(row: LedgerRow, file: Path | None, check: bool, problems: Sequence[AccountProblem]) -> None:
    if problems:
        print_table(
            ("account", "P21 account", "what to do"), [(one.account, one.number, one.sentence) for one in problems]
        )
        taken = f"{file} is not taken; " if file else ""
        say(f"{taken}{so_many(len(problems), 'account')} to correct.", "bold red")
    elif file and row.accounts:
        say(f"{file} is taken: {so_many(len(row.accounts.rules), 'rule')}, every account is in P21's chart.", "green")
    elif check:
        say("Every account of the map is in P21's chart and in use.", "green")
    else:
        _print_map(row)


def _print_map(row: LedgerRow) -> None:
    rules = row.accounts.rules if row.accounts else ()
    missing = row.accounts.missing(needed_accounts(row.policy)) if row.accounts else needed_accounts(row.policy)
    shown = [
        (
            ACCOUNTS[rule.account].title,
            rule.account,
            rule.number,
            ", ".join(f"{name} {value}" for name, value in rule.when),
        )
        for rule in rules
    ]
    if shown:
        print_figures(("account", "name", "P21 account", "only when"), shown)
    if missing:
        told = "no account has a P21 number yet" if not rules else f"no rule without conditions: {', '.join(missing)}"
        say(
            f"{told}. Fill in a map (tieout ledger accounts --template) and take it: tieout ledger accounts FILE",
            "yellow",
        )


def _template() -> str:
    lines = [
        "# Which P21 account stands for which account of Tieout. Fill in every number, then: tieout ledger accounts FILE",
        "# A rule may have conditions (category, type, fee, currency, stripe, branch, location, product), such as",
        '# currency = "eur"; the rule with most conditions wins.',
    ]
    group = ""
    for one in ACCOUNTS.values():
        if one.group != group:
            group = one.group
            lines += ["", f"# {group.capitalize()}"]
        note = "   # only for journals that balance branch by branch" if one.name == INTERBRANCH else ""
        lines += ["", f"[[account]]   # {one.title}", f'name = "{one.name}"{note}', 'number = ""']
    return "\n".join(lines) + "\n"
