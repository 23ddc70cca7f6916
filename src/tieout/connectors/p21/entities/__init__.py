"""The kinds of P21 records, one file each."""

from __future__ import annotations

import sys
from functools import cache

from tieout.connectors.p21.entities._entity import Entity, Field
from tieout.kernel.failures import Failed, Fix
from tieout.kernel.plugs import plugs

__all__ = ["Entity", "Field", "all_entities", "entity_named"]


@cache
def all_entities() -> tuple[Entity, ...]:
    """Every kind of record, by file name."""
    return plugs(sys.modules[__name__], "ENTITY", Entity)


def entity_named(name: str) -> Entity:
    """The kind of record of that name; Failed(Fix) names those that there are."""
    for one in all_entities():
        if one.name == name:
            return one
    known = ", ".join(one.name for one in all_entities())
    sentence = f"P21 has no kind of record {name!r}. Choose one of {known}."
    raise Failed(Fix("p21.entity", sentence, field="entity", value=name))
