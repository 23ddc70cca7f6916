"""The webhook door: verify the raw bytes, keep the event, and only then say 200 (Stripe B3, B4; security S17 to S26).

Every refusal has an empty body. 400 bad signature or wrong account, 413 too large, 415 not plain JSON, 503 not kept:
Stripe delivers again. How slow a request may be is the server's to say.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from tieout.connectors.stripe.webhook import ReceivedEvent, Refused, read_event, refused_unread, verify
from tieout.kernel.clock import Clock
from tieout.kernel.log import log
from tieout.kernel.redact import redact
from tieout.processes.intake import Intake, NotKept
from tieout.store.inbox import Kept

BODY_BYTES_MAX = 1024 * 1024
KEEP_SECONDS_MAX = 5.0
LENGTH_DIGITS_MAX = 12  # Python refuses to read a number of thousands of digits (case D9)
NAME_CHARACTERS_MAX = 80
RETRY_AFTER = {"Retry-After": "5"}


@dataclass(frozen=True, slots=True)
class Receiver:
    """One Stripe connection as the door knows it. An event that names another ``account`` is refused."""

    connection: str
    secrets: tuple[str, ...]
    livemode: bool
    account: str


class Refusal(Exception):
    """The request is not accepted; Stripe sees the status and nothing else."""

    def __init__(self, status: int, reason: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(reason)
        self.status, self.reason, self.headers = status, reason, dict(headers or {})


def webhook_app(intake: Intake, receivers: Callable[[], Mapping[str, Receiver]], clock: Clock) -> Starlette:
    """The application of the webhook port: it serves nothing else."""

    async def receive(request: Request) -> Response:
        try:
            await _receive(request, intake, receivers(), clock)
        except Refusal as refusal:
            to = request.path_params["connection"][:NAME_CHARACTERS_MAX]
            log("webhook refused", logging.WARNING, connection=to, status=refusal.status, reason=refusal.reason)
            return Response(status_code=refusal.status, headers=refusal.headers)
        return Response(status_code=200)

    return Starlette(routes=[Route("/webhooks/stripe/{connection}", receive, methods=["POST"])])


async def _receive(request: Request, intake: Intake, receivers: Mapping[str, Receiver], clock: Clock) -> None:
    receiver = receivers.get(request.path_params["connection"])
    if receiver is None:
        raise Refusal(404, "no such connection")
    _check_headers(request)
    signature = request.headers.get("stripe-signature")
    if hopeless := refused_unread(signature, clock()):
        raise Refusal(400, hopeless.reason)
    body = await _body(request)
    await _keep(intake, examine(receiver, body, signature, clock()))


def examine(receiver: Receiver, body: bytes, signature: str | None, now: float) -> Kept:
    """The event to keep. Raises Refusal for a bad signature, the wrong mode or the wrong account."""
    checked = verify(body, signature, receiver.secrets, now)
    if isinstance(checked, Refused):
        raise Refusal(400, checked.reason)
    return _kept(receiver, body, now)


def _check_headers(request: Request) -> None:
    if request.headers.get("content-encoding", "identity") != "identity":
        raise Refusal(415, "the body is compressed")
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Refusal(415, "the body is not application/json")
    length = request.headers.get("content-length", "0")
    if not length.isdecimal() or len(length) > LENGTH_DIGITS_MAX or int(length) > BODY_BYTES_MAX:
        raise Refusal(413, f"the body is larger than {BODY_BYTES_MAX} bytes")


async def _body(request: Request) -> bytes:
    taken = bytearray()
    try:
        async for chunk in request.stream():
            taken += chunk
            if len(taken) > BODY_BYTES_MAX:
                raise Refusal(413, f"the body is larger than {BODY_BYTES_MAX} bytes")
    except ClientDisconnect:
        raise Refusal(400, "the sender went away") from None
    return bytes(taken)


def _kept(receiver: Receiver, body: bytes, now: float) -> Kept:
    event = read_event(body)
    if not isinstance(event, ReceivedEvent):
        return _dead_letter(receiver, body, event.reason, now)
    if event.livemode != receiver.livemode:
        raise Refusal(400, f"event {event.id} is of the other mode (live or test) than {receiver.connection}")
    if event.account not in ("", receiver.account):
        raise Refusal(400, f"event {event.id} is of account {event.account}, not of {receiver.connection}")
    return Kept(
        receiver.connection,
        event.livemode,
        event.id,
        event.type,
        event.lane,
        event.object_id,
        event.thin,
        True,
        event.body,
        now,
    )


def _dead_letter(receiver: Receiver, body: bytes, reason: str, now: float) -> Kept:
    """Signed but unreadable: kept as received, because a refusal would lose it after three days (reliability A16)."""
    log("event unreadable", logging.ERROR, connection=receiver.connection, reason=reason)
    name = f"unreadable_{hashlib.sha256(body).hexdigest()[:32]}"
    text = redact(body.decode("utf-8", "backslashreplace"))
    return Kept(receiver.connection, receiver.livemode, name, "unreadable", name, reason, False, False, text, now)


async def _keep(intake: Intake, kept: Kept) -> None:
    try:
        async with asyncio.timeout(KEEP_SECONDS_MAX):
            await intake.keep(kept)
    except (NotKept, TimeoutError) as error:
        raise Refusal(503, f"event {kept.event_id} could not be kept: {error}", RETRY_AFTER) from None
