"""All functions by name, found in the folder ``transforms``, and the list of them that a screen is drawn from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from tieout.domain.mapping import transforms
from tieout.domain.mapping.transforms._transform import Transform
from tieout.kernel.plugs import plugs

TRANSFORMS: Final[Mapping[str, Transform]] = MappingProxyType(
    {transform.name: transform for transform in plugs(transforms, "TRANSFORM", Transform)}
)


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a function: ``kind`` as in signatures, for example ``text`` or ``T => number``."""

    name: str
    kind: str
    optional: bool
    repeated: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A function as a screen shows it; ``examples`` are (expression, value)."""

    name: str
    title: str
    group: str
    signature: str
    arguments: tuple[Argument, ...]
    result: str
    examples: tuple[tuple[str, object], ...]


def catalogue() -> tuple[Entry, ...]:
    """Every function, by name."""
    return tuple(_entry(TRANSFORMS[name]) for name in sorted(TRANSFORMS))


def _entry(transform: Transform) -> Entry:
    parsed = transform.parsed
    arguments = tuple(
        Argument(one.name, f"{one.element} => {one.type}" if one.element else str(one.type), one.optional, one.repeated)
        for one in parsed.parameters
    )
    text = f"{transform.name}({parsed.taken}) -> {parsed.result}"
    return Entry(
        transform.name, transform.title, transform.group, text, arguments, str(parsed.result), transform.expected()
    )
