"""Says whether a Stripe connection works: the right account and mode, and every permission the key needs."""

from __future__ import annotations

from dataclasses import dataclass

from tieout.connectors._connector import Capability, Finding, Probe
from tieout.connectors.stripe._calls import Calls
from tieout.connectors.stripe._permissions import READS, Permission, described
from tieout.connectors.stripe.settings import KEYS_PAGE, StripeSettings, hint
from tieout.kernel.failures import Failed, Fix

OUTSIDE = frozenset(("stripe.unreachable", "stripe.unauthorized"))


@dataclass(frozen=True, slots=True)
class Account:
    """The account a key is of. ``livemode`` is the key's mode."""

    id: str
    livemode: bool
    name: str
    country: str
    currency: str


def read_account(calls: Calls) -> Account:
    """The account of the key. Raises Failed."""
    found = calls.get("account")
    return Account(
        id=found.id,
        livemode="_live_" in calls.key[:8],
        name=found.text("business_profile.name", "settings.dashboard.display_name", "email"),
        country=found.text("country"),
        currency=found.text("default_currency"),
    )


def probe(settings: StripeSettings, reading: Calls, writing: Calls) -> Probe:
    """One harmless call for each permission; when Stripe is away or refuses the key, that is the only finding."""
    try:
        account = _account(settings, reading)
    except Failed as error:
        if error.failure.code in OUTSIDE:
            return Probe((Finding("Stripe", "no answer to use", error.failure),))
        account = Finding("Account", "not readable", _gap(READS, reading, "connected_account_read"))
    gaps = tuple(_permitted(one, reading) for one in READS if one.listed)
    return Probe((account, _key(reading), *gaps), (_writes(reading, writing),))


def _account(settings: StripeSettings, reading: Calls) -> Finding:
    found = read_account(reading)
    if not settings.account_id or settings.account_id == found.id:
        return Finding("Account", f"{found.id} {found.name}".strip())
    sentence = (
        f"The key {hint(reading.key)} is of the account {found.id}, but this connection is for {settings.account_id}. "
        "Enter a key of that account, or correct the account id."
    )
    return Finding("Account", found.id, Fix("stripe.account", sentence, field="account_id", value=settings.account_id))


def _key(reading: Calls) -> Finding:
    kind = (
        "restricted key" if reading.key.startswith("rk_") else "secret key of test mode: use a restricted key for live"
    )
    mode = "live" if "_live_" in reading.key[:8] else "test"
    return Finding("Key", f"{kind}, {mode} mode")


def _permitted(permission: Permission, reading: Calls) -> Finding:
    title = f"Permission {permission.label}"
    try:
        expand = {"expand": [permission.expanded]} if permission.expanded else {}
        reading.get(permission.path, {"limit": 1, **expand})
    except Failed as error:
        if error.failure.code == "stripe.permission":
            return Finding(title, "not granted", _gap(READS, reading, permission.name))
        if error.failure.code == "stripe.missing":
            return Finding(title, "not refused; there is nothing of the kind here")
        return Finding(title, "not known", error.failure)
    return Finding(title, "granted")


def _gap(permissions: tuple[Permission, ...], reading: Calls, name: str) -> Fix:
    need = next(one.need for one in permissions if one.name == name)
    sentence = (
        f"The key {hint(reading.key)} lacks the permission {described(name)}, needed for {need}. Edit the key at "
        f"{KEYS_PAGE}, set it to Read, save, and test the connection again."
    )
    return Fix("stripe.permission", sentence, field="restricted_key", value=f"rak_{name}")


def _writes(reading: Calls, writing: Calls) -> Capability:
    """That a key may write cannot be found out without writing, so only what was entered is told."""
    own = reading.key != writing.key
    reason = "" if own else "no key for metadata was entered; the restricted key is used and may lack write permissions"
    return Capability("metadata", "Write order numbers to Stripe metadata", True, reason)
