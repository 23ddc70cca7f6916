"""Approves an order that was entered unapproved and compared: a write of its own, found again by the order's own flag.

POST of the same order with its number, or the order window; the route .../approve is avoided, its success was never seen
(P21 facts §3.1, §13).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tieout.connectors._connector import Finding
from tieout.connectors._wire import Reply
from tieout.connectors.p21.answers import json_of, said, text_of
from tieout.connectors.p21.documents import text
from tieout.connectors.p21.odata import Row
from tieout.connectors.p21.order_dialect import ORDERS_PATH, OrderDialect
from tieout.connectors.p21.order_records import OrderRecords, void
from tieout.connectors.p21.orders import HEADER, order_number
from tieout.connectors.p21.sending import sent_once, unsuccessful
from tieout.connectors.p21.transaction_api import TRANSACTION, Element, Expected, classify, transaction_set
from tieout.connectors.p21.writers import Middleware
from tieout.domain.writing import Confirmed, Document, Found, Indeterminate, Sent
from tieout.kernel.failures import Fix

ENTITY = "sales_order"
WINDOW_FIELDS = {HEADER: ("order_no", "approved")}
CHOOSE = (
    "Without that an order cannot be approved after it was compared: set release_orders to at_once (it is approved as it is "
    "entered, and one that differs is told at once), or to by_hand (orders stay unapproved and are listed: tieout orders)."
)


def approving(how: str, lacking: str) -> Finding:
    """How this site approves orders, as connect says it; without a proven route the site must choose."""
    if not lacking:
        return Finding("Approving orders", how)
    fix = Fix("p21.no_approval", lacking, field="release_orders", value="after_compare")
    return Finding("Approving orders", "", fix)


class Approval:
    """What both ways share: an order is approved when its row says so. The document is ``{"order_no"}``."""

    def __init__(self, p21: Middleware) -> None:
        self.p21 = p21
        self._records = OrderRecords(p21.odata, p21.settings.company_id)

    def look_up(self, reference: str, document: Document) -> tuple[Found, ...]:
        """The order when it is approved and stands."""
        row = self._records.by_number(text(document, "order_no"))
        return (Found(text_of(row.get("order_no"))),) if row is not None and _approved(row) else ()

    def look_at(self, key: str, document: Document) -> tuple[Found, ...]:
        """The same: it is found by the order's number in any case."""
        return self.look_up("", document)

    def send(self, reference: str, document: Document) -> Sent:
        """Approve it; sent twice it is approved all the same."""
        session, order_no = self.p21.session, text(document, "order_no")
        return sent_once(
            session.host,
            lambda: session.write(self.path(), self.body(order_no)),
            lambda reply: self.classified(reply, document),
        )

    def path(self) -> str:
        """Where it is posted."""
        raise TypeError(f"{type(self).__name__} cannot send")

    def body(self, order_no: str) -> Mapping[str, Any]:
        """What is posted."""
        raise TypeError(f"{type(self).__name__} cannot send")

    def classified(self, reply: Reply, document: Document) -> Sent:
        """What the answer means."""
        raise TypeError(f"{type(self).__name__} cannot send")


class RestApproval(Approval):
    """A POST of the same order: with its number in the body P21 changes what is given."""

    def __init__(self, p21: Middleware, dialect: OrderDialect) -> None:
        super().__init__(p21)
        self._names = dialect.names

    def path(self) -> str:
        """The collection, with its slash."""
        return ORDERS_PATH

    def body(self, order_no: str) -> Mapping[str, Any]:
        """The number and the flag, nothing else."""
        return {self._names["order_no"]: order_no, self._names["approved"]: True}

    def classified(self, reply: Reply, document: Document) -> Sent:
        """Confirmed when that order came back; it is read back in any case."""
        if reply.status not in (200, 201):
            return unsuccessful(ENTITY, document, reply)
        try:
            number = order_number(json_of(reply))
        except ValueError:
            return Indeterminate(said(reply))
        return Confirmed(number) if number == text(document, "order_no") else Indeterminate(said(reply))


class WindowApproval(Approval):
    """The order window: an order whose number is typed is opened and changed."""

    def path(self) -> str:
        """On the UI server."""
        return self.p21.session.ui_path() + TRANSACTION

    def body(self, order_no: str) -> Mapping[str, Any]:
        """One transaction set: the number and the flag."""
        return transaction_set("Order", [Element(HEADER, [{"order_no": order_no, "approved": "ON"}])])

    def classified(self, reply: Reply, document: Document) -> Sent:
        """Confirmed when it passed and the number came back."""
        return classify(reply, document, Expected(ENTITY, "order_no", {}))


def _approved(row: Row) -> bool:
    return text_of(row.get("approved")) == "Y" and not void(row)
