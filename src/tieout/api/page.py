"""The page: what became of every event, plainly; and the same as JSON for machines."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from pathlib import Path as FilePath
from typing import Annotated

from fastapi import FastAPI, HTTPException, Path, Query
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import Response

from tieout.api import _html
from tieout.queries.alerts import newest_alerts
from tieout.queries.health import health
from tieout.queries.runs import JOURNALS, PAYMENTS, Counts, EventLine, RunDetail, counts, event_lines, run_detail
from tieout.store.alerts import AlertRow
from tieout.store.database import Database

LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
ALERTS_SHOWN = 3
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
STYLE = FilePath(__file__).with_name("page.css").read_text(encoding="utf-8")


def page_app(books: Database, names: Sequence[str] = (), proxies: Sequence[str] = ()) -> FastAPI:
    """The application of the page's port; it only reads.

    It answers to ``names`` and those of this machine alone: under any other, a stranger's page in somebody's browser
    could read it (DNS rebinding). With ``proxies``, only requests that come from these addresses, or from this machine, are
    answered.
    """
    app = FastAPI(title="Tieout", docs_url=None, redoc_url=None, openapi_url="/api/openapi.json")

    app.add_middleware(TrustedHostMiddleware, allowed_hosts=[*LOOPBACK, *names], www_redirect=False)

    @app.middleware("http")
    async def guard(request: Request, call_next: object) -> Response:
        if proxies and not _is_let_in(request, proxies):
            return Response("This page answers its proxy alone.", 403, HEADERS)
        response: Response = await call_next(request)  # type: ignore[operator]
        response.headers.update(HEADERS)
        return response

    @app.get("/", response_class=HTMLResponse)
    def overview(state: Annotated[str, Query(max_length=20)] = "") -> str:
        if state in (_html.EVERY, JOURNALS):
            lines = event_lines(books, about=JOURNALS if state == JOURNALS else "")
        else:
            lines = event_lines(books, state=state, every=bool(state), about="" if state else PAYMENTS)
        return _html.overview(lines, state, counts(books), health(books), newest_alerts(books, ALERTS_SHOWN))

    @app.get("/runs/{run_id}", response_class=HTMLResponse)
    def one_run(run_id: Annotated[str, Path(max_length=80)]) -> HTMLResponse:
        detail = run_detail(books, run_id)
        if detail is None:
            return HTMLResponse(_html.no_run(run_id), 404)
        return HTMLResponse(_html.run(detail))

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

    @app.get("/api/alerts")
    def alerts(limit: Annotated[int, Query(ge=1, le=5000)] = 500) -> list[AlertRow]:
        return newest_alerts(books, limit)

    @app.get("/api/counts")
    def numbers() -> Counts:
        return counts(books)

    @app.get("/health")
    def healthy() -> JSONResponse:
        found = health(books)
        away = [f"{name}: {why}" for name, why in found.away]
        bad = bool(away or found.files)
        return JSONResponse({"ok": not bad, "away": away, "files": list(found.files)}, 503 if bad else 200)

    return app


def _is_let_in(request: Request, proxies: Sequence[str]) -> bool:
    address = request.client.host if request.client else ""
    try:
        found = ipaddress.ip_address(address.removeprefix("::ffff:"))
    except ValueError:
        return False
    return found.is_loopback or any(found == ipaddress.ip_address(one) for one in proxies)
