"""Application fees earned on connected accounts, or given back (C2 #44)."""

from __future__ import annotations

from tieout.domain.ledger.account import PLATFORM
from tieout.domain.ledger.rules._rule import Rule, against

RULE = Rule(
    "platform_earning",
    "Platform fee",
    ("platform_earning", "platform_earning_refund"),
    against(PLATFORM),
    (44,),
    types=("application_fee", "application_fee_refund"),
)
