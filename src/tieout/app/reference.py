"""Writes the reference pages from what the code declares: ``python -m tieout.app.reference docs/reference``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from tieout.connectors.p21.entities import Entity, all_entities
from tieout.connectors.stripe.events import catalogue
from tieout.connectors.stripe.events._reasons import EXACT as REASONS
from tieout.connectors.stripe.events._reasons import FAMILIES
from tieout.domain.facts import KINDS
from tieout.domain.ledger.account import ACCOUNTS, CLEARING
from tieout.domain.ledger.balance_change import BalanceChange
from tieout.domain.ledger.documents import DOCUMENTS
from tieout.domain.ledger.policy import Policy
from tieout.domain.ledger.rules import Rule, Terms
from tieout.domain.ledger.rules import catalogue as catalogue_of_rules
from tieout.domain.ledger.valuing import Rates
from tieout.domain.workflow.definition import FORMAT
from tieout.domain.workflow.form import NodeForm, SettingField
from tieout.nodes._catalogue import node_forms

TEXT = {"type": "string"}
PLAIN: dict[str, Any] = {"anyOf": [TEXT, {"type": "integer"}, {"type": "boolean"}]}


def pages() -> Mapping[str, str]:
    """Every generated page by its file name."""
    return {
        "workflow.schema.json": json.dumps(workflow_schema(), indent=2) + "\n",
        "nodes.md": "\n".join(_nodes()) + "\n",
        "p21-entities.md": "\n".join(_entities()) + "\n",
        "stripe-events.md": "\n".join(_events()) + "\n",
        "ledger-rules.md": "\n".join(_rules()) + "\n",
    }


def workflow_schema() -> dict[str, Any]:
    """The JSON Schema of a workflow file (TOML read as JSON)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Tieout workflow",
        "type": "object",
        "required": ["format", "name", "title", "trigger", "nodes"],
        "additionalProperties": False,
        "properties": {
            "format": {"const": FORMAT},
            "name": {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,39}$"},
            "title": TEXT,
            "note": TEXT,
            "trigger": {
                "type": "object",
                "required": ["fact"],
                "properties": {
                    "fact": {"enum": list(KINDS)},
                    "also": {"type": "array", "items": {"enum": list(KINDS)}},
                    "when": TEXT,
                },
            },
            "settings": {"type": "object", "additionalProperties": PLAIN},
            "tables": {"type": "object", "additionalProperties": {"type": "object", "additionalProperties": TEXT}},
            "nodes": {"type": "array", "minItems": 1, "items": {"oneOf": [_node(f) for f in node_forms().values()]}},
        },
    }


def _node(form: NodeForm) -> dict[str, Any]:
    required = [field.name for field in form.settings if field.required]
    settings = {
        "type": "object",
        "required": required,
        "additionalProperties": False,
        "properties": {field.name: _setting(field) for field in form.settings},
    }
    texts = dict.fromkeys(("id", "title", "into", "next"), TEXT)
    return {
        "title": form.title,
        "type": "object",
        "required": ["id", "type", *(["settings"] if required else [])],
        "additionalProperties": False,
        "properties": {**texts, "type": {"const": form.name}, "settings": settings},
    }


def _setting(field: SettingField) -> dict[str, Any]:
    if field.kind == "fields":
        return {"type": "object", "additionalProperties": TEXT, "description": field.title}
    if field.kind == "cases":
        case = {"type": "object", "required": ["when", "next"], "properties": {"when": TEXT, "next": TEXT}}
        return {"type": "array", "items": case, "description": field.title}
    if field.choices:
        return {"enum": list(field.choices), "description": field.title}
    return {**TEXT, "description": field.title}


def _nodes() -> Iterable[str]:
    yield "# Node types\n\nWhat a workflow is drawn from. This page is generated."
    for form in node_forms().values():
        yield f"\n## {form.title} (`{form.name}`)\n\nEffect: {form.effect}. {form.note}\n"
        yield "| setting | kind | required | meaning |\n|---|---|---|---|"
        for field in form.settings:
            kind = f"{field.kind} ({', '.join(field.choices)})" if field.choices else field.kind
            yield f"| `{field.name}` | {kind} | {'yes' if field.required else ''} | {field.title} |"


def _entities() -> Iterable[str]:
    yield "# P21 records\n\nThe fields that a *write to P21* node can feed. This page is generated."
    for entity in all_entities():
        yield from _entity(entity)


def _entity(entity: Entity) -> Iterable[str]:
    yield f"\n## {entity.title} (`{entity.name}`)\n\nNumber: `{entity.key}`. Written by: {entity.written}. Read by: {entity.read}.\n"
    yield "| field | kind | length | required |\n|---|---|---|---|"
    for field in entity.fields:
        yield f"| `{field.name}` | {field.kind} | {field.length or ''} | {'yes' if field.required else ''} |"
        for inner in field.fields:
            yield f"| `{field.name}[].{inner.name}` | {inner.kind} | {inner.length or ''} | {'yes' if inner.required else ''} |"


def _events() -> Iterable[str]:
    yield "# Stripe events\n\nThe events Tieout subscribes to, each with a rule of its own. This page is generated.\n"
    yield "| event | what it is |\n|---|---|"
    for event in catalogue().values():
        yield f"| `{event.type}` | {event.title} |"
    yield "\n## Events without a rule\n\nThey are not subscribed to. One that comes nevertheless is kept, and says why it states nothing.\n"
    yield "| event | why nothing follows from it |\n|---|---|"
    for name, reason in (*REASONS.items(), *((f"{family}*", reason) for family, reason in FAMILIES)):
        if name not in catalogue():
            yield f"| `{name}` | {reason} |"


def _rules() -> Iterable[str]:
    yield "# Ledger rules\n\nHow each kind of balance change is booked; what has no row here goes into suspense. This page is generated.\n"
    yield "Debit and credit are for money that comes into the balance; what leaves it is booked the other way round.\n"
    yield "| kind | reporting categories | debit | credit |\n|---|---|---|---|"
    for rule in catalogue_of_rules():
        categories = ", ".join(f"`{one}`" for one in rule.categories)
        yield f"| {rule.title} | {categories} | Stripe clearing | {_other_side(rule)} |"
    yield "\n## Documents\n\nWhat P21 is given as a document is posted beside it.\n"
    yield "| document | debit | credit |\n|---|---|---|"
    for document in DOCUMENTS.values():
        sides = (
            ", ".join(ACCOUNTS[account].title for account, _ in side) for side in (document.debits, document.credits)
        )
        yield f"| {document.title} | {' | '.join(sides)} |"
    yield "\n## Accounts\n\nEach is mapped to an account of P21.\n\n| name | title | group |\n|---|---|---|"
    for account in ACCOUNTS.values():
        yield f"| `{account.name}` | {account.title} | {account.group} |"


def _other_side(rule: Rule) -> str:
    """The accounts that a rule books against, seen by booking one row of each of its kinds."""
    terms = Terms(Policy(), Rates("usd", {}), "2026-01-01", "2026-01-01")
    seen = {
        ACCOUNTS[line.account].title
        for category in rule.categories
        for kind in (*rule.types, category)
        for leg in rule.legs(BalanceChange("", kind, category, 1, 0, 1, "usd", 0, 0), terms)
        for line in leg.lines
        if line.account != CLEARING
    }
    return ", ".join(sorted(seen))


def main() -> None:
    """Write all pages into a folder."""
    folder = Path(sys.argv[1])
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
