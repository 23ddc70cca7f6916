"""``tieout personal``: what is kept of people, and how it is erased."""

from __future__ import annotations

from typing import Annotated

import typer

from tieout.cli._shared import ActorName, AsJson, Folder, Reason, acting, house_of, print_json, say
from tieout.kernel.clock import iso
from tieout.kernel.failures import Failed, Fix
from tieout.processes.erase_personal import Person, erase_person, find_person, rewrite
from tieout.queries.personal import held

app = typer.Typer(no_args_is_help=True, help="What is kept of people, and how it is erased.")
Who = Annotated[str, typer.Argument(help="A Stripe id (cus_…, pi_…) or a whole e-mail address.")]
STAYS = (
    "What stays: amounts, dates, P21 numbers, Stripe ids, country and state, the ledger's entries and the audit trail; the law on "
    "bookkeeping asks for them. Erase the rest where it is too: in Stripe, in Prophet 21, in backups and copies, and in logs."
)


@app.command("show")
def show(folder: Folder = None, as_json: AsJson = False) -> None:
    """Say of how many ended events it is still kept who somebody is, and for how long."""
    with house_of(folder) as house:
        found, days = held(house.books), house.settings.personal_days
    if as_json:
        print_json({"events": found.events, "oldest": found.oldest, "personal_days": days})
        return
    since = f", the oldest since {iso(found.oldest)[:10]}" if found.oldest else ""
    say(f"{found.events} ended events still tell who somebody is{since}.")
    say(
        f"Names and addresses are erased {days} days after an event has ended."
        if days
        else "They are kept for good. Set TIEOUT_PERSONAL_DAYS to erase them after so many days."
    )


@app.command("erase")
def erase(
    who: Who,
    reason: Reason = "",
    actor: ActorName = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do it. Without this it is only shown.")] = False,
    folder: Folder = None,
) -> None:
    """Erase a person from what has ended: shown first, done with --yes. It cannot be undone."""
    with house_of(folder) as house:
        if not yes:
            _print(find_person(house.ports, who), "would be erased")
            say("Nothing was erased. To do it, add: --yes --reason '...'", "yellow")
            return
        person = erase_person(house.ports, who, acting(actor), reason)
    _print(person, "are erased")
    _say_if_left(person.rewritten)


@app.command("rewrite")
def rewrite_files(folder: Folder = None) -> None:
    """Write the database files anew, so that nothing that was erased is left in their free parts."""
    with house_of(folder) as house:
        done = rewrite(house.ports)
    _say_if_left(done)


def _say_if_left(rewritten: bool) -> None:
    if rewritten:
        say("The database files were written anew.", "green")
        return
    sentence = (
        "A database file is in use, so its free parts may still hold what was erased. Stop tieout work and tieout serve for a moment, "
        "then: tieout personal rewrite"
    )
    raise Failed(Fix("personal.in_use", sentence))


def _print(person: Person, what: str) -> None:
    say(
        f"{person.who}: names, addresses, telephone numbers and e-mail addresses of {len(person.events)} events {what}."
    )
    for connection, number in person.customers:
        say(f"In Prophet 21 it is customer {number} ({connection}).")
    if person.under_way:
        say(f"Not ended yet: {', '.join(person.under_way)}.", "yellow")
    say(STAYS)
