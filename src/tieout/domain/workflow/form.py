"""What the drawing knows of a node type: its settings, its effect, and the shape of its outcome."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from tieout.domain.mapping.field_map import TargetField
from tieout.domain.workflow.definition import Setting

Kind = Literal["expression", "text", "choice", "fields", "cases", "node", "name"]
Effect = Literal["pure", "read", "write"]
Shape = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class SettingField:
    """One setting of a node type. ``type`` is what an expression must give (``any`` when it does not matter).

    ``choices`` are the texts it may be; ``words`` those that an expression may give (none: any).
    """

    name: str
    kind: Kind
    title: str
    required: bool = False
    type: str = "any"
    choices: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


def no_targets(_settings: Mapping[str, Setting]) -> tuple[TargetField, ...]:
    """The target fields of a node whose fields are free."""
    return ()


@dataclass(frozen=True, slots=True)
class NodeForm:
    """A node type as the checks, the inspector and the published schema see it.

    ``outcome`` gives the outcome's shape for some settings: path to type, ``a.b[].c``; an empty shape is open.
    ``targets`` gives the fields that a ``fields`` setting may feed.
    """

    name: str
    title: str
    effect: Effect
    settings: tuple[SettingField, ...]
    outcome: Callable[[Mapping[str, Setting]], Shape]
    targets: Callable[[Mapping[str, Setting]], tuple[TargetField, ...]] = no_targets
    note: str = ""
