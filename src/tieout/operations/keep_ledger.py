"""Keeps how the books of one Stripe account are to be kept: its policy, its map of accounts, its rates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from tieout.domain.ledger.policy import Policy
from tieout.kernel.failures import Failed, Fix
from tieout.store import ledgers
from tieout.store.database import Database


def keep_policy(books: Database, connection: str, policy: Policy) -> None:
    """Keep the policy. Failed(Fix) when rows are posted already and the ledger's currency would change."""
    with books.transaction() as db:
        kept = ledgers.get(db, connection)
        if kept and kept.imported_until and kept.policy.ledger_currency != policy.ledger_currency:
            sentence = (
                f"The ledger of {connection} is kept in {kept.policy.ledger_currency.upper()} and has entries; its currency "
                "cannot change. Start a new installation for another company."
            )
            raise Failed(Fix("ledger.currency", sentence, field="ledger_currency", value=policy.ledger_currency))
        ledgers.put_policy(db, connection, policy)


def keep_accounts(books: Database, connection: str, text: str, branches: Mapping[str, str]) -> None:
    """Keep the map of accounts, as the text of its file, and P21's branch of each account."""
    with books.transaction() as db:
        ledgers.put_accounts(db, connection, text, branches)


def keep_rates(books: Database, ledger_currency: str, given: Iterable[tuple[str, str, Decimal]]) -> None:
    """Keep rates (currency, day, rate). Failed(Fix), and nothing kept, when one of them is there as another."""
    with books.transaction() as db:
        refused = ledgers.put_rates(db, ledger_currency, given)
        if refused:
            sentence = f"A rate once entered stays, because entries were made with it: {'; '.join(refused[:3])}."
            raise Failed(Fix("ledger.rate", sentence, field="rate", value=refused[0]))
