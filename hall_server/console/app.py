"""The console's pages and JSON. Pages are rendered whole; `X-Live: 1` asks for their living part only."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

import msgspec
from fastapi import FastAPI, Query, Request
from fastapi.exceptions import RequestValidationError
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, Response

from hall_server.console import moments, refusals, words
from hall_server.console.access import Gate
from hall_server.console.guard import Guard
from hall_server.console.metrics import CONTENT_TYPE, metrics
from hall_server.console.overview import Overview
from hall_server.console.sources import PAGE, Sources
from hall_server.console.stylesheet import icon_svg, tokens_css
from hall_server.ledger.browsing import Wanted

HERE = Path(__file__).parent
MAX_BODY_BYTES = 4096
"""The console is told nothing but which button was pressed."""
TICKETS_ON_PAGE = 300
NAME = 64
"""Characters of a kind or device in a query."""
PAGES = (("/", "总览"), ("/tickets", "今日号票"), ("/devices", "设备"), ("/ledger", "台账"), ("/quarantine", "隔离区"))

Number = Annotated[int | None, Query(ge=0, le=2**53)]
Text = Annotated[str, Query(max_length=NAME)]


def build_app(sources: Sources, gate: Gate) -> FastAPI:
    """Return the console. Everything but `/healthz` is behind the gate."""
    app = FastAPI(title="console", docs_url=None, redoc_url=None, openapi_url=None)
    show = _shower(sources)
    _pages(app, sources, show)
    _json(app, sources)
    _files(app)
    app.add_exception_handler(HTTPException, _not_here)
    app.add_exception_handler(RequestValidationError, _not_understood)
    app.add_exception_handler(Exception, _broke)
    app.add_middleware(RequestBodyLimitMiddleware, max_body_size=MAX_BODY_BYTES)
    app.add_middleware(Guard, gate=gate)
    return app


Show = Callable[..., Response]


def _shower(sources: Sources) -> Show:
    env = Environment(
        loader=FileSystemLoader(HERE / "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals.update(words=words, moments=moments, pages=PAGES, sources=sources.namer)

    def show(request: Request, name: str, **told: Any) -> Response:
        now = sources.now()
        live = request.headers.get("x-live") == "1"
        page = env.get_template(f"{name}_live.html" if live else f"{name}.html")
        text = page.render(now=now, path=request.url.path, hall=sources.pack.hall, **told)
        return HTMLResponse(text, headers={"X-At": moments.clock(now)})

    return show


def _pages(app: FastAPI, sources: Sources, show: Show) -> None:
    @app.get("/")
    def overview(request: Request) -> Response:
        return show(request, "overview", told=sources.overview(), alerts=sources.room.cards())

    @app.get("/tickets")
    def tickets(request: Request, state: Text = "") -> Response:
        told = sources.tickets()
        wanted = [one for one in told.tickets if not state or one.state == state]
        return show(
            request,
            "tickets",
            told=told,
            state=state,
            rows=wanted[:TICKETS_ON_PAGE],
            more=len(wanted) > TICKETS_ON_PAGE,
        )

    @app.get("/devices")
    def devices(request: Request) -> Response:
        told = sources.floor()
        rows = [(one, [its for its in told.devices if its.terminal == one.terminal]) for one in told.terminals]
        return show(request, "devices", told=told, rows=rows)

    @app.get("/ledger")
    def ledger(
        request: Request, kind: Text = "", device: Text = "", *, flagged: bool = False, before: Number = None
    ) -> Response:
        wanted = Wanted(kind, device, flagged)
        rows = sources.newest(wanted, before)
        asked = {"kind": kind, "device": device, "flagged": "true" if flagged else ""}
        return show(
            request,
            "ledger",
            head=sources.browser.head(),
            rows=rows,
            wanted=wanted,
            older=_older(asked, rows[-1].ledger_seq if len(rows) == PAGE else None),
            newest=(_older(asked, None) or "?") if before is not None else "",
        )

    @app.get("/quarantine")
    def quarantine(request: Request, before: Number = None) -> Response:
        rows = sources.quarantine(before)
        return show(
            request,
            "quarantine",
            rows=rows,
            counts=sources.browser.quarantined(),
            older=_older({}, rows[-1].id if len(rows) == PAGE else None),
            newest="?" if before is not None else "",
        )

    @app.post("/ledger/verify")
    def verify() -> Response:
        verdict = sources.verify()
        if verdict is None:
            return JSONResponse({"running": True}, status_code=409)
        return JSONResponse(
            {"entries": verdict.entries, "broken_at": verdict.broken_at, "chain_head": verdict.head, "running": False}
        )


def _json(app: FastAPI, sources: Sources) -> None:
    @app.get("/api/overview")
    def overview() -> Response:
        return _told(sources.overview())

    @app.get("/api/tickets")
    def tickets() -> Response:
        return _told(sources.tickets())

    @app.get("/api/devices")
    def devices() -> Response:
        return _told(sources.floor())

    @app.get("/api/ledger")
    def ledger(
        kind: Text = "", device: Text = "", *, flagged: bool = False, after: Number = None, before: Number = None
    ) -> Response:
        wanted = Wanted(kind, device, flagged)
        rows = sources.newest(wanted, before) if after is None else sources.following(wanted, after)
        head = sources.browser.head()
        return _told({"entries": head.entries, "chain_head": head.chain, "events": rows})

    @app.get("/api/quarantine")
    def quarantine(before: Number = None) -> Response:
        waiting, ever = sources.browser.quarantined()
        return _told({"count": waiting, "ever": ever, "entries": sources.quarantine(before)})

    @app.get("/metrics")
    def measured() -> Response:
        told: Overview = sources.overview()
        text = metrics(told, sources.floor(), sources.room.alarm_counts)
        return Response(text, media_type=CONTENT_TYPE)

    @app.get("/healthz")
    def healthz() -> Response:
        return PlainTextResponse("ok\n")


def _files(app: FastAPI) -> None:
    @app.get("/tokens.css")
    def tokens() -> Response:
        return Response(tokens_css(), media_type="text/css; charset=utf-8")

    @app.get("/icon.svg")
    def icon() -> Response:
        return Response(icon_svg(), media_type="image/svg+xml")

    @app.get("/console.css")
    def style() -> Response:
        return FileResponse(HERE / "console.css", media_type="text/css; charset=utf-8")

    @app.get("/console.js")
    def script() -> Response:
        return FileResponse(HERE / "console.js", media_type="text/javascript; charset=utf-8")


def _told(what: object) -> Response:
    return Response(msgspec.json.encode(what), media_type="application/json")


def _older(asked: Mapping[str, str], before: int | None) -> str:
    """Return the query of a page; empty when there is nothing further."""
    told = {key: value for key, value in asked.items() if value}
    if before is not None:
        return "?" + urlencode({**told, "before": before})
    return "?" + urlencode(told) if told else ""


def _not_here(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return refusals.page(status)


def _not_understood(_request: Request, _error: Exception) -> Response:
    return refusals.page(422)


def _broke(_request: Request, _error: Exception) -> Response:
    return refusals.page(500)
