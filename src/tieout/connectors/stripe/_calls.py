"""The calls Tieout makes with one key: read one, list all, write one. Errors of the library end here."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import stripe

from tieout.connectors.stripe._http import WireClient, endpoint_of
from tieout.connectors.stripe._object import StripeObject
from tieout.connectors.stripe.failures import UNANSWERED, Call, failure_of
from tieout.connectors.stripe.settings import API_VERSION
from tieout.kernel.failures import Defect, Failed, Fix, Retry

PAGE = 100
PAGES_MAX = 10_000

Params = Mapping[str, object]


class Calls:
    """One key, one pinned API version. Raises Failed and nothing else, except in ``post``."""

    def __init__(self, key: str, http: WireClient, api_base: str) -> None:
        self.key = key
        self._client = stripe.StripeClient(
            key,
            stripe_version=API_VERSION,
            base_addresses={"api": api_base, "connect": api_base, "files": api_base, "meter_events": api_base},
            max_network_retries=0,
            http_client=http,
        )

    def get(self, path: str, params: Params | None = None) -> StripeObject:
        """One object by its path below ``/v1/``; Failed(Fix) ``stripe.missing`` when there is none."""
        try:
            response = self._client.raw_request("get", f"/v1/{path}", **(params or {}))
        except UNANSWERED as error:
            raise Failed(failure_of(error, self.call_of(path))) from error
        return self._object(response, path)

    def find(self, path: str, params: Params | None = None) -> StripeObject | None:
        """One object, or None when Stripe has none by that id."""
        try:
            return self.get(path, params)
        except Failed as error:
            if error.failure.code == "stripe.missing":
                return None
            raise

    def every(self, path: str, params: Params | None = None) -> Iterator[StripeObject]:
        """All objects of a list, page by page, each id once although the list may grow meanwhile (reliability B6)."""
        seen: set[str] = set()
        asked: dict[str, object] = {"limit": PAGE, **(params or {})}
        for _ in range(PAGES_MAX):
            page = self.get(path, asked)
            fresh = [one for one in page.parts("data") if one.id not in seen]
            seen.update(one.id for one in fresh)
            yield from fresh
            if not page.flag("has_more"):
                return
            if not fresh:
                raise Failed(self._endless(path))
            asked["starting_after"] = fresh[-1].id
        raise Failed(self._endless(path))

    def first(self, path: str, params: Params) -> StripeObject | None:
        """The first object of a list."""
        return next(iter(self.get(path, {**params, "limit": 1}).parts("data")), None)

    def post(self, path: str, params: Params, idempotency_key: str | None = None) -> StripeObject:
        """Write; the errors in ``UNANSWERED`` pass through, because only the writer may say what they mean."""
        options = {"idempotency_key": idempotency_key} if idempotency_key else {}
        response = self._client.raw_request("post", f"/v1/{path}", **params, **options)
        return StripeObject(_fields(response.body))

    def call_of(self, path: str, write: bool = False) -> Call:
        """What a path asks for, as failures name it."""
        endpoint = endpoint_of(f"/v1/{path}")
        return Call(endpoint, path.removeprefix(endpoint).strip("/"), self.key, write)

    def _object(self, response: stripe.StripeResponse, path: str) -> StripeObject:
        fields = _fields(response.body)
        if fields:
            return StripeObject(fields)
        raise Failed(Retry("stripe.broken", "Stripe's answer is not an object. Tieout asks again.", f"GET {path}"))

    def _endless(self, path: str) -> Defect:
        return Defect(
            "stripe.endless",
            f"Stripe's list of {path} does not end: it repeats or has more than {PAGES_MAX} pages. Report this.",
        )


def object_path(folder: str, object_id: str) -> str:
    """The path of one object. Failed(Fix) for an id that no Stripe object can have (security S36)."""
    if object_id.isascii() and object_id.replace("_", "").replace("-", "").isalnum() and len(object_id) <= 255:
        return f"{folder}/{object_id}"
    thing = folder.replace("/", " ").replace("_", " ").removesuffix("s")
    raise Failed(
        Fix(
            "stripe.id",
            f"{object_id[:80]!r} is not the id of a Stripe {thing}. Correct where it comes from, then replay.",
            field="id",
            value=object_id[:80],
        )
    )


def _fields(body: str) -> dict[str, Any]:
    value = json.loads(body, parse_float=Decimal)
    return value if isinstance(value, dict) else {}
