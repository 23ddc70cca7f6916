"""``tieout close …``: the checklist of a period, its pack, its signatures, and the revaluation of foreign money (C9)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text
from typer.core import TyperGroup

from tieout.app.house import House
from tieout.cli._shared import AsJson, Folder, acting, house_of, out, print_json, say, say_hash
from tieout.cli._tables import print_figures
from tieout.domain.audit.act import Act
from tieout.domain.close.checklist import Item, checklist
from tieout.domain.close.figures import Figures
from tieout.domain.close.pack import CODE, RIGHT, Cell, Section
from tieout.domain.close.verdict import last_line
from tieout.domain.close.words import MINUS, moment, shown
from tieout.domain.ledger.account import ACCOUNTS
from tieout.kernel.failures import Failed, Fix
from tieout.kernel.money import Money
from tieout.kernel.names import checked_name, inside
from tieout.kernel.redact import printable
from tieout.operations.record_act import record_alone
from tieout.operations.sign_close import Paper, approve_close, lock_close, prepare_close, reopen_close
from tieout.processes.close_pack import Pack, check_pack, look_at_close, make_pack, write_pack
from tieout.processes.keep_heads import keep_heads
from tieout.processes.revalue_foreign import revalue_foreign
from tieout.queries.close import close_of, period_named
from tieout.queries.ledger import kept_ledger
from tieout.store.ledgers import CloseRow

STYLES = {
    "done": "green", "open": "yellow", "blocked": "bold red", "tied out": "green", "waits": "yellow",
    "broken": "bold red", "not looked at": "bold red",
}  # fmt: skip
CLOSES = "closes"
ROWS_SHOWN_MAX, EVIDENCE_CHARS = 40, 12


class OrCheck(TyperGroup):
    """``tieout close stripe`` is ``tieout close check stripe``."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """Put the command in that was left out."""
        named = bool(args) and (args[0] in self.commands or args[0] == "--help")
        return list(super().parse_args(ctx, args if named else ["check", *args]))


app = typer.Typer(cls=OrCheck, help="Close a period: what must be proven, the pack, the signatures, the lock.")

Stripe = Annotated[str, typer.Argument(help="The Stripe connection; may be left out when only one ledger is kept.")]
Named = Annotated[str, typer.Option("--period", help="The period, such as 2026-10.")]


@app.command("check")
def check(period: Named, stripe: Stripe = "", folder: Folder = None, as_json: AsJson = False) -> None:
    """The checklist of a period: every item with its state, its figure, and what to do."""
    with house_of(folder) as house:
        figures = look_at_close(house.ports, stripe, period)
        row, _ = close_of(house.books, figures.connection, figures.period.name)
    items = checklist(figures)
    if as_json:
        print_json({"items": items, "close": row, "verdict": last_line(figures)})
        return
    say(f"{figures.connection}, {_days(figures)}", style="bold")
    _print_items(items)
    say_hash(f"\n{_signatures(row, figures.zone)}", row.evidence)
    say(last_line(figures), style="bold")


@app.command("log")
def log(period: Named, stripe: Stripe = "", folder: Folder = None, as_json: AsJson = False) -> None:
    """Who prepared, gave a reason, approved, locked and reopened a period: every act, the oldest first."""
    with house_of(folder) as house:
        ledger = kept_ledger(house.books, stripe)
        name = period_named(house.books, ledger, period).name
        _, acts = close_of(house.books, ledger.connection, name)
    if as_json:
        print_json(acts)
        return
    zone = ledger.policy.time_zone
    rows = [
        (moment(one.at, zone), one.actor, f"{one.act} {one.about}".strip(), one.reason, one.evidence[:EVIDENCE_CHARS])
        for one in acts
    ]
    if rows:
        print_figures(("when", "who", "what", "~why", "evidence"), rows)
    else:
        say(f"Nobody has done anything in the close of {name} yet.")


@app.command("pack")
def pack(
    period: Named,
    stripe: Stripe = "",
    out_: Annotated[Path | None, typer.Option("--out", help="Write CSV, HTML and manifest into this folder.")] = None,
    folder: Folder = None,
) -> None:
    """Print the close pack of a period; with --out, also write it as CSV and HTML with the hash of every file."""
    with house_of(folder) as house:
        figures = look_at_close(house.ports, stripe, period)
        made = make_pack(house.ports, figures)
        if out_ is not None:
            write_pack(made, out_)
    say(f"Close of {figures.period.name}: {figures.connection}, {_days(figures)}", style="bold")
    for section in made.sections:
        _print_section(section)
    if out_ is not None:
        say(f"\n{len(made.files)} files are in {out_}; open {out_ / 'close.html'}")
        say_hash("Evidence (SHA-256 of the manifest):", made.evidence)
    say(f"\n{made.last_line}", style="bold")


@app.command("revalue")
def revalue(period: Named, stripe: Stripe = "", folder: Folder = None) -> None:
    """Post what the rate of the last day makes of foreign money; it is taken back on the next day."""
    with house_of(folder) as house:
        figures = look_at_close(house.ports, stripe, period)
        act = Act("close.revalue", f"{figures.connection} {figures.period.name}")
        record_alone(house.books, acting(), act, house.ports.clock())
        done = revalue_foreign(house.ports, figures)
    for one in done:
        was, now = shown(one.booked, one.ledger_currency), shown(one.booked + one.difference, one.ledger_currency)
        at = (
            "for good: nothing stands there any more"
            if one.final
            else f"at {one.rate or 'no rate: nothing stands there'}"
        )
        say(
            f"{ACCOUNTS[one.account].title}: {shown(one.amount, one.currency)} was {was} in the books and is {now} {at}."
        )
    if not done:
        say(f"Nothing to revalue: foreign money stands at the rate of {figures.period.ends}.")


@app.command("sign")
def sign(
    period: Named,
    stripe: Stripe = "",
    prepared_by: Annotated[str, typer.Option("--prepared-by", help="Who prepared the close.")] = "",
    approved_by: Annotated[str, typer.Option("--approved-by", help="Who approves it: another person.")] = "",
    because: Annotated[list[str] | None, typer.Option(help="item=reason, for an item that is blocked.")] = None,
    lock: Annotated[bool, typer.Option("--lock", help="Lock the period once it is approved.")] = False,
    reopen: Annotated[bool, typer.Option("--reopen", help="Take signatures and lock back; needs --reason.")] = False,
    reason: Annotated[str, typer.Option("--reason", help="Why the period is reopened.")] = "",
    folder: Folder = None,
) -> None:
    """Sign the close: first who prepared it, then another person; then lock it. Every act is kept for good."""
    if lock and not (approved_by or reopen):
        sentence = "Say who locks it, when or after it is approved: --approved-by NAME --lock"
        raise Failed(Fix("close.lock", sentence, field="--lock"))
    if prepared_by and approved_by:
        sentence = "Sign one after the other: first --prepared-by, then another person with --approved-by."
        raise Failed(Fix("close.both", sentence, field="--approved-by", value=approved_by))
    with house_of(folder) as house:
        if reopen:
            row = _reopened(house, stripe, period, approved_by, reason)
        elif approved_by:
            row = _approved(house, stripe, period, approved_by, _reasons(because), lock)
        else:
            row = _prepared(house, stripe, period, prepared_by, _reasons(because))
        zone = kept_ledger(house.books, row.connection).policy.time_zone
    say_hash(f"{row.connection} {row.period}: {_signatures(row, zone)}", row.evidence)


def _prepared(house: House, stripe: str, period: str, by: str, reasons: dict[str, str]) -> CloseRow:
    figures = look_at_close(house.ports, stripe, period)
    made = make_pack(house.ports, figures)
    checked_name(figures.connection, "the folder of a pack", "STRIPE")
    row = prepare_close(house.books, _paper(figures, made, reasons), by, house.ports.clock(), acting())
    write_pack(made, _kept_in(house, row))
    keep_heads(house.books, house.head_files)
    say(f"The pack is kept in {_kept_in(house, row)}")
    return row


def _approved(house: House, stripe: str, period: str, by: str, reasons: dict[str, str], lock: bool) -> CloseRow:
    ledger = kept_ledger(house.books, stripe)
    name = period_named(house.books, ledger, period).name
    row, _ = close_of(house.books, ledger.connection, name)
    if not (lock and row.approved_by):
        row = _newly_approved(house, row, by, reasons)
    return lock_close(house.books, ledger.connection, name, by, house.ports.clock(), acting()) if lock else row


def _newly_approved(house: House, row: CloseRow, by: str, reasons: dict[str, str]) -> CloseRow:
    if row.evidence and (wrong := check_pack(_kept_in(house, row), row.evidence)):
        sentence = (
            f"The pack that {row.prepared_by} signed is not what it was: {', '.join(wrong[:3])} in {_kept_in(house, row)}. "
            "Bring the files back, or prepare the close again."
        )
        raise Failed(Fix("close.evidence", sentence, field="--approved-by", value=wrong[0]))
    figures = look_at_close(house.ports, row.connection, row.period)
    paper = _paper(figures, make_pack(house.ports, figures), reasons)
    row = approve_close(house.books, paper, by, house.ports.clock(), acting())
    keep_heads(house.books, house.head_files)
    return row


def _reopened(house: House, stripe: str, period: str, by: str, reason: str) -> CloseRow:
    ledger = kept_ledger(house.books, stripe)
    name = period_named(house.books, ledger, period).name
    return reopen_close(house.books, ledger.connection, name, by, reason, house.ports.clock(), acting())


def _paper(figures: Figures, made: Pack, reasons: dict[str, str]) -> Paper:
    items = checklist(figures)
    return Paper(figures.connection, figures.period.name, items, made.figures, made.evidence, reasons)


def _kept_in(house: House, row: CloseRow) -> Path:
    return inside(house.settings.folder / CLOSES, row.connection, row.period, row.evidence[:12])


def _reasons(given: Sequence[str] | None) -> dict[str, str]:
    found = {}
    for one in given or ():
        item, equals, why = one.partition("=")
        if not equals:
            raise Failed(Fix("close.item", f"--because {one!r}: write item=reason.", field="--because", value=one))
        found[item.strip()] = why.strip()
    return found


def _days(figures: Figures) -> str:
    return f"{figures.period.begins} to {figures.period.ends}, {figures.zone}"


def _signatures(row: CloseRow, zone: str) -> str:
    if not row.prepared_by:
        return "Nobody has signed."
    said = f"Prepared by {row.prepared_by} on {moment(row.prepared_at, zone)}"
    if row.approved_by:
        said += f", approved by {row.approved_by} on {moment(row.approved_at, zone)}"
    return f"{said}{', locked' if row.locked else ''}. Evidence:"


def _print_items(items: Sequence[Item]) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for title in ("item", "what", "state", "figure"):
        table.add_column(title, no_wrap=title == "state")
    for one in items:
        cells = (one.name, one.title, one.state, one.figure)
        table.add_row(*(Text(printable(cell), STYLES.get(cell, "")) for cell in cells))
    out.print(table)
    for one in items:
        if one.act:
            say(f"{one.name}: {one.act}", style=STYLES[one.state])


def _print_section(section: Section) -> None:
    say(f"\n{section.title}", style="bold")
    for line in section.lines:
        say(line)
    if not section.rows:
        say(section.empty, style="dim")
    elif not (section.name == "proof" and section.lines):
        _print_rows(section)
    if section.foot:
        say(section.foot, style="dim")


def _print_rows(section: Section) -> None:
    table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column in section.columns:
        side = "right" if column.kind in RIGHT else "left"
        table.add_column(column.title, justify=side, no_wrap=column.kind in (CODE, *RIGHT))  # type: ignore[arg-type]
    for row in section.rows[:ROWS_SHOWN_MAX]:
        cells = [_text(cell) for cell in row]
        table.add_row(*(Text(printable(cell), STYLES.get(cell, "")) for cell in cells))
    out.print(table)
    if len(section.rows) > ROWS_SHOWN_MAX:
        say(f"{len(section.rows) - ROWS_SHOWN_MAX:,} more are in the files of the pack (--out DIR)", style="dim")


def _text(cell: Cell) -> str:
    if isinstance(cell, Money):
        return shown(cell.minor, cell.currency)
    return "" if cell is None else cell if isinstance(cell, str) else f"{cell:,}".replace("-", MINUS)
