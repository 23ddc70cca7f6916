"""Two workflows that would write records for one fact: every sale would stand twice in P21 (case A15)."""

from __future__ import annotations

from collections.abc import Iterable

from tieout.domain.workflow.definition import Workflow

SALES = frozenset(("sales_order", "invoice", "ar_invoice"))


def doubled_by(workflow: Workflow, others: Iterable[Workflow]) -> tuple[tuple[str, str, str], ...]:
    """(other workflow, fact, kinds of records) for each that writes for a fact what this one writes for it too."""
    found = []
    for other in others:
        facts = [fact for fact in workflow.trigger.facts if fact in other.trigger.facts]
        kinds = sorted(_written(workflow) & _written(other))
        if other.name != workflow.name and facts and kinds:
            found.append((other.name, facts[0], ", ".join(kinds)))
    return tuple(found)


def _written(workflow: Workflow) -> set[str]:
    """The kinds of records it writes; the kinds in which a sale can stand count as one."""
    entities = {str(node.settings.get("entity", "")) for node in workflow.nodes if node.type == "p21_write"} - {
        "customer"
    }
    return {"sale" if entity in SALES else entity.replace("_", " ") for entity in entities}
