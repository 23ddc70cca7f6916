"""``tieout ledger``: the trial balance, the postings of an account, the proofs, and what keeps the books up to date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Annotated

import typer

from tieout.app.house import House
from tieout.cli import ledger_accounts, ledger_keep, ledger_opening, ledger_rates
from tieout.cli._figures import checked_day, figure, midnight, money, so_many, span
from tieout.cli._printing import NEEDS_A_PERSON
from tieout.cli._seals import check_books
from tieout.cli._shared import AsJson, Folder, acting, house_of, print_json, say
from tieout.cli._tables import AsCsv, print_figures
from tieout.cli._trial_balance import show_balance, show_postings
from tieout.cli.payouts import From, Ledger, To
from tieout.domain.audit.act import Act
from tieout.domain.close.sections_owed import owed_equation
from tieout.domain.ledger.account import ACCOUNTS
from tieout.domain.reconciliation.proof import Proof
from tieout.domain.reconciliation.receivables import ReceivablesProof
from tieout.kernel.failures import Failed, Fix
from tieout.operations.record_act import record_alone
from tieout.processes.audit_rows import audit_rows
from tieout.processes.check_journals import check_journals
from tieout.processes.import_balance import Imported, import_balance
from tieout.processes.keep_heads import keep_heads
from tieout.processes.open_ledger import open_ledger
from tieout.processes.post_journals import post_journals, read_periods
from tieout.processes.prove_balance import prove_balance
from tieout.processes.prove_receivables import receivables_or_why
from tieout.queries.ledger import (
    account_postings,
    kept_ledger,
    trial_balance,
    waiting_for_p21,
)

AUDITED_DAYS, SALES_SHOWN = 7, 20
DAY_SECONDS = 86_400

app = typer.Typer(help="The books: trial balance, accounts, proofs. Without a command: the trial balance.")
Stripe = Annotated[str, typer.Argument(metavar="[STRIPE]", help="The Stripe connection (empty: the only ledger).")]

Against = Annotated[
    list[Path] | None,
    typer.Option("--against", help="A file of heads, or the folder of a signed pack; may be given more than once."),
]

app.command("keep")(ledger_keep.keep)
app.command("accounts")(ledger_accounts.accounts)
app.command("rates")(ledger_rates.rates)
app.command("opening")(ledger_opening.opening)


@app.callback(invoke_without_command=True)
def ledger(
    context: typer.Context,
    from_: From = "",
    to: To = "",
    account: Annotated[str, typer.Option(help="The postings of this account, newest first.")] = "",
    currency: Annotated[str, typer.Option(help="With --account: only this currency.")] = "",
    limit: Annotated[int, typer.Option(min=1, max=100_000, help="With --account: so many postings at most.")] = 50,
    ledger: Ledger = "",
    folder: Folder = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """Print the trial balance, or the postings of one account."""
    if context.invoked_subcommand:
        return
    begins, ends = checked_day(from_, "--from"), checked_day(to, "--to")
    with house_of(folder) as house:
        name = kept_ledger(house.books, ledger).connection
        if account:
            known = known_account(account)
            postings = account_postings(house.books, name, known, currency.lower(), begins, ends, limit)
        else:
            balance = trial_balance(house.books, name, begins, ends)
    if account:
        show_postings(known, postings, as_json, as_csv)
    else:
        show_balance(balance, as_json, as_csv)


@app.command("verify")
def verify(against: Against = None, folder: Folder = None) -> None:
    """Compute every hash, mark and sum again, and say what that proves; with a head kept elsewhere, the end too."""
    with house_of(folder) as house:
        check_books(house, against or [])


@app.command("head")
def head(
    file: Annotated[Path, typer.Argument(dir_okay=False, help="A file elsewhere; the head is added to it.")],
    folder: Folder = None,
) -> None:
    """Keep the head of the chain in a file elsewhere: what is cut off or made anew later shows by it."""
    with house_of(folder) as house:
        kept = keep_heads(house.books, [file])
    assert kept is not None, "an installation has a chain"
    say(f"Row {kept.seq:,} of the chain is kept in {file}. Compare with: tieout ledger verify --against {file}")


@app.command("prove")
def prove(stripe: Stripe = "", folder: Folder = None, as_json: AsJson = False) -> None:
    """Prove the balance, opening + activity − payouts = closing = Stripe = clearing; and receivables, by document with P21."""
    with house_of(folder) as house:
        ledger = kept_ledger(house.books, stripe)
        name = ledger.connection
        proofs = prove_balance(house.ports, name)
        owed = receivables_or_why(house.ports, name, ledger.policy.ledger_currency)
    if as_json:
        balance = [{**one.document(), "off": one.off} for one in proofs]
        print_json({"balance": balance, "receivables": owed.document()})
    else:
        say(f"The balance of {name}", style="bold")
        print_proofs(proofs)
        print_owed(owed)
    raise typer.Exit(NEEDS_A_PERSON if owed.off or any(one.off for one in proofs) else 0)


@app.command("import")
def import_rows(
    stripe: Stripe = "",
    since: Annotated[str, typer.Option(help="Read again from this day, YYYY-MM-DD.")] = "",
    folder: Folder = None,
) -> None:
    """Read Stripe's balance and post what is new; what is there already stays as it is."""
    with house_of(folder) as house:
        ledger = kept_ledger(house.books, stripe)
        day = checked_day(since, "--since")
        _record(house, "ledger.import", ledger.connection, {"since": day} if day else {})
        opened = Imported() if day else open_ledger(house.ports, ledger.connection)
        done = import_balance(
            house.ports, ledger.connection, since=midnight(day, ledger.policy.zone()) if day else None
        )
    total = Imported(**{one.name: getattr(opened, one.name) + getattr(done, one.name) for one in fields(Imported)})
    say(_imported_words(total))


def _imported_words(done: Imported) -> str:
    """Every row that was read is told once, so that the figures add up."""
    parts = [
        f"{count:,} {what}"
        for count, what in (
            (done.known, "known already"),
            (done.before, "from before the first day"),
            (done.waiting, "waiting for a rate or a period"),
        )
        if count
    ]
    told = f"{so_many(done.rows, 'row')} read: {', '.join([f'{done.posted:,} posted', *parts])}."
    told += f" {so_many(done.freed, 'row')} that waited posted too." if done.freed else ""
    return told + (f" {so_many(done.open, 'exception')} open: tieout exceptions" if done.open else "")


@app.command("audit")
def audit(stripe: Stripe = "", from_: From = "", to: To = "", folder: Folder = None, as_json: AsJson = False) -> None:
    """Read rows again (without days: the last seven) and P21's journals, and compare each with the books."""
    with house_of(folder) as house:
        ledger, now = kept_ledger(house.books, stripe), int(house.ports.clock()) + 1
        since, until = span(from_, to, ledger.policy.zone())
        until = min(until, now)
        _record(house, "ledger.audit", ledger.connection, {"since": since, "until": until})
        found = audit_rows(house.ports, ledger.connection, since or until - AUDITED_DAYS * DAY_SECONDS, until)
        found.breaks += check_journals(house.ports, ledger.connection)
    if as_json:
        print_json(found)
    else:
        say(f"{so_many(found.rows, 'row')} compared, {so_many(len(found.breaks), 'break')}.")
        for one in found.breaks:
            say(f"{one.kind}  {money(one.amount, one.currency)}  {one.sentence}", "yellow")
    raise typer.Exit(NEEDS_A_PERSON if found.breaks else 0)


@app.command("post")
def post(stripe: Stripe = "", folder: Folder = None) -> None:
    """Form the journals that are due, and let them be written to P21."""
    with house_of(folder) as house:
        ledger = kept_ledger(house.books, stripe)
        if not ledger.policy.p21:
            sentence = "The ledger names no P21 to post to. Name it: tieout ledger keep --p21 NAME"
            raise Failed(Fix("ledger.p21", sentence, field="p21"))
        _record(house, "ledger.post", ledger.connection, {})
        read_periods(house.ports, ledger.connection)
        due = post_journals(house.ports, ledger.connection)
        waiting = waiting_for_p21(house.books, ledger.connection)
    told = f"{so_many(due, 'journal')} on the way to P21; tieout work writes them, tieout runs shows each."
    say(told if due else "P21 has every journal that was formed.")
    if waiting.entries:
        why = (
            "an account has no P21 number yet: tieout exceptions"
            if ledger.accounts
            else "no map of accounts is kept: tieout ledger accounts"
        )
        say(f"{so_many(waiting.entries, 'entry', 'entries')} in no journal, because {why}", "yellow")


def _record(house: House, what: str, about: str, asked: Mapping[str, object]) -> None:
    record_alone(house.books, acting(), Act(what, about, {}, asked), house.ports.clock())


def known_account(name: str) -> str:
    """An account by its name or title. Failed(Fix) names those there are."""
    by_title = {one.title.lower(): one.name for one in ACCOUNTS.values()}
    found = name if name in ACCOUNTS else by_title.get(name.strip().lower(), "")
    if found:
        return found
    sentence = f"There is no account {name!r}; there are: {', '.join(ACCOUNTS)}."
    raise Failed(Fix("account.unknown", sentence, field="--account", value=name))


def print_proofs(proofs: tuple[Proof, ...]) -> None:
    """Print one line for each currency, and what it is off by."""
    columns = ("", ">opening", ">+ activity", ">− payouts", ">= closing", ">= Stripe", ">= clearing", ">+ waiting", "")
    print_figures(columns, [_proof(one) for one in proofs], styles={"ties out": "green"})
    for one in proofs:
        if one.off:
            say(f"off by {money(one.off, one.currency)}. See why with: tieout exceptions", "bold red")
    if not proofs:
        say("Stripe's balance is empty, and so are the books.")


def print_owed(proof: ReceivablesProof) -> None:
    """Print what customers owe, here and in P21, and the sales on which they disagree."""
    say("\nWhat customers owe", style="bold")
    say(owed_equation(proof), "bold red" if proof.off else "yellow" if proof.unread else "green")
    apart = proof.apart
    for one in apart[:SALES_SHOWN]:
        say(
            f"{money(one.off, proof.currency)} on {', '.join(one.subjects[:2])} of customer {one.customer or 'none'}: {one.why}",
            "yellow",
        )
    if len(apart) > SALES_SHOWN:
        say(f"… and {so_many(len(apart) - SALES_SHOWN, 'sale')} more; all with --json", "dim")


def _proof(one: Proof) -> tuple[str, ...]:
    figures = (one.opening, one.activity, one.payouts, one.closing, one.stripe, one.clearing, one.unposted)
    told = "ties out" if not one.off else f"off by {figure(one.off, one.currency)}"
    return one.currency.upper(), *(figure(each, one.currency) for each in figures), told
