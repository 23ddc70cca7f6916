"""What must be known to reach one Stripe account in one mode, and which keys are taken (security §6.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, Field, field_validator

from tieout.connectors._address import safe_base
from tieout.connectors._connector import Connector, Secret
from tieout.connectors._mistakes import parsed
from tieout.kernel.failures import Failed, Fix

API_BASE = "https://api.stripe.com"
API_VERSION = "2026-10-28.endive"
KEYS_PAGE = "https://dashboard.stripe.com/apikeys"
ENDPOINTS_PAGE = "https://dashboard.stripe.com/webhooks"

_KEY = re.compile(r"(rk|sk)_(live|test)_[A-Za-z0-9_]{4,240}", re.ASCII)
_SIGNING = re.compile(r"whsec_[A-Za-z0-9_+/=-]{8,240}", re.ASCII)


class StripeSettings(BaseModel):
    """One Stripe account in one mode. ``calls_per_second`` is the account's; each kind of object gets a quarter (B1).

    ``settle_seconds`` is how long a write of unknown outcome is left alone before it is looked up.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    account_id: str = Field(default="", pattern=r"^(acct_[A-Za-z0-9]{1,60})?$", title="Account id (acct_…)")
    livemode: bool = Field(default=False, title="Live mode (real money)")
    api_base: str = Field(default=API_BASE, title="Address of the API")
    webhook_url: str = Field(default="", title="Public address of the webhook door, to check the endpoint in Stripe")
    calls_per_second: int = Field(default=80, ge=1, le=1_000_000, title="Calls per second")
    settle_seconds: int = Field(default=30, ge=0, le=86_400, title="Seconds before a write is looked up")

    @field_validator("api_base")
    @classmethod
    def _reachable_safely(cls, value: str) -> str:
        return safe_base(value)


KEYS = (
    Secret(
        "restricted_key",
        "Stripe restricted key",
        "TIEOUT_STRIPE_KEY",
        f"Made at {KEYS_PAGE}; it only needs to read.",
    ),
    Secret(
        "write_key",
        "Stripe restricted key for metadata",
        "TIEOUT_STRIPE_WRITE_KEY",
        "Writes metadata; the first key when empty.",
        required=False,
    ),
)
SIGNING = Secret(
    "webhook_secrets",
    "Webhook signing secret (whsec_…)",
    "TIEOUT_STRIPE_WEBHOOK_SECRET",
    "One or, while one is rolled, two; separated by spaces.",
)
CONNECTOR = Connector("stripe", "Stripe", StripeSettings, lambda settings: (*KEYS, SIGNING))


def parse_settings(given: Mapping[str, object]) -> StripeSettings:
    """The settings as they were entered. Failed(Fix) names field, value and what to do."""
    return parsed(StripeSettings, given, "Stripe", "stripe.settings")


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one connection, checked. Never shown: ``hint`` is what a person may see of one."""

    read: str
    write: str

    def __repr__(self) -> str:
        return f"Keys(read={hint(self.read)}, write={hint(self.write)})"


def checked_keys(settings: StripeSettings, secrets: Mapping[str, str]) -> Keys:
    """The keys to read and to write with. Failed(Fix) for one that is missing, too powerful or of the other mode."""
    read = _checked(settings, secrets, "restricted_key")
    write = _checked(settings, secrets, "write_key") if secrets.get("write_key", "").strip() else read
    return Keys(read, write)


def checked_signing(secrets: str) -> str:
    """The signing secrets of an endpoint, separated by spaces. Failed(Fix) when one is none."""
    given = secrets.split()
    if not given or not all(_SIGNING.fullmatch(one) for one in given):
        sentence = (
            "The webhook signing secret is missing or is not one: it begins with whsec_. Copy it from the endpoint's page "
            f"at {ENDPOINTS_PAGE} and enter it."
        )
        raise Failed(Fix("stripe.signing_secret", sentence, field="webhook_secrets"))
    return " ".join(given)


def hint(key: str) -> str:
    """How a key is named in sentences: its kind, its mode and its last four characters."""
    return f"{key[:8]}…{key[-4:]}"


def _checked(settings: StripeSettings, secrets: Mapping[str, str], name: str) -> str:
    key = secrets.get(name, "").strip()
    found = _KEY.fullmatch(key)
    if not found:
        raise _unfit(name, "is missing or is not a Stripe key", f"Make a restricted key at {KEYS_PAGE} and enter it")
    kind, mode = found.groups()
    if (kind, mode) == ("sk", "live"):
        raise _unfit(
            name,
            "is a live secret key, which may do everything with your money; Tieout does not take it",
            f"Make a restricted key (rk_live_…) with read permissions at {KEYS_PAGE} and enter that",
        )
    if (mode == "live") != settings.livemode:
        here = "live" if settings.livemode else "test"
        raise _unfit(name, f"is a {mode} key, but this connection is for {here} mode", f"Enter a {here} key")
    return key


def _unfit(name: str, what: str, act: str) -> Failed:
    title = {"restricted_key": "restricted key", "write_key": "key for metadata"}[name]
    return Failed(Fix("stripe.key", f"The {title} {what}. {act}.", field=name))
