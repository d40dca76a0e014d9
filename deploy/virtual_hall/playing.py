"""Plays the whole visit and writes down what was seen, also when a step was not."""

import contextlib
import time
from collections.abc import Callable, Iterator
from typing import Any

from deploy.virtual_hall import visit_records, visit_tickets, visit_troubles, visit_windows
from deploy.virtual_hall.album import Album, spread
from deploy.virtual_hall.bench import Bench
from deploy.virtual_hall.console import Console
from deploy.virtual_hall.opening import VirtualHall
from deploy.virtual_hall.plan import TERMINALS
from deploy.virtual_hall.visit import Played, Step, Visit, line, play
from deploy.virtual_hall.waiting import wait_for

OPENS = "the virtual hall opens"
SCREENS_AT_LEAST = 12
PAPERS_AT_LEAST = 5
TIMINGS = ("touch_to_frame", "card_to_first_byte", "issue_to_last_byte", "call_to_display", "decide_and_commit")
CALL_TO_DISPLAY_MS = 2_000.0
SHOWN_S = 15.0
"""Terminals report how they are every 10 s at least."""
TROUBLES = (OSError, ValueError, KeyError)
"""What reading from a hall that has half ended may raise; the summary tells it."""


def console_pages(visit: Visit) -> None:
    """The console shows today's tickets, and every terminal and device with its state and since when."""
    visit.album.page(visit.console.link("overview"), "console-overview")
    tickets = visit.console.text("tickets")
    for label in visit.printed:
        visit.see(label in tickets, f"the console does not show ticket {label}")
    devices = visit.console.text("devices")
    for placed in visit.hall.screens:
        visit.see(placed in devices, f"the console does not show terminal {placed}")
    health = visit.console.health()
    for one in (*health["terminals"], *health["devices"]):
        visit.see(one["state"] and one["since"] > 0, f"{one['subject']} has no state or no time since when")
    seen = {one["subject"] for one in health["devices"]}
    planned = {f"{terminal.name}.{kind}" for terminal in TERMINALS for kind in terminal.devices}
    visit.see(planned <= seen, f"the console does not know {', '.join(sorted(planned - seen))}")
    uptimes = [one["uptime"] for one in health["terminals"] if one["subject"] in visit.hall.screens]
    visit.see(all(uptime is not None for uptime in uptimes), "a terminal has no uptime")


def observed_again(visit: Visit) -> None:
    """After the server's return every running terminal and device is known again, by its own report."""

    def silent() -> list[str]:
        health = visit.console.health()
        return [
            str(one["subject"])
            for one in (*health["terminals"], *health["devices"])
            if one["terminal"] in visit.hall.screens and one["state"] != "up"
        ]

    alive = visit.hall.children.check
    wait_for(
        "terminals and devices are up", lambda: not silent(), SHOWN_S, alive=alive, seen=lambda: " ".join(silent())
    )


def timings_are_kept(visit: Visit) -> None:
    """Every figure was measured; calls reached the display in time."""
    gather_timings(visit)
    for name in TIMINGS:
        visit.see(visit.timings_ms.get(name), f"nothing was measured of {name}")
    worst = max(visit.timings_ms["call_to_display"])
    visit.see(worst < CALL_TO_DISPLAY_MS, f"a call took {worst:.0f} ms to the display")


def pictures_are_kept(visit: Visit) -> None:
    """Enough pictures of screens and papers came about."""
    missing = visit.album.finish()
    visit.see(not missing, f"no picture came about: {', '.join(path.name for path in missing)}")
    screens, papers = visit.album.screens, visit.album.papers
    visit.see(screens >= SCREENS_AT_LEAST and papers >= PAPERS_AT_LEAST, f"only {screens} screens and {papers} papers")


STEPS = (
    *visit_tickets.ARRIVALS,
    *visit_records.STEPS,
    visit_tickets.PRIORITY,
    visit_windows.CALL,
    visit_tickets.PRIORITY_PAPER,
    *visit_windows.SERVICE,
    Step("the console shows tickets, terminals, devices and uptime", console_pages),
    *visit_troubles.PAPER,
    *visit_troubles.AWAY,
    visit_troubles.GARBAGE_STEP,
    visit_troubles.ONCE,
    visit_windows.SPOKEN,
    visit_tickets.GROUND_STEP,
    Step("after the server's return every terminal and device is known to be up", observed_again),
    Step("every figure was measured, and calls reached the display in time", timings_are_kept),
    Step("pictures of screens and papers were kept", pictures_are_kept),
)
"""In the order of the issue; waits overlap where a hall overlaps (paper comes out while the next window calls)."""


def play_visit(hall: VirtualHall, album: Album, began: float, tell: Callable[[str], None]) -> bool:
    """Play all steps; `began` is when the hall began to open (monotonic). Return whether every one was seen."""
    opened = Played(OPENS, time.monotonic() - began)
    tell(line(opened))
    visit = Visit(hall, Bench(hall.site), Console(hall.site), album)
    played = [opened, *play(visit, STEPS, tell)]
    album.finish()
    problems: list[str] = []
    with _noting(problems, "speech.txt"):
        album.text("speech.txt", "".join(f"{said}\n" for said in visit.bench.speech()))
    with _noting(problems, "ledger.json"):
        visit.ledger()
        album.json("ledger.json", visit.exported)
    with _noting(problems, "health.json"):
        album.json("health.json", visit.console.health())
    with _noting(problems, "timings.json"):
        if not visit.timings_ms:
            gather_timings(visit)
        album.json("timings.json", {name: spread(told) for name, told in visit.timings_ms.items() if told})
    seen = not problems and all(not one.trouble for one in played) and len(played) == len(STEPS) + 1
    whole = time.monotonic() - began
    last = f"{'every step was seen' if seen else 'NOT every step was seen'}; {whole:.1f} s in all"
    album.text("summary.txt", "\n".join([*(line(one) for one in played), *problems, last, ""]))
    for problem in (*problems, last):
        tell(problem)
    return seen


def not_opened(began: float, error: Exception) -> str:
    """Return the summary of a visit that could not begin."""
    return line(Played(OPENS, time.monotonic() - began, str(error))) + "\nNOT every step was seen\n"


def gather_timings(visit: Visit) -> None:
    """Read every figure from where it was measured: the screens, the ledger, the hall server."""
    told: dict[str, list[float]] = {name: [] for name in TIMINGS}
    for screen in visit.hall.screens.values():
        for name, values in screen.ask(op="timings").items():
            told.setdefault(name.removesuffix("_ms"), []).extend(values)
    told["call_to_display"] = calls_to_display(visit.ledger())
    told["decide_and_commit"] = visit.console.decide_and_commit_ms()
    visit.timings_ms = told


def calls_to_display(entries: list[dict[str, Any]]) -> list[float]:
    """Return, for each announced call, milliseconds from the decision to the display."""
    kinds = ("TicketCalled", "TicketRecalled")
    called = {e["event"]["call_seq"]: e["event"]["called_at"] for e in entries if e["event"]["kind"] in kinds}
    announced = [entry["event"] for entry in entries if entry["event"]["kind"] == "CallAnnounced"]
    return [(one["shown_at"] - called[one["call_seq"]]) * 1000 for one in announced if one["call_seq"] in called]


@contextlib.contextmanager
def _noting(problems: list[str], name: str) -> Iterator[None]:
    try:
        yield
    except TROUBLES as error:
        problems.append(f"✗ {name} could not be written: {error}")
