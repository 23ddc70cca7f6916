"""The page as HTML. Whatever other systems wrote is escaped where it is put in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from tieout.kernel.clock import iso
from tieout.queries.health import Health
from tieout.queries.runs import JOURNALS, LINES_MAX, OPEN, Counts, EventLine, RunDetail, StepLine
from tieout.store.alerts import AlertRow

EVERY = "every"
RUN = re.compile(r"R[0-9]+(-[0-9]+)?")
FILTERS = (
    ("", "payments"), ("parked", "parked"), (OPEN, "open"), ("applied", "applied"), ("ignored", "ignored"),
    (JOURNALS, "journals"), (EVERY, "every event"),
)  # fmt: skip


def overview(lines: Sequence[EventLine], state: str, numbers: Counts, found: Health, alerts: Sequence[AlertRow]) -> str:
    """The list of what became of every event; ``state`` is the filter that it was asked for with."""
    summary = ", ".join(f"{getattr(numbers, name)} {name}" for name in ("applied", "parked", "ignored", "open"))
    away = "".join(f'<p class="parked">{escape(name)} is away: {escape(why)}</p>' for name, why in found.away)
    away += "".join(f'<p class="parked">{escape(told)}</p>' for told in found.files)
    links = "".join(_link(name, title, state) for name, title in FILTERS)
    head = "<tr><th>Stripe</th><th>Event</th><th>State</th><th>P21 order</th><th>Receipt</th><th>Arrived (UTC)</th><th>Why</th></tr>"
    nothing = "Nothing has arrived yet." if not numbers.acked else "There is none of these."
    rows = "".join(_row(line) for line in lines) or f'<tr><td colspan="7">{nothing}</td></tr>'
    more = f"<p>The newest {LINES_MAX}. For more: <code>tieout runs --limit 5000</code></p>" * (len(lines) >= LINES_MAX)
    body = (
        f"<p>{numbers.acked} events acknowledged: {summary}.</p>{away}{_newest(alerts)}"
        f'<nav aria-label="Filter">{links}</nav>'
        f'<div class="wide"><table><thead>{head}</thead><tbody>{rows}</tbody></table></div>{more}'
    )
    return _document("What became of every payment", body)


def run(detail: RunDetail) -> str:
    """Everything recorded of one run."""
    return _document(f"Run {detail.line.run}", _detail(detail))


def no_run(run_id: str) -> str:
    """There is no run of that name."""
    return _document("No such run", f"<p>There is no run {escape(run_id)}.</p>")


def _newest(alerts: Sequence[AlertRow]) -> str:
    if not alerts:
        return ""
    rows = "".join(
        f'<tr><td class="at">{_moment(one.at)}</td><td>{escape(one.code)}</td><td>{_about(one.about)}</td>'
        f'<td class="why">{escape(one.sentence)}</td></tr>'
        for one in alerts
    )
    table = _table(("At (UTC)", "Code", "About", "Sentence"), rows)
    return f"<section><h2>Newest alerts</h2>{table}<p>For more: <code>tieout alerts</code></p></section>"


def _about(about: str) -> str:
    run = about.partition(" ")[0]
    return f'<a href="/runs/{run}">{escape(about)}</a>' if RUN.fullmatch(run) else escape(about)


def _link(name: str, title: str, state: str) -> str:
    here = ' aria-current="page"' if name == state else ""
    return f'<a href="{f"/?state={name}" if name else "/"}"{here}>{title}</a>'


def _row(line: EventLine) -> str:
    number = line.order_no or line.invoice_no
    invoice = f" (invoice {line.invoice_no})" if line.invoice_no and line.order_no else ""
    subject = escape(line.subject)
    linked = f'<a href="/runs/{escape(line.run)}">{subject}</a>' if line.run else subject
    return (
        f'<tr><td class="code">{linked}</td><td>{escape(line.type)}</td>'
        f'<td class="state {escape(line.state)}">{escape(line.state)}</td>'
        f'<td data-is="P21 order">{escape(number + invoice)}</td><td data-is="Receipt">{escape(line.receipt_no)}</td>'
        f'<td class="at">{_moment(line.received_at)}</td><td class="why">{escape(line.sentence)}</td></tr>'
    )


def _detail(detail: RunDetail) -> str:
    line = detail.line
    why = f"<p>{escape(line.sentence)}</p>" if line.sentence else ""
    more = f"<p><code>{escape(detail.detail)}</code></p>" if detail.detail else ""
    writes = "".join(
        f"<tr><td>{escape(one.entity)}</td><td>{escape(one.state)}</td><td data-is='Number'>{escape(one.key)}</td>"
        f'<td class="code" data-is="Reference">{escape(one.reference)}</td><td data-is="Tries">{one.attempt}</td></tr>'
        for one in detail.intents
    )
    steps = "".join(
        f'<tr><td>{escape(step.path)}</td><td>{escape(step.type)}</td><td class="at">{_moment(step.at)}</td>'
        f'<td class="code">{_outcome(step)}</td></tr>'
        for step in detail.steps
    )
    return (
        f'<p><a href="/">All payments</a></p><p>{escape(line.type)} for <code>{escape(line.subject)}</code>, workflow '
        f'{escape(detail.workflow)} version {detail.version}: <span class="state {escape(line.state)}">'
        f"{escape(line.state)}</span>{' at ' + escape(line.node) if line.node else ''}.</p>{why}{more}"
        f"<h2>Written</h2>{_table(('Record', 'State', 'Number', 'Reference', 'Tries'), writes)}"
        f"<h2>Steps</h2>{_table(('Step', 'Type', 'At (UTC)', 'Outcome, and where each value is from'), steps)}"
    )


def _table(titles: Sequence[str], rows: str) -> str:
    head = "".join(f"<th>{title}</th>" for title in titles)
    nothing = f'<tr><td colspan="{len(titles)}">Nothing yet.</td></tr>'
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{rows or nothing}</tbody></table></div>'


def _outcome(step: StepLine) -> str:
    """Each value with the expression it is from; where none was mapped, what was read."""
    return "<br>".join(
        f'{escape(field)} = {escape(value)} <span class="from">from {escape(" ".join(expression.split()))}</span>'
        for field, expression, value in step.reasons
    ) or escape(step.outcome[:400])


def _moment(at: float) -> str:
    return iso(at).replace("T", " ").removesuffix("Z")


def _document(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)} · Tieout</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/style.css">'
        f"</head><body><main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )
