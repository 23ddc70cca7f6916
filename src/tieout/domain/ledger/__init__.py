"""The general ledger as rules: what every movement of Stripe's balance means in double entry (accounting C1, C2)."""
