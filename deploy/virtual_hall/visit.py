"""The scripted visit: small named steps in order; the first that is not seen to happen ends it by its name."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from deploy.virtual_hall.album import Album
from deploy.virtual_hall.bench import Bench
from deploy.virtual_hall.children import ChildEndedError
from deploy.virtual_hall.console import Console
from deploy.virtual_hall.opening import ROOT, VirtualHall
from deploy.virtual_hall.screens import Screen
from deploy.virtual_hall.waiting import WaitedTooLongError

EXPORT_S = 20.0
TROUBLES = (WaitedTooLongError, ChildEndedError, OSError, ValueError, KeyError, subprocess.SubprocessError)
"""What a step may meet in a hall that is not as it should be."""


class NotSeenError(Exception):
    """What a step had to see was not so."""


@dataclass(slots=True)
class Visit:
    """What the steps share: the hall, the bench, the outputs, and what was learnt on the way."""

    hall: VirtualHall
    bench: Bench
    console: Console
    album: Album
    printed: dict[str, str] = field(default_factory=dict)
    """Ticket number → name of the terminal on whose paper it stands."""
    facts: dict[str, str] = field(default_factory=dict)
    """What a step learnt and a later one needs."""
    exported: dict[str, Any] = field(default_factory=dict)
    timings_ms: dict[str, list[float]] = field(default_factory=dict)

    def screen(self, name: str) -> Screen:
        """Return a terminal's screen."""
        return self.hall.screens[name]

    def export(self) -> dict[str, Any]:
        """Return the ledger as `python -m hall_server ledger export` tells it: events in order, and quarantine."""
        path = self.hall.site.own("hall_server") / "export.json"
        config = self.hall.site.own("hall_server") / "hall_server.toml"
        subprocess.run(
            [sys.executable, "-m", "hall_server", "--config", str(config), "ledger", "export", "--out", str(path)],
            check=True,
            capture_output=True,
            timeout=EXPORT_S,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        return told

    def ledger(self) -> list[dict[str, Any]]:
        """Return the ledger's entries in order, as they stood when this was first asked."""
        if not self.exported:
            self.exported = self.export()
        return list(self.exported["events"])

    def see(self, so: object, sentence: str) -> None:
        """Raise `NotSeenError` with the sentence unless it is so."""
        if not so:
            raise NotSeenError(sentence)


@dataclass(frozen=True, slots=True)
class Step:
    """One step: a sentence that names it, and how it is played."""

    name: str
    play: Callable[[Visit], None]


@dataclass(frozen=True, slots=True)
class Played:
    """How one step went; `trouble` is empty when it was seen to happen."""

    name: str
    seconds: float
    trouble: str = ""


def play(visit: Visit, steps: tuple[Step, ...], tell: Callable[[str], None]) -> list[Played]:
    """Play the steps until the first that is not seen to happen; return how each went."""
    played: list[Played] = []
    for step in steps:
        began = time.monotonic()
        trouble = ""
        try:
            visit.hall.children.check()
            step.play(visit)
        except (*TROUBLES, NotSeenError) as error:
            trouble = str(error) or type(error).__name__
        played.append(Played(step.name, time.monotonic() - began, trouble))
        tell(line(played[-1]))
        if trouble:
            break
    return played


def line(played: Played) -> str:
    """Return a step as one line of the summary."""
    mark = "✗" if played.trouble else "✓"
    return f"{mark} {played.seconds:6.2f} s  {played.name}" + (f"\n    {played.trouble}" if played.trouble else "")
