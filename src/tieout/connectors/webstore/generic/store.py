"""A store behind a plain HTTP address: one GET for an order, and, where it can, one write for its fields."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from tieout.connectors._connector import Finding, Probe
from tieout.connectors._wire import Rate, Reply, Wire
from tieout.connectors.webstore._calls import StoreCalls
from tieout.connectors.webstore._face import Opening
from tieout.connectors.webstore._settings import basic, parse, secret
from tieout.connectors.webstore._writing import compared, wanted
from tieout.connectors.webstore.generic.orders import read_order
from tieout.connectors.webstore.generic.settings import PLACE, GenericSettings
from tieout.domain.sale import Order
from tieout.domain.writing import Confirmed, Document, Found, Sent, Writer
from tieout.kernel.failures import Failed, Fix

NO_ORDER = "tieout-probe"
ID_CHARACTERS_MAX = 200


def open_generic(opening: Opening) -> GenericStore:
    """The store that the settings describe. Failed(Fix) for unusable settings or secrets."""
    settings = parse(GenericSettings, opening.settings)
    rate = Rate(settings.calls_per_second)
    base = "/".join(settings.url.split("/")[:3])
    wire = Wire(base, rate=rate, transport=opening.transport, ca_file=settings.ca_file)
    headers = {"accept": "application/json", **_auth(settings, opening.secrets)}
    return GenericStore(settings, StoreCalls(wire, headers, f"The web store at {base}", "credentials"))


def _auth(settings: GenericSettings, secrets: Mapping[str, str]) -> dict[str, str]:
    if settings.auth == "none":
        return {}
    if settings.auth == "header":
        return {settings.header: secret(secrets, "token", f"value of the header {settings.header}")}
    user, password = secret(secrets, "user", "user name"), secret(secrets, "password", "password")
    return {"Authorization": basic(user, password)}


@dataclass(frozen=True, slots=True)
class GenericStore:
    """One store; implements OrderSource."""

    settings: GenericSettings
    calls: StoreCalls

    def order(self, order_id: str) -> Order | None:
        """The order with that id, or None. Raises Failed."""
        if not order_id or len(order_id) > ID_CHARACTERS_MAX:
            return None
        answer = self.calls.get(at(self.settings.url, order_id))
        return None if answer is None else read_order(self.settings, order_id, answer)

    def probe(self) -> Probe:
        """Asks for an order that cannot be there: whoever answers 404 or JSON has let us in."""
        try:
            self.calls.get(at(self.settings.url, NO_ORDER))
        except Failed as error:
            return Probe((Finding("Orders", "not readable", error.failure),))
        return Probe((Finding("Orders", "the store answers and lets us in"),))

    def order_writer(self) -> Writer:
        """Sets fields of an order; Failed(Fix) when the settings do not say where."""
        if self.settings.update_url:
            return _FieldWriter(self)
        sentence = f"{self.calls.named} is only read. Enter update_url in the connection, or take out the step that writes, then replay."
        raise Failed(Fix("webstore.read_only", sentence, field="update_url"))


@dataclass(frozen=True, slots=True)
class _FieldWriter:
    """Sends ``{"id", "meta", "reference"}``; what was written is seen again in the order's mapped metadata."""

    store: GenericStore

    def look_up(self, reference: str, document: Document) -> tuple[Found, ...]:
        order_id, meta = wanted(document)
        order = self.store.order(order_id)
        if order is None:
            sentence = (
                f"{self.store.calls.named} has no order {order_id[:40]!r}. Correct the order id (ecommerceorderid in the "
                "payment's metadata), then replay."
            )
            raise Failed(Fix("webstore.missing", sentence, field="order_id", value=order_id[:40]))
        return compared(order_id, meta, order.metadata)

    def look_at(self, key: str, document: Document) -> tuple[Found, ...]:
        return ()

    def send(self, reference: str, document: Document) -> Sent:
        order_id, meta = wanted(document)
        settings = self.store.settings
        body: dict[str, object] = {"id": order_id, "meta": meta, "reference": reference}
        answer = self.store.calls.send(settings.update_method, at(settings.update_url, order_id), body)
        return Confirmed(order_id) if isinstance(answer, Reply) else answer


def at(template: str, order_id: str) -> str:
    """The address of one order: its id stands for itself, whatever characters it has (security S36)."""
    return template.replace(PLACE, quote(order_id, safe="").replace(".", "%2E"))
