"""The workflow file: every mistake names the field, shows the value and says what to do."""

from __future__ import annotations

import pytest

from tieout.domain.workflow.format import read
from tieout.kernel.failures import Failed

GOOD = (
    'format = 1\nname = "w"\ntitle = "W"\n[trigger]\nfact = "payment_succeeded"\n[[nodes]]\nid = "a"\ntype = "wait"\n'
)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("format = 2\n", "format is '2': this Tieout reads format 1."),
        (GOOD.replace('"w"', "7"), "name is '7': write a text in quotes."),
        (GOOD + 'colour = "red"\n', "nodes[0].colour is 'red': known here: id, type, title, into, next, settings."),
        (GOOD.replace('id = "a"\n', ""), "nodes[0].id is '': write a text in quotes."),
        (
            GOOD + "[nodes.settings]\nrate = 0.5\n",
            "nodes[0].settings.rate is '0.5': use a text, a whole number or true/false",
        ),
        (GOOD + "[tables.items]\nA = 1\n", "tables.items is "),
        ("format = 1\nname = ", "This is not TOML: "),
        ("x" * 300_000, "file is '300000 characters': keep it under 262144."),
    ],
)
def test_a_mistake_names_field_value_and_what_to_do(text: str, sentence: str) -> None:
    with pytest.raises(Failed) as caught:
        read(text)
    assert caught.value.failure.sentence.startswith(sentence)
