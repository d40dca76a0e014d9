from dataclasses import dataclass, field

from kiosk.devices.workers import KeypadWorker
from kiosk.devices.workers.keypad import RATING_S
from kiosk.flows.pad_words import KeypadPressed
from kiosk.ports import Key, KeyPress
from tests.devices.workers.fakes import PULLED, Clock, FakeDriver, Posts


@dataclass
class FakePad(FakeDriver):
    waiting: list[KeyPress] = field(default_factory=list)
    shown: list[tuple[int | None, str]] = field(default_factory=list)
    answers: bool = True
    asked_rating: int = 0

    def presses(self) -> tuple[KeyPress, ...]:
        self.check()
        found, self.waiting = tuple(self.waiting), []
        return found

    def show(self, waiting: int | None, ticket: str) -> bool:
        self.check()
        self.shown.append((waiting, ticket))
        return self.answers

    def ask_rating(self) -> bool:
        self.check()
        self.asked_rating += 1
        return self.answers


class Window:
    def __init__(self) -> None:
        self.clock = Clock()
        self.driver = FakePad()
        self.posts = Posts()
        self.worker = KeypadWorker("W14.keypad", lambda: self.driver, self.posts, monotonic=self.clock)

    def run(self, seconds: float) -> None:
        end = self.clock.now + seconds
        while self.clock.now < end:
            self.clock.now = min(end, self.clock.now + max(self.worker.step(), 0.001))


def test_every_press_reaches_the_session_in_order() -> None:
    window = Window()
    window.driver.waiting = [KeyPress(1, Key.DIGIT, 4), KeyPress(1, Key.CONFIRM)]
    window.run(0.1)
    assert window.posts.entries == [(KeypadPressed(Key.DIGIT, 4), None), (KeypadPressed(Key.CONFIRM), None)]
    assert "4" not in repr(window.posts.entries)


def test_the_latest_counts_stand_on_the_keypad_and_are_told_once() -> None:
    window = Window()
    window.worker.show(3, "A001")
    window.worker.show(4, "A002")
    window.run(1)
    assert window.driver.shown == [(4, "A002")]


def test_a_keypad_that_did_not_take_them_is_tried_again_later_and_keeps_being_heard() -> None:
    window = Window()
    window.driver.answers = False
    window.worker.show(3, "A001")
    window.run(1)
    window.driver.waiting = [KeyPress(1, Key.CALL)]
    window.run(1)
    assert window.posts.kinds() == ["KeypadPressed"]
    assert len(window.driver.shown) == 1
    window.driver.answers = True
    window.run(5)
    assert window.driver.shown == [(3, "A001")] * 2


def test_the_buttons_are_lit_once_and_not_for_somebody_who_has_left() -> None:
    window = Window()
    window.worker.ask_rating()
    window.run(5)
    assert window.driver.asked_rating == 1
    window.driver.answers = False
    window.worker.ask_rating()
    window.run(RATING_S + 10)
    tried = window.driver.asked_rating
    window.driver.answers = True
    window.run(30)
    assert window.driver.asked_rating == tried


def test_a_line_that_was_pulled_is_told_and_gets_the_counts_again() -> None:
    window = Window()
    window.worker.show(3, "A001")
    window.run(1)
    window.driver.broken = PULLED
    window.run(10)
    report = window.worker.report()
    assert (report.state, report.code) == ("down", "disconnected")
    assert "呼叫器" in report.action
    window.driver.broken = None
    window.run(10)
    assert window.driver.shown == [(3, "A001")] * 2
    assert window.worker.report().state == "up"


def test_an_idle_keypad_is_no_busy_loop() -> None:
    window = Window()
    window.run(0.1)
    assert window.worker.step() > 0
