"""Does for one ledger what is due by the schedule: the names in engine/schedule.py, each with its process."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tieout.nodes._ports import Ports
from tieout.processes.ask_about_cancelled import ask_about_cancelled
from tieout.processes.audit_rows import audit_rows
from tieout.processes.catch_up import catch_up
from tieout.processes.check_journals import check_journals
from tieout.processes.erase_personal import erase_old
from tieout.processes.import_balance import import_balance
from tieout.processes.look_at_payouts import look_at_payouts
from tieout.processes.open_ledger import open_ledger
from tieout.processes.post_documents import post_documents
from tieout.processes.post_journals import post_journals, read_periods
from tieout.processes.prove_balance import prove_balance
from tieout.processes.settle_disputes import settle_disputes
from tieout.processes.settle_refunds import settle_refunds
from tieout.processes.verify_books import verify_books

AUDIT_DAYS = 40
DAY_SECONDS = 86_400

Chore = Callable[[Ports, str], object]


def _audit(ports: Ports, connection: str) -> object:
    until = int(ports.clock()) + 1
    found = audit_rows(ports, connection, until - AUDIT_DAYS * DAY_SECONDS, until)
    check_journals(ports, connection)
    verify_books(ports, connection)
    return found


def _import(ports: Ports, connection: str) -> object:
    open_ledger(ports, connection)
    return import_balance(ports, connection)


CHORES: Mapping[str, Chore] = {
    "import": _import,
    "documents": post_documents,
    "journals": post_journals,
    "payouts": look_at_payouts,
    "disputes": settle_disputes,
    "refunds": settle_refunds,
    "orders": ask_about_cancelled,
    "prove": prove_balance,
    "periods": read_periods,
    "catch_up": catch_up,
    "personal": erase_old,
    "audit": _audit,
}


@dataclass(frozen=True, slots=True)
class Chores:
    """All of them for one ledger, in the order in which they help each other."""

    ports: Ports
    connection: str

    def all_at_once(self) -> None:
        """Everything once, now: periods first, the proof last. Raises Failed."""
        for name in (
            "periods",
            "import",
            "catch_up",
            "disputes",
            "refunds",
            "orders",
            "documents",
            "journals",
            "payouts",
            "audit",
            "prove",
        ):
            CHORES[name](self.ports, self.connection)
