"""Stands before every page: Host, token, session, Origin; and puts the protecting headers on every answer."""

from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from hall_server.console import refusals
from hall_server.console.access import SECURITY_HEADERS, Gate, is_same_origin, session_cookie

OPEN_TO_ALL = "/healthz"
READING = {"GET", "HEAD"}
MAX_FIELDS = 20
"""Our own pages ask with five at most."""


class Guard:
    """ASGI middleware."""

    def __init__(self, app: ASGIApp, gate: Gate) -> None:
        self._app = app
        self._gate = gate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] != "http":
            return
        answer = self._refusal(scope)
        if answer is not None:
            await answer(scope, receive, send)
            return

        async def protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    if name not in headers:
                        headers[name] = value
                if headers.get("cache-control") != "no-store":
                    headers["Cache-Control"] = "no-store"
            await send(message)

        await self._app(scope, receive, protected)

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not self._gate.is_ours(host):
            return refusals.page(400)
        if scope["path"] == OPEN_TO_ALL and scope["method"] in READING:
            return None
        query = _query(scope)
        token = next((value for name, value in query if name == "token"), None)
        if token is not None:
            return self._with_token(scope, token, [pair for pair in query if pair[0] != "token"])
        if not self._gate.may_enter(headers.get("cookie", ""), headers.get("authorization", "")):
            return refusals.page(401)
        if scope["method"] not in READING and not is_same_origin(
            headers.get("origin", ""), headers.get("sec-fetch-site", ""), host
        ):
            return refusals.page(403)
        return None

    def _with_token(self, scope: Scope, token: str, rest: list[tuple[str, str]]) -> Response:
        """Answer the token with a cookie and the same page without it, so that it stays in no history."""
        if scope["method"] not in READING or not self._gate.is_token(token):
            return refusals.page(401)
        path = "/" + scope["path"].lstrip("/\\")  # never another host's address
        target = path + ("?" + urlencode(rest) if rest else "")
        answer = RedirectResponse(target, status_code=303, headers=dict(SECURITY_HEADERS))
        answer.headers["Set-Cookie"] = session_cookie(self._gate.open_session())
        return answer


def _query(scope: Scope) -> list[tuple[str, str]]:
    """Return the pairs of the query if a token may be among them; none of a query that is made to be long."""
    text = scope["query_string"].decode("latin-1")
    if "token=" not in text:
        return []
    try:
        return parse_qsl(text, max_num_fields=MAX_FIELDS)
    except ValueError:
        return []
