"""What Stripe's refusals mean: who must do what next, in words for a person (B6; reliability B1 to B9)."""

from __future__ import annotations

import re
from dataclasses import dataclass

import stripe

from tieout.connectors._wire import Broken, NotReached, Silent, retry_after_seconds
from tieout.connectors.stripe._permissions import described, needed_for
from tieout.connectors.stripe.settings import KEYS_PAGE, hint
from tieout.kernel.failures import Defect, Failure, Fix, Retry
from tieout.kernel.redact import printable

LOOKED_AT_MAX = 4_096
LOCK_SECONDS = 2
AWAY = frozenset((502, 503, 504))
UNANSWERED = (NotReached, Broken, stripe.StripeError)

_PERMISSION = re.compile(r"rak_([a-z0-9_]+)")
_LIMITS = frozenset(("lock_timeout", "rate_limit"))


@dataclass(frozen=True, slots=True)
class Call:
    """What was asked: ``endpoint`` is the kind of object, ``object_id`` may be empty, ``key`` names the key used."""

    endpoint: str
    object_id: str
    key: str
    write: bool = False

    @property
    def thing(self) -> str:
        """The kind of object in words."""
        return self.endpoint.replace("/", " ").replace("_", " ").removesuffix("s")


def is_replayed(error: stripe.StripeError) -> bool:
    """Whether Stripe only repeated the stored answer of an earlier call with the same idempotency key (B6)."""
    return any(
        name.lower() == "idempotent-replayed" and value == "true" for name, value in (error.headers or {}).items()
    )


def failure_of(error: Exception, call: Call) -> Failure:
    """What to do next about an error of the library or the wire."""
    if isinstance(error, NotReached | Silent):
        return _unreachable(error)
    if not isinstance(error, stripe.StripeError):
        return Retry("stripe.broken", "Stripe's answer did not arrive whole. Tieout asks again.", _detail(error))
    status = error.http_status or 0
    if status < 300:
        return Retry("stripe.broken", "Stripe's answer is not what Stripe sends. Tieout asks again.", _detail(error))
    if is_limit(error):
        return _limited(error)
    if status == 401:
        return _unauthorized(error, call)
    if status == 403:
        return _forbidden(error, call)
    if status == 404 or code_of(error) == "resource_missing":
        return _missing(error, call)
    if status in (400, 402):
        return _refused(error, call)
    return _troubled(error, status)


def is_limit(error: Exception) -> bool:
    """Whether Stripe declined before doing anything, because of a rate or a lock on the object."""
    return isinstance(error, stripe.StripeError) and (error.http_status == 429 or code_of(error) in _LIMITS)


def code_of(error: stripe.StripeError) -> str:
    """Stripe's own code of an error; the library keeps it only for some kinds."""
    body = error.json_body
    inner = body.get("error") if isinstance(body, dict) else None
    found = inner.get("code") if isinstance(inner, dict) else None
    return found if isinstance(found, str) else ""


def _unreachable(error: NotReached | Silent) -> Retry:
    return Retry(
        "stripe.unreachable",
        "Stripe cannot be reached from this machine, or answers nothing. Check its network, DNS and proxy, and https://status.stripe.com; "
        "work goes on by itself when Stripe answers.",
        _detail(error),
        outage=True,
    )


def _limited(error: stripe.StripeError) -> Retry:
    locked = code_of(error) == "lock_timeout"
    after = retry_after_seconds(error.headers or {})
    return Retry(
        "stripe.locked" if locked else "stripe.rate",
        "Another call is changing the same Stripe object. Tieout tries again."
        if locked
        else "Stripe asks for fewer calls a second. Tieout slows down and tries again.",
        _detail(error),
        after_seconds=LOCK_SECONDS if locked and after is None else after,
        outage=not locked,
    )


def _unauthorized(error: stripe.StripeError, call: Call) -> Retry:
    return Retry(
        "stripe.unauthorized",
        f"Stripe does not accept the key {hint(call.key)}: it is mistyped, or was revoked, rolled or has expired. Make a "
        f"new restricted key at {KEYS_PAGE} and enter it in this connection. Nothing is lost; work goes on by itself.",
        _detail(error),
        outage=True,
    )


def _forbidden(error: stripe.StripeError, call: Call) -> Failure:
    sentence = f"The key {hint(call.key)} may not {_act(call)}. {_grant(error, call)}"
    if call.write:
        return Fix("stripe.permission", f"{sentence}, then replay.", _detail(error), field="write_key")
    more = ". Nothing is lost; work goes on by itself."
    return Retry("stripe.permission", sentence + more, _detail(error), outage=True)


def _act(call: Call) -> str:
    return f"{'change' if call.write else 'read'} {call.endpoint.replace('/', ' ').replace('_', ' ')}"


def _grant(error: stripe.StripeError, call: Call) -> str:
    named = _PERMISSION.search(error.user_message or "")
    permission = named[1] if named else needed_for(call.endpoint, call.write)
    if not permission:
        return f"Give it the permission that Stripe names at {KEYS_PAGE}"
    return f"Give it the permission {described(permission)} at {KEYS_PAGE}"


def _missing(error: stripe.StripeError, call: Call) -> Fix:
    return Fix(
        "stripe.missing",
        f"Stripe has no {call.thing} {call.object_id!r} in the account and mode of the key {hint(call.key)}. It may "
        "have been deleted, or belong to another account or to the other mode: check the id, then replay.",
        _detail(error),
        field="id",
        value=call.object_id,
    )


def _refused(error: stripe.StripeError, call: Call) -> Failure:
    words = printable((error.user_message or "no reason given")[:LOOKED_AT_MAX])[:300].rstrip(" .") + "."
    if isinstance(error, stripe.IdempotencyError):
        return Fix(
            "stripe.reused",
            f"This write to {call.thing} {call.object_id} was sent with other values less than 24 hours ago, and Stripe "
            "keeps to the first. Look at the object in Stripe, then replay a day later or with the first values.",
            _detail(error),
            field="id",
            value=call.object_id,
        )
    if call.write:
        sentence = f"Stripe refused the change to {call.thing} {call.object_id}: {words} Correct it, then replay."
        return Fix("stripe.refused", sentence, _detail(error), field=str(getattr(error, "param", None) or ""))
    sentence = f"Stripe did not understand a question of Tieout's: {words} Report this."
    return Defect("stripe.request", sentence, _detail(error))


def _troubled(error: stripe.StripeError, status: int) -> Retry:
    return Retry(
        "stripe.trouble",
        f"Stripe has trouble of its own (status {status}). Tieout tries again; see https://status.stripe.com.",
        _detail(error),
        after_seconds=retry_after_seconds(error.headers or {}),
        outage=status in AWAY,
    )


def _detail(error: Exception) -> str:
    if not isinstance(error, stripe.StripeError):
        return printable(str(error))[:500]
    known = (f"status {error.http_status}", code_of(error), error.request_id or "", error.user_message or "")
    return printable("; ".join(part for part in known if part)[:LOOKED_AT_MAX])[:500]
