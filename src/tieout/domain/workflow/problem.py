"""What a check finds wrong with a drawing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from tieout.domain.workflow.form import NodeForm

Forms = Mapping[str, NodeForm]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to correct; ``node`` is empty when it concerns the workflow itself."""

    node: str
    field: str
    sentence: str
