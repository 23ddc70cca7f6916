"""A WooCommerce store: reads orders, writes P21's numbers into their meta data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import Field, field_validator

from tieout.connectors._address import safe_base
from tieout.connectors._connector import Finding, Probe
from tieout.connectors._wire import Rate, Reply, Wire
from tieout.connectors.webstore._calls import StoreCalls
from tieout.connectors.webstore._face import Opening
from tieout.connectors.webstore._settings import StoreSettings, basic, parse, secret
from tieout.connectors.webstore._writing import compared, wanted
from tieout.connectors.webstore.woocommerce.orders import metas, read_order
from tieout.domain.sale import Order
from tieout.domain.writing import Confirmed, Document, Found, Rejected, Sent, Writer
from tieout.kernel.failures import Failed, Fix

ORDERS = "/wp-json/wc/v3/orders"

_ORDER_ID = re.compile(r"[0-9]{1,18}", re.ASCII)


class WooSettings(StoreSettings):
    """Where the store is: ``https://shop.example.com``, or a folder below it."""

    url: str = Field(title="Address of the shop")

    @field_validator("url")
    @classmethod
    def _reachable_safely(cls, value: str) -> str:
        return safe_base(value)


def open_woocommerce(opening: Opening) -> WooCommerce:
    """The store that the settings describe. Failed(Fix) for unusable settings or secrets."""
    settings = parse(WooSettings, opening.settings)
    key = secret(opening.secrets, "consumer_key", "consumer key (ck_…)")
    password = secret(opening.secrets, "consumer_secret", "consumer secret (cs_…)")
    rate = Rate(settings.calls_per_second)
    wire = Wire(settings.url, rate=rate, transport=opening.transport, ca_file=settings.ca_file)
    headers = {"authorization": basic(key, password), "accept": "application/json"}
    return WooCommerce(StoreCalls(wire, headers, f"The WooCommerce store at {settings.url}", "consumer key and secret"))


@dataclass(frozen=True, slots=True)
class WooCommerce:
    """One store; implements OrderSource."""

    calls: StoreCalls

    def order(self, order_id: str) -> Order | None:
        """The order with that number id, or None. Raises Failed."""
        found = self._read(order_id)
        return read_order(found) if found else None

    def probe(self) -> Probe:
        """Reads one order: that needs the address, the keys and their permission to be right."""
        try:
            found = self.calls.get(ORDERS, (("per_page", "1"),))
        except Failed as error:
            return Probe((Finding("Orders", "not readable", error.failure),))
        if isinstance(found, list):
            return Probe((Finding("Orders", "readable"),))
        sentence = f"{self.calls.named} has no REST interface v3 at {ORDERS}. Switch it on, with pretty permalinks."
        return Probe((Finding("Orders", "not there", Fix("webstore.interface", sentence, field="url")),))

    def order_writer(self) -> Writer:
        """Sets meta data of an order."""
        return _MetaWriter(self)

    def _read(self, order_id: str) -> Mapping[str, Any] | None:
        if not _ORDER_ID.fullmatch(order_id):
            return None
        found = self.calls.get(f"{ORDERS}/{order_id}")
        return found if isinstance(found, dict) else None


@dataclass(frozen=True, slots=True)
class _MetaWriter:
    """WooCommerce replaces the value of a meta key that is there, so writing twice is the same as once."""

    store: WooCommerce

    def look_up(self, reference: str, document: Document) -> tuple[Found, ...]:
        order_id, meta = wanted(document)
        found = self.store._read(order_id)
        if found is None:
            raise Failed(_gone(order_id, self.store.calls.named))
        return compared(order_id, meta, metas(found))

    def look_at(self, key: str, document: Document) -> tuple[Found, ...]:
        return ()

    def send(self, reference: str, document: Document) -> Sent:
        order_id, meta = wanted(document)
        if not _ORDER_ID.fullmatch(order_id):
            return Rejected(_gone(order_id, self.store.calls.named))
        body = {"meta_data": [{"key": key, "value": value} for key, value in meta.items()]}
        answer = self.store.calls.send("PUT", f"{ORDERS}/{order_id}", body)
        return Confirmed(order_id) if isinstance(answer, Reply) else answer


def _gone(order_id: str, named: str) -> Fix:
    sentence = f"{named} has no order {order_id[:40]!r}. Correct the order id (ecommerceorderid in the payment's metadata), then replay."
    return Fix("webstore.missing", sentence, field="order_id", value=order_id[:40])
