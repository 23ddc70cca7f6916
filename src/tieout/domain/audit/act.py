"""An act: what somebody changed, what it was before and after, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: the user of the operating system, whom nobody chooses, and the name that was stated.

    Stated names are typed: until people sign in, two of them are not proven to be two people.
    """

    user: str
    name: str = ""
    approver: str = ""


PROGRAM = Actor("", "tieout")  # what the program does by itself


@dataclass(frozen=True, slots=True)
class Act:
    """``what`` is a dotted word such as workflow.publish; ``about`` is what it was done to, such as a name or a run's id.

    ``before`` and ``after`` are plain values by name, as JSON can hold them: amounts in minor units, never a secret.
    """

    what: str
    about: str
    before: Mapping[str, object] = field(default_factory=dict)
    after: Mapping[str, object] = field(default_factory=dict)
    reason: str = ""
