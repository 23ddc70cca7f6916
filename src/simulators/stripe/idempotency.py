"""Same key, same call: same answer, errors of Stripe's own included (Stripe facts B6)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from simulators.stripe.errors import Refusal, invalid
from simulators.wire import Response

KEEP_SECONDS = 86_400
KEY_LENGTH_MAX = 255


@dataclass(slots=True)
class Kept:
    """The first answer to a key; ``busy_until`` is when the first call has ended."""

    call: str
    at: float
    request_id: str
    busy_until: float
    response: Response


@dataclass(slots=True)
class Seen:
    """A write as it was asked for: how often it came, and how often it was carried out."""

    method: str
    path: str
    params: dict[str, Any]
    idempotency_key: str
    received: int = 0
    applied: int = 0


@dataclass
class Idempotency:
    """The answers kept for 24 hours, and a record of every write for the books."""

    kept: dict[str, Kept] = field(default_factory=dict)
    seen: dict[tuple[str, str, str], Seen] = field(default_factory=dict)

    def see(self, method: str, path: str, params: dict[str, Any], key: str) -> Seen:
        """Note that a write was asked for."""
        known = self.seen.setdefault((f"{method} {path}", repr(params), key), Seen(method, path, params, key))
        known.received += 1
        return known

    def replay(self, key: str, call: str, now: float) -> Response | None:
        """The kept answer; Refusal when the key is too long, still busy (409), or belongs to another call (400)."""
        if len(key) > KEY_LENGTH_MAX:
            raise invalid("", f"Idempotency-Key must be at most {KEY_LENGTH_MAX} characters.")
        kept = self.kept.get(key)
        if kept is None or now - kept.at > KEEP_SECONDS:
            return None
        if kept.call != call:
            message = f"The idempotency key '{key}' was first used with other parameters; use a new key."
            raise Refusal(400, message, kind="idempotency_error")
        if now < kept.busy_until:
            message = f"Another request with the idempotency key '{key}' is still being executed."
            raise Refusal(
                409, message, code="idempotency_key_in_use", kind="idempotency_error",
                headers={"Stripe-Should-Retry": "true"},
            )  # fmt: skip
        headers = {**kept.response.headers, "Idempotent-Replayed": "true", "Original-Request": kept.request_id}
        return Response(kept.response.status, kept.response.body, headers)

    def keep(self, key: str, kept: Kept) -> None:
        """Keep the first answer."""
        self.kept[key] = kept
