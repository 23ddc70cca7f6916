"""Finds what is wrong with a drawing before it is published: every problem names its node, its field and what to do."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterable, Iterator

from tieout.domain.facts import KINDS
from tieout.domain.workflow import expression_checks, flow_checks
from tieout.domain.workflow.definition import Node, Setting, Workflow, ways
from tieout.domain.workflow.form import NodeForm, SettingField
from tieout.domain.workflow.problem import Forms, Problem

NODES_MAX = 200
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


def check(workflow: Workflow, forms: Forms, apart: Collection[str] | None = None) -> tuple[Problem, ...]:
    """Every problem of the drawing, each told once; none means that it may be published.

    ``apart`` are the names of the look-up tables that are kept apart from workflows; None leaves look-ups unchecked.
    """
    parts = tuple(dict.fromkeys(_structure(workflow, forms)))
    if parts:
        return parts
    tables = None if apart is None else {*workflow.tables, *apart}
    found = (*flow_checks.problems(workflow), *expression_checks.problems(workflow, forms, tables))
    return tuple(dict.fromkeys(found))


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


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    names = list(known)
    near = difflib.get_close_matches(name, names, 1)
    hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(sorted(names))}."
    return f"There is no {what} {name!r}; {hint}"
