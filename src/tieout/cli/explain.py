"""``tieout explain``: from any figure back to the Stripe transaction, and forward to the P21 record."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from tieout.cli._chains import (
    HOW,
    document_words,
    journal_words,
    print_chain,
    print_entry,
    print_exceptions,
    told_documents,
)
from tieout.cli._figures import money, so_many
from tieout.cli._payout import print_equation
from tieout.cli._shared import AsJson, Folder, house_of, print_json, say
from tieout.cli._tables import print_figures
from tieout.domain.ledger.account import ACCOUNTS
from tieout.kernel.failures import Failed, Fix
from tieout.processes.explain_figure import explain_figure
from tieout.queries.explain import AccountStory, BankStory, JournalStory, Story
from tieout.queries.ledger import kept_ledgers

LOOKED = (
    "accounts, rows of Stripe's balance, charges, payments, refunds, disputes, invoices, payouts, entries, exceptions, "
    "P21 documents, journals and accounts, lines of the bank, and amounts"
)


def explain(
    name: Annotated[
        str,
        typer.Argument(
            help="An account, txn_, po_, ch_, pi_, re_, dp_, in_, a bank line, an entry or P21 number, or an amount."
        ),
    ],
    limit: Annotated[int, typer.Option(min=1, max=500, help="So many rows at most.")] = 20,
    folder: Folder = None,
    as_json: AsJson = False,
) -> None:
    """Explain a figure: Stripe's rows, their entries, the P21 records and journals, the payout and the bank line."""
    with house_of(folder) as house:
        zones = {row.connection: row.policy.zone() for row in kept_ledgers(house.books)}
        story = explain_figure(house.ports, name.strip(), limit) if name.strip() else Story("")
    if story.is_empty:
        sentence = (
            f"Nothing is called {name!r}. Tieout looked among {LOOKED}. Import what is new with: tieout ledger import"
        )
        raise Failed(Fix("explain.unknown", sentence, field="name", value=name))
    if as_json:
        print_json(story)
    else:
        _print(story, zones)


def _print(story: Story, zones: Mapping[str, ZoneInfo]) -> None:
    for account in story.accounts:
        _print_account(account)
    if story.payout:
        print_equation(story.payout.line, zones[story.payout.line.connection])
        say(f"Its lines: tieout payout {story.payout.line.payout.id}", style="dim")
    for each in story.journals:
        _print_journal(each)
    for bank_line in story.bank:
        _print_bank(bank_line)
    for link in told_documents(story.documents):
        say(
            f"{document_words(link)} in {link.p21} stands for {link.subject}  (reference {link.reference}, run {link.run})"
        )
    for chain in story.chains:
        print_chain(chain, zones[chain.connection])
    for owed in story.owed:
        who = f"customer {owed.customer}" if owed.customer else "the customer"
        of = f" ({owed.documents})" if owed.documents else ""
        say(
            f"\nOn this sale {who} owes {money(owed.booked, owed.currency)} in the books{of}; compared with P21 by: tieout ledger prove"
        )
    if story.more:
        say(f"\n… and {so_many(story.more, 'row')} more; show them with --limit", style="dim")
    for one in story.other:
        say(f"\n{one.kept.entry.source}  {one.kept.entry.kind.replace('_', ' ')}", style="bold")
        print_entry(one.kept, one.journal)
    if story.amounts:
        say(f"\nWhat comes to {story.name}", style="bold")
        cells = [(one.kind, one.id, one.day, money(one.amount, one.currency), one.about) for one in story.amounts]
        print_figures(("what", "id", "day", ">amount", "~about"), cells)
        say("More of one: tieout explain ID", style="dim")
    if story.exceptions:
        say("\nExceptions", style="bold")
        print_exceptions(story.exceptions, zones)


def _print_bank(story: BankStory) -> None:
    line = story.line
    say(f"\nBank line {line.id} of {line.day} on {line.account}", style="bold")
    say(f"  {money(line.amount, line.currency)}  {line.descriptor}{f'  trace {line.trace}' if line.trace else ''}")
    for one in story.matched:
        how = HOW.get(one.how, one.how)
        say(f"  pays {money(one.amount, line.currency)} of {one.payout}  ({how}); see tieout explain {one.payout}")
    if not story.matched:
        say("  No payout is matched with it: tieout bank lines", style="yellow")


def _print_account(story: AccountStory) -> None:
    title, numbers = ACCOUNTS[story.account].title, ", ".join(story.numbers) or "not mapped"
    say(f"\n{title} ({story.account}) in the ledger of {story.connection}; P21 account {numbers}", style="bold")
    if not story.balances:
        say("Nothing was ever posted to it.")
        return
    for currency, (amount, value) in sorted(story.balances.items()):
        worth = f", worth {money(value, story.ledger_currency)}" if currency != story.ledger_currency else ""
        say(f"stands at {money(amount, currency)}{worth}")
    if len(story.balances) > 1:
        say(f"in all {money(story.worth, story.ledger_currency)}")
    kinds = [(one.kind.replace("_", " "), money(one.amount, one.currency), f"{one.entries:,}") for one in story.kinds]
    say("\nWhere it comes from", style="bold")
    print_figures(("kind", ">moved", ">entries"), kinds)
    say("\nLast postings", style="bold")
    last = [
        (one.booked, str(one.entry), one.memo, money(one.amount, one.currency), money(one.running, one.currency))
        for one in story.last
    ]
    print_figures(("booked", ">entry", "~what", ">moved", ">stands at"), last)
    say(f"All of them: tieout ledger --account {story.account}", style="dim")


def _print_journal(story: JournalStory) -> None:
    row = story.journal
    say(f"\n{journal_words(row)} of {row.booked} carries {so_many(story.count, 'entry', 'entries')}", style="bold")
    lines = [
        (str(one["account"]), str(one["description"]), str(one["amount"])) for one in row.document.get("lines", ())
    ]
    print_figures(("account", "~what", ">amount"), lines)
    told = [(str(one.seq), one.entry.memo, money(one.entry.cleared, one.entry.currency)) for one in story.entries]
    print_figures((">entry", "~what", ">moves clearing by"), told)
    if story.count > len(told):
        say(f"… and {so_many(story.count - len(told), 'entry', 'entries')} more", style="dim")
