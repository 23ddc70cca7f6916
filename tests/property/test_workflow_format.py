"""The workflow file: what is written reads back equal, and writes the same text again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tieout.domain.workflow.definition import Node, Trigger, Workflow
from tieout.domain.workflow.format import read, write

names = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40).map(lambda t: t.replace("\r", ""))
plain = st.booleans() | st.integers(-(10**9), 10**9) | texts
lists = st.lists(st.dictionaries(names, texts, min_size=1, max_size=3), min_size=1, max_size=3)
tables = st.dictionaries(texts, texts, max_size=4)
settings_of_node = st.dictionaries(names, plain | lists | tables, max_size=4)
nodes = st.builds(Node, names, names, texts, names, names, settings_of_node)


@given(
    st.builds(
        Workflow,
        names,
        texts.filter(bool),
        st.builds(Trigger, names, texts),
        st.lists(nodes, min_size=1, max_size=4).map(tuple),
        texts,
        st.dictionaries(names, plain, max_size=4),
        st.dictionaries(names, tables, max_size=2),
    )
)
def test_a_written_workflow_reads_back_equal_and_writes_the_same(workflow: Workflow) -> None:
    text = write(workflow)
    again = read(text)
    assert again == workflow
    assert write(again) == text
