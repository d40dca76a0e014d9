"""HTTP as an IPP printer speaks it: POST of one message to one path, whole or in chunks."""

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from kiosk.devices.virtual.sheet_machine import DOCUMENT_BYTES

PATH = "/ipp/print"
LINE_S = 10.0
"""A client that says nothing for so long is hung up on."""
CHUNK_LINE = 32
MESSAGE_BYTES = DOCUMENT_BYTES + 64 * 1024


class IppServer(ThreadingHTTPServer):
    """Each client has a thread; one that hangs does not hold the end up, and a client's reset is no news."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, port: int, answer: Callable[[bytes], bytes | None], complain: Callable[[str], None]) -> None:
        self.answer = answer
        """Returns the answer to one message; None hangs up."""
        self.complain = complain
        super().__init__(("127.0.0.1", port), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """Take a broken connection for what it is."""


class _Handler(BaseHTTPRequestHandler):
    """One client."""

    protocol_version = "HTTP/1.1"
    timeout = LINE_S
    server: IppServer

    def do_POST(self) -> None:
        """Take one IPP message."""
        body = self._body()
        if body is None or self.path.partition("?")[0] != PATH:
            self.server.complain("a request that no printer takes")
            self.close_connection = True
            self.send_error(400 if body is None else 404)
            return
        told = self.server.answer(body)
        if told is None:
            self.close_connection = True
            return
        self.send_response(200)
        self.send_header("Content-Type", "application/ipp")
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's own word
        """Say nothing: requests hold papers."""

    def _body(self) -> bytes | None:
        if self.headers.get("Content-Type") != "application/ipp":
            return None
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            return self._chunks()
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > MESSAGE_BYTES:
            return None
        return self.rfile.read(int(length))

    def _chunks(self) -> bytes | None:
        told = bytearray()
        while True:
            try:
                size = int(self.rfile.readline(CHUNK_LINE).split(b";")[0], 16)
            except ValueError:
                return None
            if size < 0 or len(told) + size > MESSAGE_BYTES:
                return None
            told += self.rfile.read(size)
            self.rfile.readline(CHUNK_LINE)
            if size == 0:
                return bytes(told)
