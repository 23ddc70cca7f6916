"""P21 write: maps the fields of a record and writes it to P21 once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from tieout.connectors.p21._face import Prophet21
from tieout.connectors.p21.comparing import TAX_OF_P21
from tieout.connectors.p21.entities import entity_named
from tieout.domain.customers.match import shared_mailbox
from tieout.domain.mapping.apply import Applied, apply
from tieout.domain.mapping.field_map import FieldMap, TargetField
from tieout.domain.remark import Remark
from tieout.domain.workflow.definition import Setting
from tieout.domain.workflow.form import NodeForm, SettingField
from tieout.domain.writing import Document
from tieout.kernel.failures import Failed, Fix
from tieout.nodes._approving import approve_once
from tieout.nodes._connection import CONNECTION
from tieout.nodes._dating import write_dated
from tieout.nodes._node import Context, Done, NodeType, Reason
from tieout.nodes._predecessor import require_order
from tieout.nodes._writing import Target, Written, reference_for, subject_of
from tieout.operations.raise_alert import raise_alert

WRITTEN_LATER = {"payment": "cash_receipt"}
RECORDS = ("customer", "sales_order", "invoice", "ar_invoice", "cash_receipt", "credit_memo", "refund_payment")


def _run(context: Context) -> Done:
    name, p21 = context.ports.connections.p21(context.text("connection"))
    entity = context.text("entity")
    subject = str(context.evaluate("of", "null") or subject_of(context))
    also = tuple(str(one) for one in (context.evaluate("linked_to", "null"),) if one)
    applied = _mapped(context, entity)
    document: Document = dict(applied.document)
    _refer_to_later_records(context, name, document)
    written = None
    for part in p21.parts(entity):
        anew = partial(_without_what_stands, context, p21)
        follows = partial(require_order, context, name, p21, part)
        target = Target(name, part, subject, p21.writer(part), also, _is_one_person(entity, document), anew, follows)
        written = write_dated(context, target, p21, document)
        document = {**document, f"{part}_id": written.key}
        approval = p21.approval(part, document)
        if approval is not None:
            approve_once(context, target, written, approval)
    assert written is not None, "an entity has at least one part"
    return Done(
        _outcome(entity, written),
        wrote=True,
        reasons=_reasons(applied),
        remarks=(*applied.cuts, *_taxed_otherwise(document, written)),
    )


def _is_one_person(entity: str, document: Document) -> bool:
    """Whether the same subject means the same customer: an office's mailbox does not."""
    return entity == "customer" and not shared_mailbox(str(document.get("email") or ""))


def _mapped(context: Context, entity: str) -> Applied:
    fields = context.node.settings["fields"]
    assert isinstance(fields, dict), "checked before a version is published"
    field_map = FieldMap.parse({key: str(source) for key, source in fields.items()}, entity_named(entity).fields)
    applied = apply(field_map, context.inputs, context.tables)
    if applied.problems:
        first = applied.problems[0]
        title = context.node.title or context.node.id
        words = " ".join(problem.sentence for problem in applied.problems)
        words += (
            "" if words.endswith("replay.") else " Correct it where it comes from, or in the workflow, then replay."
        )
        raise Failed(Fix("mapping.invalid", f"{title}: {words}", field=first.field, value=str(first.value)[:80]))
    return applied


def _refer_to_later_records(context: Context, name: str, document: Document) -> None:
    """A payment that travels with the order carries the reference by which its receipt will be looked up."""
    subject = subject_of(context)
    for field, entity in WRITTEN_LATER.items():
        if isinstance(part := document.get(field), dict):
            document[field] = {**part, "reference": reference_for(context, name, entity, subject)}


def _taxed_otherwise(document: Document, written: Written) -> Iterator[Remark]:
    """P21 computes its own tax: what it differs by, though allowed, stays open on the customer's account."""
    own, charged = written.shown.get(TAX_OF_P21, ""), document.get("tax")
    if own and charged is not None:
        yield Remark(
            "tax", str(charged), f"P21 computed {own}, which tax_tolerance allows; the difference stays open in P21"
        )


def _without_what_stands(context: Context, p21: Prophet21, document: Document) -> Document:
    """What replaces a cancelled or deleted order takes no payment a second time: one that was left with that order is told of."""
    payment = document.get("payment")
    key = p21.standing_payment(str(payment.get("reference") or "")) if isinstance(payment, dict) else ""
    if not key:
        return document
    sentence = (
        f"Payment {key} was taken with an order that does not stand in P21 any more, and stands there itself. The order is "
        "entered anew without it: move the payment to the new order in P21, so that its invoice is paid."
    )
    raise_alert(context.ports.books, "p21.payment_left", sentence, f"{context.run.id} payment", context.ports.clock())
    return {name: value for name, value in document.items() if name != "payment"}


def _outcome(entity: str, written: Written) -> dict[str, str]:
    return {**written.shown, entity_named(entity).key: written.key, "key": written.key, "reference": written.reference}


def _reasons(applied: Applied) -> tuple[Reason, ...]:
    return tuple((reason.field, reason.expression, str(reason.value)[:200]) for reason in applied.reasons)


def _targets(settings: Mapping[str, Setting]) -> tuple[TargetField, ...]:
    return entity_named(str(settings.get("entity", ""))).fields


NODE = NodeType(
    NodeForm(
        "p21_write",
        "Write to P21",
        "write",
        (
            CONNECTION,
            SettingField(
                "entity",
                "choice",
                "Record",
                required=True,
                choices=RECORDS,
            ),
            SettingField("of", "expression", "What it stands for, once (empty: the run's subject)", type="text"),
            SettingField("linked_to", "expression", "A further id that it will be found by", type="text"),
            SettingField("fields", "fields", "Fields", required=True),
        ),
        lambda settings: {},
        targets=_targets,
        note="Written once, whatever crashes: kept as an intent first, looked up before it is ever sent again.",
    ),
    _run,
)
