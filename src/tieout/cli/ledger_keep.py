"""``tieout ledger keep``: how the books of a Stripe account are kept, decided before the first posting (accounting C4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated

import typer

from tieout.app.house import House, template
from tieout.cli._figures import checked_day
from tieout.cli._shared import ActorName, AsJson, Folder, Reason, acting, house_of, print_json, print_table, say
from tieout.domain.audit.act import Actor
from tieout.domain.ledger.policy import CHOICES, Policy
from tieout.kernel.failures import Failed, Fix
from tieout.operations.keep_ledger import keep_policy
from tieout.operations.publish_workflow import publish_workflow
from tieout.processes.fit_policy import fitted_policy
from tieout.processes.post_journals import read_periods
from tieout.queries.ledger import kept_ledger, ledger_named, p21_names, stripe_names
from tieout.store import workflows
from tieout.store.ledgers import LedgerRow

JOURNAL = "journal"

Stripe = Annotated[str, typer.Argument(metavar="[STRIPE]", help="The Stripe connection (empty: the only one).")]


def _choice(name: str) -> str:
    return f"One of {', '.join(CHOICES[name])}."


def keep(
    stripe: Stripe = "",
    currency: Annotated[str | None, typer.Option(help="The company's currency, such as usd.")] = None,
    time_zone: Annotated[str | None, typer.Option(help="The company's time zone, such as America/New_York.")] = None,
    p21: Annotated[str | None, typer.Option(help="The P21 connection that journals go to.")] = None,
    dated_by: Annotated[str | None, typer.Option(help=_choice("dated_by"))] = None,
    closed_period: Annotated[str | None, typer.Option(help=_choice("closed_period"))] = None,
    journals: Annotated[str | None, typer.Option(help=_choice("journals"))] = None,
    refund_cash: Annotated[str | None, typer.Option(help=_choice("refund_cash"))] = None,
    sales_without_invoice: Annotated[str | None, typer.Option(help=_choice("sales_without_invoice"))] = None,
    lost_disputes: Annotated[str | None, typer.Option(help=_choice("lost_disputes"))] = None,
    starts: Annotated[str | None, typer.Option(help="The first day that is posted, YYYY-MM-DD.")] = None,
    balance_branches: Annotated[bool | None, typer.Option(help="Let every journal balance branch by branch.")] = None,
    actor: ActorName = "",
    reason: Reason = "",
    folder: Folder = None,
    as_json: AsJson = False,
) -> None:
    """Keep a ledger for a Stripe account, or change how it is kept; without options, show it."""
    given = {
        "ledger_currency": currency.lower() if currency else None, "time_zone": time_zone, "p21": p21,
        "dated_by": dated_by, "closed_period": closed_period, "journals": journals, "refund_cash": refund_cash,
        "sales_without_invoice": sales_without_invoice, "lost_disputes": lost_disputes,
        "starts": starts if starts is None else checked_day(starts, "--starts"), "balance_branches": balance_branches,
    }  # fmt: skip
    chosen = {name: value for name, value in given.items() if value is not None}
    with house_of(folder) as house:
        row = _keep(house, stripe, chosen, acting(actor), reason) if chosen else kept_ledger(house.books, stripe)
    if as_json:
        print_json(row.policy.document())
    else:
        _print_policy(row)


def _keep(house: House, stripe: str, chosen: Mapping[str, object], who: Actor, reason: str) -> LedgerRow:
    name = _connected(house, stripe)
    kept = ledger_named(house.books, name)
    before = kept.policy if kept else Policy(p21=_only(p21_names(house.books)))
    try:
        policy = replace(before, **chosen)  # type: ignore[arg-type]
    except ValueError as wrong:
        field = str(wrong).partition(" ")[0]
        raise Failed(Fix("ledger.policy", f"--{field.replace('_', '-')}: {wrong}.", field=field)) from None
    policy = fitted_policy(house.ports, policy, str(chosen.get("refund_cash", "")))
    keep_policy(house.books, name, policy, house.ports.clock(), who, reason)
    read_periods(house.ports, name)
    _publish_journal(house, who)
    return kept_ledger(house.books, name)


def _publish_journal(house: House, who: Actor) -> None:
    """Journals reach P21 by a workflow of its own; published once, unless somebody has published or retired it."""
    with house.books.reading() as db:
        there = workflows.version(db, JOURNAL, 1)
    if there is None:
        publish_workflow(house.books, template(JOURNAL), house.ports.clock(), who)


def _connected(house: House, stripe: str) -> str:
    names = stripe_names(house.books)
    if stripe in names or (not stripe and len(names) == 1):
        return stripe or names[0]
    if not names:
        sentence = "No Stripe account is connected. Connect it first: tieout connect stripe"
    elif stripe:
        sentence = f"No Stripe account is called {stripe!r}; there are: {', '.join(names)}."
    else:
        sentence = f"Say which Stripe account: {', '.join(names)} are connected."
    raise Failed(Fix("ledger.connection", sentence, field="STRIPE", value=stripe))


def _only(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else ""


def _print_policy(row: LedgerRow) -> None:
    say(f"The ledger of {row.connection}", style="bold")
    document = row.policy.document()
    shown = [(name.replace("_", " "), _shown(value)) for name, value in document.items()]
    print_table(("choice", "kept as"), shown)
    if row.accounts is None and row.policy.p21:
        say("No map of accounts is kept, so nothing goes to P21 yet: tieout ledger accounts --template", style="yellow")


def _shown(value: object) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value) or "-"
