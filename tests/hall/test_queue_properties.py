"""What the rule in force promises to people, whoever comes and whenever: no starvation, and targets within capacity."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hall.commands import Called, CallNext, FinishService, StartService
from hall.events import PriorityGranted
from hall.ids import StaffId, TicketId
from tests.hall.asking import working
from tests.hall.world import World

SERVICE_MIN = 4
BATCH_MIN = 60
FAIR = ["apq_target", "apq", "ratio_1_2", "first_come"]


def come(world: World, ticket: str, *, priority: bool) -> None:
    world.take(ticket)
    if priority:
        world.happen(PriorityGranted(ticket=TicketId(ticket), issuer=StaffId("0101"), sealed=b"x"), "D1")


def serve_one(world: World) -> tuple[str, float, bool] | None:
    """Window 7 serves one person for a fixed time; who, after how many minutes, and whether with priority."""
    reply = world.at(CallNext, "7").reply
    if not isinstance(reply, Called):
        return None
    world.at(StartService, "7")
    world.now += SERVICE_MIN * 60
    world.at(FinishService, "7")
    return reply.ticket, reply.waited_s / 60, reply.priority


@pytest.mark.parametrize("discipline", FAIR)
def test_endless_priority_people_never_keep_an_ordinary_one_waiting_for_ever(discipline: str) -> None:
    """Four priority people are always there, more than one window can ever serve; three ordinary ones wait."""
    world = working(discipline=discipline)
    for number in range(3):
        come(world, f"o{number}", priority=False)
    called = []
    for number in range(16):
        for more in range(4 if number == 0 else 1):
            come(world, f"p{number}.{more}", priority=True)
        one = serve_one(world)
        assert one is not None
        called.append("P" if one[2] else "o")
    assert called.count("o") == 3
    assert "PPPP" not in "".join(called[: len(called) - called[::-1].index("o")])


@settings(max_examples=40, deadline=None)
@given(
    discipline=st.sampled_from(["apq_target", "apq", "ratio_1_2", "strict", "first_come"]),
    batches=st.lists(st.lists(st.booleans(), max_size=12), min_size=1, max_size=2),
)
def test_under_bounded_load_everybody_is_called_before_the_next_crowd(
    discipline: str, batches: list[list[bool]]
) -> None:
    """Crowds of up to 12 an hour at one window of 4 minutes: nobody waits longer than its work, under any rule."""
    world, begin = working(discipline=discipline), working().now
    for number, batch in enumerate(batches):
        world.now = begin + number * BATCH_MIN * 60
        for place, priority in enumerate(batch):
            come(world, f"t{number}.{place:02}", priority=priority)
        waits = []
        while (one := serve_one(world)) is not None:
            waits.append(one[1])
        assert len(waits) == len(batch)
        assert max(waits, default=0) <= max(0, len(batch) - 1) * SERVICE_MIN


@settings(max_examples=40, deadline=None)
@given(crowd=st.lists(st.booleans(), max_size=20), behind=st.integers(1, 4))
def test_the_priority_target_holds_while_two_of_three_calls_can_carry_it(crowd: list[bool], behind: int) -> None:
    """Over the target, two of three calls are theirs: the last of k waits target + (1.5 k + 1) services at most."""
    world = working(discipline="apq_target", priority_rate=1.0)
    for place, priority in enumerate([*crowd, *([True] * behind)]):
        come(world, f"t{place:02}", priority=priority)
    count = sum(crowd) + behind
    target = world.state.pack.limits.priority_target_min
    while (one := serve_one(world)) is not None:
        if one[2]:
            assert one[1] <= target + (1.5 * count + 1) * SERVICE_MIN


@settings(max_examples=40, deadline=None)
@given(ordinary=st.integers(0, 12), priority=st.integers(0, 12))
def test_the_target_costs_ordinary_people_at_most_the_priority_work(ordinary: int, priority: int) -> None:
    """No call is wasted: the last ordinary person waits no longer than all the work before them."""
    world = working()
    for number in range(ordinary):
        come(world, f"o{number:02}", priority=False)
    for number in range(priority):
        come(world, f"p{number:02}", priority=True)
    while (one := serve_one(world)) is not None:
        assert one[1] <= (ordinary + priority - 1) * SERVICE_MIN
