"""Answers to POST and DELETE: metadata and a few fields change, customers and webhook endpoints are made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from simulators.stripe.delivery import Delivery, Endpoint
from simulators.stripe.errors import Refusal, invalid, missing, missing_parameter, unknown_parameter
from simulators.stripe.parties import address_of, delete_customer, new_customer, shipping_of
from simulators.stripe.reading import Reading
from simulators.stripe.resources import Place
from simulators.stripe.state import Books
from simulators.stripe.tables import Row
from simulators.stripe.versions import check_version, shown

ENDPOINTS_MAX = 16
METADATA_KEYS_MAX, KEY_LENGTH_MAX, VALUE_LENGTH_MAX = 50, 40, 500
_TOLD = {"charge", "customer", "product", "price", "invoice", "refund", "payout", "credit_note"}
_ENDPOINT_FIELDS = frozenset({"url", "enabled_events", "api_version", "description", "disabled", "metadata", "connect"})


class Writing:
    """Changes the books on request of the API."""

    def __init__(self, books: Books, reading: Reading, delivery: Delivery) -> None:
        self._books, self._reading, self._delivery = books, reading, delivery

    def answer(self, method: str, place: Place, params: dict[str, Any], version: str) -> Row:
        """The answer to a POST or DELETE; Refusal, and nothing changed, when it is not allowed."""
        given = {name: value for name, value in params.items() if name != "expand"}
        if place.name == "webhook_endpoints":
            return self._endpoint(method, place, given)
        if method == "DELETE":
            return self._delete(self._row(place))
        unknown = sorted(set(given) - place.resource.changes)
        if unknown:
            raise unknown_parameter(unknown[0])
        if place.object_id:
            self.change(self._row(place), given)
            return shown(self._books, self._row(place), version)
        return shown(self._books, new_customer(self._books, **{**given, "metadata": merged({}, given)}), version)

    def _row(self, place: Place) -> Row:
        row = self._reading.row(place)
        if row.get("_deleted"):
            raise missing(place.resource.kind, place.object_id)
        return row

    def _delete(self, row: Row) -> Row:
        delete_customer(self._books, row["id"])
        return {"id": row["id"], "object": row["object"], "deleted": True}

    def change(self, row: Row, given: Mapping[str, Any]) -> None:
        """Give fields new values ("" empties one) and tell of it where Stripe does."""
        new = {name: _read(name, value) for name, value in given.items() if name != "metadata"}
        if "metadata" in given:
            new["metadata"] = merged(row["metadata"], given)
        before = {name: row[name] for name, value in new.items() if row[name] != value}
        if "metadata" in before:
            changed = set(new["metadata"]) ^ set(before["metadata"])
            changed |= {key for key, value in before["metadata"].items() if new["metadata"].get(key) != value}
            before["metadata"] = {key: before["metadata"].get(key) for key in sorted(changed)}
        row.update(new)
        self._books.tables[row["object"]].reindex(row)
        if before and row["object"] in _TOLD:
            self._books.emit(f"{row['object']}.updated", row, before)

    def _endpoint(self, method: str, place: Place, given: dict[str, Any]) -> Row:
        unknown = sorted(set(given) - _ENDPOINT_FIELDS)
        if unknown:
            raise unknown_parameter(unknown[0])
        if not place.object_id:
            endpoint = self.new_endpoint(given)
            return {**endpoint.row, "secret": endpoint.secrets[0][0]}
        endpoint = self._delivery.endpoints[self._reading.row(place)["id"]]
        if method == "DELETE":
            self._delivery.disable(endpoint)
            endpoint.row["_gone"] = True
            del self._delivery.endpoints[place.object_id]
            return {"id": place.object_id, "object": "webhook_endpoint", "deleted": True}
        return self._change_endpoint(endpoint, given)

    def new_endpoint(self, given: Mapping[str, Any], secret: str = "", *, thin: bool = False) -> Endpoint:
        """Keep a webhook endpoint; Refusal when something is missing or there are too many."""
        _check_endpoint(given, self._books.traits.livemode)
        for name in ("url", "enabled_events"):
            if not given.get(name):
                raise missing_parameter(name)
        if len(self._delivery.endpoints) >= ENDPOINTS_MAX:
            raise Refusal(400, f"You have reached the maximum of {ENDPOINTS_MAX} webhook endpoints.")
        row = self._books.blank(
            "webhook_endpoint",
            api_version=given.get("api_version") or None,
            application=None,
            description=given.get("description"),
            enabled_events=list(given["enabled_events"]),
            metadata=merged({}, given),
            status="enabled",
            url=given["url"],
        )
        endpoint = Endpoint(self._books.put(row), [(secret or self._books.ids.new("secret"), None)], thin)
        self._delivery.endpoints[row["id"]] = endpoint
        return endpoint

    def _change_endpoint(self, endpoint: Endpoint, given: dict[str, Any]) -> Row:
        _check_endpoint(given, self._books.traits.livemode)
        row = endpoint.row
        row.update({name: given[name] for name in ("url", "enabled_events", "description") if name in given})
        if "metadata" in given:
            row["metadata"] = merged(row["metadata"], given)
        if given.get("disabled") == "true":
            self._delivery.disable(endpoint)
        elif given.get("disabled") == "false":
            row["status"] = "enabled"
        return dict(row)


def merged(metadata: Mapping[str, str], given: Mapping[str, Any]) -> dict[str, str]:
    """Metadata with the given changes: "" removes a key, "" instead of a hash removes all. Refusal beyond the limits."""
    changes = given.get("metadata", {})
    if changes in ("", None):
        return {}
    if not isinstance(changes, Mapping):
        raise invalid("metadata", "Invalid metadata: give a hash of keys and values.")
    new = {**metadata, **{key: str(value) for key, value in changes.items()}}
    new = {key: value for key, value in new.items() if value != ""}
    for key, value in new.items():
        if len(key) > KEY_LENGTH_MAX or len(value) > VALUE_LENGTH_MAX or "[" in key or "]" in key:
            most = f"keys {KEY_LENGTH_MAX} characters without brackets, values {VALUE_LENGTH_MAX}"
            raise invalid(f"metadata[{key[:KEY_LENGTH_MAX]}]", f"Invalid metadata: {most} at most.")
    if len(new) > METADATA_KEYS_MAX:
        raise invalid("metadata", f"Metadata can hold at most {METADATA_KEYS_MAX} keys.")
    return new


def _read(name: str, value: Any) -> Any:
    if value in ("", None):
        return None
    if name == "shipping":
        return shipping_of(value)
    return address_of(value) if name == "address" else value


def _check_endpoint(given: Mapping[str, Any], livemode: bool) -> None:
    url, events = given.get("url", ""), given.get("enabled_events", [])
    parts = urlsplit(url)
    if url and (not parts.hostname or parts.scheme not in (("https",) if livemode else ("http", "https"))):
        raise invalid("url", "Invalid URL: give a whole address; live mode needs https.", "url_invalid")
    if not isinstance(events, list) or not all(isinstance(each, str) for each in events):
        raise invalid("enabled_events", "Invalid array: enabled_events is a list of event types.")
    if given.get("api_version"):
        check_version(given["api_version"])
