"""``tieout links``: which P21 records stand for a Stripe object, and who a buyer is."""

from __future__ import annotations

from typing import Annotated

import typer

from tieout.app.house import House
from tieout.cli._shared import ActorName, AsJson, Folder, Reason, acting, house_of, print_json, print_table, say
from tieout.kernel.clock import iso
from tieout.kernel.failures import Failed, Fix
from tieout.operations.change_link import change_link, undo_link
from tieout.queries.links import links_of
from tieout.store import connections

app = typer.Typer(no_args_is_help=True, help="Which P21 records stand for a Stripe object, and who a buyer is.")
Subject = Annotated[
    str, typer.Argument(help="A Stripe id (cus_…, pi_…, re_…), email:ada@example.com, or another subject.")
]
Origin = Annotated[str, typer.Option(help="The Stripe connection (empty: the only one that has such a link).")]
P21Name = Annotated[str, typer.Option(help="The P21 connection (empty: the only one).")]


@app.command("show")
def show(subject: Subject, folder: Folder = None, as_json: AsJson = False) -> None:
    """Show every record that stands for it, the newest last; of several customers the newest counts."""
    with house_of(folder) as house:
        found = links_of(house.books, subject)
    if as_json:
        print_json(found)
    elif not found:
        say(f"Nothing is linked to {subject}.", "yellow")
    else:
        print_table(
            ("record", "number", "P21", "Stripe", "by", "at"),
            [(one.entity, one.key, one.connection, one.origin, one.run or one.reference, iso(one.at)) for one in found],
            {},
        )


@app.command("change")
def change(
    subject: Subject,
    to: Annotated[str, typer.Option("--to", help="The P21 customer's number.")],
    reason: Reason = "",
    actor: ActorName = "",
    origin: Origin = "",
    p21: P21Name = "",
    folder: Folder = None,
) -> None:
    """Say which P21 customer a buyer is; the earlier links stay beneath it."""
    with house_of(folder) as house:
        name, system = house.ports.connections.p21(p21)
        customer = system.customer(to)
        if customer is None or not customer.active:
            sentence = f"P21 has no active customer {to!r}. Correct --to, or activate the customer in P21."
            raise Failed(Fix("link.customer", sentence, field="to", value=to))
        stripe = origin or _origin(house, subject)
        change_link(house.books, name, stripe, subject, to, acting(actor), reason, house.ports.clock())
    say(f"{subject} is customer {to} ({customer.name}) from the next payment on.", "green")


@app.command("undo")
def undo(
    subject: Subject,
    reason: Reason = "",
    actor: ActorName = "",
    origin: Origin = "",
    p21: P21Name = "",
    folder: Folder = None,
) -> None:
    """Take the newest link of a buyer away: the one before it counts again."""
    with house_of(folder) as house:
        name, _ = house.ports.connections.p21(p21)
        stripe = origin or _origin(house, subject)
        now = undo_link(house.books, name, stripe, subject, acting(actor), reason, house.ports.clock())
    say(
        f"{subject} is customer {now} again."
        if now
        else f"{subject} is linked to no customer: it will be matched anew."
    )


def _origin(house: House, subject: str) -> str:
    """The Stripe connection that is meant where none was named."""
    names = list(dict.fromkeys(one.origin for one in links_of(house.books, subject)))
    with house.books.reading() as db:
        names = names or [row.name for row in connections.every(db) if row.connector == "stripe"]
    if len(names) != 1:
        sentence = f"Which Stripe connection is meant? There are: {', '.join(names) or 'none'}. Name one with --origin."
        raise Failed(Fix("link.origin", sentence, field="origin"))
    return names[0]
