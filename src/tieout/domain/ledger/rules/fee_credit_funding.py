"""A credit from Stripe that lowers its fees (Stripe B8)."""

from __future__ import annotations

from tieout.domain.ledger.account import PROCESSING
from tieout.domain.ledger.rules._rule import Rule, against

RULE = Rule(
    "fee_credit_funding",
    "Fee credit",
    ("fee_credit_funding",),
    against(PROCESSING),
    (5,),
    types=("fee_credit_funding",),
)
