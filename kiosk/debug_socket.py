"""A local socket through which tests find widgets and read the step. Settings refuse it in production.

JSON lines over a unix socket, one answer a request:
`{"op": "state"}` → step, session, view, server_away, widgets · `{"op": "screenshot", "path": …}` ·
`{"op": "timings"}` · `{"op": "happen", "kind": "ChoseItem", "fields": {…}}` for terminals without a screen.
"""

import json
import socketserver
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol, cast

from hall.commands import Called
from kiosk.flows import words
from kiosk.flows.words import Touch
from kiosk.session import Session

MAX_LINE_BYTES = 65_536
ANSWER_S = 30.0
"""The main thread answers within a frame, on a loaded machine much later; longer means that it hangs."""


class Screen(Protocol):
    """What a debug socket may ask of a screen, on the main thread."""

    def seen(self) -> list[dict[str, Any]]:
        """Widgets with name, text, box in display pixels, enabled."""

    def screenshot(self, path: Path) -> None:
        """Write the picture."""


class NoScreen:
    """A terminal without a screen has no widgets."""

    def seen(self) -> list[dict[str, Any]]:
        """Nothing to see."""
        return []

    def screenshot(self, path: Path) -> None:
        """Refuse."""
        raise ValueError(f"{path.name}: this terminal has no screen")


class DebugSocket:
    """Serves until `stop`. `on_main(fn)` runs a function on the main thread soon."""

    def __init__(
        self,
        path: Path,
        session: Session,
        screen: Screen,
        on_main: Callable[[Callable[[], None]], None],
        timings: Callable[[], dict[str, list[float]]],
    ) -> None:
        self._session = session
        self._screen = screen
        self._on_main = on_main
        self._timings = timings
        path.unlink(missing_ok=True)
        self._path = path
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                with suppress(ConnectionError):  # the asker may leave before its answer
                    while line := self.rfile.readline(MAX_LINE_BYTES):
                        self.wfile.write(json.dumps(outer.answer(line), ensure_ascii=False).encode() + b"\n")

        opening = path.with_name(path.name + "~")
        opening.unlink(missing_ok=True)
        self._server = socketserver.ThreadingUnixStreamServer(str(opening), Handler)
        self._server.daemon_threads = True
        opening.chmod(0o600)
        opening.rename(path)  # a path that is there also listens, and only to its owner
        threading.Thread(target=self._server.serve_forever, name="debug-socket", daemon=True).start()

    def stop(self) -> None:
        """Stop serving and remove the socket."""
        self._server.shutdown()
        self._server.server_close()
        self._path.unlink(missing_ok=True)

    def answer(self, line: bytes) -> dict[str, Any]:
        """Answer one request; a bad one is answered with its error."""
        try:
            request = json.loads(line)
            operation = {"state": self._state, "screenshot": self._shoot, "happen": self._happen}
            if request["op"] == "timings":
                return self._timings()
            return self._ask_main(lambda: operation[request["op"]](request))
        except (ValueError, KeyError, TypeError, AttributeError, TimeoutError) as error:
            return {"error": f"{type(error).__name__}: {error}"}

    def _ask_main(self, question: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        done = threading.Event()
        box: list[dict[str, Any]] = []

        def run() -> None:
            try:
                box.append(question())
            except Exception as error:  # noqa: BLE001 - told to the asker
                box.append({"error": f"{type(error).__name__}: {error}"})
            done.set()

        self._on_main(run)
        if not done.wait(ANSWER_S):
            raise TimeoutError("the main thread does not answer")
        return box[0]

    def _state(self, _request: dict[str, Any]) -> dict[str, Any]:
        session, frame = self._session, self._session.frame
        step = session.step
        return {
            "step": type(step).__name__,
            "session": session.id,
            "label": _label(step),
            "paper": str(getattr(step, "paper", "")),
            "problem": str(getattr(step, "problem", None) or getattr(step, "reason", "") or ""),
            "server_away": frame.server_away,
            "board_version": frame.board.version if frame.board else None,
            "alerts": [f"{alert.device}:{alert.code}" for alert in frame.alerts],
            "devices": {device.device: device.state for device in frame.devices},
            "view": {
                "language": frame.view.language,
                "large": frame.view.large,
                "contrast": frame.view.contrast,
            },
            "widgets": self._screen.seen(),
        }

    def _shoot(self, request: dict[str, Any]) -> dict[str, Any]:
        self._screen.screenshot(Path(request["path"]))
        return {"ok": True}

    def _happen(self, request: dict[str, Any]) -> dict[str, Any]:
        kind = getattr(words, request["kind"])
        if not issubclass(kind, Touch):
            raise TypeError(f"{request['kind']} is not a touch")
        self._session.post(cast("Touch", kind(**request.get("fields", {}))))
        return {"ok": True}


def _label(step: object) -> str:
    issued = getattr(step, "issued", None)
    called = getattr(step, "called", None)
    if issued is not None:
        return str(issued.label)
    return str(called.label) if isinstance(called, Called) else ""
