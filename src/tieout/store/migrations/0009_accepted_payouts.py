"""A payout whose every break a person accepted is called accepted; explained is what a sentence names (case P5)."""

DATABASE = "books"
STATEMENTS = ("UPDATE payouts SET verdict = 'accepted' WHERE verdict = 'explained'",)
