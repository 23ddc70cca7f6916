"""The workflow file: every mistake names the field, shows the value and says what to do."""

from __future__ import annotations

import pytest

from tieout.domain.workflow.format import read, write
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
        (GOOD.replace('id = "a"\n', ""), "nodes[0].id is missing: write a text in quotes."),
        (
            GOOD + "[nodes.settings]\nrate = 0.5\n",
            "nodes[0].settings.rate is '0.5': use a text, a whole number or true/false",
        ),
        (GOOD + "[tables.items]\nA = 1\n", "tables.items is "),
        (GOOD.replace("[[nodes]]", "also = [7]\n[[nodes]]"), "trigger.also is '[7]': write a list of facts in quotes."),
        ("format = 1\nname = ", "This is not TOML: "),
        ("format = " + "1" * 5_000, "This is not TOML: "),
        ("format = 0x" + "f" * 100_000, "format is 'a very large number': write at most 9007199254740992."),
        (GOOD.replace('"w"', f"[[{2**60}]]"), "name.0.0 is 'a very large number': "),
        (GOOD + f"[nodes.settings]\ndays = -{2**60}\n", "nodes.0.settings.days is 'a very large number': "),
        (GOOD + f"[settings]\n{'.'.join('a' * 5_000)} = 1\n", "settings.a.a.a.a"),
        (GOOD + f"[settings]\na = {'[' * 5_000}\n", "This is not TOML: "),
        ("x" * 300_000, "file is '300000 characters': keep it under 262144."),
    ],
)
def test_a_mistake_names_field_value_and_what_to_do(text: str, sentence: str) -> None:
    with pytest.raises(Failed) as caught:
        read(text)
    assert caught.value.failure.sentence.startswith(sentence)


def test_a_drawing_may_listen_to_several_facts() -> None:
    text = GOOD.replace("[[nodes]]", 'also = ["refund_made", "refund_paid"]\n[[nodes]]')
    found = read(text)
    assert found.trigger.facts == ("payment_succeeded", "refund_made", "refund_paid")
    assert read(write(found)) == found
