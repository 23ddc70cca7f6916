"""Names and the paths made of them (case D10)."""

from __future__ import annotations

from pathlib import Path

import pytest

from tieout.kernel.failures import Failed
from tieout.kernel.names import inside

FOLDER = Path("/data/closes")


@pytest.mark.parametrize("parts", [("..",), ("stripe", "../.."), ("stripe", "/etc"), ("", "2026-10"), ("a/b",), ("~",)])
def test_no_part_leads_out_of_the_folder(parts: tuple[str, ...]) -> None:
    with pytest.raises(Failed, match="is no name for a folder"):
        inside(FOLDER, *parts)


def test_ordinary_parts_are_joined() -> None:
    assert inside(FOLDER, "stripe-eu", "2026-10", "0a1b2c3d4e5f") == FOLDER / "stripe-eu" / "2026-10" / "0a1b2c3d4e5f"
