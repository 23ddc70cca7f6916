"""Signs webhook bodies as Stripe does (Stripe facts B4)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence


def signature_header(body: bytes, secrets: Sequence[str], stamp: int) -> str:
    """The ``Stripe-Signature``: the time, one v1 for each live secret, and a v0 that means nothing."""
    signed = str(stamp).encode() + b"." + body
    schemes = [f"v1={hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()}" for secret in secrets]
    return ",".join([f"t={stamp}", *schemes, f"v0={hashlib.sha256(signed).hexdigest()}"])
