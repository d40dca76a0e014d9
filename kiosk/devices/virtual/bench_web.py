"""The bench's page and its JSON, on loopback, behind a token.

The token comes once in the query and stays as a cookie; programs send `Authorization: Bearer <token>`. The Host header
must be ours (no name that was made to point here), a foreign Origin is refused, bodies are small.

GET /, /api/state, /api/people, /paper/<n>.png, /led/<address>.png, /speech, /device/<name>/bar/<address>.png,
/device/<name>/sound/<n>.wav, /device/<name>/transcript.txt;
POST /api/device/<name>/<action> with a JSON object of arguments.
"""

import hmac
import json
import re
import sys
import threading
from collections.abc import Mapping
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from hall import look
from kiosk.devices.virtual.bench_settings import BenchError, BenchSettings
from kiosk.devices.virtual.bench_table import Argument, BenchTable

MAX_BODY_BYTES = 4_096
MAX_LENGTH_DIGITS = 9
"""Of a Content-Length; Python itself refuses to read numbers of thousands of digits."""
MAX_ARGUMENTS = 8
SOCKET_S = 10.0
"""A browser sends its request at once."""
POLL_S = 0.1
STOP_S = 5.0
HERE = Path(__file__).parent
FILES = {
    "/": ("bench_page.html", "text/html; charset=utf-8"),
    "/bench_page.css": ("bench_page.css", "text/css; charset=utf-8"),
    "/bench_page.js": ("bench_page.js", "text/javascript; charset=utf-8"),
    "/bench_parts.js": ("bench_parts.js", "text/javascript; charset=utf-8"),
}
_PICTURE = re.compile(r"/(paper|led)/([0-9]{1,6})\.png")
_OWN = re.compile(
    r"/device/([A-Za-z0-9_.-]{1,64})/(?:(bar)/([0-9]{1,3})\.png|(sound)/([0-9]{1,6})\.wav|transcript\.txt)"
)
_DEED = re.compile(r"/api/device/([A-Za-z0-9_.-]{1,64})/([a-z0-9_]{1,40})")


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    table: BenchTable
    token: str
    host: str

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002 - the library's form
        """A browser that leaves early is no news; anything else is told by its kind only."""
        error = sys.exc_info()[1]
        if not isinstance(error, ConnectionError | TimeoutError):
            sys.stderr.write(f"bench page: {type(error).__name__}\n")


class BenchWeb:
    """Serves the page in its own thread."""

    def __init__(self, table: BenchTable, settings: BenchSettings) -> None:
        token = settings.token()
        self._server = _Server((settings.host, settings.port), _Handler)
        self._server.table = table
        self._server.token = token
        self._server.host = settings.host
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(POLL_S,), name="bench page", daemon=True
        )

    def start(self) -> int:
        """Serve; return the port."""
        self._thread.start()
        return int(self._server.server_address[1])

    def stop(self) -> None:
        """Stop serving."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join(STOP_S)
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    timeout = SOCKET_S
    server_version = "bench"
    sys_version = ""
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if not self._is_ours() or not self._has_token(url.query):
            return
        if url.path == "/" and "token" in parse_qs(url.query):
            self._answer(HTTPStatus.SEE_OTHER, b"", "text/plain", Location="/", **{"Set-Cookie": self._cookie()})
            return
        self._serve(url.path)

    def do_POST(self) -> None:
        url = urlsplit(self.path)
        self.close_connection = True
        if not self._is_ours() or not self._is_same_origin() or not self._has_token(url.query):
            return
        deed = _DEED.fullmatch(url.path)
        if deed is None:
            self._refuse(HTTPStatus.NOT_FOUND, "no such place")
            return
        arguments = self._arguments()
        if arguments is None:
            return
        try:
            self.server.table.act(deed[1], deed[2], arguments)
        except BenchError as error:
            self._refuse(HTTPStatus.BAD_REQUEST, str(error))
            return
        self._tell({"done": True})

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 the library's name
        """Nothing: addresses hold the token."""

    # ---- what is there -------------------------------------------------------------------------------------------

    def _serve(self, path: str) -> None:
        table = self.server.table
        own = _OWN.fullmatch(path)
        if own is not None:
            self._serve_own(own)
            return
        picture = _PICTURE.fullmatch(path)
        if picture is not None:
            number = int(picture[2])
            drawn = table.paper(number) if picture[1] == "paper" else table.bar(number)
            if drawn is None:
                self._refuse(HTTPStatus.NOT_FOUND, "no such picture")
            else:
                self._answer(HTTPStatus.OK, drawn, "image/png")
        elif path in FILES:
            name, kind = FILES[path]
            self._answer(HTTPStatus.OK, (HERE / name).read_bytes(), kind)
        elif path == "/look.css":
            self._answer(HTTPStatus.OK, look_css().encode(), "text/css; charset=utf-8")
        elif path == "/api/state":
            self._tell(table.state())
        elif path == "/api/people":
            self._tell(table.people())
        elif path == "/speech":
            self._tell(table.speech())
        else:
            self._refuse(HTTPStatus.NOT_FOUND, "no such place")

    def _serve_own(self, asked: re.Match[str]) -> None:
        """What belongs to one device: a bar as it looks, a sound, what passed its wire."""
        table, name = self.server.table, asked[1]
        if asked[2]:
            told, kind = table.bar(int(asked[3]), name), "image/png"
        elif asked[4]:
            told, kind = table.sound(name, int(asked[5])), "audio/wav"
        else:
            text = table.transcript(name)
            told, kind = text.encode() if text is not None else None, "text/plain; charset=utf-8"
        if told is None:
            self._refuse(HTTPStatus.NOT_FOUND, "there is no such thing")
        elif kind.startswith("text/"):
            self._answer(HTTPStatus.OK, told, kind, **{"Content-Disposition": f'attachment; filename="{name}.txt"'})
        else:
            self._answer(HTTPStatus.OK, told, kind)

    # ---- who may ask ---------------------------------------------------------------------------------------------

    def _is_ours(self) -> bool:
        port = self.server.server_address[1]
        if self.headers.get("Host") in (f"127.0.0.1:{port}", f"localhost:{port}"):
            return True
        self._refuse(HTTPStatus.FORBIDDEN, "this bench has another name")
        return False

    def _is_same_origin(self) -> bool:
        origin = self.headers.get("Origin")
        if origin is None or origin == f"http://{self.headers.get('Host')}":
            return True
        self._refuse(HTTPStatus.FORBIDDEN, "the request comes from another page")
        return False

    def _has_token(self, query: str) -> bool:
        offered = [*parse_qs(query).get("token", ())[:1]]
        scheme, _, bearer = self.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            offered.append(bearer.strip())
        try:
            kept = SimpleCookie(self.headers.get("Cookie", "")).get(self._cookie_name())
        except CookieError:
            kept = None
        if kept is not None:
            offered.append(kept.value)
        token = self.server.token.encode()
        if any(hmac.compare_digest(told.encode("utf-8", "replace"), token) for told in offered):
            return True
        self._refuse(HTTPStatus.FORBIDDEN, "a token is needed")
        return False

    def _cookie_name(self) -> str:
        return f"bench_{self.server.server_address[1]}"

    def _cookie(self) -> str:
        return f"{self._cookie_name()}={self.server.token}; HttpOnly; SameSite=Strict; Path=/"

    # ---- bodies and answers --------------------------------------------------------------------------------------

    def _arguments(self) -> Mapping[str, Argument] | None:
        length = self.headers.get("Content-Length", "")
        if not (length.isascii() and length.isdigit()):
            self._refuse(HTTPStatus.LENGTH_REQUIRED, "a length is needed")
            return None
        if len(length) > MAX_LENGTH_DIGITS or int(length) > MAX_BODY_BYTES:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"at most {MAX_BODY_BYTES} bytes")
            return None
        try:
            told = json.loads(self.rfile.read(int(length)) or b"{}")
        except (ValueError, RecursionError):
            told = None
        fits = isinstance(told, dict) and len(told) <= MAX_ARGUMENTS
        if not fits or not all(isinstance(value, str | int | float) for value in told.values()):
            self._refuse(HTTPStatus.BAD_REQUEST, "a JSON object of plain values is needed")
            return None
        return dict(told)

    def _tell(self, told: object) -> None:
        self._answer(HTTPStatus.OK, json.dumps(told, ensure_ascii=False).encode(), "application/json")

    def _refuse(self, status: HTTPStatus, sentence: str) -> None:
        self.close_connection = True
        self._answer(status, json.dumps({"error": sentence}, ensure_ascii=False).encode(), "application/json")

    def _answer(self, status: HTTPStatus, body: bytes, kind: str, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Security-Policy", "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.send_header("Referrer-Policy", "no-referrer")
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def look_css() -> str:
    """The design tokens as CSS variables."""
    colours = look.parse(Path(look.__file__).with_name("look.toml").read_text(encoding="utf-8")).colours
    lines = [f"  --{name.replace('_', '-')}: {getattr(colours, name)};" for name in colours.__struct_fields__]
    return ":root {\n" + "\n".join(lines) + "\n}\n"
