"""The reference page says what the language does, because it is written by it."""

from __future__ import annotations

from pathlib import Path

from tieout.domain.mapping.reference import page
from tieout.domain.mapping.registry import TRANSFORMS

PAGE = Path(__file__).parents[4] / "docs" / "reference" / "expressions.md"


def test_the_page_is_up_to_date() -> None:
    again = "python -m tieout.domain.mapping.reference > docs/reference/expressions.md"
    assert PAGE.read_text(encoding="utf-8").rstrip("\n") == page().rstrip("\n"), f"write it again: {again}"


def test_every_function_is_on_it() -> None:
    text = page()
    assert all(f"\n### {name}\n" in text for name in TRANSFORMS)
