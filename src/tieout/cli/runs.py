"""``tieout runs``, ``show`` and ``replay``: what became of each event, and how to let it go on."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import Annotated

import typer

from tieout.app.house import House
from tieout.cli._shared import ActorName, AsJson, Folder, Reason, acting, house_of, print_json, print_table, say
from tieout.kernel.clock import iso
from tieout.kernel.failures import Failed, Fix
from tieout.operations.replay import replay_event, replay_run
from tieout.queries.runs import (
    JOURNALS,
    PAYMENTS,
    STATES,
    EventLine,
    RunDetail,
    StepLine,
    event_lines,
    find_event,
    find_run,
    run_detail,
)

STYLES = {
    "applied": "green",
    "parked": "bold red",
    "ignored": "dim",
    "queued": "yellow",
    "running": "yellow",
    "waiting": "yellow",
}

COLUMNS = ("run", "stripe", "event", "state", "order", "receipt", "why")
FOLLOW_SECONDS = 1.0

Named = Annotated[str, typer.Argument(help="Its id (R12), a Stripe id (pi_…) or an event id (evt_…).")]


def runs(
    folder: Folder = None,
    as_json: AsJson = False,
    state: Annotated[str, typer.Option(help=f"Only these: {', '.join(STATES)} (queued, running or waiting).")] = "",
    every: Annotated[bool, typer.Option("--every", help="Also the events from which nothing follows.")] = False,
    journals: Annotated[bool, typer.Option("--journals", help="The journals instead of the payments.")] = False,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on printing what ends, until Ctrl-C.")] = False,
    limit: Annotated[int, typer.Option(min=1, max=5000, help="So many at most.")] = 50,
) -> None:
    """List the newest payments and what became of them."""
    about = JOURNALS if journals else "" if every or state else PAYMENTS
    with house_of(folder) as house:
        read = partial(
            event_lines, house.books, state=_known_state(state), limit=limit, every=every or bool(state), about=about
        )
        if follow:
            _follow(read)
        elif as_json:
            print_json(read())
        else:
            print_table(COLUMNS, [_cells(line) for line in read()], STYLES)


def _follow(read: Callable[[], list[EventLine]]) -> None:
    """Print a line whenever the state of one changed, the oldest first."""
    known: dict[int, str] = {}
    with suppress(KeyboardInterrupt):
        while True:
            for line in reversed(read()):
                if known.get(line.seq) != line.state:
                    say(_followed(line))
                known[line.seq] = line.state
            time.sleep(FOLLOW_SECONDS)


def _followed(line: EventLine) -> str:
    moment = iso(line.ended_at or line.received_at)
    numbers = [text for text in (line.order_no or line.invoice_no, line.receipt_no) if text]
    return " ".join((moment, line.run or line.event_id, line.subject, line.state, *numbers, line.sentence)).rstrip()


def show(run: Named, folder: Folder = None, as_json: AsJson = False) -> None:
    """Show one run: every step, every write, every value with its reason."""
    with house_of(folder) as house:
        detail = run_detail(house.books, _known(house, run))
    assert detail is not None, "it was just found"
    if as_json:
        print_json(detail)
    else:
        _print_detail(detail)


def replay(run: Named, actor: ActorName = "", reason: Reason = "", folder: Folder = None) -> None:
    """Let a parked run go on at the step that failed; what is already written is found, not written again."""
    with house_of(folder) as house:
        if run_id := find_run(house.books, run):
            replay_run(house.books, run_id, house.ports.clock(), acting(actor), reason)
            say(f"Run {run_id} is queued again; follow it with: tieout show {run_id}")
        else:
            replay_event(house.books, _event(house, run), house.ports.clock(), acting(actor), reason)
            say(f"Event {run} is queued again.")


def _cells(line: EventLine) -> tuple[str, ...]:
    order = line.order_no or line.invoice_no
    return line.run, line.subject, line.type, line.state, order, line.receipt_no, line.sentence


def _known_state(state: str) -> str:
    if not state or state in STATES:
        return state
    known = ", ".join(STATES)
    raise Failed(Fix("runs.state", f"There is no state {state!r}; use one of {known}.", field="--state", value=state))


def _known(house: House, name: str) -> str:
    if run_id := find_run(house.books, name):
        return run_id
    raise Failed(Fix("run.unknown", f"There is no run {name!r}; list them with: tieout runs", field="run", value=name))


def _event(house: House, name: str) -> int:
    if seq := find_event(house.books, name):
        return seq
    raise Failed(Fix("run.unknown", f"There is no run or event {name!r}; list them with: tieout runs", value=name))


def _print_detail(detail: RunDetail) -> None:
    line = detail.line
    say(f"Run {line.run} of {detail.workflow} version {detail.version}: {line.type} for {line.subject}")
    say(f"{line.state}{' at ' + line.node if line.node else ''}", STYLES.get(line.state, "bold"))
    for text in (line.sentence, detail.detail):
        if text:
            say(text)
    if detail.code:
        say(f"Code {detail.code}: see docs/errors", style="dim")
    say("\nWritten", style="bold")
    writes = [(one.entity, one.state, one.key, one.reference, str(one.attempt)) for one in detail.intents]
    print_table(("record", "state", "number", "reference", "tries"), writes, {"confirmed": "green"})
    if detail.unused:
        say("\nNot used as it was told", style="bold")
        for one in detail.unused:
            say(f"{one.field} ({one.value}): {one.why}", "bold" if one.matters else "")
    say("\nSteps", style="bold")
    _print_steps(detail.steps)
    for earlier in detail.earlier:
        when = f", replayed {iso(earlier.replayed_at)}"
        say(
            f"\nTry {earlier.number} of version {earlier.version}, parked at {earlier.node or 'the start'}{when}",
            "bold",
        )
        say(earlier.sentence)
        _print_steps(earlier.steps)


def _print_steps(steps: Sequence[StepLine]) -> None:
    for step in steps:
        say(f"{iso(step.at)}  {step.path} ({step.type})")
        for name, expression, value in step.reasons:
            say(f"    {name} = {value}    from {' '.join(expression.split())}", style="dim")
        if not step.reasons and json.loads(step.outcome) not in (None, {}):
            say(f"    {step.outcome[:300]}", style="dim")
