"""The generated pages are what the code says; the shipped templates are sound and fit the published schema."""

from __future__ import annotations

from pathlib import Path

import pytest

from tieout.app.house import shipped
from tieout.app.reference import pages
from tieout.domain.workflow.checks import check
from tieout.domain.workflow.format import read, write
from tieout.nodes._catalogue import node_forms

REFERENCE = Path(__file__).parents[2] / "docs" / "reference"


@pytest.mark.parametrize("name", sorted(pages()))
def test_the_committed_page_is_the_generated_one(name: str) -> None:
    assert (REFERENCE / name).read_text(encoding="utf-8") == pages()[name], (
        "run: python -m tieout.app.reference docs/reference"
    )


@pytest.mark.parametrize("template", shipped(), ids=lambda path: path.stem)
def test_a_shipped_template_has_no_problem_and_is_in_its_own_order(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    workflow = read(text)
    assert check(workflow, node_forms()) == ()
    assert write(workflow) == text
    assert workflow.name == template.stem
