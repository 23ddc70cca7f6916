"""A hold for a card that Stripe issued, or its release (Stripe B8)."""

from __future__ import annotations

from tieout.domain.ledger.account import ISSUING
from tieout.domain.ledger.rules._rule import Rule, against

RULE = Rule(
    "issuing_hold",
    "Issuing hold",
    ("issuing_authorization_hold", "issuing_authorization_release"),
    against(ISSUING),
    types=("issuing_authorization_hold", "issuing_authorization_release"),
)
