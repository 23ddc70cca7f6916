"""Takes a bank statement: keeps its lines, matches them, and looks again at every payout that they change (M9; C3 I5)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tieout.connectors.bank import CsvColumns
from tieout.nodes._ports import Ports
from tieout.processes.match_bank import import_statement, match_bank
from tieout.processes.reconcile_payout import reconcile_payout


@dataclass(slots=True)
class Taken:
    """What became of a statement: its lines, how many are new, the verdict of each payout they changed, what the bank does not
    show yet, and what it shows but must wait."""

    lines: int
    new: int
    verdicts: dict[str, str] = field(default_factory=dict)
    open: list[str] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)


def take_statement(
    ports: Ports, ledgers: Sequence[str], name: str, content: bytes, columns: CsvColumns | None = None
) -> Taken:
    """Take a statement for these ledgers; the same file again changes nothing. Failed(Fix) says what is wrong with it."""
    imported = import_statement(ports, name, content, columns)
    taken = Taken(imported.lines, imported.new)
    for connection in ledgers:
        matched = match_bank(ports, connection)
        taken.open += matched.open
        taken.waiting += matched.waiting
        for payout in dict.fromkeys(matched.payouts):
            taken.verdicts[payout] = reconcile_payout(ports, connection, payout).state
    return taken
