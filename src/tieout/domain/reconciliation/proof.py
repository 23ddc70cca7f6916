"""The proof of the balance: opening + activity - payouts = closing = Stripe's balance = the ledger's clearing (C3 I3, I4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from tieout.domain.reconciliation.match import DRIFT, Break
from tieout.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Proof:
    """One currency, in its minor units. ``unposted`` are rows that wait for a person; they are in no account yet."""

    currency: str
    opening: int
    activity: int
    payouts: int
    closing: int
    stripe: int
    clearing: int
    unposted: int
    rows: int

    @property
    def off(self) -> int:
        """What it is off by: the larger of the two disagreements, 0 when all agree."""
        apart = (self.closing - self.stripe, self.closing - self.clearing - self.unposted)
        return max(apart, key=abs)

    def document(self) -> dict[str, Any]:
        """The fields, as they are kept."""
        return asdict(self)


def proof_of(
    currency: str, opening: int, sums: Mapping[str, tuple[int, int]], stripe: int, clearing: int, unposted: int
) -> Proof:
    """The proof from sums of rows by category (net, how many): payouts and their returns apart from all activity."""
    paid = sum(net for category, (net, _) in sums.items() if category in ("payout", "payout_reversal"))
    whole = sum(net for net, _ in sums.values())
    rows = sum(count for _, count in sums.values())
    return Proof(currency, opening, whole - paid, -paid, opening + whole, stripe, clearing, unposted, rows)


def proof_breaks(proofs: Iterable[Proof]) -> Iterable[Break]:
    """One break for each currency that does not agree, with what it is off by."""
    for proof in proofs:
        if proof.closing != proof.stripe:
            yield _break(proof, "balance.stripe", proof.stripe - proof.closing, _rows_words(proof))
        if proof.clearing + proof.unposted != proof.closing:
            apart = proof.closing - proof.clearing - proof.unposted
            yield _break(proof, "balance.ledger", apart, _ledger_words(proof))


def _rows_words(proof: Proof) -> str:
    return (
        f"The rows of Stripe come to {_money(proof, proof.closing)}, but Stripe's balance is {_money(proof, proof.stripe)}. "
        "Rows are missing, or too many: read the balance again from its beginning."
    )


def _ledger_words(proof: Proof) -> str:
    return (
        f"The rows of Stripe come to {_money(proof, proof.closing)}, but the clearing account is "
        f"{_money(proof, proof.clearing)} and {_money(proof, proof.unposted)} waits to be posted. Audit the postings."
    )


def _break(proof: Proof, code: str, apart: int, words: str) -> Break:
    return Break(DRIFT, code, proof.currency, apart, proof.currency, words)


def _money(proof: Proof, amount: int) -> str:
    return str(Money(proof.currency, amount))
