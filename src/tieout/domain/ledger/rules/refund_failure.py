"""A refund did not reach the customer: the money is back and still owed to the customer; revenue does not revive (C2 #13)."""

from __future__ import annotations

from tieout.domain.ledger.account import REFUNDS_PAYABLE
from tieout.domain.ledger.rules._rule import Rule, against

RULE = Rule(
    "refund_failure",
    "Refund that failed",
    ("refund_failure",),
    against(REFUNDS_PAYABLE),
    (13,),
    types=("refund_failure",),
)
