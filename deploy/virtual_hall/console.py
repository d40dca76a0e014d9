"""The console as the visit reads it: pages as people see them, and the figures behind them."""

import html
import json
import re
from dataclasses import dataclass, field
from http.client import HTTPConnection
from typing import Any

from deploy.virtual_hall.configuration import Site

ANSWER_S = 10.0
OK = 200
PAGES = {"overview": "/", "tickets": "/tickets", "devices": "/devices", "quarantine": "/quarantine"}
TAG = re.compile(r"<(script|style).*?</\1>|<[^>]+>", re.DOTALL)


@dataclass(slots=True)
class Console:
    """Talks to the hall server's console with its token."""

    site: Site
    turns_ms: list[float] = field(default_factory=list)
    """What a server that is about to be killed had measured; the next one starts from nothing."""

    def link(self, page: str) -> str:
        """Return where a browser finds this page."""
        return f"http://127.0.0.1:{self.site.ports.console}{PAGES[page]}?token={self.site.console_token}"

    def text(self, page: str) -> str:
        """Return what people read on this page."""
        return html.unescape(TAG.sub(" ", self._get(PAGES[page]).decode()))

    def tickets(self) -> dict[str, Any]:
        """Return today's tickets."""
        return self._told("/api/tickets")

    def health(self) -> dict[str, Any]:
        """Return every terminal and device with its state, since when, and its uptime."""
        return self._told("/api/devices")

    def device_state(self, device: str) -> str:
        """Return the state of one device, such as `K1.slip_printer`."""
        return next((str(one["state"]) for one in self.health()["devices"] if one["subject"] == device), "")

    def quarantined(self) -> int:
        """Return how much was ever put into quarantine."""
        return int(self._told("/api/quarantine")["ever"])

    def keep_turns(self) -> None:
        """Keep what this server has measured of deciding and committing."""
        self.turns_ms += self._told("/api/overview")["decide_and_commit_ms"]["last"]

    def decide_and_commit_ms(self) -> list[float]:
        """Return the writer's turns of every server of this visit, in milliseconds."""
        return [*self.turns_ms, *self._told("/api/overview")["decide_and_commit_ms"]["last"]]

    def _told(self, path: str) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self._get(path))
        return told

    def _get(self, path: str) -> bytes:
        connection = HTTPConnection("127.0.0.1", self.site.ports.console, timeout=ANSWER_S)
        try:
            connection.request("GET", path, headers={"Authorization": f"Bearer {self.site.console_token}"})
            answer = connection.getresponse()
            told = answer.read()
        finally:
            connection.close()
        if answer.status != OK:
            raise ValueError(f"the console answers {answer.status} at {path}")
        return told
