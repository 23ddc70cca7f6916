"""Interchange and scheme cost under IC+ pricing (C2 #21)."""

from __future__ import annotations

from tieout.domain.ledger.account import NETWORK
from tieout.domain.ledger.rules._rule import Rule, against

RULE = Rule("network_cost", "Network cost", ("network_cost",), against(NETWORK), (21,))
