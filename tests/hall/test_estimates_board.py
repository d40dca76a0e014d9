import msgspec

from hall.commands import Called, CallNext, FinishService, SignOut, StartService
from hall.day.board import board
from hall.ids import Series, StaffId, TicketId, WindowId
from hall.queue import estimates
from hall.wire.board import Board
from hall.wire.codec import decode, encode
from tests.hall.world import CARD, PENSION, TUESDAY, World, clock

C = (Series("C"), Series("C"), False)
Y = (Series("Y"), Series("C"), True)


def shown(world: World) -> Board:
    return board(world.state, world.now, 7, 1, TUESDAY)


def test_nobody_ahead_and_a_free_window_is_no_wait() -> None:
    quote = estimates.quote(World().open().sign_in_all().state, C, clock("09:30"))
    assert (quote.people_ahead, quote.low_min, quote.high_min, quote.approximate) == (0, 0, 2, False)


def test_more_people_ahead_never_shorten_the_wait() -> None:
    world, last = World().open().sign_in_all(), -1
    for number in range(30):
        quote = estimates.quote(world.state, C, world.now)
        assert quote.people_ahead == number
        assert quote.low_min <= quote.high_min
        assert quote.high_min >= last
        last = quote.high_min
        world.take(f"t{number}")


def test_a_person_in_the_middle_is_told_their_own_place() -> None:
    world = World().open()
    for number in range(5):
        world.take(f"t{number}")
        world.now += 1
    places = [estimates.quote(world.state, ticket, world.now).people_ahead for ticket in world.state.tickets.values()]
    assert places == [0, 1, 2, 3, 4]


def test_priority_people_wait_for_priority_people_only() -> None:
    world = World().open().sign_in_all()
    for number in range(5):
        world.take(f"t{number}")
    world.take("p", terminal="D1", grant=True)
    assert estimates.quote(world.state, Y, world.now).people_ahead == 1
    assert estimates.quote(world.state, C, world.now).people_ahead == 6


def test_a_second_window_shortens_the_wait() -> None:
    world = World().open().sign_in_all()
    for number in range(12):
        world.take(f"t{number}")
    both = estimates.quote(world.state, C, world.now)
    world.ask(SignOut(staff=StaffId("0310")), "W14")
    assert estimates.quote(world.state, C, world.now).high_min > both.high_min


def test_services_of_the_day_teach_the_estimate_and_a_very_short_one_does_not() -> None:
    world = World().open().sign_in_all()
    declared = estimates.mean_min(world.state, Series("C"))
    for number, minutes in enumerate((0.5, 29)):
        world.take(f"t{number}")
        world.at(CallNext, "7")
        world.at(StartService, "7")
        world.now += minutes * 60
        world.at(FinishService, "7")
        if number == 0:
            assert estimates.mean_min(world.state, Series("C")) == declared
    assert estimates.mean_min(world.state, Series("C")) == (5 * declared + 29) / 6


def test_a_cut_off_terminal_quotes_from_its_last_board_and_says_so() -> None:
    world = World().open().sign_in_all()
    for number in range(6):
        world.take(f"t{number}")
    quote = estimates.from_board(shown(world), Series("C"))
    assert quote.approximate
    assert quote.people_ahead == 6
    assert quote.low_min <= quote.high_min
    assert estimates.from_board(shown(world), Series("Q")).people_ahead == 0


def test_the_board_of_an_empty_hall_says_so() -> None:
    told = shown(World())
    assert (told.day, told.taking_tickets, told.waiting, told.typical_wait_min) == ("", False, 0, 1)
    assert {window.state for window in told.windows} == {"closed"}


def test_the_usual_wait_is_that_of_the_queues_in_which_people_wait() -> None:
    """Not the mean over every queue: most may have no window of their own open, and nobody in them."""
    world = World().open().sign_in_all()
    world.take("t1")
    world.take("t2")
    world.at(CallNext, "14")
    told = estimates.quote(world.state, C, world.now)
    assert told.low_min <= shown(world).typical_wait_min <= told.high_min


def test_the_board_shows_queues_windows_calls_and_ratings_by_number_only() -> None:
    world = World().open().sign_in_all()
    world.take("t1")
    world.now += 90
    world.take("t2", CARD)
    world.at(CallNext, "7")
    told = shown(world)
    queues = {queue.series: queue for queue in told.queues}
    windows = {window.window: window for window in told.windows}
    assert (told.waiting, queues["C"].waiting, queues["H"].next_labels) == (1, 0, ("H001",))
    assert (windows[WindowId("7")].state, windows[WindowId("7")].label) == ("called", "C001")
    assert windows[WindowId("14")].state == "free"
    assert [(call.label, call.window) for call in told.calls] == [("C001", "7")]
    world.at(StartService, "7")
    assert {w.window: w.state for w in shown(world).windows}[WindowId("7")] == "serving"
    assert decode(Board, encode(told), "board") == told


def test_a_rating_is_open_on_the_board_until_given_too_old_or_the_next_person_sits_down() -> None:
    def open_rating(world: World) -> str | None:
        return {window.window: window for window in shown(world).windows}[WindowId("14")].finished_service

    world = World().open().sign_in_all()
    world.take("t1")
    service = world.serve()
    assert open_rating(world) == service
    world.rate(service)
    assert open_rating(world) is None
    world.take("t2")
    service = world.serve()
    world.now += world.state.pack.limits.rating_open_s
    assert open_rating(world) is None
    world.take("t3")
    world.serve()
    world.take("t4")
    world.at(CallNext)
    assert open_rating(world) == "t3/1"
    world.at(StartService)
    assert open_rating(world) is None


def test_the_board_keeps_the_last_twenty_calls_oldest_first() -> None:
    world = World().open().sign_in_all()
    for number in range(25):
        world.take(f"t{number:02}", PENSION)
    for _ in range(25):
        world.serve()
    calls = [call.call_seq for call in shown(world).calls]
    assert len(calls) == 20
    assert calls == sorted(calls)
    assert calls[-1] == world.state.call_seq


def test_the_longest_wait_is_never_negative_when_a_terminals_clock_is_ahead() -> None:
    world = World().open().sign_in_all()
    event = world.take("t1")
    world.happen(msgspec.structs.replace(event, ticket=TicketId("t2"), number=700, issued_at=world.now + 500), "K1")
    world.now -= 10
    assert {queue.series: queue.longest_wait_s for queue in shown(world).queues}["C"] == 0
    reply = world.at(CallNext).reply
    assert isinstance(reply, Called)
    assert reply.waited_s >= 0
