"""Approves an order at the gateway: PUT of its flag. No real gateway's PUT is known: synthetic, used only where it is proven."""

from __future__ import annotations

from tieout.connectors._wire import Broken, NotReached, Reply
from tieout.connectors.p21 import failures
from tieout.connectors.p21.answers import WEB_PAGE, json_of, kind_of, said, text_of
from tieout.connectors.p21.documents import text
from tieout.connectors.p21.gateway_bodies import is_void
from tieout.connectors.p21.gateway_client import GatewayClient
from tieout.connectors.p21.gateway_writers import REFUSED
from tieout.connectors.p21.refusals import OTHER, doubtful, refusal, rejected
from tieout.connectors.p21.sending import sent_once
from tieout.domain.writing import Confirmed, Document, Found, Indeterminate, Sent
from tieout.kernel.failures import Failed

NOBODY = "TIEOUT-PROBE"
LOOKED_FOR_IT = (404, 422)


def can_approve(client: GatewayClient) -> bool:
    """Whether the gateway takes a PUT of an order: asked with a number that nothing has, which changes nothing.

    Proven when it says in its own error body that there is no such order. Failed(Retry) when something that stands before
    it answered: neither is known then.
    """
    path = client.path_of("salesorders", NOBODY)
    try:
        reply = client.write("PUT", path, {client.names.field("Approved"): False})
    except NotReached as error:
        raise Failed(failures.not_reached(client.host, str(error))) from error
    except Broken as error:
        raise Failed(failures.broken(client.host, error)) from error
    if reply.status in (401, 403, 429) or reply.status >= 500 or 300 <= reply.status < 400:
        raise Failed(failures.failing(path, reply))
    if reply.status == 200 and kind_of(reply) == WEB_PAGE:
        raise Failed(failures.web_page(path, reply))
    if reply.status not in LOOKED_FOR_IT or kind_of(reply) != "JSON":
        return False
    try:
        json_of(reply)
    except ValueError as error:
        raise failures.cut_short(path, reply, error) from None
    return bool(client.complaint(reply)[1])


class GatewayApproval:
    """One order is approved by its number. The document is ``{"order_no"}``."""

    def __init__(self, client: GatewayClient) -> None:
        self._client = client

    def look_up(self, reference: str, document: Document) -> tuple[Found, ...]:
        """The order when it is approved and stands."""
        record = self._client.one("salesorders", text(document, "order_no"))
        named = self._client.names.field
        if record is None or is_void(self._client.settings, record) or record.get(named("Approved")) is not True:
            return ()
        return (Found(text_of(record.get(named("OrderNumber")))),)

    def look_at(self, key: str, document: Document) -> tuple[Found, ...]:
        """The same: it is found by the order's number in any case."""
        return self.look_up("", document)

    def send(self, reference: str, document: Document) -> Sent:
        """Approve it; sent twice it is approved all the same."""
        client = self._client
        path = client.path_of("salesorders", text(document, "order_no"))
        body = {client.names.field("Approved"): True}
        return sent_once(
            client.host, lambda: client.write("PUT", path, body), lambda reply: self._meaning(reply, document)
        )

    def _meaning(self, reply: Reply, document: Document) -> Sent:
        if reply.status not in (200, 201, 204):
            return self._refused(reply, document)
        if reply.status == 204:
            return Confirmed(text(document, "order_no"))
        try:
            record = json_of(reply)
        except ValueError:
            return Indeterminate(said(reply))
        number = text_of(record.get(self._client.names.field("OrderNumber"))) if isinstance(record, dict) else ""
        return Confirmed(number) if number == text(document, "order_no") else Indeterminate(said(reply))

    def _refused(self, reply: Reply, document: Document) -> Sent:
        _, message, _ = self._client.complaint(reply)
        if reply.status not in REFUSED or not message or doubtful(message):
            return Indeterminate(said(reply))
        return rejected("sales_order approval", message, refusal(message) or OTHER, document, said(reply))
