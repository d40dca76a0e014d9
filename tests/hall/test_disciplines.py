"""Each rule a hall may choose, by the order in which it calls the same people."""

import msgspec
import pytest

from hall.commands import Called, CallNext, FinishService, StartService
from hall.day.decisions import HallState
from hall.events import PriorityGranted, TicketCalled
from hall.ids import StaffId, TicketId
from tests.hall.world import World, qinghe


def working_by(discipline: str, **limits: float) -> World:
    pack = qinghe()
    changed = msgspec.structs.replace(pack.limits, discipline=discipline, **limits)
    return World(HallState(msgspec.structs.replace(pack, limits=changed))).open().sign_in_all()


def order_of(world: World, ordinary: int, priority: int, *, minutes_between: float, minutes_after: float) -> str:
    """Ordinary people come first, then those who are granted priority; window 7 calls them all."""
    for number in range(ordinary):
        world.take(f"o{number}")
    world.now += minutes_between * 60
    for number in range(priority):
        world.take(f"p{number}")
        world.happen(PriorityGranted(ticket=TicketId(f"p{number}"), issuer=StaffId("0101"), sealed=b"x"), "D1")
    world.now += minutes_after * 60
    order = ""
    for _ in range(ordinary + priority):
        reply = world.at(CallNext, "7").reply
        assert isinstance(reply, Called)
        order += "P" if reply.priority else "o"
        world.at(StartService, "7")
        world.at(FinishService, "7")
    return order


@pytest.mark.parametrize(
    ("discipline", "order"),
    [
        ("strict", "PPPPPooooo"),
        ("first_come", "oooooPPPPP"),
        ("ratio_1_2", "PooPooPoPP"),
        ("apq", "oooooPPPPP"),
        ("apq_target", "PPoPPoPooo"),
        ("accumulating", "PPoPPoPooo"),
    ],
)
def test_each_rule_calls_the_same_people_in_its_own_order(discipline: str, order: str) -> None:
    """Ordinary people are 60 min ahead; priority waits 16 min, over its target of 15: credits 76 against 48."""
    assert order_of(working_by(discipline), 5, 5, minutes_between=60, minutes_after=16) == order


@pytest.mark.parametrize("discipline", ["apq", "apq_target", "ratio_1_2", "first_come", "strict"])
def test_a_call_records_the_rule_in_force(discipline: str) -> None:
    world = working_by(discipline)
    world.take("t1")
    event = world.at(CallNext).events[0]
    assert isinstance(event, TicketCalled)
    assert event.rule == discipline
    assert event.compared


@pytest.mark.row("QUE-11", part="rule")
@pytest.mark.parametrize("discipline", ["apq", "apq_target", "ratio_1_2"])
def test_no_rule_but_strict_takes_more_than_three_priority_people_in_a_row(discipline: str) -> None:
    world = working_by(discipline, priority_rate=100.0)
    order = order_of(world, 4, 8, minutes_between=1, minutes_after=1)
    assert "PPPP" not in order[: order.rindex("o")]


def test_the_target_is_the_packs_own_figure() -> None:
    assert order_of(working_by("apq_target", priority_target_min=20), 3, 2, minutes_between=60, minutes_after=16) == (
        "oooPP"
    )
