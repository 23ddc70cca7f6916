"""Pretend systems over HTTP: a Stripe account, a Prophet 21 and a web store, for trials and tests.

They share no code with Tieout and need nothing but the standard library. Behaviour whose real form is not public
is marked: the answer carries the header ``X-Sim-Synthetic: 1`` and docs/reference/synthetic.md lists it.
"""
