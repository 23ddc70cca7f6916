"""Takes a bank statement: keeps its lines, matches them, and looks again at every payout that they change (M9; C3 I5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tieout.connectors.bank import CsvColumns
from tieout.kernel.failures import Failed, Fix
from tieout.nodes._ports import Ports
from tieout.processes.bank_columns import confirm_columns
from tieout.processes.match_bank import import_statement, match_bank
from tieout.processes.reconcile_payout import reconcile_payout
from tieout.store import bank


@dataclass(slots=True)
class Taken:
    """What became of a statement: its lines, how many are new, the verdict of each payout they changed, top-ups and the like that
    they are, what the bank does not show yet, and what it shows but must wait; and which rows of a table are no lines."""

    lines: int
    new: int
    verdicts: dict[str, str] = field(default_factory=dict)
    rows: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    asides: list[str] = field(default_factory=list)


def take_statement(
    ports: Ports,
    ledgers: Sequence[str],
    name: str,
    content: bytes,
    columns: CsvColumns | None = None,
    *,
    new_account: bool = False,
) -> Taken:
    """Take a statement for these ledgers; the same file again changes nothing. Failed(Fix) says what is wrong with it.

    A CSV file does not say whose it is: a name of which there is no line yet must be meant as a ``new_account``.
    """
    if columns is not None and not new_account:
        _check_account(ports, columns.account)
    imported = import_statement(ports, name, content, columns)
    if columns is not None:
        confirm_columns(ports, name, content, columns)
    taken = Taken(imported.lines, imported.new, asides=list(imported.asides))
    for connection in ledgers:
        matched = match_bank(ports, connection)
        taken.open += matched.open
        taken.rows += matched.rows
        taken.waiting += matched.waiting
        for payout in dict.fromkeys(matched.payouts):
            taken.verdicts[payout] = reconcile_payout(ports, connection, payout).state
    return taken


def _check_account(ports: Ports, account: str) -> None:
    with ports.books.reading() as db:
        known = sorted(bank.accounts(db))
    if known and account not in known:
        sentence = (
            f"No statement of a bank account {account!r} was taken before; known: {', '.join(known)}. "
            "Name one of them, or say that it is another: --new-account"
        )
        raise Failed(Fix("bank.new_account", sentence, field="account", value=account))
