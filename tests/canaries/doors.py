"""Bugs at the door: what is let in, what is answered, what is kept."""

from __future__ import annotations

from typing import Any

from tests.canaries._canary import Canary, Replace
from tests.crash import planted
from tieout.api import webhooks
from tieout.connectors.stripe import webhook


def _any_signature_will_do(replace: Replace) -> None:
    replace(webhooks, "verify", lambda _body, _header, _secrets, now: webhook.Verified(int(now), 0))


def _signatures_never_age(replace: Replace) -> None:
    replace(webhook, "_fresh", lambda stamp, secret, _now: webhook.Verified(stamp, secret))


def _card_numbers_are_kept(replace: Replace) -> None:
    replace(webhook, "without_cards", lambda text: text)


def _any_mode_will_do(replace: Replace) -> None:
    careful = vars(webhooks)["_kept"]

    def kept(receiver: Any, body: bytes, now: float) -> Any:
        event = webhook.read_event(body)
        assert isinstance(event, webhook.ReceivedEvent)
        return careful(
            webhooks.Receiver(receiver.connection, receiver.secrets, event.livemode, event.account), body, now
        )

    replace(webhooks, "_kept", kept)


def _a_resend_is_new(replace: Replace) -> None:
    """The same event, sent again, gets another name each time."""
    careful, seen = webhook.read_event, list[int]()

    def read_event(body: bytes) -> Any:
        event = careful(body)
        seen.append(1)
        from dataclasses import replace as changed

        return changed(event, id=f"{event.id}_{len(seen)}") if isinstance(event, webhook.ReceivedEvent) else event

    replace(webhooks, "read_event", read_event)


def _answered_before_it_is_kept(replace: Replace) -> None:
    planted.acknowledge_before_commit(replace)


CANARIES = (
    Canary("any signature will do", "doors", "door", _any_signature_will_do),
    Canary("signatures never age", "doors", "door", _signatures_never_age),
    Canary("card numbers are kept", "doors", "door", _card_numbers_are_kept),
    Canary("an event of the other mode is taken", "doors", "door", _any_mode_will_do),
    Canary("a resend is a new event", "doors", "door", _a_resend_is_new),
    Canary("the answer comes before the commit", "doors", "door", _answered_before_it_is_kept),
)
