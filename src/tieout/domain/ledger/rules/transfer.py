"""Money for connected accounts, or that taken back (C2 #45)."""

from __future__ import annotations

from tieout.domain.ledger.account import CONNECTED
from tieout.domain.ledger.rules._rule import Rule, against

RULE = Rule(
    "transfer",
    "Transfer",
    ("transfer", "transfer_reversal", "connect_collection_transfer"),
    against(CONNECTED),
    (45,),
    types=("transfer", "transfer_refund", "transfer_cancel", "transfer_failure"),
)
