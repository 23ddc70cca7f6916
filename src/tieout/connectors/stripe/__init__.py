"""Stripe: what it sends (webhook, events), what is read from it and the metadata that is written to it (client)."""

from __future__ import annotations

from tieout.connectors.stripe.settings import CONNECTOR

__all__ = ["CONNECTOR"]
