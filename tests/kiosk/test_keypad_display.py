"""The keypad follows the board; a button means the service it was lit for, once. And the whole way, on a real line."""

import threading
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import msgspec
import pytest

from hall.events import Event, ServiceRated
from hall.ids import ServiceId, SessionId, TerminalId, WindowId
from hall.wire.board import Board, QueueShown, WindowShown
from kiosk.assembly import Program
from kiosk.devices.virtual.keypads import VirtualKeypads
from kiosk.flows.pad_words import RatedByButton
from kiosk.flows.words import Effect
from kiosk.performing.hands import Givens, Hands
from kiosk.performing.keypad_display import KeypadDisplay, waiting_for
from kiosk.performing.performer import Performing
from kiosk.roles import ROLES
from kiosk.session import Frame, Session
from kiosk.settings import Settings
from tests.flows import samples

W7 = WindowId("7")
LIMIT_S = 60.0


@dataclass
class FakePad:
    shown: list[tuple[int | None, str]] = field(default_factory=list)
    lit: int = 0

    def show(self, waiting: int | None, ticket: str) -> None:
        self.shown.append((waiting, ticket))

    def ask_rating(self) -> None:
        self.lit += 1


@dataclass
class FakeLine:
    recorded: list[Event] = field(default_factory=list)

    def record(self, events: tuple[Event, ...], done: Any = None) -> None:
        self.recorded += events


def said(key: str, /, **_values: str | int) -> str:
    return key


class Stage:
    def __init__(self) -> None:
        self.pad = FakePad()
        self.line = FakeLine()
        frame = Frame(TerminalId("W07"), "window_panel", W7, pack=samples.pack())
        self.session = Session(
            role=ROLES["window_panel"],
            frame=frame,
            performer=self.perform,
            mint=lambda: "session",
            monotonic=lambda: 0.0,
            idle_s=45.0,
            complain=lambda where, error: None,
        )
        self.display = KeypadDisplay(self.session, self.pad)
        self.session.subscribe(self.display)
        givens = Givens(
            clock=lambda: 1_000.0,
            random_bytes=bytes,
            say=said,
            local_time=str,
            terminal=TerminalId("W07"),
            window=W7,
        )
        self.performing = Performing(
            self.line,  # type: ignore[arg-type]
            Hands(keypad=self.pad, rating_buttons=self.display),
            givens,
            self.session.post,
            lambda name, value: None,
        )

    def perform(self, effect: Effect, session: SessionId) -> None:
        self.performing(effect, session)

    def board(self, told: Board) -> None:
        self.session.post_frame(lambda frame: replace(frame, board=told))
        self.session.drain()


def board(*, waiting: int = 3, label: str | None = None, finished: str | None = None) -> Board:
    shown = WindowShown(
        window=W7,
        state="called" if label else "free",
        label=label,  # type: ignore[arg-type]
        finished_service=ServiceId(finished) if finished else None,
    )
    queues = (
        QueueShown(series="C", waiting=waiting, longest_wait_s=0.0),
        QueueShown(series="D", waiting=50, longest_wait_s=0.0),
    )
    return msgspec.structs.replace(samples.board(windows=(shown,)), queues=queues)


def test_the_keypad_follows_the_board_and_is_told_changes_only() -> None:
    stage = Stage()
    stage.board(board(waiting=3))
    stage.board(board(waiting=3))
    stage.board(board(waiting=2, label="C012"))
    assert stage.pad.shown == [(3, ""), (2, "C012")]


def test_only_what_this_window_serves_is_counted_and_without_a_pack_nothing_is() -> None:
    assert waiting_for(W7, board(), samples.pack()) == 3
    assert waiting_for(W7, board(), None) is None
    assert waiting_for(WindowId("99"), board(), samples.pack()) == 0


@pytest.mark.row("SUP-07", part="rule")
def test_a_finished_service_lights_the_buttons_once_and_takes_one_grade() -> None:
    stage = Stage()
    stage.board(board(finished="t/1"))
    stage.board(board(finished="t/1"))
    assert stage.pad.lit == 1
    for grade in (5, 1):
        stage.perform(RatedByButton(grade), SessionId("session"))
    assert stage.line.recorded == [ServiceRated(service=ServiceId("t/1"), grade=5, rated_at=1_000.0)]
    stage.board(board(finished="t/2"))
    assert stage.pad.lit == 2


def test_a_button_after_the_rating_was_closed_means_nothing() -> None:
    stage = Stage()
    stage.board(board(finished="t/1"))
    stage.board(board())
    stage.perform(RatedByButton(5), SessionId("session"))
    assert stage.line.recorded == []


def wait_for(what: Any) -> bool:
    until, pause = time.monotonic() + LIMIT_S, threading.Event()
    while not what() and time.monotonic() < until:
        pause.wait(0.01)
    return bool(what())


def test_a_press_on_the_line_reaches_the_panel_and_the_board_reaches_the_keypad(tmp_path: Path) -> None:
    pads = VirtualKeypads(1, 0, tmp_path / "pads", baud=57_600)
    pads.start()
    (tmp_path / "password").write_text("secret")
    settings = Settings.model_validate(
        {
            "environment": "test",
            "hall": "qinghe",
            "terminal": "W07",
            "role": "window_panel",
            "window": "7",
            "brokers": [{"port": 9}],
            "password_file": tmp_path / "password",
            "state_dir": tmp_path / "state",
            "devices": {
                "keypad": {"driver": "call_keypad", "options": {"port": str(tmp_path / "pads"), "baud": 57_600}}
            },
            "screen": False,
        }
    )
    program = Program(settings)
    running = threading.Thread(target=program.run)
    running.start()
    program.started.wait(LIMIT_S)
    session = program._session
    session.post_frame(lambda frame: replace(frame, pack=samples.pack(), board=board(waiting=12, label="C016")))
    assert wait_for(lambda: (pads.state()["waiting"], pads.state()["ticket"]) == ("012", "016"))
    pads.press("recall")  # no meaning before anybody signed in, but it is heard
    assert wait_for(lambda: pads.state()["acknowledged"] == 1)
    assert wait_for(lambda: program._workers["keypad"].report().state == "up")
    program.stop()
    running.join(LIMIT_S)
    pads.stop()
