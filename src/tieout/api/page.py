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
from tieout.queries.runs import Counts, EventLine, RunDetail, counts, event_lines, run_detail
from tieout.store.database import Database

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
EVERY = "every"
FILTERS = (
    ("", "payments"), ("parked", "parked"), ("applied", "applied"), ("ignored", "ignored"), (EVERY, "every event")
)  # fmt: skip
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
STYLE = """
:root { color-scheme: light dark; --edge: #8884; }
body { font: 15px/1.45 system-ui, sans-serif; margin: 2rem auto; max-width: 76rem; padding: 0 1rem; }
h1 { font-size: 1.4rem; margin: 0 0 .2rem; } h2 { font-size: 1.1rem; margin: 1.6rem 0 .4rem; }
p { margin: .3rem 0 1rem; } nav { margin-bottom: .6rem; } nav a { margin-right: 1rem; }
nav a[aria-current] { color: inherit; font-weight: 600; text-decoration: none; } .wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; vertical-align: top; padding: .35rem .6rem; }
th { border-bottom: 2px solid var(--edge); } td { border-bottom: 1px solid var(--edge); }
.wide td.code { min-width: 16.5rem; } td.code, code { font-family: ui-monospace, monospace; font-size: .88em; overflow-wrap: anywhere; }
.state { font-weight: 600; white-space: nowrap; } .applied { color: #1a7f37; } .parked { color: #b42318; }
.ignored { color: #667085; } .queued, .running, .waiting { color: #b54708; }
@media (prefers-color-scheme: dark) { .applied { color: #4ade80; } .parked { color: #fda29b; } .ignored { color: #98a2b3; }
  .queued, .running, .waiting { color: #fec84b; } }
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
    head = "<tr><th>Stripe</th><th>Event</th><th>State</th><th>P21 order</th><th>Receipt</th><th>Why</th></tr>"
    rows = "".join(_row(line) for line in lines) or '<tr><td colspan="6">Nothing has arrived yet.</td></tr>'
    body = (
        f"<p>{numbers.acked} events acknowledged: {summary}.</p>{paused}"
        f'<nav aria-label="Filter">{links}</nav>'
        f'<div class="wide"><table><thead>{head}</thead><tbody>{rows}</tbody></table></div>'
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
        f'<td class="state {escape(line.state)}">{escape(line.state)}</td><td>{escape(number + invoice)}</td>'
        f"<td>{escape(line.receipt_no)}</td><td>{escape(line.sentence)}</td></tr>"
    )


def _detail(detail: RunDetail) -> str:
    line = detail.line
    why = f"<p>{escape(line.sentence)}</p>" if line.sentence else ""
    more = f"<p><code>{escape(detail.detail)}</code></p>" if detail.detail else ""
    writes = "".join(
        f"<tr><td>{escape(one.entity)}</td><td>{escape(one.state)}</td><td>{escape(one.key)}</td>"
        f'<td class="code">{escape(one.reference)}</td><td>{one.attempt}</td></tr>'
        for one in detail.intents
    )
    steps = "".join(
        f"<tr><td>{escape(step.path)}</td><td>{escape(step.type)}</td><td>{iso(step.at)}</td>"
        f'<td class="code">{escape(_reasons(step.reasons) or step.outcome[:400])}</td></tr>'
        for step in detail.steps
    )
    return (
        f'<p><a href="/">All events</a></p><p>{escape(line.type)} for <code>{escape(line.subject)}</code>, workflow '
        f'{escape(detail.workflow)} version {detail.version}: <span class="state {escape(line.state)}">'
        f"{escape(line.state)}</span>{' at ' + escape(line.node) if line.node else ''}.</p>{why}{more}"
        f"<h2>Written</h2><table><tr><th>Record</th><th>State</th><th>Number</th><th>Reference</th><th>Sent</th></tr>"
        f"{writes}</table><h2>Steps</h2><table><tr><th>Step</th><th>Type</th><th>At</th><th>Outcome</th></tr>{steps}</table>"
    )


def _reasons(reasons: tuple[tuple[str, str, str], ...]) -> str:
    return "; ".join(f"{field} = {value}" for field, _, value in reasons)


def _document(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{escape(title)} · Tieout</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/style.css">'
        f"</head><body><main><h1>{escape(title)}</h1>{body}</main></body></html>"
    )
