"""What pages and JSON share: bounded questions, and how an answer is written."""

from collections.abc import Callable, Mapping
from typing import Annotated
from urllib.parse import urlencode

import msgspec
from fastapi import Query
from starlette.responses import Response

NAME = 64
"""Characters of a kind, device or ticket in a query."""

Number = Annotated[int | None, Query(ge=0, le=2**53)]
Text = Annotated[str, Query(max_length=NAME)]
Show = Callable[..., Response]
"""`show(request, page, **told)`: the page whole, or its living part."""


def told_as_json(what: object) -> Response:
    """Return a value as JSON."""
    return Response(msgspec.json.encode(what), media_type="application/json")


def cell(text: str) -> str:
    """Return a cell of a table that no program takes for a formula, whatever somebody wrote."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def older(asked: Mapping[str, str], before: int | None) -> str:
    """Return the query of a page; empty when there is nothing further."""
    told = {key: value for key, value in asked.items() if value}
    if before is not None:
        return "?" + urlencode({**told, "before": before})
    return "?" + urlencode(told) if told else ""
