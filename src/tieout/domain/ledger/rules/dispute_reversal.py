"""Money of a dispute comes back; what was written off meanwhile is set right by the outcome (C2 #15, #17, #18)."""

from __future__ import annotations

from tieout.domain.ledger.account import DISPUTES_RECEIVABLE
from tieout.domain.ledger.rules._rule import Rule, against

RULE = Rule(
    "dispute_reversal", "Dispute money returned", ("dispute_reversal",), against(DISPUTES_RECEIVABLE), (15, 17, 18)
)
