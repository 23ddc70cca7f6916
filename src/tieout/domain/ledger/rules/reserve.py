"""Money that Stripe holds back as a reserve, or lets go (C2 #28)."""

from __future__ import annotations

from tieout.domain.ledger.account import RESERVES
from tieout.domain.ledger.rules._rule import Rule, against

RULE = Rule(
    "reserve",
    "Reserve",
    (
        "risk_reserved_funds",
        "payment_network_reserve_hold",
        "payment_network_reserve_release",
        "connect_reserved_funds",
    ),
    against(RESERVES),
    (28,),
    types=("reserved_funds", "reserve_hold", "reserve_release", "reserve_transaction"),
)
