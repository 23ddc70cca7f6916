"""A pretend Prophet 21: token, OData, entity and order REST, GL, Transaction API, and a REST gateway, over one state."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields

from simulators.p21.options import Options
from simulators.p21.prophet21 import Prophet21
from simulators.p21.seeds import seed_books as _seed
from simulators.world import World

__all__ = ["Options", "Prophet21", "build", "seed_books"]


def build(world: World, options: Mapping[str, str]) -> Prophet21:
    """A tenant from texts, as a command line has them; ``books`` is ``seeded`` (default) or ``empty``.

    ValueError names an option that is unknown or has a value it cannot have.
    """
    texts = dict(options)
    begin = texts.pop("books", "seeded")
    if begin not in ("seeded", "empty"):
        raise ValueError(f"option books: {begin!r} is none of seeded, empty")
    chosen = Options.of_texts(texts)
    prophet = Prophet21(world, **{one.name: getattr(chosen, one.name) for one in fields(chosen)})
    if begin == "seeded":
        seed_books(prophet)
    return prophet


def seed_books(prophet: Prophet21) -> None:
    """Fill the books with the default catalogue and customers."""
    _seed(prophet.state)
