"""Keeps how the books of one Stripe account are to be kept: its policy, its map of accounts, its rates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from tieout.domain.ledger.policy import Policy
from tieout.kernel.failures import Failed, Fix
from tieout.store import ledgers
from tieout.store.database import Database

DECIDED = ("ledger_currency", "time_zone", "dated_by", "sales_without_invoice", "starts")


def keep_policy(books: Database, connection: str, policy: Policy, at: float = 0.0) -> None:
    """Keep the policy. Failed(Fix) when rows are posted already and a choice that made their entries would change."""
    with books.transaction() as db:
        kept = ledgers.get(db, connection)
        if kept and kept.imported_until:
            _check_unchanged(connection, kept.policy, policy)
        ledgers.put_policy(db, connection, policy, at)


def _check_unchanged(connection: str, kept: Policy, wanted: Policy) -> None:
    """An entry can be made again from its row: what made it must stay, or every old entry would look wrong."""
    for name in DECIDED:
        was, now = getattr(kept, name), getattr(wanted, name)
        if was != now:
            sentence = (
                f"The ledger of {connection} has entries that were made with {name.replace('_', ' ')} {was or '(none)'}, so it "
                f"cannot become {now or '(none)'}. Start a new installation where it must be another."
            )
            raise Failed(Fix("ledger.decided", sentence, field=name, value=str(now)))


def keep_accounts(books: Database, connection: str, text: str, branches: Mapping[str, str]) -> None:
    """Keep the map of accounts, as the text of its file, and P21's branch of each account."""
    with books.transaction() as db:
        ledgers.put_accounts(db, connection, text, branches)


def keep_rates(books: Database, ledger_currency: str, given: Iterable[tuple[str, str, Decimal]]) -> None:
    """Keep rates (currency, day, rate). Failed(Fix), and nothing kept, when something was made with one that would change."""
    with books.transaction() as db:
        refused = ledgers.put_rates(db, ledger_currency, given)
        if refused:
            sentence = f"A rate with which entries or an approved close were made stays: {'; '.join(refused[:3])}."
            raise Failed(Fix("ledger.rate", sentence, field="rate", value=refused[0]))
