"""A pretend shop of nobody's make: one JSON body per order at ``/api/orders/{id}``, for the generic order source."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from simulators.webstore.baskets import Line, decimals_of, lines_of, stamp, written
from simulators.webstore.counter import Counter, Refusal
from simulators.wire import Request, Response
from simulators.world import World

ROOT = "/api/orders/"


class GenericOrderSource(Counter):
    """One shop with a bearer token; its body has names and nesting of its own (synthetic: no such product exists)."""

    scenarios: ClassVar[tuple[str, ...]] = ("add_order", "add_body")

    def __init__(self, world: World, token: str = "shop-token") -> None:
        super().__init__(world, "generic")
        self._token = token
        self._bodies: dict[str, Any] = {}

    def add_order(
        self,
        order_id: str,
        lines: Sequence[Mapping[str, Any]],
        *,
        currency: str = "USD",
        buyer: Mapping[str, Any] | None = None,
        deliver_to: Mapping[str, Any] | None = None,
        freight: int = 0,
        freight_tax: int = 0,
        payment_reference: str = "",
    ) -> str:
        """An order in the shop's own shape; amounts in minor units, lines as ``lines_of`` reads them.

        ``buyer``: mail, fullName, company, phone, accountNo. ``deliver_to``: name, street, street2, town, region,
        zip, country.
        """
        bought, decimals = lines_of(lines), decimals_of(currency)
        tax = sum(line.tax for line in bought) + freight_tax
        goods, discount = sum(line.subtotal for line in bought), sum(line.discount for line in bought)
        body = {
            "ref": order_id,
            "placedAt": stamp(self._clock.now()) + "Z",
            "currency": currency.upper(),
            "buyer": dict(buyer or {}),
            "deliverTo": dict(deliver_to or {}),
            "items": [_item(line, decimals) for line in bought],
            "freight": {
                "charge": written(freight, decimals),
                "tax": written(freight_tax, decimals),
                "service": "GROUND",
            },
            "totals": {
                "goods": written(goods, decimals),
                "discount": written(discount, decimals),
                "tax": written(tax, decimals),
                "grand": written(goods - discount + tax + freight, decimals),
            },
            "payment": {"provider": "stripe", "reference": payment_reference},
        }
        return self.add_body(order_id, {"order": body})

    def add_body(self, order_id: str, body: Any) -> str:
        """Answer exactly this JSON for an order."""
        with self._lock:
            self._bodies[order_id] = body
            return order_id

    def orders(self) -> dict[str, Any]:
        """All bodies by order id."""
        return dict(self._bodies)

    def admit(self, request: Request) -> None:
        """Refusal (401) without the right bearer token."""
        given = request.headers.get("authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {self._token}".encode()):
            raise self.unauthorized()

    def unauthorized(self) -> Refusal:
        """The token is missing or wrong."""
        return Refusal(401, "unauthorized", "bearer token missing or wrong")

    def refused(self, refusal: Refusal) -> Response:
        """The shop's error shape."""
        return Response.of_json({"error": refusal.code, "detail": refusal.message}, refusal.status)

    def serve(self, request: Request) -> Response:
        """One order; PATCH merges names into the top of its body."""
        order_id = request.path.removeprefix(ROOT)
        if not request.path.startswith(ROOT) or order_id not in self._bodies:
            raise Refusal(404, "not_found", f"no order {order_id}")
        if request.method == "PATCH":
            try:
                self._bodies[order_id] = {**self._bodies[order_id], **request.json()}
            except (ValueError, TypeError):
                raise Refusal(400, "bad_request", "the body must be a JSON object") from None
        elif request.method != "GET":
            raise Refusal(405, "method_not_allowed", f"{request.method} is not possible here")
        return Response.of_json(self._bodies[order_id])


def _item(line: Line, decimals: int) -> dict[str, Any]:
    return {
        "partNo": line.sku,
        "label": line.description,
        "qty": line.quantity,
        "each": written(line.unit_amount, decimals),
        "discount": written(line.discount, decimals),
        "tax": written(line.tax, decimals),
        "amount": written(line.total, decimals),
    }
