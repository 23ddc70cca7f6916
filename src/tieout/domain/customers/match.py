"""Matching a buyer to a P21 customer: what was said, a stored link, exact e-mail; never a guess (M6, reliability F12)."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from tieout.kernel.failures import Fix

SHARED_MAILBOXES = frozenset(
    "accounting accounts accountspayable admin ap ar billing buyer contact customerservice finance hello help info"
    " invoice invoices mail no-reply noreply office order orders payable payables procurement purchasing reception"
    " sales service shop store support team web webmaster".split()
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A P21 customer that may be the buyer, and what speaks for it."""

    customer_id: str
    name: str
    evidence: str
    active: bool = True


@dataclass(frozen=True, slots=True)
class Statement:
    """Where a P21 id was said; ``ours``: in a place where we note our own finding too."""

    source: str
    customer_id: str
    ours: bool = False


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of the buyer. ``claimed`` is the P21 id in metadata; ``linked`` the one we stored earlier.

    The two ``…_found`` are the P21 customers with those ids, None when P21 has none (or none was named).
    """

    who: str
    email: str = ""
    linked: str = ""
    linked_found: Candidate | None = None
    claimed: str = ""
    claimed_found: Candidate | None = None
    by_email: tuple[Candidate, ...] = ()


@dataclass(frozen=True, slots=True)
class Matched:
    """The buyer is this customer; ``how`` says why, in words."""

    customer_id: str
    how: str


@dataclass(frozen=True, slots=True)
class NotFound:
    """P21 has nobody like the buyer: a new customer may be created."""

    why: str


Verdict = Matched | NotFound | Fix


def decide(evidence: Evidence) -> Verdict:
    """The verdict, in order of trust: id in metadata, stored link, e-mail. Doubt is a Fix for a person."""
    if evidence.claimed:
        return _claimed(evidence)
    if evidence.linked_found and evidence.linked_found.active:
        return Matched(evidence.linked, "stored link from an earlier payment")
    if evidence.linked:
        return _gone(evidence, evidence.linked, "the customer linked earlier")
    return _by_email(evidence)


def said_of(who: str, linked: str, statements: Sequence[Statement]) -> str | Fix:
    """The P21 id that was said, the first in order of trust; a Fix names two that disagree; empty when nothing was said.

    What stands on the Stripe customer and is what we stored ourselves is no statement of a person: another may correct it.
    """
    said = [one for one in statements if one.customer_id]
    others = [one for one in said if not (one.ours and one.customer_id == linked)] or said
    first = others[0] if others else None
    against = next((one for one in others if first and one.customer_id != first.customer_id), None)
    if first and against:
        return _contradicted(who, first, against)
    return first.customer_id if first else ""


def normal_email(text: str) -> str:
    """The form in which two e-mail addresses are compared: NFKC, trimmed, case-folded; empty when it is not one."""
    folded = unicodedata.normalize("NFKC", text).strip().casefold()
    name, at, host = folded.partition("@")
    return folded if name and at and "." in host and " " not in folded and "@" not in host else ""


def shared_mailbox(email: str) -> bool:
    """Whether the address names an office rather than a person: it proves a company at best, not a customer."""
    return normal_email(email).partition("@")[0].partition("+")[0] in SHARED_MAILBOXES


def _claimed(evidence: Evidence) -> Verdict:
    if evidence.claimed_found is None or not evidence.claimed_found.active:
        return _gone(evidence, evidence.claimed, "the id in the Stripe metadata")
    return Matched(evidence.claimed_found.customer_id, "P21 customer id in the Stripe metadata")


def _by_email(evidence: Evidence) -> Verdict:
    active = tuple(candidate for candidate in evidence.by_email if candidate.active)
    if not active:
        return NotFound(f"no P21 customer has the e-mail address {evidence.email or '(none given)'}")
    if len(active) > 1:
        return _ambiguous(evidence, active, f"{len(active)} P21 customers share the e-mail address {evidence.email}")
    if shared_mailbox(evidence.email):
        return _ambiguous(evidence, active, f"{evidence.email} is a shared mailbox, which proves no one customer")
    return Matched(active[0].customer_id, f"e-mail address {evidence.email}")


def _contradicted(who: str, one: Statement, other: Statement) -> Fix:
    return Fix(
        "customer.ambiguous",
        f"Which P21 customer is {who}? {one.source} says {one.customer_id[:40]}, but {other.source} says "
        f"{other.customer_id[:40]}. Correct p21_customer_id in one of the two in Stripe, then replay.",
        field="p21_customer_id",
        value=one.customer_id[:80],
    )


def _ambiguous(evidence: Evidence, candidates: tuple[Candidate, ...], why: str) -> Fix:
    shown = "; ".join(f"{one.customer_id} {one.name} ({one.evidence})" for one in candidates[:8])
    return Fix(
        "customer.ambiguous",
        f"Which P21 customer is {evidence.who}? {why[0].upper()}{why[1:]}: {shown}. "
        "Put the right number into the Stripe metadata as p21_customer_id, then replay.",
        field="email",
        value=evidence.email,
    )


def _gone(evidence: Evidence, customer_id: str, source: str) -> Fix:
    return Fix(
        "customer.gone",
        f"P21 has no active customer {customer_id[:40]!r}, but {source} of {evidence.who} names it. "
        "Correct p21_customer_id in the Stripe metadata (or activate the customer in P21), then replay.",
        field="p21_customer_id",
        value=customer_id[:80],
    )
