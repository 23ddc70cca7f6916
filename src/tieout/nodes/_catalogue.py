"""All node types, found by their files."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from tieout import nodes
from tieout.domain.workflow.form import NodeForm
from tieout.kernel.plugs import plugs
from tieout.nodes._node import NodeType


@cache
def node_types() -> Mapping[str, NodeType]:
    """Every node type by name."""
    return {node.form.name: node for node in plugs(nodes, "NODE", NodeType)}


def node_forms() -> Mapping[str, NodeForm]:
    """The form of every node type by name."""
    return {name: node.form for name, node in node_types().items()}
