"""A console on a real ledger, driven in process; the clocks stand still until the test moves them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

import httpx2
import msgspec
from starlette.testclient import TestClient

from benchmarks.hall_rig import MONDAY
from hall.commands import Leased, LeaseLabel, SignIn
from hall.events import Event, PriorityGranted, SlipEnded, TicketIssued
from hall.ids import ItemCode, JobId, StaffId, TerminalId, TicketId, TicketLabel
from hall.pack.hall_pack import HallPack
from hall.wire.health_reports import DeviceReport, HealthReport
from hall_server.console.access import Gate
from hall_server.console.app import build_app
from hall_server.console.sources import Sources
from hall_server.health.room import HealthRoom
from hall_server.health.upkeep import UpkeepBook
from hall_server.ledger.browsing import Browser
from hall_server.ledger.intervals import IntervalStore
from hall_server.ledger.store import Ledger
from hall_server.writer.jobs import OwnJob, SettleJob
from tests.hall_server.conftest import Desk, HandWriter

TOKEN = "a-token-of-the-test"
PAGES = (
    "/",
    "/scene",
    "/tickets",
    "/fairness",
    "/statements",
    "/devices",
    "/ledger",
    "/quarantine",
    "/items",
    "/item",
    "/compliance",
    "/maintenance",
    "/ratings",
    "/why",
)
DATA = (
    "/api/overview",
    "/api/scene",
    "/api/tickets",
    "/api/fairness",
    "/api/statements",
    "/api/devices",
    "/api/ledger",
    "/api/quarantine",
    "/api/items",
    "/api/item",
    "/api/compliance",
    "/api/maintenance",
    "/api/opening",
    "/api/ratings",
    "/metrics",
)
FILES = ("/tokens.css", "/console.css", "/console.js", "/icon.svg")
HOST = "http://127.0.0.1:8000"


@dataclass
class Hall:
    """A console on a real ledger; the clocks stand still until the test moves them."""

    pack: HallPack
    ledger: Ledger
    writer: HandWriter
    now: float = MONDAY
    mono: float = 100.0
    secrets: Iterator[str] = field(default_factory=lambda: iter(f"secret-{n}" for n in range(1000)))

    expecting: bool = False
    """Whether the pack's list of devices counts."""
    busy: bool = False
    """Whether the writer's queue is full."""

    def __post_init__(self) -> None:
        if not self.expecting:
            self.pack = msgspec.structs.replace(self.pack, devices=())
        self.book = UpkeepBook(self.pack, Browser(self.ledger))
        self.room = HealthRoom(
            pack=self.pack,
            store=IntervalStore(self.ledger),
            tell=lambda _: None,
            connected=lambda: True,
            shut_out=Browser(self.ledger).shut_out,
            now=lambda: self.now,
            monotonic=lambda: self.mono,
            start_number=1,
            book=self.book,
        )
        sources = Sources(
            pack=self.pack,
            ledger=self.ledger,
            room=self.room,
            connected=lambda: True,
            turn_ms=lambda: tuple(self.writer.turn_ms),
            submit=self.submit,
            now=lambda: self.now,
            monotonic=lambda: self.mono,
        )
        gate = Gate(token=TOKEN, host="127.0.0.1", monotonic=lambda: self.mono, mint=lambda: next(self.secrets))
        self.app = build_app(sources, gate)

    def submit(self, job: SettleJob | OwnJob) -> bool:
        """The writer's next turn, at once; false while its queue is full."""
        if not self.busy:
            self.writer.turn(job)
        return not self.busy

    def browser(self) -> TestClient:
        return TestClient(self.app, base_url=HOST, follow_redirects=False, raise_server_exceptions=False)

    def inside(self) -> TestClient:
        browser = self.browser()
        assert browser.get("/", params={"token": TOKEN}).status_code == 303
        return browser

    def get(self, path: str, **asked: str) -> httpx2.Response:
        return self.browser().get(path, params=asked, headers={"Authorization": f"Bearer {TOKEN}"})

    def text(self, path: str, **asked: str) -> str:
        answer = self.get(path, **asked)
        assert answer.status_code == 200, answer.text
        return answer.text

    def report(self, terminal: str, *devices: DeviceReport) -> None:
        told = HealthReport(
            at=self.now,
            role="self_service",
            epoch=1,
            uptime_s=1,
            outbox_depth=2,
            oldest_unacked_s=3,
            step="Home",
            devices=devices,
        )
        self.room.on_health(TerminalId(terminal), told, self.now)
        self.room.look()

    def take(self, desk: Desk, ticket: str, label_item: str = "SI-301", *, grant: bool = False) -> TicketLabel:
        """Lease, issue, grant and print, as a terminal does."""
        if grant:
            signing = SignIn(staff=StaffId("0101"), sealed_pin=b"")
            self.writer.turn(desk.ask(signing, f"sign-in-{ticket}", desk.seq))
        lease = LeaseLabel(
            ticket=TicketId(ticket),
            item=ItemCode(label_item),
            issuer=StaffId("0101") if grant else None,
            sealed_grant=b"pregnant document" if grant else None,
        )
        self.writer.turn(desk.ask(lease, f"lease-{ticket}", desk.seq))
        reply = desk.replies[-1]
        assert isinstance(reply, Leased)
        events: list[Event] = [
            TicketIssued(
                ticket=reply.ticket,
                day=reply.day,
                series=reply.series,
                number=reply.number,
                label=reply.label,
                item=ItemCode(label_item),
                priority=grant,
                issued_at=self.now,
                quote=reply.quote,
            )
        ]
        if grant:
            events.append(
                PriorityGranted(ticket=reply.ticket, issuer=StaffId("0101"), sealed=b"pregnant document"),
            )
        events.append(SlipEnded(ticket=reply.ticket, job=JobId(f"j-{ticket}"), outcome="printed"))
        self.writer.turn(desk.up(*(desk.parcel(event) for event in events)))
        return reply.label


def seen(page: str) -> str:
    """What a person reads of a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())
