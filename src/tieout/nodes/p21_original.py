"""Original record: finds the order or invoice in P21 that stands for a sale, and waits for one that is being written."""

from __future__ import annotations

from collections.abc import Sequence

from tieout.domain.facts import INVOICE_FINALISED, PAYMENT_SUCCEEDED
from tieout.domain.mapping.shapes import schema_of, values_of
from tieout.domain.original import Original
from tieout.domain.workflow.form import NodeForm, SettingField
from tieout.kernel.clock import iso
from tieout.kernel.failures import Failed, Fix, Retry
from tieout.nodes._connection import CONNECTION
from tieout.nodes._node import Context, Done, NodeType, unfit
from tieout.queries.originals import RunLine, original_of, runs_stating
from tieout.store import inbox, states
from tieout.store.lanes import WAITS_FOR_RUN

GO_ON = "go_on"
LOOK_AGAIN_SECONDS = 5.0
BEFORE_SECONDS = 3_600.0  # an event may come this much later than its payment and still be the first
PARKED_AGAIN_SECONDS = 60.0  # its replay wakes what waits for it


def _run(context: Context) -> Done:
    name, _ = context.ports.connections.p21(context.text("connection"))
    named = context.evaluate("of")
    subjects = [str(one) for one in (named if isinstance(named, list) else [named]) if one]
    try:
        found = original_of(context.ports.books, name, context.run.connection, subjects)
    except ValueError as error:
        raise unfit(
            context, f"the record that was written cannot be split: {error}. Enter this by hand", "of"
        ) from None
    if found:
        return Done(values_of(found), reasons=(("key", found.entity, found.key),))
    if context.text("when_missing") == GO_ON or _given_back_before(context, subjects):
        return Done({**dict.fromkeys(Original.__dataclass_fields__), "lines": []})
    raise _missing(context, subjects)


def _given_back_before(context: Context, subjects: Sequence[str]) -> bool:
    """Whether the whole payment was given back before anything was written for it: then there is nothing to take back."""
    runs = _runs(context, subjects)
    payment = next((one for one in subjects if one.startswith(("pi_", "ch_", "py_"))), "")
    if not payment or not runs or any(run.state not in (states.APPLIED, states.IGNORED) for run in runs):
        return False
    paid = context.ports.connections.stripe(context.run.connection).payment(payment)
    return 0 < paid.amount <= paid.amount_refunded


def _runs(context: Context, subjects: Sequence[str]) -> Sequence[RunLine]:
    facts = [f"{PAYMENT_SUCCEEDED}:{one}" for one in subjects] + [f"{INVOICE_FINALISED}:{one}" for one in subjects]
    return runs_stating(context.ports.books, context.run.connection, context.run.livemode, facts)


def _missing(context: Context, subjects: Sequence[str]) -> Failed:
    if not subjects:
        return unfit(
            context,
            "nothing names the payment or invoice that this belongs to. Correct it in the workflow and publish it, then replay",
            "of",
        )
    who = subjects[0]
    runs = _runs(context, subjects)
    if not runs:
        if sentence := _from_before(context, who):
            return Failed(Fix("original.before", sentence, field="of", value=who))
        unseen = f"Nothing was seen yet of {who}, which this belongs to. Tieout looks again."
        return Failed(Retry("original.unseen", unseen, steps_aside=True))
    if any(run.state not in (states.APPLIED, states.IGNORED) for run in runs):
        return _waiting(who, runs)
    words = f"run {runs[-1].id} for {who} wrote no order and no invoice to P21, so there is nothing to set this against"
    return unfit(context, f"{words}. Enter it by hand", "of", who)


def _from_before(context: Context, who: str) -> str:
    """That a payment was taken before the first event came from its account; empty when it was not, or nobody can say."""
    with context.ports.box.reading() as db:
        began = inbox.first_received(db, context.run.connection)
    taken = _taken_at(context, who)
    if began is None or not taken or taken >= began - BEFORE_SECONDS:
        return ""
    return (
        f"{who}, which this belongs to, was paid on {iso(taken)[:10]}; the first event of {context.run.connection} came on "
        f"{iso(began)[:10]}. Tieout wrote nothing for that sale, so it writes nothing against it: take it back in P21, on the "
        "order or invoice that was entered for it there."
    )


def _taken_at(context: Context, who: str) -> int:
    stripe = context.ports.connections.stripe(context.run.connection)
    try:
        if who.startswith(("pi_", "ch_", "py_")):
            return stripe.payment(who).created
        return stripe.invoice(who).finalised_at if who.startswith("in_") else 0
    except Failed as error:
        if isinstance(error.failure, Retry):
            raise
        return 0


def _waiting(who: str, runs: Sequence[RunLine]) -> Failed:
    """What somebody else is about to write is no failed try of ours: waiting for it uses nothing up."""
    open_one = next(run for run in runs if run.state not in (states.APPLIED, states.IGNORED))
    again = PARKED_AGAIN_SECONDS if open_one.state == states.PARKED else LOOK_AGAIN_SECONDS
    sentence = (
        f"Run {open_one.id} for {who}, which this belongs to, is {open_one.state} and has written no order yet. "
        "This goes on by itself when that run is applied."
    )
    return Failed(Retry(WAITS_FOR_RUN, sentence, after_seconds=again, outage=True, steps_aside=True))


NODE = NodeType(
    NodeForm(
        "p21_original",
        "Find the original record",
        "read",
        (
            CONNECTION,
            SettingField("of", "expression", "What it stands for: an id, or a list of ids", required=True),
            SettingField("when_missing", "choice", "When there is none (empty: wait)", choices=("wait", GO_ON)),
        ),
        lambda settings: dict(schema_of(Original)),
        note="The sales order or invoice that Tieout wrote for a payment or a Stripe invoice, with its lines as written. "
        "While its run is on its way or parked this run waits; with go_on the outcome is empty.",
    ),
    _run,
)
