"""Looks whether a record stands that is in the way of another: only what was cancelled there, or never came, makes room."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from tieout.domain import writing
from tieout.domain.writing import Found, Intent, State
from tieout.kernel.failures import Failed, Fix
from tieout.nodes._node import Pausing
from tieout.nodes._ports import Ports
from tieout.operations.keep_intent import Owner, left_open, settle_intent
from tieout.store.intents import KeptIntent
from tieout.store.runs import RunRow


def require_none_open(ports: Ports, run: RunRow) -> None:
    """A run ends only when none of its documents stands unsettled; Failed(Fix) names the one that does."""
    for kept in left_open(ports.books, run.id):
        require_gone(ports, Owner(run, ""), kept)


def require_gone(ports: Ports, owner: Owner, kept: KeptIntent) -> None:
    """Keep that the record does not stand; Failed(Fix) when it does, Pausing while its fate is open."""
    now, intent = ports.clock(), _settling(ports, owner, kept)
    move = writing.before(intent, now, ports.connections.settle_seconds(intent.connection))
    if isinstance(move, writing.Wait):
        raise Pausing(move.until)
    found = _found(ports, kept)
    standing = [one.key for one in found if not one.void]
    if standing or (not found and intent.state is State.CONFIRMED):
        raise Failed(writing.in_the_way(intent, kept.run, standing or [intent.key]))
    seen = _seen(intent, found, now)
    settle_intent(ports.books, owner, seen)
    if seen.state is State.SENDING:
        raise Pausing(now + writing.LOOK_GAP_SECONDS)


def _settling(ports: Ports, owner: Owner, kept: KeptIntent) -> Intent:
    """What may be under way settles from now on, unless this very process counts already (reliability E13)."""
    intent = kept.intent
    if intent.state is not State.SENDING or (intent.settles_from and ports.settling.began_here(intent)):
        return intent
    begun = replace(intent, settles_from=ports.clock(), looks=0, looked_at=0.0)
    settle_intent(ports.books, owner, begun)
    ports.settling.begin(begun)
    return begun


def _found(ports: Ports, kept: KeptIntent) -> tuple[Found, ...]:
    intent = kept.intent
    _, p21 = ports.connections.p21(intent.connection)
    try:
        writer = p21.writer(intent.entity)
        found = writer.look_up(intent.reference, intent.document)
        return found or (writer.look_at(intent.key, intent.document) if intent.key else ())
    except Failed as error:
        if isinstance(error.failure, Fix):
            raise Failed(writing.in_the_way(intent, kept.run, [intent.key] if intent.key else [])) from error
        raise


def _seen(intent: Intent, found: Sequence[Found], now: float) -> Intent:
    """What a look that found nothing standing leaves of an intent."""
    if found:
        return replace(intent, state=State.VOIDED, key=found[0].key)
    if intent.state is State.SENDING and not intent.looks:
        return replace(intent, looks=1, looked_at=now)
    return replace(intent, state=State.CLAIMED, attempt=0, looks=0, key="")
