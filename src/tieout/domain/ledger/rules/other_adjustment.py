"""An adjustment that says nothing about itself: into suspense, until a person names it (C2 #48; Stripe B8)."""

from __future__ import annotations

from tieout.domain.ledger.account import SUSPENSE
from tieout.domain.ledger.rules._rule import Rule, against

RULE = Rule(
    "other_adjustment",
    "Adjustment without a name",
    ("other_adjustment", "inbound_transfer", "inbound_transfer_reversal"),
    against(SUSPENSE),
    (48,),
    types=("inbound_transfer", "inbound_transfer_reversal"),
    suspense=True,
)
