"""Answers to GET: one object, a page of objects, a page of lines."""

from __future__ import annotations

from typing import Any

from simulators.stripe.balance import balance_shown
from simulators.stripe.delivery import Delivery
from simulators.stripe.errors import invalid, missing, unknown_parameter
from simulators.stripe.events import Event, EventLog, event_shown
from simulators.stripe.parties import account
from simulators.stripe.resources import Place
from simulators.stripe.state import Books
from simulators.stripe.tables import Row, Test
from simulators.stripe.versions import line_shown, listed, shown

LIMIT_DEFAULT, LIMIT_MAX, TYPES_MAX = 10, 100, 20
_PAGING = frozenset({"limit", "starting_after", "ending_before", "expand"})
_BOUNDS = ("gt", "gte", "lt", "lte")


class Reading:
    """Reads the books in the shape of one API version."""

    def __init__(self, books: Books, log: EventLog, delivery: Delivery) -> None:
        self._books, self._log, self._delivery = books, log, delivery

    def answer(self, place: Place, params: dict[str, Any], version: str) -> Row:
        """The answer to a GET; Refusal when there is no such object or a parameter is wrong."""
        if place.lines:
            return self._lines(place, params, version)
        if place.resource.listed and not place.object_id:
            return self._list(place, params, version)
        unknown = sorted(set(params) - {"expand"})
        if unknown:
            raise unknown_parameter(unknown[0])
        if place.name in ("account", "balance"):
            return account(self._books) if place.name == "account" else balance_shown(self._books)
        return self._show(self.row(place), version)

    def row(self, place: Place) -> Row:
        """The object a path names; Refusal (404) when there is none."""
        row = self._books.tables[place.resource.kind].get(place.object_id)
        if row is None or row.get("_gone") or (row["object"] == "event" and not self._log.remembered(row["_event"])):
            raise missing(place.resource.kind.replace("_", " ").replace(".", " "), place.object_id)
        return row

    def _show(self, row: Row, version: str) -> Row:
        if row["object"] == "event":  # events ignore the version that is asked for (B3)
            return event_shown(self._books, row["_event"], self._books.traits.api_version)
        return shown(self._books, row, version)

    def _list(self, place: Place, params: dict[str, Any], version: str) -> Row:
        wanted, tests = self._filters(place, params)
        if "_payout" in wanted:
            self._check_payout(wanted["_payout"])
        limit, after, before = paging(params)
        rows, more = self._books.tables[place.resource.kind].page(wanted, tests, limit, after, before)
        return listed([self._show(row, version) for row in rows], f"/v1/{place.name}", more)

    def _filters(self, place: Place, params: dict[str, Any]) -> tuple[dict[str, Any], list[Test]]:
        wanted: dict[str, Any] = {}
        tests: list[Test] = [lambda row: not {"_deleted", "_gone", "_hidden"} & row.keys()]
        if place.name == "events":
            tests.append(lambda row: self._log.remembered(row["_event"]))
        for name, value in params.items():
            if name in place.resource.filters:
                wanted[place.resource.filters[name]] = value
            elif name in place.resource.ranges:
                tests.append(_within(name, value))
            elif name == "payment" and place.name == "invoice_payments":
                wanted["_payment_intent"] = _payment(value)
            elif place.name == "events" and name in ("type", "types", "delivery_success"):
                tests.append(_event_test(name, value))
            elif name not in _PAGING:
                raise unknown_parameter(name)
        return wanted, tests

    def _lines(self, place: Place, params: dict[str, Any], version: str) -> Row:
        row = self.row(place)
        lines = row["_lines"] if "_lines" in row else self._of_customer(row)
        limit, after, before = paging(params)
        ids = [line["id"] for line in lines]
        for name, cursor in (("starting_after", after), ("ending_before", before)):
            if cursor and cursor not in ids:
                raise missing("line item", cursor, name, 400)
        end = ids.index(before) if before else len(lines)
        start = max(0, end - limit) if before else ids.index(after) + 1 if after else 0
        part = lines[start : min(end, start + limit)]
        more = start > 0 if before else start + limit < len(lines)
        url = f"/v1/{place.name}/{row['id']}/{place.resource.lines}"
        return listed([line_shown(self._books, line, version) for line in part], url, more)

    def _of_customer(self, customer: Row) -> list[Row]:
        table = self._books.tables["customer_balance_transaction"]
        return [table.rows[place] for place in reversed(table.among({"customer": customer["id"]}))]

    def _check_payout(self, payout_id: str) -> None:
        payout = self._books.tables["payout"].get(payout_id)
        if payout is None:
            raise missing("payout", payout_id, "payout", 400)
        if not payout["automatic"]:
            text = "Balance transaction history can only be filtered on automatic transfers, not manual."
            raise invalid("payout", text)


def paging(params: dict[str, Any]) -> tuple[int, str, str]:
    """limit, starting_after, ending_before; Refusal when they make no page."""
    text = str(params.get("limit", LIMIT_DEFAULT))
    if not text.isdigit() or not 1 <= int(text) <= LIMIT_MAX:
        raise invalid("limit", f"Invalid integer: {text}; limit is 1 to {LIMIT_MAX}", "parameter_invalid_integer")
    after, before = params.get("starting_after", ""), params.get("ending_before", "")
    if after and before:
        raise invalid("starting_after", "Give starting_after or ending_before, not both.")
    return int(text), after, before


def _within(name: str, value: Any) -> Test:
    bounds = value if isinstance(value, dict) else {"gte": value, "lte": value}
    if set(bounds) - set(_BOUNDS) or not all(str(bound).isdigit() for bound in bounds.values()):
        raise invalid(name, f"Invalid {name}: give a time, or gt, gte, lt, lte with one")
    gt, gte, lt, lte = (int(bounds[bound]) if bound in bounds else None for bound in _BOUNDS)

    def within(row: Row) -> bool:
        at = row[name]
        above = (gt is None or at > gt) and (gte is None or at >= gte)
        return bool(above and (lt is None or at < lt) and (lte is None or at <= lte))

    return within


def _payment(value: Any) -> str:
    if not isinstance(value, dict) or value.get("type") != "payment_intent" or not value.get("payment_intent"):
        raise invalid("payment", "Invalid payment: give payment[type]=payment_intent and payment[payment_intent]")
    return str(value["payment_intent"])


def _event_test(name: str, value: Any) -> Test:
    if name == "delivery_success":
        wanted = str(value) == "true"
        return lambda row: _delivered(row["_event"]) == wanted
    types = value if isinstance(value, list) else [value]
    if len(types) > TYPES_MAX:
        raise invalid("types", f"types can hold at most {TYPES_MAX} event types")
    return lambda row: any(_of_type(row["type"], str(each)) for each in types)


def _of_type(event_type: str, wanted: str) -> bool:
    return event_type.startswith(wanted[:-1]) if wanted.endswith("*") else event_type == wanted


def _delivered(event: Event) -> bool:
    return all(state == "delivered" for state in event.states.values())
