"""The page: what became of every event, plainly; and the same as JSON for machines."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Annotated

from fastapi import FastAPI, HTTPException, Path, Query
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response

from tieout.kernel.clock import iso
from tieout.queries.health import Health, health
from tieout.queries.runs import LINES_MAX, Counts, EventLine, RunDetail, StepLine, counts, event_lines, run_detail
from tieout.store.database import Database

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
EVERY = "every"
FILTERS = (
    ("", "payments"), ("parked", "parked"), ("queued", "open"), ("applied", "applied"), ("ignored", "ignored"),
    (EVERY, "every event"),
)  # fmt: skip
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
STYLE = """
:root { color-scheme: light dark; --edge: #8884; }
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 96rem; padding: 0 1rem; }
h1 { font-size: 1.4rem; margin: 0 0 .2rem; } h2 { font-size: 1.1rem; margin: 1.6rem 0 .4rem; }
p { margin: .3rem 0 1rem; } nav { margin-bottom: .6rem; } nav a { margin-right: 1rem; }
nav a[aria-current] { color: inherit; font-weight: 600; text-decoration: none; } .wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; }
th { border-bottom: 2px solid var(--edge); } td { border-bottom: 1px solid var(--edge); }
.wide td.code { min-width: 16.5rem; } td.code, code { font-family: ui-monospace, monospace; font-size: .88em; overflow-wrap: anywhere; }
.state { font-weight: 600; white-space: nowrap; } .at { white-space: nowrap; } .from { opacity: .7; }
.why { min-width: 22rem; overflow-wrap: anywhere; }
.applied { color: #1a7f37; } .parked { color: #b42318; }
.ignored { color: #667085; } .queued, .running, .waiting { color: #b54708; }
@media (prefers-color-scheme: dark) { .applied { color: #4ade80; } .parked { color: #fda29b; } .ignored { color: #98a2b3; }
  .queued, .running, .waiting { color: #fec84b; } }
@media (max-width: 70rem) { body { margin: 1rem auto; } thead { display: none; } table, tbody, tr, td { display: block; }
  .wide td.code, .why { min-width: 0; } tr { border-bottom: 1px solid var(--edge); padding: .4rem 0; }
  td { border: 0; padding: .1rem .3rem; } td:empty { display: none; }
  td[data-is]::before { content: attr(data-is) ": "; opacity: .7; } }
"""


def page_app(books: Database, names: Sequence[str] = ()) -> FastAPI:
    """The application of the page's port; it only reads.

    It answers to ``names`` and those of this machine alone: under any other, a stranger's page in somebody's browser
    could read it (DNS rebinding).
    """
    app = FastAPI(title="Tieout", docs_url=None, redoc_url=None, openapi_url="/api/openapi.json")

    app.add_middleware(TrustedHostMiddleware, allowed_hosts=[*LOOPBACK, *names], www_redirect=False)

    @app.middleware("http")
    async def guard(request: Request, call_next: object) -> Response:
        response: Response = await call_next(request)  # type: ignore[operator]
        response.headers.update(HEADERS)
        return response

    @app.get("/", response_class=HTMLResponse)
    def overview(state: Annotated[str, Query(max_length=20)] = "") -> str:
        every = state == EVERY
        lines = event_lines(books, state="" if every else state, every=every or bool(state))
        return _overview(lines, state, counts(books), health(books))

    @app.get("/runs/{run_id}", response_class=HTMLResponse)
    def one_run(run_id: Annotated[str, Path(max_length=80)]) -> HTMLResponse:
        detail = run_detail(books, run_id)
        if detail is None:
            return HTMLResponse(_document("No such run", f"<p>There is no run {escape(run_id)}.</p>"), 404)
        return HTMLResponse(_document(f"Run {run_id}", _detail(detail)))

    @app.get("/style.css")
    def style() -> Response:
        return Response(STYLE, media_type="text/css")

    @app.get("/api/events")
    def events(
        state: Annotated[str, Query(max_length=20)] = "",
        before: Annotated[int, Query(ge=0, le=2**53)] = 0,
        limit: Annotated[int, Query(ge=1, le=5000)] = 500,
    ) -> list[EventLine]:
        return event_lines(books, state=state, before=before, limit=limit)

    @app.get("/api/runs/{run_id}")
    def run(run_id: Annotated[str, Path(max_length=80)]) -> RunDetail:
        detail = run_detail(books, run_id)
        if detail is None:
            raise HTTPException(404, f"There is no run {run_id}.")
        return detail

    @app.get("/api/counts")
    def numbers() -> Counts:
        return counts(books)

    @app.get("/health")
    def healthy() -> JSONResponse:
        found = health(books)
        body = {"ok": not found.paused, "paused": [f"{name}: {why}" for name, why in found.paused]}
        return JSONResponse(body, 200 if not found.paused else 503)

    return app


def _overview(lines: list[EventLine], state: str, numbers: Counts, found: Health) -> str:
    summary = ", ".join(f"{getattr(numbers, name)} {name}" for name in ("applied", "parked", "ignored", "open"))
    paused = "".join(f'<p class="parked">{escape(name)} is paused: {escape(why)}</p>' for name, why in found.paused)
    links = "".join(_link(name, title, state) for name, title in FILTERS)
    head = "<tr><th>Stripe</th><th>Event</th><th>State</th><th>P21 order</th><th>Receipt</th><th>Arrived (UTC)</th><th>Why</th></tr>"
    nothing = "Nothing has arrived yet." if not numbers.acked else "There is none of these."
    rows = "".join(_row(line) for line in lines) or f'<tr><td colspan="7">{nothing}</td></tr>'
    more = f"<p>The newest {LINES_MAX}. For more: <code>tieout runs --limit 5000</code></p>" * (len(lines) >= LINES_MAX)
    body = (
        f"<p>{numbers.acked} events acknowledged: {summary}.</p>{paused}"
        f'<nav aria-label="Filter">{links}</nav>'
        f'<div class="wide"><table><thead>{head}</thead><tbody>{rows}</tbody></table></div>{more}'
    )
    return _document("What became of every payment", body)


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
