"""Stripe's webhooks as rules: is it genuine, and what does it say. No framework, no network, no clock (B4, B5)."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from tieout.connectors.stripe._object import StripeObject
from tieout.connectors.stripe._strict_json import NotReadable, read_strictly, without_cards

PAST_SECONDS = 300
FUTURE_SECONDS = 60
HEADER_CHARACTERS_MAX = 4096
SIGNATURES_MAX = 16
TEXT_CHARACTERS_MAX = 255

_STAMP = re.compile(r"[0-9]{1,12}", re.ASCII)
_SIGNATURE = re.compile(r"[0-9a-f]{64}", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.\-]{0,254}", re.ASCII)
_UNFIT = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Verified:
    """Signed by Stripe: ``signed_at`` in epoch seconds, ``secret`` the index of the secret that matched (A13)."""

    signed_at: int
    secret: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Not to be believed; the reason never contains a secret or a signature."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Signed, but not something we can read: it is kept as it came and a person is told (A16)."""

    reason: str


@dataclass(frozen=True, slots=True)
class ReceivedEvent:
    """One event, snapshot or thin, in one form. ``type`` is the snapshot's name (``charge.succeeded``) in both.

    ``created`` is in epoch seconds. Events of one ``lane`` are worked on one at a time: the customer where the object
    names one, else the payment intent, else the object. ``body`` is the JSON as received, without card numbers.
    """

    id: str
    type: str
    created: int
    livemode: bool
    account: str
    api_version: str
    thin: bool
    object_id: str
    object_type: str
    lane: str
    body: str


def verify(body: bytes, header: str | None, secrets: Sequence[str], now: float) -> Verified | Refused:
    """Whether ``body`` is signed with one of the ``secrets`` and fresh: not older than 300 s, not 60 s ahead.

    Every ``v1`` is compared with every secret in constant time; ``v0`` and unknown schemes are ignored. The signature
    is over the raw bytes, so nothing may have parsed and written them again. Never raises.
    """
    keys = [secret for secret in secrets if secret.strip()]
    if not keys:
        return Refused("no signing secret is configured for this connection: enter it with tieout connect stripe")
    fields = _fields(header)
    if isinstance(fields, Refused):
        return fields
    stamp, candidates = fields
    matched = _matching(stamp.encode() + b"." + body, keys, candidates)
    if matched is None:
        return Refused(
            "the signature was not made with the signing secret of this connection: if Stripe sent it, connect again"
        )
    return _fresh(int(stamp), matched, now)


def refused_unread(header: str | None, now: float) -> Refused | None:
    """Why no body could be genuine under this signature header; None when one could. It saves reading the body."""
    fields = _fields(header)
    if isinstance(fields, Refused):
        return fields
    fresh = _fresh(int(fields[0]), 0, now)
    return fresh if isinstance(fresh, Refused) else None


def _fields(header: str | None) -> tuple[str, list[str]] | Refused:
    if not header or len(header) > HEADER_CHARACTERS_MAX:
        return Refused("the Stripe-Signature header is missing" if not header else "the signature header is too long")
    stamps, signatures = [], []
    for field in header.split(","):
        scheme, _, value = field.partition("=")
        if scheme == "t":
            stamps.append(value)
        elif scheme == "v1" and _SIGNATURE.fullmatch(value):
            signatures.append(value)
    if len(stamps) != 1 or not _STAMP.fullmatch(stamps[0]):
        return Refused("the signature header has no single time stamp t")
    if not 0 < len(signatures) <= SIGNATURES_MAX:
        return Refused("the signature header has no well-formed v1 signature, or too many")
    return stamps[0], signatures


def _matching(signed: bytes, secrets: Sequence[str], candidates: Sequence[str]) -> int | None:
    """The index of a secret that made one of the candidates; all pairs are compared, whatever was found before."""
    matched = None
    for index, secret in enumerate(secrets):
        expected = hmac.new(secret.encode("utf-8", "surrogatepass"), signed, hashlib.sha256).hexdigest().encode()
        for candidate in candidates:
            if hmac.compare_digest(expected, candidate.encode()):
                matched = index
    return matched


def _fresh(stamp: int, secret: int, now: float) -> Verified | Refused:
    age = now - stamp
    if age > PAST_SECONDS:
        return Refused(f"signed {int(age)} seconds ago, at most {PAST_SECONDS} are accepted; Stripe signs retries anew")
    if age < -FUTURE_SECONDS:
        return Refused(f"signed {int(-age)} seconds in the future, at most {FUTURE_SECONDS} are accepted: check clocks")
    return Verified(stamp, secret)


def read_event(body: bytes) -> ReceivedEvent | Unreadable:
    """What a verified body says. Call it only after ``verify``; never raises."""
    try:
        fields = read_strictly(body)
        return _event(StripeObject(fields), without_cards(body.decode("utf-8")))
    except NotReadable as error:
        return Unreadable(str(error))


def _event(event: StripeObject, text: str) -> ReceivedEvent:
    thin = is_thin(event)
    subject = event.part("related_object") if thin else event.part("data.object")
    object_id = _clean(subject.text("id"))
    received = ReceivedEvent(
        id=_name(event, "id"),
        type=snapshot_type(_name(event, "type")),
        created=_created(event),
        livemode=_livemode(event.fields),
        account=_clean(event.text("account", "context")),
        api_version=_clean(event.text("api_version")),
        thin=thin,
        object_id=object_id,
        object_type=_clean(subject.text("object", "type")),
        lane=_lane(subject) or _name(event, "id"),
        body=text,
    )
    if not thin and not event.holds("data.object"):
        raise NotReadable("the event's data holds no object")  # later readers trust that it does (case D7)
    return received


def is_thin(event: StripeObject) -> bool:
    """Whether the event only points at its object (B5)."""
    return event.kind == "v2.core.event" or (event.has("related_object") and not event.part("data.object"))


def snapshot_type(name: str) -> str:
    """``v1.charge.succeeded`` as its snapshot twin is called: ``charge.succeeded``."""
    return name.removeprefix("v1.")


def _lane(subject: StripeObject) -> str:
    if subject.kind == "customer":
        return _clean(subject.id)
    return _clean(subject.id_of("customer", "customer_account", "payment_intent", "charge", "id"))


def _name(event: StripeObject, field: str) -> str:
    value = event.fields.get(field)
    if isinstance(value, str) and _NAME.fullmatch(value):
        return value
    raise NotReadable(f"the event's {field} is missing or is not a name of letters, digits, points and underscores")


def _created(event: StripeObject) -> int:
    stamp = event.text("created")
    try:
        seconds = _moment(stamp) if stamp else event.whole("created")
    except (ValueError, OverflowError):
        raise NotReadable("the event's created is not a moment") from None
    return max(0, min(seconds, 2**53))


def _moment(stamp: str) -> int:
    moment = datetime.fromisoformat(stamp)
    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())


def _livemode(fields: Any) -> bool:
    value = fields.get("livemode")
    if isinstance(value, bool):
        return value
    raise NotReadable("the event does not say whether it is live or test (livemode)")


def _clean(text: str) -> str:
    """A text that any database column takes: no control characters, no half surrogates, not too long."""
    return _UNFIT.sub("\N{REPLACEMENT CHARACTER}", text)[:TEXT_CHARACTERS_MAX]
