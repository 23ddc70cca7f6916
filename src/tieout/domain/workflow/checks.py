"""Finds what is wrong with a drawing before it is published: every problem names its node, its field and what to do."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tieout.domain.facts import KINDS
from tieout.domain.mapping.errors import ExpressionError
from tieout.domain.mapping.expression import Expression
from tieout.domain.workflow import plan
from tieout.domain.workflow.definition import Node, Setting, Workflow, ways
from tieout.domain.workflow.form import NodeForm, SettingField

NODES_MAX = 200
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
_FACT = {"fact.kind": "text", "fact.subject": "text", "fact.livemode": "bool"}
Forms = Mapping[str, NodeForm]
Schema = dict[str, str]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to correct; ``node`` is empty when it concerns the workflow itself."""

    node: str
    field: str
    sentence: str


def check(workflow: Workflow, forms: Forms) -> tuple[Problem, ...]:
    """Every problem of the drawing; none means that it may be published."""
    structure = tuple(_structure(workflow, forms))
    return structure or tuple(_expressions(workflow, forms))


def schema_for(workflow: Workflow, node: Node, forms: Forms) -> Schema:
    """The paths and types that expressions of ``node`` may use: fact, settings, earlier outcomes, loop elements."""
    schema = {**_FACT, **{f"settings.{key}": _kind(value) for key, value in workflow.settings.items()}}
    for earlier in plan.before(workflow, node.id):
        shape = forms[earlier.type].outcome(earlier.settings) if earlier.type in forms else {}
        schema |= {f"{earlier.root}.{path}": kind for path, kind in shape.items()} or {earlier.root: "any"}
    for loop in plan.loop_of(workflow, node.id):
        schema[str(loop.settings.get("as", "element"))] = "any"
    return schema


def _structure(workflow: Workflow, forms: Forms) -> Iterator[Problem]:
    if not _NAME.fullmatch(workflow.name):
        yield Problem("", "name", f"{workflow.name!r} must be lower case letters, digits and underscores.")
    for field, kind in (("fact", workflow.trigger.fact), *(("also", one) for one in workflow.trigger.also)):
        if kind not in KINDS:
            yield Problem("", f"trigger.{field}", _unknown("fact", kind, KINDS))
    if len(workflow.nodes) > NODES_MAX:
        yield Problem("", "nodes", f"{len(workflow.nodes)} nodes are more than {NODES_MAX}; split the workflow.")
    for node in workflow.nodes:
        yield from _node(workflow, node, forms)
    yield from _unreached(workflow)
    yield from _circles(workflow)


def _node(workflow: Workflow, node: Node, forms: Forms) -> Iterator[Problem]:
    if not _NAME.fullmatch(node.id):
        yield Problem(node.id, "id", f"{node.id!r} must be lower case letters, digits and underscores.")
    if sum(other.id == node.id for other in workflow.nodes) > 1:
        yield Problem(node.id, "id", f"Two nodes are called {node.id!r}; give one of them another id.")
    if node.root in ("fact", "settings"):
        yield Problem(node.id, "into", f"{node.root!r} is taken; choose another name.")
    known = [other.id for other in workflow.nodes]
    for field, to in ways(node):
        if to not in known:
            yield Problem(node.id, field, _unknown("node", to, known))
    if node.type not in forms:
        yield Problem(node.id, "type", _unknown("node type", node.type, forms))
    else:
        yield from _settings(node, forms[node.type])


def _settings(node: Node, form: NodeForm) -> Iterator[Problem]:
    fields = {field.name: field for field in form.settings}
    for name in node.settings:
        if name not in fields:
            yield Problem(node.id, name, _unknown("setting", name, fields))
    for field in form.settings:
        if field.name in node.settings:
            yield from _setting(node, field, node.settings[field.name])
        elif field.required:
            yield Problem(node.id, field.name, f"{form.title} needs {field.title.lower()} ({field.name}).")


def _setting(node: Node, field: SettingField, value: Setting) -> Iterator[Problem]:
    if field.kind == "fields":
        if not isinstance(value, dict) or not all(isinstance(source, str) for source in value.values()):
            yield Problem(node.id, field.name, "Write a table of field = 'expression'.")
    elif field.kind == "cases":
        good = isinstance(value, list) and all(
            isinstance(case, dict)
            and case.keys() == {"when", "next"}
            and all(isinstance(x, str) for x in case.values())
            for case in value
        )
        if not good:
            yield Problem(node.id, field.name, "Write a list of { when = 'condition', next = 'node' }.")
    elif not isinstance(value, str):
        yield Problem(node.id, field.name, "Write a text in quotes.")
    elif field.choices and value not in field.choices:
        yield Problem(node.id, field.name, _unknown("choice", value, field.choices))


def _unreached(workflow: Workflow) -> Iterator[Problem]:
    first = plan.first(workflow)
    for node in workflow.nodes:
        if node.id != first and all(earlier.id != first for earlier in plan.before(workflow, node.id)):
            yield Problem(node.id, "next", f"Nothing leads to {node.id!r}; connect it or take it away.")


def _circles(workflow: Workflow) -> Iterator[Problem]:
    for node in workflow.nodes:
        if any(earlier.id == node.id for earlier in plan.before(workflow, node.id)):
            yield Problem(node.id, "next", f"{node.id!r} leads back to itself; a run would never end.")


def _expressions(workflow: Workflow, forms: Forms) -> Iterator[Problem]:
    if workflow.trigger.when:
        yield from _parsed("", "trigger.when", workflow.trigger.when, _FACT, "bool")
    for node in workflow.nodes:
        form, schema = forms[node.type], schema_for(workflow, node, forms)
        for field, source, wanted in _sources(node, form):
            yield from _parsed(node.id, field, source, schema, wanted)
        yield from _targets(node, form)


def _sources(node: Node, form: NodeForm) -> Iterator[tuple[str, str, str]]:
    for field in form.settings:
        value = node.settings.get(field.name)
        if field.kind == "expression" and isinstance(value, str) and value:
            yield field.name, value, field.type
        elif field.kind == "fields" and isinstance(value, dict):
            yield from ((f"{field.name}.{name}", str(source), "any") for name, source in value.items())
        elif field.kind == "cases" and isinstance(value, list):
            yield from (
                (f"cases[{i}].when", str(c["when"]), "bool") for i, c in enumerate(value) if isinstance(c, dict)
            )


def _parsed(node: str, field: str, source: str, schema: Schema, wanted: str) -> Iterator[Problem]:
    try:
        got = str(Expression.parse(source, schema).type)
    except ExpressionError as error:
        yield Problem(node, field, error.show(source))
        return
    if wanted != "any" and got.split(" ")[0] not in (wanted, "any", "null"):
        yield Problem(node, field, f"This must give {wanted}, but gives {got}: {source}")


def _targets(node: Node, form: NodeForm) -> Iterator[Problem]:
    targets = {target.name: target for target in form.targets(node.settings)}
    fields = node.settings.get("fields")
    if not targets or not isinstance(fields, dict):
        return
    for name in fields:
        if name not in targets:
            yield Problem(node.id, f"fields.{name}", _unknown("field", name, targets))
    for target in targets.values():
        if target.required and target.name not in fields:
            yield Problem(node.id, f"fields.{target.name}", f"{target.name} is required; connect something to it.")


def _kind(value: Setting) -> str:
    kinds = {bool: "bool", int: "number", str: "text", list: "list", dict: "object"}
    return kinds[type(value)]


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    names = list(known)
    near = difflib.get_close_matches(name, names, 1)
    hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(sorted(names))}."
    return f"There is no {what} {name!r}; {hint}"
