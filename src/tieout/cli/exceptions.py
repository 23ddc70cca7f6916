"""``tieout exceptions`` and ``tieout resolve``: what is open in the books, by age, and how a person ends it."""

from __future__ import annotations

from typing import Annotated

import typer

from tieout.cli._figures import STATES, local, money, plain, so_many, sums
from tieout.cli._shared import AsJson, Folder, acting, house_of, print_json, say
from tieout.cli._tables import AsCsv, print_csv
from tieout.cli.payouts import Ledger
from tieout.domain.ledger.account import ACCOUNTS
from tieout.kernel.failures import Failed, Fix
from tieout.operations import resolve_exception
from tieout.operations.decision import Decision
from tieout.operations.resolve_exception import Resolved
from tieout.queries.exceptions import Aged, open_by_age
from tieout.queries.ledger import kept_ledger, kept_ledgers
from tieout.store.exceptions import NEXT_OPEN, ExceptionRow

WAYS = "--to ACCOUNT, --accept, --write-off, --reverse or --post-in-open-period"
CSV_COLUMNS = (
    "number", "ledger", "code", "about", "payout", "ours", "theirs", "currency", "amount", "age in days", "opened",
    "sentence",
)  # fmt: skip


def exceptions(
    code: Annotated[str, typer.Option(help="Only codes that begin so, such as row.unknown or break.bank.")] = "",
    payout: Annotated[str, typer.Option(help="Only those of this payout.")] = "",
    ledger: Ledger = "",
    folder: Folder = None,
    as_json: AsJson = False,
    as_csv: AsCsv = False,
) -> None:
    """List what is open, the oldest first: rows that are not posted or not named, and breaks."""
    with house_of(folder) as house:
        row = kept_ledger(house.books, ledger) if ledger else kept_ledgers(house.books)[0]
        zone = row.policy.zone()
        groups = open_by_age(house.books, house.ports.clock(), ledger, code=code, payout=payout)
        others = 0 if groups else sum(len(one.open) for one in open_by_age(house.books, house.ports.clock(), ledger))
    if as_json:
        print_json(groups)
    elif as_csv:
        rows = [(each, age) for group in groups for each, age in zip(group.open, group.ages, strict=True)]
        print_csv(CSV_COLUMNS, [_csv(each, age, local(each.opened_at, zone)) for each, age in rows])
    elif groups or not (code or payout):
        _print(groups)
    else:
        _print_none(f"code {code}" if code else payout, others)


def _print_none(asked: str, others: int) -> None:
    """Nothing of what was asked for is open; that is no word about the rest."""
    rest = (
        f"{so_many(others, 'other exception is', 'other exceptions are')} open: tieout exceptions"
        if others
        else "Nothing else is."
    )
    say(f"Nothing of {asked} is open. {rest}", "yellow" if others else "green")


def _print(groups: tuple[Aged, ...]) -> None:
    for group in groups:
        say(f"Open {group.title}: {_summed(group.open)}", style="bold")
        for each in group.open:
            inside = f" in {each.payout}" if each.payout and each.payout != each.about else ""
            say(f"\n{each.id:>5}  {each.code}  {money(each.amount, each.currency)}  {each.about}{inside}", "yellow")
            say(f"       {each.sentence}")
        say("")
    every = [each for group in groups for each in group.open]
    if every:
        say(f"In all {_summed(every)}. End one with: tieout resolve NUMBER --reason … --actor …", "bold")
    else:
        say("Nothing is open.", "green")


def _summed(found: tuple[ExceptionRow, ...] | list[ExceptionRow]) -> str:
    return f"{so_many(len(found), 'exception')}, {sums((each.currency, abs(each.amount)) for each in found)}"


def _csv(one: ExceptionRow, age: int, opened: str) -> tuple[str, ...]:
    return (
        str(one.id), one.connection, one.code, one.about, one.payout, one.ours, one.theirs, one.currency.upper(),
        plain(one.amount, one.currency), str(age), opened, one.sentence,
    )  # fmt: skip


def resolve(
    number: Annotated[int, typer.Argument(metavar="NUMBER", help="The exception's number.")],
    reason: Annotated[str, typer.Option(help="Why this is right; it stays in the books.")] = "",
    actor: Annotated[str, typer.Option(help="Who decides.", envvar="TIEOUT_ACTOR")] = "",
    to: Annotated[
        str, typer.Option(metavar="ACCOUNT", help="Move it from suspense, or from transit, to this account.")
    ] = "",
    accept: Annotated[bool, typer.Option("--accept", help="Accept a break as it is; no entry is made.")] = False,
    write_off: Annotated[bool, typer.Option("--write-off", help="Write it off to rounding; needs --approver.")] = False,
    open_period: Annotated[
        bool, typer.Option("--post-in-open-period", help="Post it into the next open period; needs --approver.")
    ] = False,
    reverse: Annotated[
        bool, typer.Option("--reverse", help="Undo the entry of a row that Stripe does not list; needs --approver.")
    ] = False,
    approver: Annotated[str, typer.Option(help="The second person, where one is needed.")] = "",
    folder: Folder = None,
    as_json: AsJson = False,
) -> None:
    """End an open exception: by an entry, or by a reason. Nothing in the books is edited."""
    chosen = [bool(to), accept, write_off, reverse, open_period]
    if sum(chosen) != 1:
        raise Failed(Fix("resolve.way", f"Say how to resolve it: one of {WAYS}.", field="--to"))
    with house_of(folder) as house:
        decision = Decision(actor, reason, house.ports.clock(), approver, acting().user)
        if to:
            done = resolve_exception.move_to_account(house.books, number, to, decision)
        elif accept:
            done = resolve_exception.accept(house.books, number, decision)
        elif write_off:
            done = resolve_exception.write_off(house.books, number, decision)
        elif reverse:
            done = resolve_exception.reverse(house.books, number, decision)
        else:
            done = resolve_exception.post_in_open_period(house.books, number, decision)
    if as_json:
        print_json(done)
    else:
        _print_done(done, to)


def _print_done(done: Resolved, to: str) -> None:
    one = done.exception
    moved = f" to {ACCOUNTS[to].title}" if to in ACCOUNTS else ""
    made = "; no entry was made"
    if done.entry:
        made = f"; entry {done.entry} moves it{moved} (tieout explain {done.entry})"
    elif one.resolution == NEXT_OPEN:
        made = "; it is posted there by itself, the next time tieout work looks at it"
    say(f"Exception {one.id} is closed by {one.actor}: {one.reason}{made}.", "green")
    if one.payout and done.verdict:
        say(f"{one.payout} is {STATES[done.verdict]} now.")
    elif one.payout:
        say(f"Look at the payout again: tieout payout {one.payout} --look")
