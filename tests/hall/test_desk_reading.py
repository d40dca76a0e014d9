"""A number read at the guide desk: its facts, and only the moves that the rules would allow."""

import pytest

from hall.commands import (
    AddItem,
    CallNext,
    CancelTicket,
    ComeBack,
    Done,
    GrantPriority,
    MarkMissed,
    ReadTicket,
    Refused,
    ReturnMissed,
    StepAway,
    SwapItem,
)
from hall.day.decisions import Asker, Decidable, decide
from hall.desk_facts import DeskMove, TicketShown
from hall.errors import Reason
from hall.ids import ItemCode, StaffId, TerminalId, TicketLabel
from tests.hall.asking import CLERK, GUIDE, desk, no, panel, told, working
from tests.hall.world import CARD, ENQUIRY, World

C001 = TicketLabel("C001")
AT_DESK = Asker(TerminalId("D1"), "guide_desk")
READ = ReadTicket(label=C001, staff=GUIDE)
WAITING_MOVES = (DeskMove.STEP_AWAY, DeskMove.SWAP, DeskMove.ADD, DeskMove.GRANT, DeskMove.CANCEL)


def shown(world: World) -> TicketShown:
    return told(desk(world, READ), TicketShown)


def missed() -> World:
    world = working(calls_before_missed=1)
    world.take("t1")
    world.at(CallNext, "7")
    world.now += 120
    told(world.at(MarkMissed, "7").reply, Done)
    return world


def test_a_waiting_number_is_told_with_windows_area_and_the_wait_of_now() -> None:
    world = working()
    world.take("t1")
    before = len(world.log)
    facts = shown(world)
    assert (facts.issued.label, facts.state, facts.windows, facts.moves) == (
        "C001", "waiting", ("7", "8", "14"), WAITING_MOVES,
    )  # fmt: skip
    assert facts.issued.quote is not None
    assert facts.issued.quote.people_ahead == 0
    assert len(world.log) == before, "reading changes nothing"


def test_a_missed_number_may_return_once() -> None:
    world = missed()
    assert shown(world).moves[0] is DeskMove.RETURN
    told(desk(world, ReturnMissed(label=C001, staff=GUIDE)), Done)
    assert shown(world).state == "waiting"
    assert DeskMove.RETURN not in shown(world).moves


def test_who_is_away_may_come_back_and_not_step_away_again_meanwhile() -> None:
    world = working()
    world.take("t1")
    told(desk(world, StepAway(label=C001, staff=GUIDE, minutes=10)), Done)
    facts = shown(world)
    assert facts.away_until == world.now + 600
    assert DeskMove.COME_BACK in facts.moves
    assert DeskMove.STEP_AWAY not in facts.moves


def test_an_ended_number_is_shown_without_moves_and_an_unknown_one_is_refused() -> None:
    world = working()
    world.take("t1")
    told(desk(world, CancelTicket(label=C001, staff=GUIDE)), Done)
    assert (shown(world).state, shown(world).moves) == ("cancelled", ())
    assert no(desk(world, ReadTicket(label=TicketLabel("C999"), staff=GUIDE))) is Reason.UNKNOWN_TICKET


def test_only_a_guide_who_is_signed_in_reads() -> None:
    world = working()
    world.take("t1")
    assert no(desk(world, ReadTicket(label=C001, staff=StaffId("0999")))) is Reason.NOT_SIGNED_IN
    assert no(panel(world, ReadTicket(label=C001, staff=CLERK))) is Reason.NOT_ALLOWED


@pytest.mark.parametrize("scene", ["waiting", "away", "missed", "called", "full"])
def test_every_move_offered_is_granted_and_every_other_is_refused(scene: str) -> None:
    world = missed() if scene == "missed" else working(away_times=1)
    if scene != "missed":
        world.take("t1")
    if scene == "away":
        desk(world, StepAway(label=C001, staff=GUIDE, minutes=5))
    if scene == "called":
        world.at(CallNext, "7")
    if scene == "full":
        for code in ("SI-303", "SI-304", "SI-305", "SI-306"):
            told(desk(world, AddItem(label=C001, item=ItemCode(code), staff=GUIDE)), Done)
    commands: dict[DeskMove, Decidable] = {
        DeskMove.RETURN: ReturnMissed(label=C001, staff=GUIDE),
        DeskMove.STEP_AWAY: StepAway(label=C001, staff=GUIDE, minutes=5),
        DeskMove.SWAP: SwapItem(label=C001, item=CARD, staff=GUIDE),
        DeskMove.ADD: AddItem(label=C001, item=ENQUIRY, staff=GUIDE),
        DeskMove.GRANT: GrantPriority(label=C001, staff=GUIDE, sealed_grant=b"sealed"),
        DeskMove.CANCEL: CancelTicket(label=C001, staff=GUIDE),
        DeskMove.COME_BACK: ComeBack(label=C001, staff=GUIDE),
    }
    offered = shown(world).moves
    for move, command in commands.items():
        granted = not isinstance(decide(world.state, command, AT_DESK, world.now).reply, Refused)
        if move is DeskMove.COME_BACK:  # coming back from nowhere is harmless; it is offered only to who is away
            assert granted or move not in offered
        else:
            assert granted == (move in offered), (scene, move)
