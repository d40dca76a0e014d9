"""Opens the virtual hall: broker, bench, hall server and terminals, in an order that needs no luck."""

import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from deploy.virtual_hall import broker, configuration
from deploy.virtual_hall.children import Child, Children
from deploy.virtual_hall.configuration import Site
from deploy.virtual_hall.displays import Display
from deploy.virtual_hall.plan import Layout
from deploy.virtual_hall.screens import Screen
from deploy.virtual_hall.waiting import wait_for

ROOT = Path(__file__).parents[2]
BROKER_S = 10.0
BENCH_S = 30.0
SERVER_S = 30.0
TERMINALS_S = 60.0
"""Six programs start at once on two cores; each alone needs about 2 s."""
ANSWER_S = 5.0
OK = 200
BENCH, SERVER, TERMINAL = 1, 2, 3
"""In which order parts end: terminals hand in what they have while server and broker (rank 0) still listen."""


@dataclass(slots=True)
class VirtualHall:
    """The running hall: its screens by terminal name, and the child that is the hall server."""

    site: Site
    children: Children
    screens: dict[str, Screen]
    server: Child

    @property
    def console_link(self) -> str:
        """Where a browser finds the console."""
        return f"http://127.0.0.1:{self.site.ports.console}/?token={self.site.console_token}"

    @property
    def bench_link(self) -> str:
        """Where a browser finds the bench."""
        return f"http://127.0.0.1:{self.site.ports.bench}/?token={self.site.bench_token}"

    def await_terminals(self) -> None:
        """Wait until every terminal has met its hall."""
        for screen in self.screens.values():
            wait_for(f"{screen.name} is ready", screen.ready, TERMINALS_S, alive=self.children.check)

    def await_server(self) -> None:
        """Wait until the hall server's console answers."""
        answers = answering(self.site.ports.console, "/healthz")
        wait_for("the hall server answers", answers, SERVER_S, alive=self.children.check)


def open_hall(
    site: Site, layout: Layout, display: Display, children: Children, tell: Callable[[str], None]
) -> VirtualHall:
    """Start every part and wait for the first terminal, as its first visitor does; the others follow.

    `ChildEndedError` or `WaitedTooLongError` says what was not ready.
    """
    broker.start(children, site.broker_folder, site.ports.broker, site.hall, site.passwords)
    wait_for("the broker listens", listening(site.ports.broker), BROKER_S, alive=children.check)
    bench_words: list[str | Path] = ["kiosk.devices.virtual", "bench", "--config", configuration.write_bench(site)]
    start_module(children, "bench", bench_words, rank=BENCH)
    server_words: list[str | Path] = ["hall_server", "--config", configuration.write_hall_server(site)]
    server = start_module(children, "hall_server", server_words, rank=SERVER)
    tell("the broker listens; bench and hall server are starting")
    bench_answers = answering(site.ports.bench, f"/?token={site.bench_token}")
    wait_for("the bench answers", bench_answers, BENCH_S, alive=children.check)
    screens = {}
    for placed in layout.windows:
        name = placed.terminal.name
        start_module(
            children,
            name,
            ["kiosk", "--config", configuration.write_kiosk(site, placed)],
            {"DISPLAY": display.name, "KIVY_HOME": str(site.own(f"{name}/kivy")), **configuration.card_service(site)},
            rank=TERMINAL,
        )
        screens[name] = Screen(name, site.debug_socket(name), display.name, children.check)
    hall = VirtualHall(site, children, screens, server)
    hall.await_server()
    tell("the hall server answers; terminals are starting")
    first = next(iter(screens.values()))
    wait_for(f"{first.name} is ready", first.ready, TERMINALS_S, alive=children.check)
    return hall


def start_module(
    children: Children,
    name: str,
    words: list[str | Path],
    environment: dict[str, str] | None = None,
    *,
    rank: int,
) -> Child:
    """Start `python -m …` of this house, with unbuffered output and no arguments eaten by Kivy."""
    fixed = {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", "KIVY_NO_ARGS": "1"}
    return children.start(name, [sys.executable, "-m", *words], {**fixed, **(environment or {})}, rank=rank)


def listening(port: int) -> Callable[[], bool]:
    """Return a look at whether anybody accepts connections on this loopback port."""

    def look() -> bool:
        try:
            socket.create_connection(("127.0.0.1", port), ANSWER_S).close()
        except OSError:
            return False
        return True

    return look


def answering(port: int, path: str) -> Callable[[], bool]:
    """Return a look at whether a page is served here (also by way of a redirection)."""

    def look() -> bool:
        connection = HTTPConnection("127.0.0.1", port, timeout=ANSWER_S)
        try:
            connection.request("GET", path)
            return connection.getresponse().status < 2 * OK
        except (OSError, HTTPException):
            return False
        finally:
            connection.close()

    return look
