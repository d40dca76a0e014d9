"""A clerk who goes on after a restart; one rating for what a window does in one go; a held number that goes on."""

import pytest

from hall.commands import AddItem, CallNext, FinishService, HoldTicket, MarkMissed, ResumeTicket, Started, StartService
from hall.day.examining import Flag
from hall.ids import ServiceId, StaffId, TerminalId, TicketLabel, WindowId
from hall.staff_facts import StaffContinued
from tests.hall.asking import CLERK, SEVEN, panel, told, working
from tests.hall.test_added_at_window import shown
from tests.hall.world import CARD, World

FOURTEEN = WindowId("14")


def continued(world: World, staff: StaffId = CLERK, device: str = "W14", at: float = 0.0) -> tuple[Flag, ...]:
    event = StaffContinued(
        staff=staff,
        terminal=TerminalId("W14"),
        window=FOURTEEN,
        last_seen_at=world.now - 60,
        at=at or world.now,
    )
    return world.happen(event, device)


def test_who_went_on_without_a_pin_is_flagged_and_works_there_still() -> None:
    world = working()
    world.now += 60
    assert continued(world) == (Flag.CONTINUED_WITHOUT_PIN,)
    window = world.state.windows[FOURTEEN]
    assert (window.staff, window.terminal) == (CLERK, "W14")


def test_a_hall_that_knew_nobody_there_any_more_believes_the_panel() -> None:
    world = working()
    window = world.state.windows[FOURTEEN]
    window.staff, window.terminal = None, None
    world.now += 60
    continued(world)
    assert window.staff == CLERK


@pytest.mark.parametrize("device", ["W07", "K1", "R14"])
def test_no_other_terminal_can_say_so(device: str) -> None:
    world = working()
    world.state.windows[FOURTEEN].staff = None
    assert Flag.NOT_A_TERMINALS_EVENT in continued(world, device=device)
    assert world.state.windows[FOURTEEN].staff is None


def test_it_relieves_nobody_and_brings_nobody_in_from_another_window() -> None:
    world = working()
    world.now += 60
    continued(world, SEVEN)
    assert world.state.windows[FOURTEEN].staff == CLERK
    world.state.windows[FOURTEEN].staff = None
    continued(world, SEVEN)
    assert world.state.windows[FOURTEEN].staff is None


def test_what_was_so_yesterday_is_not_so_today() -> None:
    world = working()
    world.state.windows[FOURTEEN].staff = None
    continued(world, at=world.now - 24 * 3600)
    assert world.state.windows[FOURTEEN].staff is None


# ---- one rating for what one window does in one go (ADR 0012) ----------------------------------------------------


def with_two_items() -> World:
    world = working()
    world.take("t1")
    world.at(CallNext)
    world.at(StartService)
    panel(world, AddItem(label=TicketLabel("C001"), item=CARD, staff=CLERK))
    world.at(FinishService)
    return world


@pytest.mark.row("SUP-07", part="rule")
def test_a_visit_with_two_items_in_one_hand_is_asked_for_one_rating_at_its_end() -> None:
    world = with_two_items()
    assert shown(world).finished_service is None, "the visit goes on here"
    world.at(StartService)
    assert shown(world).finished_service is None
    world.at(FinishService)
    assert shown(world).finished_service == ServiceId("t1/2")
    assert world.rate("t1/2") == ()
    assert shown(world).finished_service is None
    assert world.rate("t1/2", 1) == (Flag.SECOND_RATING,)


def test_who_leaves_before_the_second_item_is_asked_about_the_first() -> None:
    world = with_two_items()
    world.state.tickets[next(iter(world.state.tickets))].calls = 9
    world.now += 3600
    world.at(MarkMissed)
    assert shown(world).ticket is None
    service = world.state.services[ServiceId("t1/1")]
    service.finished_at = world.now
    assert shown(world).finished_service == "t1/1"


def test_a_held_number_that_goes_on_keeps_what_was_known_at_its_call() -> None:
    world = working()
    world.take("t1", terminal="D1", grant=True)
    world.now += 600
    world.at(CallNext)
    label = world.state.tickets[next(iter(world.state.tickets))].label
    world.at(StartService)
    panel(world, HoldTicket(window=FOURTEEN, staff=CLERK))
    world.now += 300
    started = told(panel(world, ResumeTicket(window=FOURTEEN, staff=CLERK, label=label)), Started)
    assert started.called is not None
    assert (started.called.priority, started.called.waited_s, started.called.label) == (True, 600.0, label)
