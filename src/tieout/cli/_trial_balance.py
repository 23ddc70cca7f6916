"""Prints the trial balance and the postings of an account: for people, for a spreadsheet, for machines (accounting C9)."""

from __future__ import annotations

from collections.abc import Sequence

from tieout.cli._figures import figure, joined, money, plain
from tieout.cli._shared import print_json, say
from tieout.cli._tables import print_csv, print_figures
from tieout.domain.ledger.account import ACCOUNTS
from tieout.domain.ledger.balances import Roll
from tieout.queries.ledger import PostingLine, TrialBalance


def show_balance(balance: TrialBalance, as_json: bool, as_csv: bool) -> None:
    """Print the trial balance."""
    columns = (
        "account",
        "name",
        "currency",
        "opening",
        "debits",
        "credits",
        "closing",
        "worth",
        "ledger currency",
        "lines",
    )
    if as_json:
        print_json(balance)
    elif as_csv:
        print_csv(columns, [_roll_csv(one) for one in balance.rolls])
    else:
        _print_balance(balance)


def _print_balance(balance: TrialBalance) -> None:
    days = joined(
        [word for word in (balance.begins and f"from {balance.begins}", balance.ends and f"to {balance.ends}") if word]
    )
    say(f"Trial balance of {balance.connection}{f', {days}' if days else ''}", style="bold")
    if not balance.rolls:
        say("Nothing is posted yet. Read Stripe's balance with: tieout ledger import")
        return
    order = {name: place for place, name in enumerate(ACCOUNTS)}
    rolls = sorted(balance.rolls, key=lambda one: (order[one.account], one.currency))
    foreign = any(one.currency != one.ledger_currency for one in rolls)
    columns = ("account", "", ">opening", ">debits", ">credits", ">closing", *((">worth",) if foreign else ()))
    rows, totals = (
        [_roll(one) for one in rolls],
        [_total(currency, rolls) for currency in sorted({one.currency for one in rolls})],
    )
    print_figures(columns, [row[: len(columns)] for row in rows], [row[: len(columns)] for row in totals])
    if balance.off:
        say(
            f"The books do not balance: off by {joined([money(off, home) for home, off in balance.off.items()])}",
            "bold red",
        )
    else:
        say("Debits and credits balance.", "green")


def _roll(one: Roll) -> tuple[str, ...]:
    figures = (one.opening, one.debits, one.credits, one.closing)
    worth = money(one.closing_value, one.ledger_currency) if one.currency != one.ledger_currency else ""
    return ACCOUNTS[one.account].title, one.currency.upper(), *(figure(each, one.currency) for each in figures), worth


def _total(currency: str, rolls: Sequence[Roll]) -> tuple[str, ...]:
    inside = [one for one in rolls if one.currency == currency]
    opening, debits = sum(one.opening for one in inside), sum(one.debits for one in inside)
    credits, closing = sum(one.credits for one in inside), sum(one.closing for one in inside)
    return "Total", currency.upper(), *(figure(each, currency) for each in (opening, debits, credits, closing)), ""


def _roll_csv(one: Roll) -> tuple[str, ...]:
    figures = (one.opening, one.debits, one.credits, one.closing)
    worth = plain(one.closing_value, one.ledger_currency)
    return (
        one.account, ACCOUNTS[one.account].title, one.currency.upper(), *(plain(each, one.currency) for each in figures),
        worth, one.ledger_currency.upper(), str(one.lines),
    )  # fmt: skip


def show_postings(account: str, lines: tuple[PostingLine, ...], as_json: bool, as_csv: bool) -> None:
    """Print the postings of an account."""
    columns = ("booked", "day", "entry", "source", "subject", "what", "currency", "moved", "stands at", "journal")
    if as_json:
        print_json(lines)
    elif as_csv:
        print_csv(columns, [_posting_csv(one) for one in lines])
    else:
        say(f"{ACCOUNTS[account].title} ({account})", style="bold")
        rows = [_posting(one) for one in lines]
        print_figures(("booked", ">entry", "~what", ">moved", ">stands at"), rows)
        say("Follow one with: tieout explain ENTRY" if rows else "Nothing is posted to it.", "dim")


def _posting(one: PostingLine) -> tuple[str, ...]:
    return one.booked, str(one.entry), one.memo, money(one.amount, one.currency), money(one.running, one.currency)


def _posting_csv(one: PostingLine) -> tuple[str, ...]:
    figures = plain(one.amount, one.currency), plain(one.running, one.currency)
    return (
        one.booked, one.day, str(one.entry), one.source, one.subject, one.memo, one.currency.upper(), *figures, one.journal,
    )  # fmt: skip
