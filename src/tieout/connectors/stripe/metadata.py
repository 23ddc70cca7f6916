"""Writes metadata to Stripe's objects: the only thing Tieout writes there (B6; reliability §2.3).

Document: ``{"object": "payment_intent", "id": "pi_…", "metadata": {"p21_order_no": "1001"}}``. The reference is the
idempotency key. Stripe forgets a key after 24 hours, and one older than 23 must not be relied on. Here nothing relies
on it: the object is always read before anything is sent, setting the same keys to the same values twice is the same
as once, and so a forgotten key does no harm.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import stripe

from tieout.connectors.stripe._calls import Calls, object_path
from tieout.connectors.stripe._object import StripeObject
from tieout.connectors.stripe.failures import UNANSWERED, Call, failure_of, is_limit, is_replayed
from tieout.domain.writing import Confirmed, Document, Found, Indeterminate, NotSent, Rejected, Sent
from tieout.kernel.failures import Failed, Fix, Retry
from tieout.kernel.redact import printable

FOLDERS = {
    "payment_intent": "payment_intents",
    "charge": "charges",
    "customer": "customers",
    "checkout_session": "checkout/sessions",
    "invoice": "invoices",
}
KEYS_MAX = 50
KEYS_TRIED_MAX = 6
KEY_CHARACTERS_MAX = 40
VALUE_CHARACTERS_MAX = 500

_KEY = re.compile(r"[^\[\]\x00-\x1f]+")


@dataclass(frozen=True, slots=True)
class _Target:
    """A document, read: which object, and the metadata it shall have."""

    path: str
    object_id: str
    values: dict[str, str]


@dataclass(frozen=True, slots=True)
class MetadataWriter:
    """Sets metadata keys on one object. Reads with one key and writes with the other."""

    reading: Calls
    writing: Calls

    def look_up(self, reference: str, document: Document) -> tuple[Found, ...]:
        """The object, when it has all the values, or another value for one of the keys; nothing when keys are unset."""
        target = _target(document)
        now = self.reading.get(target.path).texts("metadata")
        set_otherwise = {key: now[key] for key, value in target.values.items() if key in now and now[key] != value}
        if set_otherwise:
            return (Found(target.object_id, tuple(_differs(target, key, was) for key, was in set_otherwise.items())),)
        return (Found(target.object_id),) if _has_all(now, target) else ()

    def look_at(self, key: str, document: Document) -> tuple[Found, ...]:
        """None: metadata has no number of its own."""
        return ()

    def send(self, reference: str, document: Document) -> Sent:
        """Set the keys. Never raises for what Stripe did."""
        try:
            target = _target(document)
        except Failed as error:
            return _unsent(error)
        try:
            answer = self._post(target, reference)
        except UNANSWERED as error:
            return _classified(error, self.writing.call_of(target.path, write=True))
        return Confirmed(target.object_id, proven=_proves(answer, target))

    def _post(self, target: _Target, reference: str) -> StripeObject:
        """Set the keys under the reference as idempotency key.

        Stripe answers a key it knows with the stored result for 24 hours, a stored 500 too, and does nothing. Whoever
        sends has looked and found nothing, so a replayed error says that the key is used up: the next one is taken.
        """
        for turn in range(1, KEYS_TRIED_MAX):
            try:
                return self.writing.post(target.path, {"metadata": target.values}, _key(reference, turn))
            except stripe.StripeError as error:
                if not is_replayed(error):
                    raise
        return self.writing.post(target.path, {"metadata": target.values}, _key(reference, KEYS_TRIED_MAX))


def _key(reference: str, turn: int) -> str:
    return reference if turn == 1 else f"{reference}-{turn}"


def _unsent(error: Failed) -> Sent:
    """A document that is unfit was not sent."""
    return Rejected(error.failure) if isinstance(error.failure, Fix) else Indeterminate(str(error))


def _classified(error: Exception, call: Call) -> Sent:
    """What is known about a write after an error: only what provably came before any change is not indeterminate."""
    failure = failure_of(error, call)
    if isinstance(failure, Fix):
        return Rejected(failure)
    known = isinstance(failure, Retry) and failure.code in ("stripe.unreachable", "stripe.unauthorized")
    if isinstance(failure, Retry) and (known or is_limit(error)):
        return NotSent(failure)
    return Indeterminate(f"{failure.code}: {failure.detail}")


def _proves(answer: StripeObject, target: _Target) -> bool:
    return answer.id == target.object_id and _has_all(answer.texts("metadata"), target)


def _has_all(now: dict[str, str], target: _Target) -> bool:
    """An empty value takes a key away, so it is there when the key is not."""
    return all(now.get(key, "") == value for key, value in target.values.items())


def _differs(target: _Target, key: str, was: str) -> str:
    wanted = printable(target.values[key])[:80]
    return f"metadata {key} is {printable(was)[:80]!r}, should be {wanted!r}"


def _target(document: Document) -> _Target:
    kind, object_id, metadata = document.get("object"), document.get("id"), document.get("metadata")
    if not isinstance(kind, str) or kind not in FOLDERS:
        raise _unfit("object", str(kind), f"must be one of {', '.join(FOLDERS)}")
    if not isinstance(metadata, dict) or not 0 < len(metadata) <= KEYS_MAX:
        raise _unfit("metadata", str(metadata)[:80], f"must have 1 to {KEYS_MAX} keys, Stripe takes no more")
    path = object_path(FOLDERS[kind], str(object_id or ""))
    return _Target(path, str(object_id), {key: _value(key, value) for key, value in metadata.items()})


def _value(key: str, value: object) -> str:
    if len(key) > KEY_CHARACTERS_MAX or not _KEY.fullmatch(key):
        raise _unfit(
            f"metadata.{key[:60]}", key[:60], f"needs a key of 1 to {KEY_CHARACTERS_MAX} characters, no brackets"
        )
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise _unfit(f"metadata.{key}", str(value)[:80], "must be a text or a whole number")
    if len(text := str(value)) > VALUE_CHARACTERS_MAX:
        raise _unfit(f"metadata.{key}", text[:80], f"must have at most {VALUE_CHARACTERS_MAX} characters")
    return text


def _unfit(field: str, value: str, why: str) -> Failed:
    sentence = f"Stripe would not take this: {field} {why}. Correct the step that writes it, then replay."
    return Failed(Fix("stripe.metadata", sentence, field=field, value=value))
