"""The pages of the day for lead and auditor: 现场, 公平, why a call was made, 查询单, 合规; and their JSON."""

from fastapi import FastAPI, Request
from starlette.responses import Response

from hall_server.console.answering import Show, Text, told_as_json
from hall_server.console.sources import Sources


def add_day_pages(app: FastAPI, sources: Sources, show: Show) -> None:
    """Put them on the app."""

    @app.get("/scene")
    def scene(request: Request) -> Response:
        return show(request, "scene", told=sources.scene())

    @app.get("/fairness")
    def fairness(request: Request) -> Response:
        return show(request, "fairness", told=sources.fairness())

    @app.get("/why")
    def why(request: Request, ticket: Text = "") -> Response:
        return show(request, "why", calls=sources.why(ticket))

    @app.get("/statements")
    def statements(request: Request) -> Response:
        return show(request, "statements", told=sources.papers())

    @app.get("/compliance")
    def compliance(request: Request) -> Response:
        return show(request, "compliance", told=sources.compliance())

    @app.get("/api/scene")
    def scene_told() -> Response:
        return told_as_json(sources.scene())

    @app.get("/api/fairness")
    def fairness_told() -> Response:
        return told_as_json(sources.fairness())

    @app.get("/api/why")
    def why_told(ticket: Text = "") -> Response:
        return told_as_json({"calls": sources.why(ticket)})

    @app.get("/api/statements")
    def statements_told() -> Response:
        return told_as_json(sources.papers())

    @app.get("/api/compliance")
    def compliance_told() -> Response:
        return told_as_json(sources.compliance())
