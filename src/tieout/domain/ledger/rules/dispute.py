"""A dispute takes money: it is owed back until the outcome is known (C2 #14, #19)."""

from __future__ import annotations

from tieout.domain.ledger.account import DISPUTES_RECEIVABLE
from tieout.domain.ledger.rules._rule import Rule, against

RULE = Rule("dispute", "Dispute", ("dispute",), against(DISPUTES_RECEIVABLE), (14, 19))
