"""The bench as the visit uses it: cards laid and lifted, papers looked at, paper taken out, what was said."""

import json
from dataclasses import dataclass
from http.client import HTTPConnection
from typing import Any
from urllib.parse import quote

from deploy.virtual_hall.configuration import Site

ANSWER_S = 20.0
"""The longest deed, starting the card service again, has its own limit of 12 s."""
OK = 200
ID_READER = "K1.id_reader"
CARD_READER = "K1.card_reader"


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper that came out: its number over all printers, and what stands on it as characters."""

    number: int
    device: str
    text: str


@dataclass(frozen=True, slots=True)
class Bench:
    """Talks to the bench's page with its token."""

    site: Site

    def lay_id_card(self, person: str, defect: str = "none") -> None:
        """Lay this person's identity card on the reader, sound or with a defect."""
        self.do(ID_READER, "lay", person=person, defect=defect)

    def lift_id_card(self) -> None:
        """Take the card away."""
        self.do(ID_READER, "lift")

    def garble_next_answer(self) -> None:
        """Flip bits in the reader's next answer."""
        self.do(ID_READER, "garble_next")

    def insert_social_card(self, person: str) -> None:
        """Put this person's social-security card into the slot."""
        self.do(CARD_READER, "insert", person=person)

    def pull_social_card(self) -> None:
        """Pull it out."""
        self.do(CARD_READER, "remove")

    def pull_social_card_in_next_read(self) -> None:
        """Let the card that was just put in be pulled while it is read; the card service needs 0.5 s to see it."""
        self.do(CARD_READER, "remove_mid_read")

    def end_paper_after(self, terminal: str, rows: int) -> None:
        """Let the paper end after so many rows of dots."""
        self.do(f"{terminal}.slip_printer", "out_after_rows", rows=rows)

    def refill_paper(self, terminal: str) -> None:
        """Put a new roll in."""
        self.do(f"{terminal}.slip_printer", "load_paper")

    def papers(self, terminal: str) -> list[Paper]:
        """Return all papers of a terminal's printer, oldest first."""
        told = self._get("/api/state")["papers"]
        papers = [Paper(each["number"], each["device"], each["text"]) for each in told]
        return [paper for paper in papers if paper.device == f"{terminal}.slip_printer"]

    def paper_texts(self, terminal: str) -> list[str]:
        """Return what stands on all papers of a terminal's printer."""
        return [paper.text for paper in self.papers(terminal)]

    def newest_paper(self, terminal: str) -> Paper:
        """Return the paper that came out last."""
        papers = self.papers(terminal)
        if not papers:
            raise ValueError(f"no paper has come out of the printer of {terminal}")
        return papers[-1]

    def picture(self, paper: Paper) -> bytes:
        """Return the paper as PNG."""
        return self._ask("GET", f"/paper/{paper.number}.png")

    def bar(self, address: int) -> str:
        """Return what the LED bar at this address shows."""
        for device in self._get("/api/state")["devices"]:
            for bar in device["state"].get("bars", ()):
                if bar["address"] == address:
                    return str(bar["text"])
        raise ValueError(f"there is no LED bar {address}")

    def speech(self) -> list[str]:
        """Return every announcement, oldest first, as it was captioned."""
        return [str(entry["caption"]) for entry in self._get("/speech")]

    def do(self, device: str, action: str, **arguments: str | int) -> None:
        """Do something to a device; `ValueError` is the bench's own sentence."""
        self._ask("POST", f"/api/device/{device}/{action}", json.dumps(arguments).encode())

    def _get(self, path: str) -> Any:
        return json.loads(self._ask("GET", path))

    def _ask(self, method: str, path: str, body: bytes | None = None) -> bytes:
        connection = HTTPConnection("127.0.0.1", self.site.ports.bench, timeout=ANSWER_S)
        try:
            connection.request(method, quote(path), body, {"Authorization": f"Bearer {self.site.bench_token}"})
            answer = connection.getresponse()
            told = answer.read()
        finally:
            connection.close()
        if answer.status != OK:
            raise ValueError(f"the bench refuses {path}: {told.decode(errors='replace')}")
        return told
