"""Who did what: the acts of people, as they are kept for good."""
