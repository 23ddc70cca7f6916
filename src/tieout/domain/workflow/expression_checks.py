"""Finds what is wrong with the expressions of a drawing: each against what it may use and against what it feeds."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace

from tieout.domain.mapping.checks import kinds_wrong
from tieout.domain.mapping.constants import constant
from tieout.domain.mapping.errors import ExpressionError, suggestion
from tieout.domain.mapping.expression import Expression
from tieout.domain.mapping.field_map import TargetField
from tieout.domain.mapping.grammar import parse
from tieout.domain.mapping.literals import misfits
from tieout.domain.workflow import plan, policies
from tieout.domain.workflow.definition import Node, Workflow
from tieout.domain.workflow.form import NodeForm, SettingField
from tieout.domain.workflow.problem import Forms, Problem
from tieout.domain.workflow.schema import FACT, Schema, schema_for

PLACES_MAX = 6


@dataclass(frozen=True, slots=True)
class Source:
    """An expression, where it stands, and what it feeds: a type, a field of a record, one of some words."""

    node: str
    field: str
    text: str
    type: str = "any"
    target: TargetField | None = None
    words: tuple[str, ...] = ()


@dataclass(slots=True)
class Found:
    """The problems in the order they were found; the same one in several places is told once, with the others named."""

    problems: dict[tuple[str, ...], Problem] = field(default_factory=dict)
    places: dict[tuple[str, ...], list[str]] = field(default_factory=dict)

    def note(self, problem: Problem, *same: str) -> None:
        """Note a problem; ``same`` is what it has in common with others of its kind (none: it stands alone)."""
        key = same or (problem.node, problem.field, problem.sentence)
        self.places.setdefault(key, []).append(".".join(one for one in (problem.node, problem.field) if one))
        self.problems.setdefault(key, problem)

    def told(self) -> Iterator[Problem]:
        """Each problem once."""
        for key, problem in self.problems.items():
            also = list(dict.fromkeys(self.places[key][1:]))
            yield replace(problem, sentence=f"{problem.sentence}{_also(also)}") if also else problem


def problems(workflow: Workflow, forms: Forms, tables: Collection[str] | None) -> Iterator[Problem]:
    """Problems of all expressions that a run may come to. ``tables`` are all look-up tables (None: not known)."""
    found, sources = Found(), list(_with_schemas(workflow, forms))
    for source, schema in sources:
        _check(source, schema, workflow, tables, found)
    for node in workflow.nodes:
        for problem in _targets(node, forms[node.type]):
            found.note(problem)
    yield from found.told()
    yield from policies.problems(workflow, [source.text for source, _ in sources])


def _with_schemas(workflow: Workflow, forms: Forms) -> Iterator[tuple[Source, Schema]]:
    if workflow.trigger.when:
        yield Source("", "trigger.when", workflow.trigger.when, "bool"), FACT
    reached = plan.reached(workflow, plan.first(workflow))
    for node in (one for one in workflow.nodes if one.id in reached):
        schema = schema_for(workflow, node, forms)
        for source in _sources(node, forms[node.type]):
            yield source, schema


def _sources(node: Node, form: NodeForm) -> Iterator[Source]:
    targets = {target.name: target for target in form.targets(node.settings)}
    for one in form.settings:
        value = node.settings.get(one.name)
        if one.kind == "expression" and isinstance(value, str) and value:
            yield _of_setting(node, one, value)
        elif one.kind == "fields" and isinstance(value, dict):
            for name, text in value.items():
                yield Source(node.id, f"{one.name}.{name}", str(text), target=targets.get(name))
        elif one.kind == "cases" and isinstance(value, list):
            for place, case in enumerate(value):
                if isinstance(case, dict):
                    yield Source(node.id, f"cases[{place}].when", str(case["when"]), "bool")


def _of_setting(node: Node, one: SettingField, value: str) -> Source:
    return Source(node.id, one.name, value, one.type, words=one.words)


def _check(source: Source, schema: Schema, workflow: Workflow, tables: Collection[str] | None, found: Found) -> None:
    try:
        expression = Expression.parse(source.text, schema)
    except ExpressionError as error:
        found.note(_shown(source, error), error.message, error.hint or "", source.text[error.start : error.end])
        return
    got = str(expression.type)
    if source.type != "any" and got.split(" ")[0] not in (source.type, "any", "null"):
        found.note(Problem(source.node, source.field, f"This must give {source.type}, but gives {got}: {source.text}"))
        return
    for table in expression.tables if tables is not None else ():
        if table not in (tables or ()):
            found.note(_no_table(source, table, tables or ()), "table", table)
    if not _wrong_kind(source, expression, found):
        _written_out(source, workflow.settings, found)


def _wrong_kind(source: Source, expression: Expression, found: Found) -> bool:
    if source.target is None:
        return False
    wrong = list(kinds_wrong(source.target, expression.type, len(source.text)))
    for one in wrong:
        found.note(_shown(source, ExpressionError(one.sentence, one.start, one.end, one.hint)))
    return bool(wrong)


def _written_out(source: Source, settings: Mapping[str, object], found: Found) -> None:
    tree = parse(source.text)
    for misfit in misfits(tree, source.target, settings):
        if misfit.setting:
            where = ".".join(one for one in (source.node, source.field) if one)
            sentence = f"{misfit.error.sentence}. Correct the setting {misfit.setting}; it is used at {where}."
            found.note(Problem("", f"settings.{misfit.setting}", sentence), "setting", misfit.setting)
        else:
            found.note(_shown(source, misfit.error))
    if source.words and (word := _constant_text(source, settings)) is not None and word not in source.words:
        known = suggestion(word, source.words) or f"known: {', '.join(source.words)}"
        found.note(Problem(source.node, source.field, f"There is no choice {word!r}; {known}"))


def _constant_text(source: Source, settings: Mapping[str, object]) -> str | None:
    try:
        one = constant(parse(source.text), settings)
    except ExpressionError:
        return None
    return one.value if one is not None and isinstance(one.value, str) else None


def _no_table(source: Source, table: str, tables: Collection[str]) -> Problem:
    hint = suggestion(table, tables)
    near = f" {hint[0].upper()}{hint[1:]}" if hint else ""
    act = f"Add [tables.{table}] to the file, or keep it apart: tieout tables set {table} KEY VALUE --reason WHY"
    return Problem(source.node, source.field, f"There is no look-up table {table!r}.{near} {act}")


def _shown(source: Source, error: ExpressionError) -> Problem:
    return Problem(source.node, source.field, error.show(source.text))


def _targets(node: Node, form: NodeForm) -> Iterator[Problem]:
    targets = {target.name: target for target in form.targets(node.settings)}
    fields = node.settings.get("fields")
    if not targets or not isinstance(fields, dict):
        return
    for name in fields:
        if name not in targets:
            hint = suggestion(name, targets) or f"known: {', '.join(sorted(targets))}."
            yield Problem(node.id, f"fields.{name}", f"There is no field {name!r}; {hint}")
    for target in targets.values():
        if target.required and target.name not in fields:
            yield Problem(node.id, f"fields.{target.name}", f"{target.name} is required; connect something to it.")


def _also(places: list[str]) -> str:
    shown = ", ".join(places[:PLACES_MAX]) + (" …" if len(places) > PLACES_MAX else "")
    return f"\n  The same stands at {len(places)} more: {shown}"
