"""Tieout connects Stripe and Epicor Prophet 21: every paid order written once, every write provable."""
