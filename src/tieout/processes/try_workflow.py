"""Tries a workflow on a real payment with every write held back: reads are real, nothing is written anywhere."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from tieout.connectors._connector import Capability, Probe
from tieout.connectors.p21._face import CustomerRecord, ItemRecord, OrderState, Prophet21
from tieout.connectors.p21.sending import before_sending
from tieout.connectors.p21.writers import RecordWriter
from tieout.connectors.stripe.client import Stripe
from tieout.connectors.webstore import OrderSource
from tieout.domain.audit.act import PROGRAM
from tieout.domain.facts import PAYMENT_SUCCEEDED, Fact
from tieout.domain.sale import Order, Party, Payment
from tieout.domain.workflow.definition import Workflow
from tieout.domain.writing import Confirmed, Document, Found, Sent, Writer
from tieout.kernel.failures import Failed
from tieout.nodes._ports import Connections, Ports
from tieout.operations.publish_workflow import publish_workflow
from tieout.operations.start_run import start_runs
from tieout.processes.run_workflow import run_workflow
from tieout.queries.runs import RunDetail, run_detail
from tieout.store import lanes, lookups, runs, states, workflows
from tieout.store.database import open_memory
from tieout.store.tables import book_tables, inbox_tables

HELD = "(held)"  # fits every field that takes a number of P21


@dataclass(frozen=True, slots=True)
class HeldWrite:
    """A write that would have been made."""

    entity: str
    reference: str
    document: Document


@dataclass(frozen=True, slots=True)
class Trial:
    """What a run would have done: its steps and end, and the writes that were held back."""

    detail: RunDetail
    held: tuple[HeldWrite, ...]


def try_workflow(ports: Ports, workflow: Workflow, connection: str, payment: str, livemode: bool) -> Trial:
    """Walk the workflow once for a payment. Reads go to the real connections; a wait ends the trial where it is."""
    held: list[HeldWrite] = []
    memory = replace(
        ports,
        box=open_memory(inbox_tables),
        books=open_memory(book_tables),
        connections=_HeldBack(ports.connections, held),
        dice=random.Random(0).random,
    )
    _copy_tables(ports, memory)
    run = _started(memory, workflow, connection, payment, livemode)
    run_workflow(memory, run.id)
    detail = run_detail(memory.books, run.id)
    assert detail is not None, "it was just walked"
    return Trial(detail, tuple(held))


def _copy_tables(ports: Ports, memory: Ports) -> None:
    """A trial sees the look-up tables as they are now."""
    with ports.books.reading() as db:
        tables = lookups.all_rows(db)
    with memory.books.transaction() as db:
        for name, rows in tables.items():
            lookups.change(db, name, rows, PROGRAM, "a trial", ports.clock())


def _started(ports: Ports, workflow: Workflow, connection: str, payment: str, livemode: bool) -> runs.RunRow:
    published: workflows.Published = publish_workflow(ports.books, workflow, ports.clock())
    row = {"seq": 1, "connection": connection, "livemode": livemode, "event_id": "trial", "type": "trial"}
    more = {"lane": payment, "state": states.QUEUED, "reason": "", "received_at": ports.clock()}
    with ports.books.transaction() as db:
        lanes.add_events(db, [row | more])
        event = lanes.event(db, 1)
    return start_runs(ports.books, event, [published], Fact(PAYMENT_SUCCEEDED, payment), ports.clock())[0]


@dataclass(slots=True)
class _HeldWriter:
    entity: str
    held: list[HeldWrite]
    inner: Writer

    def look_up(self, reference: str, document: Document) -> tuple[Found, ...]:
        return ()

    def look_at(self, key: str, document: Document) -> tuple[Found, ...]:
        return ()

    def send(self, reference: str, document: Document) -> Sent:
        if isinstance(self.inner, RecordWriter):
            try:
                self.inner.require_settings(document)
            except Failed as error:
                return before_sending(error)
        self.held.append(HeldWrite(self.entity, reference, document))
        return Confirmed(HELD, {"order_no": HELD} if self.entity in ("sales_order", "invoice") else {}, proven=True)


@dataclass(slots=True)
class _HeldP21:
    inner: Prophet21
    held: list[HeldWrite]

    def probe(self) -> Probe:
        return self.inner.probe()

    def capability(self, entity: str) -> Capability:
        return self.inner.capability(entity)

    def customer(self, customer_id: str) -> CustomerRecord | None:
        return self.inner.customer(customer_id)

    def customers_by_email(self, email: str) -> tuple[CustomerRecord, ...]:
        return self.inner.customers_by_email(email)

    def item(self, item_id: str) -> ItemRecord | None:
        return self.inner.item(item_id)

    def parts(self, entity: str) -> Sequence[str]:
        return self.inner.parts(entity)

    def writer(self, entity: str) -> Writer:
        return _HeldWriter(entity, self.held, self.inner.writer(entity))

    def approval(self, entity: str, document: Document) -> Writer | None:
        """None: what is held back is not approved either."""
        return None

    def order_states(self, order_nos: Sequence[str]) -> Mapping[str, OrderState]:
        """What is held back stands, for the trial."""
        held = {one: OrderState(approved=True, void=False) for one in order_nos if one == HELD}
        asked = [one for one in order_nos if one != HELD]
        return {**held, **(self.inner.order_states(asked) if asked else {})}


@dataclass(slots=True)
class _HeldStripe:
    inner: Stripe
    held: list[HeldWrite]

    def payment(self, subject: str) -> Payment:
        return self.inner.payment(subject)

    def order(self, payment: Payment) -> Order | None:
        return self.inner.order(payment)

    def customer(self, customer_id: str) -> Party | None:
        return self.inner.customer(customer_id)

    def metadata_writer(self) -> Writer:
        return _HeldWriter("stripe metadata", self.held, self.inner.metadata_writer())


@dataclass(slots=True)
class _HeldStore:
    inner: OrderSource
    held: list[HeldWrite]

    def order(self, order_id: str) -> Order | None:
        return self.inner.order(order_id)

    def probe(self) -> Probe:
        return self.inner.probe()

    def order_writer(self) -> Writer:
        return _HeldWriter("web-store order", self.held, self.inner.order_writer())


@dataclass(slots=True)
class _HeldBack:
    inner: Connections
    held: list[HeldWrite] = field(default_factory=list)

    def stripe(self, name: str) -> Stripe:
        return _HeldStripe(self.inner.stripe(name), self.held)  # type: ignore[return-value]

    def p21(self, name: str = "") -> tuple[str, Prophet21]:
        found, p21 = self.inner.p21(name)
        return found, _HeldP21(p21, self.held)  # type: ignore[return-value]

    def store(self, name: str = "") -> tuple[str, OrderSource]:
        found, store = self.inner.store(name)
        return found, _HeldStore(store, self.held)

    def settle_seconds(self, name: str) -> float:
        return self.inner.settle_seconds(name)
