"""The real window worked by keys alone: a ticket from home to paper, help, the eye, and a scanner that types."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from kivy.base import EventLoop

from hall.ids import ItemCode, JobId
from kiosk.flows import self_service, steps, words
from kiosk.flows.words import CardKind, Happened, Step
from kiosk.ports import PrintOutcome
from kiosk.ui.keying import Ears
from kiosk.ui.navigation import CODES
from kiosk.ui.wedge import Wedge
from tests.ui.samples import SELF_SERVICE, frame, issued, leased, statement
from tests.ui.stand import Stand

SLIP = "DY1/T/A012/019A0000000070008000000000000001"


@dataclass
class Listener:
    """Headphones and a scanner's worker, with memory."""

    said: list[tuple[str, str, int]] = field(default_factory=list)
    scanned: list[str] = field(default_factory=list)

    def ears(self) -> Ears:
        def speak(text: str, language: str, percent: int) -> None:
            self.said.append((text, language, percent))

        return Ears(speak=speak, wedge=Wedge(), scanned=self.scanned.append)


class Keyed(Stand):
    """One open window with a keypad before it."""

    def __init__(self, first: Step) -> None:
        self.listener = Listener()
        super().__init__(SELF_SERVICE, self_service.advance, first, frame("K1", "self_service"), self.listener.ears())

    def down(self, code: int, modifiers: tuple[str, ...] = ()) -> None:
        self.app._window.dispatch("on_key_down", code, 0, "", list(modifiers))
        EventLoop.idle()

    def up(self, code: int) -> None:
        self.app._window.dispatch("on_key_up", code, 0)
        EventLoop.idle()

    def key(self, *names: str) -> None:
        for name in names:
            self.now_ms += 1_000
            self.down(CODES[name])
            self.up(CODES[name])

    def happens(self, happened: Happened) -> None:
        self.session.post(happened, self.session.id)
        self.frames(2)

    def focus(self) -> str:
        return next((seen.text for seen in self.app.widgets() if seen.name == "focus"), "")

    def go_to(self, name: str) -> None:
        for _ in range(20):
            if self.focus() == name:
                return
            self.key("down")
        raise AssertionError(f"no stop {name}")

    def type(self, text: str, apart_ms: float = 4.0) -> None:
        for mark in text:
            self.now_ms += apart_ms
            self.frames(2)  # the screen looks for keys all the time
            self.down(ord(mark.lower()), ("shift",) if mark.isupper() else ())
            self.up(ord(mark.lower()))
        self.now_ms += apart_ms
        self.frames(2)
        self.down(CODES["enter"])
        self.up(CODES["enter"])


@pytest.fixture
def keyed(largest_window: None, swift_clock: None) -> Iterator[Callable[..., Keyed]]:
    made: list[Keyed] = []

    def make(first: Step | None = None) -> Keyed:
        made.append(Keyed(first or steps.Home()))
        return made[-1]

    yield make
    for one in made:
        one.app.close()


def last(at: Keyed) -> str:
    return at.listener.said[-1][0]


@pytest.mark.row("QUE-02", part="face")
def test_a_ticket_from_home_to_paper_by_five_keys_without_a_touch(keyed: Callable[..., Keyed]) -> None:
    at = keyed()
    assert (at.focus(), at.listener.said) == ("", [])
    at.key("down")
    assert at.focus() == "take_ticket"
    assert "取号" in last(at)
    at.key("enter")
    assert isinstance(at.session.step, steps.ChoosingGroup)
    at.go_to("group:pension")
    at.key("enter")
    at.go_to("item:SI-301")
    at.key("enter")
    assert words.Issue(ItemCode("SI-301")) in at.hands.done
    at.happens(words.TicketReady(issued(), leased()))
    assert any(isinstance(done, words.PrintTicket) for done in at.hands.done)
    assert "C013" in last(at), "who does not see the number hears it"
    at.happens(words.PrintEnded(JobId(issued().ticket), PrintOutcome.PRINTED, None))
    at.go_to("end")
    at.key("enter")
    assert isinstance(at.session.step, steps.Home)
    assert at.focus() == "", "the next person begins without a ring"
    assert at.complaints == []


def test_every_stop_of_a_screen_is_reached_and_said_and_the_way_goes_around(keyed: Callable[..., Keyed]) -> None:
    at = keyed()
    at.key("tab")
    first = at.focus()
    seen: list[str] = []
    while not seen or at.focus() != first:
        seen.append(at.focus())
        at.key("right")
    assert seen == ["take_ticket", "query_print", "guide", "view", "language", "help"]
    at.key("up")
    assert at.focus() == "help"
    assert [text.rpartition(" ")[2] for text, _, _ in at.listener.said[:2]] == ["第1项，共6项", "第2项，共6项"]


def test_select_in_the_dark_presses_nothing(keyed: Callable[..., Keyed]) -> None:
    at = keyed()
    at.key("enter")
    assert isinstance(at.session.step, steps.Home)
    assert at.focus() == "take_ticket"


def test_a_key_held_down_presses_once(keyed: Callable[..., Keyed]) -> None:
    at = keyed()
    at.key("down")
    for _ in range(10):
        at.now_ms += 400
        at.down(CODES["enter"])
    assert isinstance(at.session.step, steps.ChoosingGroup)


def test_back_goes_back_and_help_asks_for_help_from_everywhere(keyed: Callable[..., Keyed]) -> None:
    at = keyed(steps.ChoosingItem("pension"))
    at.key("f1")
    assert words.RecordHelp("ChoosingItem") in at.hands.done
    at.key("escape")
    assert isinstance(at.session.step, steps.ChoosingGroup)
    at.key("backspace")
    assert isinstance(at.session.step, steps.Home)
    at.key("escape")
    assert isinstance(at.session.step, steps.Home)


def test_back_closes_an_open_menu_first(keyed: Callable[..., Keyed]) -> None:
    at = keyed(steps.ChoosingItem("pension"))
    at.key("down")
    at.go_to("view")
    at.key("enter")
    assert "large" in at.names()
    at.key("escape")
    assert "large" not in at.names()
    assert isinstance(at.session.step, steps.ChoosingItem)


def test_a_touch_hides_the_ring_and_presses_as_ever(keyed: Callable[..., Keyed]) -> None:
    at = keyed()
    at.key("down", "down")
    at.tap("take_ticket")
    assert isinstance(at.session.step, steps.ChoosingGroup)
    assert at.focus() == ""


def test_the_eye_shows_while_its_key_is_held(keyed: Callable[..., Keyed]) -> None:
    at = keyed(steps.ShowingStatement(statement(), CardKind.ID))
    at.key("down")
    at.go_to("eye")
    at.now_ms += 1_000
    at.down(CODES["enter"])
    at.frames(1)
    assert at.session.step.unmasked  # type: ignore[attr-defined]
    at.up(CODES["enter"])
    at.frames(1)
    assert not at.session.step.unmasked  # type: ignore[attr-defined]


def test_repeat_and_loudness_and_the_language_of_the_person(keyed: Callable[..., Keyed]) -> None:
    at = keyed()
    at.key("down")
    at.session.show_as(language="en")
    at.frames(2)
    at.key("f4", "f2")
    (louder, again) = at.listener.said[-2:]
    assert louder == ("Volume 4", "en", 85)
    assert again[1:] == ("en", 85)
    assert "Take a number" in again[0]


def test_keys_keep_the_screen_awake_but_do_not_answer_whether_somebody_is_there(keyed: Callable[..., Keyed]) -> None:
    at = keyed(steps.ChoosingGroup())
    for _ in range(4):
        at.now_ms += 19_000
        at.key("down")
    at.session.drain()
    assert isinstance(at.session.step, steps.ChoosingGroup)
    at.happens(words.WentIdle())
    at.key("down", "down")
    assert isinstance(at.session.step, steps.StillThere)
    at.go_to("go_on")
    at.key("enter")
    assert isinstance(at.session.step, steps.ChoosingGroup)


def test_a_scanner_that_types_is_one_code_and_presses_nothing(keyed: Callable[..., Keyed]) -> None:
    at = keyed()
    at.key("down")
    at.type(SLIP)
    assert at.listener.scanned == [SLIP]
    assert isinstance(at.session.step, steps.Home)
    assert at.focus() == "take_ticket"


def test_slow_typing_on_a_keyboard_is_no_code(keyed: Callable[..., Keyed]) -> None:
    at = keyed()
    at.type("A012A012", apart_ms=200.0)
    assert at.listener.scanned == []
