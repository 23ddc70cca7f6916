"""Journals of the books that P21 refuses park; what their sentence tells is done, they are replayed, and both books agree."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import pytest

from tests.simulation.billing import DIALECTS as BILLED
from tests.simulation.billing import Billing
from tests.simulation.books import NUMBERS, Books, sell_some
from tests.simulation.obeying import code_of, connect, in_p21, parked
from tests.simulation.steps import ends
from tests.simulation.world import Shape
from tieout.app.house import template
from tieout.domain.ledger.account import CLEARING
from tieout.domain.workflow.definition import Node
from tieout.operations.publish_workflow import publish_workflow
from tieout.operations.replay import replay_run

World = Books
Act = Callable[[Any], Any]
DIALECTS: Mapping[str, Mapping[str, Any]] = {"the middleware": {}, "a REST gateway": {"dialect": "gateway"}}


def chart(**changes: str) -> Act:
    """A person changes the clearing account in P21's chart."""
    return in_p21("chart_of_accts", changes, account_no=NUMBERS[CLEARING])


@dataclass(frozen=True, slots=True)
class Refused:
    """Why P21 refuses the journal, words that say what to do, and a person who does it."""

    code: str
    cause: Act
    words: str
    obey: Act
    options: Mapping[str, Any]
    dialects: tuple[str, ...] = tuple(DIALECTS)


CASES = (
    Refused("p21.refused.account", chart(delete_flag="Y"), "reate or activate", chart(delete_flag="N"), {}),
    Refused(
        "p21.refused.journal",
        connect(journal_id="XX"),
        "Set journal_id of the connection",
        connect(journal_id="GJ"),
        {},
        ("a REST gateway",),
    ),
    Refused(
        "p21.refused.branch_unbalanced",
        chart(branch_id="02"),
        "Give the entry accounts of one branch",
        chart(branch_id="01"),
        {"branch_debit_equal_credit": True},
    ),
)


@pytest.mark.parametrize(
    ("case", "dialect"),
    [
        pytest.param(case, dialect, id=f"{case.code} {case.words} {dialect}")
        for case in CASES
        for dialect in case.dialects
    ],
)
def test_a_journal_that_p21_refused_is_written_when_its_sentence_was_obeyed(case: Refused, dialect: str) -> None:
    world = Books(1, shape=Shape(p21_settings=DIALECTS[dialect], p21_options=case.options))
    sell_some(world, world.dice, 2)
    case.cause(world)
    world.pass_days(1, chores=("periods", "import", "documents", "journals"))
    world.settle()
    asked = parked(world)
    assert code_of(world, asked.run) == case.code, asked.sentence
    assert case.words in asked.sentence
    case.obey(world)
    replay_run(world.books, asked.run, world.clock.now())
    world.settle()
    assert [line.sentence for line in ends(world) if line.state == "parked"] == []
    assert world.p21_tenant.books()["journals"]


@pytest.mark.parametrize("shape", BILLED.values(), ids=BILLED)
def test_a_document_whose_lines_do_not_come_to_its_total_is_written_when_the_workflow_was_corrected(
    shape: Shape,
) -> None:
    world = Billing(shape=shape)
    drawn = template("stripe_invoice")
    publish_workflow(world.books, replace(drawn, nodes=tuple(map(dearer, drawn.nodes))), world.clock.now())
    world.invoice(5_000)
    asked = parked(world)
    assert code_of(world, asked.run) == "p21.document.total", asked.sentence
    assert "what feeds the lines, tax, freight and total in the workflow" in asked.sentence
    world.publish()
    replay_run(world.books, asked.run, world.clock.now())
    world.rest()
    assert (world.parked(), world.p21("invoices")) == ([], [Decimal("50.00")])


def dearer(node: Node) -> Node:
    """The invoice is written with a total of 1.00 too much."""
    fields = node.settings.get("fields")
    if node.id != "write_invoice" or not isinstance(fields, dict):
        return node
    return replace(
        node, settings={**node.settings, "fields": {**fields, "total": "money(invoice.total + 100, invoice.currency)"}}
    )
