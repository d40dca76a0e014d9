"""Walks over the upkeep pages: looking, signing, recording; refusals, the server away, double taps."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from hall.errors import Reason
from hall.ids import DeviceId, TerminalId
from hall.upkeep import Finding, LineSigned, LineState, MaintenanceNoted, Work
from hall.wire.upkeep_shown import OpeningShown
from kiosk.flows import guide_desk
from kiosk.flows.desk_steps import DeskDevices, DeskTyping, DeskUpkeep
from kiosk.flows.steps import DeskReady, SigningIn
from kiosk.flows.upkeep_words import (
    ChecklistSigned,
    ChoseFinding,
    ChoseWork,
    MaintenanceTold,
    MarkedLine,
    NoteMaintenance,
    OpensUpkeep,
    SignChecklist,
    SignsOpening,
)
from kiosk.flows.words import (
    BoardChanged,
    Effect,
    Ended,
    GoesToHelp,
    GoToHelp,
    Happened,
    SignedOff,
    SignOutStaff,
    Step,
    WentBack,
)
from tests.flows.walking import walk_through
from tests.ui.desk_samples import WHO
from tests.ui.samples import board
from tests.ui.upkeep_samples import DAY, NOTED

PAGE = DeskUpkeep(*WHO)
DUE = DeskUpkeep(*WHO, page="due")
PRINTER = DeviceId("K2.slip_printer")
LINES = (LineSigned("look.notice", "fine"),)
SIGN = SignsOpening(DAY, LINES)
LOOKED = MarkedLine("look.notice", LineState.FINE)


def walk(step: Step, *inputs: Happened) -> tuple[Step, list[Effect]]:
    return walk_through(guide_desk.advance, step, *inputs)


def test_the_guide_looks_and_signs_with_one_touch_and_the_board_clears_the_marks() -> None:
    step, effects = walk(DeskReady(*WHO), OpensUpkeep("opening"), LOOKED, SIGN, SIGN, WentBack())
    assert effects == [SignChecklist(DAY, LINES, WHO[0])]
    assert isinstance(step, DeskUpkeep)
    assert step.signing
    step, _ = walk(step, ChecklistSigned())
    assert step == DeskUpkeep(*WHO, marks=(("look.notice", LineState.FINE),))
    signed = msgspec.structs.replace(board(), opening=OpeningShown(day=DAY, signed=LINES))
    assert walk(step, BoardChanged(signed)) == (PAGE, [])


def test_a_signature_that_was_not_kept_says_why_and_keeps_what_was_looked_at() -> None:
    step, _ = walk(PAGE, LOOKED, SIGN, ChecklistSigned(Reason.SERVER_AWAY))
    assert step == DeskUpkeep(*WHO, marks=(("look.notice", LineState.FINE),), problem=Reason.SERVER_AWAY)
    back, _ = walk(step, BoardChanged(msgspec.structs.replace(board(), opening=OpeningShown(day=DAY))))
    assert back == DeskUpkeep(*WHO, marks=step.marks)
    assert walk(step, SIGN)[1] == [SignChecklist(DAY, LINES, WHO[0])]


def test_a_line_can_be_judged_again_and_never_be_unseen() -> None:
    step, _ = walk(PAGE, LOOKED, MarkedLine("look.notice", LineState.FAULT))
    assert step == DeskUpkeep(*WHO, marks=(("look.notice", LineState.FAULT),))
    assert walk(step, MarkedLine("look.notice", LineState.OPEN)) == (step, [])
    assert walk(PAGE, SignsOpening(DAY, ())) == (PAGE, [])


def test_a_work_is_recorded_with_one_touch_and_tells_when_it_is_due_again() -> None:
    chosen = ChoseWork(PRINTER, Work.INSPECTION)
    step, effects = walk(DUE, chosen, ChoseFinding(Finding.CLEANED), ChoseFinding(Finding.FINE))
    assert effects == [NoteMaintenance(PRINTER, Work.INSPECTION, Finding.CLEANED, WHO[0])]
    done, _ = walk(step, MaintenanceTold(PRINTER, noted=NOTED))
    assert done == DeskUpkeep(*WHO, page="due", noted=NOTED)
    failed, _ = walk(step, MaintenanceTold(PRINTER, reason=Reason.TOO_LATE))
    assert failed == DeskUpkeep(*WHO, page="due", chosen=(PRINTER, Work.INSPECTION), problem=Reason.TOO_LATE)
    assert walk(failed, WentBack()) == (DUE, [])


def test_the_work_itself_can_be_another_one_before_it_is_recorded() -> None:
    _, effects = walk(
        DUE, ChoseWork(PRINTER, Work.INSPECTION), ChoseWork(PRINTER, Work.REPAIR), ChoseFinding(Finding.REPLACED)
    )
    assert effects == [NoteMaintenance(PRINTER, Work.REPAIR, Finding.REPLACED, WHO[0])]
    assert walk(DUE, ChoseFinding(Finding.FINE)) == (DUE, [])


def test_an_answer_about_another_device_is_not_taken_for_this_one() -> None:
    step, _ = walk(DUE, ChoseWork(PRINTER, Work.INSPECTION), ChoseFinding(Finding.FINE))
    other = DeviceId("K1.slip_printer")
    assert walk(step, MaintenanceTold(other, noted=MaintenanceNoted(device=other, work="inspection"))) == (step, [])


def test_the_pages_are_reached_from_the_desk_and_left_again() -> None:
    for start in (DeskReady(*WHO), DeskTyping(*WHO), DeskDevices(*WHO)):
        assert walk(start, OpensUpkeep("due"))[0] == DUE
    assert walk(DUE, OpensUpkeep("closing"))[0] == DeskUpkeep(*WHO, page="closing")
    assert walk(DUE, WentBack())[0] == walk(DUE, Ended())[0] == DeskReady(*WHO)


def test_whoever_asks_for_help_is_heard_also_while_something_is_written_down() -> None:
    busy, _ = walk(PAGE, SIGN)
    for step in (PAGE, busy):
        assert walk(step, GoesToHelp(TerminalId("K1")))[1] == [GoToHelp(TerminalId("K1"), WHO[0])]
    assert walk(busy, SignedOff()) == (busy, [])
    assert walk(PAGE, SignedOff()) == (SigningIn("guide_desk"), [SignOutStaff(WHO[0])])


INPUTS: list[Happened] = [
    LOOKED,
    SIGN,
    ChecklistSigned(),
    ChecklistSigned(Reason.TOO_LATE),
    ChoseWork(PRINTER, Work.INSPECTION),
    ChoseWork(PRINTER, Work.REPAIR),
    ChoseFinding(Finding.FINE),
    MaintenanceTold(PRINTER, noted=NOTED),
    MaintenanceTold(PRINTER, reason=Reason.INTERNAL),
    OpensUpkeep("opening"),
    OpensUpkeep("due"),
    BoardChanged(board()),
    WentBack(),
]


@given(inputs=st.lists(st.sampled_from(INPUTS), max_size=25))
def test_whatever_is_pressed_one_thing_is_asked_at_a_time(inputs: list[Happened]) -> None:
    step: Step = PAGE
    waiting = 0
    for happened in inputs:
        if waiting == 0 and isinstance(happened, ChecklistSigned | MaintenanceTold):
            continue
        step, effects = walk(step, happened)
        waiting += len([one for one in effects if isinstance(one, SignChecklist | NoteMaintenance)])
        if isinstance(step, DeskUpkeep):
            if not (step.signing or step.noting):
                waiting = 0
            assert waiting <= 1
            assert not (step.signing and step.noting)
