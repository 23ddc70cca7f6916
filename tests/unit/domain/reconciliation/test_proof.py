"""opening + activity - payouts = closing = Stripe's balance = clearing: off by 0, or by exactly what is wrong (C3 I3, I4)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tieout.domain.reconciliation.proof import proof_breaks, proof_of

SUMS = {"charge": (5_000, 4), "fee": (-300, 2), "payout": (-4_000, 1), "payout_reversal": (1_000, 1)}


def test_payouts_stand_apart_from_all_activity() -> None:
    proof = proof_of("usd", 250, SUMS, 1_950, 1_950, 0)
    assert (proof.opening, proof.activity, proof.payouts, proof.closing) == (250, 4_700, 3_000, 1_950)
    assert proof.opening + proof.activity - proof.payouts == proof.closing
    assert (proof.off, proof.rows) == (0, 8)
    assert list(proof_breaks([proof])) == []


@pytest.mark.parametrize(
    ("stripe", "clearing", "unposted", "found"),
    [
        (1_951, 1_950, 0, [("balance.stripe", 1)]),
        (1_949, 1_950, 0, [("balance.stripe", -1)]),
        (1_950, 1_949, 0, [("balance.ledger", 1)]),
        (1_950, 1_900, 50, []),
        (1_950, 1_950, 50, [("balance.ledger", -50)]),
        (1_940, 1_945, 0, [("balance.stripe", -10), ("balance.ledger", 5)]),
    ],
)
def test_what_it_is_off_by_is_said_to_the_minor_unit(
    stripe: int, clearing: int, unposted: int, found: list[tuple[str, int]]
) -> None:
    proof = proof_of("usd", 250, SUMS, stripe, clearing, unposted)
    breaks = list(proof_breaks([proof]))
    assert [(one.code, one.amount) for one in breaks] == found
    assert all(one.about == one.currency == "usd" for one in breaks)
    assert abs(proof.off) == max((abs(amount) for _, amount in found), default=0)


def test_an_account_without_rows_is_proven_too() -> None:
    assert proof_of("jpy", 0, {}, 0, 0, 0).off == 0
    (found,) = proof_breaks([proof_of("jpy", 0, {}, 7, 0, 0)])
    assert "The rows of Stripe come to 0 JPY, but Stripe's balance is 7 JPY" in found.sentence


@given(st.integers(-(10**9), 10**9), st.integers(-(10**9), 10**9), st.integers(-(10**9), 10**9))
def test_it_is_off_by_nothing_only_when_all_three_agree(stripe: int, clearing: int, unposted: int) -> None:
    proof = proof_of("usd", 0, SUMS, stripe, clearing, unposted)
    assert (proof.off == 0) == (stripe == proof.closing == clearing + unposted)
    assert bool(list(proof_breaks([proof]))) == bool(proof.off)
