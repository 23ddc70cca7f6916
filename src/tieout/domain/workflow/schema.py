"""What the expressions of a node may use: the fact, the settings, the outcomes of earlier nodes, loop elements."""

from __future__ import annotations

from tieout.domain.workflow import plan
from tieout.domain.workflow.definition import Node, Setting, Workflow
from tieout.domain.workflow.problem import Forms

Schema = dict[str, str]
FACT = {"fact.kind": "text", "fact.subject": "text", "fact.livemode": "bool"}


def schema_for(workflow: Workflow, node: Node, forms: Forms) -> Schema:
    """The paths and types that expressions of ``node`` may use: fact, settings, earlier outcomes, loop elements."""
    schema = {**FACT, **{f"settings.{key}": _kind(value) for key, value in workflow.settings.items()}}
    for earlier in plan.before(workflow, node.id):
        shape = forms[earlier.type].outcome(earlier.settings) if earlier.type in forms else {}
        schema |= {f"{earlier.root}.{path}": kind for path, kind in shape.items()} or {earlier.root: "any"}
    for loop in plan.loop_of(workflow, node.id):
        schema[str(loop.settings.get("as", "element"))] = "any"
    return schema


def _kind(value: Setting) -> str:
    kinds = {bool: "bool", int: "number", str: "text", list: "list", dict: "object"}
    return kinds[type(value)]
