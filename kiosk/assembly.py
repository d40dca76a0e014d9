"""Puts one terminal together: the only room that reads a clock, mints ids, draws randomness and knows every class."""

import logging
import os
import random
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import Any, Protocol

import structlog
import uuid6

from hall.calendar.working_days import LOCAL
from hall.errors import HallError, Reason
from hall.events import TerminalStarted, TicketIssued
from hall.ids import SessionId
from hall.outage.hearsay import ISSUERS
from kiosk.bare_loop import BareLoop
from kiosk.debug_socket import DebugSocket, NoScreen, Screen
from kiosk.devices.loading import driver_module, open_device, read_options, refuse_simulators
from kiosk.devices.speakers.zones import outlets_of
from kiosk.devices.workers import (
    DeviceWorker,
    IdReaderWorker,
    KeypadWorker,
    LedWorker,
    PrinterWorker,
    ProbeWorker,
    ScannerWorker,
    SocialCardWorker,
    SpeakerWorker,
)
from kiosk.flows.words import Effect, Happened
from kiosk.hearing import Hearing
from kiosk.measures import Measured
from kiosk.performing.hands import Givens, Hands
from kiosk.performing.keypad_display import KeypadDisplay
from kiosk.performing.performer import Performing
from kiosk.performing.staying import Place, Staying
from kiosk.reporting import Reporting
from kiosk.roles import ROLES, UNASKED, Role
from kiosk.self_testing import SelfTesting
from kiosk.session import Frame, Session
from kiosk.settings import Settings
from kiosk.speech import Announcement
from kiosk.sync.slip_key import SlipKey, own_key
from kiosk.sync.terminal import Terminal
from kiosk.text.catalogue import load as load_catalogue

SOFTWARE = "daoyin " + (metadata.version("daoyin") if "daoyin" in metadata.packages_distributions() else "0.1.0")


class Loop(Protocol):
    """The main thread's loop: a screen's or a bare one."""

    def run(self) -> None:
        """Run until `stop`."""

    def stop(self) -> None:
        """End `run`; from any thread."""

    def on_main(self, work: Callable[[], None]) -> None:
        """Run `work` on the main thread soon; from any thread."""


class Program:
    """One terminal, ready to run."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        role = _role(settings)
        if settings.environment == "production":
            refuse_simulators(settings.devices, os.environ)
            _refuse_open_secret(settings.password_file)
        self._log = _log(settings)
        self._measured = Measured(time.monotonic)
        self._session = self._make_session(role)
        self._hearing = Hearing(self._session, settings.window)
        self._slip_key = self._make_slip_key(role)
        self._terminal = self._make_terminal()
        self._workers = self._make_workers(role)
        self._staying = self._make_staying()
        self._performing = self._make_performing()
        self._testing = SelfTesting(
            settings.terminal, self._workers, role.needs, record=self._terminal.record, clock=self._clock
        )
        self._reporting = Reporting(
            role=role.name,
            session=self._session,
            terminal=self._terminal,
            reports=[worker.report for worker in self._workers.values()],
            clock=self._clock,
            monotonic=time.monotonic,
            seen=self._staying.seen if self._staying else _nobody_is_seen,
        )
        self.started = threading.Event()
        """Set once everything runs and the debug socket, if any, is open."""
        for worker in self._workers.values():
            worker.on_change = lambda _report: self._reporting.changed()

    def run(self) -> None:
        """Run until `stop`; then everything is ended in order."""
        loop, screen = self._make_loop()
        self._loop = loop
        self._terminal.record((TerminalStarted(role=self._settings.role, software=SOFTWARE, at=self._clock()),))
        self._hearing.begin(self._terminal, self._testing)
        self._terminal.start()
        for worker in self._workers.values():
            worker.start()
        self._testing.start()
        self._reporting.start()
        debug = self._make_debug_socket(loop, screen)
        self.started.set()
        try:
            loop.run()
        finally:
            if debug is not None:
                debug.stop()
            self._testing.stop()
            self._reporting.stop()
            for worker in self._workers.values():
                worker.stop()
            self._terminal.stop()

    def stop(self) -> None:
        """End `run`; from any thread or a signal."""
        self._loop.stop()

    # ---- parts ---------------------------------------------------------------------------------------------------

    def _clock(self) -> float:
        return time.time() + self._settings.clock_offset_s

    def _make_session(self, role: Role) -> Session:
        settings = self._settings
        frame = Frame(settings.terminal, role.name, settings.window, hall_time=self._clock())
        return Session(
            role=role,
            frame=frame,
            performer=self._perform,
            mint=_mint,
            monotonic=time.monotonic,
            idle_s=settings.idle_s,
            complain=lambda where, error: self._log.error("broke", where=where, error=type(error).__name__),
        )

    def _make_terminal(self) -> Terminal:
        return Terminal(
            self._settings,
            clock=self._clock,
            monotonic=time.monotonic,
            mint=_mint,
            jitter=random.uniform,
            news=self._hearing,
            log=self._log,
            software=SOFTWARE,
            slip_key=self._slip_key.public if self._slip_key is not None else b"",
        )

    def _make_slip_key(self, role: Role) -> SlipKey | None:
        """Make, at the first start, the key of a terminal that gives out numbers."""
        settings = self._settings
        if role.name not in ISSUERS:
            return None
        return own_key(settings.state_dir, settings.hall, settings.terminal, secrets.token_bytes)

    def _make_workers(self, role: Role) -> dict[str, DeviceWorker[Any]]:
        workers: dict[str, DeviceWorker[Any]] = {}
        for kind in sorted(role.needs | (role.may_have & self._settings.devices.keys())):
            device = self._settings.devices[kind]
            name = f"{self._settings.terminal}.{kind}"
            read_options(driver_module(kind, device.driver, name), device.options, name)  # a misspelt option: now
            opener = partial(open_device, kind, device, name)
            workers[kind] = self._make_worker(kind, name, opener)
        return workers

    def _make_worker(self, kind: str, name: str, opener: Callable[..., Any]) -> DeviceWorker[Any]:
        def opened() -> Any:
            return opener(_nobody_waits)

        match kind:
            case "id_reader":
                return IdReaderWorker(name, opened, self._post, self._today)
            case "card_reader":
                return SocialCardWorker(name, opened, self._post, self._today)
            case "slip_printer":
                return PrinterWorker(name, opener, self._post)
            case "led_bars":
                return LedWorker(name, opened)
            case "keypad":
                return KeypadWorker(name, opened, self._post)
            case "speaker":
                return SpeakerWorker(name, opened, zones=self._zones(name), minute=self._minute)
            case "scanner":
                return ScannerWorker(name, opened, self._post)
            case "sheet_printer":
                from kiosk.devices.workers.sheets import SheetWorker  # noqa: PLC0415 - without A4 paper no typst

                return SheetWorker(name, opener, self._post)
            case "machine" | "ups":
                return ProbeWorker(kind, name, opened)
        raise HallError(Reason.MALFORMED, name, f"no worker for devices of kind {kind}")

    def _perform(self, effect: Effect, session: SessionId) -> None:
        self._performing(effect, session)  # made after the session, which it posts to

    def _post(self, happened: Happened, session: SessionId | None) -> None:
        self._measured.heard(happened)
        self._session.post(happened, session)

    def _make_performing(self) -> Performing:
        catalogue = load_catalogue()
        givens = Givens(
            clock=self._clock,
            random_bytes=secrets.token_bytes,
            say=partial(catalogue.say, "zh"),
            local_time=lambda at: _local(at).strftime("%Y-%m-%d %H:%M"),
            terminal=self._settings.terminal,
            window=self._settings.window,
            sign_slip=self._slip_key.code if self._slip_key is not None else _nothing_is_signed,
        )
        asked = {kind: worker for kind, worker in self._workers.items() if kind not in UNASKED}
        hands = Hands(**asked, rating_buttons=self._make_keypad_display())  # type: ignore[arg-type]
        return Performing(self._terminal, hands, givens, self._session.post, self._measured, staying=self._staying)

    def _make_staying(self) -> Staying | None:
        settings = self._settings
        if settings.role != "window_panel" or settings.window is None:
            return None
        place = Place(settings.terminal, settings.window, settings.stays_signed_in_s)
        return Staying(self._terminal, place, self._clock, self._session.post)

    def _make_keypad_display(self) -> KeypadDisplay | None:
        pad = self._workers.get("keypad")
        if not isinstance(pad, KeypadWorker):
            return None
        display = KeypadDisplay(self._session, pad)
        self._session.subscribe(display)
        return display

    def _make_loop(self) -> tuple[Loop, Screen]:
        if not self._settings.screen:
            return BareLoop(self._session), NoScreen()
        from kiosk.ui.app import KioskApp  # noqa: PLC0415 - a terminal without a screen never loads Kivy
        from kiosk.ui.keying import Ears  # noqa: PLC0415 - see above
        from kiosk.ui.wedge import Wedge  # noqa: PLC0415 - see above

        scanner, gap_s = self._workers.get("scanner"), self._wedge_gap_s()
        ears = Ears(
            keys=self._settings.keys,
            speak=self._say_privately,
            wedge=Wedge(gap_s) if gap_s else None,
            scanned=scanner.typed if isinstance(scanner, ScannerWorker) else _nobody_scans,
        )
        app = KioskApp(
            session=self._session,
            surface=self._settings.surface,
            clock=self._clock,
            local_time=lambda at: _local(at).strftime("%H:%M"),
            ears=ears,
        )
        return app, app

    def _say_privately(self, text: str, language: str, percent: int) -> None:
        """Into plugged headphones or not at all; what was said of the stop before is cut."""
        speaker = self._workers.get("speaker")
        if isinstance(speaker, SpeakerWorker):
            speaker.person_left()
            speaker.announce(Announcement(text, language, private=True, volume=percent))

    def _wedge_gap_s(self) -> float:
        """How fast a scanner types that is a keyboard; 0 when there is none."""
        device = self._settings.devices.get("scanner")
        if device is None or device.driver != "keyboard_wedge":
            return 0.0
        options = read_options(driver_module("scanner", device.driver, "scanner"), device.options, "scanner")
        return float(options.gap_ms) / 1_000

    def _make_debug_socket(self, loop: Loop, screen: Screen) -> DebugSocket | None:
        path = self._settings.debug_socket
        return DebugSocket(path, self._session, screen, loop.on_main, self._timings(screen)) if path else None

    def _timings(self, screen: Screen) -> Callable[[], dict[str, list[float]]]:
        def timings() -> dict[str, list[float]]:
            return {**self._measured.all(), "touch_to_frame": list(getattr(screen, "touch_to_frame_ms", ()))}

        return timings

    def _zones(self, name: str) -> tuple[str, ...]:
        device = self._settings.devices["speaker"]
        options = read_options(driver_module("speaker", device.driver, name), device.options, name)
        return tuple(outlets_of(options.outlet, options.zones, name))

    def _minute(self) -> int:
        now = _local(self._clock())
        return now.hour * 60 + now.minute

    def _today(self) -> str:
        return _local(self._clock()).strftime("%Y%m%d")


def _role(settings: Settings) -> Role:
    role = ROLES.get(settings.role)
    if role is None:
        raise HallError(Reason.MALFORMED, "role", f"no such role: {settings.role}; there are {', '.join(ROLES)}")
    missing = sorted(role.needs - settings.devices.keys())
    if missing:
        told = f"{role.name} needs {', '.join(missing)}; configure [devices.{missing[0]}]"
        raise HallError(Reason.MALFORMED, "devices", told)
    unused = sorted(settings.devices.keys() - role.needs - role.may_have)
    if unused:
        told = f"{role.name} cannot use {', '.join(unused)}; it can use {', '.join(sorted(role.needs | role.may_have))}"
        raise HallError(Reason.MALFORMED, "devices", told)
    return role


def _refuse_open_secret(path: Path) -> None:
    """The broker's password lets its reader speak as this terminal."""
    if path.exists() and path.stat().st_mode & 0o077:
        raise HallError(Reason.NOT_ALLOWED, str(path), "others can read this secret; its mode must be 0600")


def _nobody_is_seen() -> None:
    """Nobody signs in at this screen."""


def _nothing_is_signed(_issued: TicketIssued) -> None:
    """This terminal gives out no numbers."""


def _nobody_scans(_text: str) -> None:
    """Without a scanner nothing is listened for."""


def _nobody_waits(_job: object, _fault: object) -> None:
    """Only printers tell of jobs that wait."""


def _mint() -> str:
    return uuid6.uuid7().hex


def _local(at: float) -> datetime:
    return datetime.fromtimestamp(at, UTC).astimezone(LOCAL)


def _log(settings: Settings) -> Any:
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            _utc_stamp,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        logger_factory=structlog.PrintLoggerFactory(),
    )
    return structlog.get_logger().bind(terminal=settings.terminal, role=settings.role)


def _utc_stamp(_logger: object, _method: str, entry: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"at": datetime.fromtimestamp(time.time(), UTC).isoformat(timespec="milliseconds"), **entry}
