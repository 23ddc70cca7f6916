"""One evaluation: its inputs, its tables and the budget it may spend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tieout.domain.mapping.errors import Refused, shortened, suggestion
from tieout.domain.mapping.limits import (
    LIST_ELEMENTS_MAX,
    TEXT_CHARACTERS_MAX,
    WORK_CHARACTERS_MAX,
    WORK_ELEMENTS_MAX,
    WORK_STEPS_MAX,
)
from tieout.domain.mapping.transforms._transform import Table
from tieout.domain.mapping.values import Tables, Value


@dataclass(slots=True)
class Budget:
    """What may still be spent; Refused when it is used up."""

    elements: int = WORK_ELEMENTS_MAX
    steps: int = WORK_STEPS_MAX
    characters: int = WORK_CHARACTERS_MAX

    def visit(self, steps: int) -> None:
        """One element of a list was handed to an expression of that size."""
        self.elements -= 1
        self.step(steps)

    def step(self, steps: int) -> None:
        """That many values were looked at."""
        self.steps -= steps
        if self.elements < 0 or self.steps < 0:
            raise Refused("the expression does too much work", "filter the list first, or split the mapping")

    def read(self, value: Value) -> None:
        """A function reads or makes this value."""
        if type(value) is str:
            self.characters -= len(value)
            if self.characters < 0:
                raise Refused("the expression reads and makes too much text")
        elif type(value) is list:
            self.step(len(value))


@dataclass(slots=True)
class Run:
    """What the closures of an expression are given."""

    inputs: Mapping[str, Value]
    tables: Tables
    budget: Budget = field(default_factory=Budget)

    def table(self, name: str) -> Table:
        """The look-up table of that name; Refused with a suggestion when there is none."""
        if name not in self.tables:
            raise Refused(f"there is no look-up table {shortened(name)}", suggestion(name, self.tables))
        return Table(name, self.tables[name])


def bounded(value: Value) -> Value:
    """The value; Refused when a text or list is longer than any may be."""
    if type(value) is str and len(value) > TEXT_CHARACTERS_MAX:
        raise Refused(f"a text is longer than {TEXT_CHARACTERS_MAX} characters")
    if type(value) is list and len(value) > LIST_ELEMENTS_MAX:
        raise Refused(f"a list is longer than {LIST_ELEMENTS_MAX} elements")
    return value
