"""Large print and high contrast on a staff screen belong to who is signed in there, not to the screen."""

from collections.abc import Callable
from dataclasses import dataclass, field

from hall.ids import StaffId, TerminalId
from kiosk.flows.kinds import Effect, Happened, Step
from kiosk.flows.steps import PanelReady, SigningIn
from kiosk.flows.words import EndSession
from kiosk.roles import Role
from kiosk.session import Frame, Session, View
from kiosk.ui.theme import look
from tests.ui.samples import PANEL

FIRST, SECOND = StaffId("0303"), StaffId("0310")
SIGN_IN = SigningIn("window_panel")


@dataclass(frozen=True, slots=True)
class Goes(Happened):
    to: Step
    effects: tuple[Effect, ...] = ()


@dataclass
class Screen:
    session: Session = field(init=False)
    mint: Callable[[], str] = field(default_factory=lambda: iter(str(number) for number in range(1000)).__next__)

    def __post_init__(self) -> None:
        role = Role("window_panel", SIGN_IN, self._advance, frozenset(), "landscape")
        self.session = Session(
            role=role,
            frame=Frame(TerminalId("W07"), "window_panel"),
            performer=lambda _effect, _session: None,
            mint=self.mint,
            monotonic=lambda: 0.0,
            idle_s=45.0,
            complain=lambda where, error: None,
        )

    @staticmethod
    def _advance(step: Step, happened: Happened) -> tuple[Step, tuple[Effect, ...]]:
        return (happened.to, happened.effects) if isinstance(happened, Goes) else (step, ())

    def goes(self, to: Step, *effects: Effect) -> View:
        self.session.post(Goes(to, effects))
        self.session.drain()
        return self.session.frame.view


def at_work(staff: StaffId, problem: object = None) -> PanelReady:
    return PanelReady(staff, "样例", fresh=problem is not None)


def test_a_clerk_keeps_large_print_through_every_resident_until_they_leave() -> None:
    screen = Screen()
    screen.goes(at_work(FIRST))
    screen.session.show_as(large=True)
    assert screen.goes(at_work(FIRST, "next"), EndSession()).large
    assert not screen.goes(SIGN_IN).large, "the next one begins in standard print"
    assert not screen.goes(at_work(SECOND)).large


def test_a_clerk_who_comes_back_finds_their_own_view() -> None:
    screen = Screen()
    screen.goes(at_work(FIRST))
    screen.session.show_as(large=True, contrast=True)
    screen.goes(SIGN_IN)
    screen.goes(at_work(SECOND))
    screen.goes(SIGN_IN)
    assert screen.goes(at_work(FIRST)) == View(large=True, contrast=True)


def test_what_was_chosen_while_signing_in_stays() -> None:
    screen = Screen()
    screen.goes(at_work(FIRST))
    screen.goes(SIGN_IN)
    screen.session.show_as(large=True)
    assert screen.goes(at_work(FIRST)).large


def test_a_residents_view_ends_with_their_session() -> None:
    screen = Screen()
    screen.session.show_as(large=True)
    assert screen.goes(SigningIn("window_panel", staff="03"), EndSession()) == View()


def test_large_print_for_staff_can_be_read_from_where_they_sit() -> None:
    large = look(PANEL, View(large=True), staff=True)
    assert large.body / large.mm >= 8.4
    assert large.body >= 1.25 * look(PANEL, View()).body
    assert look(PANEL, View(), staff=True) == look(PANEL, View())
