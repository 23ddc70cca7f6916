"""Keeps how the books of one Stripe account are to be kept: its policy, its map of accounts, its rates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from tieout.domain.audit.act import PROGRAM, Act, Actor
from tieout.domain.ledger.policy import Policy
from tieout.kernel.failures import Failed, Fix
from tieout.operations.record_act import record_act
from tieout.store import ledgers
from tieout.store.database import Database

DECIDED = ("ledger_currency", "time_zone", "dated_by", "sales_without_invoice", "starts")


def keep_policy(
    books: Database, connection: str, policy: Policy, at: float = 0.0, who: Actor = PROGRAM, reason: str = ""
) -> None:
    """Keep the policy. Failed(Fix) when rows are posted already and a choice that made their entries would change."""
    with books.transaction() as db:
        kept = ledgers.get(db, connection)
        if kept and kept.imported_until:
            _check_unchanged(connection, kept.policy, policy)
        ledgers.put_policy(db, connection, policy, at)
        was, now = kept.policy.document() if kept else {}, policy.document()
        changed = [name for name in now if name not in was or was[name] != now[name]]
        before = {name: was[name] for name in changed if name in was}
        act = Act("ledger.keep", connection, before, {name: now[name] for name in changed}, reason)
        record_act(db, who, act, at)


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


def keep_accounts(
    books: Database,
    connection: str,
    text: str,
    branches: Mapping[str, str],
    at: float = 0.0,
    who: Actor = PROGRAM,
    reason: str = "",
) -> None:
    """Keep the map of accounts, as the text of its file, and P21's branch of each account."""
    with books.transaction() as db:
        kept = ledgers.get(db, connection)
        ledgers.put_accounts(db, connection, text, branches)
        act = Act("ledger.accounts", connection, {"map": kept.account_text if kept else ""}, {"map": text}, reason)
        record_act(db, who, act, at)


def keep_rates(
    books: Database,
    ledger_currency: str,
    given: Iterable[tuple[str, str, Decimal]],
    at: float = 0.0,
    who: Actor = PROGRAM,
    reason: str = "",
) -> None:
    """Keep rates (currency, day, rate). Failed(Fix), and nothing kept, when something was made with one that would change."""
    given = list(given)
    with books.transaction() as db:
        before = {_place(one): ledgers.kept_rate(db, ledger_currency, *one[:2]) for one in given}
        refused = ledgers.put_rates(db, ledger_currency, given)
        if refused:
            sentence = f"A rate with which entries or an approved close were made stays: {'; '.join(refused[:3])}."
            raise Failed(Fix("ledger.rate", sentence, field="rate", value=refused[0]))
        after = {_place(one): str(one[2]) for one in given if before[_place(one)] != str(one[2])}
        was = {place: before[place] for place in after if before[place]}
        if after:
            record_act(db, who, Act("ledger.rates", ledger_currency, was, after, reason), at)


def _place(given: tuple[str, str, Decimal]) -> str:
    return f"{given[0]} {given[1]}"
