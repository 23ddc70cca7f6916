"""What an entity is: a kind of P21 record, its fields, how it is found again and how it is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from tieout.domain.mapping.field_map import TargetField, TargetKind

__all__ = ["Entity", "Field", "TargetField", "entity", "field"]

Field = TargetField


@dataclass(frozen=True, slots=True)
class Entity:
    """A kind of P21 record.

    ``key`` is what its number is called, ``natural_key`` the column that carries our reference, ``notes`` say of
    fields what their name does not; ``written`` and ``read`` tell a person which API does it.
    """

    name: str
    title: str
    key: str
    fields: tuple[TargetField, ...]
    natural_key: str
    written: str
    read: str
    notes: tuple[tuple[str, str], ...] = ()


def entity(
    name: str,
    title: str,
    key: str,
    fields: tuple[TargetField, ...],
    *,
    natural_key: str,
    written: str,
    read: str,
    notes: dict[str, str] | None = None,
) -> Entity:
    """An entity, with its notes as a dictionary."""
    return Entity(name, title, key, fields, natural_key, written, read, tuple((notes or {}).items()))


def field(
    name: str,
    kind: TargetKind = "text",
    length: int | None = None,
    *,
    required: bool = False,
    decimals: int | None = None,
    fields: tuple[TargetField, ...] = (),
    over: Literal["", "tell", "alert"] = "",
    onto: str = "",
    remedy: str = "",
) -> TargetField:
    """A field: ``length`` in characters, ``decimals`` the most that P21 keeps; the rest as TargetField says."""
    return TargetField(name, kind, length, required, decimals, fields, over, onto, remedy)
