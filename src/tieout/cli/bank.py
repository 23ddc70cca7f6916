"""``tieout bank``: bank statements, and which of their lines are payouts."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from dataclasses import asdict, fields
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from tieout.cli._figures import STATES, checked_day, money, plain, so_many, sums
from tieout.cli._shared import AsJson, Folder, acting, house_of, print_json, say, text_of
from tieout.cli._tables import AsCsv, print_csv, print_figures
from tieout.cli.payouts import From, To
from tieout.connectors.bank import CsvColumns
from tieout.domain.reconciliation.verdict import TIED_OUT
from tieout.kernel.failures import Failed, Fix
from tieout.operations.decision import Decision
from tieout.processes.bank_columns import Proposal, columns_of
from tieout.processes.match_line import free_line, match_line
from tieout.processes.take_statement import Taken, take_statement
from tieout.queries.bank import MatchedLine, lines_of_bank
from tieout.queries.ledger import kept_ledgers

LINES_SHOWN = 200
LINE_CHARS_SHOWN = 8
FILE_BYTES_MAX = 64 * 1024 * 1024
KNOWN = {one.name for one in fields(CsvColumns)}
LISTS = ("description", "reference", "money_in", "money_out")
PROPOSED_LINES, ASIDES_SHOWN = 5, 5

Actor = Annotated[str, typer.Option(help="Who decides.", envvar="TIEOUT_ACTOR")]

app = typer.Typer(help="Bank statements: what really arrived.", no_args_is_help=True)


@app.command("import")
def import_file(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="A CSV, OFX, camt.053, MT940, BAI2 or QIF file.")
    ],
    account: Annotated[str, typer.Option(help="The bank account that a CSV or QIF file is of.")] = "",
    currency: Annotated[str, typer.Option(help="Its currency, where the file does not say.")] = "",
    columns: Annotated[
        Path | None, typer.Option(exists=True, dir_okay=False, help="What the columns of a CSV file are (TOML).")
    ] = None,
    confirm: Annotated[
        bool, typer.Option("--confirm", help="What was guessed of the columns is right; it is not asked again.")
    ] = False,
    new_account: Annotated[
        bool, typer.Option("--new-account", help="The file is of an account that the books do not know yet.")
    ] = False,
    folder: Folder = None,
    as_json: AsJson = False,
) -> None:
    """Take a bank statement and match it with the payouts; the same file again changes nothing."""
    with house_of(folder) as house:
        names = [row.connection for row in kept_ledgers(house.books)]
        content, chosen = _bytes_of(file), _columns(columns, account)
        if chosen is None:
            found = columns_of(house.ports, file.name, content, account, currency)
            chosen = _confirmed(file.name, found, as_json, confirm) if isinstance(found, Proposal) else found
        taken = take_statement(house.ports, names, file.name, content, chosen, new_account=new_account)
    if as_json:
        print_json(taken)
    else:
        _print_taken(taken)


@app.command("lines")
def lines(
    account: Annotated[str, typer.Option(help="Only this bank account.")] = "",
    unmatched: Annotated[bool, typer.Option("--unmatched", help="Only those that are no payout yet.")] = False,
    from_: From = "",
    to: To = "",
    folder: Folder = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """List the lines of the bank, newest first, with the payouts that they are."""
    with house_of(folder) as house:
        begins, ends = checked_day(from_, "--from"), checked_day(to, "--to") or "9999-12-31"
        found = lines_of_bank(house.books, account, begins, ends, unmatched=unmatched)
    if as_json:
        print_json(found)
    elif as_csv:
        print_csv(
            ("line", "day", "account", "currency", "amount", "reference", "words", "payouts", "matched by"),
            [_csv(one) for one in found],
        )
    else:
        _print_lines(
            found,
            "Every line is a payout's." if unmatched else "No line. Take a statement with: tieout bank import FILE",
        )


@app.command("match")
def match(
    line: Annotated[str, typer.Argument(metavar="LINE", help="The line, or as much of its id as is unique.")],
    payout: Annotated[
        list[str],
        typer.Argument(metavar="PAYOUT...", help="The payout, or all of several; of a top-up, its own (tu_…)."),
    ],
    reason: Annotated[str, typer.Option(help="Why it is this one; it stays in the books.")] = "",
    actor: Actor = "",
    approver: Annotated[str, typer.Option(help="The second person, where its period is closed.")] = "",
    folder: Folder = None,
    as_json: AsJson = False,
) -> None:
    """Say which payout a line is, or which several; what it has less or more than one payout stays open as a break."""
    payouts = list(dict.fromkeys(payout))
    with house_of(folder) as house:
        verdicts = match_line(
            house.ports, line, payouts, Decision(actor, reason, house.ports.clock(), approver, acting().user)
        )
    if as_json:
        print_json({"line": line, "payouts": [{"id": one, "verdict": verdicts.get(one)} for one in payouts]})
        return
    for one in payouts:
        verdict = verdicts.get(one, "")
        told = f": {STATES.get(verdict, verdict)}" if verdict else ""
        say(f"The line is {one} now{told}.", style="green" if verdict in (TIED_OUT, "") else "yellow")


@app.command("unmatch")
def unmatch(
    line: Annotated[str, typer.Argument(metavar="LINE", help="The line, or as much of its id as is unique.")],
    reason: Annotated[str, typer.Option(help="Why it is not; it stays in the books.")] = "",
    actor: Actor = "",
    approver: Annotated[str, typer.Option(help="The second person.")] = "",
    folder: Folder = None,
    as_json: AsJson = False,
) -> None:
    """Take back what a line was matched with: its entry is reversed, and from then on only a person matches that line."""
    with house_of(folder) as house:
        freed = free_line(house.ports, line, Decision(actor, reason, house.ports.clock(), approver, acting().user))
    if as_json:
        print_json({"line": line, "payouts": freed})
    else:
        say(f"The line is {', '.join(freed)} no more. Match it anew with: tieout bank match", style="green")


def _confirmed(name: str, proposal: Proposal, as_json: bool, confirm: bool) -> CsvColumns:
    """The guessed columns once a person has confirmed them; until then they are shown, and nothing is kept."""
    if confirm:
        return proposal.columns
    if not as_json:
        _print_proposal(name, proposal)
    doubts = f" Look well at {' and '.join(proposal.doubts)}: the file does not decide it." if proposal.doubts else ""
    sentence = (
        f"Files like {name} of the account {proposal.columns.account!r} were not read before: what their columns are was guessed."
        f"{doubts} If it is right, repeat the command with --confirm; if not, say it with --columns FILE. Nothing was kept."
    )
    raise Failed(Fix("bank.confirm", sentence, field="--confirm", value=proposal.columns.account))


def _print_proposal(name: str, proposal: Proposal) -> None:
    """The settings as they would stand in a file, and the first lines as they would be read."""
    say(f"{name} would be read so{f' (an export of {proposal.bank})' if proposal.bank else ''}:")
    for setting, value in asdict(proposal.columns).items():
        if value:
            told = (
                f"[{', '.join(map(json.dumps, value))}]"
                if isinstance(value, tuple)
                else json.dumps(value, ensure_ascii=False)
            )
            say(f"  {setting} = {told}")
    rows = [
        (_in_words(line.day), money(line.amount, line.currency), line.trace, line.descriptor)
        for line in proposal.statement.lines[:PROPOSED_LINES]
    ]
    print_figures(("day", ">amount", "reference", "~words"), rows)
    say(
        f"{so_many(len(proposal.statement.lines), 'line')}; {sums((one.currency, one.amount) for one in proposal.statement.lines)}"
    )
    _print_asides(proposal.statement.asides)


def _in_words(day: str) -> str:
    """``3 Nov 2026``, so that nobody takes the month for the day."""
    told = date.fromisoformat(day)
    return f"{told.day} {told:%b %Y}"


def _print_asides(asides: Sequence[str]) -> None:
    if asides:
        shown = ", ".join(asides[:ASIDES_SHOWN])
        say(f"No lines: {shown}{' …' if len(asides) > ASIDES_SHOWN else ''}", style="dim")


def _bytes_of(file: Path) -> bytes:
    try:
        size = file.stat().st_size
        content = file.read_bytes() if size <= FILE_BYTES_MAX else b""
    except OSError as error:
        sentence = f"{file} cannot be read ({error.strerror}). Correct its permissions, or name the right file."
        raise Failed(Fix("cli.file", sentence, field=str(file))) from None
    if size > FILE_BYTES_MAX:
        sentence = f"{file} has {size:,} bytes, and a statement may have {FILE_BYTES_MAX:,}. Export a shorter period."
        raise Failed(Fix("cli.file", sentence, field=str(file), value=str(size)))
    return content


def _columns(file: Path | None, account: str) -> CsvColumns | None:
    """The columns of a CSV file from their TOML file; ``account`` wins over what stands there."""
    if file is None:
        return None
    chosen = _table(file)
    if account:
        chosen["account"] = account
    if unknown := sorted(set(chosen) - KNOWN):
        sentence = f"{file}: {unknown[0]!r} is no setting of columns; known: {', '.join(sorted(KNOWN))}."
        raise Failed(Fix("bank.columns", sentence, field=unknown[0]))
    for name in ("account", "currency", "date"):
        if not chosen.get(name):
            raise Failed(Fix("bank.columns", f"{file}: the setting {name} is missing. Add it.", field=name))
    return CsvColumns(**{name: _setting(file, name, value) for name, value in chosen.items()})


def _table(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text_of(file))
    except (ValueError, RecursionError) as error:
        raise Failed(Fix("bank.columns", f"{file} is not TOML: {error}. Correct it there.", field=str(file))) from None


def _setting(file: Path, name: str, value: object) -> Any:
    if type(value) is int and value > 0 and name not in LISTS:
        return f"#{value}"  # the column by its place
    if name in LISTS and isinstance(value, list) and all(isinstance(one, str) for one in value):
        return tuple(value)
    if isinstance(value, str):
        return (value,) if name in LISTS else value
    kind = "a text or a list of texts" if name in LISTS else "a text"
    raise Failed(
        Fix("bank.columns", f"{file}: {name} must be {kind}, got {value!r}.", field=name, value=str(value)[:80])
    )


def _print_taken(taken: Taken) -> None:
    say(f"{so_many(taken.lines, 'line')} read, {taken.new:,} new; {so_many(len(taken.verdicts), 'payout')} matched.")
    _print_asides(taken.asides)
    if taken.rows:
        say(
            f"{so_many(len(taken.rows), 'top-up')} matched: {', '.join(taken.rows[:5])}{' …' if taken.rows[5:] else ''}",
            "green",
        )
    for payout, state in taken.verdicts.items():
        say(f"  {payout}  {STATES.get(state, state)}", style="green" if state == TIED_OUT else "yellow")
    for found, words in (
        (taken.open, "the bank does not show yet"),
        (taken.waiting, "the bank shows, but a rate is missing or a period closed (tieout exceptions)"),
    ):
        if found:
            say(f"{so_many(len(found), 'payout')} {words}: {', '.join(found[:5])}{' …' if found[5:] else ''}")


def _print_lines(found: tuple[MatchedLine, ...], without: str) -> None:
    rows = [
        (
            one.line.id[:LINE_CHARS_SHOWN],
            one.line.day,
            money(one.line.amount, one.line.currency),
            one.line.account,
            ", ".join(one.payouts) or "-",
            one.line.descriptor,
        )
        for one in found[:LINES_SHOWN]
    ]
    if not rows:
        say(without)
        return
    print_figures(("line", "day", ">amount", "account", "~payouts", "~words"), rows)
    matched = sum(bool(one.payouts) for one in found)
    total = sums((one.line.currency, one.line.amount) for one in found)
    say(f"\n{so_many(len(found), 'line')}, matched {matched:,}; {total}", style="bold")
    if len(found) > LINES_SHOWN:
        say(f"… {len(found) - LINES_SHOWN:,} older ones are not shown; use --from and --to, or --csv", style="dim")


def _csv(one: MatchedLine) -> tuple[str, ...]:
    line = one.line
    amount = plain(line.amount, line.currency)
    return (
        line.id,
        line.day,
        line.account,
        line.currency.upper(),
        amount,
        line.trace,
        line.descriptor,
        " ".join(one.payouts),
        one.how,
    )
