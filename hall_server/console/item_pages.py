"""The pages of what the hall offers: 事项 and one item; and their JSON. They come from the pack alone."""

from fastapi import FastAPI, Request
from starlette.responses import Response

from hall_server.console.answering import Show, Text, told_as_json
from hall_server.console.items_page import items, one_item
from hall_server.console.sources import Sources


def add_item_pages(app: FastAPI, sources: Sources, show: Show) -> None:
    """Put them on the app."""

    @app.get("/items")
    def all_items(request: Request) -> Response:
        return show(request, "items", told=items(sources.pack))

    @app.get("/item")
    def item(request: Request, code: Text = "") -> Response:
        return show(request, "item", told=one_item(sources.pack, code))

    @app.get("/api/items")
    def all_items_told() -> Response:
        return told_as_json(items(sources.pack))

    @app.get("/api/item")
    def item_told(code: Text = "") -> Response:
        return told_as_json(one_item(sources.pack, code))
