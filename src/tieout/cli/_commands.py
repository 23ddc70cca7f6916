"""The commands of ``tieout`` by name; what a command needs is imported only when it is typed, so that each answers at once."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup


@dataclass(frozen=True, slots=True)
class Place:
    """Where a command is: its module in ``tieout.cli``, the function or group in there, and its first line of help."""

    module: str
    attribute: str
    summary: str


PLACES = {
    "status": Place("status", "status", "Say in a few lines whether all is well: processes, connections, what waits."),
    "serve": Place(
        "processes", "serve", "Serve the webhook door and the page (ports: TIEOUT_WEBHOOK_PORT, TIEOUT_PAGE_PORT)."
    ),
    "work": Place("processes", "work", "Work: take up events and write what they ask for, until stopped."),
    "connect": Place(
        "connect", "app", "Connect a Stripe account, a Prophet 21 or a web store; list what is connected."
    ),
    "probe": Place("connect", "probe", "Make harmless calls and say what works, what was found and what is off."),
    "runs": Place("runs", "runs", "List the newest payments and what became of them."),
    "show": Place("runs", "show", "Show one run: every step, every write, every value with its reason."),
    "replay": Place(
        "runs",
        "replay",
        "Let a parked run go on at the step that failed; what is already written is found, not written again.",
    ),
    "orders": Place("orders", "orders", "List the orders that Tieout entered and that stand unapproved in P21 now."),
    "links": Place("links", "app", "Which P21 records stand for a Stripe object, and who a buyer is."),
    "personal": Place("personal", "app", "What is kept of people, and how it is erased."),
    "alerts": Place("alerts", "alerts", "List the newest alerts: what was parked, and which connection was away."),
    "workflows": Place("workflows", "app", "Workflows as files: list, export, check, try, publish, retire."),
    "tables": Place(
        "tables", "app", "Look-up tables (items with units, currencies, accounts): list, show, set, import."
    ),
    "ledger": Place(
        "ledger", "app", "The books: trial balance, accounts, proofs. Without a command: the trial balance."
    ),
    "payouts": Place(
        "payouts", "payouts", "List the payouts, newest first: what each pays, what the bank shows, and the verdict."
    ),
    "payout": Place(
        "payouts",
        "payout",
        "Show one payout: the equation, each line from Stripe's row to entry, P21 and bank, and what is open.",
    ),
    "bank": Place("bank", "app", "Bank statements: what really arrived."),
    "exceptions": Place(
        "exceptions",
        "exceptions",
        "List what is open, the oldest first: rows that are not posted or not named, and breaks.",
    ),
    "resolve": Place(
        "exceptions", "resolve", "End an open exception: by an entry, or by a reason. Nothing in the books is edited."
    ),
    "explain": Place(
        "explain",
        "explain",
        "Explain a figure: Stripe's rows, their entries, the P21 records and journals, the payout and the bank line.",
    ),
    "close": Place("close", "app", "Close a period: what must be proven, the pack, the signatures, the lock."),
    "backup": Place(
        "backup",
        "backup",
        "Copy the installation into a new folder while it works: databases and key, one consistent set.",
    ),
    "restore": Place(
        "backup",
        "restore",
        "Put a backup back. What was written to P21 since is looked for there before anything is sent again.",
    ),
    "audit": Place("audit", "app", "The audit trail: who changed what, when and why."),
    "vault": Place("vault", "app", "The key that seals secrets and the chain of the books."),
    "simulate": Place(
        "simulate", "app", "Pretend systems for trials and tests; docs/how-to/pretend-systems.md says how to use them."
    ),
}


class Commands(TyperGroup):
    """The commands by their first lines; each is loaded when it is asked for."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = {name: TyperCommand(name, help=place.summary) for name, place in PLACES.items()}

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """The command that was typed, loaded whole."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, _loaded(name, PLACES[name]) if name in PLACES else command, rest


def _loaded(name: str, place: Place) -> Any:
    found = getattr(importlib.import_module(f"tieout.cli.{place.module}"), place.attribute)
    if not isinstance(found, typer.Typer):
        alone = typer.Typer(add_completion=False)
        alone.command(name)(found)
        found = alone
    command = typer.main.get_command(found)
    command.name = name
    return command
