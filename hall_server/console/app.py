"""The console's pages and JSON. Pages are rendered whole; `X-Live: 1` asks for their living part only."""

from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.middleware.body_limit import RequestBodyLimitMiddleware
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, PlainTextResponse, Response

from hall.punctuation import chinese
from hall_server.console import moments, readings, refusals, words
from hall_server.console.access import Gate
from hall_server.console.answering import Number, Show, Text, older, told_as_json
from hall_server.console.day_pages import add_day_pages
from hall_server.console.guard import Guard
from hall_server.console.item_pages import add_item_pages
from hall_server.console.metrics import CONTENT_TYPE, metrics
from hall_server.console.overview import Overview
from hall_server.console.quarantine_pages import add_quarantine_pages
from hall_server.console.rating_pages import add_rating_pages
from hall_server.console.sources import PAGE, Sources
from hall_server.console.stylesheet import icon_svg, tokens_css
from hall_server.console.upkeep_pages import Upkeeping, add_upkeep_pages
from hall_server.ledger.browsing import Wanted

HERE = Path(__file__).parent
MAX_BODY_BYTES = 4096
"""The console is told nothing but which button was pressed."""
TICKETS_ON_PAGE = 300
PAGES = (
    ("/", "总览"),
    ("/scene", "现场"),
    ("/tickets", "今日号票"),
    ("/fairness", "公平"),
    ("/ratings", "评价"),
    ("/statements", "查询单"),
    ("/devices", "设备"),
    ("/maintenance", "维护"),
    ("/ledger", "台账"),
    ("/quarantine", "隔离区"),
    ("/items", "事项"),
    ("/compliance", "合规"),
)
UNDER = {"/why": "/tickets", "/item": "/items", "/quarantine/entry": "/quarantine", "/ratings/one": "/ratings"}
"""Pages that are reached from another one, which stays marked."""


def build_app(sources: Sources, gate: Gate) -> FastAPI:
    """Return the console. Everything but `/healthz` is behind the gate."""
    app = FastAPI(title="console", docs_url=None, redoc_url=None, openapi_url=None)
    show = _shower(sources)
    upkeeping = add_upkeep_pages(app, sources, show)
    _pages(app, sources, show, upkeeping)
    add_day_pages(app, sources, show)
    add_quarantine_pages(app, sources, show)
    add_item_pages(app, sources, show)
    add_rating_pages(app, sources, show)
    _json(app, sources)
    _files(app)
    app.add_exception_handler(HTTPException, _not_here)
    app.add_exception_handler(RequestValidationError, _not_understood)
    app.add_exception_handler(Exception, _broke)
    app.add_middleware(RequestBodyLimitMiddleware, max_body_size=MAX_BODY_BYTES)
    app.add_middleware(Guard, gate=gate)
    return app


def _shower(sources: Sources) -> Show:
    env = Environment(
        loader=FileSystemLoader(HERE / "pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters["zh"] = chinese
    env.globals.update(words=words, moments=moments, readings=readings, pages=PAGES, sources=sources.namer)

    def show(request: Request, name: str, **told: Any) -> Response:
        now = sources.now()
        live = request.headers.get("x-live") == "1"
        page = env.get_template(f"{name}_live.html" if live else f"{name}.html")
        text = page.render(now=now, path=UNDER.get(request.url.path, request.url.path), hall=sources.pack.hall, **told)
        return HTMLResponse(text, headers={"X-At": moments.clock(now)})

    return show


def _pages(app: FastAPI, sources: Sources, show: Show, upkeeping: Upkeeping) -> None:
    @app.get("/")
    def overview(request: Request) -> Response:
        return show(request, "overview", told=sources.overview(), alerts=sources.room.cards(),
                    opening=upkeeping.opening())  # fmt: skip

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
            older=older(asked, rows[-1].ledger_seq if len(rows) == PAGE else None),
            newest=(older(asked, None) or "?") if before is not None else "",
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
        return told_as_json(sources.overview())

    @app.get("/api/tickets")
    def tickets() -> Response:
        return told_as_json(sources.tickets())

    @app.get("/api/devices")
    def devices() -> Response:
        return told_as_json(sources.floor())

    @app.get("/api/ledger")
    def ledger(
        kind: Text = "", device: Text = "", *, flagged: bool = False, after: Number = None, before: Number = None
    ) -> Response:
        wanted = Wanted(kind, device, flagged)
        rows = sources.newest(wanted, before) if after is None else sources.following(wanted, after)
        head = sources.browser.head()
        return told_as_json({"entries": head.entries, "chain_head": head.chain, "events": rows})

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


def _not_here(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    return refusals.page(status)


def _not_understood(_request: Request, _error: Exception) -> Response:
    return refusals.page(422)


def _broke(_request: Request, _error: Exception) -> Response:
    return refusals.page(500)
