"""Proves the balance of a Stripe account, now: every row, the books and Stripe's own figure agree, or by how much not (C3)."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from tieout.connectors.stripe.client import Stripe
from tieout.domain.ledger.account import CLEARING, OPENING
from tieout.domain.reconciliation.proof import Proof, proof_breaks, proof_of
from tieout.kernel.log import log
from tieout.nodes._ports import Ports
from tieout.operations.keep_proof import keep_proof
from tieout.processes.import_balance import import_balance
from tieout.store import balance, exceptions, journal

PAYMENTS = "payments"
TRIES_MAX = 5


def prove_balance(ports: Ports, connection: str) -> tuple[Proof, ...]:
    """Import what is new, then compare; tried again while money moves between the two looks. Raises Failed."""
    stripe = ports.connections.stripe(connection)
    proofs: tuple[Proof, ...] = ()
    for _ in range(TRIES_MAX):
        import_balance(ports, connection)
        stands = _stands(stripe)
        proofs = _proofs(ports, connection, stands)
        if not any(proof.off for proof in proofs) or _stands(stripe) == stands:
            break
    breaks = tuple(proof_breaks(proofs))
    keep_proof(ports.books, connection, proofs, breaks, ports.clock())
    for one in breaks:
        log("balance off", logging.ERROR, connection=connection, sentence=one.sentence)
    return proofs


def _stands(stripe: Stripe) -> Mapping[str, int]:
    return {currency: available + pending for currency, (available, pending) in stripe.balance().items()}


def _proofs(ports: Ports, connection: str, stands: Mapping[str, int]) -> tuple[Proof, ...]:
    with ports.books.reading() as db:
        sums = balance.by_category(db, connection, PAYMENTS)
        opening = journal.balance(db, connection, OPENING)
        clearing = journal.balance(db, connection, CLEARING)
        unposted = _unposted(db, connection)
    currencies = sorted({*stands, *sums, *clearing})
    return tuple(
        proof_of(
            currency,
            -opening.get(currency, (0, 0))[0],
            sums.get(currency, {}),
            stands.get(currency, 0),
            clearing.get(currency, (0, 0))[0],
            unposted.get(currency, 0),
        )
        for currency in currencies
    )


def _unposted(db: sa.Connection, connection: str) -> dict[str, int]:
    """By currency, the net of the rows that have an open exception and no entry."""
    waiting = [one for one in exceptions.opened(db, connection) if not one.is_break]
    ids: Sequence[str] = [one.about for one in waiting]
    posted = journal.sources(db, connection, ids)
    found: dict[str, int] = {}
    for change in balance.numbered(db, connection, [one for one in ids if one not in posted]):
        found[change.currency] = found.get(change.currency, 0) + change.net
    return found
