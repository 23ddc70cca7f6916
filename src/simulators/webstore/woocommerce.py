"""A pretend WooCommerce store: orders and products over REST v3."""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from simulators.webstore.baskets import lines_of, stamp
from simulators.webstore.counter import Counter, Refusal
from simulators.webstore.woo_orders import Desk, Row, product
from simulators.wire import Request, Response
from simulators.world import World

ROOT = "/wp-json/wc/v3/"
PAGE_MAX = 100
_CHANGES = {"status", "customer_note", "transaction_id", "billing", "shipping"}
_STATUSES = ("pending", "processing", "on-hold", "completed", "cancelled", "refunded", "failed", "trash")
_SEARCHED = ("first_name", "last_name", "company", "email", "address_1", "city", "postcode", "phone")


class WooCommerceStore(Counter):
    """One store. The key pair comes by Basic or in the query; ``read_only`` keys may not write."""

    scenarios: ClassVar[tuple[str, ...]] = ("add_order", "add_product")

    def __init__(
        self,
        world: World,
        consumer_key: str = "ck_simulated",
        consumer_secret: str = "cs_simulated",
        *,
        currency: str = "USD",
        first_order: int = 1001,
        read_only: bool = False,
    ) -> None:
        super().__init__(world, "woocommerce")
        self._key, self._secret, self._read_only = consumer_key, consumer_secret, read_only
        self.locked: set[str] = set()
        """Statuses in which an order is changed no more, by a plugin of the shop (synthetic)."""
        self._currency, self._next_id, self._desk = currency, first_order, Desk()
        self._orders: dict[int, Row] = {}
        self._products: dict[int, Row] = {}

    def add_product(self, sku: str, name: str = "", price: int = 0) -> int:
        """A new product's id; ``price`` in minor units."""
        with self._lock:
            product_id = 11 + len(self._products)
            made = product(product_id, sku, name or sku, price, self._currency, self._clock.now())
            self._products[product_id] = made
            return product_id

    def add_order(
        self,
        lines: Sequence[Mapping[str, Any]],
        *,
        currency: str = "",
        billing: Mapping[str, Any] | None = None,
        shipping: Mapping[str, Any] | None = None,
        freight: int = 0,
        freight_tax: int = 0,
        fees: Sequence[Mapping[str, Any]] = (),
        coupon: str | None = None,
        status: str = "processing",
        stripe_intent: str = "",
        stripe_charge: str = "",
        stripe_customer: str = "",
        customer_id: int = 0,
        number: str = "",
        note: str = "",
        meta: Mapping[str, Any] | None = None,
    ) -> int:
        """A new order's id. Amounts are minor units; a fee is ``{name, amount, tax}``; lines: see ``lines_of``.

        ``billing`` and ``shipping`` have WooCommerce's fields (first_name, address_1, postcode, email …). ValueError
        for a line or status that cannot be.
        """
        if status not in _STATUSES:
            raise ValueError(f"status {status!r} is none of {', '.join(_STATUSES)}")
        with self._lock:
            order_id, self._next_id = self._next_id, self._next_id + 1
            self._orders[order_id] = self._desk.order(
                order_id, currency or self._currency, lines_of(lines), self._clock.now(), billing=billing,
                shipping=shipping, freight=freight, freight_tax=freight_tax, fees=fees, coupon=coupon, status=status,
                stripe_intent=stripe_intent, stripe_charge=stripe_charge, stripe_customer=stripe_customer,
                customer_id=customer_id, number=number, note=note, meta=meta,
            )  # fmt: skip
            return order_id

    def set_status(self, order: int, status: str) -> None:
        """Somebody changes an order's status in the store."""
        if status not in _STATUSES:
            raise ValueError(f"status {status!r} is none of {', '.join(_STATUSES)}")
        with self._lock:
            self._orders[order]["status"] = status

    def orders(self) -> dict[str, Any]:
        """All orders by id."""
        return {str(order_id): order for order_id, order in self._orders.items()}

    def admit(self, request: Request) -> None:
        """Refusal (401) for no key, a wrong key, a wrong secret, or writing with a key that may only read."""
        key, secret = _pair(request)
        if not key:
            raise Refusal(401, "woocommerce_rest_cannot_view", "Sorry, you cannot list resources.")
        if not hmac.compare_digest(key.encode(), self._key.encode()):
            raise self.unauthorized()
        if not hmac.compare_digest(secret.encode(), self._secret.encode()):
            raise Refusal(401, "woocommerce_rest_authentication_error", "Consumer secret is invalid.")
        if self._read_only and request.method != "GET":
            message = "The API key provided does not have write permissions."
            raise Refusal(401, "woocommerce_rest_authentication_error", message)

    def unauthorized(self) -> Refusal:
        """The key is not known."""
        return Refusal(401, "woocommerce_rest_authentication_error", "Consumer key is invalid.")

    def refused(self, refusal: Refusal) -> Response:
        """WordPress's error shape."""
        body = {"code": refusal.code, "message": refusal.message, "data": {"status": refusal.status}}
        return Response.of_json(body, refusal.status)

    def serve(self, request: Request) -> Response:
        """Orders, products, system_status."""
        name, _, rest = request.path.removeprefix(ROOT).strip("/").partition("/")
        known = {"orders": self._orders, "products": self._products}
        if request.path.startswith(ROOT) and (request.method, name, rest) == ("GET", "system_status", ""):
            return Response.of_json(self._system_status())
        if not request.path.startswith(ROOT) or name not in known or (rest and not rest.isdigit()):
            raise no_route()
        if request.method == "GET":
            return self._one(name, known[name], int(rest)) if rest else _page(name, known[name], request)
        if name != "orders" or not rest or request.method not in ("POST", "PUT", "PATCH"):
            raise no_route()
        return Response.of_json(self._change(self._found(name, known[name], int(rest)), request))

    def _one(self, name: str, rows: dict[int, Row], row_id: int) -> Response:
        return Response.of_json(self._found(name, rows, row_id))

    def _found(self, name: str, rows: dict[int, Row], row_id: int) -> Row:
        if row_id not in rows:
            code = (
                "woocommerce_rest_shop_order_invalid_id" if name == "orders" else "woocommerce_rest_product_invalid_id"
            )
            raise Refusal(404, code, "Invalid ID.")
        return rows[row_id]

    def _change(self, order: Row, request: Request) -> Row:
        if order["status"] in self.locked:
            raise Refusal(400, "order_locked", f"An order that is {order['status']} is changed no more.")
        try:
            given = request.json()
        except ValueError:
            given = None
        if not isinstance(given, dict):
            raise Refusal(400, "rest_invalid_json", "Invalid JSON body passed.")
        if given.get("status", "pending") not in _STATUSES:
            raise Refusal(400, "rest_invalid_param", "Invalid parameter(s): status")
        entries = given.get("meta_data", [])
        if not isinstance(entries, list) or not all(isinstance(each, dict) and each.get("key") for each in entries):
            raise Refusal(400, "rest_invalid_param", "Invalid parameter(s): meta_data")
        for name in _CHANGES & set(given):
            order[name] = {**order[name], **given[name]} if isinstance(order[name], dict) else given[name]
        for entry in entries:
            self._change_meta(order["meta_data"], entry)
        order["date_modified"] = order["date_modified_gmt"] = stamp(self._clock.now())
        return order

    def _change_meta(self, metas: list[Row], entry: Row) -> None:
        """By id, else by key, else new; a null value deletes."""
        same = [meta for meta in metas if meta["id"] == entry.get("id") or meta["key"] == entry.get("key")]
        if entry.get("value") is None:
            metas[:] = [meta for meta in metas if meta not in same]
        elif same:
            same[0]["value"] = entry["value"]
        else:
            metas.extend(self._desk.metas({entry["key"]: entry["value"]}))

    def _system_status(self) -> Row:
        return {
            "environment": {"home_url": "https://shop.example", "version": "10.3.4", "wp_version": "6.9"},
            "settings": {"api_enabled": True, "currency": self._currency, "taxonomies": {}},
        }


def no_route() -> Refusal:
    """WordPress knows no such address."""
    return Refusal(404, "rest_no_route", "No route was found matching the URL and request method.")


def _pair(request: Request) -> tuple[str, str]:
    if request.first("consumer_key"):
        return request.first("consumer_key"), request.first("consumer_secret")
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return "", ""
    try:
        key, _, secret = base64.b64decode(value, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return key, secret


def _page(name: str, rows: dict[int, Row], request: Request) -> Response:
    page, size = _number(request, "page", 1), _number(request, "per_page", 10)
    if page < 1 or not 1 <= size <= PAGE_MAX:
        wrong = "page" if page < 1 else "per_page"
        raise Refusal(400, "rest_invalid_param", f"Invalid parameter(s): {wrong}")
    found = [row for row in reversed(rows.values()) if _wanted(row, request)]
    if request.first("order") == "asc":
        found.reverse()
    pages = -(-len(found) // size)
    headers = {"X-WP-Total": str(len(found)), "X-WP-TotalPages": str(pages)}
    if page < pages:
        headers["Link"] = f'<https://shop.example{ROOT}{name}?page={page + 1}&per_page={size}>; rel="next"'
    return Response.of_json(found[(page - 1) * size : page * size], 200, **headers)


def _wanted(row: Row, request: Request) -> bool:
    tests: dict[str, Callable[[str], bool]] = {
        "search": lambda text: text.lower() in _searched(row),
        "status": lambda text: text in ("any", row["status"]),
        "sku": lambda text: text == row.get("sku"),
        "include": lambda text: str(row["id"]) in text.split(","),
        "after": lambda text: row["date_created"] > text[:19],
        "before": lambda text: row["date_created"] < text[:19],
        "modified_after": lambda text: row.get("date_modified", "") > text[:19],
    }
    return all(test(request.first(name)) for name, test in tests.items() if request.first(name))


def _searched(row: Row) -> str:
    billing = row.get("billing", {})
    fields = [str(row["id"]), row.get("number", ""), row.get("transaction_id", ""), row.get("name", "")]
    return " ".join([*fields, *(billing.get(name, "") for name in _SEARCHED)]).lower()


def _number(request: Request, name: str, default: int) -> int:
    text = request.first(name, str(default))
    return int(text) if text.isdigit() else 0
