"""Proves the balance of a Stripe account, now: every row, the books and Stripe's own figure agree, or by how much not (C3)."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from tieout.connectors.stripe.client import Stripe
from tieout.domain.reconciliation.proof import Proof, proof_breaks
from tieout.kernel.log import log
from tieout.nodes._ports import Ports
from tieout.operations.keep_proof import keep_proof
from tieout.processes.import_balance import import_balance
from tieout.queries.proof import standing

TRIES_MAX = 5


def prove_balance(ports: Ports, connection: str) -> tuple[Proof, ...]:
    """Import what is new, then compare; tried again while money moves between the two looks. Raises Failed."""
    stripe = ports.connections.stripe(connection)
    proofs: tuple[Proof, ...] = ()
    for _ in range(TRIES_MAX):
        import_balance(ports, connection)
        stands = stands_of(stripe)
        proofs = standing(ports.books, connection).proofs(stands)
        if not any(proof.off for proof in proofs) or stands_of(stripe) == stands:
            break
    breaks = tuple(proof_breaks(proofs))
    keep_proof(ports.books, connection, proofs, breaks, ports.clock())
    for one in breaks:
        log("balance off", logging.ERROR, connection=connection, sentence=one.sentence)
    return proofs


def stands_of(stripe: Stripe) -> Mapping[str, int]:
    """What Stripe's balance stands at now, by currency in minor units, pending money too. Raises Failed."""
    return {currency: available + pending for currency, (available, pending) in stripe.balance().items()}
