"""A hall that plays whole days through the real rules: every number, call and service is a `decide` and its `apply`.

People and their service times are drawn beforehand from a seed, so that every discipline serves the very same people.
"""

import heapq
import random  # noqa: TID251 - days are drawn from a seed that is written beside the benchmark
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from math import log, sqrt
from pathlib import Path
from typing import Any

import msgspec

from hall.calendar.working_days import LOCAL
from hall.commands import CallNext, FinishService, Leased, LeaseLabel, SignIn, SignOut, StartService
from hall.day.decisions import SERVER_ASKS, Asker, Decidable, Decision, HallState, OpenDay, apply, decide
from hall.events import Event, Quote, TicketIssued
from hall.ids import SERVER, AreaId, BusinessDay, ItemCode, Series, StaffId, TerminalId, TicketId, WindowId
from hall.pack.hall_pack import HallPack, parse
from hall.pack.tables import Hours, Limits, NumberSeries, StaffMember, Terminal, Weekday, Window

ROOT = Path(__file__).resolve().parent.parent
PACK = ROOT / "deploy" / "packs" / "qinghe"
FIGURES: dict[str, Any] = tomllib.loads(Path(__file__).with_name("queue_day.toml").read_text(encoding="utf-8"))
DAY = BusinessDay("2026-11-23")
EVERY_DAY: tuple[Weekday, ...] = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "make_up",
)
NUMBERS = (1, 99_999)
"""Room for the longest run; the one guide of the simulated hall may grant priority as often."""
KIOSK, DESK, GUIDE = TerminalId("K1"), TerminalId("D1"), StaffId("0101")


def clock(text: str) -> float:
    """Return hall time of a local time of the simulated day, `09:30`."""
    return datetime.fromisoformat(f"{DAY}T{text}").replace(tzinfo=LOCAL).timestamp()


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who will come, and how long the service will take."""

    at: float
    priority: bool
    service_s: float


@dataclass(slots=True)
class Visit:
    """What became of a visitor."""

    ticket: TicketId
    priority: bool
    issued_at: float
    quote: Quote
    called_at: float = 0.0

    @property
    def waited_min(self) -> float:
        """Minutes from the number to the call."""
        return (self.called_at - self.issued_at) / 60


@cache
def demo_pack() -> HallPack:
    """Return the pack of the demo hall."""
    return parse({path.name: path.read_text(encoding="utf-8") for path in sorted(PACK.glob("*.toml"))})


def hall_of(
    windows: int, mean_min: float, hours: tuple[str, str], breaks: tuple[tuple[str, str], ...] = (), resting: int = 0
) -> HallPack:
    """Return the demo hall's pack with one item and so many equal windows that all serve both classes."""
    base = demo_pack()
    numbers = tuple(WindowId(str(number)) for number in range(1, windows + 1))
    work, first = Series("C"), Series("Y")
    area = AreaId("Q5")
    panels = tuple(
        Terminal(id=panel_of(number), role="window_panel", title=number, area=area, window=number) for number in numbers
    )
    item = next(item for item in base.items if item.series == work)
    return msgspec.structs.replace(
        base,
        hours=(Hours(days=EVERY_DAY, open=(hours,), last_ticket=hours[1]),),
        windows=tuple(
            Window(
                number=number,
                kind="general",
                title=number,
                title_en=number,
                series=(work, first),
                area=area,
                room="",
                department="",
                breaks=breaks if index < resting else (),
            )
            for index, number in enumerate(numbers)
        ),
        leased=NUMBERS,
        limits=msgspec.structs.replace(base.limits, grants_per_issuer=NUMBERS[1]),
        series=(
            NumberSeries(code=work, title="C", title_en="C", mean_service_min=mean_min),
            NumberSeries(code=first, title="Y", title_en="Y", priority=True, mean_service_min=mean_min),
        ),
        terminals=(
            Terminal(id=KIOSK, role="self_service", title="K1", area=area),
            Terminal(id=DESK, role="guide_desk", title="D1", area=area),
            *panels,
        ),
        staff=(
            StaffMember(id=GUIDE, name="guide", roles=("guide",)),
            *(StaffMember(id=clerk_of(number), name=number, roles=("clerk",), windows=(number,)) for number in numbers),
        ),
        items=(msgspec.structs.replace(item, windows=numbers, self_service_form=""),),
    )


def panel_of(window: WindowId) -> TerminalId:
    """Return the terminal at a window."""
    return TerminalId(f"W{window}")


def clerk_of(window: WindowId) -> StaffId:
    """Return who works at a window."""
    return StaffId(f"9{window}")


@dataclass
class SimulatedHall:
    """One day. `watch` is asked after each number is given, and may look at the state as a real hall could."""

    pack: HallPack
    watch: Callable[["SimulatedHall", Visit], None] | None = None
    log: list[tuple[Event, TerminalId, float]] | None = None
    state: HallState = field(init=False)
    now: float = field(init=False, default=0.0)
    visits: dict[TicketId, Visit] = field(init=False, default_factory=dict)
    calls: list[tuple[WindowId, bool, bool]] = field(init=False, default_factory=list)
    """Window, whether a priority ticket was called, whether ordinary people were left waiting."""
    _left: list[tuple[float, int, str, Any]] = field(init=False, default_factory=list)
    _order: int = field(init=False, default=0)
    _service_s: dict[TicketId, float] = field(init=False, default_factory=dict)
    _resting: set[WindowId] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        self.state = HallState(self.pack)

    def play(self, visitors: Iterable[Visitor], resting: Iterable[tuple[WindowId, float, float]] = ()) -> list[Visit]:
        """Serve everybody; windows in `resting` are left from and until these times. Return the visits."""
        coming = list(visitors)
        self.now = coming[0].at if coming else clock("08:30")
        self.ask(OpenDay(DAY), SERVER)
        self.ask(SignIn(staff=GUIDE, sealed_pin=b""), DESK)
        for window in self.state.known.windows:
            self._sign_in(window)
        for visitor in coming:
            self._plan(visitor.at, "comes", visitor)
        for window, first, last in resting:
            self._plan(first, "rests", window)
            self._plan(last, "returns", window)
        while self._left:
            self.now, _, kind, what = heapq.heappop(self._left)
            getattr(self, f"_{kind}")(what)
        return list(self.visits.values())

    def ask(self, command: Decidable, terminal: TerminalId) -> Decision:
        """Decide and apply."""
        known = self.state.known.terminals.get(terminal)
        decision = decide(self.state, command, Asker(terminal, known.role) if known else SERVER_ASKS, self.now)
        for event in decision.events:
            self.happen(event, SERVER)
        return decision

    def happen(self, event: Event, device: TerminalId) -> None:
        """Apply, and remember if asked to."""
        apply(self.state, event, device, self.now)
        if self.log is not None:
            self.log.append((event, device, self.now))

    def _plan(self, at: float, kind: str, what: object) -> None:
        self._order += 1
        heapq.heappush(self._left, (at, self._order, kind, what))

    def _comes(self, visitor: Visitor) -> None:
        ticket = TicketId(f"{len(self.visits):032x}")
        item = self.pack.items[0].code
        self._service_s[ticket] = visitor.service_s
        self.visits[ticket] = self._issue(ticket, item, priority=visitor.priority)
        if self.watch is not None:
            self.watch(self, self.visits[ticket])
        for number, window in self.state.windows.items():
            if window.staff is not None and window.ticket is None:
                self._call(number)
                return

    def _issue(self, ticket: TicketId, item: ItemCode, *, priority: bool) -> Visit:
        terminal = DESK if priority else KIOSK
        reply = self.ask(LeaseLabel(ticket=ticket, item=item, sealed_grant=b"s" if priority else None), terminal).reply
        if not isinstance(reply, Leased):
            raise TypeError(reply)
        event = TicketIssued(
            ticket=ticket,
            day=reply.day,
            series=reply.series,
            number=reply.number,
            label=reply.label,
            item=item,
            priority=priority,
            issued_at=self.now,
            quote=reply.quote,
        )
        self.happen(event, terminal)
        return Visit(ticket, priority, self.now, reply.quote)

    def _call(self, number: WindowId) -> None:
        panel, clerk = panel_of(number), clerk_of(number)
        if not self.ask(CallNext(window=number, staff=clerk), panel).events:
            return
        ticket = self.state.windows[number].ticket
        if ticket is None:
            raise LookupError(number)
        visit = self.visits[ticket]
        visit.called_at = self.now
        self.calls.append((number, visit.priority, any(not lane[2] for lane in self.state.lanes)))
        self.ask(StartService(window=number, staff=clerk), panel)
        self._plan(self.now + self._service_s[ticket], "ends", number)

    def _ends(self, number: WindowId) -> None:
        self.ask(FinishService(window=number, staff=clerk_of(number)), panel_of(number))
        if number in self._resting:
            self.ask(SignOut(staff=clerk_of(number)), panel_of(number))
        else:
            self._call(number)

    def _rests(self, number: WindowId) -> None:
        self._resting.add(number)
        if self.state.windows[number].ticket is None:
            self.ask(SignOut(staff=clerk_of(number)), panel_of(number))

    def _returns(self, number: WindowId) -> None:
        self._resting.discard(number)
        if self.state.windows[number].ticket is None:
            self._sign_in(number)
            self._call(number)

    def _sign_in(self, number: WindowId) -> None:
        self.ask(SignIn(staff=clerk_of(number), sealed_pin=b"", window=number), panel_of(number))


# ---- the days of queue_day.toml ----------------------------------------------------------------------------------


def reference_hall(limits: Limits | None = None) -> HallPack:
    """Return the hall of queue_day.toml, with the demo pack's limits or others."""
    hall = FIGURES["hall"]
    pack = hall_of(
        hall["windows"],
        FIGURES["service"]["declared_mean_min"],
        (hall["opens"], hall["closes"]),
        (tuple(hall["lunch"]),),
        hall["lunch_windows"],
    )
    return pack if limits is None else msgspec.structs.replace(pack, limits=limits)


def resting_windows() -> list[tuple[WindowId, float, float]]:
    """Return who is at lunch, from and until."""
    hall = FIGURES["hall"]
    first, last = (clock(text) for text in hall["lunch"])
    return [(WindowId(str(number)), first, last) for number in range(1, hall["lunch_windows"] + 1)]


def people_of(kind: str, number: int) -> list[Visitor]:
    """Draw the people of the n-th day of a kind: the same for every discipline."""
    figures, service = FIGURES["days"][kind], FIGURES["service"]
    draw = random.Random(f"{FIGURES['days']['seed']}/{kind}/{number}")  # noqa: S311 - a simulation
    sigma = sqrt(log(1 + service["variation"] ** 2))
    mu = log(service["mean_min"] * 60) - sigma**2 / 2
    found = []
    for span in FIGURES["arrivals"]["spans"]:
        at, end = clock(span["from"]), clock(span["to"])
        rate_s = figures["people"] * span["share"] / (end - at)
        while (at := at + draw.expovariate(rate_s)) < end:
            found.append(Visitor(at, draw.random() < figures["priority_share"], draw.lognormvariate(mu, sigma)))
    return found


def steady_people(number: int) -> list[Visitor]:
    """Draw the people of the n-th validation run: steady Poisson arrivals, exponential service."""
    figures = FIGURES["mmc"]
    draw = random.Random(f"{FIGURES['days']['seed']}/mmc/{number}")  # noqa: S311 - a simulation
    at, end, found = clock("00:00"), clock("00:00") + (figures["warm_up_h"] + figures["hours"]) * 3600, []
    while (at := at + draw.expovariate(figures["arrivals_an_hour"] / 3600)) < end - 60:
        found.append(Visitor(at, False, draw.expovariate(1 / (figures["mean_min"] * 60))))
    return found
