"""Trials: a Tieout beside pretend systems, a day of orders, and an auditor who reads both sides' books."""
