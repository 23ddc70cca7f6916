"""Pretend web stores: WooCommerce as its REST v3 answers, and a shop with a JSON body of its own."""

from __future__ import annotations

from simulators.webstore.counter import FAULTS
from simulators.webstore.generic import GenericOrderSource
from simulators.webstore.woocommerce import WooCommerceStore
from simulators.wire import Simulator
from simulators.world import World

__all__ = ["WooCommerceStore", "GenericOrderSource", "FAULTS", "build"]

_WOO = ("consumer_key", "consumer_secret", "currency")


def build(world: World, options: dict[str, str]) -> Simulator:
    """A store from words: ``store=woocommerce`` (consumer_key, consumer_secret, currency) or ``store=generic`` (token).

    ValueError for an unknown store or option.
    """
    given = {name: value for name, value in options.items() if name != "store"}
    store = options.get("store", "woocommerce")
    known = {"woocommerce": _WOO, "generic": ("token",)}
    if store not in known:
        raise ValueError(f"option store: {store!r} is none of {', '.join(known)}")
    unknown = sorted(set(given) - set(known[store]))
    if unknown:
        raise ValueError(f"unknown option {unknown[0]!r} for store {store}; known: {', '.join(known[store])}")
    if store == "generic":
        return GenericOrderSource(world, **given)
    keys = (given.get("consumer_key", "ck_simulated"), given.get("consumer_secret", "cs_simulated"))
    return WooCommerceStore(world, *keys, currency=given.get("currency", "USD"))
