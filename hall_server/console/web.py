"""Serves the console in a thread of its own."""

import logging
import socket
import threading

import uvicorn
from starlette.types import ASGIApp

from hall.errors import HallError, Reason

log = logging.getLogger(__name__)

MAX_CONNECTIONS = 100
"""A hall has a handful of browsers; the next is told to come again."""
BACKLOG = 64
KEEP_ALIVE_S = 15
"""Longer than the pages' polling, so that a page keeps its connection."""
MAX_HEAD_BYTES = 16 * 1024
STOP_S = 3.0


class ConsoleWeb:
    """Binds at once, so that a taken port is said at the start; serves after `start`."""

    def __init__(self, app: ASGIApp, host: str, port: int) -> None:
        try:
            self._socket = socket.create_server((host, port), backlog=BACKLOG)
        except OSError as error:
            raise HallError(
                Reason.MALFORMED, "console", f"cannot listen on {host}:{port}: {error.strerror or error}"
            ) from error
        config = uvicorn.Config(
            app,
            access_log=False,  # addresses may hold the token
            log_config=None,
            server_header=False,
            lifespan="off",
            ws="none",
            limit_concurrency=MAX_CONNECTIONS,
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=int(STOP_S),
            h11_max_incomplete_event_size=MAX_HEAD_BYTES,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, name="console", daemon=True)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._socket.getsockname()[1])

    def start(self) -> None:
        """Serve."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what is being answered and end."""
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join(2 * STOP_S)
        self._socket.close()

    def _run(self) -> None:
        try:
            self._server.run(sockets=[self._socket])
        except Exception:
            log.exception("the console ended; the hall goes on without it")
