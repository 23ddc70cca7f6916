"""Revenue share, rewards and fees by contract (Stripe B8)."""

from __future__ import annotations

from tieout.domain.ledger.account import OTHER_INCOME
from tieout.domain.ledger.rules._rule import Rule, against

RULE = Rule("other_income", "Other income", ("revenue_share", "reward", "platform_fee_transfer"), against(OTHER_INCOME))
