import pytest

from hall.commands import AcknowledgeHelp, CallNext, Done, Refused, StartService
from hall.day.decisions import Flag, PrepareStatement
from hall.errors import Reason
from hall.events import HelpRequested, SlipEnded, StatementPrepared
from hall.ids import JobId, ServiceId, StaffId, TerminalId, TicketId
from hall.services.ratings import GRADES, GRADES_EN
from tests.hall.world import TUESDAY, World, clock


def served() -> tuple[World, ServiceId]:
    world = World().open().sign_in_all()
    world.take("t1")
    return world, world.serve()


def test_the_five_levels_stand_in_the_official_words_and_order() -> None:
    assert tuple(GRADES.values()) == ("非常满意", "满意", "基本满意", "不满意", "非常不满意")
    assert tuple(GRADES) == tuple(GRADES_EN) == (5, 4, 3, 2, 1)


@pytest.mark.row("SUP-07", part="rule")
def test_a_second_rating_of_the_same_service_does_not_count() -> None:
    world, service = served()
    assert world.rate(service, 2) == ()
    assert world.rate(service, 5) == (Flag.SECOND_RATING,)
    assert world.state.services[service].grade == 2


@pytest.mark.row("SUP-07", part="rule")
@pytest.mark.parametrize("device", ["W14", "D1", "K1", "S1"])
def test_a_rating_from_a_staff_terminal_does_not_count(device: str) -> None:
    world, service = served()
    assert world.rate(service, 5, device) == (Flag.RATED_BY_STAFF_TERMINAL,)
    assert not world.state.services[service].rated
    assert world.rate(service, 3) == ()
    assert world.state.services[service].grade == 3


def test_declining_is_an_answer() -> None:
    world, service = served()
    assert world.rate(service, None) == ()
    assert world.rate(service, 5) == (Flag.SECOND_RATING,)
    assert world.state.services[service].grade is None


def test_what_cannot_be_rated_is_flagged() -> None:
    world, service = served()
    assert world.rate("nobody/1") == (Flag.UNKNOWN_SERVICE,)
    assert world.rate(service, 6) == (Flag.NOT_RATABLE,)
    world.take("t2")
    other = world.serve("7")
    assert world.rate(other) == (Flag.RATED_AT_OTHER_WINDOW,)
    world.take("t3")
    world.at(CallNext)
    world.at(StartService)
    assert world.rate("t3/1") == (Flag.NOT_RATABLE,)
    assert not any(rated.rated for rated in world.state.services.values())


def test_help_is_open_until_a_guide_takes_it() -> None:
    world = World().open().sign_in_all()
    ask = HelpRequested(terminal=TerminalId("K1"), step="home", at=world.now)
    assert world.happen(ask, "K1") == ()
    assert world.happen(ask, "K2") == (Flag.OTHER_TERMINAL,)
    take = AcknowledgeHelp(terminal=TerminalId("K1"), staff=StaffId("0101"))
    world.now += 5
    for terminal, told in (("W14", Reason.NOT_ALLOWED), ("K1", Reason.NOT_ALLOWED)):
        reply = world.ask(take, terminal).reply
        assert isinstance(reply, Refused)
        assert reply.reason is told
    assert list(world.state.help) == ["K1"]
    assert isinstance(world.ask(take, "D1").reply, Done)
    assert world.state.help == {}
    world.happen(ask, "K1")
    assert world.state.help == {}, "the same request told twice opens nothing"
    assert isinstance(world.ask(take, "D1").reply, Refused)
    stranger = AcknowledgeHelp(terminal=TerminalId("K1"), staff=StaffId("0102"))
    reply = world.ask(stranger, "D1").reply
    assert isinstance(reply, Refused)
    assert reply.reason is Reason.NOT_SIGNED_IN


def prepare(person: str = "p", form: str = "contributions", terminal: str = "K2") -> PrepareStatement:
    return PrepareStatement(form, TerminalId(terminal), person, "d" * 64, "7Q2MK4XA", "id_card")


def serial(world: World, command: PrepareStatement) -> str:
    event = world.ask(command).events[0]
    assert isinstance(event, StatementPrepared)
    assert event.check_code == "7Q2MK4XA"
    return event.serial


def test_statements_are_numbered_by_day_and_terminal() -> None:
    world = World().open()
    assert serial(world, prepare()) == "QH-20261123-K2-000001"
    assert serial(world, prepare()) == "QH-20261123-K2-000002"
    assert serial(world, prepare(terminal="K1")) == "QH-20261123-K1-000001"
    world.now = clock("09:30", TUESDAY)
    world.open(TUESDAY)
    assert serial(world, prepare()) == "QH-20261124-K2-000001"


def test_a_person_has_a_daily_limit_of_statements_and_another_person_their_own() -> None:
    world = World().open()
    for _ in range(world.state.pack.limits.statements_per_day):
        serial(world, prepare())
    reply = world.ask(prepare()).reply
    assert isinstance(reply, Refused)
    assert reply.reason is Reason.DAILY_LIMIT
    serial(world, prepare("q"))


def test_statements_need_a_known_form_an_open_day_and_the_server() -> None:
    for world, command, terminal, told in (
        (World(), prepare(), "SERVER", Reason.DAY_NOT_OPEN),
        (World().open(), prepare(form="poem"), "SERVER", Reason.UNKNOWN_FORM),
        (World().open(), prepare(), "K2", Reason.NOT_ALLOWED),
    ):
        reply = world.ask(command, terminal).reply
        assert isinstance(reply, Refused)
        assert reply.reason is told


def test_the_outcome_of_a_slip_stays_with_its_ticket() -> None:
    world = World().open()
    world.take("t1")
    assert world.happen(SlipEnded(ticket=TicketId("t1"), job=JobId("j"), outcome="printed"), "K1") == ()
    assert world.state.tickets[TicketId("t1")].slip == "printed"
    stray = SlipEnded(ticket=TicketId("t9"), job=JobId("j"), outcome="printed")
    assert world.happen(stray, "K1") == (Flag.UNKNOWN_TICKET,)
