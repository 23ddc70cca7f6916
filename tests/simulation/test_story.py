"""Any order of what may befall one sale: P21 shows what a reference by hand says, or a person is asked by name."""

from __future__ import annotations

import pytest

from tests.simulation.story import DIALECTS, Story, play

SEEDS = range(1, 13)


def _is_asked(story: Story) -> bool:
    """Whether a question names something of this sale."""
    named = {story.charge, story.sale.payment if story.sale else "", *(one["id"] for one in story.objects("refund"))}
    named |= {row["key"] for row in story.world.p21_tenant.books()["orders"]}
    return any(name and name in question for question in story.questions() for name in named)


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("dialect", DIALECTS)
def test_in_the_end_both_sides_agree_or_a_person_is_asked(dialect: str, seed: int) -> None:
    story = play(dialect, seed)
    story.world.identities()
    assert story.world.p21_tenant.doubles() == {}, story.told
    differs = [*story.wrongs(), *filter(None, [story.world.p21_differs()])]
    assert differs == [] or _is_asked(story), (story.told, differs, story.questions())
