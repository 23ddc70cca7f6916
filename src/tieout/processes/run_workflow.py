"""Walks one leg of a run: from where the earlier legs came, until it must wait, is parked or is done."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from functools import lru_cache

from tieout.domain.mapping.errors import ExpressionError
from tieout.domain.remark import Remark
from tieout.domain.retrying import attempts_after
from tieout.domain.workflow import format as workflow_file
from tieout.domain.workflow import plan
from tieout.domain.workflow.definition import Node, Workflow
from tieout.kernel.canonical import fingerprint, pack
from tieout.kernel.failures import Failed, Failure, Fix, Retry
from tieout.kernel.log import log
from tieout.kernel.redact import printable, redact
from tieout.nodes._catalogue import node_types
from tieout.nodes._node import Context, Done, Pausing
from tieout.nodes._ports import Ports
from tieout.nodes._standing import require_none_open
from tieout.operations.begin_leg import begin_leg
from tieout.operations.rest_run import Unsaved, Waiting, finish_run, park_run, wait_run
from tieout.processes.outages import Watched, pause_if_away, resume_what_answered, watched
from tieout.queries.lookups import Tables, beside, lookup_tables
from tieout.store import runs as run_store
from tieout.store.runs import ELEMENT, RunRow, StaleRun, Step

REMARK_CHARACTERS_MAX = 500

Inner = Callable[[str, str, Mapping[str, object]], object]


@dataclass(frozen=True, slots=True)
class Pause:
    """When the next leg of a run is due (epoch seconds); ``waits_for`` names a connection that is away.

    ``aside``: what it waits for may stand behind it in its lane.
    """

    until: float
    waits_for: str = ""
    aside: bool = False


def run_workflow(ports: Ports, run_id: str) -> Pause | None:
    """One leg. The answer says when the next is due; None says that the run has ended (applied or parked).

    None also when another leg has taken the run over meanwhile: this one was held up, and has no say any more.
    """
    try:
        return _leg(ports, run_id)
    except StaleRun:
        return None


def _leg(ports: Ports, run_id: str) -> Pause | None:
    try:
        leg = begin_leg(ports.books, run_id)
    except Failed as error:
        _park_unwalked(ports, run_id, error.failure)
        return None
    ports, watch = watched(ports)
    recorded = {step.path: step for step in leg.steps}
    workflow = workflow_of(leg.text)
    tables = beside(workflow.tables, lookup_tables(ports.books))
    walk = Walk(ports, watch, leg.run, workflow, recorded, leg.place, tables)
    try:
        walk.whole()
        require_none_open(ports, leg.run)
    except Pausing as pause:
        return walk.wait(Waiting(walk.at, pause.until, None, leg.run.attempts, leg.run.tries))
    except (Failed, ExpressionError) as error:
        return walk.fail(_failure(error, walk))
    finish_run(ports.books, leg.run, walk.take_unsaved(), ports.clock())
    resume_what_answered(ports, watch)
    log("run applied", run=run_id, subject=leg.run.subject)
    return None


@dataclass(slots=True)
class Walk:
    """A leg under way: what is recorded, what is done and not yet stored, and the node it is at."""

    ports: Ports
    watch: Watched
    run: RunRow
    workflow: Workflow
    recorded: dict[str, Step]
    place: int
    tables: Tables
    done: list[Step] = field(default_factory=list)
    at: str = ""
    node: Node | None = None

    def whole(self) -> None:
        """Walk the drawing from its first node to the end of its chain."""
        self.chain(plan.first(self.workflow), "", roots(self.run, self.workflow))

    def chain(self, start: str, prefix: str, inputs: Mapping[str, object]) -> object:
        """Walk from ``start`` to the end of the chain; answers the last outcome."""
        seen, node_id, value = dict(inputs), start, None
        while node_id:
            node = self.workflow.node(node_id)
            assert node is not None, "checked before a version is published"
            value, way = self._outcome(node, prefix + node.id, seen)
            seen[node.root] = value
            node_id = plan.onward(node, way)
        return value

    def take_unsaved(self) -> Unsaved:
        """Hand out what is done and not yet stored: the caller stores it in the transaction it makes now."""
        handed = Unsaved(self.place, tuple(self.done))
        self.place += len(self.done)
        self.done.clear()
        return handed

    def wait(self, waiting: Waiting, waits_for: str = "") -> Pause:
        """Come to rest until a moment."""
        wait_run(self.ports.books, self.run, self.take_unsaved(), waiting)
        return Pause(waiting.until, waits_for)

    def fail(self, failure: Failure) -> Pause | None:
        """Come to rest after a failure: wait and try again, or park for a person."""
        if isinstance(failure, Retry):
            return self._retry(failure)
        if isinstance(failure, Fix):
            resume_what_answered(self.ports, self.watch)
        self._park(failure)
        return None

    def _park(self, failure: Failure) -> None:
        park_run(self.ports.books, self.run, self.take_unsaved(), self.at, failure, self.ports.clock())
        log("run parked", logging.WARNING, run=self.run.id, node=self.at, code=failure.code, sentence=failure.sentence)

    def _retry(self, failure: Retry) -> Pause | None:
        tries = self.run.tries + 1
        attempts = attempts_after(self.run.attempts, failure)
        if self.ports.retries.exhausted(attempts):
            self._park(_given_up(failure, attempts))
            return None
        away = pause_if_away(self.ports, self.watch, failure) if failure.outage else ""
        until = self.ports.clock() + self.ports.retries.delay_seconds(tries, self.ports.dice(), failure)
        log("run waits", run=self.run.id, node=self.at, code=failure.code, sentence=failure.sentence)
        pause = self.wait(Waiting(self.at, until, failure, attempts, tries), away)
        return replace(pause, aside=failure.steps_aside)

    def _outcome(self, node: Node, path: str, seen: Mapping[str, object]) -> tuple[object, str | None]:
        if path in self.recorded and not self._leads_nowhere(path):
            outcome = self.recorded[path].outcome
            return outcome["value"], outcome["way"]
        self.at, self.node = path, node
        context = Context(
            self.run, self.workflow, node, path, seen, self.ports, self.take_unsaved, self._inner(seen), self.tables
        )
        done = node_types()[node.type].run(context)
        self.done.append(_step(path, node, done, self.ports.clock()))
        return done.value, done.way

    def _leads_nowhere(self, path: str) -> bool:
        """Whether a branch was decided for a node that the version published since does not have."""
        way = self.recorded[path].outcome["way"]
        return way is not None and self.workflow.node(way) is None

    def _inner(self, seen: Mapping[str, object]) -> Inner:
        def walk(start: str, prefix: str, more: Mapping[str, object]) -> object:
            self._keep_element(prefix, more)
            return self.chain(start, prefix, {**seen, **more})

        return walk

    def _keep_element(self, prefix: str, element: Mapping[str, object]) -> None:
        """Remember what stands at a place of a loop: what was written for it must not be taken for another's."""
        path, mark = prefix.removesuffix("."), fingerprint(pack(dict(element)))
        kept = self.recorded.get(path)
        if kept and kept.outcome["value"] == mark:
            return
        if kept and any(step.wrote and step.path.startswith(prefix) for step in self.recorded.values()):
            raise Failed(_changed(path))
        self.done.append(Step(path, ELEMENT, False, {"value": mark, "way": None}, self.ports.clock()))


def roots(run: RunRow, workflow: Workflow) -> dict[str, object]:
    """What expressions see before any node: the run's fact, the settings, and every node's root as null."""
    empty: dict[str, object] = {node.root: None for node in workflow.nodes}
    fact = {"kind": run.fact.partition(":")[0], "subject": run.subject, "livemode": run.livemode}
    settings = {key: Decimal(value) if type(value) is int else value for key, value in workflow.settings.items()}
    return {**empty, "fact": fact, "settings": settings}


@lru_cache(maxsize=64)
def workflow_of(text: str) -> Workflow:
    """The workflow of a published text, read once."""
    return workflow_file.read(text)


def _step(path: str, node: Node, done: Done, at: float) -> Step:
    outcome = {"value": done.value, "way": done.way, "reasons": [list(reason) for reason in done.reasons]}
    if done.remarks:
        outcome["remarks"] = [_told(remark) for remark in done.remarks]
    return Step(path, node.type, done.wrote, outcome, at)


def _told(remark: Remark) -> dict[str, object]:
    """What is kept of a remark: its texts come from outside, where anybody may have typed a card number."""
    shown = {
        name: printable(redact(text))[:REMARK_CHARACTERS_MAX]
        for name, text in asdict(remark).items()
        if name != "matters"
    }
    return {**shown, "matters": remark.matters}


def _failure(error: Failed | ExpressionError, walk: Walk) -> Failure:
    if isinstance(error, Failed):
        return error.failure
    title = (walk.node.title or walk.node.id) if walk.node else walk.at
    return Fix("expression", f"{title}: {error}. Correct the workflow and publish it, then replay.", field=walk.at)


def _changed(path: str) -> Fix:
    sentence = (
        f"Something else stands at {path} of a list than when a record was written for it. Put the list into its old order "
        "where it comes from (new elements go to the end), then replay."
    )
    return Fix("loop.changed", sentence, field=path)


def _given_up(failure: Retry, attempts: int) -> Fix:
    sentence = f"{failure.sentence} It was tried {attempts} times. Find out why, then replay."
    return Fix(failure.code, sentence, failure.detail)


def _park_unwalked(ports: Ports, run_id: str, failure: Failure) -> None:
    with ports.books.reading() as db:
        run = run_store.run(db, run_id)
    assert run is not None, "its leg began"
    park_run(ports.books, run, Unsaved(0, ()), run.node, failure, ports.clock())
