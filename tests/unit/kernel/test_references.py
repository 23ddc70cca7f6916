"""References: the same parts, the same name, for ever; and nothing P21 does to a text can change one (reliability C13)."""

from __future__ import annotations

import pytest

from tieout.kernel.references import ALPHABET, reference


def test_a_reference_is_the_same_in_any_year() -> None:
    first = reference("p21", "stripe", "test", "pi_123", "sales_order")
    assert first == "TOJXUQ7MCPMIZOFFYWSQ"
    assert first != reference("p21", "stripe", "live", "pi_123", "sales_order")
    assert first != reference("p21", "stripe", "test", "pi_123sales_order", "")


def test_a_reference_survives_upper_casing_trimming_and_padding() -> None:
    name = reference("a", "b")
    assert len(name) == 20
    assert set(name) <= set(ALPHABET)
    assert f" {name.lower()} ".strip().upper() == name


def test_a_reference_too_short_to_be_unique_is_refused() -> None:
    with pytest.raises(ValueError, match="a reference of 10 characters is too short"):
        reference("a", length=10)
