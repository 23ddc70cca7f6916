"""Forms the journals that are due and has them written to P21; each is a run of its own, parked and replayed like any other."""

from __future__ import annotations

from tieout.domain.facts import JOURNAL_DUE, Fact
from tieout.domain.ledger.period import Period
from tieout.nodes._ports import Ports
from tieout.operations.form_journals import form_journals
from tieout.operations.keep_periods import keep_periods
from tieout.operations.state_fact import state_facts
from tieout.store import ledgers, postings


def post_journals(ports: Ports, connection: str) -> int:
    """Form what is due and state each journal that is not in P21 yet; answers how many those are. Raises Failed."""
    form_journals(ports.books, connection, ports.clock())
    with ports.books.reading() as db:
        due = postings.in_state(db, postings.DUE, connection)
    if due:
        livemode = ports.connections.stripe(connection).settings.livemode
        facts = [Fact(JOURNAL_DUE, f"journal_{row.id}") for row in due]
        state_facts(ports.box, connection, livemode, facts, "the ledger formed it", ports.clock())
    return len(due)


def read_periods(ports: Ports, connection: str) -> tuple[Period, ...]:
    """Read the fiscal periods of the ledger's P21 company as they are now, and keep them. Raises Failed."""
    with ports.books.reading() as db:
        ledger = ledgers.get(db, connection)
    if ledger is None or not ledger.policy.p21:
        return ()
    name, p21 = ports.connections.p21(ledger.policy.p21)
    found = tuple(Period(one.year, one.period, one.begins, one.ends, one.closed) for one in p21.periods())
    keep_periods(ports.books, name, found, ports.clock(), ports.who)
    return found
