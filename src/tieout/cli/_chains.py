"""Prints how a row of Stripe's balance became an entry, a P21 record, a payout and a line of the bank."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from zoneinfo import ZoneInfo

from tieout.cli._figures import local, money
from tieout.cli._shared import say
from tieout.domain.ledger.account import ACCOUNTS
from tieout.domain.ledger.entry import Line
from tieout.queries.chains import Chain, Deposit, DocumentLink
from tieout.store.exceptions import ExceptionRow
from tieout.store.journal import KeptEntry
from tieout.store.postings import WRITTEN, JournalRow

TITLE_WIDTH = 44
MONEY_WIDTH = 18
RECORDS = {
    "sales_order": "order",
    "invoice": "invoice",
    "cash_receipt": "receipt",
    "ar_invoice": "invoice",
    "credit_memo": "credit memo",
    "rma": "return",
    "refund_payment": "refund payment",
    "customer": "customer",
}
HOW = {
    "trace": "known by its trace id",
    "named": "named in the bank's words",
    "day": "known by amount and day",
    "descriptor": "known by amount and words",
    "sum": "one of an exact sum",
    "person": "matched by a person",
    "short": "the bank is short",
    "over": "the bank is over",
}


def print_chain(chain: Chain, zone: ZoneInfo) -> None:
    """Print one chain, from Stripe to the bank."""
    change = chain.change
    say(f"\n{change.id}  {change.category or change.type}  {local(change.created, zone)}", style="bold")
    fee = f", fee {money(change.fee, change.currency)}" if change.fee else ""
    say(f"  Stripe   {money(change.amount, change.currency)}{fee}, net {money(change.net, change.currency)}")
    say(f"           of {_of(chain)}", style="dim")
    if chain.entry:
        print_entry(chain.entry, chain.journal)
    else:
        say("  Books    not posted; the open exception says why", style="yellow")
    for link in told_documents(chain.documents):
        say(f"  P21      {document_words(link)}  reference {link.reference}, for {link.subject}, run {link.run}")
    say(f"  Payout   {chain.payout or 'none yet'}", style="" if chain.payout else "dim")
    for deposit in chain.deposits:
        say(f"  Bank     {deposit_words(deposit)}")


def print_entry(kept: KeptEntry, journal: JournalRow | None) -> None:
    """Print an entry with its lines, and the journal that carries it."""
    entry = kept.entry
    late = "" if entry.day == entry.booked else f" (happened on {entry.day}, its period was closed)"
    say(f"  Books    entry {kept.seq} of {entry.booked}{late}: {entry.memo}; by {kept.actor}")
    for line in entry.lines():
        say(f"           {_line(line, entry.currency, entry.ledger_currency)}")
    if journal:
        say(f"           carried by {journal_words(journal)}", style="dim")


def told_documents(found: Iterable[DocumentLink]) -> list[DocumentLink]:
    """The records that people ask for; not the addresses, contacts and metadata that were written on the way."""
    return [link for link in found if link.entity in RECORDS]


def document_words(link: DocumentLink) -> str:
    """A P21 record in words: ``receipt 88231``."""
    return f"{RECORDS.get(link.entity, link.entity)} {link.key}"


def journal_words(journal: JournalRow) -> str:
    """A journal in words: ``P21 journal 1204 (2026-11-03:usd:1)``."""
    return (
        f"P21 journal {journal.key} ({journal.name})"
        if journal.state == WRITTEN
        else f"journal {journal.name}, not in P21 yet"
    )


def deposit_words(deposit: Deposit) -> str:
    """A line of the bank, and how it was known."""
    match, line = deposit.match, deposit.line
    if line is None:
        return f"{match.day}, settled by {match.line}"
    return f"{line.day}  {money(match.amount, line.currency)} on {line.account}  {line.descriptor}  ({HOW.get(match.how, match.how)})"


def print_exceptions(found: Iterable[ExceptionRow], zones: Mapping[str, ZoneInfo]) -> None:
    """Print what was ever open about something, and how it ended; ``zones`` are the time zones of the ledgers."""
    for one in found:
        zone = zones[one.connection]
        if one.closed_at is None:
            say(f"  {one.id}  open since {local(one.opened_at, zone)}: {one.sentence}", style="yellow")
        else:
            how = f"{one.resolution}; {one.reason} ({one.actor})"
            say(f"  {one.id}  closed {local(one.closed_at, zone)}: {how}. It was: {one.sentence}", style="dim")


def _of(chain: Chain) -> str:
    origin = chain.change.origin
    names = (chain.change.source, origin.charge, origin.payment, origin.invoice, origin.dispute, origin.customer)
    return ", ".join(dict.fromkeys(name for name in names if name)) or "nothing that Stripe names"


def _line(line: Line, currency: str, home: str) -> str:
    side = "debit " if (line.amount or line.value) >= 0 else "credit"
    worth = f"  worth {money(abs(line.value), home)}" if currency != home else ""
    amount = money(abs(line.amount), currency)
    return f"{side}  {ACCOUNTS[line.account].title:<{TITLE_WIDTH}}{amount:>{MONEY_WIDTH}}{worth}"
