"""Fits a ledger's policy to what its P21 can do, so that nothing is booked there twice or not at all (M2)."""

from __future__ import annotations

from dataclasses import replace

from tieout.domain.ledger.entry import JOURNAL, REFUND_PAYMENT
from tieout.domain.ledger.policy import Policy
from tieout.kernel.failures import Failed, Fix
from tieout.nodes._ports import Ports

NAMES = {JOURNAL: "journals", REFUND_PAYMENT: "refund payments"}


def fitted_policy(ports: Ports, policy: Policy, asked: str = "") -> Policy:
    """The policy with the carrier of refunds that this P21 has. ``asked`` is the carrier a person named, if any.

    Failed(Fix) when the named one is not what P21 does: where refunds write a payment, a journal of the same would double it.
    """
    wanted, why = _carrier(ports, policy)
    if asked and asked != wanted:
        sentence = f"The cash side of refunds goes to P21 as {NAMES[wanted]}, not as {NAMES[asked]}: {why}."
        raise Failed(Fix("ledger.policy", sentence, field="refund_cash", value=asked))
    return replace(policy, refund_cash=wanted)


def _carrier(ports: Ports, policy: Policy) -> tuple[str, str]:
    if not policy.p21:
        return JOURNAL, "no P21 is named"
    _, p21 = ports.connections.p21(policy.p21)
    found = p21.capability(REFUND_PAYMENT)
    if found.on:
        return (
            REFUND_PAYMENT,
            "the refund workflow writes them; to use journals, set refunds_by to off in the P21 connection",
        )
    return JOURNAL, found.reason or "this P21 connection writes no refund payments"
