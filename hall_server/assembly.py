"""Puts one hall server together. The only place that reads clocks, mints ids and draws randomness."""

import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Protocol

import uuid6

from hall.errors import HallError, Reason
from hall.health.states import SILENT, State
from hall.ids import EventId, TerminalId
from hall.ledger.sealing import KEY_BYTES
from hall.pack.hall_pack import HallPack, shown
from hall.services.noticing import with_notices
from hall.wire.health_reports import HealthReport
from hall.wire.lanes import Link
from hall_server import packs
from hall_server.border import Border
from hall_server.console.access import Gate, read_token
from hall_server.console.app import build_app
from hall_server.console.sources import Sources
from hall_server.console.web import ConsoleWeb
from hall_server.day_keys import SUFFIX, DayKeys
from hall_server.health.room import HealthRoom
from hall_server.health.upkeep import UpkeepBook
from hall_server.keys import load_keys, refuse_open_secret
from hall_server.ledger.browsing import Browser
from hall_server.ledger.intervals import IntervalStore
from hall_server.ledger.store import Ledger, open_ledger
from hall_server.mqtt.lanes import Lanes, Listeners
from hall_server.mqtt.link import Account
from hall_server.records.demo import load_people
from hall_server.records.desk import StatementDesk, coded
from hall_server.records.patience import NoSource, PatientSource
from hall_server.records.ports import RecordSource
from hall_server.settings import Console, Settings
from hall_server.staff import load_pins
from hall_server.workers import Workers
from hall_server.writer.confirming import WordBox
from hall_server.writer.loop import Writer
from hall_server.writer.standing import Rules

log = logging.getLogger(__name__)

PIN_THREADS = 1
"""One check at a time: guessing in parallel gains nothing."""
PIN_QUEUE = 50
STATEMENT_THREADS = 4
STATEMENT_QUEUE = 40
"""About a minute of residents at a slow source; the next is told at once that it is away."""


class Room(Protocol):
    """A part that stands on a running hall: the health room, the console."""

    def start(self) -> None:
        """Begin; the writer and the wire are up."""

    def stop(self) -> None:
        """End; the writer and the wire are still up."""


@dataclass(frozen=True, slots=True)
class HallServer:
    """A hall server that can be started once and stopped once.

    Rooms are added to `rooms` before `start`; the health room also sets itself as listener by `lanes.listen`
    and tells its alerts by `lanes.alerts`; screens of staff look by `writer.look` and read `ledger`.
    """

    settings: Settings
    pack: HallPack
    ledger: Ledger
    writer: Writer
    lanes: Lanes
    workers: tuple[Workers, ...]
    rooms: list[Room] = field(default_factory=list)

    def start(self) -> None:
        """Open the day, then listen to the terminals."""
        self.writer.start()
        for workers in self.workers:
            workers.start()
        self.lanes.start()
        for room in self.rooms:
            room.start()

    def stop(self) -> None:
        """Finish what was taken, tell it, and let go of everything."""
        for room in reversed(self.rooms):
            room.stop()
        for workers in self.workers:
            workers.stop()
        self.writer.stop()
        self.lanes.stop()
        count = self.ledger.count
        if self.writer.turn_ms:
            told = sorted(self.writer.turn_ms)
            log.info("decide_and_commit ms: p50 %.2f max %.2f of %d turns", median(told), told[-1], len(told))
        log.info("the ledger ran %d statements in %d commits", count.statements, count.commits)
        self.ledger.close()


def build(
    settings: Settings, listeners: Listeners | None = None, writer_kind: Callable[..., Writer] = Writer
) -> HallServer:
    """Read what the settings name and put the server together; `HallError` says what is wrong and where.

    `listeners` hear of terminals in the health room's place; by default the health room does.
    """
    pack = read_pack(settings.pack)
    if pack.hall.id != settings.hall:
        raise HallError(
            Reason.MALFORMED, str(settings.pack), f"the pack is of hall {pack.hall.id}, not {settings.hall}"
        )
    if settings.environment == "production":
        for secret in _secrets(settings):
            refuse_open_secret(secret)
    keys = load_keys(settings.key_file)
    pins = load_pins(settings.staff_pins)
    account = Account(
        settings.broker.host, settings.broker.port, settings.broker.username, _line(settings.broker.password_file)
    )
    now = hall_clock(settings)
    ledger = open_ledger(settings.ledger)
    lanes = Lanes(
        hall=settings.hall,
        account=account,
        pack=with_notices(pack, shown(pack, keys.public)),
        listeners=listeners or quiet_listeners(),
        now=now,
        spread=random.random,
    )
    writer = writer_kind(
        ledger=ledger,
        pack=pack,
        outlet=lanes,
        now=now,
        mint=mint_id,
        rules=Rules(decide=coded(keys)),
        queue_limit=settings.limits.queue,
        batch_limit=settings.limits.batch,
    )
    pin_workers = Workers("pins", PIN_THREADS, PIN_QUEUE)
    statement_workers = Workers("statements", STATEMENT_THREADS, STATEMENT_QUEUE)
    desk = StatementDesk(
        pack=pack,
        keys=keys,
        source=PatientSource(_source(settings), settings.limits.records_wait_s),
        writer=writer,
        workers=statement_workers,
        demo=settings.environment != "production",
        ephemeral=lambda: random_bytes(KEY_BYTES),
        now=now,
    )
    day_keys = DayKeys(settings.key_file.with_name(settings.key_file.name + SUFFIX), lambda: random_bytes(KEY_BYTES))
    lanes.attach(writer, Border(pack, keys, pins, pin_workers, desk, writer, day_keys))
    server = HallServer(settings, pack, ledger, writer, lanes, (pin_workers, statement_workers))
    room = _health_room(server, now)
    if listeners is None:
        lanes.listen(Listeners(room.on_health, room.on_link, room.on_alarm))
    server.rooms.append(room)
    writer.watch(lambda: lost_panels(room), day_keys.open, WordBox(settings.ledger))
    if settings.console is not None:
        server.rooms.append(_console(server, settings.console, room, now))
    return server


def _secrets(settings: Settings) -> tuple[Path, ...]:
    told = (settings.staff_pins, settings.broker.password_file)
    return told if settings.console is None else (*told, settings.console.token_file)


def _health_room(server: HallServer, now: Callable[[], float]) -> HealthRoom:
    store = IntervalStore(server.ledger)
    return HealthRoom(
        pack=server.pack,
        store=store,
        tell=server.lanes.alerts,
        connected=lambda: server.lanes.connected,
        shut_out=Browser(server.ledger).shut_out,
        now=now,
        monotonic=time.monotonic,
        start_number=store.starts() + 1,
        book=UpkeepBook(server.pack, Browser(server.ledger)),
    )


def lost_panels(room: HealthRoom) -> frozenset[TerminalId]:
    """Window panels that this server has heard and then missed for the time after which a terminal is down."""
    return frozenset(
        one.terminal.id
        for one in room.conditions()
        if one.terminal.role == "window_panel" and one.standing.state is State.DOWN and one.standing.code == SILENT
    )


def _console(server: HallServer, told: Console, room: HealthRoom, now: Callable[[], float]) -> ConsoleWeb:
    sources = Sources(
        pack=server.pack,
        ledger=server.ledger,
        room=room,
        connected=lambda: server.lanes.connected,
        turn_ms=lambda: tuple(server.writer.turn_ms),
        submit=server.writer.submit,
        now=now,
        monotonic=time.monotonic,
    )
    gate = Gate(
        token=read_token(told.token_file),
        host=told.host,
        monotonic=time.monotonic,
        mint=lambda: random_bytes(KEY_BYTES).hex(),
    )
    return ConsoleWeb(build_app(sources, gate), told.host, told.port)


def read_pack(folder: Path) -> HallPack:
    """Read and check the hall pack in a folder."""
    return packs.read(folder)[0]


def hall_clock(settings: Settings) -> Callable[[], float]:
    """Return the hall's clock: machine time and the demo's offset."""
    offset_s = settings.clock_offset_s
    return lambda: time.time() + offset_s


def machine_clock() -> float:
    """Return the machine's time, for verbs that know no hall."""
    return time.time()


def mint_id() -> EventId:
    """Return a new UUIDv7 as 32 hex digits."""
    return EventId(uuid6.uuid7().hex)


def random_bytes(count: int) -> bytes:
    """Return bytes nobody can guess, for keys and salts."""
    return random.SystemRandom().randbytes(count)


def quiet_listeners() -> Listeners:
    """Return listeners that only log alarms; the health room brings better ones."""

    def on_health(_terminal: TerminalId, _report: HealthReport, _at: float) -> None:
        return

    def on_link(terminal: TerminalId, link: Link, _at: float) -> None:
        log.info("%s is %s (epoch %d)", terminal, link.state, link.epoch)

    def on_alarm(terminal: TerminalId, code: str, _at: float) -> None:
        log.warning("alarm at %s: %s", terminal, code)

    return Listeners(on_health, on_link, on_alarm)


def _source(settings: Settings) -> RecordSource:
    if settings.records.source == "demo" and settings.records.people is not None:
        return load_people(settings.records.people)
    return NoSource()


def _line(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise HallError(Reason.MALFORMED, str(path), "the password file cannot be read") from error
