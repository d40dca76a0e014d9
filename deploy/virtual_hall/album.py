"""What the visit leaves behind: pictures of screens, console and papers in the order in which they were taken."""

import json
import os
import shutil
import statistics
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from deploy.virtual_hall.children import mortal
from deploy.virtual_hall.screens import Screen

BROWSER = "chromium"
BROWSER_S = 30.0
"""A cold start of the browser on two busy cores."""
BROWSER_FLAGS = (
    "--headless",
    "--no-sandbox",  # chromium refuses to start its sandbox as root; the page is our own, on loopback
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--hide-scrollbars",
    "--force-device-scale-factor=1",
)


@dataclass(slots=True)
class Album:
    """Writes into one folder; pictures are numbered."""

    folder: Path
    screens: int = 0
    papers: int = 0
    _missing: list[Path] = field(default_factory=list)
    _browsers: list[tuple[subprocess.Popen[bytes], Path]] = field(default_factory=list)

    def prepare(self) -> None:
        """Make the folders; what an earlier visit left in them is removed, nothing else."""
        for name in ("screens", "paper", "logs"):
            shutil.rmtree(self.folder / name, ignore_errors=True)
            (self.folder / name).mkdir(parents=True)
        for name in ("speech.txt", "ledger.json", "health.json", "timings.json", "summary.txt"):
            (self.folder / name).unlink(missing_ok=True)

    def screen(self, screen: Screen, name: str) -> Path:
        """Keep a picture of a terminal's screen."""
        path = self._next_screen(f"{screen.name.lower()}-{name}")
        screen.picture(path)
        return path

    def page(self, link: str, name: str, size_px: tuple[int, int] = (1440, 900)) -> None:
        """Keep a picture of a web page; the browser works beside the visit, `finish` waits for it."""
        path = self._next_screen(name)
        profile = self.folder / "logs" / f"browser-{path.stem}"
        command = [BROWSER, *BROWSER_FLAGS, f"--user-data-dir={profile}", f"--window-size={size_px[0]},{size_px[1]}"]
        whole = [*mortal(), *command, f"--screenshot={path}", link]
        process = subprocess.Popen(
            whole, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ)
        )
        self._browsers.append((process, path))

    def paper(self, png: bytes, name: str) -> Path:
        """Keep a picture of a paper."""
        self.papers += 1
        path = self.folder / "paper" / f"{self.papers:02d}-{name}.png"
        path.write_bytes(png)
        return path

    def text(self, name: str, told: str) -> None:
        """Keep a text."""
        (self.folder / name).write_text(told, encoding="utf-8")

    def json(self, name: str, told: Mapping[str, Any] | Sequence[Any]) -> None:
        """Keep an object."""
        self.text(name, json.dumps(told, ensure_ascii=False, indent=1) + "\n")

    def wait(self) -> None:
        """Wait for the browsers that are at work."""
        self._missing += self._gather()

    def finish(self) -> list[Path]:
        """Wait for the browsers; return all pictures that did not come about."""
        self.wait()
        return self._missing

    def _gather(self) -> list[Path]:
        missing = []
        for process, path in self._browsers:
            try:
                process.wait(BROWSER_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            if not path.exists():
                missing.append(path)
            shutil.rmtree(self.folder / "logs" / f"browser-{path.stem}", ignore_errors=True)
        self._browsers.clear()
        return missing

    def _next_screen(self, name: str) -> Path:
        self.screens += 1
        return self.folder / "screens" / f"{self.screens:02d}-{name}.png"


def spread(milliseconds: Sequence[float]) -> dict[str, float]:
    """Return median and maximum, rounded to a tenth of a millisecond."""
    return {"p50": round(statistics.median(milliseconds), 1), "max": round(max(milliseconds), 1)}
